/* The events of a dispatch in the walks' model: see walk_model.h. */
#include "property/walk_inside.h"

#include <stddef.h>
#include <string.h>

bool model_in(const struct model *m, const char *states)
{
    static const char letters[] = "FDHVRANWMSJ"; /* as in TICKET_STATE_MAP */
    return strchr(states, letters[m->state]) != NULL;
}

bool model_works(const struct model_unit *u)
{
    return u->state == DISPATCH_SENT || u->state == DISPATCH_ACCEPTED ||
           u->state == DISPATCH_RETURN_ASKED;
}

int model_open_units(const struct model *m, int but)
{
    int n = 0;
    for (int i = 1; i <= m->units; i++) {
        n += i != but && model_works(&m->unit[i]) ? 1 : 0;
    }
    return n;
}

/* The one that leads, or a stand-in that is in no state to do anything. */
struct model_unit *model_leader(struct model *m)
{
    static struct model_unit nobody = {.state = DISPATCH_CANCELLED};
    return m->lead == 0 ? &nobody : &m->unit[m->lead];
}

/* Whose the promises to the enterprise are. */
register_id model_promiser(struct model *m)
{
    return m->lead == 0 ? m->dispatcher : model_leader(m)->unit;
}

/* The dispatch that an event names (0: the lead), and that is there. */
struct model_unit *model_named(struct model *m, const struct event *ev)
{
    int n = ev->dispatch == 0 ? m->lead : ev->dispatch;
    if (n < 1 || n > m->units || (!model_works(&m->unit[n]) && n != m->lead)) {
        return NULL;
    }
    m->target = n;
    return &m->unit[n];
}

/* An event that a unit at work (or about it) may do in the given states, a co
 * dispatch in more of them. */
struct model_unit *model_worker(struct model *m, const struct event *ev,
                                const char *states, const char *states_of_co)
{
    struct model_unit *u = model_named(m, ev);
    bool here = u != NULL && model_works(u) &&
                model_in(m, u->lead ? states : states_of_co);
    return here ? u : NULL;
}

/* What the unit has promised to be done by: null if nothing. */
struct model_clock *model_promise(struct model *m, struct model_unit *u,
                                  enum clock_kind *ret_kind)
{
    struct model_clock *finish = &u->clock[CLOCK_FINISH];
    struct model_clock *rework = &m->clock[CLOCK_REWORK];
    *ret_kind = finish->open ? CLOCK_FINISH : CLOCK_REWORK;
    if (finish->open) {
        return finish;
    }
    return u->lead && rework->open ? rework : NULL;
}

void model_end_unit(struct model *m, struct model_unit *u,
                    enum dispatch_state state, enum how work)
{
    model_each(m, u->clock, KIND(SIGN) | KIND(FINISH), work, m->now);
    model_each(m, u->clock, SIDE, DROPPED, m->now);
    u->state = state;
    u->wish.unit = LIMIT_NONE;
    if (m->lead != 0 && u == &m->unit[m->lead] && state != DISPATCH_DONE) {
        m->lead = 0;
    }
}

void model_end_units(struct model *m, enum dispatch_state state, enum how work)
{
    for (int i = 1; i <= m->units; i++) {
        if (model_works(&m->unit[i])) {
            model_end_unit(m, &m->unit[i], state, work);
        }
    }
}

void model_answered(struct model *m, uint32_t flags)
{
    m->flags |= flags;
    if (m->responded == INSTANT_NONE) {
        m->responded = m->now;
    }
}

void model_refile(struct model *m)
{
    m->state = TICKET_FILED;
    model_start(m, m->clock, CLOCK_TRIAGE, NULL, m->dispatcher);
}

/* -- sending --------------------------------------------------------------- */

/* What speaks against a limit of one's own that is to begin now. */
reasons model_own_limit(struct model *m, const struct event *ev)
{
    if (!ev->has_limit || ev->imported) {
        return 0;
    }
    instant due = m->rules->reckoning.due(m->now, ev->limit).at;
    return due == INSTANT_NONE || due <= m->now ? WHY(OUT_OF_BOUNDS) : 0;
}

static reasons over_max(struct model *m, const struct event *ev)
{
    if (!ev->has_limit || ev->imported || ev->special) {
        return 0;
    }
    const struct reckoning *r = &m->rules->reckoning;
    instant most = r->due(m->now, m->rules->finish_max).at;
    return r->due(m->now, ev->limit).at > most ? WHY(OUT_OF_BOUNDS) : 0;
}

