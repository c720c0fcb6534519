/* Registering chains, units and enterprises, renaming them and ending them.
 * People are in cmd_person.c, the lists in cmd_registry_list.c. */
#include <string.h>

#include "daemon/commands/registry_put.h"
#include "daemon/commands/result.h"

static enum err answer(struct call *c, const char *code)
{
    c->result = json_object();
    json_object_set_new(c->result, "code", json_string(code));
    return OK;
}

static enum err add_named(struct call *c, enum register_kind kind,
                          register_id *ret)
{
    struct new_entry entry = {
        .kind = kind, .code = arg_text(c, "code"), .name = arg_text(c, "name")};
    return registry_add(c, &entry, ret);
}

enum err cmd_chain_add(struct call *c)
{
    register_id id = 0;
    enum err err = add_named(c, REGISTER_CHAIN, &id);
    return err == OK ? answer(c, arg_text(c, "code")) : err;
}

enum err cmd_office_add(struct call *c)
{
    register_id id = 0;
    enum err err = add_named(c, REGISTER_OFFICE, &id);
    return err == OK ? answer(c, arg_text(c, "code")) : err;
}

/* A chain has one committee: it is who dispatches. */
static enum err without_committee(struct call *c, const struct entry *chain)
{
    int64_t other = 0;
    struct tie tie = {RELATION_COMMITTEE, 0, chain->id, 0};
    enum err err = relation_find(c, &tie, &other);
    if (err == OK && other != 0) {
        return refuse(c, ERR_EXISTS, "chain", "a chain without a committee",
                      chain->code);
    }
    return err;
}

enum err cmd_committee_add(struct call *c)
{
    struct entry chain;
    register_id id = 0;
    enum err err = named_chain(c, "chain", &chain);
    if (err == OK) {
        err = without_committee(c, &chain);
    }
    if (err == OK) {
        err = add_named(c, REGISTER_COMMITTEE, &id);
    }
    if (err == OK) {
        struct tie tie = {RELATION_COMMITTEE, id, chain.id, 0};
        err = relation_add(c, &tie);
    }
    return err == OK ? answer(c, arg_text(c, "code")) : err;
}

enum err cmd_department_add(struct call *c)
{
    struct entry parent = {.id = 0};
    register_id id = 0;
    enum err err = OK;
    if (arg(c, "parent")->given) {
        err = named_unit(c, "parent", &parent);
        if (err == OK && parent.kind != REGISTER_DEPARTMENT) {
            err = refuse(c, ERR_NOT_FOUND, "parent", "", "");
        }
    }
    if (err == OK) {
        err = add_named(c, REGISTER_DEPARTMENT, &id);
    }
    if (err == OK && parent.id != 0) {
        struct tie tie = {RELATION_PARENT, id, parent.id, 0};
        err = relation_add(c, &tie);
    }
    return err == OK ? answer(c, arg_text(c, "code")) : err;
}

/* -- enterprises -------------------------------------------------------------
 */

static int64_t position(const struct call *c)
{
    const struct value *value = arg(c, "position");
    return value->given ? value->number : POSITION_MEMBER;
}

static enum err join_chain(struct call *c, register_id enterprise,
                           register_id chain)
{
    struct tie tie = {RELATION_MEMBER, enterprise, chain, position(c)};
    return relation_add(c, &tie);
}

/* Some legally valid early codes fail the last check digit: they may be forced
 * in and stay marked. */
static enum err credit_ok(struct call *c)
{
    const struct value *code = arg(c, "code");
    const struct value *force = arg(c, "force");
    if (code->number != 0 || (force->given && force->number != 0)) {
        return OK;
    }
    return refuse(c, ERR_BAD_CODE, "code",
                  "18 characters whose check digits agree; force=true takes it "
                  "all the same",
                  code->code);
}

