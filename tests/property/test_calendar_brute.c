/* The calendar against brute force: a second reading of design section 4 that
 * walks minute by minute (day by day for day limits) and keeps no sums. It
 * shares no helper with core: its own table of days is a byte a day, its own
 * dates are counted up from 1 January 2007, a Monday.
 *
 * CALENDAR_BRUTE_ROUNDS and CALENDAR_BRUTE_SEED change how long and from where
 * it runs; the seed is printed. All instants here are whole minutes, so that a
 * minute belongs to one segment or to none. */
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

enum {
    DAYS = 7305 + 800, /* 2007 to 2026, and what lies beyond */
    PUBLISHED_DAYS = 7305,
    DAY_MINUTES = 1440,
    ROUNDS = 50000,
    BLOCK = 10, /* limits tried with one regulation */
};

/* 2007-01-01T00:00:00+08:00 (date -ud 2006-12-31T16:00 +%s) */
static const int64_t epoch = 1167580800;

static struct calendar real;
static struct calendar scratch;
static uint8_t works[DAYS];

/* A regulation in minutes of the day. */
struct rules {
    int segments_n;
    int from[SEGMENTS_MAX];
    int to[SEGMENTS_MAX];
    enum start_rule start;
};

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
static struct rules random_rules(void)
{
    struct rules r = {.segments_n = 1 + (int)chance(SEGMENTS_MAX),
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
        struct rules usual = {2, {510, 840}, {720, 1050}, r.start};
        return usual;
    }
    return r;
}

static struct worktime as_worktime(const struct rules *r)
{
    struct worktime wt = {.segments_n = r->segments_n, .start_rule = r->start};
    for (int i = 0; i < r->segments_n; i++) {
        wt.segments[i] = (struct segment){r->from[i] * 60, r->to[i] * 60};
    }
    return wt;
}

/* -- the days ----------------------------------------------------------- */

/* Takes the days over from `cal`; tests/unit/test_calendar_json.c and the
 * counts by year say that they are right. */
static void read_days(const struct calendar *cal)
{
    for (int i = 0; i < DAYS; i++) {
        daynum day = (daynum)(epoch / 86400) + 1 + i;
        works[i] = calendar_works(cal, day) ? 1 : 0;
    }
}

/* A calendar of a few hundred days off and on by chance. */
static void random_days(void)
{
    calendar_init(&scratch);
    for (int year = 2007; year <= 2026; year++) {
        assert_int_equal(calendar_publish_year(&scratch, year), OK);
    }
    for (int i = 0; i < DAYS; i++) {
        works[i] = i % 7 < 5; /* day 0 is a Monday */
        if (chance(12) == 0) {
            struct special_day day = {
                .day = (daynum)(epoch / 86400) + 1 + i,
                .working = chance(2) == 0,
            };
            works[i] = day.working ? 1 : 0;
            assert_int_equal(calendar_set_day(&scratch, 0, &day), OK);
        }
    }
    calendar_seal(&scratch);
}

/* -- brute force -------------------------------------------------------- */

/* Does working time run in the minute that begins at `minute`? */
static bool running(const struct rules *r, int64_t minute)
{
    int of_day = (int)(minute % DAY_MINUTES);
    if (!works[minute / DAY_MINUTES]) {
        return false;
    }
    for (int i = 0; i < r->segments_n; i++) {
        if (of_day >= r->from[i] && of_day < r->to[i]) {
            return true;
        }
    }
    return false;
}

/* The end of the minute in which the last of `left` working minutes runs. */
static int64_t walk_work(const struct rules *r, int64_t minute, int64_t left)
{
    while (left > 0) {
        if (running(r, minute)) {
            left--;
        }
        minute++;
    }
    return minute;
}

/* The number of the day after the last day. */
static int64_t walk_days(const struct rules *r, int64_t from, int n,
                         bool workdays)
{
    int64_t day = from / DAY_MINUTES;
    bool over = from % DAY_MINUTES >= r->to[r->segments_n - 1];
    int counted = 0;

    if (r->start == START_DEEMED_NEXT_WORKDAY && (over || !works[day])) {
        do {
            day++;
        } while (!works[day]);
    }
    bool own = r->start == START_SAME_DAY && !over;
    if (!own) {
        day++;
    }
    for (;; day++) {
        if (!workdays || works[day]) {
            counted++;
        }
        if (counted >= n && works[day]) {
            return day + 1;
        }
    }
}

static int64_t brute(const struct rules *r, int64_t from, struct limit limit)
{
    switch (limit.unit) {
    case LIMIT_WD:
        return walk_days(r, from, limit.n, true) * DAY_MINUTES;
    case LIMIT_D:
        return walk_days(r, from, limit.n, false) * DAY_MINUTES;
    case LIMIT_WH:
        return walk_work(r, from, limit.n * 60);
    case LIMIT_WMIN:
        return walk_work(r, from, limit.n);
    case LIMIT_H:
        return from + limit.n * 60;
    case LIMIT_MIN:
        return from + limit.n;
    case LIMIT_NONE:
    case LIMIT_UNTIL:
        break;
    }
    fail();
    return 0;
}

/* -- comparing ---------------------------------------------------------- */

static struct limit random_limit(const struct rules *r)
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

static int64_t random_minute(const struct rules *r)
{
    int64_t day = (int64_t)chance(PUBLISHED_DAYS);
    int of_day = (int)chance(DAY_MINUTES);
    if (chance(3) == 0) {
        int i = (int)chance((uint32_t)r->segments_n);
        of_day = chance(2) == 0 ? r->from[i] : r->to[i];
    }
    return day * DAY_MINUTES + of_day % DAY_MINUTES;
}

