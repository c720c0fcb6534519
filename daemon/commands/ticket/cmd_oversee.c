/* Overseeing: urging whoever has to act, ordering an account of a dispatch, and
 * the unit's reply to such an order. */
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"

static void named_dispatch(const struct call *c, struct work *w)
{
    const struct value *n = arg(c, "dispatch");
    w->event.dispatch = n->given ? (int32_t)n->number : 0;
}

/* What the enterprise or its guide says is said openly; between offices it is a
 * note. */
enum err cmd_ticket_urge(struct call *c)
{
    struct work w;
    bool openly = false;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_urger(c, &w);
    }
    if (err == OK) {
        err = ticket_for_enterprise(c, &w.row.ticket, &openly);
    }
    if (err != OK) {
        return err;
    }
    struct said said[] = {{"text", openly ? TEXT_REASON : TEXT_NOTE}};
    w.event.type = EV_URGE;
    named_dispatch(c, &w);
    return move_finish(c, &w, said, 1);
}

enum err cmd_ticket_supervise(struct call *c)
{
    static const struct said said[] = {{"text", TEXT_INTERNAL}};
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_overseer(c, &w);
    }
    if (err == OK) {
        w.event.type = EV_SUPERVISE;
        named_dispatch(c, &w);
        err = dispatching_limit(c, &w.event);
    }
    return err == OK ? move_finish(c, &w, said, 1) : err;
}

enum err cmd_ticket_reply(struct call *c)
{
    static const struct said said[] = {{"text", TEXT_INTERNAL}};
    struct work w;
    enum err err = move_unit(c, &w, EV_SUPERVISE_REPLY);
    return err == OK ? move_finish(c, &w, said, 1) : err;
}
