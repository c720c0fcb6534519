/* Where what waits for a person stands: see mine.h. */
#include <stdio.h>

#include "daemon/commands/view/mine.h"
#include "daemon/store/scope.h"

/* -- statements --------------------------------------------------------------
 */

/* An open clock that runs, and is not of an open import. */
#define OPEN                                          \
    " AND c.stop_at IS NULL AND c.to_seq IS NULL AND" \
    " c.run = 0 AND c.held = 0"
/* as the index clock_duty has it */
#define DUTY_KINDS "(c.kind BETWEEN 2 AND 3 OR c.kind BETWEEN 7 AND 16)"
#define NO_DUE "9223372036854775807"

/* In order by an index; the clocks without a due come apart, behind. */
struct place_text {
    const char *from;
    bool sorted; /* not in order by itself: few, and all in one */
};
static const struct place_text places[PLACE_COUNT] = {
    [PLACE_WORK] = {"clock c INDEXED BY clock_open WHERE c.unit = ?2"
                    " AND c.kind = 1",
                    false},
    [PLACE_SIGN] = {"clock c INDEXED BY clock_sign WHERE c.unit = ?2"
                    " AND c.kind = 0",
                    false},
    [PLACE_SIDE] = {"clock c INDEXED BY clock_duty WHERE c.unit = ?2"
                    " AND " DUTY_KINDS " AND +c.kind IN (2, 9)",
                    false},
    [PLACE_OFFICE] = {"clock c INDEXED BY clock_duty WHERE c.unit = ?2"
                      " AND " DUTY_KINDS
                      " AND +c.kind IN (3, 7, 9, 10, 11, 12, 13, 15)",
                      false},
    [PLACE_ENTERPRISE] = {"clock c INDEXED BY clock_duty WHERE c.unit = ?2"
                          " AND " DUTY_KINDS " AND +c.kind IN (8, 16)",
                          false},
    [PLACE_GUIDED] = {"clock c INDEXED BY clock_duty WHERE c.unit IN"
                      " (" SCOPE_GUIDED ") AND " DUTY_KINDS
                      " AND +c.kind IN (8, 16)",
                      true},
    [PLACE_ASSIGNED] = {"dispatch d INDEXED BY dispatch_handler CROSS JOIN"
                        " clock c ON c.ticket = d.ticket WHERE d.handler IN"
                        " " SCOPE_PEOPLE " AND d.handler <> 0"
                        " AND d.state IN (1, 2, 3)"
                        " AND ((c.dispatch = d.n AND c.kind IN (0, 1, 2))"
                        " OR (c.kind = 9 AND d.kind = 0))",
                        true},
    [PLACE_APPEALS] = {"clock c INDEXED BY clock_appeal WHERE c.kind = 14",
                       false},
    [PLACE_NAMED] = {"ticket_person p CROSS JOIN clock c ON c.ticket ="
                     " p.ticket WHERE p.person IN " SCOPE_PEOPLE
                     " AND p.to_seq IS NULL AND c.kind IN (1, 6, 9)"
                     " AND c.due_at <= ?5",
                     true},
};

bool place_split(enum place place)
{
    return !places[place].sorted;
}

const char *place_sql(enum place place, bool timeless, char out[PLACE_SQL_SIZE])
{
    const char *from = places[place].from;
    if (places[place].sorted) {
        snprintf(out, PLACE_SQL_SIZE,
                 "SELECT coalesce(c.due_at, " NO_DUE
                 ") AS due, c.ticket FROM %s" OPEN
                 " AND (coalesce(c.due_at, " NO_DUE
                 "), c.ticket) > (?3, ?4) ORDER BY 1, 2",
                 from);
    } else if (timeless) {
        snprintf(out, PLACE_SQL_SIZE,
                 "SELECT " NO_DUE ", c.ticket FROM %s" OPEN
                 " AND c.due_at IS NULL AND (?3 < " NO_DUE
                 " OR c.ticket > ?4) ORDER BY c.ticket",
                 from);
    } else {
        snprintf(out, PLACE_SQL_SIZE,
                 "SELECT c.due_at, c.ticket FROM %s" OPEN
                 " AND (c.due_at, c.ticket) > (?3, ?4)"
                 " ORDER BY c.due_at, c.ticket",
                 from);
    }
    return out;
}

/* -- the actor's -------------------------------------------------------------
 */

struct opening {
    struct call *c;
    struct merge *merge;
    struct spot after;
};

static enum err open_place(struct opening *o, enum place place,
                           register_id unit)
{
    char sql[PLACE_SQL_SIZE];
    struct cell binds[] = {cell_text("", o->c->actor.people),
                           cell_int("", unit), cell_int("", o->after.due),
                           cell_int("", o->after.ticket),
                           cell_int("", o->c->at)};
    enum err err = merge_add(o->merge, place_sql(place, false, sql), binds, 5);
    if (err == OK && place_split(place)) {
        err = merge_add(o->merge, place_sql(place, true, sql), binds, 5);
    }
    return err;
}

static enum err open_unit(struct opening *o, register_id unit)
{
    enum err err = open_place(o, PLACE_WORK, unit);
    if (err == OK) {
        err = open_place(o, PLACE_SIGN, unit);
    }
    return err == OK ? open_place(o, PLACE_SIDE, unit) : err;
}

static bool is_worker(enum role role)
{
    return role == ROLE_HEAD || role == ROLE_HANDLER;
}

/* Head and handler of one unit read the same places: once. */
static bool opened_before(const struct actor *a, int i)
{
    for (int k = 0; k < i; k++) {
        bool same =
            a->posts[k].role == a->posts[i].role ||
            (is_worker(a->posts[k].role) && is_worker(a->posts[i].role));
        if (same && a->posts[k].unit == a->posts[i].unit) {
            return true;
        }
    }
    return false;
}

static enum err open_post(struct opening *o, const struct post *post)
{
    switch (post->role) {
    case ROLE_HEAD:
    case ROLE_HANDLER:
        return open_unit(o, post->unit);
    case ROLE_DISPATCHER:
        return open_place(o, PLACE_OFFICE, post->unit);
    case ROLE_ENTERPRISE:
        return open_place(o, PLACE_ENTERPRISE, post->unit);
    default:
        return OK;
    }
}

static enum err open_own(struct opening *o)
{
    const struct actor *a = &o->c->actor;
    uint32_t judges = ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_DISPATCHER);
    enum err err = open_place(o, PLACE_ASSIGNED, 0);
    if (err == OK) {
        err = open_place(o, PLACE_NAMED, 0);
    }
    if (err == OK && (a->roles & ROLE_BIT(ROLE_GUIDE)) != 0) {
        err = open_place(o, PLACE_GUIDED, 0);
    }
    if (err == OK && (a->roles & judges) != 0) {
        err = open_place(o, PLACE_APPEALS, 0);
    }
    return err;
}

enum err mine_open(struct call *c, struct spot after, struct merge *ret)
{
    struct opening o = {c, ret, after};
    *ret = (struct merge){.store = c->store};
    enum err err = c->actor.person == 0 ? OK : open_own(&o);
    for (int i = 0; err == OK && i < c->actor.n_posts; i++) {
        if (!opened_before(&c->actor, i)) {
            err = open_post(&o, &c->actor.posts[i]);
        }
    }
    return err;
}
