/* What is to be delivered outside: one row for each notice (or morning digest)
 * and each hook that it goes to. Delivery state, so it is in no record and not
 * in the fold; a row is made in the transaction of what it delivers, hence
 * exactly once, and its id is part of the key by which a receiver knows a
 * repeat.
 *
 *   WAITING --delivered--> DONE
 *      ^  \___given up____> FAILED
 *      |________retry________/ */
#ifndef BIHUAN_STORE_OUTBOX_H
#define BIHUAN_STORE_OUTBOX_H

#include "daemon/store/anchor.h"
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
    HOOK_SECRET_SIZE = 201,  /* hook.add takes up to 200 bytes, */
    HOOK_URL_SIZE = 1001,    /* and an address of up to 1000 */
    HOOKS_MAX = 64,          /* living ones */
};

/* One delivery: of a notice, or (notice 0) of a person's digest of a day, or
 * (person 0 too) of that day's anchors. */
struct delivery {
    int64_t id; /* given by outbox_post */
    int64_t hook;
    int64_t notice;
    register_id person;
    int64_t day; /* days since 1970-01-01 */
    int32_t attempts;
    instant next_at; /* when it may next be tried */
};

/* Within the writer's transaction: one row for each living hook to which goes
 * what `target` is told, to be tried from `at` on. Of `d` only notice, or
 * person and day, are read. */
enum err outbox_post(struct store *s, const struct delivery *d,
                     register_id target, instant at);
/* The same for a day's anchors of both chains, their lines: one row for each
 * living hook of plain JSON that takes everything, once a day. */
enum err outbox_post_anchors(struct store *s, daynum day, const char *journal,
                             const char *audit, instant at);
/* The lines of such a delivery. NOT_FOUND. */
enum err outbox_anchors(struct store *s, int64_t id,
                        char ret_journal[ANCHOR_LINE_SIZE],
                        char ret_audit[ANCHOR_LINE_SIZE]);
/* The id of the newest row, 0 if there is none: whether there is something new.
 */
enum err outbox_newest(struct store *s, int64_t *ret);

/* The queues: of each living hook for which something waits its oldest row,
 * which goes before all others of that hook; those that may be tried first,
 * first. */
enum err outbox_heads(struct store *s, struct delivery *rows, int max,
                      int *ret_n);

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
 * counted anew; of one living hook or (0) of all. *ret_n: how many. */
enum err outbox_retry(struct store *s, int64_t hook, instant next_at,
                      int64_t *ret_n);

/* Gives up what waits for a hook that has ended. */
enum err outbox_stop(struct store *s, int64_t hook, const char *error);

/* Within the writer's transaction: forgets what was delivered before that, at
 * most a thousand rows. The newest row of all stays. */
enum err outbox_expire(struct store *s, instant before);

/* A hook's credentials, in no record: what signs, and the query of its address
 * from the '?' on. NULL: it has none. */
enum err hook_secret_set(struct store *s, int64_t hook, const char *secret,
                         const char *query);
enum err hook_secret_drop(struct store *s, int64_t hook);
/* "" for what it does not have. */
struct hook_secret {
    char secret[HOOK_SECRET_SIZE];
    char query[HOOK_URL_SIZE];
};
enum err hook_secret_get(struct store *s, int64_t hook,
                         struct hook_secret *ret);

#endif
