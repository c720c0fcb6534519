/* What an event has to be before anything else is asked, and what may speak
 * against a move that the tables allow. */
#include "core/step.h"

#include <stddef.h>

static bool names_choice(const struct regulation *reg, const struct event *ev)
{
    return ev->category >= 0 && ev->category < reg->n_categories &&
           ev->urgency >= 0 && ev->urgency < reg->n_urgencies &&
           ev->channel >= 0 && ev->channel < reg->n_channels;
}

static bool sends(enum event_type type)
{
    return type == EV_DISPATCH || type == EV_TRANSFER ||
           type == EV_MEET_DISPATCH;
}

static bool values_ok(const struct rules *rules, const struct event *ev)
{
    if (ev->has_limit && !limit_ok(ev->limit)) {
        return false;
    }
    if (sends(ev->type)) {
        return ev->unit > 0 &&
               (ev->kind == DISPATCH_LEAD || ev->kind == DISPATCH_CO);
    }
    if (ev->type == EV_FILE) {
        return ev->id > 0 && names_choice(rules->regulation, ev);
    }
    if (ev->type == EV_EVALUATE) {
        return ev->score >= 1 && ev->score <= 5;
    }
    if (ev->type == EV_RETURN_GRANT) {
        return ev->fault == FAULT_UNIT || ev->fault == FAULT_DISPATCHER;
    }
    return (unsigned)ev->type < EV_COUNT;
}

enum err step_check(const struct rules *rules, const struct ticket *t,
                    const struct event *ev)
{
    if (ev->at < INSTANT_MIN || ev->at > INSTANT_MAX || !values_ok(rules, ev)) {
        return ERR_BAD_PARAM;
    }
    if ((ev->type == EV_FILE) != (t->id == 0)) {
        return ERR_BAD_STATE;
    }
    return ev->at < t->last ? ERR_OUT_OF_ORDER : OK;
}

/* Without an individual plan no due may lie past the regulation's bound. */
static enum err check_bound(const struct move *m, struct due due)
{
    const struct regulation *reg = m->rules->regulation;
    if (m->ev->special || reg->bounds.finish_max.unit == LIMIT_NONE) {
        return OK;
    }
    struct due bound;
    enum err err = calendar_due(m->rules->calendar, &reg->worktime, m->ev->at,
                                reg->bounds.finish_max, &bound);
    if (err != OK) {
        return err;
    }
    return due.at > bound.at ? ERR_OUT_OF_BOUNDS : OK;
}

/* An event's own limit. Import takes history as it was. */
static enum err check_limit(const struct move *m)
{
    const struct event *ev = m->ev;
    if (!ev->has_limit || ev->imported) {
        return OK;
    }
    if (ev->limit.unit == LIMIT_NONE) {
        return ERR_OUT_OF_BOUNDS; /* only import may say that */
    }
    struct due due;
    enum err err =
        calendar_due(m->rules->calendar, &m->rules->regulation->worktime,
                     ev->at, ev->limit, &due);
    if (err != OK) {
        return err;
    }
    if (due.at <= ev->at) {
        return ERR_OUT_OF_BOUNDS;
    }
    return ev->type == EV_SUSPEND ? OK : check_bound(m, due);
}

/* One unit has one dispatch of a ticket at a time. A meeting may confirm the
 * lead it replaces; a transfer to oneself would only fetch a fresh budget. */
static bool works_already(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    const struct dispatch *spare =
        m->ev->type == EV_TRANSFER ? NULL : m->target;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (d->unit == m->ev->unit && d != spare &&
            !dispatch_state_final(d->state)) {
            return true;
        }
    }
    return false;
}

/* A resolve waits for the units that were called in, a refusal for those still
 * at work, a meeting's resolution for a lead to stand for it. */
static bool blocked(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    if (m->ev->type == EV_MEET_RESOLVE && m->target == NULL) {
        return true;
    }
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (d != m->target && !dispatch_state_final(d->state)) {
            return true;
        }
    }
    return false;
}

/* Design section 4: neither a pause nor an extension can mend what is late. */
static bool too_late(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    const struct dispatch *d = m->target == NULL ? ticket_lead(t) : m->target;
    if (d == NULL) {
        return false;
    }
    const struct clock *c = ticket_clock(t, CLOCK_FINISH, d->n);
    return c != NULL && due_late(c->due, m->ev->at);
}

enum err step_check_move(const struct move *m, const struct ticket_rule *rule)
{
    switch (m->ev->type) {
    case EV_DISPATCH:
    case EV_TRANSFER:
    case EV_MEET_DISPATCH:
        return works_already(m) ? ERR_EXISTS : check_limit(m);
    case EV_RESOLVE:
        return rule->guard != GUARD_CO && blocked(m) ? ERR_BLOCKED : OK;
    case EV_DECLINE:
    case EV_MEET_RESOLVE:
        return blocked(m) ? ERR_BLOCKED : OK;
    case EV_SUSPEND:
        return too_late(m) ? ERR_TOO_LATE : check_limit(m);
    case EV_EXTEND_ASK:
        return too_late(m) ? ERR_TOO_LATE : OK;
    default:
        return OK;
    }
}
