/* How much of the register an actor reads (design section 8). Chains,
 * committees, offices and departments are public bodies: all who work with the
 * product know them. Enterprises and people are not:
 *
 *   an enterprise's contact   their own enterprise, its contacts, its guides
 *   other officials           all enterprises; people with names and phones
 *                             masked, but for whom they work with
 *   supervisor, system administrator   all of it
 *
 * What is not seen is answered as what is not registered, wherever a command
 * names it. A line of history names whom it likes: it is not its actor who
 * sends it. */
#ifndef BIHUAN_DAEMON_COMMANDS_REGISTRY_REGISTER_ACCESS_H
#define BIHUAN_DAEMON_COMMANDS_REGISTRY_REGISTER_ACCESS_H

#include "daemon/commands/call.h"
#include "daemon/store/registry.h"

/* As bound in the statements that list the register. */
enum reach {
    REACH_OWN = 0,    /* one's own enterprise and its people */
    REACH_MASKED = 1, /* all; names and phones only of SCOPE_NEAR */
    REACH_FULL = 2
};
enum reach register_reach(const struct call *c);
/* The people that the actor stands for, as a JSON array, also for who sees all:
 * it borrows from c->actor. */
struct cell register_people(const struct call *c);

/* May the actor know of that entry? */
enum err register_sees(struct call *c, const struct entry *entry, bool *ret);

#endif
