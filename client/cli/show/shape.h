/* What a result is made of, by its shape alone (docs/protocol.md). */
#ifndef BIHUAN_CLIENT_CLI_SHOW_SHAPE_H
#define BIHUAN_CLIENT_CLI_SHOW_SHAPE_H

#include <jansson.h>
#include <stdbool.h>

/* {"columns": [...], "rows": [...]} with a column at least. */
bool shape_is_table(const json_t *value);
/* A line has room for the value of this name: no object, no list but one of
 * stable words. */
bool shape_is_line(const char *name, const json_t *value);
/* The result if it is a table, else the first member that is one, else NULL.
 * Borrowed. */
json_t *shape_main_table(json_t *result);

/* The name of a column, "" past the last. */
const char *shape_column(const json_t *columns, size_t i);
/* Where the column of this name is; how many there are if there is none. */
size_t shape_find(const json_t *columns, const char *name);

/* A reader would miss nothing: null, false, "" or "none". */
bool shape_is_nothing(const json_t *value);
/* As good as not there under this name: no extension, no dispatch, no mark on
 * the ticket. */
bool shape_is_absent(const char *name, const json_t *value);

#endif
