/* Moves that hold a ticket up or let it go on: a supplement asked for and
 * given, a suspension until its review, a recall before the unit has acted. */
#include "daemon/commands/ticket/move.h"

static const struct said reason[] = {{"reason", TEXT_REASON}};

enum err cmd_ticket_require(struct call *c)
{
    static const struct said missing[] = {{"text", TEXT_REASON}};
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_SUPPLEMENT_ASK, false);
    return err == OK ? move_finish(c, &w, missing, 1) : err;
}

/* The material is a part of the request. */
enum err cmd_ticket_supplement(struct call *c)
{
    static const struct said material[] = {{"text", TEXT_BODY}};
    struct work w;
    enum err err = move_enterprise(c, &w, EV_SUPPLEMENT_GIVE, true);
    return err == OK ? move_finish(c, &w, material, 1) : err;
}

enum err cmd_ticket_suspend(struct call *c)
{
    const struct value *until = arg(c, "until");
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_SUSPEND, false);
    if (err != OK) {
        return err;
    }
    w.event.has_limit = until->given;
    if (until->given) {
        w.event.limit = (struct limit){.unit = LIMIT_UNTIL, .until = until->at};
    }
    return move_finish(c, &w, reason, 1);
}

enum err cmd_ticket_resume(struct call *c)
{
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_RESUME, false);
    return err == OK ? move_finish(c, &w, reason, 1) : err;
}

enum err cmd_ticket_recall(struct call *c)
{
    const struct value *n = arg(c, "dispatch");
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_RECALL, false);
    if (err != OK) {
        return err;
    }
    w.event.dispatch = n->given ? (int32_t)n->number : 0;
    return move_finish(c, &w, reason, 1);
}
