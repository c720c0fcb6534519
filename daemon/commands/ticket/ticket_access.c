/* Who may make a move of a ticket: see ticket_access.h. */
#include "daemon/commands/ticket/ticket_access.h"

#include "daemon/commands/access.h"
#include "daemon/commands/registry/registry_put.h"

static const uint32_t unit_roles = ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER);

enum err ticket_named(struct call *c, const char *param, ticket_id *ret)
{
    ticket_id id = 0;
    bool sees = false;
    enum err err = ticket_given(c, param, &id);
    if (err == OK) {
        err = access_sees(c, id, &sees);
    }
    if (err == OK && !sees) {
        return refuse(c, ERR_NOT_FOUND, param, "", "");
    }
    if (err == OK) {
        *ret = id;
    }
    return err;
}

enum err ticket_not_to_heir(struct call *c, const struct work *w)
{
    struct entry heir;
    register_id against = w->row.ticket.against;
    if (against == 0 || c->imported || !event_sends(w->event.type)) {
        return OK;
    }
    enum err err = registry_successor(c->store, against, &heir);
    if (err != OK) {
        return err == ERR_NOT_FOUND ? OK : err;
    }
    return heir.id != w->event.unit
               ? OK
               : refuse(c, ERR_FORBIDDEN, "unit",
                        "a unit that the ticket does not complain of",
                        "it has taken over the one complained of");
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
    return sees ? refuse(c, ERR_FORBIDDEN, "", expected, "")
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

/* One's own: an open dispatch before a finished one, the lead before others. */
static const struct dispatch *
own_dispatch(const struct actor *a, uint32_t roles, const struct ticket *t)
{
    const struct dispatch *best = NULL;
    int best_rank = 0;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (!access_post(a, roles, d->unit)) {
            continue;
        }
        int rank =
            1 + (dispatch_at_work(d) ? 2 : 0) + (d->kind == DISPATCH_LEAD);
        if (rank > best_rank) {
            best = d;
            best_rank = rank;
        }
    }
    return best;
}

static const struct dispatch *meant(struct call *c, uint32_t roles,
                                    const struct ticket *t)
{
    const struct value *n = arg(c, "dispatch");
    if (!n->given) {
        return own_dispatch(&c->actor, roles, t);
    }
    const struct dispatch *d = ticket_dispatch(t, (int32_t)n->number);
    bool own = d != NULL && access_post(&c->actor, roles, d->unit);
    return own ? d : NULL;
}

bool ticket_works_on(const struct actor *a, const struct ticket *t)
{
    return own_dispatch(a, unit_roles, t) != NULL;
}

/* One's unit had it and has it no more, or never had it. */
static enum err no_dispatch(struct call *c, const struct work *w)
{
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

enum err ticket_unit(struct call *c, struct work *w)
{
    const struct dispatch *d = meant(c, unit_roles, &w->row.ticket);
    if (d == NULL) {
        return no_dispatch(c, w);
    }
    w->event.dispatch = d->n;
    return OK;
}

enum err ticket_head(struct call *c, struct work *w)
{
    const struct dispatch *d = meant(c, ROLE_BIT(ROLE_HEAD), &w->row.ticket);
    if (d == NULL && meant(c, unit_roles, &w->row.ticket) != NULL) {
        return refuse(c, ERR_FORBIDDEN, "", "the head of the unit", "");
    }
    if (d == NULL) {
        return no_dispatch(c, w);
    }
    w->event.dispatch = d->n;
    return OK;
}

/* -- overseeing --------------------------------------------------------------
 */

enum err ticket_for_enterprise(struct call *c, const struct ticket *t,
                               bool *ret)
{
    *ret = access_post(&c->actor, ROLE_BIT(ROLE_ENTERPRISE), t->enterprise);
    return *ret ? OK : access_guides(c, t->enterprise, ret);
}

/* A leader: by their name on it, or by a unit that works on it. What their unit
 * once had they read on and leave alone. */
static enum err leads(struct call *c, const struct ticket *t, bool *ret)
{
    struct cell binds[] = {cell_text("", c->actor.people), cell_int("", t->id)};
    int64_t named = 0;
    *ret = own_dispatch(&c->actor, ROLE_BIT(ROLE_LEADER), t) != NULL;
    if (*ret || (c->actor.roles & ROLE_BIT(ROLE_LEADER)) == 0) {
        return OK;
    }
    enum err err =
        rows_number(c->store, STMT_TICKET_NAMES, binds, 2, 0, &named);
    *ret = named != 0;
    return err;
}

static enum err oversees(struct call *c, const struct ticket *t, bool *ret)
{
    *ret = (c->actor.roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0;
    return *ret ? OK : leads(c, t, ret);
}

enum err ticket_overseer(struct call *c, const struct work *w)
{
    bool may = false;
    enum err err = oversees(c, &w->row.ticket, &may);
    if (err != OK) {
        return err;
    }
    return may ? ticket_seen(c, w)
               : not_theirs(c, w, "a supervisor, or a leader of this ticket");
}

enum err ticket_urger(struct call *c, const struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    bool may = access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), t->dispatcher);
    enum err err = may ? OK : ticket_for_enterprise(c, t, &may);
    if (err != OK || may) {
        return err;
    }
    err = oversees(c, t, &may);
    if (err != OK) {
        return err;
    }
    return may ? ticket_seen(c, w)
               : not_theirs(c, w,
                            "the enterprise, its guide, the dispatcher or who "
                            "oversees this ticket");
}

