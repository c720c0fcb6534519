/* Several cursors read as one: see streams.h. */
#include "daemon/commands/view/streams.h"

#include <stdlib.h>

static enum err room_for_one(struct merge *m)
{
    if (m->n < m->room) {
        return OK;
    }
    int room = m->room == 0 ? 16 : 2 * m->room;
    struct stream *list =
        realloc(m->streams, (size_t)room * sizeof *m->streams);
    if (list == NULL) {
        return ERR_NO_MEMORY;
    }
    m->streams = list;
    m->room = room;
    return OK;
}

enum err merge_next(struct merge *m, struct stream *s)
{
    if (rows_next(&s->rows)) {
        s->head = (struct spot){rows_int(&s->rows, 0), rows_int(&s->rows, 1)};
        return OK;
    }
    enum err err = rows_end(&s->rows);
    *s = m->streams[--m->n];
    return err;
}

/* The stream behind the last one was begun, or not. */
static enum err begun(struct merge *m, enum err err)
{
    return err == OK ? merge_next(m, &m->streams[m->n++]) : err;
}

enum err merge_add(struct merge *m, const char *sql, const struct cell *binds,
                   int n)
{
    enum err err = room_for_one(m);
    if (err != OK) {
        return err;
    }
    return begun(
        m, rows_begin_text(m->store, sql, binds, n, &m->streams[m->n].rows));
}

enum err merge_add_fixed(struct merge *m, enum statement statement,
                         const struct cell *binds, int n)
{
    enum err err = room_for_one(m);
    if (err != OK) {
        return err;
    }
    return begun(
        m, rows_begin(m->store, statement, binds, n, &m->streams[m->n].rows));
}

static bool before(struct spot a, struct spot b)
{
    return a.due != b.due ? a.due < b.due : a.ticket < b.ticket;
}

struct stream *merge_first(const struct merge *m)
{
    struct stream *first = NULL;
    for (int i = 0; i < m->n; i++) {
        if (first == NULL || before(m->streams[i].head, first->head)) {
            first = &m->streams[i];
        }
    }
    return first;
}

void merge_free(struct merge *m)
{
    for (int i = 0; i < m->n; i++) {
        rows_end(&m->streams[i].rows);
    }
    free(m->streams);
    *m = (struct merge){.store = m->store};
}
