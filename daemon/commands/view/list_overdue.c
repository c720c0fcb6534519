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

/* Of a unit, or with 0 of all in one: a cursor for each unit would be many, and
 * SQLite goes through all that are open whenever a condition opens one more.
 *
 * A ticket stands under its oldest overdue clock only: under no other unit's
 * (when all are asked), nor under a second of the same unit or of what that
 * has taken over. "+": of the ticket's few clocks, not of all the unit's
 * (clock_open). */
static enum err add_clocks(struct filter *f, register_id unit,
                           struct merge *merge)
{
    char sql[FILTER_SQL_SIZE + 1024];
    f->binds[2] = cell_int("", unit);
    /* clang-format off */
    int len = snprintf(
        sql, sizeof sql,
        "SELECT c.due_at, c.ticket, CASE WHEN %s AND NOT EXISTS (SELECT 1"
        " FROM clock o WHERE o.ticket = c.ticket AND " OPEN_FINISH("o")
        " AND " PAST_DUE("o") "%s AND o.due_at < c.due_at)"
        " THEN 1 ELSE 0 END"
        " FROM clock c INDEXED BY %s CROSS JOIN ticket t ON t.id = c.ticket"
        " WHERE %s " OPEN_FINISH("c") " AND " PAST_DUE("c")
        " AND (c.due_at, c.ticket) > (?4, ?5) ORDER BY c.due_at, c.ticket",
        f->sql, f->unit != 0 ? " AND +o.unit IN " LIST_UNITS("?6") : "",
        unit != 0 ? "clock_open" : "clock_late",
        unit != 0 ? "c.unit = ?3 AND" : "");
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
        err = add_clocks(f, rows_int(&rows, 0), merge);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* Who sees a part of the tickets, or asks for few, would walk through all that
 * is overdue in every unit to find theirs: theirs are found first. The least
 * due of a ticket is that of the clock it stands under. Most are over (states
 * 5, 7, 8), and then neither their clocks nor the scope are looked at. */
static enum err add_found(struct filter *f, const char *found, int64_t of,
                          struct merge *merge)
{
    char sql[FILTER_SQL_SIZE + 4096];
    f->binds[2] = cell_int("", of);
    /* clang-format off */
    int len = snprintf(
        sql, sizeof sql,
        "SELECT min(c.due_at) AS due, t.id, 1 FROM ticket t CROSS JOIN"
        " clock c ON c.ticket = t.id WHERE t.id IN (%s)"
        " AND t.state NOT IN (5, 7, 8) AND %s"
        " AND " OPEN_FINISH("c") " AND " PAST_DUE("c")
        " GROUP BY t.id HAVING (due, t.id) > (?4, ?5) ORDER BY due, t.id",
        found, f->sql);
    /* clang-format on */
    assert(len < (int)sizeof sql);
    (void)len;
    return merge_add(merge, sql, f->binds, f->n);
}

/* Are no more found than can be sorted? Who has more will not have to look at
 * many of others. */
static enum err are_few(struct call *c, struct filter *f, const char *found,
                        int64_t of, bool *ret)
{
    char sql[4096];
    struct rows rows;
    f->binds[2] = cell_int("", of);
    int len = snprintf(sql, sizeof sql,
                       "SELECT count(*) FROM (SELECT 1 FROM (%s) LIMIT %d)",
                       found, FOUND_MAX + 1);
    assert(len < (int)sizeof sql);
    (void)len;
    enum err err = rows_begin_text(c->store, sql, f->binds, f->n, &rows);
    *ret = err == OK && rows_next(&rows) && rows_int(&rows, 0) <= FOUND_MAX;
    return err == OK ? rows_end(&rows) : err;
}

/* By what the filter names, and by who reads; ?3 is whose. */
static const char found_parts[] =
    "SELECT id FROM ticket WHERE parent = ?3 AND parent <> 0";
static const char found_named[] =
    "SELECT ticket FROM ticket_person WHERE person = ?3 AND to_seq IS NULL";
static const char found_enterprise[] =
    "SELECT id FROM ticket WHERE enterprise = ?3";
static const char found_chain[] =
    "SELECT id FROM ticket WHERE enterprise IN (SELECT subject FROM relation"
    " WHERE object = ?3 AND kind = 0 AND to_seq IS NULL)";
static const char found_own[] = SCOPE_FOUND;

enum err overdue_open(struct call *c, struct filter *f, struct spot after,
                      struct merge *ret)
{
    const struct {
        const char *found;
        int64_t of; /* 0: not asked for */
    } places[] = {
        {found_parts, f->parent},
        {found_named, f->leader},
        {found_enterprise, f->enterprise},
        {found_chain, f->chain},
        {found_own, access_all(&c->actor) ? 0 : 1},
    };
    *ret = (struct merge){.store = c->store};
    f->binds[1] = cell_int("", c->at);
    f->binds[3] = cell_int("", after.due);
    f->binds[4] = cell_int("", after.ticket);
    f->binds[5] = cell_int("", f->unit);
    if (f->unit != 0) {
        return add_units(c, f, ret);
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        bool few = false;
        enum err err = places[i].of == 0
                           ? OK
                           : are_few(c, f, places[i].found, places[i].of, &few);
        if (err != OK || few) {
            return few ? add_found(f, places[i].found, places[i].of, ret) : err;
        }
    }
    return add_clocks(f, 0, ret);
}
