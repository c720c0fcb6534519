#include "daemon/stats.h"

#include <assert.h>

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

void stats_batch(struct stats *s)
{
    uv_mutex_lock(&s->lock);
    s->batches++;
    uv_mutex_unlock(&s->lock);
}

void stats_repeat(struct stats *s)
{
    uv_mutex_lock(&s->lock);
    s->repeats++;
    uv_mutex_unlock(&s->lock);
}

void stats_copy(struct stats *s, struct stats *ret)
{
    uv_mutex_lock(&s->lock);
    ret->started = s->started;
    ret->batches = s->batches;
    ret->repeats = s->repeats;
    for (int i = 0; i < CMD_COUNT; i++) {
        ret->of[i] = s->of[i];
    }
    uv_mutex_unlock(&s->lock);
}
