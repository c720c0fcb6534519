/* What the files of the walks' model share: see walk_model.h. */
#ifndef BIHUAN_TESTS_WALK_INSIDE_H
#define BIHUAN_TESTS_WALK_INSIDE_H

#include "property/walk_model.h"

#define KIND(id) (UINT32_C(1) << CLOCK_##id)
#define NO WHY(BAD_STATE)

enum {
    PROMISES = KIND(CONTACT) | KIND(ANSWER) | KIND(OVERALL),
    SIDE = KIND(SUPERVISE) | KIND(RETURN) | KIND(EXTENSION),
    WORK = PROMISES | KIND(REWORK) | KIND(SIGN) | KIND(FINISH),
};

/* -- clocks ---------------------------------------------------------------- */

enum how {
    BY_GOAL, /* kept or late */
    DROPPED, /* void, if it was not late already */
    VOIDED,
    HELD,
    LET_GO,
};

bool model_late(struct model_due due, instant at);
void model_begin(struct model *m, struct model_clock *c, struct limit limit,
                 struct model_due due, register_id unit);
/* To a new lead, unless it is broken already. */
void model_pass_on(const struct model *m, struct model_clock *c,
                   register_id unit);
/* Begins now, unless it runs, with the limit or (NULL) the regulation's. */
void model_start(struct model *m, struct model_clock *clocks,
                 enum clock_kind kind, const struct limit *limit,
                 register_id unit);
/* What is done at `at` to those of the set that are open. */
void model_each(struct model *m, struct model_clock *clocks, uint32_t set,
                enum how how, instant at);
/* An extension: steps whose moment lies ahead again may fire again. */
void model_move(struct model *m, enum clock_kind kind, struct model_clock *c,
                struct model_due due);

/* -- dispatches ------------------------------------------------------------ */

bool model_works(const struct model_unit *u);
/* The one that leads, or a stand-in that is in no state to do anything. */
struct model_unit *model_leader(struct model *m);
/* Whose the promises to the enterprise are. */
register_id model_promiser(struct model *m);
/* The dispatch that an event names (0: the lead), if it is there; the same if
 * it is at work and the ticket in one of the states, a co dispatch's those of
 * the second list. NULL otherwise. */
struct model_unit *model_named(struct model *m, const struct event *ev);
struct model_unit *model_worker(struct model *m, const struct event *ev,
                                const char *states, const char *states_of_co);
/* What the unit has promised to be done by, NULL if nothing. */
struct model_clock *model_promise(struct model *m, struct model_unit *u,
                                  enum clock_kind *ret_kind);
void model_end_unit(struct model *m, struct model_unit *u,
                    enum dispatch_state state, enum how work);
void model_end_units(struct model *m, enum dispatch_state state, enum how work);
/* Is the ticket in one of the states? A letter each: Filed Dispatched Handling
 * reView Resolved Archived Not-accepted Withdrawn Merged Suspended
 * Joint-meeting. */
bool model_in(const struct model *m, const char *states);
void model_resolved(struct model *m);
void model_refile(struct model *m);
void model_stuck(struct model *m);
void model_answered(struct model *m, uint32_t flags);
reasons model_own_limit(struct model *m, const struct event *ev);
/* The promises begin with the first dispatch (or split) of the first round;
 * after an appeal, once more those that the refusal took away. */
void model_promise_overall(struct model *m, const struct limit *limit,
                           bool first);

/* -- the events, by file ----------------------------------------------------
 */

#define NOT_MINE (~UINT64_C(0)) /* not one of this file's events */
reasons model_unit_step(struct model *m, const struct event *ev);
reasons model_order_step(struct model *m, const struct event *ev);

#endif
