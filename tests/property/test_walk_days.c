/* The random walk of test_walk.c on the calendar as published, with limits in
 * working days and hours, under each start rule: every due, pauses and
 * extensions too, must be the one that counting day by day comes to
 * (naive_days.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/with_calendar.h"
#include "property/naive_days.h"
#include "property/walk.h"

static struct day_rules days = {2, {510, 840}, {720, 1050}, START_NEXT_DAY};

/* Minutes since 2007 and back. */
static int64_t minute_of(instant at)
{
    return (at - naive_epoch) / 60;
}

static struct model_due due_of(int64_t minute, bool by_day)
{
    return (struct model_due){naive_epoch + minute * 60, by_day};
}

static bool counted(struct limit limit)
{
    return limit.unit != LIMIT_NONE && limit.unit != LIMIT_UNTIL;
}

static struct model_due as_said(struct limit limit)
{
    instant at = limit.unit == LIMIT_NONE ? INSTANT_NONE : limit.until;
    return (struct model_due){at, false};
}

static struct model_due count(instant from, struct limit limit)
{
    if (!counted(limit)) {
        return as_said(limit);
    }
    return due_of(naive_end(&days, minute_of(from), limit),
                  naive_by_day(limit));
}

static struct model_due count_on(struct model_due old, struct limit limit)
{
    if (!counted(limit)) {
        return as_said(limit);
    }
    return due_of(naive_extend(&days, minute_of(old.at), old.by_day, limit),
                  naive_by_day(limit));
}

static struct model_due count_pause(struct limit limit, struct model_due old,
                                    instant since, instant at)
{
    return due_of(naive_resume(&days, limit, minute_of(old.at), old.by_day,
                               minute_of(since), minute_of(at)),
                  old.by_day);
}

static struct limit any_days(instant from)
{
    static const struct limit most[] = {
        {.n = 16, .unit = LIMIT_WD},    {.n = 7, .unit = LIMIT_WD},
        {.n = 20, .unit = LIMIT_D},     {.n = 30, .unit = LIMIT_WH},
        {.n = 900, .unit = LIMIT_WMIN}, {.n = 200, .unit = LIMIT_H},
        {.n = 5000, .unit = LIMIT_MIN},
    };
    uint32_t roll = walk_any(9);
    if (roll < 7) {
        struct limit limit = most[roll];
        limit.n = 1 + (int32_t)walk_any((uint32_t)limit.n);
        return limit;
    }
    bool none = walk_any(4) == 0;
    instant until = from - 86400 + (instant)walk_any(20 * 1440) * 60;
    return none ? (struct limit){.unit = LIMIT_NONE}
                : (struct limit){.unit = LIMIT_UNTIL, .until = until};
}

#define WD(days)                      \
    {                                 \
        .n = (days), .unit = LIMIT_WD \
    }
#define WH(hours)                      \
    {                                  \
        .n = (hours), .unit = LIMIT_WH \
    }

static struct walk_kind days_kind(void)
{
    struct walk_kind kind = {
        .rules = {.reckoning = {count, count_on, count_pause},
                  .limits = {[CLOCK_SIGN] = WH(4),
                             [CLOCK_FINISH] = WD(5),
                             [CLOCK_SUPERVISE] = WD(2),
                             [CLOCK_TRIAGE] = WD(1),
                             [CLOCK_CONTACT] = WH(2),
                             [CLOCK_ANSWER] = WD(3),
                             [CLOCK_OVERALL] = WD(10),
                             [CLOCK_REVIEW] = WD(2),
                             [CLOCK_EVALUATE] = {.n = 5, .unit = LIMIT_D},
                             [CLOCK_REWORK] = WD(3),
                             [CLOCK_SUSPENSION] = WD(10),
                             [CLOCK_MEETING] = WD(5),
                             [CLOCK_RETURN] = WH(4),
                             [CLOCK_EXTENSION] = WD(1),
                             [CLOCK_APPEAL] = WD(5),
                             [CLOCK_ARCHIVE] = {.n = 3, .unit = LIMIT_D},
                             [CLOCK_SUPPLEMENT] = WD(5)},
                  .co = WD(3),
                  .finish_max = WD(15),
                  .extension_max = WD(5),
                  .later = {WD(2), WD(4)},
                  .extensions = 2,
                  .returns_meeting = 2,
                  .rounds_meeting = 3,
                  .urge_gap_min = 600,
                  .score_bad = 2},
        .worktime = naive_worktime(&days),
        .first = naive_epoch + 2 * 86400,
        .end = naive_epoch + (PUBLISHED_DAYS + 200) * INT64_C(86400),
        .tick = 60,
        .limit = any_days,
    };
    return kind;
}

static void walk_by(enum start_rule rule)
{
    static struct walk k;
    days.start = rule;
    struct walk_kind kind = days_kind();
    walk_begin(&k, &kind, calendar);
    long events = walk_setting("WALK_DAYS_EVENTS", 20000);
    while (k.event < events) {
        walk_on(&k);
    }
    long moved = k.by_type[EV_EXTEND_GRANT] + k.by_type[EV_MEET_EXTEND];
    printf(
        "%ld accepted, %ld refused, %ld deadlines, %ld tickets, %ld extended, "
        "%ld resumed\n",
        k.accepted, k.refused, k.fired, k.tickets, moved, k.by_type[EV_RESUME]);
    assert_true(moved > events / 1000 && k.by_type[EV_RESUME] > events / 1000);
    walk_end(&k);
}

static void test_day_1_is_the_next(void **state)
{
    (void)state;
    walk_by(START_NEXT_DAY);
}

static void test_day_1_is_the_same(void **state)
{
    (void)state;
    walk_by(START_SAME_DAY);
}

static void test_out_of_hours_is_the_next(void **state)
{
    (void)state;
    walk_by(START_DEEMED_NEXT_WORKDAY);
}

static int begin(void **state)
{
    int bad = set_up(state);
    if (bad == 0) {
        walk_seed();
        naive_take(calendar);
    }
    return bad;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_day_1_is_the_next),
        cmocka_unit_test(test_day_1_is_the_same),
        cmocka_unit_test(test_out_of_hours_is_the_next),
    };
    return cmocka_run_group_tests(tests, begin, tear_down);
}
