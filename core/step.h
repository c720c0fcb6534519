/* Inside of ticket_step(): not for other folders.
 *
 *   step_check     are the event's own values right, is it in order; what
 *                  speaks against a move that the tables allow
 *   step_guard     which row of the tables holds
 *   step_clocks    what a row's sets do to the clocks
 *   step_dispatch  making and moving a dispatch
 *   step           the order of it all
 *
 * One struct move is the work in hand: the outcome is built in place and
 * thrown away if anything is refused. */
#ifndef BIHUAN_CORE_STEP_H
#define BIHUAN_CORE_STEP_H

#include "core/err.h"
#include "core/lifecycle.h"
#include "core/ticket.h"

struct move {
    const struct lifecycle *lifecycle;
    const struct rules *rules;
    const struct event *ev;
    struct outcome *out;     /* out->after begins as the ticket before */
    struct dispatch *target; /* in out->after; NULL: the ticket alone */
    bool first;              /* nothing was dispatched before */
};

/* What a row asks of the clocks. */
struct clock_sets {
    uint32_t start;
    uint32_t stop;
    uint32_t drop;
    uint32_t pause;
    uint32_t resume;
};

/* BAD_PARAM, OUT_OF_ORDER, or BAD_STATE where FILE meets a ticket that is there
 * or anything else meets one that is not. */
enum err step_check(const struct rules *rules, const struct ticket *t,
                    const struct event *ev);

/* What speaks against a move that the tables allow. OUT_OF_BOUNDS: a limit
 * over the bounds, or not after its start; EXISTS: the unit works on the ticket
 * already; BLOCKED: something else must happen first; TOO_LATE: it is due. */
enum err step_check_move(const struct move *m, const struct ticket_rule *rule);

/* The first row whose guard holds, or NULL. `d` is the dispatch in question. */
const struct ticket_rule *step_ticket_rule(const struct move *m);
const struct dispatch_rule *step_dispatch_rule(const struct move *m,
                                               const struct dispatch *d);

/* Applies the sets to the ticket's own clocks (d NULL) or to a dispatch's.
 * ERR_LIMIT, ERR_OUT_OF_BOUNDS. */
enum err step_move_clocks(const struct move *m, struct clock_sets sets,
                          const struct dispatch *d);

/* Appends a dispatch as WAITING to out->after. ERR_LIMIT. */
enum err step_new_dispatch(const struct move *m, enum dispatch_kind kind,
                           struct dispatch **ret);

/* Moves one dispatch by its row. ERR_BAD_STATE when there is none. */
enum err step_move_dispatch(const struct move *m, struct dispatch *d);

#endif
