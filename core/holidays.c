/* The holidays and make-up days of 2007 to 2026, written from the facts of the
 * State Council's yearly notices (国务院办公厅关于节假日安排的通知). Each year
 * names where its notice stands, as a path under www.gov.cn/zhengce/zhengceku/
 * ending in .htm. Working days a year, checked by test: 249 251 250 250 250 249
 * 250 250 249 250 249 250 250 249 250 249 249 251 248 248.
 *
 * Next year's notice goes below the last one; until it is built in, it is
 * imported from a file. */
#include "core/holidays.h"

#include <assert.h>
#include <string.h>

enum festival {
    NEW_YEAR,
    SPRING,
    QINGMING,
    LABOUR,
    DRAGON,
    MID_AUTUMN,
    NATIONAL,
    NATIONAL_MID,
    MID_NATIONAL,
    MAY_DAY,
    OCTOBER,
    WORKERS,
    VICTORY,
};

static const char *const names[] = {
    [NEW_YEAR] = "元旦",
    [SPRING] = "春节",
    [QINGMING] = "清明节",
    [LABOUR] = "劳动节",
    [DRAGON] = "端午节",
    [MID_AUTUMN] = "中秋节",
    [NATIONAL] = "国庆节",
    [NATIONAL_MID] = "国庆节、中秋节",
    [MID_NATIONAL] = "中秋节、国庆节",
    [MAY_DAY] = "“五一”",
    [OCTOBER] = "“十一”",
    [WORKERS] = "“五一”国际劳动节",
    [VICTORY] = "抗日战争暨世界反法西斯战争胜利70周年纪念日",
};

enum what {
    OFF,
    WORK
};

/* `days` days from a date on. The notice's own year is not always the date's:
 * New Year reaches back into December. */
struct stretch {
    int16_t notice;
    int16_t year;
    int8_t month;
    int8_t day;
    int8_t days;
    int8_t what;
    int8_t name;
};

