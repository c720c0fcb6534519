/* ticket.merge: a duplicate ends, the ticket that goes on answers for both. */
#include <stdlib.h>

#include "core/lifecycle.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"

static enum err goes_on(struct call *c, const struct ticket *t,
                        const struct ticket *into)
{
    if (into->id == t->id || into->parent == t->id) {
        return refuse(c, ERR_BAD_PARAM, "into", "another ticket",
                      into->id == t->id ? "this is the ticket itself"
                                        : "this is a part of the ticket");
    }
    if (c->imported && (into->flags & TICKET_IMPORTED) == 0) {
        return refuse(c, ERR_FORBIDDEN, "into", "a ticket made by import",
                      "this ticket is a live one");
    }
    if (into->dispatcher != t->dispatcher) {
        return refuse(c, ERR_BAD_PARAM, "into",
                      "a ticket that the same unit dispatches", "");
    }
    if (t->against != 0 && t->against != into->against) {
        /* it would end with the unit that it complains of */
        return refuse(c, ERR_FORBIDDEN, "into",
                      "a ticket that complains of the same unit", "");
    }
    if (ticket_state_final(into->state)) {
        return refuse(c, ERR_BAD_STATE, "into", "a ticket that goes on",
                      ticket_state_name(into->state));
    }
    return OK;
}

static enum err load_into(struct call *c, struct work *w)
{
    enum err err = ticket_named(c, "into", &w->event.into);
    if (err != OK) {
        return err;
    }
    struct ticket_row *into = malloc(sizeof *into);
    if (into == NULL) {
        return ERR_NO_MEMORY;
    }
    err = ticket_load(c->store, w->event.into, into);
    if (err == OK) {
        err = goes_on(c, &w->row.ticket, &into->ticket);
    }
    free(into);
    return err;
}

enum err cmd_ticket_merge(struct call *c)
{
    static const struct said said[] = {{"reason", TEXT_REASON}};
    struct work w;
    enum err err = move_dispatcher(c, &w, EV_MERGE, false);
    if (err == OK) {
        err = load_into(c, &w);
    }
    if (err == OK) {
        err = move_finish(c, &w, said, 1);
    }
    if (err == OK) {
        json_object_set_new(c->result, "merged_into",
                            result_number(w.event.into));
    }
    return err;
}
