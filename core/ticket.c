/* What one can ask of a ticket: names, its parts, what is next, its light. */
#include "core/ticket.h"

#include <assert.h>

#include "core/clock.h"

static const char *const ticket_state_names[TICKET_STATE_COUNT] = {
#define X(id, name, zh) [TICKET_##id] = name,
    TICKET_STATE_MAP(X)
#undef X
};
static const char *const dispatch_state_names[DISPATCH_STATE_COUNT] = {
#define X(id, name, zh) [DISPATCH_##id] = name,
    DISPATCH_STATE_MAP(X)
#undef X
};
static const char *const event_names[EV_COUNT] = {
#define X(id, name, zh) [EV_##id] = name,
    EVENT_MAP(X)
#undef X
};
static const char *const light_names[] = {
    [LIGHT_NONE] = "none", [LIGHT_GREEN] = "green", [LIGHT_YELLOW] = "yellow",
    [LIGHT_RED] = "red",   [LIGHT_GREY] = "grey",
};

const char *ticket_state_name(enum ticket_state state)
{
    assert(state < TICKET_STATE_COUNT);
    return ticket_state_names[state];
}

const char *dispatch_state_name(enum dispatch_state state)
{
    assert(state < DISPATCH_STATE_COUNT);
    return dispatch_state_names[state];
}

const char *event_name(enum event_type type)
{
    assert(type < EV_COUNT);
    return event_names[type];
}

const char *light_name(enum light light)
{
    assert(light <= LIGHT_GREY);
    return light_names[light];
}

bool event_sends(enum event_type type)
{
    return type == EV_DISPATCH || type == EV_TRANSFER ||
           type == EV_MEET_DISPATCH;
}

bool dispatch_at_work(const struct dispatch *d)
{
    return d->state == DISPATCH_SENT || d->state == DISPATCH_ACCEPTED ||
           d->state == DISPATCH_RETURN_ASKED;
}

/* One whose work was not taken away. */
static bool stands(const struct dispatch *d)
{
    return dispatch_at_work(d) || d->state == DISPATCH_DONE;
}

const struct dispatch *ticket_lead(const struct ticket *t)
{
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (d->kind == DISPATCH_LEAD && d->round == t->round && stands(d)) {
            return d;
        }
    }
    return NULL;
}

const struct dispatch *ticket_dispatch(const struct ticket *t, int32_t n)
{
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        if (t->dispatches[i].n == n) {
            return &t->dispatches[i];
        }
    }
    return NULL;
}

const struct clock *ticket_clock(const struct ticket *t, enum clock_kind kind,
                                 int32_t dispatch)
{
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (c->kind == kind && c->dispatch == dispatch && clock_open(c)) {
            return c;
        }
    }
    return NULL;
}

static const struct clock *clock_by_number(const struct ticket *t, int32_t n)
{
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (t->clocks[i].n == n) {
            return &t->clocks[i];
        }
    }
    return NULL;
}

instant ticket_next(const struct ticket *t, int32_t *ret_clock)
{
    instant next = INSTANT_NONE;
    *ret_clock = 0;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        if (c->next != INSTANT_NONE &&
            (next == INSTANT_NONE || c->next < next)) {
            next = c->next;
            *ret_clock = c->n;
        }
    }
    return next;
}

struct event ticket_next_event(const struct ticket *t, int32_t n)
{
    const struct clock *c = clock_by_number(t, n);
    assert(c != NULL && c->next != INSTANT_NONE);
    struct event ev = {.type = EV_ESCALATE, .clock = n, .step = c->next_step};
    ev.at = c->next > t->last ? c->next : t->last;
    ev.imported = (t->flags & TICKET_IMPORTED) != 0;
    if (c->next_step == STEP_NEXT_DUE) {
        ev.type = c->kind == CLOCK_EVALUATE ? EV_SILENCE : EV_ARCHIVE;
    }
    return ev;
}

enum light ticket_light(const struct ticket *t, instant at)
{
    static const int rank[] = {
        [LIGHT_NONE] = 0,   [LIGHT_GREEN] = 1, [LIGHT_GREY] = 2,
        [LIGHT_YELLOW] = 3, [LIGHT_RED] = 4,
    };
    enum light worst = LIGHT_NONE;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        enum light light = clock_light(&t->clocks[i], at);
        if (rank[light] > rank[worst]) {
            worst = light;
        }
    }
    return worst;
}
