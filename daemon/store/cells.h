/* A row laid out as cells, the same way before and after, so that what differs
 * can be put. Nobody outside daemon/store includes it. */
#ifndef BIHUAN_STORE_CELLS_H
#define BIHUAN_STORE_CELLS_H

#include "daemon/store/internal.h"

struct cells {
    int n;
    struct cell cell[COLUMNS_MAX];
};

void cells_add(struct cells *c, struct cell cell);
void cells_add_int(struct cells *c, const char *column, int64_t number);
/* INSTANT_NONE is NULL. */
void cells_add_at(struct cells *c, const char *column, instant at);

/* Puts the first `keys` cells and those that differ, if any does. */
enum err cells_put_changed(struct store *s, enum table table, int keys,
                           const struct cells *before,
                           const struct cells *after);
/* Puts a row that is not there yet. Leaving out what goes without saying makes
 * the records, which are most of the file, a third shorter. */
enum err cells_put_new(struct store *s, enum table table,
                       const struct cells *row);

#endif
