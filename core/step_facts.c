/* What an event says beside its move: a flag, a score, a name, a moment. One
 * function an event; those that say nothing have none. */
#include "core/step.h"

#include <assert.h>
#include <stddef.h>

#include "core/clock.h"

typedef void fact(const struct move *m, const struct ticket_rule *rule);

static void set_flags(const struct move *m, uint32_t flags)
{
    m->out->after.flags |= flags;
}

/* What came back or was redone too often is for the joint meeting. */
void step_note_stuck(const struct move *m)
{
    const struct ticket *t = &m->out->after;
    const struct bounds *bounds = &m->rules->regulation->bounds;
    if (t->returns >= bounds->returns_meeting ||
        t->round >= bounds->rounds_meeting) {
        set_flags(m, TICKET_AGENDA);
    }
}

/* -- the work -------------------------------------------------------------- */

static void respond(const struct move *m, uint32_t heard)
{
    struct ticket *t = &m->out->after;
    if (t->responded == INSTANT_NONE) {
        t->responded = m->ev->at;
    }
    set_flags(m, heard);
}

static void contact(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    respond(m, TICKET_CONTACTED);
}

static void answer(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    respond(m, TICKET_CONTACTED | TICKET_ANSWERED);
}

/* A resolve is an answer; a co-handler's is told the lead only. */
static void resolve(const struct move *m, const struct ticket_rule *rule)
{
    if (rule->guard != GUARD_CO) {
        answer(m, rule);
    }
}

/* A meeting lets the units go on: it ends where the work has come to. */
static void accept(const struct move *m, const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    (void)rule;
    assert(m->target != NULL);
    if (t->state == TICKET_MEETING && t->before == TICKET_DISPATCHED &&
        m->target->kind == DISPATCH_LEAD) {
        t->before = TICKET_HANDLING;
    }
}

static void dispatch(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    set_flags(m, step_special(m->ev) ? TICKET_SPECIAL : 0U);
}

/* Only the lead's sends the ticket back; a co-handler's is replaced. */
static void return_grant(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    assert(m->target != NULL);
    if (m->target->kind == DISPATCH_LEAD) {
        m->out->after.returns++;
        step_note_stuck(m);
    }
}

static void urge(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    m->out->after.urged = m->ev->at;
}

static void meet(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    m->out->after.flags &= ~(uint32_t)TICKET_AGENDA; /* it is on no list now */
}

/* -- scores ---------------------------------------------------------------- */

static void evaluate(const struct move *m, const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    (void)rule;
    t->score = m->ev->score;
    t->solved = m->ev->solved;
    set_flags(m, t->state == TICKET_RESOLVED ? TICKET_EVALUATED : 0U);
}

static void silence(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    set_flags(m, TICKET_SILENT);
}

static void comment(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    set_flags(m, TICKET_COMMENTED);
}

static void score_appeal(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    set_flags(m, TICKET_SCORE_APPEALED);
}

static void score_grant(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    set_flags(m, TICKET_EVALUATED | TICKET_SCORE_EXCLUDED);
}

static void appeal(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    set_flags(m, TICKET_APPEALED);
}

/* -- whose ticket it is ---------------------------------------------------- */

/* The promises to the enterprise that the parts have to keep are the
 * dispatcher's, who split the ticket. */
static void split(const struct move *m, const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    (void)rule;
    set_flags(m, TICKET_PARENT);
    for (int32_t i = 0; i < t->n_clocks; i++) {
        struct clock *c = &t->clocks[i];
        bool promise = c->kind == CLOCK_OVERALL || c->kind == CLOCK_REWORK;
        if (promise && clock_open(c)) {
            c->unit = t->dispatcher;
        }
    }
}

static void merge(const struct move *m, const struct ticket_rule *rule)
{
    (void)rule;
    m->out->after.merged_into = m->ev->into;
}

/* A unit's clock stays the unit's, even if that is the dispatcher itself. */
static bool of_dispatcher(const struct ticket *t, const struct clock *c)
{
    uint32_t of_unit = CLOCK_BIT(CLOCK_SIGN) | CLOCK_BIT(CLOCK_FINISH) |
                       CLOCK_BIT(CLOCK_SUPERVISE);
    uint32_t of_lead = CLOCK_BIT(CLOCK_CONTACT) | CLOCK_BIT(CLOCK_ANSWER) |
                       CLOCK_BIT(CLOCK_OVERALL) | CLOCK_BIT(CLOCK_REWORK);
    if (ticket_lead(t) != NULL) {
        of_unit |= of_lead;
    }
    return clock_open(c) && c->unit == t->dispatcher &&
           (of_unit & CLOCK_BIT(c->kind)) == 0;
}

