/* One part of a ticket as a ticket of its own: ticket.split, and a meeting that
 * splits. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_SPLIT_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_SPLIT_H

#include "daemon/commands/ticket/apply.h"

struct part {
    struct work work;      /* the part, as it is filed and dispatched */
    struct event dispatch; /* its first dispatch, if `sent` */
    bool sent;
    const char *body; /* the parameter with the matter in full, NULL: none */
};

/* From the command's parameters and the whole: what is inherited, under today's
 * regulation; with `unit` the dispatch, which then needs its measure. Nothing
 * is changed yet. */
enum err split_read(struct call *c, const struct work *whole, const char *body,
                    struct part *ret);

/* Files the part and sends it, each in a record of its own: the open one, of
 * the whole, is closed. */
enum err split_make(struct call *c, struct part *part);

#endif
