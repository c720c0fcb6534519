/* Paging by key: see page.h. */
#include "daemon/commands/page.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/commands/result.h"

static bool read_mark(const char *text, int n, int64_t *mark)
{
    for (int i = 0; i < n; i++) {
        char *end = NULL;
        mark[i] = strtoll(text, &end, 10);
        bool last = i == n - 1;
        if (end == text || *end != (last ? '\0' : '.')) {
            return false;
        }
        text = end + 1;
    }
    return true;
}

enum err page_begin(struct call *c, int n, int64_t start, struct page *ret)
{
    const struct value *limit = arg(c, "limit");
    const char *after = arg_text(c, "after");
    assert(n <= MARK_NUMBERS);
    ret->limit = limit->given ? limit->number : ROWS_DEFAULT;
    ret->first = after == NULL;
    for (int i = 0; i < n; i++) {
        ret->mark[i] = start;
    }
    if (after != NULL && !read_mark(after, n, ret->mark)) {
        return refuse(c, ERR_BAD_PARAM, "after",
                      "the mark that the page before gave", after);
    }
    return OK;
}

void page_next(json_t *result, const int64_t *mark, int n)
{
    char text[24 * MARK_NUMBERS];
    size_t len = 0;
    for (int i = 0; i < n; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len,
                                i == 0 ? "%" PRId64 : ".%" PRId64, mark[i]);
    }
    json_object_set_new(result, "next", json_string(text));
}

enum err page_list(struct call *c, const char *name, const struct list *list)
{
    struct page page;
    enum err err = page_begin(c, 1, list->newest_first ? INT64_MAX : 0, &page);
    if (err != OK) {
        return err;
    }
    struct cell binds[LIST_BINDS_MAX];
    assert(list->n_binds + 2 <= LIST_BINDS_MAX);
    for (int i = 0; i < list->n_binds; i++) {
        binds[i] = list->binds[i];
    }
    binds[list->n_binds] = cell_int("", page.mark[0]);
    binds[list->n_binds + 1] = cell_int("", page.limit + 1);
    struct rows rows;
    err =
        rows_begin(c->store, list->statement, binds, list->n_binds + 2, &rows);
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_t *table = table_new(list->columns);
    json_object_set_new(c->result, name, table);
    int64_t mark = 0;
    for (int64_t i = 0; rows_next(&rows); i++) {
        if (i == page.limit) {
            page_next(c->result, &mark, 1);
            break;
        }
        mark = rows_int(&rows, 0);
        list->fill(&rows, table_row(table));
    }
    return rows_end(&rows);
}
