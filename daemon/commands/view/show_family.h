/* The tickets that a ticket hangs together with, for ticket.show and
 * ticket.progress. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_SHOW_FAMILY_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_SHOW_FAMILY_H

#include "daemon/commands/view/show.h"

/* Adds `parts` (those that the actor sees) and what family_merged() adds. */
enum err show_family(struct show *s);

/* Adds `merged_into` (null if none, or if the actor does not see that one) and,
 * of a merged ticket, `answers`: the public ones of the ticket that goes on. */
enum err family_merged(struct call *c, const struct ticket *t, json_t *result);

#endif
