/* Stories: what is done to one ticket, and what is to come of it, as text. They
 * drive ticket_step() in test_ticket.c and mutated tables in test_mutation.c.
 *
 * A beat is a pair. What is done: "+3h accept d=2": the time since the beat
 * before (an hour if not said; "+90m" in minutes), the event's name, and its
 * fields. "clock" lets the earliest deadline fire at its own moment; "waiting
 * u=30" puts a dispatch there that waits for another step (no event makes one
 * yet).
 *
 * What comes of it: "handling 1 | 1L:accepted | finish1 overall -sign1:kept
 * | EDG" = state and round, dispatches (number, lead or co, state), clocks (own
 * of the ticket or of dispatch n; "=" paused, "-" stopped by this step, with
 * the verdict), who is told. A refusal is "! bad_state". */
#ifndef BIHUAN_TESTS_STORIES_H
#define BIHUAN_TESTS_STORIES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lifecycle.h"

enum {
    STORY_BEATS_MAX = 64,
    SNAPSHOT_SIZE = 2048
};

struct story {
    const char *name;
    bool review;                        /* the regulation has a review stage */
    const char *beats[STORY_BEATS_MAX]; /* pairs, NULL ends */
};

struct story_world {
    const struct lifecycle *lifecycle; /* NULL: ticket_step() itself */
    struct regulation *regulation;
    struct rules rules;
    struct ticket ticket;
    struct outcome out;
    instant now;
};

/* 2026-03-02, a Monday, 09:00 +08:00. */
#define STORY_START ((instant)1772413200)
#define STORY_ID ((ticket_id)20260302000001)

/* Limits in natural hours, so that each moment can be worked out in one's
 * head. */
static const int story_hours[CLOCK_KIND_COUNT] = {
    [CLOCK_SIGN] = 4,     [CLOCK_FINISH] = 48,      [CLOCK_SUPERVISE] = 8,
    [CLOCK_TRIAGE] = 2,   [CLOCK_CONTACT] = 3,      [CLOCK_ANSWER] = 24,
    [CLOCK_OVERALL] = 72, [CLOCK_REVIEW] = 8,       [CLOCK_EVALUATE] = 72,
    [CLOCK_REWORK] = 24,  [CLOCK_SUSPENSION] = 240, [CLOCK_MEETING] = 24,
    [CLOCK_RETURN] = 4,   [CLOCK_EXTENSION] = 4,    [CLOCK_APPEAL] = 24,
    [CLOCK_ARCHIVE] = 48, [CLOCK_SUPPLEMENT] = 40,
};

static inline struct regulation *story_regulation(void)
{
    struct regulation *reg = calloc(1, sizeof *reg);
    if (reg == NULL) {
        abort();
    }
    reg->worktime = worktime_default();
    reg->n_categories = reg->n_urgencies = reg->n_channels = 1;
    for (int kind = 0; kind < CLOCK_KIND_COUNT; kind++) {
        reg->limits[kind][0][0] =
            (struct limit){.n = story_hours[kind], .unit = LIMIT_H};
    }
    reg->co[0][0] = (struct limit){.n = 40, .unit = LIMIT_H};
    reg->lights = (struct lights){3, 1, 3};
    reg->n_steps = 3;
    reg->steps[0] = (struct step){.clocks = UINT32_MAX,
                                  .when = STEP_FRACTION,
                                  .num = 1,
                                  .den = 2,
                                  .does = STEP_TELL_HANDLER};
    reg->steps[1] = (struct step){.clocks = CLOCK_BIT(CLOCK_FINISH),
                                  .when = STEP_RED,
                                  .does = STEP_TELL_SUPERVISOR};
    reg->steps[2] = (struct step){.clocks = CLOCK_BIT(CLOCK_FINISH),
                                  .when = STEP_AFTER_RED,
                                  .after = {.n = 10, .unit = LIMIT_H},
                                  .does = STEP_AGENDA};
    reg->bounds.finish_max = (struct limit){.n = 100, .unit = LIMIT_H};
    reg->bounds.extension_max = (struct limit){.n = 60, .unit = LIMIT_H};
    reg->bounds.extensions = 1;
    reg->bounds.urge_gap_min = 120;
    reg->bounds.score_bad = 2;
    reg->bounds.returns_meeting = 2;
    reg->bounds.rounds_meeting = 3;
    return reg;
}

