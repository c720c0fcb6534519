/* Roles, posts and the scope of tickets: see access.h. The numbers in the
 * statements and in daemon/store/scope.h are those of the enums: the static
 * assertions below keep them honest. */
#include "daemon/commands/access.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/registry.h"
#include "daemon/store/scope.h"

static_assert(RELATION_MEMBER == 0 && RELATION_COMMITTEE == 1 &&
                  RELATION_ROLE == 3 && RELATION_STEWARD == 4 &&
                  RELATION_SPECIALIST == 5 && RELATION_DELEGATE == 6 &&
                  RELATION_SUCCESSOR == 7,
              "as in the statements");
static_assert(ROLE_ENTERPRISE == 0 && ROLE_DISPATCHER == 2 && ROLE_HEAD == 3 &&
                  ROLE_HANDLER == 4 && ROLE_LEADER == 5 && ROLE_SYSTEM == 7 &&
                  ROLE_SECURITY == 8 && ROLE_AUDIT == 9,
              "as in the statements");
static_assert(REGISTER_OFFICE == 2 && TICKET_DECLINED == 6, "as in the scope");
static_assert(CLOCK_TRIAGE == 3 && CLOCK_REVIEW == 7 &&
                  CLOCK_SUSPENSION == 10 && CLOCK_MEETING == 11 &&
                  CLOCK_RETURN == 12 && CLOCK_EXTENSION == 13 &&
                  CLOCK_APPEAL == 14 && CLOCK_ARCHIVE == 15 &&
                  TICKET_CONFIDENTIAL == 128 && TICKET_HANDED == 8192,
              "as in the scope");

const char access_where[] = SCOPE_WHERE;
const char access_hidden[] = SCOPE_HIDDEN;

static const uint32_t sees_all =
    ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_OPERATOR);

bool access_all(const struct actor *a)
{
    return (a->roles & sees_all) != 0;
}

struct cell access_bind(const struct call *c)
{
    return access_all(&c->actor) ? cell_int("", 0)
                                 : cell_text("", c->actor.people);
}

/* -- the actor --------------------------------------------------------------
 */

static bool add_post(struct actor *a, enum role role, register_id unit)
{
    a->roles |= ROLE_BIT(role);
    if (access_post(a, ROLE_BIT(role), unit)) {
        return true;
    }
    if (a->n_posts == ACTOR_POSTS_MAX) {
        return false;
    }
    a->posts[a->n_posts++] = (struct post){role, unit};
    return true;
}

/* Oneself and for whom one acts; who they act for in turn is not passed on. */
static enum err load_people(struct call *c)
{
    struct actor *a = &c->actor;
    struct cell binds[] = {cell_int("", a->person), cell_int("", c->at)};
    size_t len =
        (size_t)snprintf(a->people, sizeof a->people, "[%" PRId64, a->person);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_DELEGATORS, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    for (int n = 0; n < DELEGATORS_MAX && rows_next(&rows); n++) {
        len += (size_t)snprintf(a->people + len, sizeof a->people - len,
                                ",%" PRId64, rows_int(&rows, 0));
    }
    snprintf(a->people + len, sizeof a->people - len, "]");
    return rows_end(&rows);
}

/* All relations of these people in one go: this runs before every command. */
static enum err load_ties(struct call *c, bool *fits)
{
    struct actor *a = &c->actor;
    struct cell binds[] = {cell_text("", a->people),
                           cell_int("", c->imported ? c->at : INSTANT_MAX),
                           cell_int("", a->person)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_ACTOR_TIES, binds, 3, &rows);
    if (err != OK) {
        return err;
    }
    while (*fits && rows_next(&rows)) {
        if (rows_int(&rows, 0) == RELATION_ROLE) {
            *fits = add_post(a, (enum role)rows_enum(&rows, 2, ROLE_COUNT),
                             rows_int(&rows, 1));
        } else {
            a->roles |= ROLE_BIT(ROLE_GUIDE);
        }
    }
    return rows_end(&rows);
}

/* What was dispatched to a unit that is no more is its successor's. */
static enum err load_taken_over(struct call *c, bool *fits)
{
    struct actor *a = &c->actor;
    uint32_t units =
        ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER) | ROLE_BIT(ROLE_LEADER);
    if ((a->roles & units) == 0) {
        return OK;
    }
    struct cell bind = cell_text("", a->people);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_ACTOR_TAKEN_OVER, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (*fits && rows_next(&rows)) {
        *fits = add_post(a, (enum role)rows_enum(&rows, 1, ROLE_COUNT),
                         rows_int(&rows, 0));
    }
    return rows_end(&rows);
}

static enum err load_posts(struct call *c)
{
    bool fits = true;
    enum err err = load_people(c);
    if (err == OK) {
        err = load_ties(c, &fits);
    }
    if (err == OK) {
        err = load_taken_over(c, &fits);
    }
    return err == OK && !fits
               ? refuse(c, ERR_LIMIT, "",
                        "fewer posts; end delegations or posts of this person",
                        c->actor.account)
               : err;
}

static void operator_actor(struct actor *a)
{
    *a = (struct actor){.roles = ROLE_BIT(ROLE_OPERATOR)};
    snprintf(a->account, sizeof a->account, "operator");
}

