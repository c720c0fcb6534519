/* Counters of every command, for server.stats. Any thread. */
#ifndef BIHUAN_DAEMON_STATS_H
#define BIHUAN_DAEMON_STATS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "core/err.h"
#include "core/instant.h"
#include "proto/command.h"

struct counter {
    int64_t calls;
    int64_t refused;  /* of them */
    int64_t total_us; /* inside the handler, without waiting and commit */
    int64_t max_us;
};

struct stats {
    uv_mutex_t lock;
    instant started;
    int64_t batches; /* committed */
    int64_t repeats; /* answered from a kept reply */
    struct counter of[CMD_COUNT];
};

enum err stats_init(struct stats *s, instant started);
void stats_done(struct stats *s);
void stats_note(struct stats *s, const struct command *command, bool refused,
                int64_t us);
void stats_batch(struct stats *s);
void stats_repeat(struct stats *s);
/* A consistent copy; its lock is not to be used. */
void stats_copy(struct stats *s, struct stats *ret);

#endif
