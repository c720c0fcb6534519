/* Whose log-in goes with the requests:
 *
 *   --account or BIHUAN_ACCOUNT   that account's kept log-in (logins.h)
 *   BIHUAN_TOKEN                  that token: of a program, as a rule
 *   neither                       the latest kept log-in at the server
 *   nothing of it                 none: a local server may know who comes */
#ifndef BIHUAN_CLIENT_CLI_SERVER_CREDENTIAL_H
#define BIHUAN_CLIENT_CLI_SERVER_CREDENTIAL_H

#include "client/cli/arguments/options.h"
#include "client/cli/server/logins.h"
#include "core/err.h"

/* Fills *ret; its account is "" where nothing says whose token it is, its token
 * "" where there is none. UNAUTHENTICATED: the account asked for has no log-in
 * there; IO: the file of log-ins is refused. */
enum err credential_find(const struct options *options, struct login *ret,
                         struct problem *p);

#endif
