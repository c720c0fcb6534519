/* The three administrators (三员: system, security, audit). Whoever has one of
 * these roles has that one and nothing else, in no unit: GB/T 22239-2019
 * 8.1.5.1 to 8.1.5.3 ask that they are apart. It takes two to make an official:
 * the system administrator registers, the security administrator lets log in.
 */
#ifndef BIHUAN_DAEMON_COMMANDS_ACCOUNT_ADMINISTRATOR_H
#define BIHUAN_DAEMON_COMMANDS_ACCOUNT_ADMINISTRATOR_H

#include "daemon/commands/call.h"
#include "daemon/store/registry.h"

bool administrator_role(enum role role);
/* Has the person one of the three roles today? */
enum err administrator_is(struct store *s, register_id person, bool *ret);

/* May the actor give or end that role? The three only by the security
 * administrator and never by a line of history, all others only by the system
 * administrator; nobody their own. FORBIDDEN. */
enum err administrator_may_change(struct call *c, enum role role,
                                  const struct entry *person);
/* FORBIDDEN `param` if that person is the actor: nobody changes their own
 * registration, roles or account. */
enum err administrator_not_oneself(struct call *c, const char *param,
                                   register_id person);
/* BLOCKED `param` if the person is one of the three. */
enum err administrator_none(struct call *c, const char *param,
                            const struct entry *person);
/* May the person have that role beside what they have? BLOCKED "role". */
enum err administrator_apart(struct call *c, enum role role,
                             const struct entry *person);
/* One of the three roles and anything else, as only an older version allowed:
 * BLOCKED `param`. */
enum err administrator_pure(struct call *c, const char *param,
                            const struct entry *person);
/* BLOCKED `param` if nobody else who may log in is a security administrator. */
enum err administrator_not_last(struct call *c, const char *param,
                                const struct entry *person);

#endif
