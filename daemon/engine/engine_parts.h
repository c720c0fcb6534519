/* Inside the engine: the loop's side is engine.c, engine_open.c (how it
 * begins), engine_gate.c (what waits for a hash), auditor.c and sweeper.c; the
 * writer thread's is writer.c, batch.c, writer_keys.c and unasked.c; what the
 * pool runs is in readers.c and engine_gate.c. Nobody else includes this, but
 * for the tests.
 *
 *              loop thread        |  writer thread      |  libuv's pool
 *   gathering -- writer_give -----> batch runs, commits |
 *   answered <-- writer_take <----- async               |
 *   readers_give ---------------------------------------> one read a handle
 *   answered <-------------------------------------------
 *
 * What threads share: the batch (under writer.lock), the rulebook (under
 * book_lock, reference-counted), clock, stats, uploads and the audit record's
 * queue (own locks). */
#ifndef BIHUAN_DAEMON_ENGINE_ENGINE_PARTS_H
#define BIHUAN_DAEMON_ENGINE_ENGINE_PARTS_H

#include "daemon/audit/audit_queue.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/job_list.h"
#include "daemon/engine/turns.h"
#include "daemon/files/sweep.h"
#include "daemon/gate/policy.h"
#include "daemon/stats.h"

/* -- writer
 * ------------------------------------------------------------------*/

struct batch {
    struct job_list jobs;
    bool fire; /* also fire the clocks that are due */
    /* after it ran: */
    int64_t head;     /* journal head, -1: not known */
    instant next;     /* next deadline, INSTANT_NONE: none */
    bool fire_failed; /* try again later, not at once */
    bool posted;      /* something may be sent that could not before */
};

enum writer_state {
    WRITER_IDLE,
    WRITER_BUSY,    /* the batch is the writer thread's */
    WRITER_FINISHED /* it waits to be taken */
};

struct writer {
    struct engine *engine;
    struct store *store; /* the only one that writes */
    uv_thread_t thread;
    uv_mutex_t lock;
    uv_cond_t wake;
    enum writer_state state; /* with batch and stop under the lock */
    struct batch batch;
    bool stop;
    /* the writer thread's own: */
    struct rulebook *book; /* during a batch */
    instant next;
    uint64_t full_at;   /* when we last looked at the disk, ns */
    int aside;          /* damaged tickets that the log tells of */
    instant expired;    /* when kept replies were last thrown away */
    int64_t newest;     /* of the outbox, after the batch before */
    instant anchor;     /* when the heads are next to be anchored */
    instant daily;      /* when daily_work() is next due, */
    instant daily_next; /* and after this batch */
    enum err lost;      /* why the batch may not be committed */
    bool book_is_new;   /* one of its commands changed it */
    bool full;          /* the disk was, */
    bool gone;          /* or the file, as the log has it */
    bool strode;        /* the digest went on, told or not */
    bool freed;         /* a command of the batch let deliveries go on */
};

enum err writer_start(struct writer *w, struct engine *e, struct store *store);
/* Expects an idle writer. */
void writer_give(struct writer *w, const struct batch *batch);
/* True once for each batch that has run. */
bool writer_take(struct writer *w, struct batch *ret);
/* Ends the thread; expects an idle writer. */
void writer_stop(struct writer *w);

/* -- batch.c: one batch. The writer thread's
 * ------------------------------------------------------------------*/

/* Runs it in one transaction: every job has its answer and b what came of it.
 * What ends the process is in daemon/README.md, "One batch". */
void batch_run(struct writer *w, struct batch *b);

/* -- writer_keys.c: repeats of a request with a key
 * ------------------------------------------------------------------*/

enum {
    KEY_DIGEST_SIZE = 32
};
/* Of what is asked: the same key for something else is KEY_REUSED. */
enum err key_digest(const struct request *r, uint8_t ret[KEY_DIGEST_SIZE]);
/* Puts the kept answer into the job. NOT_FOUND: the key is new. */
enum err key_recall(struct writer *w, struct job *job, struct call *c,
                    const uint8_t digest[KEY_DIGEST_SIZE]);
