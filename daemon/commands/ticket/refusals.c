/* Why a move is refused: see refusals.h. Each English text has its Chinese in
 * client/po/zh_CN.po. */
#include "daemon/commands/ticket/refusals.h"

#include <stdio.h>

#include "core/clock.h"

/* The parameter's name where the command has it, else the ticket's. */
static const char *param(const struct call *c, const char *name)
{
    return command_arg(c->command, name) >= 0 ? name : "ticket";
}

static const struct dispatch *meant(const struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    return w->event.dispatch == 0 ? ticket_lead(t)
                                  : ticket_dispatch(t, w->event.dispatch);
}

/* What an extension is counted from and a suspension would pause: the finish of
 * the dispatch meant, in a later round the rework of its lead. */
static const struct clock *work_clock(const struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    const struct dispatch *d = meant(w);
    const struct clock *c =
        d == NULL ? NULL : ticket_clock(t, CLOCK_FINISH, d->n);
    return c != NULL ? c : ticket_clock(t, CLOCK_REWORK, 0);
}

/* -- bounds ------------------------------------------------------------------
 */

static enum err extension_bounds(struct call *c, const struct work *w)
{
    const struct bounds *bounds = &w->rules.regulation->bounds;
    char bound[LIMIT_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE];
    snprintf(expected, sizeof expected,
             "an extension of at most %s, counted on from the old due",
             limit_format(bounds->extension_max, bound));
    return refuse(c, ERR_OUT_OF_BOUNDS, param(c, "limit"), expected, "");
}

static bool makes_co(const struct work *w)
{
    const struct dispatch *d = meant(w);
    return w->event.type == EV_TRANSFER
               ? d != NULL && d->kind == DISPATCH_CO
               : w->event.type == EV_DISPATCH && w->event.kind == DISPATCH_CO;
}

/* A co-handler reports to the lead and therefore is not due after it. */
static void lead_bound(const struct work *w, char detail[PROBLEM_TEXT_SIZE])
{
    const struct ticket *t = &w->row.ticket;
    const struct dispatch *lead = ticket_lead(t);
    const struct clock *c =
        lead == NULL ? NULL : ticket_clock(t, CLOCK_FINISH, lead->n);
    char at[INSTANT_TEXT_SIZE];
    detail[0] = '\0';
    if (c == NULL) {
        c = ticket_clock(t, CLOCK_REWORK, 0);
    }
    if (makes_co(w) && c != NULL && c->due.at != INSTANT_NONE) {
        snprintf(detail, PROBLEM_TEXT_SIZE,
                 "a co-handler is not due after the lead, at %s",
                 instant_format(c->due.at, at));
    }
}

static enum err finish_bounds(struct call *c, const struct work *w)
{
    char bound[LIMIT_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE];
    char detail[PROBLEM_TEXT_SIZE];
    snprintf(expected, sizeof expected,
             "a finish limit of at most %s, due after now",
             limit_format(w->rules.regulation->bounds.finish_max, bound));
    lead_bound(w, detail);
    bool due = command_arg(c->command, "due") >= 0 && arg(c, "due")->given;
    return refuse(c, ERR_OUT_OF_BOUNDS, due ? "due" : param(c, "limit"),
                  expected, detail);
}

static enum err bounds(struct call *c, const struct work *w)
{
    switch (w->event.type) {
    case EV_EXTEND_ASK:
    case EV_EXTEND_GRANT:
        return extension_bounds(c, w);
    case EV_MEET_EXTEND:
        return refuse(c, ERR_OUT_OF_BOUNDS, param(c, "limit"),
                      "a due after the old one", "");
    case EV_SUSPEND:
        return refuse(c, ERR_OUT_OF_BOUNDS, param(c, "until"),
                      "a review after now, in 366 days at most", "");
    default:
        return finish_bounds(c, w);
    }
}

/* -- times -------------------------------------------------------------------
 */

static enum err too_late(struct call *c, const struct work *w)
{
    char detail[PROBLEM_TEXT_SIZE] = "";
    char at[INSTANT_TEXT_SIZE];
    const struct clock *late = work_clock(w);
    if (late != NULL && late->due.at != INSTANT_NONE) {
        snprintf(detail, sizeof detail, "the limit ended at %s",
                 instant_format(late->due.at, at));
    }
    return refuse(c, ERR_TOO_LATE, "ticket", "before the limit is over",
                  detail);
}

static enum err too_soon(struct call *c, const struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    int32_t gap = w->rules.regulation->bounds.urge_gap_min;
    char at[INSTANT_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE];
    snprintf(expected, sizeof expected, "not before %s",
             instant_format(t->urged + (instant)gap * 60, at));
    return refuse(c, ERR_TOO_SOON, "ticket", expected,
                  "it was urged a short time ago");
}

static enum err out_of_order(struct call *c, const struct work *w)
{
    char detail[PROBLEM_TEXT_SIZE];
    char at[INSTANT_TEXT_SIZE];
    snprintf(detail, sizeof detail, "the ticket's latest event was at %s",
             instant_format(w->row.ticket.last, at));
    return refuse(c, ERR_OUT_OF_ORDER, "at",
                  "not before the ticket's latest event", detail);
}

