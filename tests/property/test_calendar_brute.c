/* The calendar against brute force: naive_days.h, which walks minute by minute
 * (day by day for day limits) and keeps no sums.
 *
 * CALENDAR_BRUTE_ROUNDS and CALENDAR_BRUTE_SEED change how long and from where
 * it runs; the seed is printed. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "property/naive_days.h"

enum {
    ROUNDS = 50000,
    BLOCK = 10, /* limits tried with one regulation */
};

static struct calendar real;
static struct calendar scratch;

/* -- chance ------------------------------------------------------------- */

static uint64_t random_state;

/* xorshift64*: the same numbers everywhere. */
static uint32_t chance(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    uint64_t mixed = random_state * UINT64_C(2685821657736338717);
    return (uint32_t)((mixed >> 33) % below);
}

static uint64_t number_from(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text == NULL ? fallback : strtoull(text, NULL, 10);
}

/* Ascending, apart or touching, on whole minutes. */
static struct day_rules random_rules(void)
{
    struct day_rules r = {.segments_n = 1 + (int)chance(SEGMENTS_MAX),
                          .start = (enum start_rule)chance(3)};
    int slot = DAY_MINUTES / r.segments_n;
    for (int i = 0; i < r.segments_n; i++) {
        int a = (int)chance((uint32_t)slot);
        int b = (int)chance((uint32_t)slot);
        r.from[i] = i * slot + (a < b ? a : b);
        r.to[i] = i * slot + (a < b ? b : a) + 1;
    }
    if (chance(4) == 0) {
        r.from[0] = 0;
        r.to[r.segments_n - 1] = DAY_MINUTES;
    }
    if (chance(3) == 0) {
        struct day_rules usual = {2, {510, 840}, {720, 1050}, r.start};
        return usual;
    }
    return r;
}

/* -- the days ----------------------------------------------------------- */

/* A calendar of a few hundred days off and on by chance. */
static void random_days(void)
{
    calendar_init(&scratch);
    for (int year = 2007; year <= 2026; year++) {
        assert_int_equal(calendar_publish_year(&scratch, year), OK);
    }
    for (int i = 0; i < DAYS; i++) {
        naive_works[i] = i % 7 < 5; /* day 0 is a Monday */
        if (chance(12) == 0) {
            struct special_day day = {
                .day = (daynum)(naive_epoch / 86400) + 1 + i,
                .working = chance(2) == 0,
            };
            naive_works[i] = day.working ? 1 : 0;
            assert_int_equal(calendar_set_day(&scratch, 0, &day), OK);
        }
    }
    calendar_seal(&scratch);
}

/* -- comparing ---------------------------------------------------------- */

static struct limit random_limit(const struct day_rules *r)
{
    static const enum limit_unit units[] = {LIMIT_WD,   LIMIT_WH, LIMIT_D,
                                            LIMIT_WMIN, LIMIT_H,  LIMIT_MIN};
    struct limit limit = {.unit = units[chance(6)]};
    uint32_t most = chance(2) == 0 ? 4 : 60;
    int minutes = 0;
    for (int i = 0; i < r->segments_n; i++) {
        minutes += r->to[i] - r->from[i];
    }
    if (limit.unit == LIMIT_WMIN || limit.unit == LIMIT_MIN) {
        most = chance(2) == 0 ? 5 : 4000;
    }
    /* a short working day would make a long walk past the table */
    if (limit.unit == LIMIT_WH || limit.unit == LIMIT_WMIN) {
        uint32_t room = (uint32_t)minutes * 100;
        room = limit.unit == LIMIT_WH ? room / 60 : room;
        most = most < room ? most : room;
    }
    limit.n = 1 + (int32_t)(most == 0 ? 0 : chance(most));
    if (chance(8) == 0 && limit.unit == LIMIT_WMIN && minutes <= 4000) {
        limit.n = minutes; /* ends with the last segment */
    }
    return limit;
}

static int64_t random_minute(const struct day_rules *r)
{
    int64_t day = (int64_t)chance(PUBLISHED_DAYS);
    int of_day = (int)chance(DAY_MINUTES);
    if (chance(3) == 0) {
        int i = (int)chance((uint32_t)r->segments_n);
        of_day = chance(2) == 0 ? r->from[i] : r->to[i];
    }
    return day * DAY_MINUTES + of_day % DAY_MINUTES;
}

static void say(const struct day_rules *r, int64_t from, struct limit limit)
{
    char text[LIMIT_TEXT_SIZE];
    print_message("from minute %" PRId64 " limit %s rule %d segments", from,
                  limit_format(limit, text), (int)r->start);
    for (int i = 0; i < r->segments_n; i++) {
        print_message(" %d-%d", r->from[i], r->to[i]);
    }
    print_message("\n");
}

static void compare_due(const struct calendar *cal, const struct day_rules *r)
{
    struct worktime wt = naive_worktime(r);
    struct limit limit = random_limit(r);
    int64_t from = random_minute(r);
    struct due due = {0};

    int64_t want = naive_end(r, from, limit);
    bool natural = limit.unit == LIMIT_H || limit.unit == LIMIT_MIN;
    /* the last minute that counts lies in a year without a notice */
    bool beyond = !natural && want - 1 >= (int64_t)PUBLISHED_DAYS * DAY_MINUTES;

    assert_int_equal(
        calendar_due(cal, &wt, naive_epoch + from * 60, limit, &due), OK);
    if (due.at != naive_epoch + want * 60 || due.provisional != beyond) {
        say(r, from, limit);
    }
    assert_int_equal(due.at, naive_epoch + want * 60);
    assert_int_equal(due.provisional, beyond);
    assert_int_equal(due.by_day,
                     limit.unit == LIMIT_WD || limit.unit == LIMIT_D);
}

