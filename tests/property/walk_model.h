/* A second, plain implementation of a ticket's whole life for the random walks:
 * no tables of moves, no struct ticket, no calendar. What an event does stands
 * in one function of the event's name, written from design sections 3 and 4 and
 * from the words of the verbs, not from the tables.
 *
 *   walk_clocks.c   a clock of the model: begins, ends, is held, is moved
 *   walk_units.c    sending, answering, returning, resolving a dispatch
 *   walk_orders.c   extensions, urging, supervision
 *   walk_model.c    the events of the ticket
 *
 * How a limit comes to a due is asked of struct reckoning: with natural hours
 * an addition (test_walk.c), with working days a walk from day to day
 * (test_walk_days.c).
 *
 * The model knows all dispatches and clocks of its ticket, ended ones too, by
 * the dispatch's number and the clock's kind. */
#ifndef BIHUAN_TESTS_WALK_MODEL_H
#define BIHUAN_TESTS_WALK_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ticket.h"

enum {
    UNITS_MAX = 120,
    WALK_STEPS = 5, /* escalation steps */
};

struct model_due {
    instant at; /* INSTANT_NONE: never */
    bool by_day;
};

struct reckoning {
    struct model_due (*due)(instant from, struct limit limit);
    struct model_due (*extended)(struct model_due old, struct limit limit);
    struct model_due (*resumed)(struct limit limit, struct model_due old,
                                instant since, instant at);
};

/* What a regulation says, in the model's own words. Escalation:
 *   step 0  every clock, half of its budget used    tell the handler
 *        1  finish, red                             tell the supervisor
 *        2  finish, rework: red and `later`         agenda
 *        3  finish, rework, overall, extension: red and twice `later` supervise
 *        4  finish, answer: a third of it left      urge
 * Without `shares`, 0 and 4 are left out. */
struct model_rules {
    struct reckoning reckoning;
    struct limit limits[CLOCK_KIND_COUNT];
    struct limit co;
    struct limit finish_max;
    struct limit extension_max;
    struct limit later[2];
    int extensions;
    int returns_meeting;
    int rounds_meeting;
    int urge_gap_min;
    int score_bad;
    bool review;
    bool shares;
};

struct model_clock {
    bool open;
    bool paused;
    instant since; /* of the pause */
    instant start;
    struct limit limit;
    struct model_due due;
    register_id unit;
    uint32_t fired;
    int turn;
    int ended; /* the move that ended it last, 0 none */
    enum verdict verdict;
    instant stop;
};

struct model_unit {
    register_id unit;
    register_id handler;
    bool lead;
    enum dispatch_state state;
    enum dispatch_state before;
    bool refused;
    bool acted;
    instant asked;
    int extensions;
    struct limit wish; /* an extension asked for; LIMIT_NONE: none */
    struct model_clock clock[CLOCK_KIND_COUNT];
};

struct model {
    const struct model_rules *rules;
    int moves; /* how often it was moved: numbers the moves */
    instant now;
    enum ticket_state state;
    enum ticket_state before; /* of SUSPENDED and MEETING */
    int round;
    uint32_t flags;  /* enum ticket_flag */
    bool disputable; /* a bad score began this round */
    int score;
    bool solved;
    int returns;
    register_id enterprise;
    register_id dispatcher;
    register_id against;
    bool part;
    ticket_id id;
    ticket_id into;
    instant responded;
    instant resolved;
    instant urged;
    int lead;   /* its number, 0 none */
    int target; /* which dispatch the last move was about, 0 none */
    int units;  /* numbered from 1 */
    struct model_unit unit[UNITS_MAX];
    struct model_clock clock[CLOCK_KIND_COUNT];
};

/* A set of reasons to refuse, a bit an enum err; 0: accepted. */
typedef uint64_t reasons;
#define WHY(id) (UINT64_C(1) << ERR_##id)

/* What speaks against the event; if nothing does, the model has moved. Not for
 * what the clock asks for by itself. Where BAD_STATE is among the reasons,
 * others may be missing. */
reasons model_step(struct model *m, const struct event *ev);

/* The clock of a kind (and dispatch, or 0) did its next thing at `at`: a step
 * of the regulation, or STEP_NEXT_DUE. */
void model_fire(struct model *m, enum clock_kind kind, int dispatch, int step,
                instant at);

/* What a clock does next by itself and when; INSTANT_NONE: nothing. */
instant model_next(const struct model *m, enum clock_kind kind,
                   const struct model_clock *c, int *ret_step);

/* Dispatches that are not ended, but for one (0: all). */
int model_open_units(const struct model *m, int but);

#endif
