/* The events of the ticket in the walks' model: see walk_model.h. */
#include <stddef.h>

#include "property/walk_inside.h"

/* -- before the work ------------------------------------------------------- */

static reasons supplement(struct model *m, bool ask)
{
    if (!model_in(m, ask ? "F" : "FDHSJ")) {
        return NO;
    }
    if (ask) {
        model_each(m, m->clock, KIND(TRIAGE), HELD, m->now);
        model_start(m, m->clock, CLOCK_SUPPLEMENT, NULL, m->enterprise);
    } else {
        model_each(m, m->clock, KIND(SUPPLEMENT), BY_GOAL, m->now);
        model_each(m, m->clock, KIND(TRIAGE), LET_GO, m->now);
    }
    return 0;
}

static reasons decline(struct model *m)
{
    if (!model_in(m, "F")) {
        return NO;
    }
    if (model_open_units(m, 0) > 0) {
        return WHY(BLOCKED);
    }
    m->state = TICKET_DECLINED;
    model_each(m, m->clock, KIND(TRIAGE), BY_GOAL, m->now);
    model_each(m, m->clock, PROMISES | KIND(SUPPLEMENT), DROPPED, m->now);
    return 0;
}

static reasons appeal(struct model *m)
{
    if (!model_in(m, "N") || (m->flags & TICKET_APPEALED) != 0) {
        return NO;
    }
    m->flags |= TICKET_APPEALED;
    model_start(m, m->clock, CLOCK_APPEAL, NULL, m->dispatcher);
    return 0;
}

static reasons appeal_decide(struct model *m, bool grant)
{
    if (!model_in(m, "N") || !m->clock[CLOCK_APPEAL].open) {
        return NO;
    }
    model_each(m, m->clock, KIND(APPEAL), BY_GOAL, m->now);
    if (grant) {
        model_refile(m);
    }
    return 0;
}

/* -- suspension and meeting ------------------------------------------------ */

/* Is a request of some unit waiting for its decision? */
static bool undecided(const struct model *m)
{
    bool any = m->clock[CLOCK_APPEAL].open;
    for (int i = 1; i <= m->units; i++) {
        const struct model_clock *c = m->unit[i].clock;
        any = any || c[CLOCK_RETURN].open || c[CLOCK_EXTENSION].open;
    }
    return any;
}

/* The work of all is held, or let go. */
static void hold(struct model *m, enum how how)
{
    model_each(m, m->clock, WORK, how, m->now);
    for (int i = 1; i <= m->units; i++) {
        model_each(m, m->unit[i].clock, WORK, how, m->now);
    }
}

static reasons suspend(struct model *m, const struct event *ev)
{
    enum clock_kind kind;
    const struct model_clock *c = model_promise(m, model_leader(m), &kind);
    reasons why = model_own_limit(m, ev);
    why |= model_in(m, "H") ? 0 : NO;
    why |= undecided(m) ? WHY(BLOCKED) : 0;
    why |= c != NULL && model_late(c->due, m->now) ? WHY(TOO_LATE) : 0;
    if (why == 0) {
        m->before = m->state;
        m->state = TICKET_SUSPENDED;
        hold(m, HELD);
        model_start(m, m->clock, CLOCK_SUSPENSION,
                    ev->has_limit ? &ev->limit : NULL, m->dispatcher);
    }
    return why;
}

static reasons resume(struct model *m)
{
    if (!model_in(m, "S")) {
        return NO;
    }
    m->state = TICKET_HANDLING;
    model_each(m, m->clock, KIND(SUSPENSION), BY_GOAL, m->now);
    hold(m, LET_GO);
    return 0;
}

static reasons meet(struct model *m)
{
    if (!model_in(m, "FDH")) {
        return NO;
    }
    model_each(m, m->clock, KIND(SUPPLEMENT) | KIND(APPEAL), DROPPED, m->now);
    model_each(m, m->clock, KIND(TRIAGE), LET_GO, m->now);
    model_start(m, m->clock, CLOCK_MEETING, NULL, m->dispatcher);
    m->before = m->state;
    m->state = TICKET_MEETING;
    m->flags &= ~(uint32_t)TICKET_AGENDA;
    return 0;
}

