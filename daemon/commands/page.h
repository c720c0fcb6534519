/* Pages of a list: how many rows, and from where. A mark is what the client
 * hands back in `after`; it is one or more integers with dots between. */
#ifndef BIHUAN_DAEMON_COMMANDS_PAGE_H
#define BIHUAN_DAEMON_COMMANDS_PAGE_H

#include "daemon/commands/call.h"

enum {
    MARK_NUMBERS = 3
};

struct page {
    int64_t limit;              /* rows of this page */
    bool first;                 /* no `after` was given */
    int64_t mark[MARK_NUMBERS]; /* the last row of the page before */
};

/* From `limit` and `after`; a mark of another shape is BAD_PARAM. `n` numbers;
 * of a first page they are `start`. */
enum err page_begin(struct call *c, int n, int64_t start, struct page *ret);

/* Sets result.next to the mark. */
void page_next(json_t *result, const int64_t *mark, int n);

/* A list of one statement: fills a table from its rows, `fill` writes one; the
 * first column is the mark. The statement's last two binds are the mark and
 * limit + 1. */
struct list {
    const char *columns;
    enum statement statement;
    const struct cell *binds; /* those before mark and limit */
    int n_binds;
    bool newest_first; /* marks go down */
    void (*fill)(const struct rows *rows, json_t *row);
};
enum {
    LIST_BINDS_MAX = 6
};
enum err page_list(struct call *c, const char *name, const struct list *list);

#endif