enum err access_actor(struct call *c, const char *account)
{
    operator_actor(&c->actor);
    if (account == NULL || strcmp(account, "operator") == 0) {
        return OK;
    }
    c->actor.roles = 0;
    struct cell bind = cell_text("", account);
    enum statement find = c->imported ? STMT_PERSON_EVER : STMT_PERSON_TODAY;
    enum err err = rows_number(c->store, find, &bind, 1, 0, &c->actor.person);
    if (err != OK) {
        return err;
    }
    if (c->actor.person == 0) {
        return refuse(c, ERR_NOT_FOUND, "as",
                      "the account of a registered person", "");
    }
    snprintf(c->actor.account, sizeof c->actor.account, "%s", account);
    return load_posts(c);
}

/* The program itself does what administrators do and reads what all officials
 * read. It has no part in a ticket, nor has an imported line that names nobody.
 */
static bool programs_own(const struct command *command)
{
    uint32_t officials = ROLE_BIT(ROLE_SYSTEM) - 1;
    return (command->roles & ROLES_ADMINISTRATORS) != 0 ||
           (command->roles & officials) == officials;
}

enum err access_role(struct call *c, const struct command *command)
{
    bool program = (c->actor.roles & ROLE_BIT(ROLE_OPERATOR)) != 0;
    if ((command->roles & (COMMAND_OPEN | COMMAND_PERSON)) != 0 ||
        (c->actor.roles & command->roles) != 0 ||
        (program && programs_own(command))) {
        return OK;
    }
    char expected[PROBLEM_TEXT_SIZE];
    size_t len = 0;
    expected[0] = '\0';
    for (int i = 0; i < ROLE_COUNT && len < sizeof expected; i++) {
        if ((command->roles & ROLE_BIT(i)) != 0) {
            len += (size_t)snprintf(expected + len, sizeof expected - len,
                                    "%s%s", len == 0 ? "one of: " : ", ",
                                    role_name((enum role)i));
        }
    }
    return refuse(c, ERR_FORBIDDEN, "", expected, command->name);
}

/* -- on a ticket ------------------------------------------------------------
 */

bool access_post(const struct actor *a, uint32_t roles, register_id unit)
{
    for (int i = 0; i < a->n_posts; i++) {
        if (a->posts[i].unit == unit &&
            (roles & ROLE_BIT(a->posts[i].role)) != 0) {
            return true;
        }
    }
    return false;
}

enum err access_guides(struct call *c, register_id enterprise, bool *ret)
{
    *ret = false;
    if ((c->actor.roles & ROLE_BIT(ROLE_GUIDE)) == 0) {
        return OK;
    }
    struct cell binds[] = {cell_text("", c->actor.people),
                           cell_int("", enterprise),
                           cell_int("", c->imported ? c->at : INSTANT_MAX)};
    int64_t there = 0;
    enum err err = rows_number(c->store, STMT_GUIDE_OF, binds, 3, 0, &there);
    *ret = there != 0;
    return err;
}

enum err access_enterprise(struct call *c, register_id enterprise,
                           register_id dispatcher, bool *ret)
{
    const struct actor *a = &c->actor;
    *ret = access_post(a, ROLE_BIT(ROLE_ENTERPRISE), enterprise) ||
           (dispatcher != 0 &&
            access_post(a, ROLE_BIT(ROLE_DISPATCHER), dispatcher));
    return *ret ? OK : access_guides(c, enterprise, ret);
}

enum err access_reading(struct call *c, ticket_id id, struct reading *ret)
{
    struct cell binds[] = {access_bind(c), cell_int("", id)};
    struct rows rows;
    *ret = (struct reading){.sees = false};
    enum err err = rows_begin(c->store, STMT_READING, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows) && rows_int(&rows, 4) != 0) {
        bool all = access_all(&c->actor);
        bool against = rows_int(&rows, 2) != 0;
        ret->party = all || rows_int(&rows, 0) != 0;
        ret->handles = !all && rows_int(&rows, 1) != 0;
        ret->sees = all || ((ret->party || ret->handles) && !against);
        ret->hides = !ret->party && rows_int(&rows, 3) != 0;
    }
    return rows_end(&rows);
}

enum err access_sees(struct call *c, ticket_id id, bool *ret)
{
    struct reading reading;
    enum err err = access_reading(c, id, &reading);
    *ret = err == OK && reading.sees;
    return err;
}

enum err access_hides(struct call *c, ticket_id id, bool *ret)
{
    struct reading reading;
    enum err err = access_reading(c, id, &reading);
    *ret = err != OK || reading.hides;
    return err;
}

enum err access_works_in(struct store *s, register_id person, uint32_t roles,
                         register_id unit, bool *ret)
{
    struct cell binds[] = {cell_int("", person), cell_int("", unit),
                           cell_int("", roles)};
    int64_t there = 0;
    enum err err = rows_number(s, STMT_WORKS_IN, binds, 3, 0, &there);
    *ret = err == OK && there != 0;
    return err;
}

enum err access_dispatcher(struct store *s, register_id enterprise,
                           register_id *ret)
{
    struct cell bind = cell_int("", enterprise);
    int64_t unit = 0;
    enum err err = rows_number(s, STMT_COMMITTEE_OF, &bind, 1, 0, &unit);
    if (err == OK && unit == 0) {
        err = rows_number(s, STMT_GENERAL_OFFICE, NULL, 0, 0, &unit);
    }
    if (err == OK) {
        *ret = unit;
    }
    return err;
}
