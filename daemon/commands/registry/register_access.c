/* Who sees whom in the register: see register_access.h. */
#include "daemon/commands/registry/register_access.h"

#include "daemon/commands/access.h"

enum reach register_reach(const struct call *c)
{
    uint32_t full = ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_SYSTEM) |
                    ROLE_BIT(ROLE_OPERATOR);
    uint32_t officials = ROLE_BIT(ROLE_GUIDE) | ROLE_BIT(ROLE_DISPATCHER) |
                         ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER) |
                         ROLE_BIT(ROLE_LEADER) | ROLE_BIT(ROLE_SECURITY);
    if (c->imported || (c->actor.roles & full) != 0) {
        return REACH_FULL;
    }
    return (c->actor.roles & officials) != 0 ? REACH_MASKED : REACH_OWN;
}

struct cell register_people(const struct call *c)
{
    const char *people = c->actor.people;
    return cell_text("", people[0] == '\0' ? "[]" : people);
}

static enum err near_person(struct call *c, register_id person, bool *ret)
{
    struct cell binds[] = {register_people(c), cell_int("", person)};
    int64_t there = 0;
    enum err err = rows_number(c->store, STMT_NEAR_PERSON, binds, 2, 0, &there);
    *ret = there != 0;
    return err;
}

enum err register_sees(struct call *c, const struct entry *entry, bool *ret)
{
    *ret = true;
    if (register_reach(c) != REACH_OWN) {
        return OK;
    }
    switch (entry->kind) {
    case REGISTER_ENTERPRISE:
        *ret = access_post(&c->actor, ROLE_BIT(ROLE_ENTERPRISE), entry->id);
        return OK;
    case REGISTER_PERSON:
        return near_person(c, entry->id, ret);
    default:
        return OK;
    }
}
