/* Where a list begins: see list_walk.h. */
#include "daemon/commands/view/list_walk.h"

#include <assert.h>
#include <stdio.h>

#include "daemon/commands/access.h"

static_assert(WALK_ENTERPRISE == 1 && WALK_DISPATCHER == 2 && WALK_UNIT == 3 &&
                  WALK_PERSON == 4 && WALK_HANDED == 5 && WALK_APPEALS == 6,
              "as in SCOPE_WALKS");
static_assert(TICKET_HANDED == 8192 && CLOCK_APPEAL == 14, "as below");
static_assert(TICKET_ARCHIVED == 5 && TICKET_DECLINED == 6 &&
                  TICKET_WITHDRAWN == 7 && TICKET_MERGED == 8,
              "as in the index ticket_open");

/* A cursor for each of a chain's enterprises, if there are no more. */
enum {
    CHAIN_WALKS_MAX = 50
};

struct walk_text {
    const char *from; /* before WHERE */
    const char *key;  /* what is in the order of numbers */
    const char *of;   /* of whom */
};
static const struct walk_text walks[WALK_COUNT] = {
    [WALK_ALL] = {"ticket t", "t.id", ""},
    [WALK_ENTERPRISE] = {"ticket t INDEXED BY ticket_enterprise", "t.id",
                         " AND t.enterprise = ?3"},
    [WALK_DISPATCHER] = {"ticket t INDEXED BY ticket_dispatcher", "t.id",
                         " AND t.dispatcher = ?3"},
    [WALK_UNIT] = {"dispatch w INDEXED BY dispatch_unit CROSS JOIN ticket t"
                   " ON t.id = w.ticket",
                   "w.ticket", " AND w.unit = ?3"},
    [WALK_PERSON] = {"ticket_person w INDEXED BY ticket_person_person"
                     " CROSS JOIN ticket t ON t.id = w.ticket",
                     "w.ticket", " AND w.person = ?3 AND w.to_seq IS NULL"},
    [WALK_HANDED] = {"ticket t INDEXED BY ticket_handed", "t.id",
                     " AND (t.flags & 8192) <> 0"},
    [WALK_APPEALS] = {"clock w INDEXED BY clock_appeal CROSS JOIN ticket t"
                      " ON t.id = w.ticket",
                      "w.ticket",
                      " AND w.kind = 14 AND w.stop_at IS NULL"
                      " AND w.to_seq IS NULL"},
    [WALK_PARTS] = {"ticket t INDEXED BY ticket_parent", "t.id",
                    " AND t.parent = ?3 AND t.parent <> 0"},
    [WALK_STATE] = {"ticket t INDEXED BY ticket_open", "t.id",
                    " AND t.state = ?3 AND (t.state < 5 OR t.state > 8)"},
};

/* Of all tickets only those come that are asked for: they are many, and the
 * rest of them is left in SQLite. */
static enum err add_walk(struct filter *f, enum walk walk, int64_t of,
                         struct merge *merge)
{
    char sql[FILTER_SQL_SIZE + 512];
    const struct walk_text *w = &walks[walk];
    bool all = walk == WALK_ALL;
    f->binds[2] = cell_int("", of);
    int len = snprintf(
        sql, sizeof sql,
        "SELECT -%s, %s, %s%s%s FROM %s WHERE %s < ?2 AND %s > ?4%s%s%s"
        " ORDER BY %s DESC",
        w->key, w->key, all ? "1" : "CASE WHEN ", all ? "" : f->sql,
        all ? "" : " THEN 1 ELSE 0 END", w->from, w->key, w->key, w->of,
        all ? " AND " : "", all ? f->sql : "", w->key);
    assert(len < (int)sizeof sql);
    (void)len;
    return merge_add(merge, sql, f->binds, f->n);
}

/* A walk for each row of (walk, of whom). */
static enum err add_walks(struct filter *f, struct rows *rows,
                          struct merge *merge)
{
    enum err err = OK;
    while (err == OK && rows_next(rows)) {
        err = add_walk(f, (enum walk)rows_enum(rows, 0, WALK_COUNT),
                       rows_int(rows, 1), merge);
    }
    enum err end = rows_end(rows);
    return err == OK ? end : err;
}

static enum err add_unit(struct call *c, struct filter *f, struct merge *merge)
{
    struct cell bind = cell_int("", f->unit);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_WALKS_OF_UNIT, &bind, 1, &rows);
    return err == OK ? add_walks(f, &rows, merge) : err;
}

static enum err add_own(struct call *c, struct filter *f, struct merge *merge)
{
    struct cell bind = access_bind(c);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_SCOPE_WALKS, &bind, 1, &rows);
    return err == OK ? add_walks(f, &rows, merge) : err;
}

/* Has the reader so many tickets that a unit's are fewer? */
static bool reads_many(const struct actor *a)
{
    return access_all(a) || (a->roles & ROLE_BIT(ROLE_DISPATCHER)) != 0;
}

/* Are a chain's enterprises few? */
static enum err chain_is_small(struct call *c, const struct filter *f,
                               bool *ret)
{
    struct cell bind = cell_int("", f->chain);
    int64_t n = 0;
    enum err err =
        f->chain == 0 ? OK
                      : rows_number(c->store, STMT_CHAIN_SIZE, &bind, 1, 0, &n);
    *ret = err == OK && f->chain != 0 && n <= CHAIN_WALKS_MAX;
    return err;
}

static enum err add_chain(struct call *c, struct filter *f, struct merge *merge)
{
    struct cell bind = cell_int("", f->chain);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_WALKS_OF_CHAIN, &bind, 1, &rows);
    return err == OK ? add_walks(f, &rows, merge) : err;
}

/* Who sees all begins where few are, if the filter says where. */
static enum err add_readers(struct call *c, struct filter *f,
                            struct merge *merge)
{
    bool all = access_all(&c->actor);
    bool small = false;
    bool open = f->state >= 0 &&
                (f->state < TICKET_ARCHIVED || f->state > TICKET_MERGED);
    enum err err = reads_many(&c->actor) ? chain_is_small(c, f, &small) : OK;
    if (err != OK) {
        return err;
    }
    if (small) {
        return add_chain(c, f, merge);
    }
    if (all && open) {
        return add_walk(f, WALK_STATE, f->state, merge);
    }
    return all ? add_walk(f, WALK_ALL, 0, merge) : add_own(c, f, merge);
}

enum err walk_open(struct call *c, struct filter *f, ticket_id below,
                   struct merge *ret)
{
    *ret = (struct merge){.store = c->store};
    f->binds[1] = cell_int("", below < f->below ? below : f->below);
    f->binds[3] = cell_int("", f->above);
    if (f->parent != 0) {
        return add_walk(f, WALK_PARTS, f->parent, ret);
    }
    if (f->leader != 0) {
        return add_walk(f, WALK_PERSON, f->leader, ret);
    }
    if (f->enterprise != 0) {
        return add_walk(f, WALK_ENTERPRISE, f->enterprise, ret);
    }
    if (f->unit != 0 && reads_many(&c->actor)) {
        return add_unit(c, f, ret);
    }
    return add_readers(c, f, ret);
}
