/* Whose request is it (design section 8): from a token, or from the peer of the
 * local socket where the configuration gives it an account.
 *
 *   token -> digest -> not ended, not idle -> person of today, not disabled
 *
 * Nothing else makes anybody anybody. An imported line's `as` is no claim of
 * the sender: it is history, told by the system administrator who imports it.
 */
#ifndef BIHUAN_DAEMON_COMMANDS_IDENTITY_H
#define BIHUAN_DAEMON_COMMANDS_IDENTITY_H

#include "daemon/commands/call.h"

/* Fills c->identity and c->actor. UNAUTHENTICATED: no token, an unknown, ended
 * or idle one; the same for a peer without an account. PASSWORD_DUE: the
 * command is not of the log-in itself and the password must be changed first,
 * or the site asks for a second factor that is not set up. FORBIDDEN: an API
 * token whose scope has not this command. A command that is OPEN needs none of
 * it and gets an actor without roles. */
enum err identity_find(struct call *c, const struct credentials *who);

#endif
