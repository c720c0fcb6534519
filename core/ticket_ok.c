/* The invariants of a ticket, as facts that hold between any two steps. Loaded
 * tickets may lack ended dispatches and stopped clocks; nothing here needs one
 * but the lead of the present round.
 *
 *   final states   no open dispatch, no open clock (DECLINED: its appeal's)
 *   FILED          triage runs, or rests while a supplement is awaited; no lead
 *                  stands
 *   DISPATCHED     the lead is SENT, or asks to return from there
 *   HANDLING       the lead is ACCEPTED, or asks to return from there, or the
 *                  ticket is a split parent
 *   REVIEW         the lead is DONE, its finish clock paused
 *   RESOLVED       the lead is DONE; evaluate runs, or, with a score or a
 *                  recorded silence, archive
 *   SUSPENDED      as HANDLING, with the clocks of the work paused
 *   MEETING        as where it came from */
#include "core/ticket.h"

#include <stddef.h>

#include "core/clock.h"
#include "core/lifecycle.h"

static const uint32_t dispatch_clocks =
    CLOCK_BIT(CLOCK_SIGN) | CLOCK_BIT(CLOCK_FINISH) |
    CLOCK_BIT(CLOCK_SUPERVISE) | CLOCK_BIT(CLOCK_RETURN) |
    CLOCK_BIT(CLOCK_EXTENSION);

static const uint32_t promise_clocks =
    CLOCK_BIT(CLOCK_CONTACT) | CLOCK_BIT(CLOCK_ANSWER) |
    CLOCK_BIT(CLOCK_OVERALL) | CLOCK_BIT(CLOCK_REWORK);

/* The ticket's own clocks that may be open in a state, beside promise_clocks
 * where `work`. */
struct may_run {
    uint32_t clocks;
    bool work;
};

static const struct may_run may_run[TICKET_STATE_COUNT] = {
    [TICKET_FILED] = {CLOCK_BIT(CLOCK_TRIAGE) | CLOCK_BIT(CLOCK_SUPPLEMENT),
                      true},
    [TICKET_DISPATCHED] = {0, true},
    [TICKET_HANDLING] = {CLOCK_BIT(CLOCK_APPEAL), true},
    [TICKET_REVIEW] = {CLOCK_BIT(CLOCK_REVIEW) | CLOCK_BIT(CLOCK_OVERALL) |
                           CLOCK_BIT(CLOCK_REWORK),
                       false},
    [TICKET_RESOLVED] = {CLOCK_BIT(CLOCK_EVALUATE) | CLOCK_BIT(CLOCK_ARCHIVE),
                         false},
    [TICKET_DECLINED] = {CLOCK_BIT(CLOCK_APPEAL), false},
    [TICKET_SUSPENDED] = {CLOCK_BIT(CLOCK_SUSPENSION), true},
    [TICKET_MEETING] = {CLOCK_BIT(CLOCK_MEETING) | CLOCK_BIT(CLOCK_TRIAGE),
                        true},
};

static bool is_open(const struct ticket *t, enum clock_kind kind, int32_t n)
{
    return ticket_clock(t, kind, n) != NULL;
}

/* -- clocks ---------------------------------------------------------------- */

static bool clock_consistent(const struct clock *c)
{
    bool stopped = c->run == CLOCK_STOPPED;
    bool paused = c->run == CLOCK_PAUSED;
    bool waits = c->next != INSTANT_NONE;
    bool acts = c->kind == CLOCK_EVALUATE || c->kind == CLOCK_ARCHIVE;
    return stopped == (c->stop != INSTANT_NONE) &&
           stopped == (c->verdict != VERDICT_OPEN) &&
           paused == (c->paused != INSTANT_NONE) &&
           !(waits && (stopped || paused)) &&
           !(acts && !stopped && c->due.at != INSTANT_NONE && !waits) &&
           (!stopped || c->stop >= c->start) && c->turn >= 0 &&
           (!waits || (c->next >= c->start && c->next_step >= 0 &&
                       c->next_step <= STEP_NEXT_DUE));
}

/* A dispatch's clock needs its dispatch at work; only a review keeps the finish
 * clock of a finished one, paused. */
static bool clock_of_dispatch_ok(const struct ticket *t, const struct clock *c)
{
    const struct dispatch *d = ticket_dispatch(t, c->dispatch);
    if (d == NULL) {
        return false;
    }
    if (d->state == DISPATCH_DONE) {
        return t->state == TICKET_REVIEW && c->kind == CLOCK_FINISH &&
               c->run == CLOCK_PAUSED;
    }
    return !dispatch_state_final(d->state) && d->state != DISPATCH_WAITING;
}

