/* Dates against the C library's gmtime() over the whole range; the text forms
 * against cases written out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/instant.h"
#include "core/limits.h"

static enum err parse(const char *text, bool blank, instant *ret)
{
    return instant_parse(text, strlen(text), blank, ret);
}

static void dates_agree_with_gmtime(void **state)
{
    (void)state;
    for (daynum day = 0; day < CALENDAR_DAYS; day++) {
        time_t seconds = (time_t)day * SECONDS_PER_DAY;
        const struct tm *tm = gmtime(&seconds);
        struct civil date = civil_from_day(day);
        assert_int_equal(date.year, tm->tm_year + 1900);
        assert_int_equal(date.month, tm->tm_mon + 1);
        assert_int_equal(date.day, tm->tm_mday);
        assert_int_equal(day_weekday(day), (tm->tm_wday + 6) % 7);
        assert_true(civil_valid(date));
        assert_int_equal(day_from_civil(date), day);
    }
}

/* Nothing before 1970 is accepted, but the arithmetic holds there too. */
static void before_the_epoch(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(-1), 2); /* Wed 1969-12-31 */
    assert_int_equal(day_weekday(-7), 3);
    assert_int_equal(instant_day(-LOCAL_OFFSET), 0);
    assert_int_equal(instant_day(-LOCAL_OFFSET - 1), -1);
    assert_int_equal(instant_second(-LOCAL_OFFSET - 1), 86399);
    assert_int_equal(civil_from_day(-1).year, 1969);
    assert_int_equal(civil_from_day(-719468).month, 3); /* 0000-03-01 */
}

static void the_range_ends_where_the_header_says(void **state)
{
    (void)state;
    char text[INSTANT_TEXT_SIZE];
    assert_string_equal(instant_format(INSTANT_MIN, text),
                        "1970-01-02T00:00:00+08:00");
    assert_string_equal(instant_format(INSTANT_MAX, text),
                        "2199-12-31T23:59:59+08:00");
    assert_string_equal(day_format(CALENDAR_DAYS - 1, text), "2199-12-31");

    instant at = 7;
    assert_int_equal(parse("1970-01-01T23:59:59+08:00", false, &at),
                     ERR_BAD_INSTANT);
    assert_int_equal(parse("2199-12-31T16:00:00Z", false, &at),
                     ERR_BAD_INSTANT);
    assert_int_equal(at, 7);
    assert_int_equal(parse("2199-12-31T15:59:59Z", false, &at), OK);
    assert_true(at == INSTANT_MAX);
}

static void dates_that_do_not_exist(void **state)
{
    (void)state;
    static const char *const bad[] = {"2026-02-29", "2100-02-29", "2026-04-31",
                                      "2026-00-01", "2026-13-01", "2026-01-00",
                                      "2026-01-32", "1969-12-31", "2200-01-01"};
    daynum day = 0;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(day_parse(bad[i], strlen(bad[i]), &day),
                         ERR_BAD_INSTANT);
    }
    assert_int_equal(day_parse("2000-02-29", 10, &day), OK);
    assert_int_equal(day, 11016); /* date -ud 2000-02-29 +%s, by 86400 */
}

static void forms_of_one_instant(void **state)
{
    (void)state;
    /* date -ud 2026-10-14T16:00:00Z +%s */
    static const instant want = 1791993600;
    static const char *const good[] = {"2026-10-15T00:00:00+08:00",
                                       "2026-10-14T16:00:00Z",
                                       "2026-10-14T16:00:00z",
                                       "2026-10-14t16:00:00.999Z",
                                       "2026-10-14T16:00Z",
                                       "2026-10-15T00:00:00",
                                       "2026-10-15T00:00",
                                       "2026-10-14T12:30:00-03:30",
                                       "2026-10-14T16:00:00-00:00",
                                       "2026-10-15T06:00:00+14:00",
                                       "2026-10-14T16:00:00.000000001Z"};
    static const char *const blank[] = {"2026-10-15", "2026-10-15 00:00",
                                        "2026-10-15 00:00:00",
                                        "2026-10-14 16:00:00Z"};
    instant at = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(parse(good[i], false, &at), OK);
        assert_true(at == want);
        assert_int_equal(parse(good[i], true, &at), OK);
        assert_true(at == want);
    }
    for (size_t i = 0; i < sizeof blank / sizeof blank[0]; i++) {
        assert_int_equal(parse(blank[i], false, &at), ERR_BAD_INSTANT);
        assert_int_equal(parse(blank[i], true, &at), OK);
        assert_true(at == want);
    }
}

