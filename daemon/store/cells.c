/* A row as cells: see cells.h. */
#include "daemon/store/cells.h"

#include <assert.h>
#include <string.h>

void cells_add(struct cells *c, struct cell cell)
{
    assert(c->n < COLUMNS_MAX);
    c->cell[c->n++] = cell;
}

void cells_add_int(struct cells *c, const char *column, int64_t number)
{
    cells_add(c, cell_int(column, number));
}

void cells_add_at(struct cells *c, const char *column, instant at)
{
    cells_add(c, cell_int_or_null(column, at, INSTANT_NONE));
}

static bool same(const struct cell *a, const struct cell *b)
{
    assert(strcmp(a->column, b->column) == 0);
    return a->type == b->type && a->number == b->number && a->len == b->len &&
           (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

enum err cells_put_changed(struct store *s, enum table table, int keys,
                           const struct cells *before,
                           const struct cells *after)
{
    assert(before->n == after->n);
    struct cells changed = {0};
    for (int i = 0; i < after->n; i++) {
        if (i < keys || !same(&before->cell[i], &after->cell[i])) {
            cells_add(&changed, after->cell[i]);
        }
    }
    return changed.n == keys ? OK
                             : store_put(s, table, changed.cell, changed.n);
}

/* Whether a new row has it without being told: what the schema says, or NULL.
 */
static bool unsaid(const struct table_def *def, const struct cell *cell, int i)
{
    if (cell->type != CELL_INT) {
        return cell->type == CELL_NULL;
    }
    int at = table_column(def, cell->column, strlen(cell->column), i);
    return def->columns[at].implied &&
           def->columns[at].standard == cell->number;
}

enum err cells_put_new(struct store *s, enum table table,
                       const struct cells *row)
{
    struct cells given = {0};
    for (int i = 0; i < row->n; i++) {
        if (!unsaid(&s->putter.tables[table], &row->cell[i], i)) {
            cells_add(&given, row->cell[i]);
        }
    }
    return store_put(s, table, given.cell, given.n);
}