static bool clock_of_ticket_ok(const struct ticket *t, const struct clock *c)
{
    uint32_t may = may_run[t->state].clocks;
    if (may_run[t->state].work) {
        may |= promise_clocks;
    }
    return c->dispatch == 0 && (may & CLOCK_BIT(c->kind)) != 0;
}

static bool clock_ok(const struct ticket *t, const struct clock *c)
{
    if ((unsigned)c->kind >= CLOCK_KIND_COUNT || !clock_consistent(c)) {
        return false;
    }
    if (!clock_open(c)) {
        return true;
    }
    if (ticket_clock(t, c->kind, c->dispatch) != c) {
        return false; /* two of a kind */
    }
    bool of_dispatch = (dispatch_clocks & CLOCK_BIT(c->kind)) != 0;
    return of_dispatch ? clock_of_dispatch_ok(t, c) : clock_of_ticket_ok(t, c);
}

static bool clocks_ok(const struct ticket *t)
{
    if (t->n_clocks < 0 || t->n_clocks > CLOCKS_MAX) {
        return false;
    }
    int32_t before = 0;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (c->n <= before || c->n > t->clock_last || !clock_ok(t, c)) {
            return false;
        }
        before = c->n;
    }
    return true;
}

/* -- dispatches ------------------------------------------------------------ */

/* What is asked for stands there as long as its decision is due. */
static bool extension_ok(const struct ticket *t, const struct dispatch *d)
{
    bool asked = d->extension.unit != LIMIT_NONE;
    return limit_ok(d->extension) && d->extensions >= 0 &&
           asked == is_open(t, CLOCK_EXTENSION, d->n);
}

/* The unit complained of never has the ticket. */
static bool unit_ok(const struct ticket *t, const struct dispatch *d)
{
    return t->against == 0 || d->unit != t->against ||
           dispatch_state_final(d->state);
}

/* The unit's promise to finish; a later round's is the rework clock. */
static bool promises(const struct ticket *t, const struct dispatch *d)
{
    return is_open(t, CLOCK_FINISH, d->n) ||
           (d->kind == DISPATCH_LEAD && is_open(t, CLOCK_REWORK, 0));
}

static bool dispatch_state_ok(const struct ticket *t, const struct dispatch *d)
{
    bool sign = is_open(t, CLOCK_SIGN, d->n);
    bool asks = is_open(t, CLOCK_RETURN, d->n);
    switch (d->state) {
    case DISPATCH_SENT:
        return sign && !asks && is_open(t, CLOCK_FINISH, d->n);
    case DISPATCH_ACCEPTED:
        return !sign && !asks && promises(t, d);
    case DISPATCH_RETURN_ASKED:
        return asks && promises(t, d) && d->asked != INSTANT_NONE &&
               (d->before_ask == DISPATCH_SENT ||
                d->before_ask == DISPATCH_ACCEPTED) &&
               sign == (d->before_ask == DISPATCH_SENT);
    case DISPATCH_WAITING:
    case DISPATCH_DONE:
    case DISPATCH_RETURNED:
    case DISPATCH_TRANSFERRED:
    case DISPATCH_CANCELLED:
    case DISPATCH_STATE_COUNT:
        break;
    }
    return (unsigned)d->state < DISPATCH_STATE_COUNT && !sign && !asks;
}

static bool dispatches_ok(const struct ticket *t)
{
    if (t->n_dispatches < 0 || t->n_dispatches > DISPATCHES_MAX) {
        return false;
    }
    int32_t before = 0;
    int32_t leads = 0;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (d->n <= before || d->n > t->dispatch_last || d->round < 1 ||
            d->round > t->round || !dispatch_state_ok(t, d) ||
            !extension_ok(t, d) || !unit_ok(t, d)) {
            return false;
        }
        before = d->n;
        if (d->kind == DISPATCH_LEAD && !dispatch_state_final(d->state)) {
            leads++;
        }
    }
    return leads <= 1;
}

/* -- the ticket's state ---------------------------------------------------- */

static bool any_open_dispatch(const struct ticket *t)
{
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        if (!dispatch_state_final(t->dispatches[i].state)) {
            return true;
        }
    }
    return false;
}

/* The lead stands in `state`, or asks to return from there. */
static bool lead_in(const struct ticket *t, enum dispatch_state state)
{
    const struct dispatch *d = ticket_lead(t);
    return d != NULL &&
           (d->state == state ||
            (d->state == DISPATCH_RETURN_ASKED && d->before_ask == state));
}