static reasons meet_resolve(struct model *m)
{
    if (!model_in(m, "J")) {
        return NO;
    }
    if (m->lead == 0 || model_open_units(m, m->lead) > 0) {
        return WHY(BLOCKED);
    }
    m->target = m->lead;
    model_end_unit(m, model_leader(m), DISPATCH_DONE, BY_GOAL);
    model_each(m, m->clock, KIND(MEETING), BY_GOAL, m->now);
    model_resolved(m);
    model_answered(m, TICKET_CONTACTED | TICKET_ANSWERED);
    return 0;
}

/* The parts do the work from now on, the dispatcher answers for the whole. */
static reasons split(struct model *m, bool by_meeting)
{
    if (!model_in(m, by_meeting ? "J" : "FDH") || m->part) {
        return NO;
    }
    bool first = m->units == 0;
    model_end_units(m, DISPATCH_TRANSFERRED, BY_GOAL);
    model_each(m, m->clock, KIND(MEETING) | KIND(TRIAGE), BY_GOAL, m->now);
    model_each(m, m->clock,
               KIND(CONTACT) | KIND(ANSWER) | KIND(SUPPLEMENT) | KIND(APPEAL),
               DROPPED, m->now);
    model_promise_overall(m, NULL, first);
    if (m->round > 1) {
        model_start(m, m->clock, CLOCK_REWORK, NULL, m->dispatcher);
    }
    m->clock[CLOCK_OVERALL].unit = m->clock[CLOCK_REWORK].unit = m->dispatcher;
    m->state = TICKET_HANDLING;
    m->flags |= TICKET_PARENT;
    return 0;
}

/* -- after the work -------------------------------------------------------- */

void model_resolved(struct model *m)
{
    m->state = TICKET_RESOLVED;
    m->resolved = m->now;
    model_each(m, m->clock, PROMISES | KIND(REWORK), BY_GOAL, m->now);
    model_start(m, m->clock, CLOCK_EVALUATE, NULL, m->enterprise);
}

static reasons review(struct model *m, bool pass)
{
    if (!model_in(m, "V")) {
        return NO;
    }
    struct model_unit *u = model_leader(m);
    m->target = m->lead;
    model_each(m, m->clock, KIND(REVIEW), BY_GOAL, m->now);
    if (pass) {
        model_each(m, u->clock, KIND(FINISH), BY_GOAL, m->now);
        model_resolved(m);
    } else {
        u->state = DISPATCH_ACCEPTED;
        model_each(m, u->clock, KIND(FINISH), LET_GO, m->now);
        model_each(m, m->clock, KIND(OVERALL) | KIND(REWORK), LET_GO, m->now);
        m->state = TICKET_HANDLING;
    }
    return 0;
}

static reasons again(struct model *m, bool by_score)
{
    if (m->round == ROUNDS_MAX) {
        return WHY(LIMIT);
    }
    m->round++;
    m->flags &=
        ~(uint32_t)(TICKET_EVALUATED | TICKET_SILENT | TICKET_SCORE_APPEALED |
                    TICKET_SCORE_EXCLUDED | TICKET_COMMENTED);
    m->disputable = by_score;
    m->score = 0; /* the latest round's: none yet */
    m->solved = false;
    m->state = TICKET_HANDLING;
    m->target = m->lead;
    model_each(m, m->clock, KIND(EVALUATE), by_score ? BY_GOAL : DROPPED,
               m->now);
    model_each(m, m->clock, KIND(ARCHIVE), DROPPED, m->now);
    if (m->lead != 0) {
        model_leader(m)->state = DISPATCH_ACCEPTED;
    }
    model_start(m, m->clock, CLOCK_REWORK, NULL, model_promiser(m));
    model_stuck(m);
    return 0;
}

