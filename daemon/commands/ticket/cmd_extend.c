/* Extension (延期) as an object: asked by the unit before its limit is over,
 * decided by the dispatcher, counted on from the old due. */
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"

static const struct said reason[] = {{"reason", TEXT_REASON}};

/* An extension of no length is none, whoever says so. */
static enum err length(struct call *c, struct event *ev)
{
    const struct value *limit = arg(c, "limit");
    if (limit->given && limit->limit.unit == LIMIT_NONE) {
        return refuse(c, ERR_BAD_PARAM, "limit", "a limit like 5wd", "");
    }
    ev->has_limit = limit->given;
    if (limit->given) {
        ev->limit = limit->limit;
    }
    return OK;
}

enum err cmd_ticket_extend(struct call *c)
{
    struct work w;
    enum err err = move_unit(c, &w, EV_EXTEND_ASK);
    if (err == OK) {
        err = length(c, &w.event);
    }
    return err == OK ? move_finish(c, &w, reason, 1) : err;
}

/* The dispatch named, or the only one that asks. */
static enum err asking(struct call *c, struct work *w)
{
    const struct value *n = arg(c, "dispatch");
    const struct ticket *t = &w->row.ticket;
    int found = 0;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        int32_t dispatch = t->dispatches[i].n;
        if (ticket_clock(t, CLOCK_EXTENSION, dispatch) != NULL) {
            w->event.dispatch = dispatch;
            found++;
        }
    }
    if (n->given) {
        w->event.dispatch = (int32_t)n->number;
        return OK;
    }
    if (found == 0) {
        return refuse(c, ERR_BAD_STATE, "dispatch",
                      "a dispatch that asks for an extension", "");
    }
    return found == 1 ? OK
                      : refuse(c, ERR_BAD_PARAM, "dispatch",
                               "which of the dispatches that ask for an "
                               "extension",
                               "missing");
}

enum err cmd_ticket_decide_extension(struct call *c)
{
    struct work w;
    bool grant = arg(c, "grant")->number != 0;
    enum err err = move_dispatcher(
        c, &w, grant ? EV_EXTEND_GRANT : EV_EXTEND_REFUSE, false);
    if (err == OK && !grant && arg(c, "limit")->given) {
        err = refuse(c, ERR_BAD_PARAM, "limit", "no limit with a refusal", "");
    }
    if (err == OK) {
        err = length(c, &w.event);
    }
    if (err == OK) {
        err = asking(c, &w);
    }
    return err == OK ? move_finish(c, &w, reason, 1) : err;
}
