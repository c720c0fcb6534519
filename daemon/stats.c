#include "daemon/stats.h"

#include <assert.h>

const char *figure_name(enum figure figure)
{
    static const char *const names[FIGURE_COUNT] = {
#define X(name) #name,
        STATS_MAP(X)
#undef X
    };
    return names[figure];
}

enum err stats_init(struct stats *s, instant started)
{
    *s = (struct stats){.started = started};
    return uv_mutex_init(&s->lock) == 0 ? OK : ERR_NO_MEMORY;
}

void stats_done(struct stats *s)
{
    uv_mutex_destroy(&s->lock);
}

void stats_note(struct stats *s, const struct command *command, bool refused,
                int64_t us)
{
    int index = command_index(command);
    assert(index >= 0 && index < CMD_COUNT);
    uv_mutex_lock(&s->lock);
    struct counter *c = &s->of[index];
    c->calls++;
    c->refused += refused;
    c->total_us += us;
    if (us > c->max_us) {
        c->max_us = us;
    }
    uv_mutex_unlock(&s->lock);
}

/* Each figure stands for itself: no order between them is promised. */
void stats_add(struct stats *s, enum figure figure, int64_t more)
{
    atomic_fetch_add_explicit(&s->figure[figure], more, memory_order_relaxed);
}

void stats_set(struct stats *s, enum figure figure, int64_t value)
{
    atomic_store_explicit(&s->figure[figure], value, memory_order_relaxed);
}

/* One thread raises a figure. */
void stats_raise(struct stats *s, enum figure figure, int64_t value)
{
    if (value > stats_get(s, figure)) {
        stats_set(s, figure, value);
    }
}

int64_t stats_get(struct stats *s, enum figure figure)
{
    return atomic_load_explicit(&s->figure[figure], memory_order_relaxed);
}

void stats_refused(struct stats *s, enum err err)
{
    assert(err >= OK && err < ERR_COUNT);
    atomic_fetch_add_explicit(&s->refused[err], 1, memory_order_relaxed);
}

void stats_copy(struct stats *s, struct stats *ret)
{
    ret->started = s->started;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        stats_set(ret, (enum figure)i, stats_get(s, (enum figure)i));
    }
    for (int i = 0; i < ERR_COUNT; i++) {
        atomic_store(&ret->refused[i], atomic_load(&s->refused[i]));
    }
    uv_mutex_lock(&s->lock);
    for (int i = 0; i < CMD_COUNT; i++) {
        ret->of[i] = s->of[i];
    }
    uv_mutex_unlock(&s->lock);
}
