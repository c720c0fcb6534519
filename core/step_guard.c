/* Which row of the tables holds for the move in hand. */
#include "core/step.h"

#include <stddef.h>

#include "core/clock.h"

static bool is_lead(const struct dispatch *d)
{
    return d != NULL && d->kind == DISPATCH_LEAD;
}

static bool bad_score(const struct move *m)
{
    return !m->ev->solved ||
           m->ev->score <= m->rules->regulation->bounds.score_bad;
}

/* The latest score, on the ticket since it was given. */
static bool was_bad(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    return !t->solved || t->score <= m->rules->regulation->bounds.score_bad;
}

/* Is this the very event that the clock it names asks for, and is it time? A
 * deadline that comes twice, or after its clock was stopped, is none. */
static bool clock_asks(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    const struct event *ev = m->ev;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (c->n == ev->clock && c->next != INSTANT_NONE) {
            struct event wanted = ticket_next_event(t, c->n);
            bool same_step = ev->type != EV_ESCALATE || ev->step == wanted.step;
            return wanted.type == ev->type && same_step && ev->at >= c->next;
        }
    }
    return false;
}

static bool scored(const struct move *m)
{
    return (m->out->after.flags & TICKET_EVALUATED) != 0;
}

/* The dispatcher may close any time, a clock (ev->clock) when it is due. */
static bool may_close(const struct move *m)
{
    uint32_t heard = TICKET_EVALUATED | TICKET_SILENT;
    return (m->out->after.flags & heard) != 0 &&
           (m->ev->clock == 0 || clock_asks(m));
}

static bool any_open(const struct move *m, uint32_t set, int32_t dispatch)
{
    for (int kind = 0; kind < CLOCK_KIND_COUNT; kind++) {
        if ((set & CLOCK_BIT(kind)) != 0 &&
            ticket_clock(&m->out->after, (enum clock_kind)kind, dispatch)) {
            return true;
        }
    }
    return false;
}

/* What a row asks before it holds: its guard, and the clocks that it stops, the
 * ticket's own (owner 0) or a dispatch's. */
struct condition {
    enum guard guard;
    uint32_t stop;
    int32_t owner;
};

static bool guard_holds(const struct move *m, struct condition row,
                        const struct dispatch *d)
{
    const struct ticket *t = &m->out->after;
    switch (row.guard) {
    case GUARD_NONE:
        return true;
    case GUARD_LEAD:
        return is_lead(d);
    case GUARD_CO:
        return d != NULL && d->kind == DISPATCH_CO;
    case GUARD_REVIEW:
        return is_lead(d) && m->rules->regulation->review;
    case GUARD_GOOD:
        return !scored(m) && !bad_score(m);
    case GUARD_BAD:
        return !scored(m) && bad_score(m);
    case GUARD_CLOSABLE:
        return may_close(m);
    case GUARD_APPEALABLE:
        return (t->flags & TICKET_APPEALED) == 0;
    case GUARD_UNTOUCHED:
        return d != NULL && !d->acted;
    case GUARD_RETURNABLE:
        return d != NULL && d->refused == 0;
    case GUARD_ASKED:
        return any_open(m, row.stop, row.owner);
    case GUARD_DUE:
        return clock_asks(m);
    case GUARD_PARENT:
        return d == NULL && (t->flags & TICKET_PARENT) != 0;
    case GUARD_DISPUTABLE:
        return is_lead(d) && t->round > 1 &&
               (t->flags & TICKET_SCORE_APPEALED) == 0 && t->score > 0 &&
               was_bad(m);
    case GUARD_SCORED:
        return scored(m) && (t->flags & TICKET_COMMENTED) == 0;
    case GUARD_COUNT:
        break;
    }
    return false;
}

const struct ticket_rule *step_ticket_rule(const struct move *m)
{
    for (size_t i = 0; i < m->lifecycle->n_tickets; i++) {
        const struct ticket_rule *rule = &m->lifecycle->tickets[i];
        struct condition row = {rule->guard, rule->stop, 0};
        if (rule->from == m->out->after.state && rule->event == m->ev->type &&
            guard_holds(m, row, m->target)) {
            return rule;
        }
    }
    return NULL;
}

const struct dispatch_rule *step_dispatch_rule(const struct move *m,
                                               const struct dispatch *d)
{
    for (size_t i = 0; i < m->lifecycle->n_dispatches; i++) {
        const struct dispatch_rule *rule = &m->lifecycle->dispatches[i];
        struct condition row = {rule->guard, rule->stop, d->n};
        if (rule->from == d->state && rule->event == m->ev->type &&
            guard_holds(m, row, d)) {
            return rule;
        }
    }
    return NULL;
}
