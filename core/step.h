/* Inside of ticket_step(): not for other folders.
 *
 *   step_check     are the event's own values right, is it in order; what
 *                  speaks against a move that the tables allow
 *   step_guard     which row of the tables holds
 *   step_limits    how long a clock may run
 *   step_clocks    what a row's sets do to the clocks
 *   step_extend    moving a due
 *   step_dispatch  making and moving a dispatch
 *   step_facts     what an event says beside its move
 *   step           the order of it all
 *
 * One struct move is the work in hand: the outcome is built in place and
 * thrown away if anything is refused. */
#ifndef BIHUAN_CORE_STEP_H
#define BIHUAN_CORE_STEP_H

#include "core/err.h"
#include "core/lifecycle.h"
#include "core/ticket.h"

/* What a clock begins with. */
struct budget {
    struct limit limit;
    struct due due;
};

struct move {
    const struct lifecycle *lifecycle;
    const struct rules *rules;
    const struct event *ev;
    struct outcome *out;     /* out->after begins as the ticket before */
    struct dispatch *target; /* in out->after; NULL: the ticket alone */
    bool first;              /* nothing was dispatched before */
    bool inherits;           /* a transfer hands on */
    struct budget rest;      /* what is left of the old dispatch's */
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

/* An individual plan (一事一议). */
bool step_special(const struct event *ev);

/* The first row whose guard holds, or NULL. `d` is the dispatch in question. */
const struct ticket_rule *step_ticket_rule(const struct move *m);
const struct dispatch_rule *step_dispatch_rule(const struct move *m,
                                               const struct dispatch *d);

/* The open clock of a dispatch's work: FINISH, or of a lead in a later round
 * the ticket's REWORK. NULL if neither runs. */
struct clock *step_main_clock(struct ticket *t, const struct dispatch *d);

/* Would a co-handler's due lie after the lead's, which is then in *ret? Not if
 * the lead has none, or is late. */
bool step_after_lead(const struct move *m, struct due due, struct due *ret);

/* Notes what a transfer hands on, before any clock is touched. */
void step_take_rest(struct move *m);

/* What a clock that starts now begins with. ERR_OUT_OF_BOUNDS past the
 * calendar. */
enum err step_budget(const struct move *m, enum clock_kind kind,
                     const struct dispatch *d, struct budget *ret);

/* What speaks against EXTEND_ASK, EXTEND_GRANT, MEET_EXTEND: see
 * ticket_step(). */
enum err step_check_extension(const struct move *m);

/* Moves the due that EXTEND_GRANT and MEET_EXTEND are about, which have been
 * checked. ERR_OUT_OF_BOUNDS. */
enum err step_extend(const struct move *m);

/* Applies the sets to the ticket's own clocks (d NULL) or to a dispatch's.
 * ERR_LIMIT, ERR_OUT_OF_BOUNDS. */
enum err step_move_clocks(const struct move *m, struct clock_sets sets,
                          const struct dispatch *d);

/* Appends a dispatch as WAITING to out->after. ERR_LIMIT. */
enum err step_new_dispatch(const struct move *m, enum dispatch_kind kind,
                           struct dispatch **ret);

/* Moves one dispatch by its row. ERR_BAD_STATE when there is none. */
enum err step_move_dispatch(const struct move *m, struct dispatch *d);

/* What the event says beside its move: flags, scores, names, moments. The
 * ticket has moved by `rule`. */
void step_note_facts(const struct move *m, const struct ticket_rule *rule);

/* A ticket that came back, or is redone, too often is for the joint meeting. */
void step_note_stuck(const struct move *m);

#endif
