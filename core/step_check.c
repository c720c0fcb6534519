/* What an event has to be before anything else is asked, and what may speak
 * against a move that the tables allow. */
#include "core/step.h"

#include <stddef.h>

#include "core/clock.h"

static bool names_choice(const struct regulation *reg, const struct event *ev)
{
    return ev->category >= 0 && ev->category < reg->n_categories &&
           ev->urgency >= 0 && ev->urgency < reg->n_urgencies &&
           ev->channel >= 0 && ev->channel < reg->n_channels;
}

static bool files_well(const struct regulation *reg, const struct event *ev)
{
    return ev->id > 0 && names_choice(reg, ev) && ev->against >= 0 &&
           ev->parent >= 0 && ev->parent != ev->id;
}

static bool sends_well(const struct event *ev)
{
    return ev->unit > 0 &&
           (ev->kind == DISPATCH_LEAD || ev->kind == DISPATCH_CO) &&
           (!step_special(ev) || ev->has_limit);
}

static bool values_ok(const struct rules *rules, const struct ticket *t,
                      const struct event *ev)
{
    switch (ev->type) {
    case EV_FILE:
        return files_well(rules->regulation, ev);
    case EV_DISPATCH:
    case EV_TRANSFER:
    case EV_MEET_DISPATCH:
        return sends_well(ev);
    case EV_EXTEND_ASK:
    case EV_MEET_EXTEND:
        return ev->has_limit;
    case EV_EVALUATE:
        return ev->score >= 1 && ev->score <= 5;
    case EV_RETURN_GRANT:
        return ev->fault == FAULT_UNIT || ev->fault == FAULT_DISPATCHER;
    case EV_ASSIGN:
        return ev->person > 0;
    case EV_HAND:
        return ev->dispatcher > 0;
    case EV_MERGE:
        return ev->into > 0 && ev->into != t->id;
    default:
        return (unsigned)ev->type < EV_COUNT;
    }
}

enum err step_check(const struct rules *rules, const struct ticket *t,
                    const struct event *ev)
{
    if (ev->at < INSTANT_MIN || ev->at > INSTANT_MAX ||
        (ev->has_limit && !limit_ok(ev->limit)) || !values_ok(rules, t, ev)) {
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
    if (step_special(m->ev) || reg->bounds.finish_max.unit == LIMIT_NONE) {
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

/* A dispatch's own limit: within the bound, and a co-handler's not after the
 * lead's. */
static enum err check_finish(const struct move *m, struct due due)
{
    bool co = m->ev->type == EV_TRANSFER ? m->target->kind == DISPATCH_CO
                                         : m->ev->kind == DISPATCH_CO;
    struct due lead;
    if (co && m->ev->type != EV_MEET_DISPATCH &&
        step_after_lead(m, due, &lead)) {
        return ERR_OUT_OF_BOUNDS;
    }
    return check_bound(m, due);
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
    return event_sends(ev->type) ? check_finish(m, due) : OK;
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

/* Design section 4: a pause cannot mend what is late. */
static bool too_late(const struct move *m)
{
    struct ticket *t = &m->out->after;
    const struct dispatch *d = ticket_lead(t);
    const struct clock *c = d == NULL ? NULL : step_main_clock(t, d);
    return c != NULL && due_late(c->due, m->ev->at);
}

/* Something is asked that the dispatcher or a supervisor has to answer. */
static bool undecided(const struct ticket *t)
{
    uint32_t asked = CLOCK_BIT(CLOCK_RETURN) | CLOCK_BIT(CLOCK_EXTENSION) |
                     CLOCK_BIT(CLOCK_APPEAL);
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (clock_open(c) && (asked & CLOCK_BIT(c->kind)) != 0) {
            return true;
        }
    }
    return false;
}

/* Clocks that rest till nobody remembers why are no clocks. */
static bool reviewed_too_late(const struct event *ev)
{
    instant most = (instant)SUSPEND_DAYS_MAX * SECONDS_PER_DAY;
    return !ev->imported && ev->has_limit && ev->limit.unit == LIMIT_UNTIL &&
           ev->limit.until > ev->at + most;
}

static enum err check_suspend(const struct move *m)
{
    if (undecided(&m->out->after)) {
        return ERR_BLOCKED;
    }
    enum err err = too_late(m) ? ERR_TOO_LATE : check_limit(m);
    return err == OK && reviewed_too_late(m->ev) ? ERR_OUT_OF_BOUNDS : err;
}

/* Of persons; what the regulation urges by itself is not counted. */
static enum err check_urge(const struct move *m)
{
    instant gap = (instant)m->rules->regulation->bounds.urge_gap_min * 60;
    instant urged = m->out->after.urged;
    bool soon = urged != INSTANT_NONE && m->ev->at < urged + gap;
    return soon && !m->ev->imported ? ERR_TOO_SOON : OK;
}

/* One order at a time, as its limit is one. */
static enum err check_supervise(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    bool waits = m->target != NULL &&
                 ticket_clock(t, CLOCK_SUPERVISE, m->target->n) != NULL;
    return waits ? ERR_EXISTS : check_limit(m);
}

/* What was split is handled in its parts. */
static enum err check_send(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    if ((t->flags & TICKET_PARENT) != 0) {
        return ERR_BAD_STATE;
    }
    if (t->against != 0 && m->ev->unit == t->against) {
        return ERR_FORBIDDEN;
    }
    return works_already(m) ? ERR_EXISTS : check_limit(m);
}

enum err step_check_move(const struct move *m, const struct ticket_rule *rule)
{
    switch (m->ev->type) {
    case EV_DISPATCH:
    case EV_TRANSFER:
    case EV_MEET_DISPATCH:
        return check_send(m);
    case EV_RESOLVE:
        return rule->guard != GUARD_CO && blocked(m) ? ERR_BLOCKED : OK;
    case EV_DECLINE:
    case EV_MEET_RESOLVE:
    case EV_SCORE_GRANT:
        return blocked(m) ? ERR_BLOCKED : OK;
    case EV_SUSPEND:
        return check_suspend(m);
    case EV_SUPERVISE:
        return check_supervise(m);
    case EV_EXTEND_ASK:
    case EV_EXTEND_GRANT:
    case EV_MEET_EXTEND:
        return step_check_extension(m);
    case EV_SPLIT:
    case EV_MEET_SPLIT: /* one level: parts have no parts */
        return m->out->after.parent != 0 ? ERR_BAD_STATE : OK;
    case EV_URGE:
        return check_urge(m);
    default:
        return OK;
    }
}
