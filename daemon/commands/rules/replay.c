/* A clock's history gone through again: see replay.h. */
#include "daemon/commands/rules/replay.h"

#include <stdlib.h>

/* -- loading -----------------------------------------------------------------
 */

static struct clock_version read_version(const struct rows *r)
{
    return (struct clock_version){
        .n = (int32_t)rows_int(r, 0),
        .kind = (enum clock_kind)rows_enum(r, 1, CLOCK_KIND_COUNT),
        .co = rows_int(r, 2) == DISPATCH_CO,
        .start = rows_instant(r, 3),
        .limit = rows_limit(r, 4),
        .due = {.at = rows_instant(r, 7), .by_day = rows_int(r, 8) != 0},
        .run = (enum clock_run)rows_enum(r, 9, CLOCK_STOPPED + 1),
        .paused = rows_instant(r, 10),
        .from = rows_int(r, 11),
        .from_seq = rows_int(r, 12),
        .stop_seq = rows_int(r, 13),
        .turn = (int32_t)rows_int(r, 14),
        .moved = rows_limit(r, 15),
    };
}

static enum err add_version(struct replay *r, const struct rows *rows)
{
    enum {
        FIRST_ROOM = 64
    };
    if (r->n == r->room) {
        int room = r->room == 0 ? FIRST_ROOM : 2 * r->room;
        struct clock_version *versions =
            realloc(r->versions, (size_t)room * sizeof *versions);
        if (versions == NULL) {
            return ERR_NO_MEMORY;
        }
        r->versions = versions;
        r->room = room;
    }
    r->versions[r->n++] = read_version(rows);
    return OK;
}

static void use_latest_limits(struct replay *r)
{
    for (int i = r->n - 1; i >= 0; i--) {
        struct clock_version *v = &r->versions[i];
        bool latest = i == r->n - 1 || v[1].n != v->n;
        v->use = latest ? v->limit : v[1].use;
    }
}

enum err replay_load(struct store *s, ticket_id id, struct replay *ret)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(s, STMT_CLOCK_HISTORY, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    ret->n = 0;
    while (err == OK && rows_next(&rows)) {
        err = add_version(ret, &rows);
    }
    enum err end = rows_end(&rows);
    if (err == OK) {
        err = end;
    }
    if (err == OK) {
        use_latest_limits(ret);
    }
    return err;
}

void replay_done(struct replay *r)
{
    free(r->versions);
    *r = (struct replay){.n = 0};
}

void replay_limit(struct replay *r, int32_t n, struct limit limit)
{
    for (int i = 0; i < r->n; i++) {
        if (r->versions[i].n == n) {
            r->versions[i].use = limit;
        }
    }
}

/* -- where a due came from ---------------------------------------------------
 */

/* How far a clock is followed: to the record before this one. */
static enum err due_before(const struct replay *r, const struct rules *rules,
                           int first, struct limit limit, int64_t seq,
                           struct due *ret);

static int first_of(const struct replay *r, int32_t n)
{
    for (int i = 0; i < r->n; i++) {
        if (r->versions[i].n == n) {
            return i;
        }
    }
    return -1;
}

/* The version of the clock that begins at `first` which stood just before the
 * record `seq`; NULL if it was not there yet, or had stopped. */
static const struct clock_version *stood(const struct replay *r, int first,
                                         int64_t seq)
{
    const struct clock_version *found = NULL;
    for (int i = first; i < r->n && r->versions[i].n == r->versions[first].n;
         i++) {
        const struct clock_version *v = &r->versions[i];
        if (v->stop_seq != 0 && v->stop_seq < seq) {
            return NULL;
        }
        if (v->from_seq < seq) {
            found = v;
        }
    }
    return found;
}

static bool same_limit(struct limit a, struct limit b)
{
    return a.unit == b.unit && a.n == b.n &&
           (a.unit != LIMIT_UNTIL || a.until == b.until);
}

static bool of_work(enum clock_kind kind)
{
    return kind == CLOCK_FINISH || kind == CLOCK_REWORK;
}

/* An earlier clock of the work that was due at the same instant when this one
 * began: what was handed on, or what a co-handler's was cut to; -1: none. */
