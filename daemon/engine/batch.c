/* One batch: what is due, its commands one after another, the commit. The
 * writer thread's. */
#include <stdlib.h>

#include "daemon/commands/call_run.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/ticket/deadlines.h"
#include "daemon/commands/view/digest.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/log.h"
#include "daemon/store/outbox.h"
#include "proto/latch.h"

enum {
    EXIT_FATAL = 70, /* EX_SOFTWARE: what is durable is not known */
    FIRE_MAX = 500,  /* tickets whose clocks fire in one batch */
    EXPIRE_S = 1     /* between two clearings of kept replies, each bounded */
};
#define SPACE_RETRY_NS UINT64_C(1000000000)

/* -- one command ------------------------------------------------------------
 */

/* Why no command of the batch may succeed, OK if `err` is but one command's.
 * The store knows when its transaction is gone or not to be trusted: a damaged
 * row is its reader's trouble, a damaged file everybody's. */
static enum err loses_batch(const struct writer *w, enum err err)
{
    enum err lost = store_lost(w->store);
    if (lost != OK) {
        return lost;
    }
    return err == ERR_DISK_FULL || err == ERR_STORE || err == ERR_IO ? err : OK;
}

/* Regulation or calendar changed: what follows in the batch is decided by the
 * new ones; all others see them when the batch is durable. */
static enum err change_book(struct writer *w)
{
    struct rulebook *book = NULL;
    struct problem p = {.err = OK};
    enum err err = rulebook_load(w->store, &book, &p);
    if (err != OK) {
        log_problem(LOG_PRIORITY_ERROR, "rulebook", &p);
        return err;
    }
    rulebook_free(w->book);
    w->book = book;
    w->book_is_new = true;
    return OK;
}

/* Runs a new command, or one without a key (digest NULL). */
static enum err run_new(struct writer *w, struct job *job, struct call *c,
                        const uint8_t *digest)
{
    latch_take();
    enum err err = engine_run(job, c);
    job->result = c->result;
    job->seq = c->seq;
    if (err != OK) {
        return err;
    }
    /* It is done. What fails from here on undoes it with the whole batch. */
    if (job->result == NULL || latch_take()) {
        err = ERR_NO_MEMORY; /* half an answer must not stand for it */
    }
    if (err == OK && digest != NULL) {
        err = key_remember(w, job, c, digest);
    }
    if (err == OK && c->book_changed) {
        err = change_book(w);
    }
    if (err == OK) {
        err = auditor_append(job, c);
    }
    w->lost = err;
    return err;
}

/* One with a key: role and sight are asked again for a repeat too. */
static enum err run_keyed(struct writer *w, struct job *job, struct call *c)
{
    uint8_t digest[KEY_DIGEST_SIZE];
    enum err err = engine_admit(job, c);
    if (err == OK) {
        err = key_digest(&job->request, digest);
    }
    if (err != OK) {
        return err;
    }
    err = key_recall(w, job, c, digest);
    if (err == ERR_NOT_FOUND) {
        return run_new(w, job, c, digest);
    }
    return err == OK ? call_admit_again(c) : err;
}

static enum err run_own(struct writer *w, struct job *job)
{
    struct problem p = {.err = OK};
    enum err err = store_mark(w->store);
    if (err == OK) {
        err = job->own.run(w->store, job->own.user);
        if (err == OK) {
            err = store_keep(w->store);
        } else {
            store_undo(w->store);
        }
    }
    if (err != OK) {
        engine_refuse(job, err, &p);
    }
    return loses_batch(w, err);
}

/* What was given up may be let go on without a new row. */
static bool frees(const struct job *job)
{
    return job->request.command == command_at(CMD_outbox_retry);
}

/* Runs one job; its answer is in it. Returns what loses the batch, or OK. */
static enum err run_job(struct writer *w, struct job *job)
{
    struct engine *e = w->engine;
    struct call c = engine_call(e, job);
    c.store = w->store;
    c.book = w->book;
    uint64_t start = uv_hrtime();
    enum err err = job->request.key == NULL ? run_new(w, job, &c, NULL)
                                            : run_keyed(w, job, &c);
    stats_note(&e->stats, job->request.command, err != OK,
               (int64_t)((uv_hrtime() - start) / 1000));
    if (err != OK) {
        (void)auditor_note(e, job, &c, err);
        engine_refuse(job, err, &c.problem);
    }
    w->freed |= err == OK && frees(job);
    enum err lost = loses_batch(w, err);
    return lost != OK ? lost : w->lost;
}

/* -- one batch --------------------------------------------------------------
 */

static void lose(struct batch *b, enum err err)
{
    for (struct job *job = b->jobs.first; job != NULL; job = job->next) {
        struct problem p;
        problem_set(&p, err, "", "", "nothing of the batch was recorded");
        engine_refuse(job, err, &p);
    }
    b->fire_failed = b->fire;
}

/* While the disk was full, looks once a second whether it still is. */
static bool has_room(struct writer *w)
{
    if (!w->full) {
        return true;
    }
    uint64_t now = uv_hrtime();
    if (now - w->full_at < SPACE_RETRY_NS) {
        return false;
    }
    w->full_at = now;
    w->full = !store_space_ok(w->store);
    if (!w->full) {
        log_text(LOG_PRIORITY_INFO, "store", "there is room again");
    }
    return !w->full;
}

static void note_full(struct writer *w)
{
    if (w->full) {
        return; /* has_room() keeps the time of the last look */
    }
    log_text(LOG_PRIORITY_ERROR, "store",
             "the disk is full: writes are refused, reads go on");
    w->full = true;
    w->full_at = uv_hrtime();
}