static reasons evaluate(struct model *m, const struct event *ev)
{
    if (!model_in(m, "R") || (m->flags & TICKET_EVALUATED) != 0) {
        return NO;
    }
    if (ev->score < 1 || ev->score > 5) {
        return WHY(BAD_PARAM);
    }
    bool bad = !ev->solved || ev->score <= m->rules->score_bad;
    reasons why = bad ? again(m, true) : 0;
    if (why != 0) {
        return why;
    }
    m->score = ev->score;
    m->solved = ev->solved;
    if (!bad) {
        m->target = m->lead;
        m->flags |= TICKET_EVALUATED;
        model_each(m, m->clock, KIND(EVALUATE), BY_GOAL, m->now);
        model_start(m, m->clock, CLOCK_ARCHIVE, NULL, m->dispatcher);
    }
    return 0;
}

static reasons archive(struct model *m)
{
    uint32_t heard = TICKET_EVALUATED | TICKET_SILENT;
    if (!model_in(m, "R") || (m->flags & heard) == 0) {
        return NO;
    }
    m->state = TICKET_ARCHIVED;
    model_each(m, m->clock, KIND(ARCHIVE), BY_GOAL, m->now);
    return 0;
}

static reasons comment(struct model *m)
{
    bool scored = (m->flags & TICKET_EVALUATED) != 0;
    if (!model_in(m, "RA") || !scored || (m->flags & TICKET_COMMENTED) != 0) {
        return NO;
    }
    m->flags |= TICKET_COMMENTED;
    return 0;
}

static reasons score_appeal(struct model *m)
{
    if (!model_in(m, "H") || !m->disputable || m->lead == 0 ||
        (m->flags & TICKET_SCORE_APPEALED) != 0 ||
        model_leader(m)->state != DISPATCH_ACCEPTED) {
        return NO;
    }
    m->target = m->lead;
    m->flags |= TICKET_SCORE_APPEALED;
    model_start(m, m->clock, CLOCK_APPEAL, NULL, 0);
    return 0;
}

static reasons score_decide(struct model *m, bool grant)
{
    struct model_unit *u = model_leader(m);
    if (!model_in(m, "H") || !m->clock[CLOCK_APPEAL].open ||
        u->state != DISPATCH_ACCEPTED) {
        return NO;
    }
    if (grant && model_open_units(m, m->lead) > 0) {
        return WHY(BLOCKED);
    }
    m->target = m->lead;
    model_each(m, m->clock, KIND(APPEAL), BY_GOAL, m->now);
    if (grant) {
        model_end_unit(m, u, DISPATCH_DONE, DROPPED);
        model_each(m, m->clock, KIND(REWORK), DROPPED, m->now);
        model_start(m, m->clock, CLOCK_ARCHIVE, NULL, m->dispatcher);
        m->flags |= TICKET_EVALUATED | TICKET_SCORE_EXCLUDED;
        m->state = TICKET_RESOLVED;
    }
    return 0;
}

/* -- at any time ----------------------------------------------------------- */

static reasons close(struct model *m, const struct event *ev)
{
    bool merge = ev->type == EV_MERGE;
    if (!model_in(m, merge ? "FDHS" : "FDHSJ")) {
        return NO;
    }
    if (merge && (ev->into <= 0 || ev->into == m->id)) {
        return WHY(BAD_PARAM);
    }
    model_end_units(m, DISPATCH_CANCELLED, DROPPED);
    model_each(m, m->clock, UINT32_MAX, DROPPED, m->now);
    m->state = merge ? TICKET_MERGED : TICKET_WITHDRAWN;
    m->into = merge ? ev->into : 0;
    return 0;
}

static void hand_clocks(struct model_clock *clocks, register_id from,
                        register_id to)
{
    for (int kind = 0; kind < CLOCK_KIND_COUNT; kind++) {
        if (clocks[kind].open && clocks[kind].unit == from) {
            clocks[kind].unit = to;
        }
    }
}