/* clang-format off */
static const struct stretch stretches[] = {
    /* notice, year, month, day, days, what, name */

    /* 2007: 2008-03/28/content_1761.
     * Golden weeks of May and October; 30 and 31 December 2006 made up. */
    {2007, 2006, 12, 30,  2, WORK, NEW_YEAR},
    {2007, 2007,  1,  1,  3, OFF,  NEW_YEAR},
    {2007, 2007,  2, 17,  1, WORK, SPRING},
    {2007, 2007,  2, 18,  7, OFF,  SPRING},
    {2007, 2007,  2, 25,  1, WORK, SPRING},
    {2007, 2007,  4, 28,  2, WORK, MAY_DAY},
    {2007, 2007,  5,  1,  7, OFF,  MAY_DAY},
    {2007, 2007,  9, 29,  2, WORK, OCTOBER},
    {2007, 2007, 10,  1,  7, OFF,  OCTOBER},

    /* 2008: 2008-03/28/content_1645.
     * Qingming, Dragon Boat and Mid-Autumn become holidays; the golden week of
     * May ends. */
    {2008, 2007, 12, 29,  1, WORK, NEW_YEAR},
    {2008, 2007, 12, 30,  3, OFF,  NEW_YEAR},
    {2008, 2008,  2,  2,  2, WORK, SPRING},
    {2008, 2008,  2,  6,  7, OFF,  SPRING},
    {2008, 2008,  4,  4,  3, OFF,  QINGMING},
    {2008, 2008,  5,  1,  3, OFF,  WORKERS},
    {2008, 2008,  5,  4,  1, WORK, WORKERS},
    {2008, 2008,  6,  7,  3, OFF,  DRAGON},
    {2008, 2008,  9, 13,  3, OFF,  MID_AUTUMN},
    {2008, 2008,  9, 27,  2, WORK, NATIONAL},
    {2008, 2008,  9, 29,  7, OFF,  NATIONAL},

    /* 2009: 2008-12/10/content_1572. */
    {2009, 2009,  1,  1,  3, OFF,  NEW_YEAR},
    {2009, 2009,  1,  4,  1, WORK, NEW_YEAR},
    {2009, 2009,  1, 24,  1, WORK, SPRING},
    {2009, 2009,  1, 25,  7, OFF,  SPRING},
    {2009, 2009,  2,  1,  1, WORK, SPRING},
    {2009, 2009,  4,  4,  3, OFF,  QINGMING},
    {2009, 2009,  5,  1,  3, OFF,  LABOUR},
    {2009, 2009,  5, 28,  3, OFF,  DRAGON},
    {2009, 2009,  5, 31,  1, WORK, DRAGON},
    {2009, 2009,  9, 27,  1, WORK, NATIONAL_MID},
    {2009, 2009, 10,  1,  8, OFF,  NATIONAL_MID},
    {2009, 2009, 10, 10,  1, WORK, NATIONAL_MID},

    /* 2010: 2009-12/08/content_1476. */
    {2010, 2010,  1,  1,  3, OFF,  NEW_YEAR},
    {2010, 2010,  2, 13,  7, OFF,  SPRING},
    {2010, 2010,  2, 20,  2, WORK, SPRING},
    {2010, 2010,  4,  3,  3, OFF,  QINGMING},
    {2010, 2010,  5,  1,  3, OFF,  LABOUR},
    {2010, 2010,  6, 12,  2, WORK, DRAGON},
    {2010, 2010,  6, 14,  3, OFF,  DRAGON},
    {2010, 2010,  9, 19,  1, WORK, MID_AUTUMN},
    {2010, 2010,  9, 22,  3, OFF,  MID_AUTUMN},
    {2010, 2010,  9, 25,  1, WORK, MID_AUTUMN},
    {2010, 2010,  9, 26,  1, WORK, NATIONAL},
    {2010, 2010, 10,  1,  7, OFF,  NATIONAL},
    {2010, 2010, 10,  9,  1, WORK, NATIONAL},

    /* 2011: 2010-12/10/content_1423. */
    {2011, 2011,  1,  1,  3, OFF,  NEW_YEAR},
    {2011, 2011,  1, 30,  1, WORK, SPRING},
    {2011, 2011,  2,  2,  7, OFF,  SPRING},
    {2011, 2011,  2, 12,  1, WORK, SPRING},
    {2011, 2011,  4,  2,  1, WORK, QINGMING},
    {2011, 2011,  4,  3,  3, OFF,  QINGMING},
    {2011, 2011,  4, 30,  3, OFF,  LABOUR},
    {2011, 2011,  6,  4,  3, OFF,  DRAGON},
    {2011, 2011,  9, 10,  3, OFF,  MID_AUTUMN},
    {2011, 2011, 10,  1,  7, OFF,  NATIONAL},
    {2011, 2011, 10,  8,  2, WORK, NATIONAL},

    /* 2012: 2011-12/06/content_1411.
     * 31 December 2011 is made up. */
    {2012, 2011, 12, 31,  1, WORK, NEW_YEAR},
    {2012, 2012,  1,  1,  3, OFF,  NEW_YEAR},
    {2012, 2012,  1, 21,  1, WORK, SPRING},
    {2012, 2012,  1, 22,  7, OFF,  SPRING},
    {2012, 2012,  1, 29,  1, WORK, SPRING},
    {2012, 2012,  3, 31,  2, WORK, QINGMING},
    {2012, 2012,  4,  2,  3, OFF,  QINGMING},
    {2012, 2012,  4, 28,  1, WORK, LABOUR},
    {2012, 2012,  4, 29,  3, OFF,  LABOUR},
    {2012, 2012,  6, 22,  3, OFF,  DRAGON},
    {2012, 2012,  9, 29,  1, WORK, MID_NATIONAL},
    {2012, 2012,  9, 30,  8, OFF,  MID_NATIONAL},

    /* 2013: 2012-12/10/content_1353. */
    {2013, 2013,  1,  1,  3, OFF,  NEW_YEAR},
    {2013, 2013,  1,  5,  2, WORK, NEW_YEAR},
    {2013, 2013,  2,  9,  7, OFF,  SPRING},
    {2013, 2013,  2, 16,  2, WORK, SPRING},
    {2013, 2013,  4,  4,  3, OFF,  QINGMING},
    {2013, 2013,  4,  7,  1, WORK, QINGMING},
    {2013, 2013,  4, 27,  2, WORK, LABOUR},
    {2013, 2013,  4, 29,  3, OFF,  LABOUR},
    {2013, 2013,  6,  8,  2, WORK, DRAGON},
    {2013, 2013,  6, 10,  3, OFF,  DRAGON},
    {2013, 2013,  9, 19,  3, OFF,  MID_AUTUMN},
    {2013, 2013,  9, 22,  1, WORK, MID_AUTUMN},
    {2013, 2013,  9, 29,  1, WORK, NATIONAL},
    {2013, 2013, 10,  1,  7, OFF,  NATIONAL},
    {2013, 2013, 10, 12,  1, WORK, NATIONAL},

    /* 2014: 2014-01/02/content_1194. */
    {2014, 2014,  1,  1,  1, OFF,  NEW_YEAR},
    {2014, 2014,  1, 26,  1, WORK, SPRING},
    {2014, 2014,  1, 31,  7, OFF,  SPRING},
    {2014, 2014,  2,  8,  1, WORK, SPRING},
    {2014, 2014,  4,  5,  1, OFF,  QINGMING},
    {2014, 2014,  4,  7,  1, OFF,  QINGMING},
    {2014, 2014,  5,  1,  3, OFF,  LABOUR},
    {2014, 2014,  5,  4,  1, WORK, LABOUR},
    {2014, 2014,  6,  2,  1, OFF,  DRAGON},
    {2014, 2014,  9,  8,  1, OFF,  MID_AUTUMN},
    {2014, 2014,  9, 28,  1, WORK, NATIONAL},
    {2014, 2014, 10,  1,  7, OFF,  NATIONAL},
    {2014, 2014, 10, 11,  1, WORK, NATIONAL},

    /* 2015: 2014-12/16/content_9302; 2015-05/13/content_9742.
     * The second notice (13 May) adds the victory parade of September. */
    {2015, 2015,  1,  1,  3, OFF,  NEW_YEAR},
    {2015, 2015,  1,  4,  1, WORK, NEW_YEAR},
    {2015, 2015,  2, 15,  1, WORK, SPRING},
    {2015, 2015,  2, 18,  7, OFF,  SPRING},
    {2015, 2015,  2, 28,  1, WORK, SPRING},
    {2015, 2015,  4,  5,  2, OFF,  QINGMING},
    {2015, 2015,  5,  1,  1, OFF,  LABOUR},
    {2015, 2015,  6, 20,  1, OFF,  DRAGON},
    {2015, 2015,  6, 22,  1, OFF,  DRAGON},
    {2015, 2015,  9,  3,  3, OFF,  VICTORY},
    {2015, 2015,  9,  6,  1, WORK, VICTORY},
    {2015, 2015,  9, 27,  1, OFF,  MID_AUTUMN},
    {2015, 2015, 10,  1,  7, OFF,  NATIONAL},
    {2015, 2015, 10, 10,  1, WORK, NATIONAL},

    /* 2016: 2015-12/10/content_10394. */
    {2016, 2016,  1,  1,  1, OFF,  NEW_YEAR},
    {2016, 2016,  2,  6,  1, WORK, SPRING},
    {2016, 2016,  2,  7,  7, OFF,  SPRING},
    {2016, 2016,  2, 14,  1, WORK, SPRING},
    {2016, 2016,  4,  4,  1, OFF,  QINGMING},
    {2016, 2016,  5,  1,  2, OFF,  LABOUR},
    {2016, 2016,  6,  9,  3, OFF,  DRAGON},
    {2016, 2016,  6, 12,  1, WORK, DRAGON},
    {2016, 2016,  9, 15,  3, OFF,  MID_AUTUMN},
    {2016, 2016,  9, 18,  1, WORK, MID_AUTUMN},
    {2016, 2016, 10,  1,  7, OFF,  NATIONAL},
    {2016, 2016, 10,  8,  2, WORK, NATIONAL},

    /* 2017: 2016-12/01/content_5141603. */
    {2017, 2017,  1,  1,  2, OFF,  NEW_YEAR},
    {2017, 2017,  1, 22,  1, WORK, SPRING},
    {2017, 2017,  1, 27,  7, OFF,  SPRING},
    {2017, 2017,  2,  4,  1, WORK, SPRING},
    {2017, 2017,  4,  1,  1, WORK, QINGMING},
    {2017, 2017,  4,  2,  3, OFF,  QINGMING},
    {2017, 2017,  5,  1,  1, OFF,  LABOUR},
    {2017, 2017,  5, 27,  1, WORK, DRAGON},
    {2017, 2017,  5, 28,  3, OFF,  DRAGON},
    {2017, 2017,  9, 30,  1, WORK, MID_NATIONAL},
    {2017, 2017, 10,  1,  8, OFF,  MID_NATIONAL},

    /* 2018: 2017-11/30/content_5243579. */
    {2018, 2018,  1,  1,  1, OFF,  NEW_YEAR},
    {2018, 2018,  2, 11,  1, WORK, SPRING},
    {2018, 2018,  2, 15,  7, OFF,  SPRING},
    {2018, 2018,  2, 24,  1, WORK, SPRING},
    {2018, 2018,  4,  5,  3, OFF,  QINGMING},
    {2018, 2018,  4,  8,  1, WORK, QINGMING},
    {2018, 2018,  4, 28,  1, WORK, LABOUR},
    {2018, 2018,  4, 29,  3, OFF,  LABOUR},
    {2018, 2018,  6, 18,  1, OFF,  DRAGON},
    {2018, 2018,  9, 24,  1, OFF,  MID_AUTUMN},
    {2018, 2018,  9, 29,  2, WORK, NATIONAL},
    {2018, 2018, 10,  1,  7, OFF,  NATIONAL},

    /* 2019: 2018-12/06/content_5346276; 2019-03/22/content_5375877.
     * The second notice (22 March) makes May Day four days long. */
    {2019, 2018, 12, 29,  1, WORK, NEW_YEAR},
    {2019, 2018, 12, 30,  3, OFF,  NEW_YEAR},
    {2019, 2019,  2,  2,  2, WORK, SPRING},
    {2019, 2019,  2,  4,  7, OFF,  SPRING},
    {2019, 2019,  4,  5,  1, OFF,  QINGMING},
    {2019, 2019,  4, 28,  1, WORK, LABOUR},
    {2019, 2019,  5,  1,  4, OFF,  LABOUR},
    {2019, 2019,  5,  5,  1, WORK, LABOUR},
    {2019, 2019,  6,  7,  1, OFF,  DRAGON},
    {2019, 2019,  9, 13,  1, OFF,  MID_AUTUMN},
    {2019, 2019,  9, 29,  1, WORK, NATIONAL},
    {2019, 2019, 10,  1,  7, OFF,  NATIONAL},
    {2019, 2019, 10, 12,  1, WORK, NATIONAL},

    /* 2020: 2019-11/21/content_5454164; 2020-01/27/content_5472352.
     * The second notice (27 January) stretches the Spring Festival to 2
     * February because of the epidemic; work begins on Monday the 3rd. */
    {2020, 2020,  1,  1,  1, OFF,  NEW_YEAR},
    {2020, 2020,  1, 19,  1, WORK, SPRING},
    {2020, 2020,  1, 24, 10, OFF,  SPRING},
    {2020, 2020,  2,  3,  1, WORK, SPRING},
    {2020, 2020,  4,  4,  3, OFF,  QINGMING},
    {2020, 2020,  4, 26,  1, WORK, LABOUR},
    {2020, 2020,  5,  1,  5, OFF,  LABOUR},
    {2020, 2020,  5,  9,  1, WORK, LABOUR},
    {2020, 2020,  6, 25,  3, OFF,  DRAGON},
    {2020, 2020,  6, 28,  1, WORK, DRAGON},
    {2020, 2020,  9, 27,  1, WORK, NATIONAL_MID},
    {2020, 2020, 10,  1,  8, OFF,  NATIONAL_MID},
    {2020, 2020, 10, 10,  1, WORK, NATIONAL_MID},

    /* 2021: 2020-11/25/content_5564127. */
    {2021, 2021,  1,  1,  3, OFF,  NEW_YEAR},
    {2021, 2021,  2,  7,  1, WORK, SPRING},
    {2021, 2021,  2, 11,  7, OFF,  SPRING},
    {2021, 2021,  2, 20,  1, WORK, SPRING},
    {2021, 2021,  4,  3,  3, OFF,  QINGMING},
    {2021, 2021,  4, 25,  1, WORK, LABOUR},
    {2021, 2021,  5,  1,  5, OFF,  LABOUR},
    {2021, 2021,  5,  8,  1, WORK, LABOUR},
    {2021, 2021,  6, 12,  3, OFF,  DRAGON},
    {2021, 2021,  9, 18,  1, WORK, MID_AUTUMN},
    {2021, 2021,  9, 19,  3, OFF,  MID_AUTUMN},
    {2021, 2021,  9, 26,  1, WORK, NATIONAL},
    {2021, 2021, 10,  1,  7, OFF,  NATIONAL},
    {2021, 2021, 10,  9,  1, WORK, NATIONAL},

    /* 2022: 2021-10/25/content_5644835. */
    {2022, 2022,  1,  1,  3, OFF,  NEW_YEAR},
    {2022, 2022,  1, 29,  2, WORK, SPRING},
    {2022, 2022,  1, 31,  7, OFF,  SPRING},
    {2022, 2022,  4,  2,  1, WORK, QINGMING},
    {2022, 2022,  4,  3,  3, OFF,  QINGMING},
    {2022, 2022,  4, 24,  1, WORK, LABOUR},
    {2022, 2022,  4, 30,  5, OFF,  LABOUR},
    {2022, 2022,  5,  7,  1, WORK, LABOUR},
    {2022, 2022,  6,  3,  3, OFF,  DRAGON},
    {2022, 2022,  9, 10,  3, OFF,  MID_AUTUMN},
    {2022, 2022, 10,  1,  7, OFF,  NATIONAL},
    {2022, 2022, 10,  8,  2, WORK, NATIONAL},

    /* 2023: 2022-12/08/content_5730844.
     * New Year begins on 31 December 2022. */
    {2023, 2022, 12, 31,  3, OFF,  NEW_YEAR},
    {2023, 2023,  1, 21,  7, OFF,  SPRING},
    {2023, 2023,  1, 28,  2, WORK, SPRING},
    {2023, 2023,  4,  5,  1, OFF,  QINGMING},
    {2023, 2023,  4, 23,  1, WORK, LABOUR},
    {2023, 2023,  4, 29,  5, OFF,  LABOUR},
    {2023, 2023,  5,  6,  1, WORK, LABOUR},
    {2023, 2023,  6, 22,  3, OFF,  DRAGON},
    {2023, 2023,  6, 25,  1, WORK, DRAGON},
    {2023, 2023,  9, 29,  8, OFF,  MID_NATIONAL},
    {2023, 2023, 10,  7,  2, WORK, MID_NATIONAL},

    /* 2024: 202310/content_6911528. */
    {2024, 2024,  1,  1,  1, OFF,  NEW_YEAR},
    {2024, 2024,  2,  4,  1, WORK, SPRING},
    {2024, 2024,  2, 10,  8, OFF,  SPRING},
    {2024, 2024,  2, 18,  1, WORK, SPRING},
    {2024, 2024,  4,  4,  3, OFF,  QINGMING},
    {2024, 2024,  4,  7,  1, WORK, QINGMING},
    {2024, 2024,  4, 28,  1, WORK, LABOUR},
    {2024, 2024,  5,  1,  5, OFF,  LABOUR},
    {2024, 2024,  5, 11,  1, WORK, LABOUR},
    {2024, 2024,  6, 10,  1, OFF,  DRAGON},
    {2024, 2024,  9, 14,  1, WORK, MID_AUTUMN},
    {2024, 2024,  9, 15,  3, OFF,  MID_AUTUMN},
    {2024, 2024,  9, 29,  1, WORK, NATIONAL},
    {2024, 2024, 10,  1,  7, OFF,  NATIONAL},
    {2024, 2024, 10, 12,  1, WORK, NATIONAL},

    /* 2025: 202411/content_6986383. */
    {2025, 2025,  1,  1,  1, OFF,  NEW_YEAR},
    {2025, 2025,  1, 26,  1, WORK, SPRING},
    {2025, 2025,  1, 28,  8, OFF,  SPRING},
    {2025, 2025,  2,  8,  1, WORK, SPRING},
    {2025, 2025,  4,  4,  3, OFF,  QINGMING},
    {2025, 2025,  4, 27,  1, WORK, LABOUR},
    {2025, 2025,  5,  1,  5, OFF,  LABOUR},
    {2025, 2025,  5, 31,  3, OFF,  DRAGON},
    {2025, 2025,  9, 28,  1, WORK, NATIONAL_MID},
    {2025, 2025, 10,  1,  8, OFF,  NATIONAL_MID},
    {2025, 2025, 10, 11,  1, WORK, NATIONAL_MID},

    /* 2026: 202511/content_7047091. */
    {2026, 2026,  1,  1,  3, OFF,  NEW_YEAR},
    {2026, 2026,  1,  4,  1, WORK, NEW_YEAR},
    {2026, 2026,  2, 14,  1, WORK, SPRING},
    {2026, 2026,  2, 15,  9, OFF,  SPRING},
    {2026, 2026,  2, 28,  1, WORK, SPRING},
    {2026, 2026,  4,  4,  3, OFF,  QINGMING},
    {2026, 2026,  5,  1,  5, OFF,  LABOUR},
    {2026, 2026,  5,  9,  1, WORK, LABOUR},
    {2026, 2026,  6, 19,  3, OFF,  DRAGON},
    {2026, 2026,  9, 20,  1, WORK, NATIONAL},
    {2026, 2026,  9, 25,  3, OFF,  MID_AUTUMN},
    {2026, 2026, 10,  1,  7, OFF,  NATIONAL},
    {2026, 2026, 10, 10,  1, WORK, NATIONAL},
};
/* clang-format on */

static void apply(struct calendar *cal, const struct stretch *s)
{
    struct special_day day = {.working = s->what == WORK};
    const char *name = names[s->name];
    assert(strlen(name) < sizeof day.name);
    memcpy(day.name, name, strlen(name));

    struct civil date = {s->year, s->month, s->day};
    daynum first = day_from_civil(date);
    for (daynum i = 0; i < s->days; i++) {
        day.day = first + i;
        enum err err = calendar_set_day(cal, s->notice, &day);
        assert(err == OK);
        (void)err;
    }
}

void holidays_apply(struct calendar *cal)
{
    for (size_t i = 0; i < sizeof stretches / sizeof stretches[0]; i++) {
        apply(cal, &stretches[i]);
    }
    for (int year = HOLIDAYS_FIRST_YEAR; year <= HOLIDAYS_LAST_YEAR; year++) {
        enum err err = calendar_publish_year(cal, year);
        assert(err == OK);
        (void)err;
    }
}

void calendar_builtin(struct calendar *cal)
{
    calendar_init(cal);
    holidays_apply(cal);
    calendar_seal(cal);
}
