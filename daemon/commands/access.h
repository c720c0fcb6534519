/* Who may see and do what (design section 8): the one place that is asked.
 *
 * A person's roles come from their posts (a role in a unit). On a ticket
 *
 *   enterprise   of the ticket's enterprise: their own
 *   guide        steward or specialist of the enterprise: theirs
 *   dispatcher   of the unit that dispatches the ticket
 *   head,handler of a unit it was dispatched to, past hops included
 *   supervisor, leader, operator    read all
 *
 * What one may not see is answered as what does not exist. The register of
 * today counts; for an imported line, besides it, that of the line's time. */
#ifndef BIHUAN_DAEMON_COMMANDS_ACCESS_H
#define BIHUAN_DAEMON_COMMANDS_ACCESS_H

#include <stdbool.h>

#include "daemon/commands/call.h"

/* Fills c->actor. NULL or "operator": the operator. NOT_FOUND "as". */
enum err access_actor(struct call *c, const char *account);
/* FORBIDDEN unless one of the actor's roles is among the command's. */
enum err access_role(struct call *c, const struct command *command);

/* Has the actor one of these roles (ROLE_BIT()s) in that unit? */
bool access_post(const struct actor *a, uint32_t roles, register_id unit);
/* Is the actor steward or specialist of that enterprise? */
enum err access_guides(struct call *c, register_id enterprise, bool *ret);
/* Sees the actor all tickets? */
bool access_all(const struct actor *a);

/* May the actor file for, or otherwise act in the name of, this enterprise:
 * its contact, its guide, or a dispatcher of `dispatcher`. */
enum err access_enterprise(struct call *c, register_id enterprise,
                           register_id dispatcher, bool *ret);

/* May the actor see that ticket? */
enum err access_sees(struct call *c, ticket_id id, bool *ret);

/* A condition on `ticket t` for a WHERE clause: bind ?1 to access_bind(). */
extern const char access_where[];
/* The person's id, or 0 for who sees all. */
struct cell access_bind(const struct call *c);

/* The unit that dispatches for an enterprise today: the committee of its chain,
 * else the first registered office, first of all one with a dispatcher. 0 if
 * there is none. */
enum err access_dispatcher(struct store *s, register_id enterprise,
                           register_id *ret);

#endif