static void say(const struct rules *r, int64_t from, struct limit limit)
{
    char text[LIMIT_TEXT_SIZE];
    print_message("from minute %" PRId64 " limit %s rule %d segments", from,
                  limit_format(limit, text), (int)r->start);
    for (int i = 0; i < r->segments_n; i++) {
        print_message(" %d-%d", r->from[i], r->to[i]);
    }
    print_message("\n");
}

static void compare_due(const struct calendar *cal, const struct rules *r)
{
    struct worktime wt = as_worktime(r);
    struct limit limit = random_limit(r);
    int64_t from = random_minute(r);
    struct due due = {0};

    int64_t want = brute(r, from, limit);
    bool natural = limit.unit == LIMIT_H || limit.unit == LIMIT_MIN;
    /* the last minute that counts lies in a year without a notice */
    bool beyond = !natural && want - 1 >= (int64_t)PUBLISHED_DAYS * DAY_MINUTES;

    assert_int_equal(calendar_due(cal, &wt, epoch + from * 60, limit, &due),
                     OK);
    if (due.at != epoch + want * 60 || due.provisional != beyond) {
        say(r, from, limit);
    }
    assert_int_equal(due.at, epoch + want * 60);
    assert_int_equal(due.provisional, beyond);
    assert_int_equal(due.by_day,
                     limit.unit == LIMIT_WD || limit.unit == LIMIT_D);
}

/* Differences: working minutes and working days between two moments. */
static void compare_differences(const struct calendar *cal,
                                const struct rules *r)
{
    struct worktime wt = as_worktime(r);
    int64_t from = random_minute(r);
    int64_t to = from + (int64_t)chance(30 * DAY_MINUTES);
    int64_t minutes = 0;
    for (int64_t minute = from; minute < to; minute++) {
        minutes += running(r, minute) ? 1 : 0;
    }
    assert_int_equal(
        calendar_work_seconds(cal, &wt, epoch + from * 60, epoch + to * 60),
        minutes * 60);

    int32_t days = 0;
    for (int64_t day = from / DAY_MINUTES + 1; day <= to / DAY_MINUTES; day++) {
        days += works[day];
    }
    assert_int_equal(calendar_workdays_after(cal,
                                             instant_day(epoch + from * 60),
                                             instant_day(epoch + to * 60)),
                     days);
}

/* What is left at a minute: whole working days after its day, or minutes. */
static int64_t left_at(const struct rules *r, int64_t minute, int64_t end,
                       bool days)
{
    int64_t left = 0;
    if (days) {
        for (int64_t d = minute / DAY_MINUTES + 1; d < end / DAY_MINUTES; d++) {
            left += works[d];
        }
        return left;
    }
    for (; minute < end; minute++) {
        left += running(r, minute) ? 1 : 0;
    }
    return left;
}

/* The light: the first minute at which no more than a third, and three days,
 * are left. Minute by minute only where a day has enough of them that three
 * days are never the lesser. */
static void compare_yellow(const struct calendar *cal, const struct rules *r)
{
    struct worktime wt = as_worktime(r);
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
    struct run run = {.from = epoch + from * 60, .limit = limit};
    assert_int_equal(calendar_due(cal, &wt, run.from, limit, &run.due), OK);

    int64_t end = brute(r, from, limit);
    int64_t minute = from;
    int64_t left = left_at(r, minute, end, days);
    while (minute < end && (left * 3 > limit.n || (days && left > 3))) {
        if (days) {
            minute += DAY_MINUTES - minute % DAY_MINUTES;
            left = left_at(r, minute, end, true);
        } else {
            left -= running(r, minute) ? 1 : 0;
            minute++;
        }
    }
    struct ratio third = {1, 3};
    assert_int_equal(calendar_yellow(cal, &wt, &run, 3, third),
                     epoch + minute * 60);
}

/* A pause, by its definition: what was left at suspension is walked off from
 * resumption. */
static void compare_pause(const struct calendar *cal, const struct rules *r)
{
    struct worktime wt = as_worktime(r);
    int64_t from = random_minute(r);
    bool days = chance(2) == 0;
    struct limit limit = {.n = 1 + (int32_t)chance(days ? 12 : 200),
                          .unit = days ? LIMIT_WD : LIMIT_WMIN};
    struct due due = {0};
    assert_int_equal(calendar_due(cal, &wt, epoch + from * 60, limit, &due),
                     OK);
    int64_t end = brute(r, from, limit);
    int64_t stop = from + (int64_t)chance((uint32_t)(end - from));
    int64_t again = stop + (int64_t)chance(20 * DAY_MINUTES);
    int64_t left = 0;
    int64_t want = 0;

    if (days) {
        for (int64_t d = stop / DAY_MINUTES + 1; d < end / DAY_MINUTES; d++) {
            left += works[d];
        }
        int64_t day = again / DAY_MINUTES;
        while (left > 0) {
            day++;
            left -= works[day];
        }
        want = (day + 1) * DAY_MINUTES;
    } else {
        for (int64_t m = stop; m < end; m++) {
            left += running(r, m) ? 1 : 0;
        }
        want = walk_work(r, again, left);
    }
    struct pause pause = {epoch + stop * 60, epoch + again * 60};
    struct due moved = {0};
    assert_int_equal(calendar_resume_due(cal, &wt, limit, due, pause, &moved),
                     OK);
    assert_int_equal(moved.at, epoch + want * 60);
}

static void run_rounds(const struct calendar *cal, uint64_t rounds)
{
    for (uint64_t i = 0; i < rounds; i += BLOCK) {
        struct rules r = random_rules();
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
    read_days(&real);
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
