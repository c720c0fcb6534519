/* Arithmetic of one clock: see clock.h. */
#include "core/clock.h"

#include <assert.h>

bool clock_open(const struct clock *c)
{
    return c->run != CLOCK_STOPPED;
}

static instant due_red(struct due due)
{
    if (due.at == INSTANT_NONE) {
        return INSTANT_NONE;
    }
    return due.by_day ? due.at : due.at + 1;
}

instant clock_red(const struct clock *c)
{
    return due_red(c->due);
}

static struct run run_of(const struct clock *c)
{
    return (struct run){.from = c->start, .limit = c->limit, .due = c->due};
}

/* A due that an import set at or before its start leaves no budget to share
 * out: every part of it is used at once. */
static bool no_budget(const struct clock *c)
{
    return c->due.at <= c->start;
}

static instant yellow_at(const struct rules *rules, const struct clock *c)
{
    if (c->due.at == INSTANT_NONE) {
        return INSTANT_NONE;
    }
    if (no_budget(c)) {
        return c->start;
    }
    const struct regulation *reg = rules->regulation;
    struct run run = run_of(c);
    struct ratio part = {reg->lights.yellow_num, reg->lights.yellow_den};
    return calendar_yellow(rules->calendar, &reg->worktime, &run,
                           reg->lights.yellow_wd, part);
}

static instant fraction_at(const struct rules *rules, const struct clock *c,
                           struct ratio part)
{
    if (no_budget(c)) {
        return c->start;
    }
    struct run run = run_of(c);
    return calendar_fraction(rules->calendar, &rules->regulation->worktime,
                             &run, part);
}

/* "Red + 2 wd" is counted on from the old due. A moment that the calendar does
 * not reach never comes. */
static instant after_red_at(const struct rules *rules, const struct clock *c,
                            struct limit after)
{
    struct due due;
    enum err err = calendar_extend(
        rules->calendar, &rules->regulation->worktime, c->due, after, &due);
    return err == OK ? due_red(due) : INSTANT_NONE;
}

static instant step_at(const struct rules *rules, const struct clock *c,
                       const struct step *step)
{
    if (c->due.at == INSTANT_NONE) {
        return INSTANT_NONE;
    }
    switch (step->when) {
    case STEP_FRACTION:
        return fraction_at(rules, c, (struct ratio){step->num, step->den});
    case STEP_YELLOW:
        return c->yellow;
    case STEP_RED:
        return clock_red(c);
    case STEP_AFTER_RED:
        break;
    }
    return after_red_at(rules, c, step->after);
}

/* Takes (at, step) if it comes before what stands in `next`. The steps are
 * offered by index and the due last, so the earlier one wins a tie. */
static void offer(struct clock *c, instant at, int32_t step)
{
    if (at == INSTANT_NONE) {
        return;
    }
    if (at < c->start) {
        at = c->start; /* a due that history set before its start */
    }
    if (c->next == INSTANT_NONE || at < c->next) {
        c->next = at;
        c->next_step = step;
    }
}

static bool acts_at_due(const struct clock *c)
{
    return c->kind == CLOCK_EVALUATE || c->kind == CLOCK_ARCHIVE;
}

void clock_schedule(const struct rules *rules, struct clock *c)
{
    const struct regulation *reg = rules->regulation;
    c->next = INSTANT_NONE;
    c->next_step = 0;
    for (int32_t i = 0; i < reg->n_steps; i++) {
        const struct step *step = &reg->steps[i];
        bool mine = (step->clocks >> c->kind & 1U) != 0;
        bool fired = (c->fired >> i & 1U) != 0;
        if (mine && !fired) {
            offer(c, step_at(rules, c, step), i);
        }
    }
    if (acts_at_due(c)) {
        offer(c, clock_red(c), STEP_NEXT_DUE);
    }
}

enum err clock_reckon(const struct rules *rules, struct clock *c)
{
    assert(c->run == CLOCK_RUNNING);
    enum err err = calendar_due(rules->calendar, &rules->regulation->worktime,
                                c->start, c->limit, &c->due);
    if (err == OK) {
        c->yellow = yellow_at(rules, c);
        clock_schedule(rules, c);
    }
    return err;
}

