/* A result on paper: as tables for people, as JSON, or as CSV. Works from the
 * shape alone (docs/protocol.md): an object whose members are scalars, tables
 * {"columns": [...], "rows": [[...]...]}, or other JSON. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_RENDER_H
#define BIHUAN_CLIENT_CLI_SHOW_RENDER_H

#include <jansson.h>

#include "client/cli/show/screen.h"

enum format {
    FORMAT_TABLE,
    FORMAT_JSON,
    FORMAT_CSV
};

/* Scalars as "label: value" lines, then each table, with a title when there is
 * more than one thing to tell apart. A column in which no row says anything is
 * left out; sums stand in the last line of their table; codes are shown by the
 * names that the result brings along in "words". */
void render_table(json_t *result, const struct screen *screen);

/* Only the lines of its members, only the table of that name: for papers that
 * are made up of both (paper.h). */
void render_members(json_t *result, const struct screen *screen);
void render_member(json_t *result, const char *name,
                   const struct screen *screen);

/* As it came, `text` on one line; on a terminal indented. */
void render_json(const char *text, json_t *result, const struct screen *screen);

/* The main table (the first member that is one), else the members. */
void render_csv(json_t *result, const struct screen *screen);
/* A later page: the rows of the main table, without their heading. */
void render_csv_more(json_t *result, const struct screen *screen);

/* The next-page mark of a paged result; NULL on its last page. */
const char *render_next(json_t *result);

#endif