/* Once of each: its clocks wait for who mends the data. */
static void tell_aside(struct writer *w)
{
    const ticket_id *ids = NULL;
    int n = deadline_aside(w->store, &ids);
    for (; w->aside < n; w->aside++) {
        char number[TICKET_TEXT_SIZE];
        struct problem p;
        problem_set(&p, ERR_CORRUPT, ticket_id_format(ids[w->aside], number),
                    "",
                    "the ticket cannot be read, its clocks are set aside: run "
                    "bihuan verify");
        log_problem(LOG_PRIORITY_ERROR, "deadlines", &p);
    }
}

/* Before the commands of the batch: what was due is done before what came. */
static enum err fire(struct writer *w, struct batch *b, instant now)
{
    int fired = 0;
    bool more = false;
    enum err err =
        deadlines_fire(w->store, w->book, now, false, FIRE_MAX, &fired, &more);
    tell_aside(w);
    if (err == OK) {
        err = digest_fire(w->store, w->book, now, &w->strode);
    }
    enum err lost = loses_batch(w, err);
    if (err == OK || lost != OK) {
        return lost;
    }
    struct problem p;
    problem_set(&p, err, "", "", "what is due did not fire");
    log_problem(LOG_PRIORITY_ERROR, "deadlines", &p);
    b->fire_failed = true;
    return OK;
}

static enum err expire(struct writer *w, instant now)
{
    if (now - w->expired < EXPIRE_S) {
        return OK;
    }
    w->expired = now;
    enum err err =
        idem_expire(w->store, now - (instant)IDEM_DAYS * SECONDS_PER_DAY);
    return err != OK ? err
                     : outbox_expire(w->store, now - (instant)OUTBOX_DAYS *
                                                         SECONDS_PER_DAY);
}

static enum err run_all(struct writer *w, struct batch *b)
{
    instant now = clockport_now(&w->engine->clock);
    enum err err = expire(w, now);
    if (err == OK) {
        err = daily_work(w, now);
    }
    if (err == OK && b->fire) {
        err = fire(w, b, now);
    }
    for (struct job *job = b->jobs.first; err == OK && job != NULL;
         job = job->next) {
        err = job->own.run != NULL ? run_own(w, job) : run_job(w, job);
    }
    return err;
}

static void stop_dead(void)
{
    log_text(LOG_PRIORITY_ERROR, "store",
             "a commit failed and what is durable is not known: the process "
             "stops");
    _Exit(EXIT_FATAL);
}

/* A new book is published before the commit: a reader that sees a ticket of a
 * regulation finds that regulation, and one version more harms nobody. */
static enum err commit(struct writer *w)
{
    bool fatal = false;
    struct rulebook *old = engine_book(w->engine);
    if (w->book_is_new) {
        engine_book_set(w->engine, rulebook_ref(w->book));
    }
    enum err err = store_commit(w->store, &fatal);
    if (fatal) {
        stop_dead();
    }
    if (err != OK && w->book_is_new) {
        engine_book_set(w->engine, rulebook_ref(old));
    }
    rulebook_free(old);
    return err;
}

/* When it goes and when it is there again. */
static void look_for_file(struct writer *w)
{
    bool gone = store_gone(w->store);
    if (gone != w->gone) {
        w->gone = gone;
        log_text(gone ? LOG_PRIORITY_ERROR : LOG_PRIORITY_INFO, "store",
                 gone ? "the data folder was removed or replaced: writes are "
                        "refused; put it back, or stop"
                      : "the data folder is there again");
    }
}

static void transact(struct writer *w, struct batch *b)
{
    look_for_file(w);
    enum err err = has_room(w) ? store_begin(w->store) : ERR_DISK_FULL;
    if (err == OK) {
        err = run_all(w, b);
        if (err == OK) {
            err = commit(w);
        } else {
            store_rollback(w->store);
        }
    }
    if (err == ERR_DISK_FULL) {
        note_full(w);
    }
    if (err == OK) {
        w->daily = w->daily_next;
    } else {
        lose(b, err);
    }
    stats_add(&w->engine->stats,
              err == OK ? FIGURE_batches : FIGURE_lost_batches, 1);
}

/* Whether the outbox has something for who delivers. */
static bool posted(struct writer *w)
{
    int64_t newest = w->newest;
    if (outbox_newest(w->store, &newest) != OK) {
        return false; /* who delivers also looks by himself */
    }
    bool posted = newest != w->newest || w->freed;
    w->newest = newest;
    return posted;
}

void batch_run(struct writer *w, struct batch *b)
{
    w->book = engine_book(w->engine);
    w->book_is_new = false;
    w->lost = OK;
    w->freed = false;
    w->strode = false;
    int64_t before = store_head(w->store);
    uint64_t start = uv_hrtime();
    transact(w, b);
    stats_raise(&w->engine->stats, FIGURE_slowest_batch_us,
                (int64_t)((uv_hrtime() - start) / 1000));
    anchor_daily(w);
    if (engine_next(w->engine, w->store, w->book, &w->next) != OK) {
        b->fire_failed = true;
    }
    rulebook_free(w->book);
    w->book = NULL;
    b->next = w->next;
    b->posted = posted(w);
    b->head = store_head(w->store);
    if (b->fire && b->head == before && !w->strode) {
        /* due, and yet nothing came of it: not again at once */
        b->fire_failed = true;
    }
}