/* Differences: working minutes and working days between two moments. */
static void compare_differences(const struct calendar *cal,
                                const struct day_rules *r)
{
    struct worktime wt = naive_worktime(r);
    int64_t from = random_minute(r);
    int64_t to = from + (int64_t)chance(30 * DAY_MINUTES);
    int64_t minutes = 0;
    for (int64_t minute = from; minute < to; minute++) {
        minutes += naive_runs(r, minute) ? 1 : 0;
    }
    assert_int_equal(calendar_work_seconds(cal, &wt, naive_epoch + from * 60,
                                           naive_epoch + to * 60),
                     minutes * 60);

    int32_t days = 0;
    for (int64_t day = from / DAY_MINUTES + 1; day <= to / DAY_MINUTES; day++) {
        days += naive_works[day];
    }
    assert_int_equal(
        calendar_workdays_after(cal, instant_day(naive_epoch + from * 60),
                                instant_day(naive_epoch + to * 60)),
        days);
}

/* What is left at a minute: whole working days after its day, or minutes. */
static int64_t left_at(const struct day_rules *r, int64_t minute, int64_t end,
                       bool days)
{
    int64_t left = 0;
    if (days) {
        for (int64_t d = minute / DAY_MINUTES + 1; d < end / DAY_MINUTES; d++) {
            left += naive_works[d];
        }
        return left;
    }
    for (; minute < end; minute++) {
        left += naive_runs(r, minute) ? 1 : 0;
    }
    return left;
}

/* The light: the first minute at which no more than a third, and three days,
 * are left. Minute by minute only where a day has enough of them that three
 * days are never the lesser. */
static void compare_yellow(const struct calendar *cal,
                           const struct day_rules *r)
{
    struct worktime wt = naive_worktime(r);
    int64_t from = random_minute(r);
    bool days = chance(2) == 0;
    struct limit limit = {.n = 1 + (int32_t)chance(14), .unit = LIMIT_WD};
    if (!days) {
        limit.n = 3 * (1 + (int32_t)chance(40));
        limit.unit = LIMIT_WMIN;
        if (worktime_seconds(&wt) < limit.n * 7) {
            return;
        }
    }
    struct run run = {.from = naive_epoch + from * 60, .limit = limit};
    assert_int_equal(calendar_due(cal, &wt, run.from, limit, &run.due), OK);

    int64_t end = naive_end(r, from, limit);
    int64_t minute = from;
    int64_t left = left_at(r, minute, end, days);
    while (minute < end && (left * 3 > limit.n || (days && left > 3))) {
        if (days) {
            minute += DAY_MINUTES - minute % DAY_MINUTES;
            left = left_at(r, minute, end, true);
        } else {
            left -= naive_runs(r, minute) ? 1 : 0;
            minute++;
        }
    }
    struct ratio third = {1, 3};
    assert_int_equal(calendar_yellow(cal, &wt, &run, 3, third),
                     naive_epoch + minute * 60);
}

static void compare_pause(const struct calendar *cal, const struct day_rules *r)
{
    struct worktime wt = naive_worktime(r);
    int64_t from = random_minute(r);
    bool days = chance(2) == 0;
    struct limit limit = {.n = 1 + (int32_t)chance(days ? 12 : 200),
                          .unit = days ? LIMIT_WD : LIMIT_WMIN};
    struct due due = {0};
    assert_int_equal(
        calendar_due(cal, &wt, naive_epoch + from * 60, limit, &due), OK);
    int64_t end = naive_end(r, from, limit);
    int64_t stop = from + (int64_t)chance((uint32_t)(end - from));
    int64_t again = stop + (int64_t)chance(20 * DAY_MINUTES);
    int64_t want = naive_resume(r, limit, end, days, stop, again);
    struct pause pause = {naive_epoch + stop * 60, naive_epoch + again * 60};
    struct due moved = {0};
    assert_int_equal(calendar_resume_due(cal, &wt, limit, due, pause, &moved),
                     OK);
    assert_int_equal(moved.at, naive_epoch + want * 60);
}

static void run_rounds(const struct calendar *cal, uint64_t rounds)
{
    for (uint64_t i = 0; i < rounds; i += BLOCK) {
        struct day_rules r = random_rules();
        for (int k = 0; k < BLOCK; k++) {
            compare_due(cal, &r);
        }
        compare_differences(cal, &r);
        compare_yellow(cal, &r);
        compare_pause(cal, &r);
    }
}

static void against_the_notices(void **state)
{
    (void)state;
    calendar_builtin(&real);
    naive_take(&real);
    run_rounds(&real, number_from("CALENDAR_BRUTE_ROUNDS", ROUNDS));
}

static void against_days_by_chance(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        random_days();
        run_rounds(&scratch, number_from("CALENDAR_BRUTE_ROUNDS", ROUNDS) / 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_the_notices),
        cmocka_unit_test(against_days_by_chance),
    };
    random_state = number_from("CALENDAR_BRUTE_SEED", 20261121);
    print_message("CALENDAR_BRUTE_SEED=%" PRIu64 "\n", random_state);
    random_state |= UINT64_C(1) << 63; /* zero would stay zero */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
