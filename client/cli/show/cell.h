/* One value of a result as a person reads it. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_CELL_H
#define BIHUAN_CLIENT_CLI_SHOW_CELL_H

#include <jansson.h>

#include "client/cli/show/table.h"

/* The cell for `value` under the wire name `name`: an instant as
 * 2026-11-20 16:00:00, a duration (name ends in _s, or late_by) as 2d 3h, a
 * stable word translated, a light as its word, with a coloured dot before it if
 * `dot`. The text is heap and clean. */
struct cell cell_make(const char *name, const json_t *value, bool dot);

/* A list of stable words, ["head","handler"]: it is shown on one line. */
bool cell_is_list(const char *name, const json_t *value);

/* It stands at the right: a number, or a text of digits with a point in it. */
bool cell_is_number(const json_t *value);

/* Frees a text that jansson made: its allocator is not free()'s. */
void json_give_back(char *text);

enum {
    DURATION_SIZE = 64
};
/* Seconds as at most two units, rounded down: "2d 3h", "2天3小时"; negative
 * ones with a minus. */
char *duration_format(json_int_t seconds, char out[DURATION_SIZE]);

#endif
