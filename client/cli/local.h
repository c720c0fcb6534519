/* The commands that run here, without a daemon (effect LOCAL). */
#ifndef BIHUAN_CLI_LOCAL_H
#define BIHUAN_CLI_LOCAL_H

#include "client/cli/server.h"

enum exit_status local_deadline_due(const struct run_context *context);
enum exit_status local_deadline_explain(const struct run_context *context);
enum exit_status local_lifecycle(const struct run_context *context);
enum exit_status local_verify(const struct run_context *context);
enum exit_status local_import(const struct run_context *context);
enum exit_status local_registry_import(const struct run_context *context);
enum exit_status local_attachment_add(const struct run_context *context);
enum exit_status local_attachment_get(const struct run_context *context);
enum exit_status local_shell(const struct run_context *context);

/* The one that runs this command; NULL for a command of the server. */
enum exit_status (*local_find(const struct command *command))(
    const struct run_context *context);

/* Text of a parameter, NULL if it was not given. */
const char *local_text(const struct run_context *context, const char *name);

/* Prints a result made here like one of the server. */
enum exit_status local_print(const struct run_context *context, json_t *result);

#endif
