/* The random walk itself, for test_walk.c (natural hours) and test_walk_days.c
 * (working days): beside struct ticket goes the model of walk_model.h, and
 * after each event the two are compared.
 *
 *   walk.c           one step: time, deadlines, an event, the comparison
 *   walk_chance.c    what is proposed, legal or not
 *   walk_compare.c   ticket and model, field by field
 *   walk_cover.c     which rows of the two tables were taken
 *
 * A failure prints the seed, the number of the event and what came before. */
#ifndef BIHUAN_TESTS_WALK_H
#define BIHUAN_TESTS_WALK_H

#include "core/lifecycle.h"
#include "property/walk_model.h"

enum {
    WALK_HISTORY = 60,
    WALK_UNITS_OPEN = 7,
};

/* One kind of walk. */
struct walk_kind {
    struct model_rules rules;
    struct worktime worktime;
    instant first; /* tickets are filed from here */
    instant end;   /* and left before here */
    int tick;      /* seconds: all times but a deadline's are multiples */
    /* a limit of somebody's own, to begin at `from` */
    struct limit (*limit)(instant from);
};

struct walk {
    const struct walk_kind *kind;
    struct model_rules rules; /* the kind's; `review` changes by ticket */
    struct regulation *regulation;
    struct rules core;
    struct ticket ticket;
    struct outcome out;
    struct model model;
    instant now;
    long event;
    long accepted;
    long refused;
    long fired;
    long tickets;
    long by_type[EV_COUNT]; /* accepted ones */
    char history[WALK_HISTORY][120];
    int told;
};

void walk_begin(struct walk *k, const struct walk_kind *kind,
                const struct calendar *calendar);
void walk_end(struct walk *k);
/* Some time passes, what is due fires, one event is tried. */
void walk_on(struct walk *k);

/* WALK_SEED, printed; any(n): 0 to n - 1. */
void walk_seed(void);
uint32_t walk_any(uint32_t below);
long walk_setting(const char *name, long otherwise);

struct event walk_event(const struct walk *k);
struct event walk_file(const struct walk *k);
instant walk_time(const struct walk *k);

/* What differs, NULL if nothing does. */
const char *walk_compare(const struct walk *k);

/* Counts the rows that the step from `before` to k->out took. */
void walk_cover(const struct walk *k, const struct ticket *before,
                const struct event *ev);
/* Prints the rows seldom taken; how many were never, but for those that cannot
 * be. */
int walk_cover_report(void);

#endif
