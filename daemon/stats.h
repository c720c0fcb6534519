/* What the daemon counts, for server.stats: by command, by error, and the
 * figures of STATS_MAP. Any thread. */
#ifndef BIHUAN_DAEMON_STATS_H
#define BIHUAN_DAEMON_STATS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "core/err.h"
#include "core/instant.h"
#include "proto/command.h"

/* clang-format off */
#define STATS_MAP(X)                                                           \
    /* now */                                                                  \
    X(connections)       /* open */                                            \
    X(in_flight)         /* requests taken and not answered */                 \
    X(reads)             /* reads at work, */                                  \
    X(long_reads)        /* of them reports and backups, */                    \
    X(waiting_reads)     /* and those for which there is no reader yet */      \
    X(hashes)            /* passwords being hashed, */                         \
    X(waiting_hashes)    /* and those that wait for it */                      \
    /* since the start */                                                      \
    X(connected)         /* connections taken */                                    \
    X(turned_away)       /* of them because there were too many */             \
    X(shed_slow)         /* ended because they were too slow */                \
    X(tls_failed)        /* handshakes and connections that failed in TLS */   \
    X(rate_limited)      /* requests and connections that came too often */    \
    X(batches)           /* committed */                                       \
    X(lost_batches)      /* of which nothing was recorded */                   \
    X(slowest_batch_us)                                                        \
    X(most_hashes)       /* passwords hashed at a time */                      \
    X(repeats)           /* answered from a kept reply */                      \
    X(delivered)         /* to webhooks; */                                    \
    X(failed_attempts)   /* which may be tried again, */                       \
    X(given_up)          /* which are not */
/* clang-format on */

enum figure {
#define X(name) FIGURE_##name,
    STATS_MAP(X)
#undef X
    FIGURE_COUNT
};

struct counter {
    int64_t calls;
    int64_t refused;  /* of them */
    int64_t total_us; /* inside the handler, without waiting and commit */
    int64_t max_us;
};

struct stats {
    uv_mutex_t lock; /* of `of` */
    instant started;
    _Atomic int64_t figure[FIGURE_COUNT];
    _Atomic int64_t refused[ERR_COUNT]; /* answers with that error */
    struct counter of[CMD_COUNT];
};

enum err stats_init(struct stats *s, instant started);
void stats_done(struct stats *s);
void stats_note(struct stats *s, const struct command *command, bool refused,
                int64_t us);
void stats_add(struct stats *s, enum figure figure, int64_t more);
void stats_set(struct stats *s, enum figure figure, int64_t value);
void stats_raise(struct stats *s, enum figure figure,
                 int64_t value); /* if more */
int64_t stats_get(struct stats *s, enum figure figure);
void stats_refused(struct stats *s, enum err err);
/* A copy; of the commands a consistent one. Its lock is not to be used. */
void stats_copy(struct stats *s, struct stats *ret);

const char *figure_name(enum figure figure);

#endif