/* Keeps the job's answer, but for one stride of a long command. */
enum err key_remember(struct writer *w, const struct job *job,
                      const struct call *c,
                      const uint8_t digest[KEY_DIGEST_SIZE]);

/* -- readers
 * -----------------------------------------------------------------*/

struct reader {
    uv_work_t work;
    struct readers *readers;
    struct store *store; /* read-only */
    struct job *job;     /* NULL: free */
};

struct readers {
    struct engine *engine;
    struct reader of[READERS];
    struct turns waiting;
    struct turns waiting_strange;
    struct turns waiting_long;
    int in_a_row; /* reads of those who are known, while others wait */
    int busy;
    int busy_long;
};

enum err readers_open(struct readers *r, struct engine *e, const char *path,
                      struct problem *p);
void readers_give(struct readers *r, struct job *job);
bool readers_idle(const struct readers *r);
void readers_close(struct readers *r); /* expects idle readers */

/* -- engine_gate.c: hashes, and when a token was last used
 * ------------------------------------------------------------------*/

struct hasher {
    uv_work_t work;
    struct hashing *room;
    struct store *store; /* read-only */
    struct job *job;     /* NULL: free */
};

struct hashing {
    struct engine *engine;
    struct hasher of[HASHES_AT_ONCE];
    struct job_list waiting;
    int busy;
};

enum err hashing_open(struct hashing *h, struct engine *e, const char *path,
                      struct problem *p);
void hashing_close(struct hashing *h); /* expects idle ones */

/* Makes room for what a job will need on its way; false: no memory. */
bool gate_ready(struct job *job);
/* A write on its way to the batch: through a hash, if it asks for one, and
 * behind what its connection wrote before. */
void gate_write(struct engine *e, struct job *job);
/* The job is done: what is secret of it goes. */
void gate_forget(struct job *job);

enum {
    TOKEN_USES = 1024 /* different ones between two writes; more wait */
};
struct token_use {
    int64_t id; /* 0: none */
    instant at;
};
struct token_uses {
    struct engine *engine;
    uv_timer_t timer; /* one of the engine's handles */
    struct lane lane;
    struct job job; /* one at a time */
    bool writing;
    instant expired; /* what has ended was thrown away; the writer's */
    struct token_use noted[TOKEN_USES]; /* by id modulo TOKEN_USES */
    struct token_use sent[TOKEN_USES];  /* the job's */
};
void token_uses_start(struct token_uses *u, struct engine *e);
/* The token's use is older, as it is written, than TOKEN_USED_S. */
void token_uses_note(struct token_uses *u, int64_t id);
/* There was a log-in: what has ended is thrown away. */
void token_uses_look(struct token_uses *u);

/* -- sweeper
 * ----------------------------------------------------------------*/

/* Files that no record names, removed at the start and once a day. */
struct sweeper {
    struct engine *engine;
    uv_timer_t timer;
    struct lane lane;
    struct job job; /* one at a time */
    struct sweep sweep;
};
/* Its timer is one of the engine's handles. */
void sweeper_start(struct sweeper *s, struct engine *e);

/* -- auditor
 * ----------------------------------------------------------------*/

struct auditor {
    struct engine *engine;
    uv_timer_t timer; /* runs when something waits; one of the engine's */
    struct lane lane;
    struct job job; /* one at a time */
    bool writing;
    enum err told; /* why nothing could be written, as the log has it */
    struct audit_queue queue;
};
/* Records the start: before the writer runs. */
enum err auditor_open(struct auditor *a, struct engine *e, struct store *store,
                      const struct settings *settings);
void auditor_start(struct auditor *a);
/* Something may wait now. Loop only. */
void auditor_look(struct auditor *a);
/* Records the stop and what waits: when the writer has ended. */
void auditor_close(struct auditor *a, struct store *store);
/* A read that ended, or whatever was refused. False: it must not be answered,
 * for it could not be recorded. Any thread. */
