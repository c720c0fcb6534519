/* Writing the register: see registry_put.h. */
#include "daemon/commands/registry/registry_put.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/registry/register_access.h"

#define COUNT(cells) ((int)(sizeof(cells) / sizeof(cells)[0]))

static enum err free_code(struct call *c, const char *code)
{
    if (strcmp(code, "operator") == 0 || strcmp(code, "clock") == 0) {
        return refuse(c, ERR_BAD_CODE, "code", "a code of one's own",
                      "this word is taken by the program");
    }
    struct entry other;
    enum err err = registry_any(c->store, code, &other);
    if (err == OK) {
        return refuse(c, ERR_EXISTS, "code", "a code not in use", code);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err registry_add(struct call *c, const struct new_entry *entry,
                      register_id *ret)
{
    enum err err = free_code(c, entry->code);
    if (err != OK) {
        return err;
    }
    register_id id = store_next_id(c->store, TABLE_REGISTER);
    struct cell cells[] = {
        cell_int("id", id),
        cell_int("from_seq", c->seq),
        cell_int("kind", entry->kind),
        cell_text("code", entry->code),
        cell_text("name", entry->name),
        cell_int_or_null("name_text", entry->name_text, 0),
        cell_int_or_null("phone_text", entry->phone_text, 0),
        cell_int("warned", entry->warned ? 1 : 0),
        cell_int("from_at", c->at),
        cell_null("to_at"),
        cell_null("to_seq"),
    };
    err = store_put(c->store, TABLE_REGISTER, cells, COUNT(cells));
    if (err == OK) {
        *ret = id;
    }
    return err;
}

/* History may come in any order, but nothing ends before it began. */
static enum err began_before(struct call *c, instant from)
{
    char at[INSTANT_TEXT_SIZE];
    return c->at >= from ? OK
                         : refuse(c, ERR_OUT_OF_ORDER, "at",
                                  "not before what it changes came to be",
                                  instant_format(from, at));
}

static enum err end_entry(struct call *c, const struct entry *entry)
{
    enum err err = began_before(c, entry->from_at);
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {
        cell_int("id", entry->id),
        cell_int("from_seq", entry->from_seq),
        cell_int("to_at", c->at),
        cell_int("to_seq", c->seq),
    };
    return store_put(c->store, TABLE_REGISTER, cells, COUNT(cells));
}

enum err registry_replace(struct call *c, const struct entry *entry,
                          const char *name)
{
    enum err err = end_entry(c, entry);
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {
        cell_int("id", entry->id),
        cell_int("from_seq", c->seq),
        cell_int("kind", entry->kind),
        cell_text("code", entry->code),
        cell_text("name", name),
        cell_null("name_text"),
        cell_null("phone_text"),
        cell_int("warned", entry->warned ? 1 : 0),
        cell_int("from_at", c->at),
        cell_null("to_at"),
        cell_null("to_seq"),
    };
    return store_put(c->store, TABLE_REGISTER, cells, COUNT(cells));
}

/* -- relations ---------------------------------------------------------------
 */

enum err relation_add_until(struct call *c, const struct tie *tie,
                            instant until)
{
    struct cell cells[] = {
        cell_int("id", store_next_id(c->store, TABLE_RELATION)),
        cell_int("kind", tie->kind),
        cell_int("subject", tie->subject),
        cell_int("object", tie->object),
        cell_int("detail", tie->detail),
        cell_int("from_at", c->at),
        cell_int_or_null("to_at", until, INSTANT_NONE),
        cell_int("from_seq", c->seq),
        cell_null("to_seq"),
    };
    return store_put(c->store, TABLE_RELATION, cells, COUNT(cells));
}

enum err relation_add(struct call *c, const struct tie *tie)
{
    return relation_add_until(c, tie, INSTANT_NONE);
}

/* When it began, and when it ends by itself. */
static enum err relation_span(struct call *c, int64_t id, instant *ret_from,
                              instant *ret_to)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_RELATION_FROM, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&rows);
    *ret_from = there ? rows_int(&rows, 0) : c->at;
    *ret_to = there ? rows_int_or(&rows, 1, INSTANT_MAX) : INSTANT_MAX;
    return rows_end(&rows);
}

enum err relation_end(struct call *c, int64_t id)
{
    instant from = 0;
    instant to = 0;
    enum err err = relation_span(c, id, &from, &to);
    if (err == OK) {
        err = began_before(c, from);
    }
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {
        cell_int("id", id),
        cell_int("to_at", to < c->at ? to : c->at),
        cell_int("to_seq", c->seq),
    };
    return store_put(c->store, TABLE_RELATION, cells, COUNT(cells));
}

