/* Results that people read as a paper of its own kind and not as tables: how
 * far a ticket is, the minutes of a meeting, what waits for me. JSON and CSV
 * know nothing of this. */
#ifndef BIHUAN_CLIENT_CLI_PAPER_PAPER_H
#define BIHUAN_CLIENT_CLI_PAPER_PAPER_H

#include <jansson.h>

#include "client/cli/show/screen.h"
#include "proto/command.h"

/* False, and nothing is printed, if this command's results are ordinary. */
bool paper_print(const struct command *command, json_t *result,
                 const struct screen *screen);

/* A line a step, in plain words. `year` is this year's number. */
void paper_progress(json_t *result, int year, const struct screen *screen);
/* Minutes that can be printed and filed. */
void paper_minutes(json_t *result, const struct screen *screen);
/* How much is in each box, and the one that was asked for. */
void paper_mine(json_t *result, const struct screen *screen);

/* The sentences of the steps by index, with and without a unit; NULL past the
 * last: for the test that proves them translated. */
const char *paper_sentence(size_t i, bool unit);

/* A member of a result; "" or NULL when it is not there. */
const char *paper_text(json_t *object, const char *name);
/* The cell of a row under a column's name, NULL if there is no such column. */
json_t *paper_cell(json_t *table, json_t *row, const char *column);
/* Prints a text behind `at` columns of its line; its later lines, and what has
 * no room on the screen, stand `indent` columns in. */
void paper_put(const struct screen *screen, const char *text, int at,
               int indent);

/* What is shown this one time: the one-time password of an account, the token
 * of a program. */
void paper_password(json_t *result, const struct screen *screen);
void paper_token(json_t *result, const struct screen *screen);

#endif
