/* Random walks. The first goes beside an independent model of the loop
 * (walk_model.h) and compares, after each event: accepted or refused, state,
 * each dispatch, each running clock and its due, the next deadline. The second
 * throws every event of the maps at a ticket: ticket_step() asserts the
 * invariants before and after.
 *
 * WALK_EVENTS and WALK_SEED change the length and the path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/with_calendar.h"
#include "property/walk_model.h"

static uint64_t random_state;

static long setting(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtol(text, NULL, 10);
}

/* xorshift64*: small, and the same everywhere. */
static uint32_t any(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) %
           below;
}

static void seed(void)
{
    long s = setting("WALK_SEED", 20261120);
    random_state = (uint64_t)s * 2 + 1;
    printf("WALK_SEED=%ld\n", s);
}

/* -- comparing with the model ---------------------------------------------- */

static char letter(enum ticket_state state)
{
    static const char letters[TICKET_STATE_COUNT] = {
        [TICKET_FILED] = 'F',     [TICKET_DISPATCHED] = 'D',
        [TICKET_HANDLING] = 'H',  [TICKET_RESOLVED] = 'R',
        [TICKET_ARCHIVED] = 'A',  [TICKET_DECLINED] = 'N',
        [TICKET_WITHDRAWN] = 'W',
    };
    return letters[state];
}

static int compare_clock(const struct ticket *t, const struct model_clock *want,
                         enum clock_kind kind, int32_t dispatch)
{
    const struct clock *c = ticket_clock(t, kind, dispatch);
    assert_int_equal(c != NULL, want->runs);
    if (c != NULL) {
        assert_int_equal(c->start, want->start);
        assert_int_equal(c->due.at, want->due);
        assert_int_equal(c->next, model_next(want, kind));
    }
    return c != NULL ? 1 : 0;
}

static int compare_unit(const struct ticket *t, const struct model_unit *u,
                        int32_t n)
{
    static const enum dispatch_state states[] = {
        [WORK_SENT] = DISPATCH_SENT,
        [WORK_ACCEPTED] = DISPATCH_ACCEPTED,
        [WORK_ASKING] = DISPATCH_RETURN_ASKED,
    };
    const struct dispatch *d = ticket_dispatch(t, n);
    bool open = u->work != WORK_NONE && u->work != WORK_DONE;
    assert_int_equal(d != NULL && !dispatch_state_final(d->state), open);
    if (open) {
        assert_int_equal(d->state, states[u->work]);
        assert_int_equal(d->kind == DISPATCH_LEAD, u->lead);
    }
    return compare_clock(t, &u->sign, CLOCK_SIGN, n) +
           compare_clock(t, &u->finish, CLOCK_FINISH, n) +
           compare_clock(t, &u->decision, CLOCK_RETURN, n);
}

static void compare(const struct ticket *t, const struct model *m)
{
    assert_int_equal(letter(t->state), m->state);
    assert_int_equal(t->round, m->round);
    int open = compare_clock(t, &m->triage, CLOCK_TRIAGE, 0) +
               compare_clock(t, &m->contact, CLOCK_CONTACT, 0) +
               compare_clock(t, &m->answer, CLOCK_ANSWER, 0) +
               compare_clock(t, &m->overall, CLOCK_OVERALL, 0) +
               compare_clock(t, &m->evaluate, CLOCK_EVALUATE, 0) +
               compare_clock(t, &m->rework, CLOCK_REWORK, 0) +
               compare_clock(t, &m->archive, CLOCK_ARCHIVE, 0);
    for (int n = 1; n <= m->units; n++) {
        open += compare_unit(t, &m->unit[n], n);
    }
    for (int32_t i = 0; i < t->n_clocks; i++) {
        open -= t->clocks[i].run != CLOCK_STOPPED ? 1 : 0;
    }
    assert_int_equal(open, 0); /* and no clock beside these */
}

/* -- the walk -------------------------------------------------------------- */

struct walk {
    struct story_world world;
    struct model model;
    long accepted;
    long refused;
    long fired;
    long tickets;
};

