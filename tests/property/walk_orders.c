/* What is asked of a unit or by it in the walks' model: extensions, urging,
 * supervision. See walk_model.h. */
#include <stddef.h>

#include "property/walk_inside.h"

/* -- extension ------------------------------------------------------------- */

static reasons may_extend(struct model *m, const struct model_clock *c,
                          struct limit limit, bool bounded)
{
    const struct reckoning *r = &m->rules->reckoning;
    if (c == NULL || c->due.at == INSTANT_NONE) {
        return NO;
    }
    instant due = r->extended(c->due, limit).at;
    instant most = r->extended(c->due, m->rules->extension_max).at;
    bool out =
        due == INSTANT_NONE || due <= c->due.at || (bounded && due > most);
    return out ? WHY(OUT_OF_BOUNDS) : 0;
}

static reasons extend_ask(struct model *m, const struct event *ev)
{
    enum clock_kind kind;
    struct model_unit *u = model_worker(m, ev, "H", "FDH");
    if (u == NULL || u->state != DISPATCH_ACCEPTED || !ev->has_limit) {
        return NO | WHY(BAD_PARAM);
    }
    const struct model_clock *c = model_promise(m, u, &kind);
    reasons why = may_extend(m, c, ev->limit, !ev->imported);
    why |= c != NULL && model_late(c->due, m->now) ? WHY(TOO_LATE) : 0;
    why |= u->extensions >= m->rules->extensions ? WHY(LIMIT) : 0;
    why |= u->wish.unit != LIMIT_NONE ? WHY(EXISTS) : 0;
    if (why == 0) {
        u->wish = ev->limit;
        u->acted = true;
        model_start(m, u->clock, CLOCK_EXTENSION, NULL, m->dispatcher);
    }
    return why;
}

/* The lead's new due carries the overall one along. */
static void extend(struct model *m, struct model_unit *u, struct limit limit,
                   bool asked)
{
    enum clock_kind kind;
    struct model_clock *c = model_promise(m, u, &kind);
    struct model_clock *overall = &m->clock[CLOCK_OVERALL];
    struct model_due due = m->rules->reckoning.extended(c->due, limit);
    model_move(m, kind, c, due);
    u->extensions += asked;
    u->wish.unit = LIMIT_NONE;
    if (u->lead && overall->open && overall->due.at != INSTANT_NONE &&
        !model_late(overall->due, m->now) && overall->due.at < due.at) {
        model_move(m, CLOCK_OVERALL, overall, due);
    }
}

static reasons extend_decide(struct model *m, const struct event *ev,
                             bool grant)
{
    enum clock_kind kind;
    struct model_unit *u = model_worker(m, ev, "HJ", "FDHJ");
    if (u == NULL || u->state != DISPATCH_ACCEPTED ||
        u->wish.unit == LIMIT_NONE) {
        return NO;
    }
    struct limit limit = ev->has_limit ? ev->limit : u->wish;
    if (grant) {
        reasons why =
            may_extend(m, model_promise(m, u, &kind), limit, !ev->imported);
        if (why != 0) {
            return why;
        }
        extend(m, u, limit, true);
    }
    u->wish.unit = LIMIT_NONE;
    model_each(m, u->clock, KIND(EXTENSION), BY_GOAL, m->now);
    return 0;
}

static reasons meet_extend(struct model *m, const struct event *ev)
{
    enum clock_kind kind;
    if (!model_in(m, "J") || !ev->has_limit) {
        return NO;
    }
    if (m->lead == 0) {
        return WHY(BLOCKED);
    }
    struct model_unit *u = model_leader(m);
    m->target = m->lead;
    const struct model_clock *c = model_promise(m, u, &kind);
    reasons why = may_extend(m, c, ev->limit, false);
    why |= c != NULL && model_late(c->due, m->now) ? WHY(TOO_LATE) : 0;
    if (why == 0) {
        extend(m, u, ev->limit, false);
        model_each(m, u->clock, KIND(EXTENSION), BY_GOAL, m->now);
        model_each(m, m->clock, KIND(MEETING), BY_GOAL, m->now);
        m->state = m->before;
    }
    return why;
}

/* -- urging and supervising ------------------------------------------------ */

static reasons urge(struct model *m, const struct event *ev)
{
    bool someone = ev->dispatch != 0 || model_works(model_leader(m));
    if (!model_in(m, "FDHVSJ") ||
        (someone && model_worker(m, ev, "DHSJ", "FDHSJ") == NULL)) {
        return NO;
    }
    instant gap = (instant)m->rules->urge_gap_min * 60;
    if (!ev->imported && m->urged != INSTANT_NONE && m->now < m->urged + gap) {
        return WHY(TOO_SOON);
    }
    m->urged = m->now;
    return 0;
}

static reasons supervise(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DHJ", "DHJ");
    reasons why = model_own_limit(m, ev) | (u == NULL ? NO : 0);
    why |= u != NULL && u->clock[CLOCK_SUPERVISE].open ? WHY(EXISTS) : 0;
    if (why == 0) {
        model_start(m, u->clock, CLOCK_SUPERVISE,
                    ev->has_limit ? &ev->limit : NULL, u->unit);
    }
    return why;
}

static reasons supervise_reply(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DHSJ", "FDHSJ");
    if (u == NULL || !u->clock[CLOCK_SUPERVISE].open) {
        return NO;
    }
    u->acted = true;
    model_each(m, u->clock, KIND(SUPERVISE), BY_GOAL, m->now);
    return 0;
}

reasons model_order_step(struct model *m, const struct event *ev)
{
    switch ((int)ev->type) {
    case EV_EXTEND_ASK:
        return extend_ask(m, ev);
    case EV_EXTEND_GRANT:
    case EV_EXTEND_REFUSE:
        return extend_decide(m, ev, ev->type == EV_EXTEND_GRANT);
    case EV_MEET_EXTEND:
        return meet_extend(m, ev);
    case EV_URGE:
        return urge(m, ev);
    case EV_SUPERVISE:
        return supervise(m, ev);
    case EV_SUPERVISE_REPLY:
        return supervise_reply(m, ev);
    default:
        return NOT_MINE;
    }
}
