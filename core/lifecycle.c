/* The two lifecycles: everything that may happen to a ticket and to a dispatch
 * stands in the two tables below, and nowhere else. A row is one line; read it
 * as "in this state, on this event, if the guard holds, go there; these clocks
 * begin, these end by their own goal, these are taken away; these are told".
 *
 * Sources: design sections 3 and 4. What the rows' words mean is in
 * lifecycle.h, what else a few events do (scores, rounds, flags) in step.c. */
#include "core/lifecycle.h"

#include <assert.h>

/* clang-format off */

/* Short names of clock bits and of tell bits, for the columns. */
enum clock_bit {
#define X(id, name, zh) id = 1 << CLOCK_##id,
    CLOCK_MAP(X)
#undef X
    PROMISE = CONTACT | ANSWER | OVERALL,   /* begun by the first dispatch */
    ANSWERS = CONTACT | ANSWER,
    SOLVES = PROMISE | REWORK,              /* a resolve answers them all */
    SIDE = SUPERVISE | RETURN | EXTENSION,  /* of a dispatch, beside its work */
    DISP = SIGN | FINISH | SIDE,            /* all of a dispatch's */
    TICK = TRIAGE | SUPPLEMENT | PROMISE | REWORK | APPEAL | MEETING |
           SUSPENSION,                      /* all that a withdrawal may meet */
    WORK = SOLVES | SIGN | FINISH,          /* what a suspension pauses */
};
enum tell_bit {
    ENT = TELL_ENTERPRISE,
    DSP = TELL_DISPATCHER,
    UNI = TELL_UNIT,
    LED = TELL_LEAD,
    ALL = TELL_UNITS,
    SUP = TELL_SUPERVISOR,
    GDE = TELL_GUIDE,
    OUT = ENT | GDE, /* M5, M26: the guide and the enterprise, of each move */
};

