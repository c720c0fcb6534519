/* Which days work: one bit a day, and the working days before each word of 64,
 * so that counting is one lookup and finding the n-th one binary search. */
#include "core/calendar.h"

#include <assert.h>
#include <string.h>

enum {
    EPOCH_YEAR = 1970,
    WORD_BITS = 64,
    NAMELESS = 255, /* special, but without a name */
};

static_assert(CALENDAR_WORDS * WORD_BITS >= CALENDAR_DAYS &&
                  (CALENDAR_WORDS - 1) * WORD_BITS < CALENDAR_DAYS,
              "the words must just hold the days");
static_assert(CALENDAR_NAMES_MAX < NAMELESS - 1, "a name's index is a byte");
static_assert(CALENDAR_YEARS < UINT8_MAX, "a notice's year is a byte");

/* -- bits --------------------------------------------------------------- */

static bool in_range(daynum day)
{
    return day >= 0 && day < CALENDAR_DAYS;
}

static bool weekend(daynum day)
{
    return day_weekday(day) >= 5;
}

static uint64_t bit_of(daynum day)
{
    return UINT64_C(1) << (day % WORD_BITS);
}

static void set_working(struct calendar *cal, daynum day, bool working)
{
    if (working) {
        cal->words[day / WORD_BITS] |= bit_of(day);
    } else {
        cal->words[day / WORD_BITS] &= ~bit_of(day);
    }
}

/* Bits set, added up pairwise in parallel: C11 has no popcount. */
static int32_t count_bits(uint64_t word)
{
    word -= (word >> 1) & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) +
           ((word >> 2) & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (int32_t)((word * UINT64_C(0x0101010101010101)) >> 56);
}

/* -- making ------------------------------------------------------------- */

void calendar_init(struct calendar *cal)
{
    memset(cal, 0, sizeof *cal);
    for (daynum day = 0; day < CALENDAR_DAYS; day++) {
        set_working(cal, day, !weekend(day));
    }
    calendar_seal(cal);
}

static enum err intern(struct calendar *cal, const char *name, uint8_t *ret)
{
    if (name[0] == '\0') {
        *ret = NAMELESS;
        return OK;
    }
    int32_t i = 0;
    while (i < cal->names_n && strcmp(cal->names[i], name) != 0) {
        i++;
    }
    if (i == CALENDAR_NAMES_MAX) {
        return ERR_LIMIT;
    }
    if (i == cal->names_n) {
        memcpy(cal->names[i], name, strlen(name) + 1);
        cal->names_n++;
    }
    *ret = (uint8_t)(i + 1);
    return OK;
}

enum err calendar_set_day(struct calendar *cal, int notice,
                          const struct special_day *day)
{
    assert(memchr(day->name, '\0', sizeof day->name) != NULL);

    bool own = notice == 0;
    if (!in_range(day->day) ||
        (!own &&
         (notice < EPOCH_YEAR || notice >= EPOCH_YEAR + CALENDAR_YEARS))) {
        return ERR_OUT_OF_BOUNDS;
    }
    uint8_t name = 0;
    enum err err = intern(cal, day->name, &name);
    if (err != OK) {
        return err;
    }
    cal->name[day->day] = name;
    cal->notice[day->day] = (uint8_t)(own ? 0 : notice - EPOCH_YEAR + 1);
    set_working(cal, day->day, day->working);
    cal->sealed = false;
    return OK;
}

enum err calendar_publish_year(struct calendar *cal, int year)
{
    if (year < EPOCH_YEAR || year >= EPOCH_YEAR + CALENDAR_YEARS) {
        return ERR_OUT_OF_BOUNDS;
    }
    cal->published[year - EPOCH_YEAR] = true;
    cal->sealed = false;
    return OK;
}

void calendar_clear_notice(struct calendar *cal, int year)
{
    if (year < EPOCH_YEAR || year >= EPOCH_YEAR + CALENDAR_YEARS) {
        return;
    }
    for (daynum day = 0; day < CALENDAR_DAYS; day++) {
        if (cal->notice[day] == year - EPOCH_YEAR + 1) {
            cal->notice[day] = 0;
            cal->name[day] = 0;
            set_working(cal, day, !weekend(day));
        }
    }
    cal->published[year - EPOCH_YEAR] = false;
    cal->sealed = false;
}

