/* Passing work on: a transfer to another unit, an assignment to a person of
 * one's own. */
#include "daemon/commands/access.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"

/* -- transfer ----------------------------------------------------------------
 */

/* Which dispatch a dispatcher means: the one named, else the lead. */
static void named_dispatch(const struct call *c, struct work *w)
{
    const struct value *n = arg(c, "dispatch");
    w->event.dispatch = n->given ? (int32_t)n->number : 0;
}

/* A head hands down, and only what is left of their own limit. */
static enum err head_transfer(struct call *c, struct work *w)
{
    if (w->event.has_limit) {
        return refuse(c, ERR_FORBIDDEN, "limit", "no limit of its own",
                      "only a dispatcher may set one");
    }
    enum err err = ticket_head(c, w);
    if (err != OK) {
        return err;
    }
    const struct dispatch *d =
        ticket_dispatch(&w->row.ticket, w->event.dispatch);
    struct tie below = {
        .kind = RELATION_PARENT, .subject = w->event.unit, .object = d->unit};
    int64_t tie = 0;
    err = relation_find(c, &below, &tie);
    if (err == OK && tie == 0) {
        err = refuse(c, ERR_FORBIDDEN, "unit",
                     "a department directly below one's own", "");
    }
    return err;
}

/* Who dispatches it may hand it to any unit; everybody else is asked as the
 * head of a unit at work. Seen or not comes before what else is wrong. */
static enum err transferor(struct call *c, struct work *w)
{
    register_id dispatcher = w->row.ticket.dispatcher;
    bool own = access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), dispatcher);
    enum err err = own ? OK : ticket_seen(c, w);
    if (err == OK) {
        err = dispatching_limit(c, &w->event);
    }
    if (err == OK) {
        err = dispatching_unit(c, &w->event);
    }
    if (err != OK) {
        return err;
    }
    named_dispatch(c, w);
    if (own) {
        return OK;
    }
    return (c->actor.roles & ROLE_BIT(ROLE_HEAD)) != 0
               ? head_transfer(c, w)
               : ticket_dispatcher(c, w, false);
}

/* The dispatch that is handed over; whose it was is told, too. */
static int32_t handed_over(struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    const struct dispatch *d = w->event.dispatch != 0
                                   ? ticket_dispatch(t, w->event.dispatch)
                                   : ticket_lead(t);
    if (d == NULL) {
        return 0;
    }
    w->also[w->n_also++] = d->unit;
    w->also[w->n_also++] = d->handler;
    return d->n;
}

/* What was planned goes along with it. */
static enum err keep_measure(struct call *c, const struct work *w, int32_t from)
{
    struct cell binds[] = {cell_int("", w->row.ticket.id), cell_int("", from)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_DISPATCH_MEASURE, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    int64_t measure = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    err = rows_end(&rows);
    if (err != OK || measure == 0) {
        return err;
    }
    struct cell cells[] = {
        cell_int("ticket", w->row.ticket.id),
        cell_int("n", w->outcome.dispatch),
        cell_int("measure_text", measure),
    };
    return store_put(c->store, TABLE_DISPATCH, cells, 3);
}

enum err cmd_ticket_transfer(struct call *c)
{
    static const struct said said[] = {{"reason", TEXT_REASON}};
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        w.event.type = EV_TRANSFER;
        err = transferor(c, &w);
    }
    if (err != OK) {
        return err;
    }
    int32_t from = handed_over(&w);
    err = move_finish(c, &w, said, 1);
    return err == OK ? keep_measure(c, &w, from) : err;
}

/* -- assign ------------------------------------------------------------------
 */

/* In history also somebody who has left since. */
static enum err find_person(struct call *c, register_id *ret)
{
    struct cell bind = cell_text("", arg_text(c, "person"));
    enum statement find = c->imported ? STMT_PERSON_EVER : STMT_PERSON_TODAY;
    enum err err = rows_number(c->store, find, &bind, 1, 0, ret);
    return err == OK && *ret == 0
               ? refuse(c, ERR_NOT_FOUND, "person",
                        "the account of a registered person", "")
               : err;
}

/* History is taken as it was. */
static enum err works_in(struct call *c, register_id person, register_id unit)
{
    uint32_t workers = ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER);
    bool there = c->imported;
    enum err err =
        there ? OK : access_works_in(c->store, person, workers, unit, &there);
    return err == OK && !there
               ? refuse(c, ERR_FORBIDDEN, "person",
                        "a handler or the head of the same unit", "")
               : err;
}

enum err cmd_ticket_assign(struct call *c)
{
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        w.event.type = EV_ASSIGN;
        err = ticket_head(c, &w);
    }
    if (err == OK) {
        err = find_person(c, &w.event.person);
    }
    if (err == OK) {
        const struct dispatch *d =
            ticket_dispatch(&w.row.ticket, w.event.dispatch);
        err = works_in(c, w.event.person, d->unit);
    }
    return err == OK ? move_finish(c, &w, NULL, 0) : err;
}