static void file_one(struct walk *k)
{
    struct ticket *t = &k->world.ticket;
    *t = (struct ticket){.id = 0};
    k->model = (struct model){.state = 'F', .round = 1};
    struct event ev = {.type = EV_FILE,
                       .at = k->world.now,
                       .id = 20260302000001,
                       .enterprise = 7,
                       .dispatcher = 5};
    assert_int_equal(ticket_step(&k->world.rules, t, &ev, &k->world.out), OK);
    *t = k->world.out.after;
    model_start(&k->model.triage, CLOCK_TRIAGE, ev.at);
    k->tickets++;
}

static struct event random_event(const struct walk *k)
{
    static const enum event_type types[] = {
        EV_DISPATCH,     EV_DISPATCH,      EV_DISPATCH, EV_ACCEPT,
        EV_ACCEPT,       EV_ACCEPT,        EV_ACCEPT,   EV_RETURN_ASK,
        EV_RETURN_GRANT, EV_RETURN_REFUSE, EV_CONTACT,  EV_ANSWER,
        EV_NOTE,         EV_RESOLVE,       EV_RESOLVE,  EV_RESOLVE,
        EV_RESOLVE,      EV_EVALUATE,      EV_EVALUATE, EV_REWORK,
        EV_DECLINE,      EV_WITHDRAW,      EV_ARCHIVE,  EV_RESOLVE,
    };
    struct event ev = {.type = types[any(24)], .at = k->world.now};
    bool closes = ev.type == EV_DECLINE || ev.type == EV_WITHDRAW;
    if (closes && any(8) != 0) {
        ev.type = EV_DISPATCH; /* or no ticket would grow old */
    }
    ev.dispatch = (int32_t)any((uint32_t)k->model.units + 2);
    ev.kind = any(2) == 0 ? DISPATCH_LEAD : DISPATCH_CO;
    ev.unit = 1000 + k->model.units;
    ev.score = 1 + (int32_t)any(5);
    ev.solved = any(4) != 0;
    ev.fault = any(2) == 0 ? FAULT_UNIT : FAULT_DISPATCHER;
    return ev;
}

static void one_event(struct walk *k)
{
    struct event ev = random_event(k);
    struct story_world *w = &k->world;
    bool full = model_open_units(&k->model) >= 12;
    if (ev.type == EV_DISPATCH && (full || k->model.units > UNITS_MAX - 3)) {
        ev.type = EV_NOTE;
    }
    bool want = model_step(&k->model, &ev);
    enum err err = ticket_step(&w->rules, &w->ticket, &ev, &w->out);
    if ((err == OK) != want) {
        fail_msg("%s of %d: %s, the model says %s", event_name(ev.type),
                 ev.dispatch, err_name(err), want ? "yes" : "no");
    }
    if (err == OK) {
        w->ticket = w->out.after;
        k->accepted++;
    } else {
        k->refused++;
    }
}

static struct model_clock *model_clock_of(struct model *m,
                                          const struct clock *c)
{
    switch ((int)c->kind) {
    case CLOCK_SIGN:
        return &m->unit[c->dispatch].sign;
    case CLOCK_FINISH:
        return &m->unit[c->dispatch].finish;
    case CLOCK_RETURN:
        return &m->unit[c->dispatch].decision;
    case CLOCK_TRIAGE:
        return &m->triage;
    case CLOCK_CONTACT:
        return &m->contact;
    case CLOCK_ANSWER:
        return &m->answer;
    case CLOCK_OVERALL:
        return &m->overall;
    case CLOCK_EVALUATE:
        return &m->evaluate;
    case CLOCK_REWORK:
        return &m->rework;
    default:
        return &m->archive;
    }
}

/* Everything that is due by now fires, the earliest first, at its moment or
 * (downtime) only now; then none is left. */
