/* What the walk proposes: mostly what makes sense in the ticket's state, often
 * what does not, with values in and out of bounds. */
#include <stdio.h>
#include <stdlib.h>

#include "property/walk.h"

static uint64_t random_state;

long walk_setting(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtol(text, NULL, 10);
}

/* xorshift64*: small, and the same everywhere. */
uint32_t walk_any(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) %
           below;
}

void walk_seed(void)
{
    long s = walk_setting("WALK_SEED", 20261120);
    random_state = (uint64_t)s * 2 + 1;
    printf("WALK_SEED=%ld\n", s);
}

static bool one_in(uint32_t n)
{
    return walk_any(n) == 0;
}

/* -- which event ----------------------------------------------------------- */

enum {
    LIKELY = 14
};

/* What makes sense, by state; the rest of each line is any event at all. */
static const enum event_type likely[TICKET_STATE_COUNT][LIKELY] = {
    [TICKET_FILED] = {EV_DISPATCH, EV_DISPATCH, EV_DISPATCH, EV_DISPATCH,
                      EV_SUPPLEMENT_ASK, EV_SUPPLEMENT_GIVE, EV_MEET, EV_SPLIT,
                      EV_ACCEPT, EV_EXTEND_ASK, EV_EXTEND_GRANT,
                      EV_RETURN_GRANT, EV_DECLINE, EV_DECLINE},
    [TICKET_DISPATCHED] = {EV_ACCEPT, EV_ACCEPT, EV_ACCEPT, EV_DISPATCH,
                           EV_RETURN_ASK, EV_RETURN_GRANT, EV_RETURN_REFUSE,
                           EV_TRANSFER, EV_RECALL, EV_CONTACT, EV_EXTEND_ASK,
                           EV_EXTEND_GRANT, EV_MEET, EV_SUPERVISE},
    [TICKET_HANDLING] = {EV_RESOLVE, EV_RESOLVE, EV_RESOLVE, EV_EXTEND_ASK,
                         EV_EXTEND_ASK, EV_EXTEND_GRANT, EV_EXTEND_REFUSE,
                         EV_SUSPEND, EV_RETURN_ASK, EV_RETURN_GRANT,
                         EV_SUPERVISE, EV_MEET, EV_SCORE_APPEAL,
                         EV_SCORE_GRANT},
    [TICKET_REVIEW] = {EV_REVIEW_PASS, EV_REVIEW_FAIL},
    [TICKET_RESOLVED] = {EV_EVALUATE, EV_EVALUATE, EV_EVALUATE, EV_REWORK,
                         EV_ARCHIVE, EV_COMMENT},
    [TICKET_ARCHIVED] = {EV_COMMENT},
    [TICKET_DECLINED] = {EV_APPEAL, EV_APPEAL_GRANT, EV_APPEAL_GRANT,
                         EV_APPEAL_REFUSE},
    [TICKET_SUSPENDED] = {EV_RESUME, EV_RESUME, EV_RESUME, EV_SUPERVISE_REPLY,
                          EV_ASSIGN},
    [TICKET_MEETING] = {EV_MEET_DISPATCH, EV_MEET_EXTEND, EV_MEET_SPLIT,
                        EV_MEET_RESOLVE, EV_MEET_EXTEND, EV_ACCEPT,
                        EV_EXTEND_GRANT, EV_RETURN_GRANT, EV_RETURN_REFUSE,
                        EV_SUPERVISE_REPLY},
};

static enum event_type any_type(const struct walk *k)
{
    enum event_type type = EV_FILE;
    if (walk_any(10) < 6) {
        type = likely[k->model.state][walk_any(LIKELY)];
    }
    while (type == EV_FILE || type == EV_ESCALATE || type == EV_SILENCE) {
        type = (enum event_type)walk_any(EV_COUNT);
    }
    bool ends = type == EV_WITHDRAW || type == EV_MERGE || type == EV_DECLINE ||
                type == EV_SPLIT || type == EV_MEET_SPLIT;
    bool sends =
        type == EV_DISPATCH || type == EV_TRANSFER || type == EV_MEET_DISPATCH;
    bool full = model_open_units(&k->model, 0) >= WALK_UNITS_OPEN ||
                k->model.units > UNITS_MAX - 3;
    bool early = type == EV_DECLINE && k->model.units == 0;
    if ((ends && !early && !one_in(5)) || (sends && full)) {
        type = EV_NOTE; /* or no ticket would grow old */
    }
    return type;
}

