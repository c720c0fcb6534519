/* The secrets that a command sends: what did not come as a word of the command
 * line is asked for, into the parameters. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_LOGIN_SECRETS_H
#define BIHUAN_CLIENT_CLI_COMMANDS_LOGIN_SECRETS_H

#include <jansson.h>

#include "client/cli/commands/local.h"

/* Asks `question` for the parameter `name` unless it is there. False: there is
 * no answer; it was told. */
bool secrets_want(json_t *params, const char *name, const char *question);

/* The same for a new password, which who types it has to type twice. */
bool secrets_want_new(json_t *params);

/* One call; *ret is its result, or NULL: *error says why. `params` may be NULL.
 */
enum exit_status secrets_ask(const struct run_context *context,
                             struct session *session, const json_t *params,
                             json_t **ret, struct bihuan_error *error);

/* The whole of a command that asks for what `want` wants, once the server knows
 * whose it is, and makes one call. Its result is left to the caller, who prints
 * it; NULL: it was told why. */
enum exit_status secrets_run(const struct run_context *context,
                             bool (*want)(json_t *params), json_t **ret);

#endif
