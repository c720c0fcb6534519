/* One step of the random walk: see walk.h. */
#include "property/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "property/walk_inside.h"

/* -- the same rules, in a regulation ----------------------------------------
 */

static void set_steps(const struct model_rules *rules, struct regulation *reg)
{
    uint32_t shares = rules->shares ? UINT32_MAX : 0U;
    uint32_t late = KIND(FINISH) | KIND(REWORK);
    reg->n_steps = WALK_STEPS;
    reg->steps[0] = (struct step){.clocks = shares,
                                  .when = STEP_FRACTION,
                                  .num = 1,
                                  .den = 2,
                                  .does = STEP_TELL_HANDLER};
    reg->steps[1] = (struct step){
        .clocks = KIND(FINISH), .when = STEP_RED, .does = STEP_TELL_SUPERVISOR};
    reg->steps[2] = (struct step){.clocks = late,
                                  .when = STEP_AFTER_RED,
                                  .after = rules->later[0],
                                  .does = STEP_AGENDA};
    reg->steps[3] =
        (struct step){.clocks = late | KIND(OVERALL) | KIND(EXTENSION),
                      .when = STEP_AFTER_RED,
                      .after = rules->later[1],
                      .does = STEP_SUPERVISE};
    reg->steps[4] =
        (struct step){.clocks = shares & (KIND(FINISH) | KIND(ANSWER)),
                      .when = STEP_YELLOW,
                      .does = STEP_URGE};
}

static struct regulation *make_regulation(const struct walk_kind *kind)
{
    const struct model_rules *rules = &kind->rules;
    struct regulation *reg = calloc(1, sizeof *reg);
    assert_non_null(reg);
    reg->worktime = kind->worktime;
    reg->n_categories = reg->n_urgencies = reg->n_channels = 1;
    for (int clock = 0; clock < CLOCK_KIND_COUNT; clock++) {
        reg->limits[clock][0][0] = rules->limits[clock];
    }
    reg->co[0][0] = rules->co;
    reg->lights = (struct lights){1000, 1, 3}; /* so that a third decides */
    set_steps(rules, reg);
    reg->bounds = (struct bounds){
        .finish_max = rules->finish_max,
        .extension_max = rules->extension_max,
        .extensions = rules->extensions,
        .returns_meeting = rules->returns_meeting,
        .rounds_meeting = rules->rounds_meeting,
        .urge_gap_min = rules->urge_gap_min,
        .score_bad = rules->score_bad,
    };
    return reg;
}

/* -- what is told when it goes wrong ----------------------------------------
 */

static void remember(struct walk *k, const struct event *ev, const char *what)
{
    char limit[LIMIT_TEXT_SIZE] = "";
    char at[INSTANT_TEXT_SIZE];
    if (ev->has_limit) {
        limit_format(ev->limit, limit);
    }
    snprintf(k->history[k->told % WALK_HISTORY], sizeof k->history[0],
             "%s %s d=%d%s u=%d %s%s%s clock=%d/%d: %s",
             instant_format(ev->at, at), event_name(ev->type), ev->dispatch,
             ev->kind == DISPATCH_CO ? " co" : "", (int)ev->unit, limit,
             ev->special ? " special" : "", ev->imported ? " imported" : "",
             ev->clock, ev->step, what);
    k->told++;
}

static void give_up(const struct walk *k, const char *why)
{
    int first = k->told > WALK_HISTORY ? k->told - WALK_HISTORY : 0;
    printf("the ticket so far:\n");
    for (int i = first; i < k->told; i++) {
        printf("  %s\n", k->history[i % WALK_HISTORY]);
    }
    printf("event %ld: %s\n", k->event, why);
    fflush(stdout);
    fail();
}

static void must_agree(const struct walk *k)
{
    const char *differs = walk_compare(k);
    if (differs != NULL) {
        give_up(k, differs);
    }
}

/* -- a ticket -------------------------------------------------------------- */

static void new_model(struct walk *k, const struct event *ev)
{
    uint32_t flags = ev->confidential ? TICKET_CONFIDENTIAL : 0U;
    k->model = (struct model){.rules = &k->rules,
                              .moves = 1,
                              .now = ev->at,
                              .state = TICKET_FILED,
                              .round = 1,
                              .flags = flags,
                              .enterprise = ev->enterprise,
                              .dispatcher = ev->dispatcher,
                              .against = ev->against,
                              .part = ev->parent != 0,
                              .id = ev->id,
                              .responded = INSTANT_NONE,
                              .resolved = INSTANT_NONE,
                              .urged = INSTANT_NONE};
    model_start(&k->model, k->model.clock, CLOCK_TRIAGE, NULL, ev->dispatcher);
}