static void hand(const struct move *m, const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    (void)rule;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (of_dispatcher(t, &t->clocks[i])) {
            t->clocks[i].unit = m->ev->dispatcher;
        }
    }
    t->dispatcher = m->ev->dispatcher;
    t->flags |= TICKET_HANDED;
}

/* -- escalation ------------------------------------------------------------ */

/* Who the promiser of a clock is, in the words of enum tell. */
static uint32_t tell_promiser(const struct clock *c)
{
    switch (c->kind) {
    case CLOCK_SIGN:
    case CLOCK_FINISH:
    case CLOCK_SUPERVISE:
        return TELL_UNIT;
    case CLOCK_CONTACT:
    case CLOCK_ANSWER:
    case CLOCK_OVERALL:
    case CLOCK_REWORK:
        return TELL_LEAD;
    case CLOCK_EVALUATE:
        return TELL_ENTERPRISE;
    case CLOCK_SUPPLEMENT: /* who asked wants to know too */
        return TELL_ENTERPRISE | TELL_DISPATCHER;
    case CLOCK_APPEAL: /* against a score it is nobody's unit */
        return c->unit == 0 ? TELL_SUPERVISOR : TELL_DISPATCHER;
    default:
        return TELL_DISPATCHER;
    }
}

static uint32_t tell_step(enum step_does does, const struct clock *c)
{
    switch (does) {
    case STEP_TELL_SUPERVISOR:
        return TELL_SUPERVISOR;
    case STEP_SUPERVISE:
        return TELL_SUPERVISOR | tell_promiser(c);
    case STEP_AGENDA:
        return TELL_DISPATCHER;
    case STEP_TELL_HANDLER:
    case STEP_URGE:
    case STEP_DOES_COUNT:
        break;
    }
    return tell_promiser(c);
}

/* An order to the unit at work, with its own clock. A deadline cannot be
 * refused: where there is no room for one more clock, or no more calendar, it
 * stays with the telling. */
static void supervise(const struct move *m, int32_t dispatch)
{
    const struct ticket *t = &m->out->after;
    const struct dispatch *d =
        dispatch == 0 ? ticket_lead(t) : ticket_dispatch(t, dispatch);
    if (d != NULL && dispatch_at_work(d)) {
        struct clock_sets sets = {.start = CLOCK_BIT(CLOCK_SUPERVISE)};
        (void)step_move_clocks(m, sets, d);
    }
}

static void escalate(const struct move *m, const struct ticket_rule *rule)
{
    struct ticket *t = &m->out->after;
    int32_t i = 0;
    (void)rule;
    while (t->clocks[i].n != m->ev->clock) {
        i++; /* GUARD_DUE found it */
    }
    struct clock *c = &t->clocks[i];
    m->out->does = m->rules->regulation->steps[m->ev->step].does;
    m->out->fired_late = m->ev->at - c->next;
    m->out->dispatch = c->dispatch;
    m->out->tell |= tell_step(m->out->does, c);
    if (m->out->does == STEP_AGENDA) {
        set_flags(m, TICKET_AGENDA);
    }
    clock_fired(m->rules, c);
    if (m->out->does == STEP_SUPERVISE) {
        supervise(m, c->dispatch);
    }
}

/* -- all together ---------------------------------------------------------- */

static fact *const facts[EV_COUNT] = {
    [EV_ACCEPT] = accept,
    [EV_CONTACT] = contact,
    [EV_ANSWER] = answer,
    [EV_RESOLVE] = resolve,
    [EV_MEET_RESOLVE] = resolve,
    [EV_DISPATCH] = dispatch,
    [EV_MEET_DISPATCH] = dispatch,
    [EV_RETURN_GRANT] = return_grant,
    [EV_URGE] = urge,
    [EV_MEET] = meet,
    [EV_EVALUATE] = evaluate,
    [EV_SILENCE] = silence,
    [EV_COMMENT] = comment,
    [EV_SCORE_APPEAL] = score_appeal,
    [EV_SCORE_GRANT] = score_grant,
    [EV_APPEAL] = appeal,
    [EV_SPLIT] = split,
    [EV_MEET_SPLIT] = split,
    [EV_MERGE] = merge,
    [EV_HAND] = hand,
    [EV_ESCALATE] = escalate,
};

void step_note_facts(const struct move *m, const struct ticket_rule *rule)
{
    if (facts[m->ev->type] != NULL) {
        facts[m->ev->type](m, rule);
    }
}
