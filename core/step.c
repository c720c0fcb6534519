/* The step: one event, one row of each table, one outcome.
 *
 *   check the event -> forget what is ended -> find the dispatch(es) meant ->
 *   find the ticket's row -> new round? -> move the due that is extended ->
 *   move the dispatches by their rows -> move the ticket's clocks and state ->
 *   facts of the event -> invariants */
#include "core/step.h"

#include <assert.h>
#include <stddef.h>

#include "core/clock.h"

/* Which dispatches an event is about, beside the ticket. */
enum scope {
    SCOPE_TICKET,
    SCOPE_ONE,  /* ev->dispatch; 0 is the lead */
    SCOPE_LEAD, /* the lead, if one stands */
    SCOPE_ALL,  /* every open one */
};

static const enum scope scopes[EV_COUNT] = {
    [EV_ACCEPT] = SCOPE_ONE,
    [EV_RETURN_ASK] = SCOPE_ONE,
    [EV_RETURN_GRANT] = SCOPE_ONE,
    [EV_RETURN_REFUSE] = SCOPE_ONE,
    [EV_TRANSFER] = SCOPE_ONE,
    [EV_ASSIGN] = SCOPE_ONE,
    [EV_CONTACT] = SCOPE_ONE,
    [EV_ANSWER] = SCOPE_ONE,
    [EV_EXTEND_ASK] = SCOPE_ONE,
    [EV_EXTEND_GRANT] = SCOPE_ONE,
    [EV_EXTEND_REFUSE] = SCOPE_ONE,
    [EV_RECALL] = SCOPE_ONE,
    [EV_URGE] = SCOPE_ONE,
    [EV_SUPERVISE] = SCOPE_ONE,
    [EV_SUPERVISE_REPLY] = SCOPE_ONE,
    [EV_RESOLVE] = SCOPE_ONE,
    [EV_REVIEW_PASS] = SCOPE_LEAD,
    [EV_REVIEW_FAIL] = SCOPE_LEAD,
    [EV_EVALUATE] = SCOPE_LEAD,
    [EV_REWORK] = SCOPE_LEAD,
    [EV_SCORE_APPEAL] = SCOPE_LEAD,
    [EV_SCORE_GRANT] = SCOPE_LEAD,
    [EV_SCORE_REFUSE] = SCOPE_LEAD,
    [EV_MEET_DISPATCH] = SCOPE_LEAD,
    [EV_MEET_EXTEND] = SCOPE_LEAD,
    [EV_MEET_RESOLVE] = SCOPE_LEAD,
    [EV_WITHDRAW] = SCOPE_ALL,
    [EV_MERGE] = SCOPE_ALL,
    [EV_SPLIT] = SCOPE_ALL,
    [EV_MEET_SPLIT] = SCOPE_ALL,
};

/* -- before ---------------------------------------------------------------- */

/* Drops what the last step ended: it is saved by now, and its room is needed.
 * The lead of this round stays, since a rework reopens it. */
static void forget_ended(struct ticket *t)
{
    const struct dispatch *lead = ticket_lead(t);
    int32_t keep = lead == NULL ? 0 : lead->n;
    int32_t n = 0;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        if (!dispatch_state_final(t->dispatches[i].state) ||
            t->dispatches[i].n == keep) {
            t->dispatches[n++] = t->dispatches[i];
        }
    }
    t->n_dispatches = n;
    n = 0;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (clock_open(&t->clocks[i])) {
            t->clocks[n++] = t->clocks[i];
        }
    }
    t->n_clocks = n;
}

static void file(struct ticket *t, const struct event *ev)
{
    *t = (struct ticket){
        .id = ev->id,
        .state = TICKET_FILED,
        .before = TICKET_FILED,
        .round = 1,
        .flags = (ev->imported ? TICKET_IMPORTED : 0U) |
                 (ev->confidential ? TICKET_CONFIDENTIAL : 0U),
        .enterprise = ev->enterprise,
        .dispatcher = ev->dispatcher,
        .category = ev->category,
        .urgency = ev->urgency,
        .channel = ev->channel,
        .filed = ev->at,
        .against = ev->against,
        .parent = ev->parent,
        .responded = INSTANT_NONE,
        .resolved = INSTANT_NONE,
        .urged = INSTANT_NONE,
    };
}

/* -- which dispatch -------------------------------------------------------- */

/* Urging names a dispatch, or means the lead if one is at work, or else nobody
 * in particular. */
static enum scope scope_of(const struct move *m)
{
    const struct dispatch *lead = ticket_lead(&m->out->after);
    if (m->ev->type != EV_URGE || m->ev->dispatch != 0) {
        return scopes[m->ev->type];
    }
    return lead != NULL && lead->state != DISPATCH_DONE ? SCOPE_LEAD
                                                        : SCOPE_TICKET;
}

static enum err find_target(struct move *m)
{
    struct ticket *t = &m->out->after;
    enum scope scope = scope_of(m);
    if (m->ev->type == EV_DISPATCH) {
        return step_new_dispatch(m, m->ev->kind, &m->target);
    }
    if (scope != SCOPE_ONE && scope != SCOPE_LEAD) {
        return OK;
    }
    const struct dispatch *lead = ticket_lead(t);
    int32_t n = scope == SCOPE_ONE ? m->ev->dispatch : 0;
    if (n == 0 && lead != NULL) {
        n = lead->n;
    }
    const struct dispatch *found = ticket_dispatch(t, n);
    if (found != NULL) {
        m->target = &t->dispatches[found - t->dispatches];
        return OK;
    }
    bool parent =
        m->ev->type == EV_RESOLVE && n == 0 && (t->flags & TICKET_PARENT) != 0;
    return scope == SCOPE_LEAD || parent ? OK : ERR_NOT_FOUND;
}

