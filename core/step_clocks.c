/* What a row's sets do to the clocks, in the order: drop, stop, pause, resume,
 * start, so that what a row replaces is gone before what it begins. */
#include "core/step.h"

#include <stddef.h>

#include "core/clock.h"

enum {
    FIRST_ONLY = CLOCK_BIT(CLOCK_CONTACT) | CLOCK_BIT(CLOCK_ANSWER) |
                 CLOCK_BIT(CLOCK_OVERALL),
    OF_UNIT = CLOCK_BIT(CLOCK_SIGN) | CLOCK_BIT(CLOCK_FINISH) |
              CLOCK_BIT(CLOCK_REWORK),
};

static bool in(uint32_t set, enum clock_kind kind)
{
    return (set & CLOCK_BIT(kind)) != 0;
}

/* Design section 4, bounce: from asked to decided is not the unit's, and the
 * time before follows the fault. */
static void stop_returned(const struct move *m, struct clock *c)
{
    instant asked = m->target->asked;
    if (m->ev->fault == FAULT_DISPATCHER) {
        clock_void(c, asked);
    } else {
        clock_stop(c, asked);
    }
}

static void end_clock(const struct move *m, struct clock *c, bool drop)
{
    if (drop) {
        clock_drop(c, m->ev->at);
    } else if (m->ev->type == EV_RETURN_GRANT && in(OF_UNIT, c->kind)) {
        stop_returned(m, c);
    } else if (m->ev->type == EV_ARCHIVE && m->ev->clock != 0) {
        clock_void(c, m->ev->at); /* the clock archives: no promise broken */
    } else {
        clock_stop(c, m->ev->at);
    }
}

static enum err hold_clock(const struct move *m, struct clock_sets sets,
                           struct clock *c)
{
    if (in(sets.pause, c->kind) && c->run == CLOCK_RUNNING) {
        clock_pause(c, m->ev->at);
    } else if (in(sets.resume, c->kind) && c->run == CLOCK_PAUSED) {
        return clock_resume(m->rules, c, m->ev->at);
    }
    return OK;
}

/* `own`: the clock belongs to what the row is about. A ticket's row (d NULL)
 * holds the clocks of all its dispatches too. */
static enum err touch_clock(const struct move *m, struct clock_sets sets,
                            struct clock *c, const struct dispatch *d)
{
    bool own = c->dispatch == (d == NULL ? 0 : d->n);
    if (!clock_open(c)) {
        return OK;
    }
    if (own && in(sets.drop | sets.stop, c->kind)) {
        end_clock(m, c, in(sets.drop, c->kind));
        return OK;
    }
    return own || d == NULL ? hold_clock(m, sets, c) : OK;
}

/* Whose promise a clock is: the unit's, the dispatcher's, the enterprise's. */
static register_id promiser(const struct move *m, enum clock_kind kind,
                            const struct dispatch *d)
{
    const struct ticket *t = &m->out->after;
    const struct dispatch *lead = ticket_lead(t);
    switch (kind) {
    case CLOCK_SIGN:
    case CLOCK_FINISH:
    case CLOCK_SUPERVISE:
        return d == NULL ? 0 : d->unit;
    case CLOCK_CONTACT:
    case CLOCK_ANSWER:
    case CLOCK_OVERALL:
    case CLOCK_REWORK:
        return lead == NULL ? t->dispatcher : lead->unit;
    case CLOCK_EVALUATE:
    case CLOCK_SUPPLEMENT:
        return t->enterprise;
    case CLOCK_APPEAL: /* against a score: a supervisor's, nobody's unit */
        return m->ev->type == EV_SCORE_APPEAL ? 0 : t->dispatcher;
    case CLOCK_TRIAGE:
    case CLOCK_REVIEW:
    case CLOCK_SUSPENSION:
    case CLOCK_MEETING:
    case CLOCK_RETURN:
    case CLOCK_EXTENSION:
    case CLOCK_ARCHIVE:
    case CLOCK_KIND_COUNT:
        break;
    }
    return t->dispatcher;
}

/* OVERALL, CONTACT and ANSWER begin with the first dispatch; with the next one
 * too if a decline took them away and an appeal was granted. Of a later round
 * REWORK is the promise, even if parts did the first and nobody has led yet. */
static bool begins_promise(const struct move *m, enum clock_kind kind)
{
    const struct ticket *t = &m->out->after;
    bool again = (t->flags & TICKET_APPEALED) != 0;
    if (kind == CLOCK_CONTACT) {
        again = again && (t->flags & TICKET_CONTACTED) == 0;
    } else if (kind == CLOCK_ANSWER) {
        again = again && (t->flags & TICKET_ANSWERED) == 0;
    }
    return t->round == 1 && (m->first || again);
}

static bool begins(const struct move *m, enum clock_kind kind, int32_t n)
{
    const struct ticket *t = &m->out->after;
    if (ticket_clock(t, kind, n) != NULL) {
        return false;
    }
    if (kind == CLOCK_REWORK) {
        return t->round > 1;
    }
    return !in(FIRST_ONLY, kind) || begins_promise(m, kind);
}

static enum err start_clock(const struct move *m, enum clock_kind kind,
                            const struct dispatch *d)
{
    struct ticket *t = &m->out->after;
    if (t->n_clocks == CLOCKS_MAX) {
        return ERR_LIMIT;
    }
    struct budget budget;
    enum err err = step_budget(m, kind, d, &budget);
    if (err != OK) {
        return err;
    }
    struct clock *c = &t->clocks[t->n_clocks];
    *c = (struct clock){
        .n = t->clock_last + 1,
        .kind = kind,
        .dispatch = d == NULL ? 0 : d->n,
        .unit = promiser(m, kind, d),
        .round = t->round,
        .start = m->ev->at,
        .limit = budget.limit,
    };
    clock_start(m->rules, c, budget.due);
    t->clock_last++;
    t->n_clocks++;
    return OK;
}

enum err step_move_clocks(const struct move *m, struct clock_sets sets,
                          const struct dispatch *d)
{
    struct ticket *t = &m->out->after;
    enum err err = OK;
    for (int32_t i = 0; i < t->n_clocks && err == OK; i++) {
        err = touch_clock(m, sets, &t->clocks[i], d);
    }
    for (int k = 0; k < CLOCK_KIND_COUNT && err == OK; k++) {
        enum clock_kind kind = (enum clock_kind)k;
        if (in(sets.start, kind) && begins(m, kind, d == NULL ? 0 : d->n)) {
            err = start_clock(m, kind, d);
        }
    }
    return err;
}