static void file_one(struct walk *k)
{
    static const struct ticket none;
    instant span = k->kind->end - k->kind->first;
    if (k->now < k->kind->first || k->now > k->kind->end) {
        k->now = k->kind->first + (instant)(walk_any(UINT32_MAX >> 1) % span);
        k->now -= k->now % k->kind->tick;
    }
    k->rules.review = walk_any(2) == 0;
    k->regulation->review = k->rules.review;
    k->told = 0;
    struct event ev = walk_file(k);
    remember(k, &ev, "ok");
    k->ticket = none;
    assert_int_equal(ticket_step(&k->core, &k->ticket, &ev, &k->out), OK);
    new_model(k, &ev);
    walk_cover(k, &k->ticket, &ev);
    k->ticket = k->out.after;
    must_agree(k);
    k->tickets++;
}

void walk_begin(struct walk *k, const struct walk_kind *kind,
                const struct calendar *calendar)
{
    memset(k, 0, sizeof *k);
    k->kind = kind;
    k->rules = kind->rules;
    k->regulation = make_regulation(kind);
    k->core = (struct rules){k->regulation, calendar};
    k->now = kind->first;
    file_one(k);
}

void walk_end(struct walk *k)
{
    free(k->regulation);
}

/* -- what the clock asks for ----------------------------------------------- */

static const struct clock *clock_numbered(const struct ticket *t, int32_t n)
{
    const struct clock *c = t->clocks;
    while (c->n != n) {
        c++;
    }
    return c;
}

/* A deadline that comes twice changes nothing. */
static void once_more(struct walk *k, const struct event *ev)
{
    struct outcome out;
    enum err err = ticket_step(&k->core, &k->ticket, ev, &out);
    if (err != ERR_BAD_STATE) {
        give_up(k, "a deadline came twice and was not refused");
    }
}

static void fire(struct walk *k, int32_t n, bool late)
{
    const struct clock *c = clock_numbered(&k->ticket, n);
    struct event ev = ticket_next_event(&k->ticket, n);
    struct ticket before = k->ticket;
    if (ev.at < c->next || ev.at > k->now) {
        give_up(k, "a deadline's event is not at its moment");
    }
    ev.at = late ? k->now : ev.at;
    int step = c->next_step;
    enum err err = ticket_step(&k->core, &k->ticket, &ev, &k->out);
    remember(k, &ev, err_name(err));
    if (err != OK) {
        give_up(k, "a deadline was refused");
    }
    model_fire(&k->model, c->kind, c->dispatch, step, ev.at);
    k->ticket = k->out.after;
    walk_cover(k, &before, &ev);
    must_agree(k);
    k->fired++;
    if (walk_any(16) == 0) {
        once_more(k, &ev);
    }
}

/* Everything that is due by now fires, the earliest first, at its moment or
 * (after downtime) only now. */
static void fire_due(struct walk *k)
{
    bool late = k->kind->tick > 1 || walk_any(3) == 0;
    int32_t n = 0;
    instant next = ticket_next(&k->ticket, &n);
    while (next != INSTANT_NONE && next <= k->now) {
        fire(k, n, late);
        next = ticket_next(&k->ticket, &n);
    }
}

/* -- one event ------------------------------------------------------------- */

static void try_one(struct walk *k)
{
    struct event ev = walk_event(k);
    reasons why = model_step(&k->model, &ev);
    enum err err = ticket_step(&k->core, &k->ticket, &ev, &k->out);
    remember(k, &ev, err_name(err));
    bool agreed = err == OK ? why == 0 : (why >> err & 1U) != 0 || (why & NO);
    if (!agreed) {
        give_up(k, err == OK  ? "the model refuses it"
                   : why == 0 ? "the model accepts it"
                              : "the model refuses it for another reason");
    }
    if (err == OK) {
        struct ticket before = k->ticket;
        k->ticket = k->out.after;
        walk_cover(k, &before, &ev);
        k->accepted++;
        k->by_type[ev.type]++;
    } else {
        k->refused++;
    }
    must_agree(k);
}

void walk_on(struct walk *k)
{
    bool over = ticket_state_final(k->model.state) && walk_any(3) == 0;
    k->event++;
    k->now = walk_time(k);
    bool old = k->model.units > UNITS_MAX - 3 || k->model.round > 95;
    if (over || (old && walk_any(20) == 0) || k->now >= k->kind->end) {
        file_one(k);
    }
    if (walk_any(6) != 0) { /* else it is down just now */
        fire_due(k);
    }
    try_one(k);
}
