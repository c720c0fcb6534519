/* Putting a new ticket on record: ticket.file, and the parts of a split. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_FILING_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_FILING_H

#include "daemon/commands/ticket/apply.h"

/* For whom one may file: the enterprise of the parameter, or one's own, and the
 * unit that will dispatch the ticket. NOT_FOUND, BAD_PARAM; BLOCKED if nobody
 * would. */
enum err filing_for(struct call *c, register_id *ret_enterprise,
                    register_id *ret_dispatcher);

/* A ticket against the unit that would dispatch it goes to the general office;
 * BLOCKED if that is the very one, or there is none. */
enum err filing_unbiased(struct call *c, register_id against,
                         register_id *dispatcher);

/* The regulation that a ticket filed now is pinned to: the one in force;
 * history before the first one follows the first. BLOCKED if there is none. */
enum err filing_regulation(struct call *c, const struct regulation **ret);

/* The outside reference that the parameter `param` gives the new ticket, if it
 * gives one. EXISTS. */
enum err filing_ref(struct call *c, const char *param, struct ticket_row *row);

/* Files what w->event says in the open record, by w->rules, under the next
 * number of the day. Its title is the parameter `title`, the request in full
 * the parameter `body` (NULL: none). */
enum err filing_save(struct call *c, struct work *w, const char *body);

#endif
