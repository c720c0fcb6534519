/* What falls due next: reads of the one index on clocks that will still do
 * something by themselves. */
#include "daemon/store/internal.h"

static bool known(const ticket_id *ids, int n, ticket_id id)
{
    for (int i = n - 1; i >= 0; i--) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

static bool is_aside(const struct store *s, ticket_id id)
{
    return known(s->aside, s->n_aside, id);
}

enum err deadline_set_aside(struct store *s, ticket_id id)
{
    if (s->n_aside == ASIDE_MAX) {
        return ERR_CORRUPT;
    }
    s->aside[s->n_aside++] = id;
    return OK;
}

int deadline_aside(const struct store *s, const ticket_id **ret)
{
    *ret = s->aside;
    return s->n_aside;
}

enum err deadline_next(struct store *s, bool held, instant *ret)
{
    struct cell bind = cell_int("held", held);
    struct rows r;
    instant next = INSTANT_NONE;
    enum err err = rows_begin(s, STMT_DEADLINE_NEXT, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    while (next == INSTANT_NONE && rows_next(&r)) {
        next = is_aside(s, rows_int(&r, 1)) ? INSTANT_NONE : rows_int(&r, 0);
    }
    err = rows_end(&r);
    if (err == OK) {
        *ret = next;
    }
    return err;
}

enum err deadline_due_tickets(struct store *s, bool held, instant at,
                              ticket_id *ids, int max, int *ret_n)
{
    struct cell binds[] = {cell_int("held", held), cell_int("next_at", at)};
    struct rows r;
    enum err err = rows_begin(s, STMT_DEADLINE_DUE, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    int n = 0;
    while (n < max && rows_next(&r)) {
        ticket_id id = rows_int(&r, 0);
        if (!known(ids, n, id) && !is_aside(s, id)) {
            ids[n++] = id;
        }
    }
    err = rows_end(&r);
    if (err == OK) {
        *ret_n = n;
    }
    return err;
}
