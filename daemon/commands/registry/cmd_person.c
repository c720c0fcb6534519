/* People: their accounts, their roles in units, guides and specialists. Names
 * and phones are text rows, apart from the register, so that they can be
 * redacted. */
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/account/administrator.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"

static enum err answer(struct call *c, const char *code)
{
    c->result = json_object();
    json_object_set_new(c->result, "code", json_string(code));
    return OK;
}

/* An enterprise has contacts and nobody else does; who dispatches sits in a
 * committee or a general office. */
static bool role_fits(enum role role, enum register_kind kind)
{
    switch (role) {
    case ROLE_ENTERPRISE:
        return kind == REGISTER_ENTERPRISE;
    case ROLE_DISPATCHER:
        return kind == REGISTER_COMMITTEE || kind == REGISTER_OFFICE;
    default:
        return kind != REGISTER_ENTERPRISE;
    }
}

/* An administrator is one of the whole and not of a unit. */
static enum err unit_or_none(struct call *c, enum role role, struct entry *ret)
{
    bool given = arg(c, "unit")->given;
    *ret = (struct entry){.id = 0};
    if (administrator_role(role)) {
        return given ? refuse(c, ERR_BAD_PARAM, "unit",
                              "none: an administrator's role is in no unit",
                              arg_text(c, "unit"))
                     : OK;
    }
    return given ? named_unit(c, "unit", ret)
                 : refuse(c, ERR_BAD_PARAM, "unit",
                          "the unit in which the person has that role",
                          "it is missing");
}

static enum err fitting_unit(struct call *c, struct entry *ret)
{
    enum role role = (enum role)arg(c, "role")->number;
    enum err err = unit_or_none(c, role, ret);
    if (err != OK || ret->id == 0) {
        return err;
    }
    return role_fits(role, ret->kind)
               ? OK
               : refuse(c, ERR_BAD_PARAM, "role", "a role that such a unit has",
                        role_name(role));
}

static enum err person_texts(struct call *c, struct new_entry *entry)
{
    const struct value *name = arg(c, "name");
    const struct value *phone = arg(c, "phone");
    enum err err = store_text_add(c->store, TEXT_NAME, name->text, name->len,
                                  &entry->name_text);
    if (err == OK && phone->given) {
        err = store_text_add(c->store, TEXT_PHONE, phone->text, phone->len,
                             &entry->phone_text);
    }
    return err;
}

static enum err first_role(struct call *c, struct entry *unit)
{
    struct entry nobody = {.id = 0};
    enum role role = (enum role)arg(c, "role")->number;
    enum err err = fitting_unit(c, unit);
    return err == OK ? administrator_may_change(c, role, &nobody) : err;
}

enum err cmd_person_add(struct call *c)
{
    struct new_entry entry = {.kind = REGISTER_PERSON,
                              .code = arg_text(c, "code")};
    struct entry unit = {.id = 0};
    bool role = arg(c, "role")->given;
    register_id id = 0;
    enum err err = OK;
    if (role) {
        err = first_role(c, &unit);
    } else if (arg(c, "unit")->given) {
        err = refuse(c, ERR_BAD_PARAM, "role", "unit and role together",
                     "missing");
    }
    if (err == OK) {
        err = person_texts(c, &entry);
    }
    if (err == OK) {
        err = registry_add(c, &entry, &id);
    }
    if (err == OK && role) {
        struct tie tie = {RELATION_ROLE, id, unit.id, arg(c, "role")->number};
        err = relation_add(c, &tie);
    }
    return err == OK ? answer(c, entry.code) : err;
}

/* -- roles -------------------------------------------------------------------
 */

struct held {
    int64_t there; /* the living relation of this very role, 0: not held */
    int n;         /* how many roles there are */
};

/* An administrator's is found wherever an older version bound it. */
static enum err find_role(struct call *c, const struct tie *tie,
                          struct held *ret)
{
    struct cell bind[] = {cell_int("", tie->subject),
                          cell_int("", INSTANT_MAX)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_PERSON_TIES, bind, 2, &rows);
    if (err != OK) {
        return err;
    }
    *ret = (struct held){.there = 0};
    while (rows_next(&rows)) {
        bool role = rows_int(&rows, 0) == RELATION_ROLE;
        ret->n += role ? 1 : 0;
        bool there = tie->object == 0 || rows_int(&rows, 1) == tie->object;
        if (role && there && rows_int(&rows, 2) == tie->detail) {
            ret->there = rows_int(&rows, 3);
        }
    }
    return rows_end(&rows);
}

