/* Writing the register: see registry_put.h. */
#include "daemon/commands/registry_put.h"

#include <string.h>

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

enum err relation_add(struct call *c, const struct tie *tie)
{
    struct cell cells[] = {
        cell_int("id", store_next_id(c->store, TABLE_RELATION)),
        cell_int("kind", tie->kind),
        cell_int("subject", tie->subject),
        cell_int("object", tie->object),
        cell_int("detail", tie->detail),
        cell_int("from_at", c->at),
        cell_null("to_at"),
        cell_int("from_seq", c->seq),
        cell_null("to_seq"),
    };
    return store_put(c->store, TABLE_RELATION, cells, COUNT(cells));
}

static enum err relation_began(struct call *c, int64_t id)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_RELATION_FROM, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    instant from = rows_next(&rows) ? rows_int(&rows, 0) : c->at;
    err = rows_end(&rows);
    return err == OK ? began_before(c, from) : err;
}

enum err relation_end(struct call *c, int64_t id)
{
    enum err err = relation_began(c, id);
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {
        cell_int("id", id),
        cell_int("to_at", c->at),
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
    struct rows rows;
    enum err err = rows_begin(c->store, by, binds, 3, &rows);
    if (err != OK) {
        return err;
    }
    int64_t id = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    err = rows_end(&rows);
    if (err == OK) {
        *ret = id;
    }
    return err;
}

/* Collected first: the rows that a cursor walks are not changed under it. */
static enum err one_relation(struct call *c, register_id id, int64_t *ret)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_RELATION_OF_ANY, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    return rows_end(&rows);
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

/* -- names in commands -------------------------------------------------------
 */

static enum err named(struct call *c, const char *param, enum err err)
{
    return err == ERR_NOT_FOUND ? refuse(c, err, param, "", "") : err;
}

enum err named_unit(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_unit(c->store, arg_text(c, param), ret));
}

enum err named_chain(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_chain(c->store, arg_text(c, param), ret));
}

enum err named_person(struct call *c, const char *param, struct entry *ret)
{
    return named(c, param, registry_person(c->store, arg_text(c, param), ret));
}

enum err named_enterprise(struct call *c, const char *param, struct entry *ret)
{
    enum err err = registry_unit(c->store, arg(c, param)->code, ret);
    if (err == OK && ret->kind != REGISTER_ENTERPRISE) {
        err = ERR_NOT_FOUND;
    }
    return named(c, param, err);
}
