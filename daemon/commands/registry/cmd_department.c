/* department.merge: from now on one department is a part of another.
 *
 *   its registration ends          nothing new is dispatched to it
 *   its people's posts move        with their roles
 *   the departments below it       stand below the other
 *   what was dispatched to it      stays there; who works for the other acts
 *                                  and reads for it (RELATION_SUCCESSOR)
 *   what it had taken over itself  is the other's: one level, whatever was
 *                                  merged before
 *
 * Reports as of an instant before the merger know nothing of it; later ones
 * count the dispatches of the ended department under the other's name. */
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"

struct merger {
    struct entry from;
    struct entry into;
};

/* -- which two ---------------------------------------------------------------
 */

static enum err department(struct call *c, const char *param, struct entry *ret)
{
    enum err err = named_unit(c, param, ret);
    return err == OK && ret->kind != REGISTER_DEPARTMENT
               ? refuse(c, ERR_NOT_FOUND, param, "", "")
               : err;
}

static enum err parent_of(struct call *c, register_id unit, register_id *ret)
{
    struct cell bind = cell_int("", unit);
    return rows_number(c->store, STMT_PARENT_OF, &bind, 1, 0, ret);
}

/* The departments below the ended one will stand below the other: it must not
 * be one of them. */
static enum err not_below(struct call *c, const struct merger *m)
{
    enum {
        LEVELS_MAX = 64
    };
    register_id unit = m->into.id;
    enum err err = OK;
    for (int i = 0; err == OK && unit != 0 && i < LEVELS_MAX; i++) {
        err = parent_of(c, unit, &unit);
        if (err == OK && unit == m->from.id) {
            return refuse(c, ERR_BAD_PARAM, "into",
                          "a department that is not below the one that ends",
                          m->into.code);
        }
    }
    return err;
}

static enum err read_merger(struct call *c, struct merger *m)
{
    enum err err = department(c, "code", &m->from);
    if (err == OK) {
        err = department(c, "into", &m->into);
    }
    if (err == OK && m->from.id == m->into.id) {
        err = refuse(c, ERR_BAD_PARAM, "into", "another department",
                     m->into.code);
    }
    return err == OK ? not_below(c, m) : err;
}

/* -- doing it ----------------------------------------------------------------
 */

static enum err move_tie(struct call *c, const struct held_tie *held,
                         register_id into)
{
    struct tie tie = held->tie;
    int64_t there = 0;
    enum err err = OK;
    tie.object = into;
    if (tie.kind == RELATION_ROLE) {
        struct cell binds[] = {cell_int("", tie.subject), cell_int("", into),
                               cell_int("", tie.detail)};
        err = rows_number(c->store, STMT_POST, binds, 3, 0, &there);
    }
    return err != OK || there != 0 ? err : relation_add(c, &tie);
}

static enum err merge(struct call *c, const struct merger *m, int *ret_people)
{
    struct held_ties ties = {.list = NULL};
    struct cell bind = cell_int("", m->from.id);
    struct tie successor = {RELATION_SUCCESSOR, m->from.id, m->into.id, 0};
    enum err err = ties_collect(c, STMT_TIES_OF_UNIT, &bind, 1, &ties);
    if (err == OK) {
        err = registry_finish(c, &m->from);
    }
    *ret_people = 0;
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        *ret_people += ties.list[i].tie.kind == RELATION_ROLE ? 1 : 0;
        err = move_tie(c, &ties.list[i], m->into.id);
    }
    ties_done(&ties);
    return err == OK ? relation_add(c, &successor) : err;
}

enum err cmd_department_merge(struct call *c)
{
    struct merger m;
    int people = 0;
    enum err err = read_merger(c, &m);
    if (err == OK) {
        err = merge(c, &m, &people);
    }
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "code", json_string(m.from.code));
    json_object_set_new(c->result, "into", json_string(m.into.code));
    json_object_set_new(c->result, "posts", json_integer(people));
    return OK;
}
