/* Proof that the loop is closed, from the tables alone: it needs no ticket and
 * no event, so it also judges a test's copy. */
#include "core/lifecycle.h"

#include <assert.h>
#include <stddef.h>

static const char *const flaw_names[FLAW_COUNT] = {
    [FLAW_NONE] = "none",
    [FLAW_UNREACHABLE] = "unreachable",
    [FLAW_DEAD_END] = "dead_end",
    [FLAW_NO_OWNER] = "no_owner",
    [FLAW_NO_CLOCK] = "no_clock",
    [FLAW_TWICE] = "twice",
    [FLAW_UNEVALUATED] = "unevaluated",
};

const char *flaw_name(enum flaw flaw)
{
    assert(flaw < FLAW_COUNT);
    return flaw_names[flaw];
}

enum {
    STATES_MAX = TICKET_STATE_COUNT
};
static_assert((int)DISPATCH_STATE_COUNT <= (int)STATES_MAX, "sets are enough");

/* Both tables seen as one kind of graph: sets of targets, a bit a state. */
struct graph {
    int n;
    uint32_t to[STATES_MAX];
    uint32_t final; /* set of states */
    uint32_t first; /* set of states */
};

#define BIT(state) (UINT32_C(1) << (state))

static void link_states(struct graph *g, int from, int to)
{
    g->to[from] |= BIT(to);
}

/* A row that goes "back" leads to wherever its state was entered from. */
static void close_backs(struct graph *g, uint32_t backs)
{
    for (int s = 0; s < g->n; s++) {
        for (int origin = 0; origin < g->n; origin++) {
            if ((backs & BIT(s)) != 0 && origin != s &&
                (g->to[origin] & BIT(s)) != 0) {
                link_states(g, s, origin);
            }
        }
    }
}

static struct graph ticket_graph(const struct lifecycle *l)
{
    struct graph g = {.n = TICKET_STATE_COUNT, .first = BIT(TICKET_FILED)};
    uint32_t backs = 0;
    for (size_t i = 0; i < l->n_tickets; i++) {
        const struct ticket_rule *r = &l->tickets[i];
        if (r->to == TICKET_STATE_COUNT) {
            backs |= BIT(r->from);
        } else {
            link_states(&g, (int)r->from, (int)r->to);
        }
    }
    close_backs(&g, backs);
    for (int s = 0; s < g.n; s++) {
        bool final = ticket_state_final((enum ticket_state)s);
        g.final |= final ? BIT(s) : 0U;
    }
    return g;
}

static struct graph dispatch_graph(const struct lifecycle *l)
{
    struct graph g = {.n = DISPATCH_STATE_COUNT,
                      .first = BIT(DISPATCH_WAITING)};
    uint32_t backs = 0;
    for (size_t i = 0; i < l->n_dispatches; i++) {
        const struct dispatch_rule *r = &l->dispatches[i];
        if (r->to == DISPATCH_STATE_COUNT) {
            backs |= BIT(r->from);
        } else {
            link_states(&g, (int)r->from, (int)r->to);
        }
    }
    close_backs(&g, backs);
    for (int s = 0; s < g.n; s++) {
        bool final = dispatch_state_final((enum dispatch_state)s);
        g.final |= final ? BIT(s) : 0U;
    }
    return g;
}

/* All states that can be come to from `set`. */
static uint32_t forward(const struct graph *g, uint32_t set)
{
    uint32_t before = 0;
    while (set != before) {
        before = set;
        for (int s = 0; s < g->n; s++) {
            set |= (set & BIT(s)) != 0 ? g->to[s] : 0U;
        }
    }
    return set;
}

static enum flaw check_graph(const struct graph *g, int *ret_state)
{
    uint32_t reached = forward(g, g->first);
    for (int s = 0; s < g->n; s++) {
        *ret_state = s;
        if ((reached & BIT(s)) == 0) {
            return FLAW_UNREACHABLE;
        }
        if ((forward(g, BIT(s)) & g->final) == 0) {
            return FLAW_DEAD_END;
        }
    }
    return FLAW_NONE;
}

/* -- rows ------------------------------------------------------------------ */

static enum flaw check_twice(const struct lifecycle *l, int *ret_state)
{
    for (size_t i = 0; i < l->n_tickets; i++) {
        const struct ticket_rule *a = &l->tickets[i];
        for (size_t k = i + 1; k < l->n_tickets; k++) {
            const struct ticket_rule *b = &l->tickets[k];
            if (a->from == b->from && a->event == b->event &&
                a->guard == b->guard) {
                *ret_state = (int)a->from;
                return FLAW_TWICE;
            }
        }
    }
    for (size_t i = 0; i < l->n_dispatches; i++) {
        const struct dispatch_rule *a = &l->dispatches[i];
        for (size_t k = i + 1; k < l->n_dispatches; k++) {
            const struct dispatch_rule *b = &l->dispatches[k];
            if (a->from == b->from && a->event == b->event &&
                a->guard == b->guard) {
                *ret_state = TICKET_STATE_COUNT + (int)a->from;
                return FLAW_TWICE;
            }
        }
    }
    return FLAW_NONE;
}

/* Clocks that begin, or run on, with this event on any dispatch. */
static uint32_t dispatch_starts(const struct lifecycle *l, enum event_type ev)
{
    uint32_t set = 0;
    for (size_t i = 0; i < l->n_dispatches; i++) {
        const struct dispatch_rule *r = &l->dispatches[i];
        set |= r->event == ev ? r->start | r->resume : 0U;
    }
    return set;
}