static reasons hand(struct model *m, const struct event *ev)
{
    if (!model_in(m, "FDHVRSJN")) {
        return NO;
    }
    if (ev->dispatcher <= 0) {
        return WHY(BAD_PARAM);
    }
    hand_clocks(m->clock, m->dispatcher, ev->dispatcher);
    for (int i = 1; i <= m->units; i++) {
        hand_clocks(m->unit[i].clock, m->dispatcher, ev->dispatcher);
    }
    m->dispatcher = ev->dispatcher;
    m->flags |= TICKET_HANDED;
    return 0;
}

static reasons ticket_step_of(struct model *m, const struct event *ev)
{
    switch ((int)ev->type) {
    case EV_SUPPLEMENT_ASK:
    case EV_SUPPLEMENT_GIVE:
        return supplement(m, ev->type == EV_SUPPLEMENT_ASK);
    case EV_DECLINE:
        return decline(m);
    case EV_APPEAL:
        return appeal(m);
    case EV_APPEAL_GRANT:
    case EV_APPEAL_REFUSE:
        return appeal_decide(m, ev->type == EV_APPEAL_GRANT);
    case EV_SUSPEND:
        return suspend(m, ev);
    case EV_RESUME:
        return resume(m);
    case EV_MEET:
        return meet(m);
    case EV_MEET_RESOLVE:
        return meet_resolve(m);
    case EV_SPLIT:
    case EV_MEET_SPLIT:
        return split(m, ev->type == EV_MEET_SPLIT);
    case EV_REVIEW_PASS:
    case EV_REVIEW_FAIL:
        return review(m, ev->type == EV_REVIEW_PASS);
    case EV_EVALUATE:
        return evaluate(m, ev);
    case EV_REWORK:
        return model_in(m, "R") ? again(m, false) : NO;
    case EV_ARCHIVE:
        return archive(m);
    case EV_COMMENT:
        return comment(m);
    case EV_SCORE_APPEAL:
        return score_appeal(m);
    case EV_SCORE_GRANT:
    case EV_SCORE_REFUSE:
        return score_decide(m, ev->type == EV_SCORE_GRANT);
    case EV_WITHDRAW:
    case EV_MERGE:
        return close(m, ev);
    case EV_HAND:
        return hand(m, ev);
    case EV_NOTE:
    case EV_LEADERS:
        return model_in(m, "FDHVRSJ") ? 0 : NO;
    case EV_CORRECT:
        return 0;
    default:
        return NO;
    }
}

reasons model_step(struct model *m, const struct event *ev)
{
    if (ev->at < m->now) {
        return WHY(OUT_OF_ORDER) | NO;
    }
    instant before = m->now;
    m->now = ev->at;
    m->moves++;
    m->target = 0;
    reasons why = model_unit_step(m, ev);
    if (why == NOT_MINE) {
        why = model_order_step(m, ev);
    }
    if (why == NOT_MINE) {
        why = ticket_step_of(m, ev);
    }
    if (why != 0) {
        m->now = before;
        m->moves--;
    }
    return why;
}

void model_fire(struct model *m, enum clock_kind kind, int dispatch, int step,
                instant at)
{
    struct model_clock *c =
        dispatch == 0 ? &m->clock[kind] : &m->unit[dispatch].clock[kind];
    struct model_unit *u = dispatch == 0 ? model_leader(m) : &m->unit[dispatch];
    m->now = at;
    m->moves++;
    if (step == STEP_NEXT_DUE && kind == CLOCK_EVALUATE) {
        m->flags |= TICKET_SILENT;
        model_each(m, m->clock, KIND(EVALUATE), BY_GOAL, at);
        model_start(m, m->clock, CLOCK_ARCHIVE, NULL, m->dispatcher);
        return;
    }
    if (step == STEP_NEXT_DUE) {
        m->state = TICKET_ARCHIVED;
        model_each(m, m->clock, KIND(ARCHIVE), VOIDED, at);
        return;
    }
    c->fired |= UINT32_C(1) << step;
    if (step == 2) {
        m->flags |= TICKET_AGENDA;
    } else if (step == 3 && model_works(u)) {
        model_start(m, u->clock, CLOCK_SUPERVISE, NULL, u->unit);
    }
}
