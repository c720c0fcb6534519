/* The clocks of the walks' model, and what they do by themselves. */
#include <stddef.h>

#include "property/walk_inside.h"

bool model_late(struct model_due due, instant at)
{
    if (due.at == INSTANT_NONE) {
        return false;
    }
    return due.by_day ? at >= due.at : at > due.at;
}

void model_begin(struct model *m, struct model_clock *c, struct limit limit,
                 struct model_due due, register_id unit)
{
    c->open = true;
    c->paused = false;
    c->start = m->now;
    c->limit = limit;
    c->due = due;
    c->unit = unit;
    c->fired = 0;
    c->turn = 0;
}

void model_start(struct model *m, struct model_clock *clocks,
                 enum clock_kind kind, const struct limit *limit,
                 register_id unit)
{
    struct model_clock *c = &clocks[kind];
    if (c->open) {
        return;
    }
    struct limit l = limit == NULL ? m->rules->limits[kind] : *limit;
    model_begin(m, c, l, m->rules->reckoning.due(m->now, l), unit);
}

static void end(struct model *m, struct model_clock *c, enum how how,
                instant at)
{
    c->stop = c->paused && how != VOIDED ? c->since : at;
    bool late = model_late(c->due, c->stop);
    c->verdict = how == VOIDED    ? VERDICT_VOID
                 : late           ? VERDICT_LATE
                 : how == BY_GOAL ? VERDICT_KEPT
                                  : VERDICT_VOID;
    c->open = false;
    c->paused = false;
    c->ended = m->moves;
}

static void let_go(const struct model *m, struct model_clock *c, instant at)
{
    c->paused = false;
    if (c->due.at != INSTANT_NONE && !model_late(c->due, c->since)) {
        c->due = m->rules->reckoning.resumed(c->limit, c->due, c->since, at);
    }
}

void model_each(struct model *m, struct model_clock *clocks, uint32_t set,
                enum how how, instant at)
{
    for (int kind = 0; kind < CLOCK_KIND_COUNT; kind++) {
        struct model_clock *c = &clocks[kind];
        if ((set >> kind & 1U) == 0 || !c->open) {
            continue;
        }
        if (how == HELD && !c->paused) {
            c->paused = true;
            c->since = at;
        } else if (how == LET_GO && c->paused) {
            let_go(m, c, at);
        } else if (how != HELD && how != LET_GO) {
            end(m, c, how, at);
        }
    }
}

/* -- by itself ------------------------------------------------------------- */

static instant red(struct model_due due)
{
    return due.by_day ? due.at : due.at + 1;
}

/* The budget in seconds: what the limit said, or up to the due it named. */
static int64_t budget(const struct model_clock *c)
{
    switch ((int)c->limit.unit) {
    case LIMIT_H:
        return (int64_t)c->limit.n * 3600;
    case LIMIT_MIN:
        return (int64_t)c->limit.n * 60;
    default:
        return c->due.at - c->start;
    }
}

static instant share_left(const struct model_clock *c, int parts)
{
    return c->due.at <= c->start ? c->start : c->due.at - budget(c) / parts;
}

/* When a step of the regulation comes for a clock, fired or not. */
static instant moment(const struct model *m, enum clock_kind kind,
                      const struct model_clock *c, int step)
{
    static const uint32_t whose[WALK_STEPS] = {
        UINT32_MAX,
        KIND(FINISH),
        KIND(FINISH) | KIND(REWORK),
        KIND(FINISH) | KIND(REWORK) | KIND(OVERALL) | KIND(EXTENSION),
        KIND(FINISH) | KIND(ANSWER),
    };
    const struct reckoning *r = &m->rules->reckoning;
    bool share = step == 0 || step == 4;
    if ((whose[step] >> kind & 1U) == 0 || c->due.at == INSTANT_NONE ||
        (share && !m->rules->shares)) {
        return INSTANT_NONE;
    }
    instant at = red(c->due);
    if (share) {
        at = share_left(c, step == 0 ? 2 : 3);
    } else if (step > 1) {
        at = red(r->extended(c->due, m->rules->later[step - 2]));
    }
    return at < c->start ? c->start : at;
}

instant model_next(const struct model *m, enum clock_kind kind,
                   const struct model_clock *c, int *ret_step)
{
    instant next = INSTANT_NONE;
    *ret_step = 0;
    if (!c->open || c->paused) {
        return next;
    }
    for (int step = 0; step < WALK_STEPS; step++) {
        instant at = (c->fired >> step & 1U) != 0 ? INSTANT_NONE
                                                  : moment(m, kind, c, step);
        if (at != INSTANT_NONE && (next == INSTANT_NONE || at < next)) {
            next = at;
            *ret_step = step;
        }
    }
    bool closes = kind == CLOCK_EVALUATE || kind == CLOCK_ARCHIVE;
    if (closes && c->due.at != INSTANT_NONE &&
        (next == INSTANT_NONE || red(c->due) < next)) {
        next = red(c->due);
        *ret_step = STEP_NEXT_DUE;
    }
    return next;
}

void model_move(struct model *m, enum clock_kind kind, struct model_clock *c,
                struct model_due due)
{
    c->due = due;
    c->turn++;
    for (int step = 0; step < WALK_STEPS; step++) {
        if (moment(m, kind, c, step) > m->now) {
            c->fired &= ~(UINT32_C(1) << step);
        }
    }
}

/* A promise that is broken already stays with who broke it. */
void model_pass_on(const struct model *m, struct model_clock *c,
                   register_id unit)
{
    bool late =
        c->open && c->due.at != INSTANT_NONE && model_late(c->due, m->now);
    c->unit = late ? c->unit : unit;
}