void calendar_seal(struct calendar *cal)
{
    int32_t days = 0;
    for (int32_t i = 0; i < CALENDAR_WORDS; i++) {
        cal->before[i] = days;
        days += count_bits(cal->words[i]);
    }
    cal->workdays = days;

    int32_t open = 0;
    for (int32_t i = 0; i < CALENDAR_YEARS; i++) {
        cal->open[i] = open;
        open += cal->published[i] ? 0 : 1;
    }
    cal->open[CALENDAR_YEARS] = open;
    cal->sealed = true;
}

/* -- days --------------------------------------------------------------- */

bool calendar_works(const struct calendar *cal, daynum day)
{
    assert(in_range(day));
    return (cal->words[day / WORD_BITS] & bit_of(day)) != 0;
}

enum day_kind calendar_kind(const struct calendar *cal, daynum day)
{
    if (calendar_works(cal, day)) {
        return weekend(day) ? DAY_MAKEUP : DAY_WORKDAY;
    }
    return cal->name[day] == 0 ? DAY_WEEKEND : DAY_HOLIDAY;
}

const char *calendar_name(const struct calendar *cal, daynum day)
{
    assert(in_range(day));
    uint8_t name = cal->name[day];
    return name == 0 || name == NAMELESS ? "" : cal->names[name - 1];
}

bool calendar_published(const struct calendar *cal, int year)
{
    return year >= EPOCH_YEAR && year < EPOCH_YEAR + CALENDAR_YEARS &&
           cal->published[year - EPOCH_YEAR];
}

bool calendar_open_between(const struct calendar *cal, daynum a, daynum b)
{
    assert(cal->sealed && in_range(a) && in_range(b));
    int first = civil_from_day(a).year - EPOCH_YEAR;
    int last = civil_from_day(b).year - EPOCH_YEAR;
    return cal->open[last + 1] > cal->open[first]; /* false if a > b */
}

/* As calendar_rank(), but `day` may be one past the last. */
static int32_t rank(const struct calendar *cal, daynum day)
{
    assert(cal->sealed && day >= 0 && day <= CALENDAR_DAYS);
    if (day == CALENDAR_DAYS) {
        return cal->workdays;
    }
    int32_t word = day / WORD_BITS;
    return cal->before[word] + count_bits(cal->words[word] & (bit_of(day) - 1));
}

int32_t calendar_rank(const struct calendar *cal, daynum day)
{
    assert(in_range(day));
    return rank(cal, day);
}

/* The last word with no more than nth days before it, and in it the bit that
 * has so many below. */
daynum calendar_nth(const struct calendar *cal, int32_t nth)
{
    assert(cal->sealed && nth >= 0 && nth < cal->workdays);

    int32_t low = 0;
    int32_t high = CALENDAR_WORDS;
    while (high - low > 1) {
        int32_t mid = low + (high - low) / 2;
        if (cal->before[mid] <= nth) {
            low = mid;
        } else {
            high = mid;
        }
    }
    uint64_t word = cal->words[low];
    for (int32_t i = cal->before[low]; i < nth; i++) {
        word &= word - 1; /* drops the lowest bit */
    }
    return low * WORD_BITS + count_bits((word & (~word + 1)) - 1);
}

int32_t calendar_workdays_between(const struct calendar *cal, daynum a,
                                  daynum b)
{
    assert(in_range(a) && in_range(b));
    return b <= a ? 0 : rank(cal, b) - rank(cal, a);
}

int32_t calendar_workdays_after(const struct calendar *cal, daynum a, daynum b)
{
    assert(in_range(a) && in_range(b));
    return b <= a ? 0 : rank(cal, b + 1) - rank(cal, a + 1);
}

enum err calendar_add_workdays(const struct calendar *cal, daynum day,
                               int32_t n, daynum *ret)
{
    assert(in_range(day) && n >= 0);
    if (n == 0) {
        *ret = day;
        return OK;
    }
    int32_t before = rank(cal, day + 1);
    if (n > cal->workdays - before) {
        return ERR_OUT_OF_BOUNDS;
    }
    *ret = calendar_nth(cal, before + n - 1);
    return OK;
}

daynum calendar_workdays_back(const struct calendar *cal, daynum day, int32_t n)
{
    assert(in_range(day) && n >= 0);
    int32_t nth = rank(cal, day + 1) - 1 - n;
    return nth < 0 ? 0 : calendar_nth(cal, nth);
}