static inline void story_init(struct story_world *w,
                              const struct calendar *days)
{
    memset(w, 0, sizeof *w);
    w->regulation = story_regulation();
    w->rules = (struct rules){w->regulation, days};
    w->now = STORY_START;
}

static inline void story_done(struct story_world *w)
{
    free(w->regulation);
}

/* -- what is done ---------------------------------------------------------- */

static inline enum event_type story_event_type(const char *word)
{
    for (int i = 0; i < EV_COUNT; i++) {
        if (strcmp(event_name((enum event_type)i), word) == 0) {
            return (enum event_type)i;
        }
    }
    fprintf(stderr, "stories: no event '%s'\n", word);
    abort();
}

static inline void story_field(struct event *ev, const char *word)
{
    int32_t n = (int32_t)strtol(word + strcspn(word, "=") +
                                    (strchr(word, '=') != NULL ? 1 : 0),
                                NULL, 10);
    if (strncmp(word, "d=", 2) == 0) {
        ev->dispatch = n;
    } else if (strncmp(word, "u=", 2) == 0) {
        ev->unit = n;
    } else if (strcmp(word, "co") == 0) {
        ev->kind = DISPATCH_CO;
    } else if (strncmp(word, "limit=", 6) == 0) {
        ev->has_limit = true;
        if (limit_parse_any(word + 6, strlen(word + 6), &ev->limit) != OK) {
            abort();
        }
    } else if (strncmp(word, "score=", 6) == 0) {
        ev->score = n;
        ev->solved = true;
    } else if (strcmp(word, "unsolved") == 0) {
        ev->solved = false;
    } else if (strcmp(word, "fault=unit") == 0) {
        ev->fault = FAULT_UNIT;
    } else if (strcmp(word, "fault=dispatcher") == 0) {
        ev->fault = FAULT_DISPATCHER;
    } else if (strncmp(word, "person=", 7) == 0) {
        ev->person = n;
    } else if (strncmp(word, "to=", 3) == 0) {
        ev->dispatcher = n;
    } else if (strncmp(word, "into=", 5) == 0) {
        ev->into = n;
    } else if (strncmp(word, "against=", 8) == 0) {
        ev->against = n;
    } else if (strncmp(word, "parent=", 7) == 0) {
        ev->parent = n;
    } else if (strcmp(word, "confidential") == 0) {
        ev->confidential = true;
    } else if (strncmp(word, "clock=", 6) == 0) {
        ev->clock = n;
    } else if (strncmp(word, "step=", 5) == 0) {
        ev->step = n;
    } else if (strcmp(word, "special") == 0) {
        ev->special = true;
    } else if (strcmp(word, "imported") == 0) {
        ev->imported = true;
    } else {
        fprintf(stderr, "stories: no field '%s'\n", word);
        abort();
    }
}

static inline struct event story_event(struct story_world *w, const char *does)
{
    struct event ev = {.id = STORY_ID,
                       .enterprise = 7,
                       .dispatcher = 5,
                       .person = 41,
                       .into = STORY_ID + 1};
    char word[64];
    bool named = false;
    long seconds = 3600;
    for (int used = 0; sscanf(does, "%63s%n", word, &used) == 1; does += used) {
        if (word[0] == '+') {
            seconds = strtol(word + 1, NULL, 10) *
                      (word[strlen(word) - 1] == 'm' ? 60 : 3600);
        } else if (!named) {
            ev.type = story_event_type(word);
            named = true;
        } else {
            story_field(&ev, word);
        }
    }
    w->now += seconds;
    ev.at = w->now;
    return ev;
}

static inline enum err story_waiting(struct story_world *w, const char *does)
{
    struct ticket *t = &w->ticket;
    t->dispatches[t->n_dispatches++] = (struct dispatch){
        .n = ++t->dispatch_last,
        .unit = strtol(strchr(does, '=') + 1, NULL, 10),
        .kind = DISPATCH_CO,
        .state = DISPATCH_WAITING,
        .before_ask = DISPATCH_WAITING,
        .round = t->round,
        .sent = INSTANT_NONE,
        .accepted = INSTANT_NONE,
        .asked = INSTANT_NONE,
        .decided = INSTANT_NONE,
        .done = INSTANT_NONE,
        .extension = {.unit = LIMIT_NONE},
    };
    w->out = (struct outcome){.after = *t};
    return OK;
}

