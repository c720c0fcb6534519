/* The ticket, its dispatches and clocks, and the pure step that moves them.
 *
 *   struct event --> ticket_step(rules, ticket, event, &outcome)
 *
 * The step reads no clock, allocates nothing, changes nothing but *ret, and
 * writes that on success only. Time is inside the event. What is loaded of a
 * ticket is its open part: at most DISPATCHES_MAX dispatches that are not
 * ended (plus the lead of the present round) and CLOCKS_MAX clocks that run;
 * history stays in the store.
 *
 * Identity: dispatches and clocks are numbered from 1 within their ticket;
 * `dispatch_last` and `clock_last` are the highest numbers ever given.
 *
 * The two tables of moves are in core/lifecycle.c. */
#ifndef BIHUAN_CORE_TICKET_H
#define BIHUAN_CORE_TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/calendar.h"
#include "core/err.h"
#include "core/instant.h"
#include "core/limit.h"
#include "core/limits.h"
#include "core/regulation.h"
#include "core/states.h"

/* YYYYMMDD * TICKET_SERIALS + the day's serial; people read YYYYMMDD-NNN. */
typedef int64_t ticket_id;
#define TICKET_SERIALS 1000000

/* Any row of the register (unit, chain, person); 0 = none. */
typedef int64_t register_id;

enum dispatch_kind {
    DISPATCH_LEAD,
    DISPATCH_CO
};
enum fault {
    FAULT_NONE,
    FAULT_UNIT,
    FAULT_DISPATCHER
};

enum clock_run {
    CLOCK_RUNNING,
    CLOCK_PAUSED,
    CLOCK_STOPPED
};
/* KEPT and LATE are given when a clock stops by its own goal; VOID when what
 * it measured was taken away (withdrawn, cancelled) before it was late, or when
 * the time was not its promiser's at all (returned by the dispatcher's fault:
 * the unit's time follows the fault). A verdict, once given, stays. */
enum verdict {
    VERDICT_OPEN,
    VERDICT_KEPT,
    VERDICT_LATE,
    VERDICT_VOID
};

struct clock {
    int32_t n;
    enum clock_kind kind;
    int32_t dispatch; /* its number, 0 for a ticket's clock */
    register_id unit; /* whose promise it is */
    int32_t round;
    instant start;
    struct limit limit; /* the budget */
    struct due due;     /* due.at INSTANT_NONE: no limit */
    instant yellow;     /* INSTANT_NONE: never */
    enum clock_run run; /* PAUSED: suspended, awaiting a supplement, or
                           resolved and in review */
    instant paused;     /* since when, INSTANT_NONE if running */
    instant stop;       /* INSTANT_NONE while open */
    enum verdict verdict;
    /* the next thing this clock does by itself: an escalation step of the
     * regulation (index), or STEP_NEXT_DUE for the event at due */
    instant next; /* INSTANT_NONE: nothing more (or paused) */
    int32_t next_step;
    uint32_t fired; /* bit 1 << index: escalation steps that have fired;
                       a pause moves the rest, none fires twice */
    int32_t turn;   /* how often an extension has moved its due: each time the
                       steps that now lie ahead may fire again */
};
enum {
    STEP_NEXT_DUE = 100
};

struct dispatch {
    int32_t n;
    register_id unit;
    enum dispatch_kind kind;
    enum dispatch_state state;
    enum dispatch_state before_ask; /* where a refused return goes back to */
    int32_t round;
    instant sent;
    instant accepted;
    instant asked;   /* return asked */
    instant decided; /* return decided */
    instant done;
    enum fault fault;
    int32_t refused;        /* returns refused: final, no second ask */
    register_id handler;    /* the person it is assigned to, 0: none */
    bool acted;             /* the unit has done something with it */
    int32_t extensions;     /* granted ones, not those of a meeting */
    struct limit extension; /* asked for and undecided; LIMIT_NONE: none */
};

enum ticket_flag {
    TICKET_EVALUATED = 1 << 0, /* this round has a score */
    TICKET_SILENT = 1 << 1,    /* this round has a recorded silence */
    TICKET_APPEALED = 1 << 2,  /* the one appeal is used */
    TICKET_IMPORTED = 1 << 3,
    TICKET_CONTACTED = 1 << 4,
    TICKET_ANSWERED = 1 << 5,
    TICKET_SPECIAL = 1 << 6, /* individual plan, M8 */
    TICKET_CONFIDENTIAL = 1 << 7,
    TICKET_PARENT = 1 << 8,          /* has children: not a leaf */
    TICKET_AGENDA = 1 << 9,          /* gathered for the next meeting */
    TICKET_SCORE_APPEALED = 1 << 10, /* this round's one appeal is used */
    TICKET_SCORE_EXCLUDED = 1 << 11, /* its score is struck from the counts */
    TICKET_COMMENTED = 1 << 12,      /* this round has its later supplement */
    TICKET_HANDED = 1 << 13,         /* another office dispatched it before */
};

