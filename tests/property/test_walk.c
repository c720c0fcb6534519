/* Random walks. The first goes beside an independent model of the whole life
 * (walk_model.h), limits in natural hours, and compares after each event:
 * accepted or refused and why, states, flags, each dispatch, each clock with
 * its due and its verdict, the next deadline. The second throws every event of
 * the maps at a ticket: ticket_step() asserts the invariants before and after.
 *
 * WALK_EVENTS and WALK_SEED change the length and the path; WALK_COVER=1
 * demands that the first walk takes every row of the two tables (scripts/test
 * --long walk: a million events). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "lib/with_calendar.h"
#include "property/walk.h"
#include "unit/stories.h"

/* -- natural hours: every due is an addition --------------------------------
 */

static instant length(struct limit limit)
{
    return (instant)limit.n * (limit.unit == LIMIT_H ? 3600 : 60);
}

static struct model_due add(instant to, struct limit limit)
{
    struct model_due due = {.at = to + length(limit)};
    if (limit.unit == LIMIT_NONE || limit.unit == LIMIT_UNTIL) {
        due.at = limit.unit == LIMIT_NONE ? INSTANT_NONE : limit.until;
    }
    return due;
}

static struct model_due add_on(struct model_due old, struct limit limit)
{
    return add(old.at, limit);
}

static struct model_due add_pause(struct limit limit, struct model_due old,
                                  instant since, instant at)
{
    (void)limit;
    return (struct model_due){.at = old.at + (at - since)};
}

static struct limit any_hours(instant from)
{
    uint32_t roll = walk_any(20);
    if (roll < 12) {
        return (struct limit){.n = 1 + (int32_t)walk_any(80), .unit = LIMIT_H};
    }
    if (roll < 16) {
        return (struct limit){.n = 1 + (int32_t)walk_any(7000),
                              .unit = LIMIT_MIN};
    }
    if (roll < 19) {
        return (struct limit){.unit = LIMIT_UNTIL,
                              .until =
                                  from + (instant)walk_any(400000) - 20000};
    }
    return (struct limit){.unit = LIMIT_NONE};
}

#define HOURS(h)                  \
    {                             \
        .n = (h), .unit = LIMIT_H \
    }

static struct walk_kind hours(void)
{
    struct walk_kind kind = {
        .rules = {.reckoning = {add, add_on, add_pause},
                  .co = HOURS(36),
                  .finish_max = HOURS(100),
                  .extension_max = HOURS(60),
                  .later = {HOURS(10), HOURS(20)},
                  .extensions = 2,
                  .returns_meeting = 2,
                  .rounds_meeting = 3,
                  .urge_gap_min = 90,
                  .score_bad = 2,
                  .shares = true},
        .worktime = worktime_default(),
        .first = STORY_START,
        .end = STORY_START + 50 * INT64_C(31536000),
        .tick = 1,
        .limit = any_hours,
    };
    for (int clock = 0; clock < CLOCK_KIND_COUNT; clock++) {
        kind.rules.limits[clock] =
            (struct limit){.n = story_hours[clock], .unit = LIMIT_H};
    }
    kind.rules.limits[CLOCK_SUPPLEMENT].n = 12;
    return kind;
}

