/* Roles, posts and the scope of tickets: see access.h. The numbers in the
 * statements are those of enum relation_kind, enum role and register_kind; a
 * static assertion below keeps them honest. */
#include "daemon/commands/access.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/registry.h"

static_assert(RELATION_MEMBER == 0 && RELATION_COMMITTEE == 1 &&
                  RELATION_ROLE == 3 && RELATION_STEWARD == 4 &&
                  RELATION_SPECIALIST == 5,
              "as in the statements");
static_assert(ROLE_ENTERPRISE == 0 && ROLE_DISPATCHER == 2 && ROLE_HEAD == 3 &&
                  ROLE_HANDLER == 4,
              "as in the statements");

#define TODAY(kinds)                                       \
    "(SELECT object FROM relation WHERE subject = ?1 AND " \
    "to_seq IS NULL AND " kinds ")"

/* clang-format off */
const char access_where[] =
    "(?1 = 0"
    " OR t.enterprise IN " TODAY("kind = 3 AND detail = 0")
    " OR t.enterprise IN " TODAY("kind IN (4, 5)")
    " OR t.dispatcher IN " TODAY("kind = 3 AND detail = 2")
    " OR EXISTS (SELECT 1 FROM dispatch sd WHERE sd.ticket = t.id"
    " AND sd.unit IN " TODAY("kind = 3 AND detail IN (3, 4)") "))";
/* clang-format on */

static const uint32_t sees_all =
    ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEADER) | ROLE_BIT(ROLE_OPERATOR);

bool access_all(const struct actor *a)
{
    return (a->roles & sees_all) != 0;
}

struct cell access_bind(const struct call *c)
{
    return cell_int("", access_all(&c->actor) ? 0 : c->actor.person);
}

/* -- the actor --------------------------------------------------------------
 */

static void add_post(struct actor *a, enum role role, register_id unit)
{
    a->roles |= ROLE_BIT(role);
    if (a->n_posts < POSTS_MAX) {
        a->posts[a->n_posts++] = (struct post){role, unit};
    }
}

/* All relations of a person in one go: this runs before every command. */
static enum err load_posts(struct call *c)
{
    struct actor *a = &c->actor;
    struct cell binds[] = {cell_int("", a->person),
                           cell_int("", c->imported ? c->at : INSTANT_MAX)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_PERSON_TIES, binds, 2, &rows);
    while (err == OK && rows_next(&rows)) {
        int64_t kind = rows_int(&rows, 0);
        if (kind == RELATION_ROLE) {
            add_post(a, (enum role)rows_int(&rows, 2), rows_int(&rows, 1));
        } else {
            a->roles |= ROLE_BIT(ROLE_GUIDE);
        }
    }
    return err == OK ? rows_end(&rows) : err;
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
    struct rows rows;
    enum err err = rows_begin(c->store, find, &bind, 1, &rows);
    if (err == OK) {
        c->actor.person = rows_next(&rows) ? rows_int(&rows, 0) : 0;
        err = rows_end(&rows);
    }
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

enum err access_role(struct call *c, const struct command *command)
{
    if ((c->actor.roles & command->roles) != 0) {
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
    return refuse(c, ERR_FORBIDDEN, "as", expected, command->name);
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

static enum err one_int(struct store *s, enum statement statement,
                        const struct cell *binds, int n, int64_t *ret)
{
    struct rows rows;
    enum err err = rows_begin(s, statement, binds, n, &rows);
    if (err != OK) {
        return err;
    }
    int64_t value = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    err = rows_end(&rows);
    if (err == OK) {
        *ret = value;
    }
    return err;
}

enum err access_guides(struct call *c, register_id enterprise, bool *ret)
{
    *ret = false;
    if ((c->actor.roles & ROLE_BIT(ROLE_GUIDE)) == 0) {
        return OK;
    }
    struct cell binds[] = {cell_int("", c->actor.person),
                           cell_int("", enterprise),
                           cell_int("", c->imported ? c->at : INSTANT_MAX)};
    int64_t there = 0;
    enum err err = one_int(c->store, STMT_GUIDE_OF, binds, 3, &there);
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

enum err access_sees(struct call *c, ticket_id id, bool *ret)
{
    char sql[1200];
    snprintf(sql, sizeof sql, "SELECT 1 FROM ticket t WHERE t.id = ?2 AND %s",
             access_where);
    struct cell binds[] = {access_bind(c), cell_int("", id)};
    struct rows rows;
    enum err err = rows_begin_text(c->store, sql, binds, 2, &rows);
    if (err == OK) {
        *ret = rows_next(&rows);
        err = rows_end(&rows);
    }
    return err;
}

enum err access_dispatcher(struct store *s, register_id enterprise,
                           register_id *ret)
{
    struct cell bind = cell_int("", enterprise);
    int64_t unit = 0;
    enum err err = one_int(s, STMT_COMMITTEE_OF, &bind, 1, &unit);
    if (err == OK && unit == 0) {
        err = one_int(s, STMT_GENERAL_OFFICE, NULL, 0, &unit);
    }
    if (err == OK) {
        *ret = unit;
    }
    return err;
}
