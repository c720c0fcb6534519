/* How long a clock may run: the limit it begins with and when that is due. */
#include "core/step.h"

#include <stddef.h>

#include "core/clock.h"

/* -- whose limit ----------------------------------------------------------- */

bool step_special(const struct event *ev)
{
    return ev->special &&
           (ev->type == EV_DISPATCH || ev->type == EV_MEET_DISPATCH);
}

/* An event's own limit is that of the dispatch it makes; an instant, none, or
 * that of an individual plan is at the first dispatch the ticket's overall
 * limit too (design section 9: a plain number of days is the unit's, and leaves
 * the rest room for a return). A suspension's is the date of its review, an
 * order's that of its reply. */
static bool own_limit(const struct event *ev, enum clock_kind kind)
{
    if (!ev->has_limit) {
        return false;
    }
    if (kind == CLOCK_OVERALL) {
        return event_sends(ev->type) &&
               (step_special(ev) || ev->limit.unit == LIMIT_UNTIL ||
                ev->limit.unit == LIMIT_NONE);
    }
    return (kind == CLOCK_FINISH && event_sends(ev->type)) ||
           (kind == CLOCK_SUSPENSION && ev->type == EV_SUSPEND) ||
           (kind == CLOCK_SUPERVISE && ev->type == EV_SUPERVISE);
}

static bool co_finish(enum clock_kind kind, const struct dispatch *d)
{
    return kind == CLOCK_FINISH && d != NULL && d->kind == DISPATCH_CO;
}

static struct limit limit_of(const struct move *m, enum clock_kind kind,
                             const struct dispatch *d)
{
    const struct ticket *t = &m->out->after;
    const struct regulation *reg = m->rules->regulation;
    if (own_limit(m->ev, kind)) {
        return m->ev->limit;
    }
    return co_finish(kind, d) ? reg->co[t->category][t->urgency]
                              : reg->limits[kind][t->category][t->urgency];
}

/* -- the clock of the work ------------------------------------------------- */

struct clock *step_main_clock(struct ticket *t, const struct dispatch *d)
{
    const struct clock *c = ticket_clock(t, CLOCK_FINISH, d->n);
    if (c == NULL && d->kind == DISPATCH_LEAD) {
        c = ticket_clock(t, CLOCK_REWORK, 0);
    }
    return c == NULL ? NULL : &t->clocks[c - t->clocks];
}

/* The lead's due, which no co-handler's may lie past; false if there is none
 * that binds. */
static bool lead_due(const struct move *m, struct due *ret)
{
    struct ticket *t = &m->out->after;
    const struct dispatch *lead = ticket_lead(t);
    const struct clock *c = lead == NULL ? NULL : step_main_clock(t, lead);
    if (c == NULL || c->due.at == INSTANT_NONE || due_late(c->due, m->ev->at)) {
        return false;
    }
    *ret = c->due;
    return true;
}

bool step_after_lead(const struct move *m, struct due due, struct due *ret)
{
    struct due lead;
    if (!lead_due(m, &lead) || due.at <= lead.at) {
        return false;
    }
    *ret = lead;
    return true;
}

/* -- what is left of another's --------------------------------------------- */

void step_take_rest(struct move *m)
{
    if (m->ev->type != EV_TRANSFER || m->ev->has_limit || m->target == NULL) {
        return;
    }
    const struct clock *c = step_main_clock(&m->out->after, m->target);
    m->inherits =
        c != NULL && c->due.at != INSTANT_NONE && !due_late(c->due, m->ev->at);
    if (m->inherits) {
        m->rest = (struct budget){.limit = c->limit, .due = c->due};
    }
}

/* -- all together ---------------------------------------------------------- */

enum err step_budget(const struct move *m, enum clock_kind kind,
                     const struct dispatch *d, struct budget *ret)
{
    if (kind == CLOCK_FINISH && m->inherits) {
        *ret = m->rest;
        return OK;
    }
    struct budget made = {.limit = limit_of(m, kind, d)};
    enum err err =
        calendar_due(m->rules->calendar, &m->rules->regulation->worktime,
                     m->ev->at, made.limit, &made.due);
    if (err != OK) {
        return err;
    }
    struct due lead;
    if (co_finish(kind, d) && !own_limit(m->ev, kind) &&
        step_after_lead(m, made.due, &lead)) {
        made.due = lead;
    }
    *ret = made;
    return OK;
}