static void test_beside_a_model(void **state)
{
    (void)state;
    static struct walk k;
    struct walk_kind kind = hours();
    walk_seed();
    walk_begin(&k, &kind, calendar);
    long events = walk_setting("WALK_EVENTS", 60000);
    clock_t start = clock();
    while (k.event < events) {
        walk_on(&k);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    long all = k.accepted + k.refused + k.fired;
    printf("%ld accepted, %ld refused, %ld deadlines, %ld tickets: %.0f a "
           "second\n",
           k.accepted, k.refused, k.fired, k.tickets,
           (double)all / (seconds > 0 ? seconds : 1));
    assert_true(k.accepted > events / 4 && k.fired > events / 20);
    walk_end(&k);
    if (walk_setting("WALK_COVER", 0) != 0) {
        assert_int_equal(walk_cover_report(), 0);
    }
}

/* -- the wild walk --------------------------------------------------------- */

/* Half of the events push on, or hardly a ticket would get far; those that end
 * one are rare for the same reason. */
static enum event_type wild_type(void)
{
    static const enum event_type onward[] = {EV_FILE, EV_DISPATCH, EV_ACCEPT,
                                             EV_RESOLVE};
    enum event_type type = walk_any(2) == 0
                               ? onward[walk_any(4)]
                               : (enum event_type)walk_any(EV_COUNT);
    bool ends = type == EV_WITHDRAW || type == EV_MERGE || type == EV_DECLINE;
    return ends && walk_any(6) != 0 ? EV_NOTE : type;
}

static struct event wild_event(const struct story_world *w)
{
    const struct ticket *t = &w->ticket;
    struct event ev = {.type = wild_type(), .at = w->now};
    if (walk_any(2) == 0) {
        ev.dispatch = (int32_t)walk_any((uint32_t)t->dispatch_last + 2);
    }
    ev.kind = walk_any(2) == 0 ? DISPATCH_LEAD : DISPATCH_CO;
    ev.unit = walk_any(30);
    ev.score = (int32_t)walk_any(7);
    ev.solved = walk_any(3) != 0;
    ev.fault = (enum fault)walk_any(3);
    ev.clock = (int32_t)walk_any((uint32_t)t->clock_last + 2);
    ev.step = (int32_t)walk_any(4);
    ev.special = walk_any(8) == 0;
    ev.has_limit = walk_any(4) == 0;
    ev.limit = (struct limit){.n = 1 + (int32_t)walk_any(90),
                              .unit = (enum limit_unit)walk_any(6)};
    ev.id = 20260302000001;
    ev.person = walk_any(4);
    ev.dispatcher = walk_any(4);
    ev.into = walk_any(4);
    ev.against = walk_any(30);
    ev.parent = walk_any(2);
    ev.imported = walk_any(16) == 0;
    return ev;
}

static void forget(struct ticket *t)
{
    int32_t n = 0;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (t->clocks[i].run != CLOCK_STOPPED) {
            t->clocks[n++] = t->clocks[i];
        }
    }
    t->n_clocks = n;
    assert_true(ticket_ok(t));
}

static void test_every_event_at_random(void **state)
{
    (void)state;
    struct story_world w;
    long seen[TICKET_STATE_COUNT] = {0};
    walk_seed();
    story_init(&w, calendar);
    long events = walk_setting("WALK_EVENTS", 200000);
    for (long i = 0; i < events; i++) {
        w.now += walk_any(4 * 3600);
        bool stuck = w.ticket.state == TICKET_ARCHIVED || walk_any(200) == 0;
        if (stuck || w.now > STORY_START + 100 * INT64_C(31536000)) {
            w.ticket = (struct ticket){.id = 0};
            w.now = STORY_START;
            w.regulation->review = walk_any(2) == 0;
        }
        int32_t n = 0;
        struct event ev = wild_event(&w);
        if (walk_any(4) == 0 && ticket_next(&w.ticket, &n) != INSTANT_NONE) {
            ev = ticket_next_event(&w.ticket, n);
            w.now = ev.at > w.now ? ev.at : w.now;
        }
        if (ticket_step(&w.rules, &w.ticket, &ev, &w.out) == OK) {
            w.ticket = w.out.after;
            forget(&w.ticket);
        }
        seen[w.ticket.state]++;
    }
    for (int s = 0; s < TICKET_STATE_COUNT; s++) {
        printf("%s %ld\n", ticket_state_name((enum ticket_state)s), seen[s]);
        assert_true(seen[s] > 0); /* the walk has been everywhere */
    }
    story_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_a_model),
        cmocka_unit_test(test_every_event_at_random),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
