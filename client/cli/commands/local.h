/* The commands that run here, without a daemon (effect LOCAL), and those of the
 * log-in itself, which do more than one call. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_LOCAL_H
#define BIHUAN_CLIENT_CLI_COMMANDS_LOCAL_H

#include "client/cli/server/server.h"

enum exit_status local_deadline_due(const struct run_context *context);
enum exit_status local_deadline_explain(const struct run_context *context);
enum exit_status local_lifecycle(const struct run_context *context);
enum exit_status local_verify(const struct run_context *context);
enum exit_status local_import(const struct run_context *context);
enum exit_status local_registry_import(const struct run_context *context);
enum exit_status local_attachment_add(const struct run_context *context);
enum exit_status local_attachment_get(const struct run_context *context);
enum exit_status local_shell(const struct run_context *context);
/* These ask the server, and people for what they alone know. */
enum exit_status local_login(const struct run_context *context);
enum exit_status local_logout(const struct run_context *context);
enum exit_status local_passwd(const struct run_context *context);
enum exit_status local_totp_begin(const struct run_context *context);
enum exit_status local_totp_confirm(const struct run_context *context);

/* The one that runs this command; NULL for a plain command of the server. */
enum exit_status (*local_find(const struct command *command))(
    const struct run_context *context);

/* Text of a parameter, NULL if it was not given. */
const char *local_text(const struct run_context *context, const char *name);

/* Prints a result made here like one of the server. */
enum exit_status local_print(const struct run_context *context, json_t *result);

#endif