/* The instant that no co dispatch may be due after, or INSTANT_NONE. */
static struct model_due leads_due(struct model *m)
{
    enum clock_kind kind;
    struct model_clock *c = model_works(model_leader(m))
                                ? model_promise(m, model_leader(m), &kind)
                                : NULL;
    if (c == NULL || model_late(c->due, m->now)) {
        return (struct model_due){INSTANT_NONE, false};
    }
    return c->due;
}

static reasons past_lead(struct model *m, const struct event *ev)
{
    instant most = leads_due(m).at;
    bool past = ev->has_limit && !ev->imported && most != INSTANT_NONE &&
                m->rules->reckoning.due(m->now, ev->limit).at > most;
    return past ? WHY(OUT_OF_BOUNDS) : 0;
}

static reasons may_send(struct model *m, const struct event *ev, bool lead,
                        int spare)
{
    reasons why =
        ev->unit <= 0 || (ev->special && !ev->has_limit) ? WHY(BAD_PARAM) : 0;
    for (int i = 1; i <= m->units; i++) {
        const struct model_unit *u = &m->unit[i];
        why |= i != spare && model_works(u) && u->unit == ev->unit ? WHY(EXISTS)
                                                                   : 0;
    }
    why |= m->against != 0 && ev->unit == m->against ? WHY(FORBIDDEN) : 0;
    why |= (m->flags & TICKET_PARENT) != 0 ? NO : 0;
    why |= model_own_limit(m, ev) | over_max(m, ev);
    return why | (lead ? 0 : past_lead(m, ev));
}

static bool afresh(const struct model *m, bool first)
{
    return m->round == 1 && (first || (m->flags & TICKET_APPEALED) != 0);
}

void model_promise_overall(struct model *m, const struct limit *limit,
                           bool first)
{
    if (afresh(m, first)) {
        model_start(m, m->clock, CLOCK_OVERALL, limit, model_promiser(m));
    }
}

static void begin_promises(struct model *m, const struct event *ev, bool first)
{
    bool whole =
        ev->has_limit && (ev->special || ev->limit.unit == LIMIT_UNTIL ||
                          ev->limit.unit == LIMIT_NONE);
    model_promise_overall(m, whole ? &ev->limit : NULL, first);
    if (afresh(m, first) && (first || (m->flags & TICKET_CONTACTED) == 0)) {
        model_start(m, m->clock, CLOCK_CONTACT, NULL, model_promiser(m));
    }
    if (afresh(m, first) && (first || (m->flags & TICKET_ANSWERED) == 0)) {
        model_start(m, m->clock, CLOCK_ANSWER, NULL, model_promiser(m));
    }
}

/* By when: as said, as what is handed on, or as the regulation says, a co
 * dispatch no later than the lead. */
static void begin_finish(struct model *m, const struct event *ev,
                         struct model_unit *u, const struct model_clock *rest)
{
    const struct reckoning *r = &m->rules->reckoning;
    struct model_clock *c = &u->clock[CLOCK_FINISH];
    if (ev->has_limit) {
        model_start(m, u->clock, CLOCK_FINISH, &ev->limit, u->unit);
    } else if (rest != NULL) {
        model_begin(m, c, rest->limit, rest->due, u->unit);
    } else if (u->lead) {
        model_start(m, u->clock, CLOCK_FINISH, NULL, u->unit);
    } else {
        struct model_due most = leads_due(m);
        struct model_due due = r->due(m->now, m->rules->co);
        bool cut = most.at != INSTANT_NONE && due.at > most.at;
        model_begin(m, c, m->rules->co, cut ? most : due, u->unit);
    }
}

static struct model_unit *send(struct model *m, const struct event *ev,
                               bool lead, const struct model_clock *rest)
{
    struct model_unit *u = &m->unit[++m->units];
    *u = (struct model_unit){.unit = ev->unit,
                             .lead = lead,
                             .state = DISPATCH_SENT,
                             .wish = {.unit = LIMIT_NONE}};
    model_start(m, u->clock, CLOCK_SIGN, NULL, u->unit);
    begin_finish(m, ev, u, rest);
    if (lead) {
        m->lead = m->units;
        model_pass_on(m, &m->clock[CLOCK_CONTACT], u->unit);
        model_pass_on(m, &m->clock[CLOCK_ANSWER], u->unit);
        model_pass_on(m, &m->clock[CLOCK_OVERALL], u->unit);
    }
    m->target = m->units;
    return u;
}

