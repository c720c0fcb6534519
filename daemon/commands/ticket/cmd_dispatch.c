/* The dispatcher's moves: dispatching with unit, measure and limit (M3),
 * declining, deciding returns, reviewing, ordering a rework, archiving. */
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/move.h"

/* A move with a reason and nothing else. */
static enum err simple(struct call *c, struct work *w)
{
    static const struct said said[] = {{"reason", TEXT_REASON}};
    return move_finish(c, w, said, 1);
}

/* -- dispatch ----------------------------------------------------------------
 */

static enum err dispatch_facts(struct call *c, struct event *ev)
{
    const struct value *kind = arg(c, "kind");
    bool co = kind->given && kind->number == DISPATCH_CO;
    ev->kind = co ? DISPATCH_CO : DISPATCH_LEAD;
    return dispatching_facts(c, ev);
}

enum err cmd_ticket_dispatch(struct call *c)
{
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_DISPATCH, false);
    if (err == OK) {
        err = dispatch_facts(c, &w.event);
    }
    if (err == OK) {
        err = move_finish(c, &w, NULL, 0);
    }
    return err == OK ? dispatching_measure(c, &w) : err;
}

/* -- decisions ---------------------------------------------------------------
 */

enum err cmd_ticket_decline(struct call *c)
{
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_DECLINE, false);
    return err == OK ? simple(c, &w) : err;
}

/* The dispatch named, or the only one that asks to return. */
static enum err asking(struct call *c, struct work *w)
{
    const struct value *n = arg(c, "dispatch");
    const struct ticket *t = &w->row.ticket;
    int found = 0;
    for (int32_t i = 0; i < t->n_dispatches && !n->given; i++) {
        if (t->dispatches[i].state == DISPATCH_RETURN_ASKED) {
            w->event.dispatch = t->dispatches[i].n;
            found++;
        }
    }
    if (n->given) {
        w->event.dispatch = (int32_t)n->number;
    } else if (found > 1) {
        return refuse(c, ERR_BAD_PARAM, "dispatch",
                      "which of the dispatches that ask to return", "missing");
    }
    return OK;
}

static enum err decision(struct call *c, struct work *w)
{
    const struct value *fault = arg(c, "fault");
    bool grant = arg(c, "grant")->number != 0;
    if (grant && !fault->given) {
        return refuse(c, ERR_BAD_PARAM, "fault", "unit or dispatcher",
                      "a granted return says whose fault it was");
    }
    w->event.type = grant ? EV_RETURN_GRANT : EV_RETURN_REFUSE;
    if (grant) {
        w->event.fault = fault->number == 0 ? FAULT_UNIT : FAULT_DISPATCHER;
    }
    return asking(c, w);
}

enum err cmd_ticket_decide(struct call *c)
{
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_RETURN_GRANT, false);
    if (err == OK) {
        err = decision(c, &w);
    }
    return err == OK ? simple(c, &w) : err;
}

enum err cmd_ticket_review(struct call *c)
{
    struct work w;
    bool pass = arg(c, "pass")->number != 0;
    enum err err =
        move_dispatcher(c, &w, pass ? EV_REVIEW_PASS : EV_REVIEW_FAIL, false);
    return err == OK ? simple(c, &w) : err;
}

enum err cmd_ticket_rework(struct call *c)
{
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_REWORK, true);
    return err == OK ? simple(c, &w) : err;
}

enum err cmd_ticket_archive(struct call *c)
{
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_ARCHIVE, false);
    return err == OK ? move_finish(c, &w, NULL, 0) : err;
}
