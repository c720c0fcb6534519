/* Who may make a move of a ticket: see ticket_access.h. */
#include "daemon/commands/ticket_access.h"

#include "daemon/commands/access.h"
#include "daemon/store/registry.h"

static const uint32_t unit_roles = ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER);

/* -- filing ------------------------------------------------------------------
 */

/* One's own enterprise, if there is exactly one. */
static enum err own_enterprise(struct call *c, register_id *ret)
{
    const struct actor *a = &c->actor;
    register_id found = 0;
    int n = 0;
    for (int i = 0; i < a->n_posts; i++) {
        if (a->posts[i].role == ROLE_ENTERPRISE) {
            found = a->posts[i].unit;
            n++;
        }
    }
    if (n != 1) {
        return refuse(c, ERR_BAD_PARAM, "enterprise",
                      "the credit code of the enterprise", "missing");
    }
    *ret = found;
    return OK;
}

static enum err named_enterprise(struct call *c, register_id *ret)
{
    const struct value *value = arg(c, "enterprise");
    if (!value->given) {
        return own_enterprise(c, ret);
    }
    struct entry entry;
    enum err err = registry_unit(c->store, value->code, &entry);
    if (err == OK && entry.kind != REGISTER_ENTERPRISE) {
        err = ERR_NOT_FOUND;
    }
    if (err == OK) {
        *ret = entry.id;
    }
    return err == ERR_NOT_FOUND ? refuse(c, err, "enterprise", "", "") : err;
}

enum err ticket_filer(struct call *c, register_id *ret_enterprise,
                      register_id *ret_dispatcher)
{
    register_id enterprise = 0;
    register_id dispatcher = 0;
    bool may = false;
    enum err err = named_enterprise(c, &enterprise);
    if (err == OK) {
        err = access_dispatcher(c->store, enterprise, &dispatcher);
    }
    if (err == OK) {
        err = access_enterprise(c, enterprise, dispatcher, &may);
    }
    if (err != OK) {
        return err;
    }
    if (!may) {
        return refuse(c, ERR_NOT_FOUND, "enterprise", "", "");
    }
    if (dispatcher == 0) {
        return refuse(
            c, ERR_BLOCKED, "",
            "a committee of its chain or a general office, registered",
            "nobody could dispatch the ticket");
    }
    *ret_enterprise = enterprise;
    *ret_dispatcher = dispatcher;
    return OK;
}

/* -- moves -------------------------------------------------------------------
 */

/* The answer to who is not concerned. */
static enum err not_theirs(struct call *c, const struct work *w,
                           const char *expected)
{
    bool sees = false;
    enum err err = access_sees(c, w->row.ticket.id, &sees);
    if (err != OK) {
        return err;
    }
    return sees ? refuse(c, ERR_FORBIDDEN, "as", expected, "")
                : refuse(c, ERR_NOT_FOUND, "ticket", "", "");
}

enum err ticket_seen(struct call *c, const struct work *w)
{
    bool sees = false;
    enum err err = access_sees(c, w->row.ticket.id, &sees);
    return err != OK || sees ? err : refuse(c, ERR_NOT_FOUND, "ticket", "", "");
}

enum err ticket_dispatcher(struct call *c, const struct work *w,
                           bool supervisor)
{
    uint32_t all = supervisor ? ROLE_BIT(ROLE_SUPERVISOR) : 0;
    bool may = access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER),
                           w->row.ticket.dispatcher) ||
               (c->actor.roles & all) != 0;
    return may ? OK
               : not_theirs(c, w,
                            "a dispatcher of the unit that dispatches "
                            "this ticket");
}

enum err ticket_enterprise(struct call *c, const struct work *w, bool guide)
{
    register_id enterprise = w->row.ticket.enterprise;
    bool may = access_post(&c->actor, ROLE_BIT(ROLE_ENTERPRISE), enterprise);
    enum err err = OK;
    if (!may && guide) {
        err = access_guides(c, enterprise, &may);
    }
    if (err != OK || may) {
        return err;
    }
    return not_theirs(c, w, "a contact of the ticket's enterprise");
}

static bool at_work(const struct dispatch *d)
{
    return d->state == DISPATCH_SENT || d->state == DISPATCH_ACCEPTED ||
           d->state == DISPATCH_RETURN_ASKED;
}

/* One's own: an open dispatch before a finished one, the lead before others. */
static const struct dispatch *own_dispatch(const struct actor *a,
                                           const struct ticket *t)
{
    const struct dispatch *best = NULL;
    int best_rank = 0;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (!access_post(a, unit_roles, d->unit)) {
            continue;
        }
        int rank = 1 + (at_work(d) ? 2 : 0) + (d->kind == DISPATCH_LEAD);
        if (rank > best_rank) {
            best = d;
            best_rank = rank;
        }
    }
    return best;
}

static const struct dispatch *meant(struct call *c, const struct ticket *t)
{
    const struct value *n = arg(c, "dispatch");
    if (!n->given) {
        return own_dispatch(&c->actor, t);
    }
    const struct dispatch *d = ticket_dispatch(t, (int32_t)n->number);
    bool own = d != NULL && access_post(&c->actor, unit_roles, d->unit);
    return own ? d : NULL;
}

enum err ticket_unit(struct call *c, struct work *w)
{
    const struct dispatch *d = meant(c, &w->row.ticket);
    if (d != NULL) {
        w->event.dispatch = d->n;
        return OK;
    }
    bool sees = false;
    enum err err = access_sees(c, w->row.ticket.id, &sees);
    if (err != OK) {
        return err;
    }
    if (!sees) {
        return refuse(c, ERR_NOT_FOUND, "ticket", "", "");
    }
    return refuse(c, ERR_BAD_STATE, "dispatch",
                  "an open dispatch of one's own unit",
                  "one's unit has none of this ticket now");
}