/* -- moving ---------------------------------------------------------------- */

/* A score that is bad, or an order, takes RESOLVED back to HANDLING: a new
 * round, for which nothing has been heard yet. */
static enum err begin_round(const struct move *m,
                            const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    if (rule->from != TICKET_RESOLVED || rule->to != TICKET_HANDLING) {
        return OK;
    }
    if (t->round == ROUNDS_MAX) {
        return ERR_LIMIT;
    }
    t->round++;
    t->flags &=
        ~(uint32_t)(TICKET_EVALUATED | TICKET_SILENT | TICKET_SCORE_APPEALED |
                    TICKET_SCORE_EXCLUDED | TICKET_COMMENTED);
    if (m->ev->type == EV_REWORK) {
        t->score = 0; /* ordered, not scored: there is nothing to dispute */
        t->solved = false;
    }
    step_note_stuck(m);
    return OK;
}

static enum err move_all(const struct move *m)
{
    struct ticket *t = &m->out->after;
    enum err err = OK;
    for (int32_t i = 0; i < t->n_dispatches && err == OK; i++) {
        if (!dispatch_state_final(t->dispatches[i].state)) {
            err = step_move_dispatch(m, &t->dispatches[i]);
        }
    }
    return err;
}

/* A transfer and a meeting's dispatch end one dispatch and make another. */
static enum err replace(const struct move *m)
{
    assert(m->ev->type != EV_TRANSFER || m->target != NULL);
    enum dispatch_kind kind =
        m->ev->type == EV_TRANSFER ? m->target->kind : DISPATCH_LEAD;
    struct dispatch *made = NULL;
    enum err err = step_new_dispatch(m, kind, &made);
    if (err == OK) {
        err = step_move_dispatch(m, made);
    }
    if (err == OK) {
        m->out->dispatch = made->n;
    }
    return err;
}

static enum err move_dispatches(const struct move *m)
{
    enum err err = OK;
    if (m->ev->type == EV_EXTEND_GRANT || m->ev->type == EV_MEET_EXTEND) {
        err = step_extend(m);
    }
    if (err != OK) {
        return err;
    }
    if (scopes[m->ev->type] == SCOPE_ALL) {
        err = move_all(m);
    } else if (m->target != NULL) {
        m->out->dispatch = m->target->n;
        err = step_move_dispatch(m, m->target);
    }
    if (err == OK &&
        (m->ev->type == EV_TRANSFER || m->ev->type == EV_MEET_DISPATCH)) {
        err = replace(m);
    }
    return err;
}

static enum err move_ticket(const struct move *m,
                            const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    struct clock_sets sets = {rule->start, rule->stop, rule->drop, rule->pause,
                              rule->resume};
    enum err err = step_move_clocks(m, sets, NULL);
    if (err != OK) {
        return err;
    }
    enum ticket_state from = t->state;
    t->state = rule->to == TICKET_STATE_COUNT ? t->before : rule->to;
    if (t->state == TICKET_MEETING || t->state == TICKET_SUSPENDED) {
        if (from != t->state) {
            t->before = from;
        }
    }
    if (t->state == TICKET_RESOLVED && from != t->state &&
        m->ev->type != EV_SCORE_GRANT) {
        t->resolved = m->ev->at; /* a score struck out resolves nothing */
    }
    t->last = m->ev->at;
    m->out->tell |= rule->tell;
    return OK;
}

/* -- the step -------------------------------------------------------------- */

static enum err run(struct move *m)
{
    enum err err = find_target(m);
    if (err != OK) {
        return err;
    }
    const struct ticket_rule *rule = step_ticket_rule(m);
    if (rule == NULL) {
        return ERR_BAD_STATE;
    }
    err = step_check_move(m, rule);
    if (err == OK) {
        step_take_rest(m);
        err = begin_round(m, rule);
    }
    if (err == OK) {
        err = move_dispatches(m);
    }
    if (err == OK) {
        err = move_ticket(m, rule);
    }
    if (err == OK) {
        step_note_facts(m, rule);
    }
    return err;
}

enum err lifecycle_step(const struct lifecycle *l, const struct rules *rules,
                        const struct ticket *t, const struct event *ev,
                        struct outcome *ret)
{
    enum err err = step_check(rules, t, ev);
    if (err != OK) {
        return err;
    }
    struct outcome out = {.after = *t};
    struct move m = {.lifecycle = l, .rules = rules, .ev = ev, .out = &out};
    if (ev->type == EV_FILE) {
        file(&out.after, ev);
    }
    forget_ended(&out.after);
    m.first = out.after.dispatch_last == 0;
    err = run(&m);
    if (err == OK && !ticket_ok(&out.after)) {
        err = ERR_INTERNAL;
    }
    if (err == OK) {
        *ret = out;
    }
    return err;
}

enum err ticket_step(const struct rules *rules, const struct ticket *t,
                     const struct event *ev, struct outcome *ret)
{
    assert(ticket_ok(t));
    enum err err = lifecycle_step(&lifecycle, rules, t, ev, ret);
    assert(err != ERR_INTERNAL);
    return err;
}
