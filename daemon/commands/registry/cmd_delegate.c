/* person.delegate (委托): for a time another person has one's posts and
 * enterprises too. It ends by itself at `until` (access.c asks the time), can
 * be ended before, and is not passed on. */
#include "daemon/commands/access.h"
#include "daemon/commands/account/administrator.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"

struct delegation {
    struct entry from;
    struct entry to;
    instant until; /* INSTANT_NONE: open */
};

/* -- who and until when ------------------------------------------------------
 */

static enum err of_oneself(struct call *c, struct entry *ret)
{
    if (c->actor.person == 0) {
        return refuse(c, ERR_BAD_PARAM, "from", "the account of who is away",
                      "missing");
    }
    return registry_by_id(c->store, c->actor.person, ret);
}

static enum err who_is_away(struct call *c, struct entry *ret)
{
    uint32_t any = ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(ROLE_SYSTEM);
    if (!arg(c, "from")->given) {
        return of_oneself(c, ret);
    }
    enum err err = named_person(c, "from", ret);
    if (err != OK || ret->id == c->actor.person ||
        (c->actor.roles & any) != 0) {
        return err;
    }
    return refuse(c, ERR_FORBIDDEN, "from",
                  "oneself; for others the system administrator", ret->code);
}

static enum err read_delegation(struct call *c, struct delegation *d)
{
    const struct value *until = arg(c, "until");
    d->until = until->given ? until->at : INSTANT_NONE;
    enum err err = who_is_away(c, &d->from);
    if (err == OK) {
        err = named_person(c, "to", &d->to);
    }
    if (err == OK && d->from.id == d->to.id) {
        err = refuse(c, ERR_BAD_PARAM, "to", "another person", d->to.code);
    }
    if (err == OK && until->given && until->at <= c->at) {
        err = refuse(c, ERR_BAD_PARAM, "until", "an instant to come", "");
    }
    return err;
}

/* -- may it be ---------------------------------------------------------------
 */

struct sides {
    bool contact; /* speaks for an enterprise */
    bool official;
};

static enum err side_of(struct call *c, register_id person, struct sides *ret)
{
    struct held_ties ties = {.list = NULL};
    struct cell binds[] = {cell_int("", person), cell_int("", RELATION_ROLE),
                           cell_int("", RELATION_SPECIALIST),
                           cell_int("", c->at), cell_int("", INT64_MAX)};
    enum err err = ties_collect(c, STMT_TIES_OF_PERSON, binds, 5, &ties);
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        const struct tie *tie = &ties.list[i].tie;
        bool contact =
            tie->kind == RELATION_ROLE && tie->detail == ROLE_ENTERPRISE;
        ret->contact = ret->contact || contact;
        ret->official = ret->official || !contact;
    }
    ties_done(&ties);
    return err;
}

/* An official never speaks for an enterprise, nor reads an enterprise's contact
 * what officials write: what a guide must not be (guide.assign) is not lent
 * either. */
static enum err one_side(struct call *c, const struct delegation *d)
{
    struct sides from = {false, false};
    struct sides to = {false, false};
    enum err err = side_of(c, d->from.id, &from);
    if (err == OK) {
        err = side_of(c, d->to.id, &to);
    }
    bool mixed = (from.contact && to.official) || (from.official && to.contact);
    return err == OK && mixed
               ? refuse(c, ERR_BLOCKED, "to",
                        "a person of the same side: an enterprise's contact, "
                        "or an official",
                        d->to.code)
               : err;
}

static enum err has_room(struct call *c, const struct delegation *d)
{
    struct held_ties ties = {.list = NULL};
    struct cell binds[] = {cell_int("", d->to.id), cell_int("", c->at)};
    enum err err = ties_collect(c, STMT_TIES_DELEGATED_TO, binds, 2, &ties);
    size_t n = ties.n;
    ties_done(&ties);
    return err == OK && n >= DELEGATORS_MAX
               ? refuse(c, ERR_LIMIT, "to",
                        "a person who acts for at most 8 at a time", d->to.code)
               : err;
}

/* -- doing it ----------------------------------------------------------------
 */

/* The living one between these two: there is one at most. */
static enum err end_living(struct call *c, const struct delegation *d,
                           bool *ret_there)
{
    struct held_ties ties = {.list = NULL};
    struct cell binds[] = {cell_int("", d->from.id), cell_int("", d->to.id),
                           cell_int("", c->at)};
    enum err err = ties_collect(c, STMT_TIE_DELEGATE, binds, 3, &ties);
    *ret_there = ties.n > 0;
    for (size_t i = 0; err == OK && i < ties.n; i++) {
        err = relation_end(c, ties.list[i].id);
    }
    ties_done(&ties);
    return err;
}

static enum err begin(struct call *c, const struct delegation *d)
{
    bool there = false;
    struct tie tie = {RELATION_DELEGATE, d->from.id, d->to.id, 0};
    enum err err = one_side(c, d);
    if (err == OK) {
        err = administrator_none(c, "from", &d->from);
    }
    if (err == OK) {
        err = administrator_none(c, "to", &d->to);
    }
    if (err == OK) {
        err = end_living(c, d, &there); /* it is renewed */
    }
    if (err == OK) {
        err = has_room(c, d);
    }
    return err == OK ? relation_add_until(c, &tie, d->until) : err;
}

static enum err finish(struct call *c, const struct delegation *d)
{
    bool there = false;
    enum err err = end_living(c, d, &there);
    return err == OK && !there ? refuse(c, ERR_NOT_FOUND, "to", "", "") : err;
}

enum err cmd_person_delegate(struct call *c)
{
    struct delegation d;
    const struct value *end = arg(c, "end");
    enum err err = read_delegation(c, &d);
    if (err == OK) {
        err = end->given && end->number != 0 ? finish(c, &d) : begin(c, &d);
    }
    if (err != OK) {
        return err;
    }
    c->result = json_object();
    json_object_set_new(c->result, "from", json_string(d.from.code));
    json_object_set_new(c->result, "to", json_string(d.to.code));
    json_object_set_new(c->result, "until", result_instant(d.until));
    return OK;
}