/* Does one beat; the ticket moves on if it is not refused. */
static inline enum err story_do(struct story_world *w, const char *does)
{
    if (strncmp(does, "waiting", 7) == 0) {
        return story_waiting(w, does);
    }
    struct event ev;
    if (strcmp(does, "clock") == 0) {
        int32_t n = 0;
        if (ticket_next(&w->ticket, &n) == INSTANT_NONE) {
            return ERR_NOT_FOUND;
        }
        ev = ticket_next_event(&w->ticket, n);
        w->now = ev.at;
    } else {
        ev = story_event(w, does);
    }
    enum err err =
        w->lifecycle == NULL
            ? ticket_step(&w->rules, &w->ticket, &ev, &w->out)
            : lifecycle_step(w->lifecycle, &w->rules, &w->ticket, &ev, &w->out);
    if (err == OK) {
        w->ticket = w->out.after;
    }
    return err;
}

/* -- what comes of it ------------------------------------------------------ */

static inline void story_put(char out[SNAPSHOT_SIZE], const char *format,
                             const char *text, int n)
{
    size_t len = strlen(out);
    if (strcmp(format, "%s") == 0) {
        snprintf(out + len, SNAPSHOT_SIZE - len, "%s", text);
    } else {
        snprintf(out + len, SNAPSHOT_SIZE - len, "%s%d", text, n);
    }
}

static inline void story_put_clock(char out[SNAPSHOT_SIZE],
                                   const struct clock *c)
{
    static const char *const verdicts[] = {"open", "kept", "late", "void"};
    story_put(out, "%s", c->run == CLOCK_STOPPED ? " -" : " ", 0);
    story_put(out, "%s", clock_kind_name(c->kind), 0);
    if (c->dispatch != 0) {
        story_put(out, "n", "", c->dispatch);
    }
    if (c->run == CLOCK_PAUSED) {
        story_put(out, "%s", "=", 0);
    } else if (c->run == CLOCK_STOPPED) {
        story_put(out, "%s", ":", 0);
        story_put(out, "%s", verdicts[c->verdict], 0);
    }
}

static inline void story_snapshot(const struct story_world *w, enum err err,
                                  char out[SNAPSHOT_SIZE])
{
    static const char letters[] = "EDULAGS"; /* order of enum tell */
    const struct ticket *t = &w->ticket;
    out[0] = '\0';
    if (err != OK) {
        story_put(out, "%s", "! ", 0);
        story_put(out, "%s", err_name(err), 0);
        return;
    }
    story_put(out, "%s", ticket_state_name(t->state), 0);
    story_put(out, "n", " ", t->round);
    story_put(out, "%s", " |", 0);
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        story_put(out, "n", " ", d->n);
        story_put(out, "%s", d->kind == DISPATCH_LEAD ? "L:" : "C:", 0);
        story_put(out, "%s", dispatch_state_name(d->state), 0);
    }
    story_put(out, "%s", " |", 0);
    for (int32_t i = 0; i < t->n_clocks; i++) {
        story_put_clock(out, &t->clocks[i]);
    }
    story_put(out, "%s", " | ", 0);
    for (int i = 0; letters[i] != '\0'; i++) {
        char letter[2] = {letters[i], '\0'};
        story_put(out, "%s", (w->out.tell >> i & 1U) != 0 ? letter : "", 0);
    }
}

/* Tells a story; true if all comes as it should. `loud`: say what did not. */
static inline bool story_tell(const struct story *story,
                              const struct lifecycle *tables,
                              const struct calendar *days, bool loud)
{
    struct story_world w;
    char got[SNAPSHOT_SIZE];
    bool right = true;
    story_init(&w, days);
    w.lifecycle = tables;
    w.regulation->review = story->review;
    for (int i = 0; story->beats[i] != NULL && right; i += 2) {
        enum err err = story_do(&w, story->beats[i]);
        story_snapshot(&w, err, got);
        right = strcmp(got, story->beats[i + 1]) == 0;
        if (!right && loud) {
            fprintf(stderr, "%s, '%s':\n  want %s\n  got  %s\n", story->name,
                    story->beats[i], story->beats[i + 1], got);
        }
    }
    story_done(&w);
    return right;
}

#endif