/* -- states ------------------------------------------------------------------
 */

/* What has to be so beside the ticket's state, for those that ask for more. */
static const char *wanted(enum event_type type)
{
    switch (type) {
    case EV_RECALL:
        return "a dispatch on which its unit has not acted";
    case EV_APPEAL:
        return "a declined ticket, not appealed before";
    case EV_APPEAL_GRANT:
    case EV_APPEAL_REFUSE:
        return "a declined ticket under appeal";
    case EV_SCORE_APPEAL:
        return "a round that a bad score began, not disputed before";
    case EV_SCORE_GRANT:
    case EV_SCORE_REFUSE:
        return "a ticket whose score is disputed";
    case EV_COMMENT:
        return "an evaluated ticket without a later comment";
    case EV_EXTEND_ASK:
        return "an accepted dispatch whose limit runs";
    case EV_EXTEND_GRANT:
    case EV_EXTEND_REFUSE:
        return "a dispatch that asks for an extension";
    case EV_SUPERVISE_REPLY:
        return "a dispatch under a supervision order without a reply";
    default:
        return "";
    }
}

static bool split(const struct work *w)
{
    return (w->row.ticket.flags & TICKET_PARENT) != 0;
}

static enum err bad_state(struct call *c, const struct work *w)
{
    bool sends =
        w->event.type == EV_DISPATCH || w->event.type == EV_MEET_DISPATCH;
    char detail[PROBLEM_TEXT_SIZE];
    if (sends && split(w)) {
        return refuse(c, ERR_BAD_STATE, "ticket", "a part of it",
                      "the ticket was split: its parts are handled");
    }
    snprintf(detail, sizeof detail, "%s of a ticket that is %s",
             event_name(w->event.type), ticket_state_name(w->row.ticket.state));
    return refuse(c, ERR_BAD_STATE, "ticket", wanted(w->event.type), detail);
}

static enum err leaderless(struct call *c, const struct work *w,
                           const char *expected)
{
    return refuse(c, ERR_BLOCKED, "ticket", expected,
                  split(w) ? "the ticket was split: its parts are handled"
                           : "no unit leads this ticket now");
}

static enum err others_work(struct call *c)
{
    return refuse(c, ERR_BLOCKED, "ticket",
                  "all other dispatches done or returned",
                  "other units still work on this ticket");
}

static enum err blocked(struct call *c, const struct work *w)
{
    switch (w->event.type) {
    case EV_SUSPEND:
        return refuse(c, ERR_BLOCKED, "ticket",
                      "every return, extension and score appeal decided",
                      "something asked of this ticket is undecided");
    case EV_MEET_EXTEND:
        return leaderless(c, w, "a lead whose limit is moved");
    case EV_MEET_RESOLVE:
        if (ticket_lead(&w->row.ticket) == NULL) {
            return leaderless(c, w, "a lead whose work is resolved");
        }
        return others_work(c);
    default:
        return others_work(c);
    }
}

static enum err exists(struct call *c, const struct work *w)
{
    if (w->event.type == EV_SUPERVISE) {
        return refuse(c, ERR_EXISTS, param(c, "dispatch"),
                      "one supervision order at a time",
                      "the one before has no reply yet");
    }
    if (w->event.type == EV_EXTEND_ASK) {
        return refuse(c, ERR_EXISTS, param(c, "dispatch"),
                      "one extension asked for at a time",
                      "one of this dispatch is undecided");
    }
    return refuse(c, ERR_EXISTS, param(c, "unit"),
                  "a unit that is not at work on it",
                  "this unit has an open dispatch of the ticket");
}

static enum err limit(struct call *c, const struct work *w)
{
    char expected[PROBLEM_TEXT_SIZE];
    bool extends =
        w->event.type == EV_EXTEND_ASK || w->event.type == EV_EXTEND_GRANT;
    if (!extends) {
        return refuse(c, ERR_LIMIT, "ticket", "",
                      "it has as many dispatches, clocks or rounds as can be");
    }
    snprintf(expected, sizeof expected, "at most %d extensions of a dispatch",
             (int)w->rules.regulation->bounds.extensions);
    return refuse(c, ERR_LIMIT, param(c, "dispatch"), expected, "");
}

enum err work_refuse(struct call *c, const struct work *w, enum err err)
{
    switch (err) {
    case ERR_OUT_OF_BOUNDS:
        return bounds(c, w);
    case ERR_BAD_STATE:
        return bad_state(c, w);
    case ERR_OUT_OF_ORDER:
        return out_of_order(c, w);
    case ERR_TOO_LATE:
        return too_late(c, w);
    case ERR_TOO_SOON:
        return too_soon(c, w);
    case ERR_BLOCKED:
        return blocked(c, w);
    case ERR_EXISTS:
        return exists(c, w);
    case ERR_LIMIT:
        return limit(c, w);
    case ERR_NOT_FOUND:
        return refuse(c, err, param(c, "dispatch"), "", "");
    case ERR_FORBIDDEN:
        return refuse(c, err, param(c, "unit"),
                      "a unit that the ticket does not complain of", "");
    default:
        return err;
    }
}