static void what_is_not_an_instant(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-10",
                                      "2026-1-15T00:00:00Z",
                                      "26-10-15T00:00:00Z",
                                      "2026-10-15T",
                                      "2026-10-15T24:00:00Z",
                                      "2026-10-15T00:60:00Z",
                                      "2026-10-15T00:00:60Z",
                                      "2026-10-15T00:00:00.Z",
                                      "2026-10-15T00:00:00+8:00",
                                      "2026-10-15T00:00:00+0800",
                                      "2026-10-15T00:00:00+24:00",
                                      "2026-10-15T00:00:00+08:60",
                                      "2026-10-15T00:00:00Z ",
                                      " 2026-10-15T00:00:00Z",
                                      "2026-10-15  00:00:00",
                                      "2026-10-15 ",
                                      "2026/10/15",
                                      "+026-10-15T00:00:00Z",
                                      "2026x10-15T00:00:00Z",
                                      "2026-10x15T00:00:00Z",
                                      "2026-10-1xT00:00:00Z",
                                      "2026-10-15Tx0:00:00Z",
                                      "2026-10-15T10",
                                      "2026-10-15T10x00",
                                      "2026-10-15T10:",
                                      "2026-10-15T10:0x",
                                      "2026-10-15T10:00:",
                                      "2026-10-15T10:00:x0",
                                      "2026-10-15T10:00:00.5x",
                                      "2026-10-15T10:00:00+",
                                      "2026-10-15T10:00:00-",
                                      "2026-10-15T10:00:00+x8:00",
                                      "2026-10-15T10:00:00+08:0x",
                                      "2026-10-15T10:00:00+08",
                                      "2026-10-15T10:00:00+08:00x"};
    instant at = 7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(parse(bad[i], true, &at), ERR_BAD_INSTANT);
    }
    daynum day = 0;
    assert_int_equal(day_parse("2026-10-15x", 11, &day), ERR_BAD_INSTANT);
    assert_int_equal(day_parse("2026-10-15T00:00", 16, &day), ERR_BAD_INSTANT);
    /* the length counts, not a NUL behind it */
    assert_int_equal(instant_parse("2026-10-15T00:00:00Z", 19, false, &at), OK);
    assert_int_equal(instant_parse("2026-10-15T00:00\0Z", 18, false, &at),
                     ERR_BAD_INSTANT);
}

static void written_and_read_back(void **state)
{
    (void)state;
    char text[INSTANT_TEXT_SIZE];
    for (instant at = INSTANT_MIN; at <= INSTANT_MAX; at += 123456789 / 7) {
        instant back = 0;
        instant_format(at, text);
        assert_int_equal(parse(text, false, &back), OK);
        assert_true(back == at);
        assert_true(day_start(instant_day(at)) + instant_second(at) == at);
        assert_in_range(instant_second(at), 0, SECONDS_PER_DAY - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_agree_with_gmtime),
        cmocka_unit_test(before_the_epoch),
        cmocka_unit_test(the_range_ends_where_the_header_says),
        cmocka_unit_test(dates_that_do_not_exist),
        cmocka_unit_test(forms_of_one_instant),
        cmocka_unit_test(what_is_not_an_instant),
        cmocka_unit_test(written_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
