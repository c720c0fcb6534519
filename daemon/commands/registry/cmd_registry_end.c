/* registry.end: nobody and nothing leaves while work is open. Open work stays
 * with somebody who is there to do it; the refusal says how much there is and
 * the way out. */
#include <inttypes.h>
#include <stdio.h>

#include "daemon/commands/account/administrator.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"

#define KIND(kind) (1U << REGISTER_##kind)
#define UNITS (KIND(DEPARTMENT) | KIND(OFFICE) | KIND(COMMITTEE))

/* What a registration may still have: how many, as people say it. */
struct ask {
    enum statement count;
    unsigned kinds; /* two walk all tickets: asked only of who may be in one */
    const char *what;
};

static const struct ask asks[] = {
    {STMT_OPEN_OF_UNIT, UNITS, "open dispatches"},
    {STMT_LEAD_OF_UNIT, UNITS, "tickets that may yet come back to it"},
    {STMT_OPEN_OF_PARTY, KIND(ENTERPRISE) | KIND(OFFICE) | KIND(COMMITTEE),
     "open tickets"},
    {STMT_OPEN_OF_CHAIN, KIND(CHAIN), "enterprises or committees"},
    {STMT_COUNT_ASSIGNED, KIND(PERSON), "dispatches assigned"},
    {STMT_COUNT_NAMED, KIND(PERSON), "open tickets that carry the name"},
    {STMT_COUNT_GUIDED, KIND(PERSON), "enterprises to guide"},
};

static const char *way_out(enum register_kind kind)
{
    switch (kind) {
    case REGISTER_PERSON:
        return "nothing left to do; person.handover gives it to another";
    case REGISTER_DEPARTMENT:
        return "no open work; department.merge gives it to another";
    case REGISTER_CHAIN:
        return "no enterprises and no committee; enterprise.move moves one";
    default:
        return "no open tickets";
    }
}

static enum err no_open_work(struct call *c, const struct entry *entry)
{
    struct cell bind = cell_int("", entry->id);
    enum err err = OK;
    for (size_t i = 0; err == OK && i < sizeof asks / sizeof asks[0]; i++) {
        char detail[PROBLEM_TEXT_SIZE];
        int64_t n = 0;
        if ((asks[i].kinds >> entry->kind & 1U) == 0) {
            continue;
        }
        err = rows_number(c->store, asks[i].count, &bind, 1, 0, &n);
        if (err == OK && n > 0) {
            snprintf(detail, sizeof detail, "%" PRId64 " %s", n, asks[i].what);
            return refuse(c, ERR_BLOCKED, "code", way_out(entry->kind), detail);
        }
    }
    return err;
}

/* Their role is for the security administrator to end. An older version also
 * bound such a role to a unit. */
static enum err no_administrator(struct call *c, const struct entry *entry)
{
    bool is = false;
    enum err err = administrator_not_oneself(c, "code", entry->id);
    if (err == OK) {
        err = administrator_is(c->store, entry->id, &is);
    }
    return err == OK && is
               ? refuse(c, ERR_BLOCKED, "code",
                        "the security administrator ends the administrator's "
                        "role first",
                        entry->code)
               : err;
}

enum err cmd_registry_end(struct call *c)
{
    struct entry entry;
    enum err err = registry_any(c->store, arg_text(c, "code"), &entry);
    if (err == ERR_NOT_FOUND) {
        return refuse(c, err, "code", "", "");
    }
    if (err == OK) {
        err = no_administrator(c, &entry);
    }
    if (err == OK) {
        err = no_open_work(c, &entry);
    }
    if (err == OK) {
        err = registry_finish(c, &entry);
    }
    if (err == OK && entry.kind == REGISTER_PERSON) {
        err = idem_drop(c->store, entry.code);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "code", json_string(entry.code));
    }
    return err;
}
