/* Regulation (办理规程): the versioned, effective-dated data that sets limits,
 * lights, escalation, bounds and weights. A ticket keeps the version that was
 * in force when it was filed. This is the decoded form: JSON is read in
 * proto/regulation_json.c, and docs/regulation.md explains it field by field.
 *
 * An open value: no pointers, copied freely, about 40 KB. */
#ifndef BIHUAN_CORE_REGULATION_H
#define BIHUAN_CORE_REGULATION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/calendar.h"
#include "core/limit.h"
#include "core/limits.h"

/* Every clock of the product; see docs/regulation.md for what each runs from
 * and to. The order is stored: append only. */
/* clang-format off */
#define CLOCK_MAP(X)                                                          \
    X(SIGN,       "sign",       "签收")   /* dispatch: sent -> accepted    */ \
    X(FINISH,     "finish",     "办结")   /* dispatch: sent -> done        */ \
    X(SUPERVISE,  "supervise",  "督办")   /* dispatch: order -> its answer */ \
    X(TRIAGE,     "triage",     "受理")   /* ticket: filed -> dispatched   */ \
    X(CONTACT,    "contact",    "联系")   /* ticket: -> first contact      */ \
    X(ANSWER,     "answer",     "答复")   /* ticket: -> first answer       */ \
    X(OVERALL,    "overall",    "总办结") /* ticket: -> resolved, all hops */ \
    X(REVIEW,     "review",     "审核")   /* ticket: in review             */ \
    X(EVALUATE,   "evaluate",   "评价")   /* ticket: resolved -> score     */ \
    X(REWORK,     "rework",     "重办")   /* ticket: each later round      */ \
    X(SUSPENSION, "suspension", "挂起")   /* ticket: suspended -> review   */ \
    X(MEETING,    "meeting",    "会商")   /* ticket: in meeting            */ \
    X(RETURN,     "return",     "退单审定") /* dispatcher: asked -> decided */ \
    X(EXTENSION,  "extension",  "延期审批") /* dispatcher: asked -> decided */ \
    X(APPEAL,     "appeal",     "申诉")   /* dispatcher: asked -> decided  */ \
    X(ARCHIVE,    "archive",    "归档")   /* ticket: score, silence -> archived */ \
    X(SUPPLEMENT, "supplement", "补充材料") /* enterprise: asked -> given  */
/* clang-format on */

enum clock_kind {
#define X(id, name, zh) CLOCK_##id,
    CLOCK_MAP(X)
#undef X
    CLOCK_KIND_COUNT
};

const char *clock_kind_name(enum clock_kind kind);

/* A named choice: its stable code and what people read. */
struct choice {
    char code[CODE_SIZE];
    char zh[NAME_SIZE];
    char en[NAME_SIZE];
};

/* What an escalation step waits for, and what it then does. It never changes
 * a state. */
enum step_when {
    STEP_FRACTION,  /* num/den of the budget is used */
    STEP_YELLOW,    /* the light turns yellow */
    STEP_RED,       /* the light turns red */
    STEP_AFTER_RED, /* `after` later than due, counted like any limit */
};
/* The order is stored: append only. */
/* clang-format off */
#define STEP_DOES_MAP(X)                                                      \
    X(TELL_HANDLER,    "tell_handler")                                        \
    X(URGE,            "urge")                                                \
    X(TELL_SUPERVISOR, "tell_supervisor")                                     \
    X(SUPERVISE,       "supervise")                                           \
    X(AGENDA,          "agenda")
/* clang-format on */
enum step_does {
#define X(id, name) STEP_##id,
    STEP_DOES_MAP(X)
#undef X
    STEP_DOES_COUNT
};
const char *step_does_name(enum step_does does);
struct step {
    uint32_t clocks; /* bit 1 << enum clock_kind */
    enum step_when when;
    int32_t num;
    int32_t den;
    struct limit after;
    enum step_does does;
};

struct lights {
    int32_t yellow_wd;  /* yellow when what is left <= yellow_wd ... */
    int32_t yellow_num; /* ... and <= num/den of the budget */
    int32_t yellow_den;
};

/* What nobody may exceed without an individual plan. */
struct bounds {
    struct limit finish_max;    /* a dispatch's own finish limit */
    struct limit extension_max; /* one extension */
    int32_t extensions;         /* how many a dispatch may have */
    int32_t returns_meeting;    /* so many granted returns: meeting agenda */
    int32_t rounds_meeting;     /* so many rounds: meeting agenda */
    int32_t urge_gap_min;       /* minutes between two urges */
    int32_t score_bad;          /* scores 1..5; <= this is bad */
};

struct weight {
    char rate[CODE_SIZE]; /* response, solved, satisfied, on_time, ... */
    int32_t percent;
};

struct regulation {
    int32_t version;              /* given by the store; 0 = not stored */
    char name[NAME_SIZE];         /* e.g. 临澜县涉企诉求办理规程 */
    char source[TEXT_SHORT_SIZE]; /* the paper that set it */
    instant effective;
    struct worktime worktime; /* segments and start rule */

    int32_t n_categories;
    struct choice categories[CATEGORIES_MAX];
    int32_t n_urgencies;
    struct choice urgencies[URGENCIES_MAX]; /* the first is the default */
    int32_t n_channels;                     /* M2: six */
    struct choice channels[CHANNELS_MAX];

    /* limit per clock x category x urgency, every cell filled */
    struct limit limits[CLOCK_KIND_COUNT][CATEGORIES_MAX][URGENCIES_MAX];

    /* finish limit of a co dispatch, never later than the lead's; an absent
     * one is the finish limit */
    struct limit co[CATEGORIES_MAX][URGENCIES_MAX];

    struct lights lights;
    int32_t n_steps;
    struct step steps[STEPS_MAX];
    struct bounds bounds;
    int32_t n_weights;
    struct weight weights[WEIGHTS_MAX];
    bool review;            /* is there a review stage */
    bool silence_satisfied; /* does silence count as satisfied */
};

/* Index of a code, or -1. */
int32_t regulation_category(const struct regulation *reg, const char *code);
int32_t regulation_urgency(const struct regulation *reg, const char *code);
int32_t regulation_channel(const struct regulation *reg, const char *code);

#endif
