/* What every paper is made of: the members and cells of a result, and texts
 * folded into the lines of the screen. */
#ifndef BIHUAN_CLIENT_CLI_PAPER_PAPER_PARTS_H
#define BIHUAN_CLIENT_CLI_PAPER_PAPER_PARTS_H

#include <jansson.h>

#include "client/cli/show/screen.h"

/* A text that is a member of a result; "" when it is not there. */
const char *paper_text(json_t *object, const char *name);
/* The cell of a row under a column's name, NULL if there is no such column. */
json_t *paper_cell(json_t *table, json_t *row, const char *column);
/* Prints a text behind `at` columns of its line; its later lines, and what has
 * no room on the screen, stand `indent` columns in. */
void paper_put(const struct screen *screen, const char *text, int at,
               int indent);

#endif