static reasons dispatch(struct model *m, const struct event *ev)
{
    bool lead = ev->kind == DISPATCH_LEAD;
    reasons why = may_send(m, ev, lead, 0);
    why |= model_in(m, lead ? "F" : "DH") ? 0 : NO;
    if (why != 0) {
        return why;
    }
    bool first = m->units == 0;
    send(m, ev, lead, NULL);
    if (lead) {
        m->state = TICKET_DISPATCHED;
        model_each(m, m->clock, KIND(TRIAGE), BY_GOAL, m->now);
        model_each(m, m->clock, KIND(SUPPLEMENT), DROPPED, m->now);
        begin_promises(m, ev, first);
    }
    m->flags |= ev->special ? (uint32_t)TICKET_SPECIAL : 0U;
    return 0;
}

static reasons transfer(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DH", "DH");
    if (u == NULL || u->state == DISPATCH_RETURN_ASKED) {
        return NO;
    }
    reasons why = may_send(m, ev, u->lead, 0);
    if (why != 0) {
        return why;
    }
    enum clock_kind kind;
    const struct model_clock *c = model_promise(m, u, &kind);
    bool lasts =
        c != NULL && c->due.at != INSTANT_NONE && !model_late(c->due, m->now);
    struct model_clock rest = lasts ? *c : (struct model_clock){.open = false};
    bool lead = u->lead;
    if (lead && m->state == TICKET_HANDLING) {
        m->state = TICKET_DISPATCHED;
        model_each(m, m->clock, KIND(REWORK), BY_GOAL, m->now);
        model_each(m, m->clock, KIND(APPEAL), DROPPED, m->now);
    }
    model_end_unit(m, u, DISPATCH_TRANSFERRED, BY_GOAL);
    send(m, ev, lead, lasts ? &rest : NULL);
    return 0;
}

static reasons recall(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "D", "DH");
    if (u == NULL || u->state != DISPATCH_SENT || u->acted) {
        return NO;
    }
    model_end_unit(m, u, DISPATCH_CANCELLED, DROPPED);
    if (u->lead) {
        model_refile(m);
    }
    return 0;
}

/* -- what a unit does ------------------------------------------------------ */

static reasons accept(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DJ", "FDHJ");
    if (u == NULL || u->state != DISPATCH_SENT) {
        return NO;
    }
    u->state = DISPATCH_ACCEPTED;
    u->acted = true;
    model_each(m, u->clock, KIND(SIGN), BY_GOAL, m->now);
    if (u->lead && m->state == TICKET_DISPATCHED) {
        m->state = TICKET_HANDLING;
    } else if (u->lead) {
        m->before = TICKET_HANDLING;
    }
    return 0;
}

static reasons return_ask(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DH", "FDH");
    if (u == NULL || u->state == DISPATCH_RETURN_ASKED || u->refused) {
        return NO;
    }
    u->before = u->state;
    u->state = DISPATCH_RETURN_ASKED;
    u->asked = m->now;
    u->acted = true;
    model_start(m, u->clock, CLOCK_RETURN, NULL, m->dispatcher);
    return 0;
}

void model_stuck(struct model *m)
{
    if (m->returns >= m->rules->returns_meeting ||
        m->round >= m->rules->rounds_meeting) {
        m->flags |= TICKET_AGENDA;
    }
}

/* The unit's time ends when it asked, and follows the fault. */
static reasons return_grant(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DH", "FDHJ");
    reasons why = u == NULL || u->state != DISPATCH_RETURN_ASKED ? NO : 0;
    why |= ev->fault == FAULT_NONE ? WHY(BAD_PARAM) : 0;
    if (why != 0) {
        return why;
    }
    enum how how = ev->fault == FAULT_DISPATCHER ? VOIDED : BY_GOAL;
    model_each(m, u->clock, KIND(SIGN) | KIND(FINISH), how, u->asked);
    model_each(m, u->clock, KIND(RETURN), BY_GOAL, m->now);
    if (u->lead) {
        model_each(m, m->clock, KIND(REWORK), how, u->asked);
        model_each(m, m->clock, KIND(APPEAL), DROPPED, m->now);
        m->returns++;
        model_stuck(m);
        model_refile(m);
    }
    model_end_unit(m, u, DISPATCH_RETURNED, DROPPED);
    return 0;
}

static reasons return_refuse(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DHJ", "FDHJ");
    if (u == NULL || u->state != DISPATCH_RETURN_ASKED) {
        return NO;
    }
    u->state = u->before;
    u->refused = true;
    model_each(m, u->clock, KIND(RETURN), BY_GOAL, m->now);
    return 0;
}

static reasons assign(struct model *m, const struct event *ev)
{
    struct model_unit *u = model_worker(m, ev, "DHSJ", "DHSJ");
    if (u == NULL) {
        return NO;
    }
    u->handler = ev->person;
    u->acted = true;
    return 0;
}

