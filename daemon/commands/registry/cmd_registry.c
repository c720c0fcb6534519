/* Registering chains, units and enterprises, moving and renaming them. People
 * are in cmd_person.c, ends in cmd_registry_end.c, mergers in cmd_department.c,
 * the lists in cmd_registry_list.c. */
#include "daemon/commands/access.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/tally.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/ticket/deadlines.h"

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
    if (err == OK) {
        err = answer(c, arg(c, "code")->code);
    }
    if (err == OK && arg(c, "code")->number == 0) {
        json_object_set_new(c->result, "warned", json_true());
    }
    return err;
}

enum {
    HAND_TICKETS = 500
};

/* The chain it is in, if that is another one, ends from now on. */
static enum err change_chain(struct call *c, const struct entry *enterprise,
                             const struct entry *chain)
{
    int64_t old = 0;
    int64_t same = 0;
    struct tie any = {RELATION_MEMBER, enterprise->id, 0, 0};
    struct tie this = {RELATION_MEMBER, enterprise->id, chain->id, 0};
    enum err err = relation_find(c, &any, &old);
    if (err == OK) {
        err = relation_find(c, &this, &same);
    }
    if (err != OK || (same != 0 && !arg(c, "position")->given)) {
        return err; /* a later stride, or nothing to change */
    }
    if (old != 0) {
        err = relation_end(c, old);
    }
    return err == OK ? join_chain(c, enterprise->id, chain->id) : err;
}

static enum err to_hand(struct call *c, register_id enterprise,
                        register_id dispatcher, ticket_id ids[HAND_TICKETS],
                        int *ret_n)
{
    struct cell binds[] = {cell_int("", enterprise), cell_int("", dispatcher),
                           cell_int("", HAND_TICKETS),
                           cell_int("", c->imported), cell_int("", c->at)};
    struct rows rows;
    int n = 0;
    enum err err = rows_begin(c->store, STMT_TO_HAND, binds, 5, &rows);
    if (err != OK) {
        return err;
    }
    while (n < HAND_TICKETS && rows_next(&rows)) {
        ids[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

static enum err hand(struct call *c, ticket_id id, register_id dispatcher)
{
    struct work w;
    enum err err = deadlines_next_record(c, id, &w);
    if (err != OK || w.row.ticket.state == TICKET_ARCHIVED) {
        return err; /* of history, its clocks ended it before */
    }
    w.event.type = EV_HAND;
    w.event.dispatcher = dispatcher;
    return work_step(c, &w);
}

static enum err hand_stride(struct call *c, register_id enterprise,
                            register_id dispatcher, int *ret_n)
{
    ticket_id ids[HAND_TICKETS];
    enum err err = to_hand(c, enterprise, dispatcher, ids, ret_n);
    for (int i = 0; err == OK && i < *ret_n; i++) {
        err = hand(c, ids[i], dispatcher);
    }
    return err;
}

/* Its open tickets are the new committee's, a stride at a time; a line of
 * history moves those of the import, and all of them at once. */
static enum err hand_open(struct call *c, register_id enterprise, int *ret_n)
{
    register_id dispatcher = 0;
    *ret_n = 0;
    enum err err = access_dispatcher(c->store, enterprise, &dispatcher);
    if (err != OK || dispatcher == 0) {
        return err;
    }
    do {
        err = hand_stride(c, enterprise, dispatcher, ret_n);
    } while (err == OK && c->imported && *ret_n == HAND_TICKETS);
    return err;
}

enum err cmd_enterprise_move(struct call *c)
{
    struct entry enterprise;
    struct entry chain;
    int handed = 0;
    enum err err = named_enterprise(c, "code", &enterprise);
    if (err == OK) {
        err = named_chain(c, "chain", &chain);
    }
    if (err == OK) {
        err = change_chain(c, &enterprise, &chain);
    }
    if (err == OK) {
        err = hand_open(c, enterprise.id, &handed);
    }
    struct tally tally = {.from = enterprise.id, .to = chain.id, .n = {handed}};
    if (err == OK) {
        err = tally_whole(c, &tally, handed < HAND_TICKETS);
    }
    if (err == OK) {
        err = answer(c, enterprise.code);
    }
    if (err == OK) {
        json_object_set_new(c->result, "done",
                            json_boolean(handed < HAND_TICKETS));
        json_object_set_new(c->result, "handed", json_integer(tally.n[0]));
    }
    return err;
}

/* -- renaming ----------------------------------------------------------------
 */

enum err cmd_registry_rename(struct call *c)
{
    struct entry entry;
    enum err err = registry_any(c->store, arg_text(c, "code"), &entry);
    if (err == ERR_NOT_FOUND) {
        err = refuse(c, err, "code", "", "");
    }
    if (err == OK && entry.kind == REGISTER_PERSON) {
        err = refuse(c, ERR_NOT_FOUND, "code", "a chain or a unit", "");
    }
    if (err == OK) {
        err = registry_replace(c, &entry, arg_text(c, "name"));
    }
    return err == OK ? answer(c, entry.code) : err;
}
