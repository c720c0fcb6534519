/* Ticket and model, field by field. */
#include <stdio.h>

#include "core/clock.h"
#include "property/walk.h"

static char text[200];

#define SAME(what, got, want)                                                  \
    do {                                                                       \
        if ((int64_t)(got) != (int64_t)(want)) {                               \
            snprintf(text, sizeof text, "%s: %lld, the model says %lld", what, \
                     (long long)(got), (long long)(want));                     \
            return text;                                                       \
        }                                                                      \
    } while (0)

static const struct model_clock *clock_of(const struct model *m,
                                          const struct clock *c)
{
    if (c->dispatch == 0) {
        return &m->clock[c->kind];
    }
    return &m->unit[c->dispatch].clock[c->kind];
}

/* Says which clock it is about. */
static const char *about(const struct clock *c, const char *what)
{
    static char name[80];
    snprintf(name, sizeof name, "%s of %d, %s", clock_kind_name(c->kind),
             (int)c->dispatch, what);
    return name;
}

static const char *compare_open(const struct model *m, const struct clock *c)
{
    const struct model_clock *want = clock_of(m, c);
    int step = 0;
    instant next = model_next(m, c->kind, want, &step);
    SAME(about(c, "open"), 1, want->open);
    SAME(about(c, "start"), c->start, want->start);
    SAME(about(c, "limit's unit"), c->limit.unit, want->limit.unit);
    SAME(about(c, "limit"), c->limit.n, want->limit.n);
    SAME(about(c, "due"), c->due.at, want->due.at);
    SAME(about(c, "due by day"), c->due.at != INSTANT_NONE && c->due.by_day,
         want->due.by_day);
    SAME(about(c, "paused"), c->run == CLOCK_PAUSED, want->paused);
    SAME(about(c, "paused since"), c->paused,
         want->paused ? want->since : INSTANT_NONE);
    SAME(about(c, "unit"), c->unit, want->unit);
    SAME(about(c, "turn"), c->turn, want->turn);
    SAME(about(c, "fired"), c->fired, want->fired);
    SAME(about(c, "next"), c->next, next);
    SAME(about(c, "next step"), c->next_step, step);
    return NULL;
}

static const char *compare_stopped(const struct model *m, const struct clock *c)
{
    const struct model_clock *want = clock_of(m, c);
    SAME(about(c, "stopped now"), m->moves, want->ended);
    SAME(about(c, "stop"), c->stop, want->stop);
    SAME(about(c, "verdict"), c->verdict, want->verdict);
    return NULL;
}

/* Those of the model that are open or were ended by the last move. */
static int count_clocks(const struct model *m, const struct model_clock *clocks)
{
    int n = 0;
    for (int kind = 0; kind < CLOCK_KIND_COUNT; kind++) {
        n += clocks[kind].open ? 1 : 0;
        n += clocks[kind].ended == m->moves ? 1 : 0;
    }
    return n;
}

static const char *compare_clocks(const struct walk *k)
{
    const struct model *m = &k->model;
    int n = count_clocks(m, m->clock);
    for (int i = 1; i <= m->units; i++) {
        n += count_clocks(m, m->unit[i].clock);
    }
    SAME("number of clocks", k->ticket.n_clocks, n);
    for (int32_t i = 0; i < k->ticket.n_clocks; i++) {
        const struct clock *c = &k->ticket.clocks[i];
        const char *differs =
            clock_open(c) ? compare_open(m, c) : compare_stopped(m, c);
        if (differs != NULL) {
            return differs;
        }
    }
    return NULL;
}

static const char *compare_dispatch(const struct model *m,
                                    const struct dispatch *d)
{
    const struct model_unit *u = &m->unit[d->n];
    SAME("dispatch's state", d->state, u->state);
    SAME("dispatch's unit", d->unit, u->unit);
    SAME("dispatch leads", d->kind == DISPATCH_LEAD, u->lead);
    SAME("dispatch's handler", d->handler, u->handler);
    SAME("dispatch has acted", d->acted, u->acted);
    SAME("dispatch's return refused", d->refused > 0, u->refused);
    SAME("dispatch's extensions", d->extensions, u->extensions);
    SAME("extension asked", d->extension.unit, u->wish.unit);
    if (u->wish.unit != LIMIT_NONE) {
        SAME("extension's length", d->extension.n, u->wish.n);
    }
    return NULL;
}

static const char *compare_dispatches(const struct walk *k)
{
    const struct ticket *t = &k->ticket;
    const struct dispatch *lead = ticket_lead(t);
    int open = 0;
    SAME("dispatches made", t->dispatch_last, k->model.units);
    SAME("lead", lead == NULL ? 0 : lead->n, k->model.lead);
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        open += dispatch_state_final(t->dispatches[i].state) ? 0 : 1;
        const char *differs = compare_dispatch(&k->model, &t->dispatches[i]);
        if (differs != NULL) {
            return differs;
        }
    }
    SAME("open dispatches", open, model_open_units(&k->model, 0));
    return NULL;
}

static const char *compare_ticket(const struct walk *k)
{
    const struct ticket *t = &k->ticket;
    const struct model *m = &k->model;
    bool back = m->state == TICKET_MEETING || m->state == TICKET_SUSPENDED;
    SAME("state", t->state, m->state);
    if (back) {
        SAME("state before", t->before, m->before);
    }
    SAME("round", t->round, m->round);
    SAME("flags", t->flags, m->flags);
    SAME("returns", t->returns, m->returns);
    SAME("score", t->score, m->score);
    SAME("solved", t->solved, m->solved);
    SAME("last", t->last, m->now);
    SAME("responded", t->responded, m->responded);
    SAME("resolved", t->resolved, m->resolved);
    SAME("urged", t->urged, m->urged);
    SAME("dispatcher", t->dispatcher, m->dispatcher);
    SAME("merged into", t->merged_into, m->into);
    SAME("against", t->against, m->against);
    SAME("a part", t->parent != 0, m->part);
    SAME("sound", ticket_ok(t), true);
    return NULL;
}

const char *walk_compare(const struct walk *k)
{
    const char *differs = compare_ticket(k);
    differs = differs == NULL ? compare_dispatches(k) : differs;
    return differs == NULL ? compare_clocks(k) : differs;
}