static bool is_split(const struct ticket *t)
{
    return (t->flags & TICKET_PARENT) != 0;
}

static bool handling_ok(const struct ticket *t)
{
    return is_split(t)
               ? is_open(t, CLOCK_OVERALL, 0) || is_open(t, CLOCK_REWORK, 0)
               : lead_in(t, DISPATCH_ACCEPTED);
}

/* What was handled is done: nothing is open, and the lead, if there can be
 * one, is DONE. */
static bool finished(const struct ticket *t)
{
    return !any_open_dispatch(t) && (is_split(t) || lead_in(t, DISPATCH_DONE));
}

static bool closable(const struct ticket *t)
{
    return (t->flags & (TICKET_EVALUATED | TICKET_SILENT)) != 0;
}

static bool resolved_ok(const struct ticket *t)
{
    bool evaluate = is_open(t, CLOCK_EVALUATE, 0);
    bool archive = is_open(t, CLOCK_ARCHIVE, 0);
    return finished(t) && archive == closable(t) && evaluate != archive;
}

static bool work_paused(const struct ticket *t)
{
    uint32_t work =
        promise_clocks | CLOCK_BIT(CLOCK_SIGN) | CLOCK_BIT(CLOCK_FINISH);
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (c->run == CLOCK_RUNNING && (work & CLOCK_BIT(c->kind)) != 0) {
            return false;
        }
    }
    return true;
}

/* The triage rests exactly while the enterprise is to give something. */
static bool triage_ok(const struct ticket *t)
{
    const struct clock *c = ticket_clock(t, CLOCK_TRIAGE, 0);
    return c != NULL &&
           (c->run == CLOCK_PAUSED) == is_open(t, CLOCK_SUPPLEMENT, 0);
}

static bool working_ok(const struct ticket *t, enum ticket_state state)
{
    switch (state) {
    case TICKET_FILED:
        return triage_ok(t) && ticket_lead(t) == NULL;
    case TICKET_DISPATCHED:
        return lead_in(t, DISPATCH_SENT);
    default:
        return state == TICKET_HANDLING && handling_ok(t);
    }
}

static bool state_ok(const struct ticket *t)
{
    switch (t->state) {
    case TICKET_FILED:
    case TICKET_DISPATCHED:
    case TICKET_HANDLING:
        return working_ok(t, t->state) && !closable(t);
    case TICKET_MEETING:
        return working_ok(t, t->before) && !closable(t) &&
               is_open(t, CLOCK_MEETING, 0);
    case TICKET_SUSPENDED:
        return handling_ok(t) && !closable(t) && work_paused(t) &&
               is_open(t, CLOCK_SUSPENSION, 0);
    case TICKET_REVIEW:
        return finished(t) && !closable(t) && work_paused(t) &&
               is_open(t, CLOCK_REVIEW, 0);
    case TICKET_RESOLVED:
        return resolved_ok(t);
    case TICKET_ARCHIVED:
        return closable(t) && !any_open_dispatch(t);
    case TICKET_DECLINED:
    case TICKET_WITHDRAWN:
    case TICKET_MERGED:
        return !closable(t) && !any_open_dispatch(t);
    case TICKET_STATE_COUNT:
        break;
    }
    return false;
}

/* What flags and names say must agree with each other; nobody is at work on
 * what was split. */
static bool facts_ok(const struct ticket *t)
{
    bool score = t->score >= 1 && t->score <= 5;
    bool scored = (t->flags & TICKET_EVALUATED) != 0;
    bool judged = (t->flags & (TICKET_SCORE_EXCLUDED | TICKET_COMMENTED)) != 0;
    bool parent = is_split(t);
    return (score || (t->score == 0 && !scored)) && (scored || !judged) &&
           !(parent && (t->parent != 0 || any_open_dispatch(t))) &&
           (t->merged_into != 0) == (t->state == TICKET_MERGED);
}

/* Not filed yet: what ticket_step() takes for EV_FILE. */
static bool blank(const struct ticket *t)
{
    return t->state == TICKET_FILED && t->round == 0 && t->flags == 0 &&
           t->n_dispatches == 0 && t->n_clocks == 0 && t->clock_last == 0;
}

bool ticket_ok(const struct ticket *t)
{
    if (t->id == 0) {
        return blank(t);
    }
    return (unsigned)t->state < TICKET_STATE_COUNT && t->round >= 1 &&
           t->round <= ROUNDS_MAX && t->last >= t->filed && t->returns >= 0 &&
           facts_ok(t) && dispatches_ok(t) && clocks_ok(t) && state_ok(t);
}