static void fire_due(struct walk *k, bool late)
{
    struct story_world *w = &k->world;
    for (;;) {
        int32_t n = 0;
        instant next = ticket_next(&w->ticket, &n);
        if (next == INSTANT_NONE || next > w->now) {
            return;
        }
        const struct clock *c = w->ticket.clocks;
        while (c->n != n) {
            c++;
        }
        struct event ev = ticket_next_event(&w->ticket, n);
        assert_true(ev.at >= next && ev.at <= w->now);
        ev.at = late ? w->now : ev.at;
        model_clock_of(&k->model, c)->fired++;
        if (ev.type == EV_SILENCE) {
            assert_true(model_hear(&k->model, false, ev.at));
        } else if (ev.type == EV_ARCHIVE) {
            assert_true(model_close(&k->model, 'A'));
        }
        assert_int_equal(ticket_step(&w->rules, &w->ticket, &ev, &w->out), OK);
        w->ticket = w->out.after;
        compare(&w->ticket, &k->model);
        k->fired++;
    }
}

static void test_beside_a_model(void **state)
{
    (void)state;
    static struct walk k;
    seed();
    story_init(&k.world, calendar);
    file_one(&k);
    long events = setting("WALK_EVENTS", 200000);
    for (long i = 0; i < events; i++) {
        if (ticket_state_final(k.world.ticket.state) ||
            k.world.ticket.round > 90) {
            file_one(&k);
        }
        k.world.now += any(4) == 0 ? (instant)any(40 * 3600) : any(3600);
        k.world.now = k.world.now > STORY_START + 100 * INT64_C(31536000)
                          ? STORY_START
                          : k.world.now;
        if (k.world.now < k.world.ticket.last) {
            file_one(&k);
        }
        fire_due(&k, any(3) == 0);
        if (!ticket_state_final(k.world.ticket.state)) {
            one_event(&k);
            compare(&k.world.ticket, &k.model);
        }
    }
    printf("%ld accepted, %ld refused, %ld deadlines, %ld tickets\n",
           k.accepted, k.refused, k.fired, k.tickets);
    assert_true(k.accepted > events / 10 && k.fired > events / 20);
    story_done(&k.world);
}

/* -- the wild walk --------------------------------------------------------- */

/* Half of the events push on, or hardly a ticket would get far; those that end
 * one are rare for the same reason. */
static enum event_type wild_type(void)
{
    static const enum event_type onward[] = {EV_FILE, EV_DISPATCH, EV_ACCEPT,
                                             EV_RESOLVE};
    enum event_type type =
        any(2) == 0 ? onward[any(4)] : (enum event_type)any(EV_COUNT);
    bool ends = type == EV_WITHDRAW || type == EV_MERGE || type == EV_DECLINE;
    return ends && any(6) != 0 ? EV_NOTE : type;
}

static struct event wild_event(const struct story_world *w)
{
    const struct ticket *t = &w->ticket;
    struct event ev = {.type = wild_type(), .at = w->now};
    if (any(2) == 0) {
        ev.dispatch = (int32_t)any((uint32_t)t->dispatch_last + 2);
    }
    ev.kind = any(2) == 0 ? DISPATCH_LEAD : DISPATCH_CO;
    ev.unit = any(30);
    ev.score = (int32_t)any(7);
    ev.solved = any(3) != 0;
    ev.fault = (enum fault)any(3);
    ev.clock = (int32_t)any((uint32_t)t->clock_last + 2);
    ev.step = (int32_t)any(4);
    ev.special = any(8) == 0;
    ev.has_limit = any(4) == 0;
    ev.limit = (struct limit){.n = 1 + (int32_t)any(90),
                              .unit = (enum limit_unit)any(6)};
    ev.id = 20260302000001;
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
    seed();
    story_init(&w, calendar);
    long events = setting("WALK_EVENTS", 200000);
    for (long i = 0; i < events; i++) {
        w.now += any(4 * 3600);
        bool stuck = w.ticket.state == TICKET_ARCHIVED || any(200) == 0;
        if (stuck || w.now > STORY_START + 100 * INT64_C(31536000)) {
            w.ticket = (struct ticket){.id = 0};
            w.now = STORY_START;
            w.regulation->review = any(2) == 0;
        }
        int32_t n = 0;
        struct event ev = wild_event(&w);
        if (any(4) == 0 && ticket_next(&w.ticket, &n) != INSTANT_NONE) {
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