#define ROW(f, e, g, t, s, p, d, w)                                            \
    {.from = TICKET_##f, .event = EV_##e, .guard = GUARD_##g,                  \
     .to = TICKET_##t, .start = s, .stop = p, .drop = d, .tell = w}
#define HOLD(f, e, g, t, s, p, w, pa, re)                                      \
    {.from = TICKET_##f, .event = EV_##e, .guard = GUARD_##g,                  \
     .to = TICKET_##t, .start = s, .stop = p, .tell = w, .pause = pa,          \
     .resume = re}
#define FULL(f, e, g, t, s, p, d, w, pa, re)                                   \
    {.from = TICKET_##f, .event = EV_##e, .guard = GUARD_##g,                  \
     .to = TICKET_##t, .start = s, .stop = p, .drop = d, .tell = w,            \
     .pause = pa, .resume = re}
#define TICKET_BEFORE TICKET_STATE_COUNT

static const struct ticket_rule ticket_rules[] = {
/*      from        event            guard       to          start      stop               drop      tell */
    ROW(FILED,      FILE,            NONE,       FILED,      TRIAGE,    0,                 0,        OUT | DSP),
    ROW(FILED,      DECLINE,         NONE,       DECLINED,   0,         TRIAGE, PROMISE | SUPPLEMENT, OUT),
    HOLD(FILED,     SUPPLEMENT_ASK,  NONE,       FILED,      SUPPLEMENT, 0,                OUT,      TRIAGE, 0),
    HOLD(FILED,     SUPPLEMENT_GIVE, NONE,       FILED,      0,         SUPPLEMENT,        DSP,      0, TRIAGE),
    ROW(FILED,      DISPATCH,        LEAD,       DISPATCHED, PROMISE,   TRIAGE,            SUPPLEMENT, OUT),
    ROW(FILED,      ACCEPT,          CO,         FILED,      0,         0,                 0,        DSP),
    ROW(FILED,      RETURN_ASK,      CO,         FILED,      0,         0,                 0,        DSP),
    ROW(FILED,      RETURN_GRANT,    CO,         FILED,      0,         0,                 0,        GDE),
    ROW(FILED,      RETURN_REFUSE,   CO,         FILED,      0,         0,                 0,        GDE),
    ROW(FILED,      RESOLVE,         CO,         FILED,      0,         0,                 0,        DSP),
    ROW(FILED,      EXTEND_ASK,      CO,         FILED,      0,         0,                 0,        DSP),
    ROW(FILED,      EXTEND_GRANT,    CO,         FILED,      0,         0,                 0,        OUT),
    ROW(FILED,      EXTEND_REFUSE,   CO,         FILED,      0,         0,                 0,        GDE),
    ROW(FILED,      SUPERVISE_REPLY, CO,         FILED,      0,         0,                 0,        SUP),
    ROW(FILED,      NOTE,            NONE,       FILED,      0,         0,                 0,        0),
    ROW(FILED,      URGE,            NONE,       FILED,      0,         0,                 0,        DSP),
    FULL(FILED,     MEET,            NONE,       MEETING,    MEETING,   0,                 SUPPLEMENT, OUT | ALL, 0, TRIAGE),
    ROW(FILED,      SPLIT,           NONE,       HANDLING,   OVERALL | REWORK, TRIAGE, ANSWERS | SUPPLEMENT, OUT),
    ROW(FILED,      LEADERS,         NONE,       FILED,      0,         0,                 0,        OUT),
    ROW(FILED,      HAND,            NONE,       FILED,      0,         0,                 0,        DSP | GDE),
    ROW(FILED,      WITHDRAW,        NONE,       WITHDRAWN,  0,         0,                 TICK,     DSP | GDE),
    ROW(FILED,      MERGE,           NONE,       MERGED,     0,         0,                 TICK,     OUT),
    ROW(FILED,      CORRECT,         NONE,       FILED,      0,         0,                 0,        0),
    ROW(FILED,      ESCALATE,        DUE,        FILED,      0,         0,                 0,        0),

    ROW(DISPATCHED, DISPATCH,        CO,         DISPATCHED, 0,         0,                 0,        OUT | LED),
    ROW(DISPATCHED, ACCEPT,          LEAD,       HANDLING,   0,         0,                 0,        OUT | DSP),
    ROW(DISPATCHED, ACCEPT,          CO,         DISPATCHED, 0,         0,                 0,        OUT | LED),
    ROW(DISPATCHED, RETURN_ASK,      NONE,       DISPATCHED, 0,         0,                 0,        DSP | GDE),
    ROW(DISPATCHED, RETURN_GRANT,    LEAD,       FILED,      TRIAGE,    0,                 0,        OUT | DSP),
    ROW(DISPATCHED, RETURN_GRANT,    CO,         DISPATCHED, 0,         0,                 0,        LED | GDE),
    ROW(DISPATCHED, RETURN_REFUSE,   NONE,       DISPATCHED, 0,         0,                 0,        GDE),
    ROW(DISPATCHED, TRANSFER,        NONE,       DISPATCHED, 0,         0,                 0,        OUT | DSP),
    ROW(DISPATCHED, ASSIGN,          NONE,       DISPATCHED, 0,         0,                 0,        0),
    ROW(DISPATCHED, CONTACT,         NONE,       DISPATCHED, 0,         CONTACT,           0,        OUT),
    ROW(DISPATCHED, ANSWER,          NONE,       DISPATCHED, 0,         ANSWERS,           0,        OUT),
    ROW(DISPATCHED, NOTE,            NONE,       DISPATCHED, 0,         0,                 0,        0),
    ROW(DISPATCHED, SUPPLEMENT_GIVE, NONE,       DISPATCHED, 0,         0,                 0,        DSP | ALL),
    ROW(DISPATCHED, EXTEND_ASK,      CO,         DISPATCHED, 0,         0,                 0,        DSP),
    ROW(DISPATCHED, EXTEND_GRANT,    CO,         DISPATCHED, 0,         0,                 0,        OUT),
    ROW(DISPATCHED, EXTEND_REFUSE,   CO,         DISPATCHED, 0,         0,                 0,        GDE),
    ROW(DISPATCHED, RECALL,          LEAD,       FILED,      TRIAGE,    0,                 0,        OUT),
    ROW(DISPATCHED, RECALL,          CO,         DISPATCHED, 0,         0,                 0,        LED),
    ROW(DISPATCHED, URGE,            NONE,       DISPATCHED, 0,         0,                 0,        0),
    ROW(DISPATCHED, SUPERVISE,       NONE,       DISPATCHED, 0,         0,                 0,        DSP),
    ROW(DISPATCHED, SUPERVISE_REPLY, NONE,       DISPATCHED, 0,         0,                 0,        SUP),
    ROW(DISPATCHED, MEET,            NONE,       MEETING,    MEETING,   0,                 0,        OUT | ALL),
    ROW(DISPATCHED, RESOLVE,         CO,         DISPATCHED, 0,         0,                 0,        LED | GDE),
    ROW(DISPATCHED, SPLIT,           NONE,       HANDLING,   OVERALL | REWORK, 0,          ANSWERS,  OUT),
    ROW(DISPATCHED, LEADERS,         NONE,       DISPATCHED, 0,         0,                 0,        OUT),
    ROW(DISPATCHED, HAND,            NONE,       DISPATCHED, 0,         0,                 0,        DSP | GDE),
    ROW(DISPATCHED, WITHDRAW,        NONE,       WITHDRAWN,  0,         0,                 TICK,     DSP | GDE),
    ROW(DISPATCHED, MERGE,           NONE,       MERGED,     0,         0,                 TICK,     OUT),
    ROW(DISPATCHED, CORRECT,         NONE,       DISPATCHED, 0,         0,                 0,        0),
    ROW(DISPATCHED, ESCALATE,        DUE,        DISPATCHED, 0,         0,                 0,        0),

    ROW(HANDLING,   DISPATCH,        CO,         HANDLING,   0,         0,                 0,        OUT | LED),
    ROW(HANDLING,   ACCEPT,          CO,         HANDLING,   0,         0,                 0,        OUT | LED),
    ROW(HANDLING,   RETURN_ASK,      NONE,       HANDLING,   0,         0,                 0,        DSP | GDE),
    ROW(HANDLING,   RETURN_GRANT,    LEAD,       FILED,      TRIAGE,    REWORK,            APPEAL,   OUT | DSP),
    ROW(HANDLING,   RETURN_GRANT,    CO,         HANDLING,   0,         0,                 0,        LED | GDE),
    ROW(HANDLING,   RETURN_REFUSE,   NONE,       HANDLING,   0,         0,                 0,        GDE),
    ROW(HANDLING,   TRANSFER,        LEAD,       DISPATCHED, 0,         REWORK,            APPEAL,   OUT | DSP),
    ROW(HANDLING,   TRANSFER,        CO,         HANDLING,   0,         0,                 0,        OUT | DSP),
    ROW(HANDLING,   ASSIGN,          NONE,       HANDLING,   0,         0,                 0,        0),
    ROW(HANDLING,   CONTACT,         NONE,       HANDLING,   0,         CONTACT,           0,        OUT),
    ROW(HANDLING,   ANSWER,          NONE,       HANDLING,   0,         ANSWERS,           0,        OUT),
    ROW(HANDLING,   NOTE,            NONE,       HANDLING,   0,         0,                 0,        0),
    ROW(HANDLING,   SUPPLEMENT_GIVE, NONE,       HANDLING,   0,         0,                 0,        DSP | ALL),
    ROW(HANDLING,   SCORE_APPEAL,    DISPUTABLE, HANDLING,   APPEAL,    0,                 0,        DSP | SUP),
    ROW(HANDLING,   SCORE_GRANT,     ASKED,      RESOLVED,   ARCHIVE,   APPEAL,            REWORK,   DSP | LED),
    ROW(HANDLING,   SCORE_REFUSE,    ASKED,      HANDLING,   0,         APPEAL,            0,        DSP | LED),
    ROW(HANDLING,   LEADERS,         NONE,       HANDLING,   0,         0,                 0,        OUT),
    ROW(HANDLING,   HAND,            NONE,       HANDLING,   0,         0,                 0,        DSP | GDE),
    ROW(HANDLING,   EXTEND_ASK,      NONE,       HANDLING,   0,         0,                 0,        DSP),
    ROW(HANDLING,   EXTEND_GRANT,    NONE,       HANDLING,   0,         0,                 0,        OUT),
    ROW(HANDLING,   EXTEND_REFUSE,   NONE,       HANDLING,   0,         0,                 0,        GDE),
    HOLD(HANDLING,  SUSPEND,         NONE,       SUSPENDED,  SUSPENSION, 0,                OUT | ALL, WORK, 0),
    ROW(HANDLING,   RECALL,          CO,         HANDLING,   0,         0,                 0,        LED),
    ROW(HANDLING,   URGE,            NONE,       HANDLING,   0,         0,                 0,        0),
    ROW(HANDLING,   SUPERVISE,       NONE,       HANDLING,   0,         0,                 0,        DSP),
    ROW(HANDLING,   SUPERVISE_REPLY, NONE,       HANDLING,   0,         0,                 0,        SUP),
    ROW(HANDLING,   MEET,            NONE,       MEETING,    MEETING,   0,                 APPEAL,   OUT | ALL),
    FULL(HANDLING,  RESOLVE,         REVIEW,     REVIEW,     REVIEW,    ANSWERS,           APPEAL,   DSP | GDE, OVERALL | REWORK, 0),
    ROW(HANDLING,   RESOLVE,         LEAD,       RESOLVED,   EVALUATE,  SOLVES,            APPEAL,   OUT | DSP),
    ROW(HANDLING,   RESOLVE,         CO,         HANDLING,   0,         0,                 0,        LED | GDE),
    ROW(HANDLING,   RESOLVE,         PARENT,     RESOLVED,   EVALUATE,  SOLVES,            0,        OUT | DSP),
    ROW(HANDLING,   WITHDRAW,        NONE,       WITHDRAWN,  0,         0,                 TICK,     DSP | GDE),
    ROW(HANDLING,   MERGE,           NONE,       MERGED,     0,         0,                 TICK,     OUT),
    ROW(HANDLING,   SPLIT,           NONE,       HANDLING,   REWORK,    0,                 ANSWERS | APPEAL, OUT),
    ROW(HANDLING,   CORRECT,         NONE,       HANDLING,   0,         0,                 0,        0),
    ROW(HANDLING,   ESCALATE,        DUE,        HANDLING,   0,         0,                 0,        0),

    ROW(REVIEW,     REVIEW_PASS,     NONE,       RESOLVED,   EVALUATE,  REVIEW | SOLVES,   0,        OUT | LED),
    HOLD(REVIEW,    REVIEW_FAIL,     NONE,       HANDLING,   0,         REVIEW,            LED | GDE, 0, OVERALL | REWORK),
    ROW(REVIEW,     NOTE,            NONE,       REVIEW,     0,         0,                 0,        0),
    ROW(REVIEW,     URGE,            NONE,       REVIEW,     0,         0,                 0,        DSP),
    ROW(REVIEW,     LEADERS,         NONE,       REVIEW,     0,         0,                 0,        OUT),
    ROW(REVIEW,     HAND,            NONE,       REVIEW,     0,         0,                 0,        DSP | GDE),
    ROW(REVIEW,     CORRECT,         NONE,       REVIEW,     0,         0,                 0,        0),
    ROW(REVIEW,     ESCALATE,        DUE,        REVIEW,     0,         0,                 0,        0),

    ROW(RESOLVED,   EVALUATE,        GOOD,       RESOLVED,   ARCHIVE,   EVALUATE,          0,        DSP | GDE),
    ROW(RESOLVED,   EVALUATE,        BAD,        HANDLING,   REWORK,    EVALUATE,          ARCHIVE,  DSP | GDE | LED | SUP),
    ROW(RESOLVED,   SILENCE,         DUE,        RESOLVED,   ARCHIVE,   EVALUATE,          0,        OUT | DSP),
    ROW(RESOLVED,   REWORK,          NONE,       HANDLING,   REWORK,    0,       EVALUATE | ARCHIVE, OUT | LED | SUP),
    ROW(RESOLVED,   ARCHIVE,         CLOSABLE,   ARCHIVED,   0,         ARCHIVE,           0,        OUT),
    ROW(RESOLVED,   NOTE,            NONE,       RESOLVED,   0,         0,                 0,        0),
    ROW(RESOLVED,   COMMENT,         SCORED,     RESOLVED,   0,         0,                 0,        DSP | GDE),
    ROW(RESOLVED,   LEADERS,         NONE,       RESOLVED,   0,         0,                 0,        OUT),
    ROW(RESOLVED,   HAND,            NONE,       RESOLVED,   0,         0,                 0,        DSP | GDE),
    ROW(RESOLVED,   CORRECT,         NONE,       RESOLVED,   0,         0,                 0,        0),
    ROW(RESOLVED,   ESCALATE,        DUE,        RESOLVED,   0,         0,                 0,        0),

    HOLD(SUSPENDED, RESUME,          NONE,       HANDLING,   0,         SUSPENSION,        OUT | ALL, 0, WORK),
    ROW(SUSPENDED,  NOTE,            NONE,       SUSPENDED,  0,         0,                 0,        0),
    ROW(SUSPENDED,  SUPPLEMENT_GIVE, NONE,       SUSPENDED,  0,         0,                 0,        DSP | ALL),
    ROW(SUSPENDED,  ASSIGN,          NONE,       SUSPENDED,  0,         0,                 0,        0),
    ROW(SUSPENDED,  URGE,            NONE,       SUSPENDED,  0,         0,                 0,        DSP),
    ROW(SUSPENDED,  SUPERVISE_REPLY, NONE,       SUSPENDED,  0,         0,                 0,        SUP),
    ROW(SUSPENDED,  WITHDRAW,        NONE,       WITHDRAWN,  0,         0,                 TICK,     DSP | GDE),
    ROW(SUSPENDED,  MERGE,           NONE,       MERGED,     0,         0,                 TICK,     OUT),
    ROW(SUSPENDED,  LEADERS,         NONE,       SUSPENDED,  0,         0,                 0,        OUT),
    ROW(SUSPENDED,  HAND,            NONE,       SUSPENDED,  0,         0,                 0,        DSP | GDE),
    ROW(SUSPENDED,  CORRECT,         NONE,       SUSPENDED,  0,         0,                 0,        0),
    ROW(SUSPENDED,  ESCALATE,        DUE,        SUSPENDED,  0,         0,                 0,        0),

    ROW(MEETING,    MEET_DISPATCH,   NONE,       DISPATCHED, PROMISE,   MEETING | TRIAGE | REWORK, 0, OUT),
    ROW(MEETING,    MEET_EXTEND,     NONE,       BEFORE,     0,         MEETING,           0,        OUT | ALL),
    ROW(MEETING,    MEET_SPLIT,      NONE,       HANDLING,   OVERALL | REWORK, MEETING | TRIAGE, ANSWERS, OUT | ALL),
    ROW(MEETING,    MEET_RESOLVE,    NONE,       RESOLVED,   EVALUATE,  MEETING | SOLVES,  0,        OUT | ALL),
    ROW(MEETING,    ACCEPT,          NONE,       MEETING,    0,         0,                 0,        DSP | GDE),
    ROW(MEETING,    RETURN_GRANT,    CO,         MEETING,    0,         0,                 0,        LED | GDE),
    ROW(MEETING,    RETURN_REFUSE,   NONE,       MEETING,    0,         0,                 0,        GDE),
    ROW(MEETING,    ASSIGN,          NONE,       MEETING,    0,         0,                 0,        0),
    ROW(MEETING,    CONTACT,         NONE,       MEETING,    0,         CONTACT,           0,        OUT),
    ROW(MEETING,    ANSWER,          NONE,       MEETING,    0,         ANSWERS,           0,        OUT),
    ROW(MEETING,    NOTE,            NONE,       MEETING,    0,         0,                 0,        0),
    ROW(MEETING,    SUPPLEMENT_GIVE, NONE,       MEETING,    0,         0,                 0,        DSP | ALL),
    ROW(MEETING,    EXTEND_GRANT,    NONE,       MEETING,    0,         0,                 0,        OUT),
    ROW(MEETING,    EXTEND_REFUSE,   NONE,       MEETING,    0,         0,                 0,        GDE),
    ROW(MEETING,    URGE,            NONE,       MEETING,    0,         0,                 0,        DSP),
    ROW(MEETING,    SUPERVISE,       NONE,       MEETING,    0,         0,                 0,        DSP),
    ROW(MEETING,    SUPERVISE_REPLY, NONE,       MEETING,    0,         0,                 0,        SUP),
    ROW(MEETING,    RESOLVE,         CO,         MEETING,    0,         0,                 0,        LED | GDE),
    ROW(MEETING,    WITHDRAW,        NONE,       WITHDRAWN,  0,         0,                 TICK,     DSP | GDE),
    ROW(MEETING,    LEADERS,         NONE,       MEETING,    0,         0,                 0,        OUT),
    ROW(MEETING,    HAND,            NONE,       MEETING,    0,         0,                 0,        DSP | GDE),
    ROW(MEETING,    CORRECT,         NONE,       MEETING,    0,         0,                 0,        0),
    ROW(MEETING,    ESCALATE,        DUE,        MEETING,    0,         0,                 0,        0),

    ROW(DECLINED,   APPEAL,          APPEALABLE, DECLINED,   APPEAL,    0,                 0,        DSP | SUP | GDE),
    ROW(DECLINED,   APPEAL_GRANT,    ASKED,      FILED,      TRIAGE,    APPEAL,            0,        OUT | DSP),
    ROW(DECLINED,   APPEAL_REFUSE,   ASKED,      DECLINED,   0,         APPEAL,            0,        OUT | DSP),
    ROW(DECLINED,   CORRECT,         NONE,       DECLINED,   0,         0,                 0,        0),
    ROW(DECLINED,   ESCALATE,        DUE,        DECLINED,   0,         0,                 0,        0),

    ROW(DECLINED,   HAND,            NONE,       DECLINED,   0,         0,                 0,        DSP | GDE),

    ROW(ARCHIVED,   COMMENT,         SCORED,     ARCHIVED,   0,         0,                 0,        DSP | GDE),
    ROW(ARCHIVED,   CORRECT,         NONE,       ARCHIVED,   0,         0,                 0,        0),
    ROW(WITHDRAWN,  CORRECT,         NONE,       WITHDRAWN,  0,         0,                 0,        0),
    ROW(MERGED,     CORRECT,         NONE,       MERGED,     0,         0,                 0,        0),
};

#undef ROW
#undef HOLD
#undef FULL
#define ROW(f, e, g, t, s, p, d, w)                                            \
    {.from = DISPATCH_##f, .event = EV_##e, .guard = GUARD_##g,                \
     .to = DISPATCH_##t, .start = s, .stop = p, .drop = d, .tell = w}
#define HOLD(f, e, g, t, p, d, w, pa, re)                                      \
    {.from = DISPATCH_##f, .event = EV_##e, .guard = GUARD_##g,                \
     .to = DISPATCH_##t, .stop = p, .drop = d, .tell = w, .pause = pa,         \
     .resume = re}
#define DISPATCH_ASKED DISPATCH_STATE_COUNT /* as before the ask */

/* A new dispatch begins as WAITING and is moved by the event that makes it. */
static const struct dispatch_rule dispatch_rules[] = {
/*      from          event            guard       to            start          stop           drop   tell */
    ROW(WAITING,      DISPATCH,        NONE,       SENT,         SIGN | FINISH, 0,             0,     UNI),
    ROW(WAITING,      TRANSFER,        NONE,       SENT,         SIGN | FINISH, 0,             0,     UNI),
    ROW(WAITING,      MEET_DISPATCH,   NONE,       SENT,         SIGN | FINISH, 0,             0,     UNI),
    ROW(WAITING,      WITHDRAW,        NONE,       CANCELLED,    0,             0,             0,     ALL),
    ROW(WAITING,      MERGE,           NONE,       CANCELLED,    0,             0,             0,     ALL),
    ROW(WAITING,      SPLIT,           NONE,       TRANSFERRED,  0,             0,             0,     ALL),
    ROW(WAITING,      MEET_SPLIT,      NONE,       TRANSFERRED,  0,             0,             0,     ALL),

    ROW(SENT,         ACCEPT,          NONE,       ACCEPTED,     0,             SIGN,          0,     0),
    ROW(SENT,         RETURN_ASK,      RETURNABLE, RETURN_ASKED, RETURN,        0,             0,     0),
    ROW(SENT,         TRANSFER,        NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  0),
    ROW(SENT,         ASSIGN,          NONE,       SENT,         0,             0,             0,     UNI),
    ROW(SENT,         CONTACT,         NONE,       SENT,         0,             0,             0,     0),
    ROW(SENT,         ANSWER,          NONE,       SENT,         0,             0,             0,     0),
    ROW(SENT,         RECALL,          UNTOUCHED,  CANCELLED,    0,             0,             DISP,  UNI),
    ROW(SENT,         URGE,            NONE,       SENT,         0,             0,             0,     UNI),
    ROW(SENT,         SUPERVISE,       NONE,       SENT,         SUPERVISE,     0,             0,     UNI),
    ROW(SENT,         SUPERVISE_REPLY, ASKED,      SENT,         0,             SUPERVISE,     0,     0),
    ROW(SENT,         MEET_DISPATCH,   NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  LED),
    ROW(SENT,         MEET_EXTEND,     NONE,       SENT,         0,             EXTENSION,     0,     UNI),
    ROW(SENT,         MEET_SPLIT,      NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  ALL),
    ROW(SENT,         MEET_RESOLVE,    NONE,       DONE,         0,             SIGN | FINISH, SIDE,  0),
    ROW(SENT,         SPLIT,           NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  ALL),
    ROW(SENT,         WITHDRAW,        NONE,       CANCELLED,    0,             0,             DISP,  ALL),
    ROW(SENT,         MERGE,           NONE,       CANCELLED,    0,             0,             DISP,  ALL),

    ROW(ACCEPTED,     RETURN_ASK,      RETURNABLE, RETURN_ASKED, RETURN,        0,             0,     0),
    ROW(ACCEPTED,     TRANSFER,        NONE,       TRANSFERRED,  0,             FINISH,        SIDE,  0),
    ROW(ACCEPTED,     ASSIGN,          NONE,       ACCEPTED,     0,             0,             0,     UNI),
    ROW(ACCEPTED,     CONTACT,         NONE,       ACCEPTED,     0,             0,             0,     0),
    ROW(ACCEPTED,     ANSWER,          NONE,       ACCEPTED,     0,             0,             0,     0),
    ROW(ACCEPTED,     EXTEND_ASK,      NONE,       ACCEPTED,     EXTENSION,     0,             0,     0),
    ROW(ACCEPTED,     EXTEND_GRANT,    ASKED,      ACCEPTED,     0,             EXTENSION,     0,     UNI),
    ROW(ACCEPTED,     EXTEND_REFUSE,   ASKED,      ACCEPTED,     0,             EXTENSION,     0,     UNI),
    ROW(ACCEPTED,     SCORE_APPEAL,    NONE,       ACCEPTED,     0,             0,             0,     0),
    ROW(ACCEPTED,     SCORE_GRANT,     NONE,       DONE,         0,             0,             DISP,  0),
    ROW(ACCEPTED,     SCORE_REFUSE,    NONE,       ACCEPTED,     0,             0,             0,     0),
    ROW(ACCEPTED,     MEET_EXTEND,     NONE,       ACCEPTED,     0,             EXTENSION,     0,     UNI),
    ROW(ACCEPTED,     URGE,            NONE,       ACCEPTED,     0,             0,             0,     UNI),
    ROW(ACCEPTED,     SUPERVISE,       NONE,       ACCEPTED,     SUPERVISE,     0,             0,     UNI),
    ROW(ACCEPTED,     SUPERVISE_REPLY, ASKED,      ACCEPTED,     0,             SUPERVISE,     0,     0),
    HOLD(ACCEPTED,    RESOLVE,         REVIEW,     DONE,                        SUPERVISE, EXTENSION, 0, FINISH, 0),
    ROW(ACCEPTED,     RESOLVE,         NONE,       DONE,         0,    FINISH | SUPERVISE, EXTENSION, 0),
    ROW(ACCEPTED,     MEET_DISPATCH,   NONE,       TRANSFERRED,  0,             FINISH,        SIDE,  LED),
    ROW(ACCEPTED,     MEET_SPLIT,      NONE,       TRANSFERRED,  0,             FINISH,        SIDE,  ALL),
    ROW(ACCEPTED,     MEET_RESOLVE,    NONE,       DONE,         0,             FINISH,        SIDE,  0),
    ROW(ACCEPTED,     SPLIT,           NONE,       TRANSFERRED,  0,             FINISH,        SIDE,  ALL),
    ROW(ACCEPTED,     WITHDRAW,        NONE,       CANCELLED,    0,             0,             DISP,  ALL),
    ROW(ACCEPTED,     MERGE,           NONE,       CANCELLED,    0,             0,             DISP,  ALL),

    ROW(RETURN_ASKED, RETURN_GRANT,    NONE,       RETURNED,     0, SIGN | FINISH | RETURN, SUPERVISE | EXTENSION, UNI),
    ROW(RETURN_ASKED, RETURN_REFUSE,   NONE,       ASKED,        0,             RETURN,        0,     UNI),
    ROW(RETURN_ASKED, ASSIGN,          NONE,       RETURN_ASKED, 0,             0,             0,     UNI),
    ROW(RETURN_ASKED, CONTACT,         NONE,       RETURN_ASKED, 0,             0,             0,     0),
    ROW(RETURN_ASKED, ANSWER,          NONE,       RETURN_ASKED, 0,             0,             0,     0),
    ROW(RETURN_ASKED, URGE,            NONE,       RETURN_ASKED, 0,             0,             0,     UNI),
    ROW(RETURN_ASKED, SUPERVISE,       NONE,       RETURN_ASKED, SUPERVISE,     0,             0,     UNI),
    ROW(RETURN_ASKED, SUPERVISE_REPLY, ASKED,      RETURN_ASKED, 0,             SUPERVISE,     0,     0),
    ROW(RETURN_ASKED, MEET_DISPATCH,   NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  LED),
    ROW(RETURN_ASKED, MEET_EXTEND,     NONE,       RETURN_ASKED, 0,             EXTENSION,     0,     UNI),
    ROW(RETURN_ASKED, MEET_SPLIT,      NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  ALL),
    ROW(RETURN_ASKED, MEET_RESOLVE,    NONE,       DONE,         0,             SIGN | FINISH, SIDE,  0),
    ROW(RETURN_ASKED, SPLIT,           NONE,       TRANSFERRED,  0,             SIGN | FINISH, SIDE,  ALL),
    ROW(RETURN_ASKED, WITHDRAW,        NONE,       CANCELLED,    0,             0,             DISP,  ALL),
    ROW(RETURN_ASKED, MERGE,           NONE,       CANCELLED,    0,             0,             DISP,  ALL),

    ROW(DONE,         REVIEW_PASS,     NONE,       DONE,         0,             FINISH,        0,     0),
    HOLD(DONE,        REVIEW_FAIL,     NONE,       ACCEPTED,                    0,             0, 0,  0, FINISH),
    ROW(DONE,         EVALUATE,        GOOD,       DONE,         0,             0,             0,     0),
    ROW(DONE,         EVALUATE,        BAD,        ACCEPTED,     0,             0,             0,     0),
    ROW(DONE,         REWORK,          NONE,       ACCEPTED,     0,             0,             0,     0),
};

#undef ROW
#undef HOLD

const struct lifecycle lifecycle = {
    ticket_rules, sizeof ticket_rules / sizeof ticket_rules[0],
    dispatch_rules, sizeof dispatch_rules / sizeof dispatch_rules[0],
};

/* Who acts in a state and which clock of design section 4 runs there. */
struct duty {
    enum owner owner;
    uint32_t clocks;
    bool final;
};

static const struct duty ticket_duties[TICKET_STATE_COUNT] = {
    [TICKET_FILED]      = {OWNER_DISPATCHER, TRIAGE, false},
    [TICKET_DISPATCHED] = {OWNER_UNIT, OVERALL | SIGN | FINISH, false},
    [TICKET_HANDLING]   = {OWNER_UNIT, OVERALL | FINISH | REWORK, false},
    [TICKET_REVIEW]     = {OWNER_DISPATCHER, REVIEW, false},
    [TICKET_RESOLVED]   = {OWNER_ENTERPRISE, EVALUATE | ARCHIVE, false},
    [TICKET_ARCHIVED]   = {OWNER_NONE, 0, true},
    [TICKET_DECLINED]   = {OWNER_NONE, 0, true},
    [TICKET_WITHDRAWN]  = {OWNER_NONE, 0, true},
    [TICKET_MERGED]     = {OWNER_NONE, 0, true},
    [TICKET_SUSPENDED]  = {OWNER_DISPATCHER, SUSPENSION, false},
    [TICKET_MEETING]    = {OWNER_MEETING, MEETING, false},
};

static const struct duty dispatch_duties[DISPATCH_STATE_COUNT] = {
    [DISPATCH_WAITING]      = {OWNER_DISPATCHER, OVERALL, false},
    [DISPATCH_SENT]         = {OWNER_UNIT, SIGN | FINISH, false},
    [DISPATCH_ACCEPTED]     = {OWNER_UNIT, FINISH, false},
    [DISPATCH_RETURN_ASKED] = {OWNER_DISPATCHER, RETURN | FINISH, false},
    [DISPATCH_DONE]         = {OWNER_NONE, 0, true},
    [DISPATCH_RETURNED]     = {OWNER_NONE, 0, true},
    [DISPATCH_TRANSFERRED]  = {OWNER_NONE, 0, true},
    [DISPATCH_CANCELLED]    = {OWNER_NONE, 0, true},
};
/* clang-format on */

enum owner ticket_state_owner(enum ticket_state state)
{
    assert(state < TICKET_STATE_COUNT);
    return ticket_duties[state].owner;
}

uint32_t ticket_state_clocks(enum ticket_state state)
{
    assert(state < TICKET_STATE_COUNT);
    return ticket_duties[state].clocks;
}

bool ticket_state_final(enum ticket_state state)
{
    assert(state < TICKET_STATE_COUNT);
    return ticket_duties[state].final;
}

enum owner dispatch_state_owner(enum dispatch_state state)
{
    assert(state < DISPATCH_STATE_COUNT);
    return dispatch_duties[state].owner;
}

uint32_t dispatch_state_clocks(enum dispatch_state state)
{
    assert(state < DISPATCH_STATE_COUNT);
    return dispatch_duties[state].clocks;
}

bool dispatch_state_final(enum dispatch_state state)
{
    assert(state < DISPATCH_STATE_COUNT);
    return dispatch_duties[state].final;
}