/* Who works on it: a past hop is read, not written on. A line of history is by
 * whoever saw it then. */
enum err ticket_noter(struct call *c, const struct work *w)
{
    const struct actor *a = &c->actor;
    const struct ticket *t = &w->row.ticket;
    bool may = (a->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0 ||
               access_post(a, ROLE_BIT(ROLE_DISPATCHER), t->dispatcher) ||
               ticket_works_on(a, t) || c->imported || access_all(a);
    enum err err = may ? OK : access_guides(c, t->enterprise, &may);
    if (err != OK) {
        return err;
    }
    return may ? ticket_seen(c, w)
               : not_theirs(c, w,
                            "a unit at work on it, its dispatcher, the "
                            "enterprise's guide or a supervisor");
}

static enum err of_other_office(struct call *c, const struct ticket *t,
                                bool *ret)
{
    const struct actor *a = &c->actor;
    enum err err = OK;
    *ret = false;
    for (int i = 0; err == OK && !*ret && i < a->n_posts; i++) {
        struct entry unit;
        if (a->posts[i].role != ROLE_DISPATCHER ||
            a->posts[i].unit == t->dispatcher ||
            a->posts[i].unit == t->against) {
            continue;
        }
        err = registry_by_id(c->store, a->posts[i].unit, &unit);
        *ret = err == OK && unit.kind == REGISTER_OFFICE;
    }
    return err;
}

/* An office sees of other dispatchers' tickets only those under appeal. */
enum err ticket_judge(struct call *c, const struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    bool office = false;
    if ((c->actor.roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0) {
        return ticket_seen(c, w);
    }
    enum err err = of_other_office(c, t, &office);
    if (err != OK) {
        return err;
    }
    bool appealed =
        t->state == TICKET_DECLINED && ticket_clock(t, CLOCK_APPEAL, 0) != NULL;
    return office && appealed
               ? OK
               : not_theirs(c, w,
                            "a supervisor, or a dispatcher of a general office "
                            "that did not decline it");
}

/* -- how much they read ------------------------------------------------------
 */

enum err ticket_view(struct call *c, const struct ticket *t, struct view *ret)
{
    const struct actor *a = &c->actor;
    struct reading reading;
    bool guides = false;
    enum err err = access_reading(c, t->id, &reading);
    if (err == OK) {
        err = access_guides(c, t->enterprise, &guides);
    }
    if (err != OK) {
        return err;
    }
    bool asks = access_post(a, ROLE_BIT(ROLE_ENTERPRISE), t->enterprise);
    bool official = guides || reading.handles || access_all(a) ||
                    access_post(a, ROLE_BIT(ROLE_DISPATCHER), t->dispatcher);
    *ret = (struct view){.internal = !asks || official,
                         .ratings = reading.party && !reading.handles,
                         .party = !reading.hides};
    return OK;
}
