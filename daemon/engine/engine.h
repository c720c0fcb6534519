/* The engine: takes parsed requests, gathers writes into batches, runs one
 * batch at a time on the writer thread, answers after the commit; runs reads
 * on read-only handles in libuv's pool; keeps the one timer for all deadlines.
 *
 *   session -> engine_submit -> [batch | read] -> done callback on the loop
 *
 * Promises: the writes of a connection run in the order of submission. A read
 * sees every write that its own connection submitted before it, and all up to
 * its `after`. A read that has not begun when its connection is gone is not
 * run, unless it does something; a write is. Reads may end in any order: the
 * session puts its replies in order. Connections take turns
 * (daemon/engine/turns.h), whatever one of them sends.
 *
 * All functions belong to the loop's thread. */
#ifndef BIHUAN_DAEMON_ENGINE_ENGINE_H
#define BIHUAN_DAEMON_ENGINE_ENGINE_H

#include <uv.h>

#include "core/err.h"
#include "daemon/clockport.h"
#include "daemon/commands/call.h"
#include "proto/message.h"

struct engine;
struct policy;   /* daemon/gate/policy.h */
struct settings; /* daemon/settings/settings.h */
struct proof;    /* daemon/commands/account/hasher.h */

/* Bytes: what must stay free on the disk, and what is kept to be given up. */
struct engine_room {
    int64_t floor;
    int64_t ballast;
};

struct engine_config {
    const char *data; /* folder with bihuan.db */
    clock_now now;    /* NULL: the system's */
    void *now_user;
    void (*posted)(void *user); /* there is something new in the outbox; called
                                   on the loop. NULL: nobody asks */
    void *posted_user;
    const struct engine_room *room;  /* NULL: the store's own; copied */
    const struct policy *policy;     /* NULL: the defaults; copied */
    const struct settings *settings; /* told in the audit record, by their
                                        names; NULL: none are. Only read
                                        inside engine_open() */
    const char
        *backup_folder; /* where alone a backup may go; NULL, "": anywhere */
};

/* Sizes libuv's pool, so that hashes take no thread from readers. Once, while
 * there is one thread and the pool was not used. */
void engine_threads(void);
/* Opens the store for writing and for reading, and starts the writer. */
enum err engine_open(uv_loop_t *loop, const struct engine_config *config,
                     struct engine **ret, struct problem *p);
/* Takes no more work (BUSY), finishes what it has, ends the writer, closes the
 * store, frees itself, then calls done. */
void engine_close(struct engine *e, void (*done)(void *), void *user);

/* Jobs one after another. */
struct job_list {
    struct job *first;
    struct job *last;
    int n;
};

/* What a connection's jobs may wait for, each kind with turns of its own. */
enum turns_kind {
    TURNS_READ,
    TURNS_STRANGE_READ, /* where nobody has logged in yet */
    TURNS_LONG_READ,
    TURNS_WRITE,
    TURNS_KINDS
};

/* One connection in the engine's eyes: its order of reads after writes, and its
 * place among those that take turns. In the session, zeroed; must outlive its
 * jobs. */
struct lane {
    int64_t submitted; /* writes given to the engine */
    int64_t settled;   /* of them answered */
    struct job *first; /* reads that wait for a write, in order */
    struct job *last;
    bool known;       /* somebody has logged in there: its reads go first */
    bool gone;        /* nobody takes answers any more: set by who owns it */
    bool hashing;     /* a write is at its hash; those after it wait here */
    struct job *held; /* so that they keep their order */
    struct job *held_last;
    struct {
        struct job_list waiting;
        struct lane *next;
    } turn[TURNS_KINDS];
};

/* Work of the daemon's own, which is nobody's command and in no record: what
 * the outbox needs. A read runs on a reader's snapshot, a write in a batch,
 * undone if it fails. Not on the loop's thread. */
struct own_work {
    enum err (*run)(struct store *s, void *user); /* NULL: none */
    void *user;
    bool writes;
};

/* Where requests come from. The session's; outlives its jobs. */
struct origin {
    char source[SOURCE_SIZE]; /* "10.1.2.3", "2001:db8:1:2::/64", "unix:1000" */
    char peer[CODE_SIZE];     /* account of the local socket's peer by the
                                 configuration, "" none */
};

/* A request in the engine's hands, or (own.run set) work of our own. The caller
 * owns it and gets it back with done, which is called on the loop, never from
 * inside engine_submit. */
struct job {
    struct request request;
    struct own_work own;
    size_t bytes; /* about what it takes: what all jobs hold is bounded */
    struct lane *lane;
    const struct origin *origin; /* NULL: our own */
    void (*done)(struct job *job);
    void *user;
    /* filled before done: */
    enum err err;
    json_t *result; /* on OK: the caller takes it */
    int64_t seq;    /* of a write; -1 for reads */
    struct problem problem;
    /* the engine's: */
    struct job *next;
    int64_t after_write; /* a read runs when its lane has settled so many */
    bool admits;         /* a read is only asked whose it is, and then waits */
    uint64_t give_up;    /* loop time at which a wait for `after` ends */
    struct proof *proof; /* see daemon/commands/account/hasher.h; NULL: none */
    int64_t token;       /* whose use is to be written down, 0: none */
};
void engine_submit(struct engine *e, struct job *job);

/* A request that was refused before it came here (a rate limit, say) goes into
 * the audit record: `what` is its command's name, or what else was tried;
 * `account` is whose token it showed, NULL if that is not known. */
void engine_audit_refusal(struct engine *e, const struct origin *origin,
                          const char *account, const char *what, enum err err);

/* The engine's time. */
instant engine_now(struct engine *e);
/* Its counters, and those of all around it: daemon/stats.h. */
struct stats *engine_stats(struct engine *e);

#endif
