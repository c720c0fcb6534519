/* Open finish clocks past their due, oldest first: see list_overdue.h. */
#include "daemon/commands/list_overdue.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/commands/access.h"
#include "daemon/store/registry.h"

static int compare_hits(const void *a, const void *b)
{
    const struct hit *x = a;
    const struct hit *y = b;
    if (x->due != y->due) {
        return x->due < y->due ? -1 : 1;
    }
    return x->ticket < y->ticket ? -1 : x->ticket > y->ticket;
}

static enum err add_hit(struct hits *hits, instant due, ticket_id ticket)
{
    if (hits->n == hits->room) {
        size_t room = hits->room == 0 ? 64 : 2 * hits->room;
        struct hit *list = realloc(hits->list, room * sizeof *list);
        if (list == NULL) {
            return ERR_NO_MEMORY;
        }
        hits->list = list;
        hits->room = room;
    }
    hits->list[hits->n++] = (struct hit){due, ticket};
    return OK;
}

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
static void overdue_sql(struct filter *f, register_id unit, char *sql,
                        size_t size)
{
    /* clang-format off */
    snprintf(sql, size,
             "SELECT c.due_at, c.ticket FROM clock c INDEXED BY clock_open"
             " CROSS JOIN ticket t ON t.id = c.ticket WHERE c.unit = ?3"
             " AND " OPEN_FINISH("c") " AND " PAST_DUE("c")
             " AND (c.due_at, c.ticket) > (?4, ?5) AND %s"
             " AND NOT EXISTS (SELECT 1 FROM clock o"
             " WHERE o.ticket = c.ticket AND " OPEN_FINISH("o")
             " AND " PAST_DUE("o") "%s"
             " AND (o.due_at, o.n) < (c.due_at, c.n))"
             " ORDER BY c.due_at, c.ticket LIMIT ?6",
             f->sql,
             f->unit != 0 ? " AND +o.unit IN " LIST_UNITS("?7") : "");
    /* clang-format on */
    f->binds[2] = cell_int("", unit);
}

static enum err overdue_of(struct call *c, struct filter *f, register_id unit,
                           struct hits *hits)
{
    char sql[FILTER_SQL_SIZE + 1024];
    overdue_sql(f, unit, sql, sizeof sql);
    struct rows rows;
    enum err err = rows_begin_text(c->store, sql, f->binds, f->n, &rows);
    while (err == OK && rows_next(&rows)) {
        err = add_hit(hits, rows_int(&rows, 0), rows_int(&rows, 1));
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* A unit's own, and those of each that it has taken over. */
static enum err overdue_of_unit(struct call *c, struct filter *f,
                                struct hits *hits)
{
    struct cell bind = cell_int("", f->unit);
    struct rows rows;
    f->binds[6] = bind;
    enum err err = rows_begin(c->store, STMT_UNITS_OF, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = overdue_of(c, f, rows_int(&rows, 0), hits);
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

static enum err overdue_of_all(struct call *c, struct filter *f,
                               struct hits *hits)
{
    register_id unit = 0;
    enum err err = next_unit(c, &unit);
    while (err == OK && unit != 0) {
        err = overdue_of(c, f, unit, hits);
        if (err == OK) {
            err = next_unit(c, &unit);
        }
    }
    return err;
}

/* Who sees a part of the tickets, or asks for one enterprise's, would walk
 * through all that is overdue in every unit to find theirs: theirs are found
 * first. The least due of a ticket is that of the clock it stands under. */
static enum err overdue_of_scope(struct call *c, struct filter *f,
                                 struct hits *hits)
{
    char sql[FILTER_SQL_SIZE + 1024];
    snprintf(sql, sizeof sql,
             "SELECT min(c.due_at) AS due, c.ticket FROM %s CROSS JOIN"
             " clock c ON c.ticket = t.id WHERE %s AND " OPEN_FINISH(
                 "c") " AND " PAST_DUE("c") " GROUP BY t.id"
                                            " HAVING (due, t.id) > (?4, ?5)"
                                            " ORDER BY due, t.id LIMIT ?6",
             filter_from(f), f->sql);
    struct rows rows;
    enum err err = rows_begin_text(c->store, sql, f->binds, f->n, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = add_hit(hits, rows_int(&rows, 0), rows_int(&rows, 1));
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* Who sees everything, or dispatches for an office, finds nearly all of what is
 * overdue to be theirs. */
static enum err sees_most(struct call *c, bool *ret)
{
    const struct actor *a = &c->actor;
    enum err err = OK;
    *ret = access_all(a);
    for (int i = 0; err == OK && !*ret && i < a->n_posts; i++) {
        struct entry unit;
        if (a->posts[i].role == ROLE_DISPATCHER) {
            err = registry_by_id(c->store, a->posts[i].unit, &unit);
            *ret = err == OK && unit.kind == REGISTER_OFFICE;
        }
    }
    return err;
}

static enum err find(struct call *c, struct filter *f, struct hits *hits)
{
    bool most = false;
    if (f->unit != 0) {
        return overdue_of_unit(c, f, hits);
    }
    enum err err = sees_most(c, &most);
    if (err != OK) {
        return err;
    }
    return most && !f->enterprise ? overdue_of_all(c, f, hits)
                                  : overdue_of_scope(c, f, hits);
}

enum err overdue_find(struct call *c, struct filter *f, struct hits *ret)
{
    enum err err = find(c, f, ret);
    if (err == OK && ret->n > 1) {
        qsort(ret->list, ret->n, sizeof ret->list[0], compare_hits);
    }
    return err;
}
