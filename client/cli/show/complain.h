/* What is told when something is refused: on standard error, one to three
 * lines: what was wrong and where, what it was in detail, what to do. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_COMPLAIN_H
#define BIHUAN_CLIENT_CLI_SHOW_COMPLAIN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "client/bihuan.h"
#include "core/err.h"
#include "proto/command.h"

/* What the process ends with (design section 9). */
enum exit_status {
    EXIT_DONE = BIHUAN_DONE,
    EXIT_REFUSED = BIHUAN_REFUSED,
    EXIT_USAGE = BIHUAN_USAGE,
    EXIT_NO_CONNECTION = BIHUAN_NO_CONNECTION,
};

/* The reason in the reader's language, by its stable name: "bad_state". */
const char *reason_text(const char *name);

/* Prints a problem found here, or an error told by the library. */
void complain(FILE *out, const struct problem *p);
void complain_error(FILE *out, const struct bihuan_error *e);

/* The same of a command's call: the parameter is named in people's words, too,
 * and its value is shown where the error does not tell it. `params` may be
 * NULL. */
void complain_call(FILE *out, const struct bihuan_error *e,
                   const struct command *command, const json_t *params);

/* Only what is expected, where what was wrong is told otherwise. */
void complain_expected(FILE *out, const struct bihuan_error *e);

/* The same on one line, without the line's end: for lists of many. */
void complain_short(FILE *out, const struct bihuan_error *e);

/* With what log-in the requests go: what is told when it does not count, and
 * what to type then. `account` may be "". */
void complain_know_login(const char *account, bool token);

struct bihuan_error error_of(const struct problem *p);

#endif
