/* Events that wait for the audit record: reads, which write nothing by
 * themselves, and refusals, which are undone. Bounded; equal ones that wait
 * together are one, told so many times. Any thread.
 *
 *   audit_queue_add   a reader, the writer, the loop
 *   audit_queue_write in the writer's transaction: all that waits
 *   audit_queue_wrote when that is durable, or lost: then they wait on */
#ifndef BIHUAN_DAEMON_AUDIT_AUDIT_QUEUE_H
#define BIHUAN_DAEMON_AUDIT_AUDIT_QUEUE_H

#include <stdbool.h>
#include <uv.h>

#include "core/err.h"
#include "core/limits.h"
#include "daemon/gate/rates.h"
#include "daemon/store/audit.h"

enum {
    /* what refusals may take of AUDIT_PENDING_MAX: who floods with them does
       not stop the reads of others, which must be recorded or refused */
    AUDIT_REFUSALS_MAX = AUDIT_PENDING_MAX / 4 * 3,
    AUDIT_PLACES = 2 * AUDIT_PENDING_MAX,
    /* refusals of one account, or of one source where no account is proven,
       that are told apart: so many at once and a minute. Kept for a year, a
       flood of them would fill the disk */
    AUDIT_APART_BURST = 1000,
    AUDIT_APART_MINUTE = 300
};

/* Recorded in the place of refusals that found no room. */
#define AUDIT_DROPPED "audit.dropped"
/* And in the place of those that were too many to be told apart: of whom, from
 * where, with what outcome, how many. */
#define AUDIT_MORE "audit.more"

struct audit_queue {
    uv_mutex_t lock;
    struct audit_event *waiting;
    int n;
    int *places;               /* of them by what they say: index + 1, 0 free */
    struct audit_event *taken; /* by the write that is under way, or was lost */
    int n_taken;
    int64_t dropped; /* refusals that found no room, not yet recorded; */
    int64_t told;    /* of them by the write that is under way */
    instant dropped_at;
    struct rates apart;
};

enum err audit_queue_init(struct audit_queue *q);
void audit_queue_done(struct audit_queue *q);

/* False: there is no room. A `must` is what may not go on then; others are
 * counted, and the count is recorded. */
bool audit_queue_add(struct audit_queue *q, const struct audit_event *e,
                     bool must);
/* Whether a write has something to do. */
bool audit_queue_waits(struct audit_queue *q);

enum err audit_queue_write(struct audit_queue *q, struct store *s);
void audit_queue_wrote(struct audit_queue *q, bool durable);

#endif