enum err relation_find(struct call *c, const struct tie *tie, int64_t *ret)
{
    struct cell binds[] = {cell_int("", tie->kind), cell_int("", tie->subject),
                           cell_int("", tie->object)};
    enum statement by =
        tie->subject != 0 ? STMT_RELATION_OF_SUBJECT : STMT_RELATION_OF_OBJECT;
    return rows_number(c->store, by, binds, 3, 0, ret);
}

/* Collected first: the rows that a cursor walks are not changed under it. */
static enum err one_relation(struct call *c, register_id id, int64_t *ret)
{
    struct cell bind = cell_int("", id);
    return rows_number(c->store, STMT_RELATION_OF_ANY, &bind, 1, 0, ret);
}

enum err registry_finish(struct call *c, const struct entry *entry)
{
    enum err err = end_entry(c, entry);
    int64_t relation = 1;
    while (err == OK && relation != 0) {
        err = one_relation(c, entry->id, &relation);
        if (err == OK && relation != 0) {
            err = relation_end(c, relation);
        }
    }
    return err;
}

/* -- many relations ----------------------------------------------------------
 */

enum {
    TIES_MAX = 1000000
};

static enum err ties_add(struct held_ties *ties, struct held_tie tie)
{
    if (ties->n == TIES_MAX) {
        return ERR_LIMIT;
    }
    if (ties->n == ties->room) {
        size_t room = ties->room == 0 ? 32 : 2 * ties->room;
        struct held_tie *list = realloc(ties->list, room * sizeof *list);
        if (list == NULL) {
            return ERR_NO_MEMORY;
        }
        ties->list = list;
        ties->room = room;
    }
    ties->list[ties->n++] = tie;
    return OK;
}

enum err ties_collect(struct call *c, enum statement statement,
                      const struct cell *binds, int n, struct held_ties *ret)
{
    struct rows r;
    enum err err = rows_begin(c->store, statement, binds, n, &r);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&r)) {
        struct held_tie tie = {.id = rows_int(&r, 0),
                               .tie = {.kind = (enum relation_kind)rows_enum(
                                           &r, 1, RELATION_SUCCESSOR + 1),
                                       .subject = rows_int(&r, 2),
                                       .object = rows_int(&r, 3),
                                       .detail = rows_int(&r, 4)},
                               .until = rows_int_or(&r, 5, INSTANT_NONE)};
        err = ties_add(ret, tie);
    }
    enum err end = rows_end(&r);
    return err == OK ? end : err;
}

void ties_done(struct held_ties *ties)
{
    free(ties->list);
}

/* -- who took over -----------------------------------------------------------
 */

enum err registry_successor(struct store *s, register_id unit,
                            struct entry *ret)
{
    struct cell bind = cell_int("", unit);
    register_id id = 0;
    enum err err = rows_number(s, STMT_SUCCESSOR, &bind, 1, 0, &id);
    if (err != OK) {
        return err;
    }
    return id == 0 ? ERR_NOT_FOUND : registry_by_id(s, id, ret);
}

enum err refuse_unit(struct call *c, const char *param, const char *expected)
{
    char detail[PROBLEM_TEXT_SIZE];
    struct cell bind = cell_text("", arg_text(c, param));
    struct entry successor;
    register_id id = 0;
    enum err err = rows_number(c->store, STMT_UNIT_EVER, &bind, 1, 0, &id);
    if (err == OK) {
        err = id == 0 ? ERR_NOT_FOUND
                      : registry_successor(c->store, id, &successor);
    }
    if (err != OK) {
        return err == ERR_NOT_FOUND ? refuse(c, err, param, expected, "") : err;
    }
    snprintf(detail, sizeof detail, "it was merged into '%s'", successor.code);
    return refuse(c, ERR_NOT_FOUND, param, expected, detail);
}

/* -- names in commands -------------------------------------------------------
 */

/* What the actor may not know of is not there. */
static enum err named(struct call *c, const char *param, enum err err,
                      const struct entry *entry)
{
    bool sees = false;
    if (err == OK) {
        err = register_sees(c, entry, &sees);
    }
    return err == ERR_NOT_FOUND || (err == OK && !sees)
               ? refuse(c, ERR_NOT_FOUND, param, "", "")
               : err;
}

enum err named_unit(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_unit(c->store, arg_text(c, param), ret),
                 ret);
}

enum err named_any(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_any(c->store, arg_text(c, param), ret),
                 ret);
}

enum err named_chain(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_chain(c->store, arg_text(c, param), ret),
                 ret);
}

enum err named_person(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_person(c->store, arg_text(c, param), ret),
                 ret);
}

enum err named_enterprise(struct call *c, const char *param, struct entry *ret)
{
    enum err err = registry_unit(c->store, arg(c, param)->code, ret);
    if (err == OK && ret->kind != REGISTER_ENTERPRISE) {
        err = ERR_NOT_FOUND;
    }
    return named(c, param, err, ret);
}
