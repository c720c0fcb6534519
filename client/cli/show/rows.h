/* A table of a result on paper: which of its columns are worth a place, what
 * stands over them and in them. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_ROWS_H
#define BIHUAN_CLIENT_CLI_SHOW_ROWS_H

#include <jansson.h>

#include "client/cli/show/screen.h"

/* Where it goes, and the names of the regulation's codes in it
 * (daemon/commands/words.h), NULL if there are none. */
struct page {
    const struct screen *screen;
    const json_t *words;
};

/* The name of a code in the reader's language, else the value itself.
 * Borrowed. */
const json_t *page_named(const struct page *p, const char *name,
                         const json_t *value);

/* Prints a table; "(none)" if it has no rows. A column in which no row says
 * anything is left out. The members of `result` that are sums of its columns
 * make its last line; NULL: there is none. */
void rows_print(const struct page *page, const json_t *table,
                const json_t *result);

#endif
