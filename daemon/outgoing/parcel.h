/* One delivery taken from the outbox with all that is needed to send it. */
#ifndef BIHUAN_DAEMON_OUTGOING_PARCEL_H
#define BIHUAN_DAEMON_OUTGOING_PARCEL_H

#include "daemon/notify/letter.h"
#include "daemon/store/outbox.h"

struct parcel {
    enum err err; /* NOT_FOUND: what it tells of is not there; CORRUPT: it
                     cannot be read */
    struct delivery delivery;
    enum hook_kind kind;
    char url[HOOK_URL_SIZE]; /* up to its query */
    struct hook_secret secret;
    struct letter letter;
};

/* What to take: the oldest of each queue that is due, but for the hooks that
 * are at work. */
struct parcel_ask {
    instant now;
    int n_busy;
    const int64_t *busy;
    int max;
};
/* On a reader's snapshot. *ret_next: when the earliest of the others is due,
 * INSTANT_NONE if none waits. */
enum err parcels_take(struct store *s, const struct parcel_ask *ask,
                      struct parcel *ret, int *ret_n, instant *ret_next);

#endif
