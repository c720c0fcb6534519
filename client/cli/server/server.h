/* A connection with the log-in that goes with it, and one call over it. */
#ifndef BIHUAN_CLIENT_CLI_SERVER_SERVER_H
#define BIHUAN_CLIENT_CLI_SERVER_SERVER_H

#include <jansson.h>

#include "client/bihuan.h"
#include "client/cli/arguments/options.h"
#include "client/cli/show/complain.h"
#include "client/cli/show/screen.h"
#include "proto/command.h"

/* What the shell keeps from one command to the next. */
struct session {
    struct bihuan
        *b; /* NULL: none, or it was lost; the next command opens one */
    char account[CODE_SIZE]; /* whose log-in it has; "": nobody known's */
};

/* What a command needs to run; all borrowed. */
struct run_context {
    const struct options *options;
    const struct command *command;
    json_t *params;
    struct screen screen;
    struct session *session; /* NULL outside the shell */
};

/* Connects, with the token that credential.h finds; says on standard error why
 * not. */
enum exit_status server_open(const struct options *options,
                             struct bihuan **ret);

/* The same for one command, over the shell's connection if there is one: *once
 * serves where there is no shell. NULL: no connection, it was told. */
struct session *session_begin(const struct run_context *context,
                              struct session *once, enum exit_status *status);
/* Closes what does not outlive the command. */
void session_end(struct session *session, const struct session *once,
                 enum exit_status status);

/* One call; *ret is its result, a new reference, on DONE, *error says why
 * otherwise. `params` may be NULL. */
enum exit_status server_ask(struct bihuan *b, const struct bihuan_request *ask,
                            const json_t *params, json_t **ret,
                            struct bihuan_error *error);

/* Sends the command, prints what comes back. */
enum exit_status server_run(const struct run_context *context);

/* Prints a result in the format asked for. `text` is the JSON it came as. */
void result_print(const struct run_context *context, const char *text,
                  json_t *result);

#endif