/* What a dispatch of the ticket waits for. */
static enum event_type pressing(const struct model_unit *u)
{
    static const enum event_type sent[] = {EV_ACCEPT, EV_ACCEPT, EV_RECALL,
                                           EV_RETURN_ASK};
    static const enum event_type accepted[] = {EV_EXTEND_ASK, EV_EXTEND_ASK,
                                               EV_RETURN_ASK, EV_RESOLVE};
    bool yes = one_in(2);
    if (u->state == DISPATCH_RETURN_ASKED) {
        return yes ? EV_RETURN_GRANT : EV_RETURN_REFUSE;
    }
    if (u->wish.unit != LIMIT_NONE) {
        return yes ? EV_EXTEND_GRANT : EV_EXTEND_REFUSE;
    }
    if (u->clock[CLOCK_SUPERVISE].open && yes) {
        return EV_SUPERVISE_REPLY;
    }
    return u->state == DISPATCH_SENT ? sent[walk_any(4)]
                                     : accepted[walk_any(4)];
}

/* When one may urge again, INSTANT_NONE if nobody has. */
static instant gap_ends(const struct walk *k)
{
    instant urged = k->model.urged;
    instant gap = (instant)k->rules.urge_gap_min * 60;
    return urged == INSTANT_NONE ? INSTANT_NONE : urged + gap;
}

static bool about_then(const struct walk *k, instant at)
{
    return at != INSTANT_NONE && at - k->now <= k->kind->tick &&
           k->now - at <= k->kind->tick;
}

/* -- with which values ----------------------------------------------------- */

static int32_t any_dispatch(const struct walk *k)
{
    uint32_t roll = walk_any(20);
    if (roll < 8) {
        return 0;
    }
    for (int tries = 0; roll < 18 && tries < 12 && k->model.units > 0;
         tries++) {
        int n = 1 + (int)walk_any((uint32_t)k->model.units);
        enum dispatch_state state = k->model.unit[n].state;
        if (!dispatch_state_final(state)) {
            return n;
        }
    }
    return (int32_t)walk_any((uint32_t)k->model.units + 2);
}

/* An extension's limit, or the new due itself. */
static struct limit any_extension(const struct walk *k, int32_t dispatch)
{
    int n = dispatch == 0 ? k->model.lead : dispatch;
    const struct model_clock *c = n >= 1 && n <= k->model.units
                                      ? &k->model.unit[n].clock[CLOCK_FINISH]
                                      : &k->model.clock[CLOCK_REWORK];
    struct limit limit = k->kind->limit(k->now);
    if (limit.n > 0 && !one_in(4)) {
        limit.n = 1 + limit.n / 4; /* or hardly one would be in bounds */
    }
    if (limit.unit == LIMIT_UNTIL && c->open && c->due.at != INSTANT_NONE) {
        limit.until = c->due.at - c->due.at % k->kind->tick +
                      ((instant)walk_any(90) - 20) * 3600;
    }
    return limit;
}