struct ticket {
    ticket_id id;
    enum ticket_state state;
    enum ticket_state before; /* where SUSPENDED and MEETING return to */
    int32_t round;            /* 1, then one more for each rework */
    uint32_t flags;           /* enum ticket_flag */
    register_id enterprise;
    register_id dispatcher; /* committee or general office */
    int32_t category;       /* indexes into the pinned regulation */
    int32_t urgency;
    int32_t channel;
    int32_t score; /* 1..5: the latest, which may have begun this round; 0 none,
                      or the round was ordered */
    bool solved;
    int32_t returns; /* granted ones, of the lead */
    instant filed;
    instant last;          /* time of the latest event */
    register_id against;   /* the unit complained of: never sent there; or 0 */
    ticket_id parent;      /* a part of that one; or 0 */
    ticket_id merged_into; /* 0 unless MERGED */
    instant responded;     /* first contact, answer or resolve (M12), or none */
    instant resolved;      /* the latest time it became RESOLVED, or none */
    instant urged;         /* the latest urging by a person, or none */
    int32_t dispatch_last;
    int32_t clock_last;
    int32_t n_dispatches;
    struct dispatch dispatches[DISPATCHES_MAX];
    int32_t n_clocks;
    struct clock clocks[CLOCKS_MAX];
};

struct rules {
    const struct regulation *regulation;
    const struct calendar *calendar;
};

/* What happened. Only the fields that the type uses are read. */
struct event {
    enum event_type type;
    instant at;       /* >= ticket.last, else ERR_OUT_OF_ORDER */
    bool imported;    /* bounds and "due after start" do not apply */
    int32_t dispatch; /* which dispatch; 0 = the lead of this round (URGE:
                         if one is at work, else nobody's) */
    register_id unit; /* DISPATCH, TRANSFER: to whom */
    enum dispatch_kind kind; /* DISPATCH */
    struct limit limit;      /* own limit: DISPATCH, TRANSFER, MEET_DISPATCH (of
                                FINISH), SUSPEND (until its review), SUPERVISE
                                (until the reply), EXTEND_ASK (required),
                                EXTEND_GRANT (as asked if absent), MEET_EXTEND
                                (required); an extension's counts from the old
                                due, or names the new one */
    bool has_limit;
    bool special;     /* DISPATCH, MEET_DISPATCH under an individual plan: no
                         bound, and a limit of its own */
    enum fault fault; /* RETURN_GRANT */
    int32_t score;    /* EVALUATE, 1..5 */
    bool solved;      /* EVALUATE */
    int32_t clock;    /* ESCALATE, SILENCE, ARCHIVE by time: which clock, */
    int32_t step;     /*           which step of the regulation */
    /* FILE only: the facts of the new ticket */
    ticket_id id;
    register_id enterprise;
    register_id dispatcher; /* HAND too: the new one */
    int32_t category;
    int32_t urgency;
    int32_t channel;
    bool confidential;
    register_id against;
    ticket_id parent;
    register_id person; /* ASSIGN: to whom */
    ticket_id into;     /* MERGE: the one that goes on */
};

/* Who is to be told; the engine turns it into notices. The unit of an escalated
 * clock that is the ticket's own is the lead, the dispatcher or the enterprise,
 * and told as that. */
enum tell {
    TELL_ENTERPRISE = 1 << 0,
    TELL_DISPATCHER = 1 << 1,
    TELL_UNIT = 1 << 2, /* the unit of the event's dispatch */
    TELL_LEAD = 1 << 3,
    TELL_UNITS = 1 << 4, /* every unit whose dispatch was open before */
    TELL_GUIDE = 1 << 5,
    TELL_SUPERVISOR = 1 << 6,
};

struct outcome {
    struct ticket after; /* ended dispatches and stopped clocks still in it */
    uint32_t tell;       /* enum tell bits */
    int32_t dispatch;    /* the dispatch that moved or was made (TRANSFER and
                            MEET_DISPATCH: the new one), 0 if none */
    enum step_does does; /* ESCALATE: what the step does */
    instant fired_late;  /* ESCALATE: seconds after its due moment */
};

