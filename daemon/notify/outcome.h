/* What an answer, or none, means for a delivery: done, again later or given up.
 * Pure. */
#ifndef BIHUAN_DAEMON_NOTIFY_OUTCOME_H
#define BIHUAN_DAEMON_NOTIFY_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/store/outbox.h"

enum {
    ATTEMPTS_MAX = 12,  /* then it is given up */
    BACK_OFF_MIN_S = 5, /* after the first attempt; doubled each time */
    BACK_OFF_MAX_S = 3600,
    RETRY_AFTER_MAX_S = 86400, /* of what a receiver asks for */
    ANSWER_BYTES_MAX = 65536,  /* kept of an answer; the rest is thrown away */
    ANSWER_TAKEN_MAX = 1 << 20 /* an answer of more is none */
};

struct answer {
    int64_t status;      /* of HTTP; 0: none came, and `error` says why */
    const char *error;   /* borrowed */
    bool barred;         /* none may go there: given up at once */
    int64_t retry_after; /* seconds that the receiver asks for, 0: none */
    const char *body;    /* borrowed, ended by a NUL that is not counted */
    size_t len;
};

/* 2xx is done; of a group robot only if its body says errcode 0. 408, 429, 5xx
 * and no answer: again after a back-off (what Retry-After says if that is
 * more); other 3xx and 4xx: given up at once. `attempts` counts this one;
 * `random` is any number: a fifth more or less of the back-off is by chance.
 * The error is written to `text` and pointed to. */
struct attempt outcome_of(const struct answer *a, enum hook_kind kind,
                          int32_t attempts, instant now, uint32_t random,
                          char text[OUTBOX_ERROR_SIZE]);

/* The same for what was never sent, or was cut off by us. */
struct attempt outcome_again(int32_t attempts, instant now, uint32_t random,
                             const char *error);
struct attempt outcome_give_up(int32_t attempts, const char *error);

#endif
