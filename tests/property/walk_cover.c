/* Which rows of the two tables the walk took, told from the states before and
 * after: ticket_step() does not say. */
#include <stdio.h>

#include "property/walk.h"

enum {
    ROWS = 320,
    SELDOM = 20
};

static long ticket_rows[ROWS];
static long dispatch_rows[ROWS];

/* Does the guard fit the dispatch that the event is about? Where two rows of
 * one event lead to the same state, this tells them apart. */
static bool fits(const struct walk *k, enum guard guard,
                 const struct model_unit *u)
{
    switch ((int)guard) {
    case GUARD_LEAD:
        return u != NULL && u->lead;
    case GUARD_CO:
        return u != NULL && !u->lead;
    case GUARD_REVIEW:
        return u != NULL && u->lead && k->rules.review;
    case GUARD_PARENT:
        return u == NULL;
    default:
        return true;
    }
}

static void cover_ticket(const struct walk *k, const struct ticket *before,
                         const struct event *ev)
{
    const struct model_unit *u =
        k->model.target == 0 ? NULL : &k->model.unit[k->model.target];
    for (size_t i = 0; i < lifecycle.n_tickets; i++) {
        const struct ticket_rule *r = &lifecycle.tickets[i];
        bool to = r->to == k->out.after.state || r->to == TICKET_STATE_COUNT;
        if (r->from == before->state && r->event == ev->type && to &&
            fits(k, r->guard, u)) {
            ticket_rows[i]++;
            return;
        }
    }
}

static void cover_dispatch(const struct walk *k, const struct event *ev,
                           enum dispatch_state from, const struct dispatch *d)
{
    const struct model_unit *u = &k->model.unit[d->n];
    for (size_t i = 0; i < lifecycle.n_dispatches; i++) {
        const struct dispatch_rule *r = &lifecycle.dispatches[i];
        bool to = r->to == d->state || r->to == DISPATCH_STATE_COUNT;
        if (r->from == from && r->event == ev->type && to &&
            fits(k, r->guard, u)) {
            dispatch_rows[i]++;
            return;
        }
    }
}

void walk_cover(const struct walk *k, const struct ticket *before,
                const struct event *ev)
{
    cover_ticket(k, before, ev);
    for (int32_t i = 0; i < k->out.after.n_dispatches; i++) {
        const struct dispatch *d = &k->out.after.dispatches[i];
        const struct dispatch *was = ticket_dispatch(before, d->n);
        enum dispatch_state from = was == NULL ? DISPATCH_WAITING : was->state;
        if (d->n == k->model.target || d->state != from) {
            cover_dispatch(k, ev, from, d);
        }
    }
}

/* No event leaves a dispatch waiting yet, so none finds one so. */
static bool beyond_reach(const struct dispatch_rule *r)
{
    return r->from == DISPATCH_WAITING &&
           (r->event == EV_WITHDRAW || r->event == EV_MERGE ||
            r->event == EV_SPLIT || r->event == EV_MEET_SPLIT);
}

int walk_cover_report(void)
{
    int never = 0;
    for (size_t i = 0; i < lifecycle.n_tickets; i++) {
        const struct ticket_rule *r = &lifecycle.tickets[i];
        never += ticket_rows[i] == 0 ? 1 : 0;
        if (ticket_rows[i] < SELDOM) {
            printf("%6ld ticket %s on %s, guard %d\n", ticket_rows[i],
                   ticket_state_name(r->from), event_name(r->event),
                   (int)r->guard);
        }
    }
    for (size_t i = 0; i < lifecycle.n_dispatches; i++) {
        const struct dispatch_rule *r = &lifecycle.dispatches[i];
        bool lost = dispatch_rows[i] == 0 && !beyond_reach(r);
        never += lost ? 1 : 0;
        if (dispatch_rows[i] < SELDOM) {
            printf("%6ld dispatch %s on %s, guard %d%s\n", dispatch_rows[i],
                   dispatch_state_name(r->from), event_name(r->event),
                   (int)r->guard,
                   beyond_reach(r) ? " (no event leaves one waiting)" : "");
        }
    }
    return never;
}