enum err cmd_enterprise_add(struct call *c)
{
    struct entry chain = {.id = 0};
    register_id id = 0;
    enum err err = credit_ok(c);
    if (err == OK && arg(c, "chain")->given) {
        err = named_chain(c, "chain", &chain);
    }
    if (err == OK) {
        struct new_entry entry = {.kind = REGISTER_ENTERPRISE,
                                  .code = arg(c, "code")->code,
                                  .name = arg_text(c, "name"),
                                  .warned = arg(c, "code")->number == 0};
        err = registry_add(c, &entry, &id);
    }
    if (err == OK && chain.id != 0) {
        err = join_chain(c, id, chain.id);
    }
    return err == OK ? answer(c, arg(c, "code")->code) : err;
}

enum err cmd_enterprise_move(struct call *c)
{
    struct entry enterprise;
    struct entry chain;
    int64_t old = 0;
    enum err err = named_enterprise(c, "code", &enterprise);
    if (err == OK) {
        err = named_chain(c, "chain", &chain);
    }
    if (err == OK) {
        struct tie tie = {RELATION_MEMBER, enterprise.id, 0, 0};
        err = relation_find(c, &tie, &old);
    }
    if (err == OK && old != 0) {
        err = relation_end(c, old);
    }
    if (err == OK) {
        err = join_chain(c, enterprise.id, chain.id);
    }
    return err == OK ? answer(c, enterprise.code) : err;
}

/* -- renaming and ending -----------------------------------------------------
 */

static enum err named_any(struct call *c, struct entry *ret)
{
    enum err err = registry_any(c->store, arg_text(c, "code"), ret);
    return err == ERR_NOT_FOUND ? refuse(c, err, "code", "", "") : err;
}

enum err cmd_registry_rename(struct call *c)
{
    struct entry entry;
    enum err err = named_any(c, &entry);
    if (err == OK && entry.kind == REGISTER_PERSON) {
        err = refuse(c, ERR_NOT_FOUND, "code", "a chain or a unit", "");
    }
    if (err == OK) {
        err = registry_replace(c, &entry, arg_text(c, "name"));
    }
    return err == OK ? answer(c, entry.code) : err;
}

/* Open work stays with somebody who is there to do it. */
static enum err no_open_work(struct call *c, const struct entry *entry)
{
    /* two walk all tickets: they are asked only of who may be in one */
    static const struct {
        enum statement statement;
        unsigned kinds;
    } asks[] = {
        {STMT_OPEN_OF_UNIT, 1U << REGISTER_DEPARTMENT | 1U << REGISTER_OFFICE |
                                1U << REGISTER_COMMITTEE},
        {STMT_LEAD_OF_UNIT, 1U << REGISTER_DEPARTMENT | 1U << REGISTER_OFFICE |
                                1U << REGISTER_COMMITTEE},
        {STMT_OPEN_OF_PARTY, 1U << REGISTER_ENTERPRISE | 1U << REGISTER_OFFICE |
                                 1U << REGISTER_COMMITTEE},
        {STMT_OPEN_OF_CHAIN, 1U << REGISTER_CHAIN},
    };
    struct cell bind = cell_int("", entry->id);
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        if ((asks[i].kinds >> entry->kind & 1U) == 0) {
            continue;
        }
        struct rows rows;
        enum err err = rows_begin(c->store, asks[i].statement, &bind, 1, &rows);
        if (err != OK) {
            return err;
        }
        bool open = rows_next(&rows);
        err = rows_end(&rows);
        if (err != OK) {
            return err;
        }
        if (open) {
            return refuse(c, ERR_BLOCKED, "code",
                          "no open tickets, and no enterprises in a chain",
                          entry->code);
        }
    }
    return OK;
}

enum err cmd_registry_end(struct call *c)
{
    struct entry entry;
    enum err err = named_any(c, &entry);
    if (err == OK) {
        err = no_open_work(c, &entry);
    }
    if (err == OK) {
        err = registry_finish(c, &entry);
    }
    return err == OK ? answer(c, entry.code) : err;
}
