/* Why a move is refused, in words that help: core tells the kind, this looks at
 * the ticket for the instant, the bound or the state that speaks against it. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_REFUSALS_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_REFUSALS_H

#include "daemon/commands/ticket/apply.h"

/* Fills c->problem for a step of w->event that core refused with `err`, and
 * returns `err`. */
enum err work_refuse(struct call *c, const struct work *w, enum err err);

#endif
