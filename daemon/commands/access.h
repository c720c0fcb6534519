/* Who may see and do what (design section 8): the one place that is asked.
 *
 * A person's roles come from their posts (a role in a unit). On a ticket
 *
 *   enterprise   of the ticket's enterprise: their own
 *   guide        steward or specialist of the enterprise: theirs
 *   dispatcher   of the unit that dispatches the ticket; what their unit once
 *                dispatched they may read on; of a general office a refusal
 *                that is appealed against, until it is decided
 *   head,handler of a unit it was dispatched to, past hops included, and of the
 *                one that took such a unit over (department.merge)
 *   leader       what carries their name, and as a head reads it
 *   anyone named on it (sponsor, leader, responsible)
 *   supervisor, operator    read all
 *
 * Whoever acts for another (person.delegate) has their posts and enterprises
 * too, but for the administrators' roles. A ticket against a unit is not seen
 * by who works there, whatever else they are; supervisors see it.
 *
 * What one may not see is answered as what does not exist. The register of
 * today counts; for an imported line, besides it, that of the line's time. */
#ifndef BIHUAN_DAEMON_COMMANDS_ACCESS_H
#define BIHUAN_DAEMON_COMMANDS_ACCESS_H

#include <stdbool.h>

#include "daemon/commands/call.h"

#define ROLES_ADMINISTRATORS \
    (ROLE_BIT(ROLE_SYSTEM) | ROLE_BIT(ROLE_SECURITY) | ROLE_BIT(ROLE_AUDIT))

/* Fills c->actor. NULL or "operator": the program itself, or an imported line
 * that names nobody. NOT_FOUND "as". */
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

/* How the actor reads a ticket; all false if there is none. */
struct reading {
    bool sees;
    bool party;   /* also otherwise than as a unit that handles it: sees all, is
                     of the enterprise, guides it, dispatches it or once did,
                     or the ticket carries their name */
    bool handles; /* of a unit that it was dispatched to: no scores, comments,
                     nor who rated, whatever else they are */
    bool hides;   /* confidential and no party: what tells who asks (name, code,
                     filer, guide, phone of the enterprise) is left out */
};
enum err access_reading(struct call *c, ticket_id id, struct reading *ret);
/* Its `hides` alone. */
enum err access_hides(struct call *c, ticket_id id, bool *ret);

/* Conditions on `ticket t` for a query whose ?1 is access_bind(): that the
 * actor may see it, and, of one that they may see, that who asks is hidden from
 * them (see struct reading). More fragments are in daemon/store/scope.h. */
extern const char access_where[];
extern const char access_hidden[];
/* 0 for who sees all, else the people that the actor stands for, as a JSON
 * array: it borrows from c->actor. */
struct cell access_bind(const struct call *c);

/* Has a person one of these roles in that unit, or in the one that took it
 * over? Delegations do not count. */
enum err access_works_in(struct store *s, register_id person, uint32_t roles,
                         register_id unit, bool *ret);

/* The unit that dispatches for an enterprise today: the committee of its chain,
 * else the first registered office, first of all one with a dispatcher. 0 if
 * there is none. */
enum err access_dispatcher(struct store *s, register_id enterprise,
                           register_id *ret);

#endif