static int origin(const struct replay *r, int first, bool *ret_same_limit)
{
    const struct clock_version *made = &r->versions[first];
    int found = -1;
    *ret_same_limit = false;
    if (made->kind != CLOCK_FINISH || made->due.at == INSTANT_NONE) {
        return -1;
    }
    for (int i = 0; i < first && !*ret_same_limit; i++) {
        const struct clock_version *v = &r->versions[i];
        bool begins = i == 0 || v[-1].n != v->n;
        const struct clock_version *then =
            begins && of_work(v->kind) ? stood(r, i, made->from_seq) : NULL;
        if (then != NULL && then->due.at == made->due.at &&
            then->due.by_day == made->due.by_day) {
            found = i;
            *ret_same_limit = same_limit(then->limit, made->limit);
        }
    }
    return found;
}

static enum err first_due(const struct replay *r, const struct rules *rules,
                          int first, struct limit limit, struct due *ret)
{
    const struct clock_version *made = &r->versions[first];
    bool handed_on;
    int from = origin(r, first, &handed_on);
    if (handed_on) {
        return due_before(r, rules, from, limit, made->from_seq, ret);
    }
    enum err err = calendar_due(rules->calendar, &rules->regulation->worktime,
                                made->start, limit, ret);
    if (err != OK || from < 0 || !made->co) {
        return err;
    }
    struct due lead;
    err = due_before(r, rules, from, r->versions[from].use, made->from_seq,
                     &lead);
    if (err == OK && (ret->at == INSTANT_NONE || ret->at > lead.at)) {
        *ret = lead;
    }
    return err;
}

/* -- what moved it ----------------------------------------------------------
 */

/* The clock of the work that was extended in the same record. */
static int moved_with(const struct replay *r, const struct clock_version *v)
{
    for (int i = 1; i < r->n; i++) {
        const struct clock_version *other = &r->versions[i];
        if (other->from_seq == v->from_seq && of_work(other->kind) &&
            other->moved.unit != LIMIT_NONE) {
            return first_of(r, other->n);
        }
    }
    return -1;
}

static enum err extended(const struct replay *r, const struct rules *rules,
                         const struct clock_version *v, struct due *due)
{
    if (v->kind != CLOCK_OVERALL) {
        return calendar_extend(rules->calendar, &rules->regulation->worktime,
                               *due, v->moved, due);
    }
    int lead = moved_with(r, v);
    if (lead < 0) {
        return ERR_CORRUPT;
    }
    struct due its;
    enum err err = due_before(r, rules, lead, r->versions[lead].use,
                              v->from_seq + 1, &its);
    if (err == OK && its.at > due->at) {
        *due = its;
    }
    return err;
}

/* Late already when it was paused: nothing was left to credit. */
static enum err resumed(const struct rules *rules,
                        const struct clock_version *before,
                        const struct clock_version *v, struct limit limit,
                        struct due *due)
{
    if (due_late(*due, before->paused)) {
        return OK;
    }
    struct pause pause = {.suspended_at = before->paused,
                          .resumed_at = v->from};
    return calendar_resume_due(rules->calendar, &rules->regulation->worktime,
                               limit, *due, pause, due);
}

static enum err due_before(const struct replay *r, const struct rules *rules,
                           int first, struct limit limit, int64_t seq,
                           struct due *ret)
{
    struct due due;
    enum err err = first_due(r, rules, first, limit, &due);
    for (int i = first + 1;
         err == OK && i < r->n && r->versions[i].n == r->versions[first].n;
         i++) {
        const struct clock_version *v = &r->versions[i];
        if (v->from_seq >= seq || due.at == INSTANT_NONE) {
            break;
        }
        if (v->moved.unit != LIMIT_NONE) {
            err = extended(r, rules, v, &due);
        } else if (v[-1].run == CLOCK_PAUSED && v->run == CLOCK_RUNNING) {
            err = resumed(rules, &v[-1], v, limit, &due);
        }
    }
    if (err == OK) {
        *ret = due;
    }
    return err;
}

enum err replay_due(const struct replay *r, const struct rules *rules,
                    int32_t n, struct due *ret)
{
    int first = first_of(r, n);
    if (first < 0) {
        return ERR_CORRUPT;
    }
    return due_before(r, rules, first, r->versions[first].use, INT64_MAX, ret);
}
