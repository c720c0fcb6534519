/* The two coupled lifecycles as data: what may happen to a ticket and to a
 * dispatch. ticket_step() does what these tables say and nothing else.
 *
 * A move is looked up by (from, event) and the first row whose guard holds.
 * An event that addresses a dispatch needs a row in both tables.
 *
 * lifecycle_check() proves the loop closed: it runs at start-up and in a test.
 */
#ifndef BIHUAN_CORE_LIFECYCLE_H
#define BIHUAN_CORE_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/ticket.h"

enum guard {
    GUARD_NONE,
    GUARD_LEAD,       /* the event's dispatch is the lead */
    GUARD_CO,         /* ... is a co dispatch */
    GUARD_REVIEW,     /* lead, and the regulation has a review stage */
    GUARD_GOOD,       /* solved and the score is not bad */
    GUARD_BAD,        /* not solved, or a bad score */
    GUARD_CLOSABLE,   /* this round has a score or a recorded silence */
    GUARD_APPEALABLE, /* the one appeal is unused */
    GUARD_UNTOUCHED,  /* the next has not acted yet */
    GUARD_RETURNABLE, /* no return of this dispatch was refused before */
    GUARD_ASKED,      /* one of the clocks that the row stops is open */
    GUARD_DUE,        /* the clock that asks for this by itself is due */
    GUARD_PARENT,     /* split: the children do the work, there is no lead */
    GUARD_DISPUTABLE, /* the lead's; a bad score began this round, its one
                         appeal is unused */
    GUARD_SCORED,     /* this round has a score and no later supplement yet */
    GUARD_COUNT
};

/* Sets of clocks: CLOCK_BIT(CLOCK_SIGN) | ... A dispatch row's clocks are
 * those of the event's dispatch, a ticket row's the ticket's own; only `pause`
 * and `resume` of a ticket row reach all dispatches too (design section 4:
 * suspending a ticket pauses its dispatches).
 *
 *   start   begins, unless one of that kind runs already. CONTACT, ANSWER and
 *           OVERALL begin with the first dispatch only (anew after a decline
 *           that was appealed against), REWORK not in round 1.
 *   stop    ends by its own goal: KEPT or LATE. A paused one ends at the
 *           instant of the pause. A granted return ends the unit's clocks at
 *           the instant it was asked.
 *   drop    ends because what it measured was taken away: VOID, or LATE if it
 *           was late already. */
#define CLOCK_BIT(kind) (UINT32_C(1) << (kind))

struct ticket_rule {
    enum ticket_state from;
    enum event_type event;
    enum guard guard;
    enum ticket_state to; /* TICKET_STATE_COUNT: back to where it came from */
    uint32_t start;
    uint32_t stop;
    uint32_t drop;
    uint32_t tell; /* enum tell */
    uint32_t pause;
    uint32_t resume;
};

struct dispatch_rule {
    enum dispatch_state from;
    enum event_type event;
    enum guard guard;
    enum dispatch_state to; /* DISPATCH_STATE_COUNT: as before the ask */
    uint32_t start;
    uint32_t stop;
    uint32_t drop;
    uint32_t tell;
    uint32_t pause;
    uint32_t resume;
};

struct lifecycle {
    const struct ticket_rule *tickets;
    size_t n_tickets;
    const struct dispatch_rule *dispatches;
    size_t n_dispatches;
};

/* The product's own tables. */
extern const struct lifecycle lifecycle;

/* Who has to act in a state, and which clock of design section 4 runs there;
 * a non-final state has both. */
enum owner {
    OWNER_NONE,
    OWNER_DISPATCHER,
    OWNER_UNIT,
    OWNER_ENTERPRISE,
    OWNER_MEETING
};
enum owner ticket_state_owner(enum ticket_state state);
uint32_t ticket_state_clocks(enum ticket_state state);
/* The same of a dispatch; WAITING rests on the ticket's overall clock. */
enum owner dispatch_state_owner(enum dispatch_state state);
uint32_t dispatch_state_clocks(enum dispatch_state state);
/* DECLINED is final, and yet an appeal may lead out of it once. */
bool ticket_state_final(enum ticket_state state);
bool dispatch_state_final(enum dispatch_state state);

enum flaw {
    FLAW_NONE,
    FLAW_UNREACHABLE, /* no path from FILED (SENT or WAITING) leads here */
    FLAW_DEAD_END,    /* no path from here to a final state */
    FLAW_NO_OWNER,    /* a non-final state nobody has to act in */
    FLAW_NO_CLOCK,    /* a row into a non-final state leaves no clock of it */
    FLAW_TWICE,       /* two rows for the same (from, event, guard) */
    FLAW_UNEVALUATED, /* a path to ARCHIVED without score or silence */
    FLAW_COUNT
};
const char *flaw_name(enum flaw flaw);

/* Checks a pair of tables (the product's, or a test's copy). Returns the
 * first flaw; *ret_state (may be NULL) names the state it is about, with
 * TICKET_STATE_COUNT + dispatch state for a dispatch's. */
enum flaw lifecycle_check(const struct lifecycle *l, int *ret_state);

/* ticket_step() on other tables than the product's: for the mutation test,
 * which works on copies in process. Where ticket_step() asserts, this answers
 * ERR_INTERNAL: the tables lead to something that ticket_ok() refuses. */
enum err lifecycle_step(const struct lifecycle *l, const struct rules *rules,
                        const struct ticket *t, const struct event *ev,
                        struct outcome *ret);

/* Both lifecycles as Graphviz text, row by row: `put` gets each line without
 * its end; labels come from the maps in ticket.h. */
void lifecycle_dot(const struct lifecycle *l, void (*put)(void *, const char *),
                   void *user);

#endif