bool auditor_note(struct engine *e, const struct job *job, const struct call *c,
                  enum err err);
/* A write that was done, in its own transaction. */
enum err auditor_append(const struct job *job, const struct call *c);

/* -- engine
 * ------------------------------------------------------------------*/

struct engine {
    uv_loop_t *loop;
    struct clockport clock;
    struct stats stats;
    uv_mutex_t book_lock;
    struct rulebook *book;
    struct writer writer;
    struct readers readers;
    struct uploads *uploads;
    struct sweeper sweeper;
    struct auditor auditor;
    struct hashing hashing;
    struct token_uses uses;

    uv_async_t async;    /* work for the loop: a batch ended, jobs came */
    uv_timer_t deadline; /* the earliest clock of all */
    uv_timer_t patience; /* runs while `waiting` is not empty */
    int handles;         /* not yet closed */

    struct turns gathering;  /* the next batch */
    struct job_list refused; /* to be answered without running */
    struct job_list waiting; /* reads for a journal number */
    int jobs;                /* in our hands, and */
    size_t bytes;            /* their lines */
    int64_t head;            /* committed and visible to readers */
    instant next;            /* next deadline */
    bool fire_held;          /* firing failed: not before the timer */
    bool writing;            /* a batch is out */
    bool closing;
    struct policy policy;
    const char *backup_folder;
    const char *data; /* the folder */
    void (*posted)(void *user);
    void *posted_user;
    void (*closed)(void *user);
    void *closed_user;
};

/* -- engine.c: which job goes where, when. The loop's alone, but job_writes()
 * ------------------------------------------------------------------*/

/* The read will not be run, for nobody takes its answer: gives it back. */
void engine_read_dropped(struct engine *e, struct job *job);
/* The read is done: answers it. */
void engine_read_done(struct engine *e, struct job *job);
/* The write may join the next batch. */
void engine_gather(struct engine *e, struct job *job);
/* A job that writes, be it a command or work of our own. */
bool job_writes(const struct job *job);
/* Reads that wait for a journal number: those whose number has come run, those
 * whose time is up are refused. */
void engine_look_at_waiting(struct engine *e);
/* Sets the timer for the earliest clock, or for trying again. */
void engine_arm_deadline(struct engine *e);
/* What wakes the loop. */
void engine_on_async(uv_async_t *handle);
void engine_on_deadline(uv_timer_t *handle);
void engine_on_patience(uv_timer_t *handle);

/* -- engine_open.c: how it begins and ends
 * ------------------------------------------------------------------*/

/* Ends it if that was asked for and nothing is in hand any more. */
void engine_try_close(struct engine *e);

/* -- unasked.c: what is done without being asked
 * ------------------------------------------------------------------*/

/* When next: the earliest clock, the next digest or anchor. The writer's
 * thread, or before it runs. */
enum err engine_next(struct engine *e, struct store *s,
                     const struct rulebook *book, instant *ret);
/* Once a day, within a batch's transaction: both heads into the outbox, and the
 * audit record's beginning goes when it is old, a stride at a time. */
enum err daily_work(struct writer *w, instant now);
/* After a batch: the heads into files of their day, once a day. */
void anchor_daily(struct writer *w);
/* When the writer has ended: the heads as they are left. */
void anchor_last(struct engine *e);

/* -- engine_call.c: what a handler gets, and for whom it runs. Any thread
 * ------------------------------------------------------------------*/

/* A reference of its own to the rulebook in force. */
struct rulebook *engine_book(struct engine *e);
/* Replaces it; takes over the reference. */
void engine_book_set(struct engine *e, struct rulebook *book);
/* What of struct call is the same for reads and writes. */
struct call engine_call(struct engine *e, const struct job *job);
/* Runs a job's command for whoever sent it, or only admits them. */
enum err engine_run(struct job *job, struct call *c);
enum err engine_admit(struct job *job, struct call *c);
/* Takes error and problem over from the call, making sure there is one. */
void engine_refuse(struct job *job, enum err err, const struct problem *p);

#endif
