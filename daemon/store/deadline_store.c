/* What falls due next: reads of the one index on clocks that will still do
 * something by themselves. */
#include "daemon/store/internal.h"

enum err deadline_next(struct store *s, bool held, instant *ret)
{
    struct cell bind = cell_int("held", held);
    return rows_number(s, STMT_DEADLINE_NEXT, &bind, 1, INSTANT_NONE, ret);
}

static bool known(const ticket_id *ids, int n, ticket_id id)
{
    for (int i = n - 1; i >= 0; i--) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
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
        if (!known(ids, n, id)) {
            ids[n++] = id;
        }
    }
    err = rows_end(&r);
    if (err == OK) {
        *ret_n = n;
    }
    return err;
}
