/* Several cursors read as one: what comes from several places, each in order by
 * an index, is read no further than a page needs. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_STREAMS_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_STREAMS_H

#include "core/ticket.h"
#include "daemon/store/store.h"

/* The first two columns of every row, by which they are in order: the due
 * (INT64_MAX for a clock without one), or what else the order is by; newest
 * first counts down, from a number with a minus. Then the ticket. */
struct spot {
    int64_t due;
    ticket_id ticket;
};

struct stream {
    struct rows rows;
    struct spot head;
};
struct merge {
    struct store *store;
    int n;
    int room;
    struct stream *streams; /* heap */
};
/* Adds a cursor; one without rows is closed at once. */
enum err merge_add(struct merge *m, const char *sql, const struct cell *binds,
                   int n);
/* The same of a fixed statement. */
enum err merge_add_fixed(struct merge *m, enum statement statement,
                         const struct cell *binds, int n);
/* The stream whose head comes first, NULL when all are read. */
struct stream *merge_first(const struct merge *m);
/* Reads its next row. */
enum err merge_next(struct merge *m, struct stream *s);
void merge_free(struct merge *m);

#endif
