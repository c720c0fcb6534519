/* The rules about the three administrators: see administrator.h. */
#include "daemon/commands/account/administrator.h"

#include <assert.h>

#include "daemon/store/accounts.h"

/* Roles that the statements name by number. */
static_assert(ROLE_SYSTEM == 7 && ROLE_SECURITY == 8 && ROLE_AUDIT == 9,
              "as in the statements");

bool administrator_role(enum role role)
{
    return role == ROLE_SYSTEM || role == ROLE_SECURITY || role == ROLE_AUDIT;
}

enum err administrator_is(struct store *s, register_id person, bool *ret)
{
    struct cell bind = cell_int("", person);
    int64_t n = 0;
    enum err err = rows_number(s, STMT_ADMINISTRATOR_POSTS, &bind, 1, 0, &n);
    *ret = err == OK && n > 0;
    return err;
}

enum err administrator_not_oneself(struct call *c, const char *param,
                                   register_id person)
{
    return c->actor.person != 0 && c->actor.person == person
               ? refuse(c, ERR_FORBIDDEN, param,
                        "another person; nobody changes what they are", "")
               : OK;
}

enum err administrator_may_change(struct call *c, enum role role,
                                  const struct entry *person)
{
    bool one = administrator_role(role);
    uint32_t may =
        ROLE_BIT(ROLE_OPERATOR) | ROLE_BIT(one ? ROLE_SECURITY : ROLE_SYSTEM);
    if ((c->actor.roles & may) == 0 || (one && c->imported)) {
        return refuse(c, ERR_FORBIDDEN, "role",
                      one ? "given and ended by the security administrator"
                          : "given and ended by the system administrator",
                      role_name(role));
    }
    return administrator_not_oneself(c, "code", person->id);
}

enum err administrator_none(struct call *c, const char *param,
                            const struct entry *person)
{
    bool is = false;
    enum err err = administrator_is(c->store, person->id, &is);
    return err == OK && is
               ? refuse(c, ERR_BLOCKED, param,
                        "a person who is no administrator", person->code)
               : err;
}

/* -- apart -------------------------------------------------------------------
 */

/* All that the person has or is named for. */
static enum err count_ties(struct call *c, const struct entry *person,
                           int64_t *ret)
{
    struct cell binds[] = {cell_int("", person->id), cell_int("", c->at)};
    int64_t named = 0;
    enum err err = rows_number(c->store, STMT_TIES_AT_ALL, binds, 2, 0, ret);
    if (err == OK) {
        err = rows_number(c->store, STMT_COUNT_NAMED, binds, 1, 0, &named);
    }
    *ret += named;
    return err;
}

enum err administrator_apart(struct call *c, enum role role,
                             const struct entry *person)
{
    int64_t n = 0;
    bool is = false;
    enum err err = administrator_role(role)
                       ? count_ties(c, person, &n)
                       : administrator_is(c->store, person->id, &is);
    return err == OK && (is || n > 0)
               ? refuse(c, ERR_BLOCKED, "role",
                        "end the other roles first: an administrator has one "
                        "role and no enterprises, tickets or delegations",
                        person->code)
               : err;
}

enum err administrator_pure(struct call *c, const char *param,
                            const struct entry *person)
{
    int64_t n = 0;
    bool is = false;
    enum err err = administrator_is(c->store, person->id, &is);
    if (err == OK && is) {
        err = count_ties(c, person, &n);
    }
    return err == OK && n > 1
               ? refuse(c, ERR_BLOCKED, param,
                        "end the other roles first: an administrator has one "
                        "role and no enterprises, tickets or delegations",
                        person->code)
               : err;
}

enum err administrator_not_last(struct call *c, const char *param,
                                const struct entry *person)
{
    struct cell binds[] = {cell_int("", person->id),
                           cell_int("", ROLE_SECURITY)};
    int64_t holds = 0;
    int64_t others = 0;
    enum err err = rows_number(c->store, STMT_HAS_ROLE, binds, 2, 0, &holds);
    if (err == OK && holds != 0) {
        err = account_enabled(c->store, ROLE_SECURITY, person->id, &others);
    }
    return err == OK && holds != 0 && others == 0
               ? refuse(c, ERR_BLOCKED, param,
                        "another security administrator who may log in",
                        person->code)
               : err;
}