static enum err give_role(struct call *c, const struct entry *person,
                          const struct tie *tie, const struct held *held)
{
    if (held->there != 0) {
        return refuse(c, ERR_EXISTS, "role", "a role not held yet", "");
    }
    if (held->n >= POSTS_MAX) {
        return refuse(c, ERR_LIMIT, "role", "at most 16 roles a person", "");
    }
    enum err err = administrator_apart(c, (enum role)tie->detail, person);
    return err == OK ? relation_add(c, tie) : err;
}

static enum err end_role(struct call *c, const struct entry *person,
                         const struct tie *tie, const struct held *held)
{
    if (held->there == 0) {
        return refuse(c, ERR_NOT_FOUND, "role", "", "");
    }
    enum err err = tie->detail == ROLE_SECURITY
                       ? administrator_not_last(c, "code", person)
                       : OK;
    return err == OK ? relation_end(c, held->there) : err;
}

enum err cmd_person_role(struct call *c)
{
    struct entry person;
    struct entry unit;
    struct held held;
    enum role role = (enum role)arg(c, "role")->number;
    enum err err = named_person(c, "code", &person);
    if (err == OK) {
        err = fitting_unit(c, &unit);
    }
    if (err == OK) {
        err = administrator_may_change(c, role, &person);
    }
    if (err != OK) {
        return err;
    }
    struct tie tie = {RELATION_ROLE, person.id, unit.id, role};
    err = find_role(c, &tie, &held);
    if (err != OK) {
        return err;
    }
    bool end = arg(c, "end")->given && arg(c, "end")->number != 0;
    err = end ? end_role(c, &person, &tie, &held)
              : give_role(c, &person, &tie, &held);
    return err == OK ? answer(c, person.code) : err;
}

/* -- guides ------------------------------------------------------------------
 */

/* A dispatcher assigns for the enterprises they dispatch for. */
static enum err may_assign(struct call *c, const struct entry *enterprise)
{
    uint32_t all = ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(ROLE_SYSTEM);
    if ((c->actor.roles & all) != 0) {
        return OK;
    }
    register_id dispatcher = 0;
    enum err err = access_dispatcher(c->store, enterprise->id, &dispatcher);
    if (err != OK) {
        return err;
    }
    bool may = access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), dispatcher);
    return may ? OK : refuse(c, ERR_NOT_FOUND, "enterprise", "", "");
}

/* A guide reads all that their enterprises ask: not for other enterprises. */
static enum err impartial(struct call *c, const struct entry *person)
{
    struct cell bind = cell_int("", person->id);
    struct rows rows;
    enum err err =
        rows_begin(c->store, STMT_CONTACT_SOMEWHERE, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    bool contact = rows_next(&rows);
    err = rows_end(&rows);
    return err == OK && contact
               ? refuse(c, ERR_BLOCKED, "person",
                        "a person who is no enterprise's contact", person->code)
               : err;
}

enum err cmd_guide_assign(struct call *c)
{
    struct entry enterprise;
    struct entry person;
    int64_t before = 0;
    enum err err = named_enterprise(c, "enterprise", &enterprise);
    if (err == OK) {
        err = may_assign(c, &enterprise);
    }
    if (err == OK) {
        err = named_person(c, "person", &person);
    }
    if (err == OK) {
        err = impartial(c, &person);
    }
    if (err == OK) {
        err = administrator_none(c, "person", &person);
    }
    if (err != OK) {
        return err;
    }
    const struct value *as = arg(c, "as");
    bool specialist = as->given && as->number == 1;
    struct tie tie = {specialist ? RELATION_SPECIALIST : RELATION_STEWARD, 0,
                      enterprise.id, 0};
    err = relation_find(c, &tie, &before);
    if (err == OK && before != 0) {
        err = relation_end(c, before);
    }
    if (err == OK) {
        tie.subject = person.id;
        err = relation_add(c, &tie);
    }
    return err == OK ? answer(c, person.code) : err;
}
