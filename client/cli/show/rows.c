/* See rows.h. */
#include "client/cli/show/rows.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/show/cell.h"
#include "client/cli/show/shape.h"
#include "client/cli/show/table.h"
#include "client/cli/show/totals.h"
#include "client/cli/show/width.h"

const json_t *page_named(const struct page *p, const char *name,
                         const json_t *value)
{
    const json_t *names =
        json_object_get(json_object_get(p->words, name),
                        json_is_string(value) ? json_string_value(value) : "");
    const json_t *said = json_array_get(names, lang_now() == LANG_ZH ? 0 : 1);
    return json_is_string(said) ? said : value;
}

static bool column_silent(const char *name, const json_t *rows, size_t column)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (!shape_is_absent(name, json_array_get(row, column)) &&
            !shape_is_nothing(json_array_get(row, column))) {
            return false;
        }
    }
    return true;
}

/* Who acted for somebody away is read with whom: columns `who` and `for`. */
static bool is_deputy(const json_t *columns, const char *name)
{
    return strcmp(name, "for") == 0 &&
           shape_find(columns, "who") < json_array_size(columns);
}

/* New reference: "B for A", or the value itself. */
static json_t *with_deputy(const json_t *columns, const json_t *row,
                           const char *name, json_t *value)
{
    const json_t *away = json_array_get(row, shape_find(columns, "for"));
    if (strcmp(name, "who") != 0 || shape_is_nothing(away) ||
        shape_is_nothing(value) || !json_is_string(away)) {
        return json_incref(value);
    }
    json_t *both = json_sprintf("%s%s%s%s", json_string_value(value),
                                either("(代", " for "), json_string_value(away),
                                either(")", ""));
    return both != NULL ? both : json_incref(value);
}

/* Columns that are given a place: those in which something is said, or all, if
 * nothing is. Returns how many. */
static size_t choose(const json_t *columns, const json_t *rows, bool *ret)
{
    size_t n = json_array_size(columns);
    size_t shown = 0;
    for (size_t i = 0; i < n; i++) {
        const char *name = shape_column(columns, i);
        ret[i] = !column_silent(name, rows, i) && !is_deputy(columns, name);
        shown += ret[i] ? 1 : 0;
    }
    for (size_t i = 0; shown == 0 && i < n; i++) {
        ret[i] = true;
    }
    return shown == 0 ? n : shown;
}

static bool is_long(const char *name)
{
    static const char *const names[] = {"text", "internal", "measure",
                                        "public"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A table on its way to paper. */
struct layout {
    const struct page *page;
    const json_t *columns;
    bool *shown;
    bool deliveries; /* it is one of deliveries */
    struct table table;
};

static void fill_row(struct layout *l, const json_t *row)
{
    bool dot = l->page->screen->terminal;
    for (size_t i = 0; i < json_array_size(l->columns); i++) {
        const char *name = shape_column(l->columns, i);
        if (!l->shown[i]) {
            continue;
        }
        if (shape_is_absent(name, json_array_get(row, i))) {
            table_put_text(&l->table,
                           strcmp(name, "group") == 0 ? tr("(none)") : "");
            continue;
        }
        json_t *value =
            with_deputy(l->columns, row, name, json_array_get(row, i));
        /* a delivery's state is another thing than a ticket's */
        const char *set =
            l->deliveries && strcmp(name, "state") == 0 ? "delivery" : name;
        struct cell cell =
            cell_make(set, page_named(l->page, name, value), dot);
        table_put(&l->table, cell.text, cell.paint, cell.number);
        json_decref(value);
    }
}

/* A heading stands over numbers at their side. */
static void fill_headings(struct layout *l, const json_t *first)
{
    char out[WORD_SIZE];
    for (size_t i = 0; i < json_array_size(l->columns); i++) {
        const char *name = shape_column(l->columns, i);
        bool number = cell_is_number(json_array_get(first, i));
        /* the same names say how many and when */
        const char *said = number && strcmp(name, "filed") == 0 ? "filed_count"
                           : !number && strcmp(name, "closed") == 0
                               ? "closed_at"
                               : name;
        const char *text = heading(said, out);
        if (!l->shown[i]) {
            continue;
        }
        if (is_long(name)) {
            table_put_below(&l->table, text);
        } else {
            table_put(&l->table, text_clean(text, false), PAINT_NONE, number);
        }
    }
}

/* The last line of a table whose sums are members of the result. */
static void fill_totals(struct layout *l, const json_t *result)
{
    size_t n = json_array_size(l->columns);
    if (n < 2 || totals_find(result, shape_column(l->columns, 1)) == NULL) {
        return;
    }
    table_put_text(&l->table, tr("Total"));
    for (size_t i = 1; i < n; i++) {
        const char *name = shape_column(l->columns, i);
        const json_t *total = totals_find(result, name);
        if (l->shown[i] && total != NULL) {
            struct cell cell = cell_make(name, total, false);
            table_put(&l->table, cell.text, cell.paint, cell.number);
        } else if (l->shown[i]) {
            table_put_text(&l->table, "");
        }
    }
}

void rows_print(const struct page *page, const json_t *table,
                const json_t *result)
{
    const json_t *rows = json_object_get(table, "rows");
    const json_t *columns = json_object_get(table, "columns");
    struct layout l = {.page = page,
                       .columns = columns,
                       .deliveries = shape_find(columns, "hook") <
                                     json_array_size(columns)};
    if (json_array_size(rows) == 0) {
        (void)fprintf(page->screen->out, "%s\n", tr("(none)"));
        return;
    }
    l.shown = must_alloc(json_array_size(l.columns) * sizeof *l.shown);
    table_init(&l.table, choose(l.columns, rows, l.shown));
    fill_headings(&l, json_array_get(rows, 0));
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        fill_row(&l, row);
    }
    fill_totals(&l, result);
    table_print(&l.table, page->screen);
    table_done(&l.table);
    free(l.shown);
}