/* Works out what `ev` does to `t` (for FILE, `t` is a zeroed ticket).
 * Returns OK, or one of what holds:
 *   BAD_PARAM      a value out of its range, or one missing: the limit of an
 *                  extension or of an individual plan, the person of an ASSIGN,
 *                  the dispatcher of a HAND, the other ticket of a MERGE
 *   OUT_OF_ORDER   ev->at before t->last
 *   NOT_FOUND      no such dispatch, or no lead where the lead is meant
 *   BAD_STATE      no such move here; a part is split; what was split is
 *                  dispatched; an extension where no clock of the work runs
 *                  that has a due
 *   FORBIDDEN      to the unit complained of
 *   EXISTS         the unit has an open dispatch of this ticket; an extension
 *                  is asked for while one is undecided; an order while one is
 *                  unanswered
 *   BLOCKED        something else comes first: an open co dispatch, for a
 *                  resolve and a SCORE_GRANT; any open one, for a DECLINE; a
 *                  lead to stand for it, for MEET_RESOLVE and MEET_EXTEND; the
 *                  decision of a return, an extension or a score appeal, for a
 *                  SUSPEND
 *   TOO_LATE       to suspend, to ask for an extension, to extend by a meeting
 *   TOO_SOON       an urging within bounds.urge_gap_min of the one before
 *   OUT_OF_BOUNDS  a limit over the regulation's bound, a due not after its
 *                  start or its old due, a co-handler's after its lead's, a due
 *                  past the calendar
 *   LIMIT          no room for one more dispatch, clock or round; the dispatch
 *                  has had as many extensions of its asking as
 *                  bounds.extensions
 * Imported events are held to no bound, gap or number.
 *
 * The calls of the clock (SILENCE, ESCALATE, and ARCHIVE with ev->clock set)
 * come from ticket_next_event() and answer BAD_STATE when they no longer apply:
 * a deadline may come late or twice and then changes nothing.
 *
 * What is not in the tables, by the fact:
 *   agenda     enough returns or rounds put the ticket on it (struct bounds), a
 *              MEET takes it off
 *   responded  the first CONTACT, ANSWER, MEET_RESOLVE, or RESOLVE that is not
 *              a co's; an answer is a contact too, and a resolve is both
 *   whose      CONTACT, ANSWER and OVERALL are the promise of whoever leads,
 *              after a split OVERALL and REWORK the dispatcher's, and their
 *              `unit` follows until they are late; a HAND takes along all that
 * is the dispatcher's overall    the first lead's own due is the overall
 * clock's too; a lead's extension moves it along transfer   without a limit of
 * its own it hands on what is left of the due, unless that is past co its
 * finish limit is struct regulation's `co`, cut to the lead's due appeal
 * granted, the promises that the decline took away begin anew with the next
 * dispatch order      an escalation that supervises starts the SUPERVISE clock
 * of the dispatch (of the lead for a ticket's clock), if it is at work and none
 * runs score      a REWORK that is ordered leaves the new round without one */
enum err ticket_step(const struct rules *rules, const struct ticket *t,
                     const struct event *ev, struct outcome *ret);

/* The invariants, asserted before and after every step. */
bool ticket_ok(const struct ticket *t);

/* The earliest `next` of all clocks and which clock it is; INSTANT_NONE and 0
 * when nothing is to happen by itself. */
instant ticket_next(const struct ticket *t, int32_t *ret_clock);

/* The event that clock `n` asks for, at its `next` or at t->last if that is
 * later; who comes later yet puts that time in. Expects next to be set. */
struct event ticket_next_event(const struct ticket *t, int32_t n);

/* The lead dispatch of the present round, or NULL. The dispatch with number
 * n, or NULL. The open clock of a kind (and dispatch, 0 for the ticket's own),
 * or NULL. */
const struct dispatch *ticket_lead(const struct ticket *t);
const struct dispatch *ticket_dispatch(const struct ticket *t, int32_t n);
const struct clock *ticket_clock(const struct ticket *t, enum clock_kind kind,
                                 int32_t dispatch);

/* DISPATCH, TRANSFER, MEET_DISPATCH: a unit gets the ticket. */
bool event_sends(enum event_type type);

/* Has its unit the work: sent, accepted, or asked to be returned? */
bool dispatch_at_work(const struct dispatch *d);

/* Lights, always with the word. GREY: suspended. NONE: nothing runs. */
enum light {
    LIGHT_NONE,
    LIGHT_GREEN,
    LIGHT_YELLOW,
    LIGHT_RED,
    LIGHT_GREY
};
const char *light_name(enum light light);
enum light clock_light(const struct clock *c, instant at);
/* The worst light of all open clocks (red > yellow > grey > green). */
enum light ticket_light(const struct ticket *t, instant at);

/* "20261120-001": at least three digits of serial. TICKET_TEXT_SIZE holds it.
 * Parsing accepts exactly that form with a real date and serial >= 1, and
 * returns ERR_BAD_CODE otherwise. */
enum {
    TICKET_TEXT_SIZE = 24
};
char *ticket_id_format(ticket_id id, char out[TICKET_TEXT_SIZE]);
enum err ticket_id_parse(const char *text, size_t len, ticket_id *ret);
/* The first id of the local day of `at` is this + 1. */
ticket_id ticket_id_day(instant at);

#endif
