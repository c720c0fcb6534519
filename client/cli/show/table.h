/* A table of texts laid out in columns. Everything is in memory before it is
 * printed: a page has at most ROWS_MAX rows.
 *
 *     number        light   title
 *     ------------  ------  --------
 *     20261120-001  red     ...
 */
#ifndef BIHUAN_CLIENT_CLI_SHOW_TABLE_H
#define BIHUAN_CLIENT_CLI_SHOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/cli/show/screen.h"

struct cell {
    char *text; /* heap, one clean line */
    enum paint paint;
    bool number; /* stands at the right */
    bool below;  /* of a heading: its column's texts are long; see table_print()
                  */
};

struct table {
    size_t columns;
    size_t rows; /* the first is the heading */
    struct cell *cells;
    size_t filled;
    size_t room;
};

void table_init(struct table *t, size_t columns);
void table_done(struct table *t);
/* The next cell, row by row; a heading first for each column. Takes `text`
 * over. */
void table_put(struct table *t, char *text, enum paint paint, bool number);
/* The same with a copy. */
void table_put_text(struct table *t, const char *text);

/* The same for a heading whose column holds long texts. */
void table_put_below(struct table *t, const char *text);

/* Prints it. With a width too narrow for all, long texts leave the columns:
 * each stands below its row, on as many lines as it needs. Then the widest
 * columns are made narrower, and what does not fit in them ends in "..";
 * numbers and instants are never cut. What still has no room stands below its
 * row, too. No line ends in a blank. */
void table_print(const struct table *t, const struct screen *screen);

#endif
