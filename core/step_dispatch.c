/* Making a dispatch, and moving one by its row. */
#include "core/step.h"

#include <stddef.h>

#include "core/clock.h"

/* The promises made to the enterprise pass to a new lead; what is late already
 * stays with the unit under which it became so. */
static void hand_over(struct ticket *t, register_id unit, instant at)
{
    uint32_t promises = CLOCK_BIT(CLOCK_CONTACT) | CLOCK_BIT(CLOCK_ANSWER) |
                        CLOCK_BIT(CLOCK_OVERALL);
    for (int32_t i = 0; i < t->n_clocks; i++) {
        struct clock *c = &t->clocks[i];
        bool passes = (promises & CLOCK_BIT(c->kind)) != 0;
        if (clock_open(c) && passes && !due_late(c->due, at)) {
            c->unit = unit;
        }
    }
}

enum err step_new_dispatch(const struct move *m, enum dispatch_kind kind,
                           struct dispatch **ret)
{
    struct ticket *t = &m->out->after;
    if (t->n_dispatches == DISPATCHES_MAX) {
        return ERR_LIMIT;
    }
    struct dispatch *d = &t->dispatches[t->n_dispatches];
    *d = (struct dispatch){
        .n = t->dispatch_last + 1,
        .unit = m->ev->unit,
        .kind = kind,
        .state = DISPATCH_WAITING,
        .before_ask = DISPATCH_WAITING,
        .round = t->round,
        .sent = INSTANT_NONE,
        .accepted = INSTANT_NONE,
        .asked = INSTANT_NONE,
        .decided = INSTANT_NONE,
        .done = INSTANT_NONE,
        .extension = {.unit = LIMIT_NONE},
    };
    t->n_dispatches++;
    t->dispatch_last++;
    if (kind == DISPATCH_LEAD) {
        hand_over(t, d->unit, m->ev->at);
    }
    *ret = d;
    return OK;
}

/* The moments of a dispatch, by the state it leaves and the one it reaches. */
static void stamp(const struct move *m, struct dispatch *d,
                  enum dispatch_state to)
{
    instant at = m->ev->at;
    if (d->state == DISPATCH_RETURN_ASKED && to != d->state) {
        d->decided = at;
    }
    if (d->state == DISPATCH_DONE && to == DISPATCH_ACCEPTED) {
        d->done = INSTANT_NONE; /* reopened, perhaps in a new round */
        d->round = m->out->after.round;
    } else if (to == DISPATCH_ACCEPTED && d->state == DISPATCH_SENT) {
        d->accepted = at;
    } else if (to == DISPATCH_SENT && d->state == DISPATCH_WAITING) {
        d->sent = at;
    } else if (to == DISPATCH_RETURN_ASKED && d->state != to) {
        d->before_ask = d->state;
        d->asked = at;
        d->decided = INSTANT_NONE;
    } else if (to == DISPATCH_DONE && d->state != to) {
        d->done = at;
    }
}

/* After one of these the dispatcher can no longer take it back unseen. */
static bool acts(enum event_type type)
{
    return type == EV_ACCEPT || type == EV_CONTACT || type == EV_ANSWER ||
           type == EV_RETURN_ASK || type == EV_ASSIGN ||
           type == EV_SUPERVISE_REPLY || type == EV_EXTEND_ASK;
}

static void note_event(const struct move *m, struct dispatch *d)
{
    const struct event *ev = m->ev;
    d->acted = d->acted || acts(ev->type);
    if (ev->type == EV_RETURN_REFUSE) {
        d->refused++;
    } else if (ev->type == EV_RETURN_GRANT) {
        d->fault = ev->fault;
    } else if (ev->type == EV_ASSIGN) {
        d->handler = ev->person;
    } else if (ev->type == EV_EXTEND_ASK) {
        d->extension = ev->limit;
    }
    if (ticket_clock(&m->out->after, CLOCK_EXTENSION, d->n) == NULL) {
        d->extension =
            (struct limit){.unit = LIMIT_NONE}; /* nothing is asked */
    }
}

enum err step_move_dispatch(const struct move *m, struct dispatch *d)
{
    const struct dispatch_rule *rule = step_dispatch_rule(m, d);
    if (rule == NULL) {
        return ERR_BAD_STATE;
    }
    enum dispatch_state to =
        rule->to == DISPATCH_STATE_COUNT ? d->before_ask : rule->to;
    struct clock_sets sets = {rule->start, rule->stop, rule->drop, rule->pause,
                              rule->resume};
    enum err err = step_move_clocks(m, sets, d);
    if (err == OK) {
        stamp(m, d, to);
        note_event(m, d);
        d->state = to;
        m->out->tell |= rule->tell;
    }
    return err;
}