/* After the row a clock of the new state runs: the row (or the dispatch's row
 * for the same event) begins one, or one of the state before runs on. */
static bool leaves_clock(const struct lifecycle *l, const struct ticket_rule *r)
{
    uint32_t wanted = ticket_state_clocks(r->to);
    uint32_t kept = ticket_state_clocks(r->from) & ~(r->stop | r->drop);
    uint32_t begun = r->start | r->resume | dispatch_starts(l, r->event);
    return (wanted & (kept | begun)) != 0;
}

static enum flaw check_duties(const struct lifecycle *l, int *ret_state)
{
    for (int s = 0; s < DISPATCH_STATE_COUNT; s++) {
        enum dispatch_state state = (enum dispatch_state)s;
        *ret_state = TICKET_STATE_COUNT + s;
        if (!dispatch_state_final(state) &&
            dispatch_state_owner(state) == OWNER_NONE) {
            return FLAW_NO_OWNER;
        }
    }
    for (int s = 0; s < TICKET_STATE_COUNT; s++) {
        enum ticket_state state = (enum ticket_state)s;
        *ret_state = s;
        if (!ticket_state_final(state) &&
            ticket_state_owner(state) == OWNER_NONE) {
            return FLAW_NO_OWNER;
        }
    }
    for (size_t i = 0; i < l->n_tickets; i++) {
        const struct ticket_rule *r = &l->tickets[i];
        *ret_state = (int)r->to;
        if (r->to != TICKET_STATE_COUNT && r->from != r->to &&
            !ticket_state_final(r->to) && !leaves_clock(l, r)) {
            return FLAW_NO_CLOCK;
        }
    }
    return FLAW_NONE;
}

/* Each SENT, ACCEPTED and RETURN_ASKED dispatch has a clock of its own. */
static enum flaw check_dispatch_clocks(const struct lifecycle *l,
                                       int *ret_state)
{
    for (size_t i = 0; i < l->n_dispatches; i++) {
        const struct dispatch_rule *r = &l->dispatches[i];
        if (r->to == DISPATCH_STATE_COUNT || dispatch_state_final(r->to) ||
            r->from == r->to || r->from == DISPATCH_DONE) {
            continue; /* a reopened lead has the ticket's rework clock */
        }
        uint32_t kept = dispatch_state_clocks(r->from) & ~(r->stop | r->drop);
        if ((dispatch_state_clocks(r->to) & (kept | r->start)) == 0) {
            *ret_state = TICKET_STATE_COUNT + (int)r->to;
            return FLAW_NO_CLOCK;
        }
    }
    return FLAW_NONE;
}

/* -- nothing closed unheard ------------------------------------------------ */

/* Walks (state, heard), where `heard` is a score or a silence of this round.
 * Two graphs in one: states without and states with it. */
static uint32_t heard_after(const struct ticket_rule *r, uint32_t heard)
{
    if (r->event == EV_SILENCE) {
        return 1;
    }
    if (r->event == EV_EVALUATE) {
        return r->guard == GUARD_GOOD ? 1 : 0;
    }
    /* any other way into a new round, or back to work, forgets it */
    return r->to == TICKET_RESOLVED || ticket_state_final(r->to) ? heard : 0;
}

static enum flaw check_heard(const struct lifecycle *l, int *ret_state)
{
    uint32_t seen[2] = {BIT(TICKET_FILED), 0};
    uint32_t before[2] = {0, 0};
    while (seen[0] != before[0] || seen[1] != before[1]) {
        before[0] = seen[0];
        before[1] = seen[1];
        for (size_t i = 0; i < l->n_tickets; i++) {
            const struct ticket_rule *r = &l->tickets[i];
            for (uint32_t heard = 0; heard < 2; heard++) {
                bool passes = (seen[heard] & BIT(r->from)) != 0 &&
                              (heard == 1 || r->guard != GUARD_CLOSABLE);
                if (passes && r->to != TICKET_STATE_COUNT) {
                    seen[heard_after(r, heard)] |= BIT(r->to);
                }
            }
        }
    }
    *ret_state = TICKET_ARCHIVED;
    return (seen[0] & BIT(TICKET_ARCHIVED)) != 0 ? FLAW_UNEVALUATED : FLAW_NONE;
}

/* -- all together ---------------------------------------------------------- */

static enum flaw check_all(const struct lifecycle *l, int *ret_state)
{
    enum flaw flaw = check_twice(l, ret_state);
    if (flaw == FLAW_NONE) {
        flaw = check_heard(l, ret_state);
    }
    if (flaw == FLAW_NONE) {
        struct graph g = ticket_graph(l);
        flaw = check_graph(&g, ret_state);
    }
    if (flaw == FLAW_NONE) {
        struct graph g = dispatch_graph(l);
        flaw = check_graph(&g, ret_state);
        *ret_state += TICKET_STATE_COUNT;
    }
    if (flaw == FLAW_NONE) {
        flaw = check_duties(l, ret_state);
    }
    if (flaw == FLAW_NONE) {
        flaw = check_dispatch_clocks(l, ret_state);
    }
    return flaw;
}

enum flaw lifecycle_check(const struct lifecycle *l, int *ret_state)
{
    int state = 0;
    enum flaw flaw = check_all(l, &state);
    if (flaw != FLAW_NONE && ret_state != NULL) {
        *ret_state = state;
    }
    return flaw;
}