static reasons contact(struct model *m, const struct event *ev, bool answer)
{
    struct model_unit *u = model_worker(m, ev, "DHJ", "DHJ");
    if (u == NULL) {
        return NO;
    }
    u->acted = true;
    model_each(m, m->clock, KIND(CONTACT), BY_GOAL, m->now);
    if (answer) {
        model_each(m, m->clock, KIND(ANSWER), BY_GOAL, m->now);
    }
    model_answered(m, TICKET_CONTACTED | (answer ? TICKET_ANSWERED : 0U));
    return 0;
}

/* -- the end of the work --------------------------------------------------- */

static void leads_resolve(struct model *m, struct model_unit *u)
{
    model_answered(m, TICKET_CONTACTED | TICKET_ANSWERED);
    model_each(m, m->clock, KIND(APPEAL), DROPPED, m->now);
    if (!m->rules->review) {
        model_end_unit(m, u, DISPATCH_DONE, BY_GOAL);
        model_resolved(m);
        return;
    }
    model_each(m, u->clock, KIND(FINISH), HELD, m->now);
    model_each(m, u->clock, SIDE, DROPPED, m->now);
    u->state = DISPATCH_DONE;
    u->wish.unit = LIMIT_NONE;
    m->state = TICKET_REVIEW;
    model_each(m, m->clock, KIND(OVERALL) | KIND(REWORK), HELD, m->now);
    model_each(m, m->clock, KIND(CONTACT) | KIND(ANSWER), BY_GOAL, m->now);
    model_start(m, m->clock, CLOCK_REVIEW, NULL, m->dispatcher);
}

static reasons resolve(struct model *m, const struct event *ev)
{
    bool parent = (m->flags & TICKET_PARENT) != 0;
    if (parent && m->lead == 0 && ev->dispatch == 0) {
        bool can = m->state == TICKET_HANDLING;
        if (can && model_open_units(m, 0) == 0) {
            model_answered(m, TICKET_CONTACTED | TICKET_ANSWERED);
            model_resolved(m);
            return 0;
        }
        return can ? WHY(BLOCKED) : NO;
    }
    struct model_unit *u = model_worker(m, ev, "H", "FDHJ");
    reasons why = u == NULL || u->state != DISPATCH_ACCEPTED ? NO : 0;
    if (why == 0 && u->lead && model_open_units(m, m->lead) > 0) {
        why = WHY(BLOCKED);
    }
    if (why == 0) { /* the answer to a supervision is that it is done */
        model_each(m, u->clock, KIND(SUPERVISE), BY_GOAL, m->now);
        if (u->lead) {
            leads_resolve(m, u);
        } else {
            model_end_unit(m, u, DISPATCH_DONE, BY_GOAL);
        }
    }
    return why;
}

static reasons meet_dispatch(struct model *m, const struct event *ev)
{
    reasons why = may_send(m, ev, true, m->lead);
    why |= model_in(m, "J") ? 0 : NO;
    if (why != 0) {
        return why;
    }
    bool first = m->units == 0;
    if (m->lead != 0) {
        model_end_unit(m, model_leader(m), DISPATCH_TRANSFERRED, BY_GOAL);
    }
    model_each(m, m->clock, KIND(MEETING) | KIND(TRIAGE) | KIND(REWORK),
               BY_GOAL, m->now);
    m->state = TICKET_DISPATCHED;
    send(m, ev, true, NULL);
    begin_promises(m, ev, first);
    m->flags |= ev->special ? (uint32_t)TICKET_SPECIAL : 0U;
    return 0;
}

reasons model_unit_step(struct model *m, const struct event *ev)
{
    switch ((int)ev->type) {
    case EV_DISPATCH:
        return dispatch(m, ev);
    case EV_TRANSFER:
        return transfer(m, ev);
    case EV_RECALL:
        return recall(m, ev);
    case EV_ACCEPT:
        return accept(m, ev);
    case EV_RETURN_ASK:
        return return_ask(m, ev);
    case EV_RETURN_GRANT:
        return return_grant(m, ev);
    case EV_RETURN_REFUSE:
        return return_refuse(m, ev);
    case EV_ASSIGN:
        return assign(m, ev);
    case EV_CONTACT:
    case EV_ANSWER:
        return contact(m, ev, ev->type == EV_ANSWER);
    case EV_RESOLVE:
        return resolve(m, ev);
    case EV_MEET_DISPATCH:
        return meet_dispatch(m, ev);
    default:
        return NOT_MINE;
    }
}