static void any_limit(const struct walk *k, struct event *ev)
{
    bool extends = ev->type == EV_EXTEND_ASK || ev->type == EV_EXTEND_GRANT ||
                   ev->type == EV_MEET_EXTEND;
    bool sends = ev->type == EV_DISPATCH || ev->type == EV_MEET_DISPATCH ||
                 ev->type == EV_TRANSFER;
    bool may =
        extends || sends || ev->type == EV_SUSPEND || ev->type == EV_SUPERVISE;
    bool must = ev->type == EV_EXTEND_ASK || ev->type == EV_MEET_EXTEND;
    ev->has_limit = may && one_in(3);
    ev->has_limit = must ? !one_in(30) : ev->has_limit;
    if (ev->has_limit) {
        ev->limit =
            extends ? any_extension(k, ev->dispatch) : k->kind->limit(k->now);
    }
    if (sends && ev->type != EV_TRANSFER && one_in(12)) {
        ev->special = true;
        ev->has_limit = ev->has_limit || !one_in(8);
        ev->limit = k->kind->limit(k->now);
    }
    if (sends && !ev->special && one_in(40)) {
        ev->imported = true;
        ev->has_limit = true;
        ev->limit = (struct limit){.unit = LIMIT_NONE};
    }
}

struct event walk_event(const struct walk *k)
{
    struct event ev = {.type = any_type(k), .at = k->now};
    ev.dispatch = any_dispatch(k);
    if (one_in(4) && ev.dispatch > 0 && ev.dispatch <= k->model.units) {
        ev.type = pressing(&k->model.unit[ev.dispatch]);
    }
    ev.kind = one_in(2) ? DISPATCH_LEAD : DISPATCH_CO;
    if (ev.type == EV_DISPATCH && k->model.state == TICKET_FILED) {
        ev.kind = one_in(8) ? DISPATCH_CO : DISPATCH_LEAD;
    }
    ev.unit = one_in(80) ? 0 : 100 + walk_any(25);
    if (about_then(k, gap_ends(k)) && !one_in(4)) {
        ev.type = EV_URGE;
    }
    any_limit(k, &ev);
    ev.score = one_in(60) ? 6 : 1 + (int32_t)walk_any(5);
    ev.solved = !one_in(4);
    ev.fault =
        one_in(30) ? FAULT_NONE : (enum fault)(FAULT_UNIT + (int)walk_any(2));
    ev.person = 500 + walk_any(5);
    ev.dispatcher = one_in(40) ? 0 : 5 + walk_any(3);
    ev.into = one_in(20) ? k->model.id : 20250101000001;
    ev.imported = ev.imported || (ev.type == EV_URGE && one_in(10));
    if (one_in(100) && k->model.now > k->kind->first) {
        ev.at = k->model.now - k->kind->tick;
    }
    return ev;
}

struct event walk_file(const struct walk *k)
{
    struct event ev = {.type = EV_FILE,
                       .at = k->now,
                       .id = 20260302000001,
                       .enterprise = 7,
                       .dispatcher = 5};
    ev.confidential = one_in(8);
    ev.against = one_in(6) ? 100 + walk_any(25) : 0;
    ev.parent = one_in(6) ? 20260301000009 : 0;
    return ev;
}

/* -- when ------------------------------------------------------------------ */

/* The due of a running clock or the end of the gap between two urgings, or a
 * moment before or after it. */
static instant near_a_due(const struct walk *k)
{
    const struct ticket *t = &k->ticket;
    if (gap_ends(k) > k->now && one_in(3)) {
        return gap_ends(k) + ((instant)walk_any(3) - 1) * k->kind->tick;
    }
    if (t->n_clocks == 0) {
        return k->now;
    }
    const struct clock *c = &t->clocks[walk_any((uint32_t)t->n_clocks)];
    if (c->due.at == INSTANT_NONE) {
        return k->now;
    }
    return c->due.at + ((instant)walk_any(3) - 1) * k->kind->tick;
}

instant walk_time(const struct walk *k)
{
    uint32_t roll = walk_any(20);
    instant at = k->now;
    if (roll < 10) {
        at += (instant)walk_any(2 * 3600);
    } else if (roll < 13) {
        at += (instant)walk_any(24 * 3600);
    } else if (roll < 14) {
        at += (instant)walk_any(15 * 86400);
    } else if (roll < 16) {
        at = near_a_due(k);
    }
    at -= at % k->kind->tick;
    return at > k->now ? at : k->now;
}
