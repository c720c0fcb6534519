/* The dispatcher's moves: dispatching with unit, measure and limit (M3),
 * declining, deciding returns, reviewing, ordering a rework, archiving. */
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/apply.h"
#include "daemon/commands/dispatching.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket_access.h"

static enum err begin(struct call *c, struct work *w, enum event_type type,
                      bool supervisor)
{
    enum err err = work_begin(c, w);
    if (err == OK) {
        err = ticket_dispatcher(c, w, supervisor);
    }
    if (err == OK) {
        w->event.type = type;
    }
    return err;
}

static enum err finish(struct call *c, struct work *w)
{
    enum err err = work_step(c, w);
    if (err == OK) {
        c->result = work_result(c, w);
    }
    return err;
}

/* A move with a text and nothing else. */
static enum err simple(struct call *c, struct work *w, const char *text)
{
    int64_t id = 0;
    enum err err = work_text(c, text, TEXT_REASON, &id);
    return err == OK ? finish(c, w) : err;
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
    enum err err = begin(c, &w, EV_DISPATCH, false);
    if (err == OK) {
        err = dispatch_facts(c, &w.event);
    }
    if (err == OK) {
        err = finish(c, &w);
    }
    return err == OK ? dispatching_measure(c, &w) : err;
}

/* -- decisions ---------------------------------------------------------------
 */

enum err cmd_ticket_decline(struct call *c)
{
    struct work w;
    enum err err = begin(c, &w, EV_DECLINE, false);
    return err == OK ? simple(c, &w, "reason") : err;
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
    enum err err = begin(c, &w, EV_RETURN_GRANT, false);
    if (err == OK) {
        err = decision(c, &w);
    }
    return err == OK ? simple(c, &w, "reason") : err;
}

enum err cmd_ticket_review(struct call *c)
{
    struct work w;
    bool pass = arg(c, "pass")->number != 0;
    enum err err = begin(c, &w, pass ? EV_REVIEW_PASS : EV_REVIEW_FAIL, false);
    return err == OK ? simple(c, &w, "reason") : err;
}

enum err cmd_ticket_rework(struct call *c)
{
    struct work w;
    enum err err = begin(c, &w, EV_REWORK, true);
    return err == OK ? simple(c, &w, "reason") : err;
}

enum err cmd_ticket_archive(struct call *c)
{
    struct work w;
    enum err err = begin(c, &w, EV_ARCHIVE, false);
    return err == OK ? finish(c, &w) : err;
}