void clock_start(const struct rules *rules, struct clock *c, struct due due)
{
    c->run = CLOCK_RUNNING;
    c->paused = INSTANT_NONE;
    c->stop = INSTANT_NONE;
    c->verdict = VERDICT_OPEN;
    c->fired = 0;
    c->turn = 0;
    c->due = due;
    c->yellow = yellow_at(rules, c);
    clock_schedule(rules, c);
}

/* Forgets of the steps that have fired those that now lie ahead. */
static void let_fire_again(const struct rules *rules, struct clock *c,
                           instant at)
{
    const struct regulation *reg = rules->regulation;
    for (int32_t i = 0; i < reg->n_steps; i++) {
        uint32_t bit = UINT32_C(1) << i;
        if ((c->fired & bit) != 0 && step_at(rules, c, &reg->steps[i]) > at) {
            c->fired &= ~bit;
        }
    }
}

void clock_extend(const struct rules *rules, struct clock *c, struct due due,
                  instant at)
{
    assert(clock_open(c));
    c->due = due;
    c->turn++;
    c->yellow = yellow_at(rules, c);
    let_fire_again(rules, c, at);
    if (c->run == CLOCK_RUNNING) {
        clock_schedule(rules, c);
    }
}

static void end(struct clock *c, instant at, enum verdict verdict)
{
    assert(clock_open(c));
    c->run = CLOCK_STOPPED;
    c->stop = at;
    c->verdict = verdict;
    c->paused = INSTANT_NONE;
    c->next = INSTANT_NONE;
    c->next_step = 0;
}

void clock_stop(struct clock *c, instant at)
{
    instant stop = c->run == CLOCK_PAUSED ? c->paused : at;
    end(c, stop, due_late(c->due, stop) ? VERDICT_LATE : VERDICT_KEPT);
}

void clock_void(struct clock *c, instant at)
{
    end(c, at, VERDICT_VOID);
}

void clock_drop(struct clock *c, instant at)
{
    instant stop = c->run == CLOCK_PAUSED ? c->paused : at;
    end(c, stop, due_late(c->due, stop) ? VERDICT_LATE : VERDICT_VOID);
}

void clock_pause(struct clock *c, instant at)
{
    assert(c->run == CLOCK_RUNNING);
    c->run = CLOCK_PAUSED;
    c->paused = at;
    c->next = INSTANT_NONE;
    c->next_step = 0;
}

enum err clock_resume(const struct rules *rules, struct clock *c, instant at)
{
    assert(c->run == CLOCK_PAUSED && at >= c->paused);
    if (c->due.at != INSTANT_NONE && !due_late(c->due, c->paused)) {
        struct pause pause = {.suspended_at = c->paused, .resumed_at = at};
        enum err err =
            calendar_resume_due(rules->calendar, &rules->regulation->worktime,
                                c->limit, c->due, pause, &c->due);
        if (err != OK) {
            return err;
        }
    }
    c->run = CLOCK_RUNNING;
    c->paused = INSTANT_NONE;
    c->yellow = yellow_at(rules, c);
    clock_schedule(rules, c);
    return OK;
}

void clock_fired(const struct rules *rules, struct clock *c)
{
    assert(c->run == CLOCK_RUNNING && c->next_step < STEP_NEXT_DUE);
    c->fired |= UINT32_C(1) << c->next_step;
    clock_schedule(rules, c);
}

enum light clock_light(const struct clock *c, instant at)
{
    if (c->run == CLOCK_STOPPED) {
        return LIGHT_NONE;
    }
    if (c->run == CLOCK_PAUSED) {
        return LIGHT_GREY;
    }
    if (c->due.at == INSTANT_NONE) {
        return LIGHT_GREEN;
    }
    if (due_late(c->due, at)) {
        return LIGHT_RED;
    }
    return at >= c->yellow ? LIGHT_YELLOW : LIGHT_GREEN;
}
