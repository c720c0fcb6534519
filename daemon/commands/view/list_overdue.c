/* Open finish clocks past their due, oldest first: see list_overdue.h. */
#include "daemon/commands/view/list_overdue.h"

#include <assert.h>
#include <stdio.h>

#include "daemon/commands/access.h"
#include "daemon/store/registry.h"
#include "daemon/store/scope.h"

/* Found and sorted are at most so many tickets. */
enum {
    FOUND_MAX = 5000
};

#define OPEN_FINISH(c)                                                      \
    c ".kind = 1 AND " c ".stop_at IS NULL AND " c ".to_seq IS NULL AND " c \
      ".run = 0"

/* Past due at ?2, in the words of due_late(). */
#define PAST_DUE(c) \
    c ".due_at <= ?2 AND (" c ".by_day = 1 OR " c ".due_at < ?2)"

/* A ticket stands under its oldest overdue clock only: under no other unit's
 * (when all are asked), nor under a second of the same unit or of what that
 * has taken over. "+": of the ticket's few clocks, not of all the unit's
 * (clock_open). */
static enum err add_unit(struct filter *f, register_id unit,
                         struct merge *merge)
{
    char sql[FILTER_SQL_SIZE + 1024];
    f->binds[2] = cell_int("", unit);
    /* clang-format off */
    int len = snprintf(
        sql, sizeof sql,
        "SELECT c.due_at, c.ticket, CASE WHEN NOT EXISTS (SELECT 1"
        " FROM clock o WHERE o.ticket = c.ticket AND " OPEN_FINISH("o")
        " AND " PAST_DUE("o") "%s AND o.due_at < c.due_at)"
        " AND %s THEN 1 ELSE 0 END"
        " FROM clock c INDEXED BY clock_open"
        " CROSS JOIN ticket t ON t.id = c.ticket WHERE c.unit = ?3"
        " AND " OPEN_FINISH("c") " AND " PAST_DUE("c")
        " AND (c.due_at, c.ticket) > (?4, ?5) ORDER BY c.due_at, c.ticket",
        f->unit != 0 ? " AND +o.unit IN " LIST_UNITS("?6") : "", f->sql);
    /* clang-format on */
    assert(len < (int)sizeof sql);
    (void)len;
    return merge_add(merge, sql, f->binds, f->n);
}

/* A unit's own, and those of each that it has taken over. */
static enum err add_units(struct call *c, struct filter *f, struct merge *merge)
{
    struct cell bind = cell_int("", f->unit);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_UNITS_OF, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = add_unit(f, rows_int(&rows, 0), merge);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* The next unit with open work, from the index alone. */
static enum err next_unit(struct call *c, register_id *unit)
{
    struct cell bind = cell_int("", *unit);
    return rows_number(c->store, STMT_NEXT_OPEN_UNIT, &bind, 1, 0, unit);
}

static enum err add_all(struct call *c, struct filter *f, struct merge *merge)
{
    register_id unit = 0;
    enum err err = next_unit(c, &unit);
    while (err == OK && unit != 0) {
        err = add_unit(f, unit, merge);
        if (err == OK) {
            err = next_unit(c, &unit);
        }
    }
    return err;
}

/* Who sees a part of the tickets, or asks for few, would walk through all that
 * is overdue in every unit to find theirs: theirs are found first. The least
 * due of a ticket is that of the clock it stands under. */
static enum err add_found(struct filter *f, const char *found, int64_t of,
                          struct merge *merge)
{
    char sql[FILTER_SQL_SIZE + 4096];
    f->binds[2] = cell_int("", of);
    /* clang-format off */
    int len = snprintf(
        sql, sizeof sql,
        "SELECT min(c.due_at) AS due, t.id, 1 FROM ticket t CROSS JOIN"
        " clock c ON c.ticket = t.id WHERE t.id IN (%s) AND %s"
        " AND " OPEN_FINISH("c") " AND " PAST_DUE("c")
        " GROUP BY t.id HAVING (due, t.id) > (?4, ?5) ORDER BY due, t.id",
        found, f->sql);
    /* clang-format on */
    assert(len < (int)sizeof sql);
    (void)len;
    return merge_add(merge, sql, f->binds, f->n);
}

/* Who has more than that will not have to look at many of others. */
static enum err has_many(struct call *c, bool *ret)
{
    struct cell binds[] = {access_bind(c), cell_int("", FOUND_MAX + 1)};
    int64_t n = 0;
    enum err err = OK;
    if (!access_all(&c->actor)) {
        err = rows_number(c->store, STMT_SCOPE_COUNT, binds, 2, 0, &n);
    }
    *ret = access_all(&c->actor) || n > FOUND_MAX;
    return err;
}

enum err overdue_open(struct call *c, struct filter *f, struct spot after,
                      struct merge *ret)
{
    bool many = false;
    *ret = (struct merge){.store = c->store};
    f->binds[1] = cell_int("", c->at);
    f->binds[3] = cell_int("", after.due);
    f->binds[4] = cell_int("", after.ticket);
    f->binds[5] = cell_int("", f->unit);
    if (f->unit != 0) {
        return add_units(c, f, ret);
    }
    if (f->parent != 0) {
        return add_found(f,
                         "SELECT id FROM ticket WHERE parent = ?3"
                         " AND parent <> 0",
                         f->parent, ret);
    }
    if (f->leader != 0) {
        return add_found(f,
                         "SELECT ticket FROM ticket_person WHERE person = ?3"
                         " AND to_seq IS NULL",
                         f->leader, ret);
    }
    if (f->enterprise != 0) {
        return add_found(f, "SELECT id FROM ticket WHERE enterprise = ?3",
                         f->enterprise, ret);
    }
    enum err err = has_many(c, &many);
    if (err != OK) {
        return err;
    }
    return many ? add_all(c, f, ret) : add_found(f, SCOPE_FOUND, 0, ret);
}
