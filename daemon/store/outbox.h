/* What is to be delivered outside: one row for each notice (or morning digest)
 * and each hook that it goes to. Delivery state, so it is in no record and not
 * in the fold; a row is made in the transaction of what it delivers, hence
 * exactly once, and its id is the key by which a receiver knows a repeat.
 *
 *   WAITING --delivered--> DONE
 *      ^  \___given up____> FAILED
 *      |________retry________/ */
#ifndef BIHUAN_STORE_OUTBOX_H
#define BIHUAN_STORE_OUTBOX_H

#include "daemon/store/store.h"

/* The form of the body, in the order of hook.add's choices (commands.def).
 * Stored: append only. */
enum hook_kind {
    HOOK_JSON,
    HOOK_WECOM,
    HOOK_DINGTALK,
    HOOK_SMS,
    HOOK_KIND_COUNT
};

/* In the order of outbox.list's choices. Stored: append only. */
enum outbox_state {
    OUTBOX_WAITING,
    OUTBOX_DONE,
    OUTBOX_FAILED,
    OUTBOX_STATE_COUNT
};

enum {
    OUTBOX_ERROR_SIZE = 200, /* of what is kept of an error */
    HOOK_SECRET_SIZE = 201   /* hook.add takes up to 200 bytes */
};

/* One delivery: of a notice, or (notice 0) of a person's digest of a day. */
struct delivery {
    int64_t id; /* given by outbox_add */
    int64_t hook;
    int64_t notice;
    register_id person;
    int64_t day; /* days since 1970-01-01 */
    int32_t attempts;
};

/* Within the writer's transaction. d->id and d->attempts are not read; the
 * first attempt is due at `next_at`. *ret_id may be NULL. */
enum err outbox_add(struct store *s, const struct delivery *d, instant next_at,
                    int64_t *ret_id);

/* Up to `max` waiting deliveries that are due by `now`, the longest waiting
 * first. */
enum err outbox_due(struct store *s, instant now, struct delivery *rows,
                    int max, int *ret_n);

/* The earliest next attempt: INSTANT_NONE if nothing waits. */
enum err outbox_next(struct store *s, instant *ret);

/* What came of an attempt. */
struct attempt {
    enum outbox_state state; /* DONE, FAILED, or WAITING for the next one */
    int32_t attempts;        /* so many by now */
    instant at;              /* DONE: kept as done_at */
    instant next_at;         /* WAITING: when to try again */
    const char *error;       /* NULL: none; what is over
                                OUTBOX_ERROR_SIZE - 1 bytes is cut off */
};
/* Within the writer's transaction. NOT_FOUND if no such delivery waits: an
 * answer that comes twice changes nothing. */
enum err outbox_mark(struct store *s, int64_t id,
                     const struct attempt *attempt);

/* Lets what was given up wait again from `next_at` on, with its attempts
 * counted anew; of one hook or (0) of all. *ret_n: how many. */
enum err outbox_retry(struct store *s, int64_t hook, instant next_at,
                      int64_t *ret_n);

/* Gives up what waits for a hook that has ended. */
enum err outbox_stop(struct store *s, int64_t hook, const char *error);

/* A hook's signing secret: a credential, so in no record. NULL takes it away;
 * reading gives "" where there is none. */
enum err hook_secret_set(struct store *s, int64_t hook, const char *secret);
enum err hook_secret_get(struct store *s, int64_t hook,
                         char out[HOOK_SECRET_SIZE]);

#endif
