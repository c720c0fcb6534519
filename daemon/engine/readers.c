/* Reads: a few read-only handles, each used by one thread of libuv's pool at a
 * time, each read in a snapshot of its own. Long ones (reports, a backup) take
 * at most half of the handles, so that a short one always finds its way. */
#include <assert.h>

#include "daemon/commands/rules/rulebook.h"
#include "daemon/engine/engine_parts.h"
#include "proto/latch.h"

enum {
    KNOWN_IN_A_ROW = 8
};

static bool is_backup(const struct job *job)
{
    return job->request.command == command_at(CMD_backup);
}

static bool is_long(const struct job *job)
{
    const struct command *command = job->request.command;
    return is_backup(job) || command == command_at(CMD_report_overdue) ||
           command == command_at(CMD_report_lights) ||
           command == command_at(CMD_attachment_put); /* the last: a flush */
}

/* Nobody would see its answer. What a read does by itself is done. */
static bool is_idle(const struct job *job)
{
    const struct command *command = job->request.command;
    return job->lane->gone && job->own.run == NULL && !is_backup(job) &&
           command != command_at(CMD_attachment_begin) &&
           command != command_at(CMD_attachment_put);
}

/* -- in the pool ------------------------------------------------------------
 */

static void run_own(struct reader *r)
{
    struct job *job = r->job;
    struct problem p = {.err = OK};
    enum err err = store_snapshot(r->store);
    if (err == OK) {
        err = job->own.run(r->store, job->own.user);
        store_release(r->store);
    }
    if (err != OK) {
        engine_refuse(job, err, &p);
    }
}

static enum err run(struct reader *r, struct call *c)
{
    if (is_backup(r->job)) {
        return engine_run(r->job, c); /* takes its own view, page by page */
    }
    enum err err = store_snapshot(r->store);
    if (err != OK) {
        return err;
    }
    c->head = store_head(r->store);
    /* after the snapshot: a book is published before what rests on it */
    c->book = engine_book(r->readers->engine);
    err = engine_run(r->job, c);
    store_release(r->store);
    rulebook_free(c->book);
    return err;
}

/* Whether it may wait for a journal number. */
static enum err admit(struct reader *r, struct call *c)
{
    enum err err = store_snapshot(r->store);
    if (err == OK) {
        err = engine_admit(r->job, c);
        store_release(r->store);
    }
    return err;
}

static void run_read(struct reader *r)
{
    struct engine *e = r->readers->engine;
    struct job *job = r->job;
    struct call c = engine_call(e, job);
    c.store = r->store;
    latch_take();
    uint64_t start = uv_hrtime();
    enum err err = job->admits ? admit(r, &c) : run(r, &c);
    if (job->admits && err == OK) {
        return;
    }
    job->result = c.result;
    if (err == OK && (c.result == NULL || latch_take())) {
        err = problem_set(&c.problem, ERR_NO_MEMORY, "", "", "");
    }
    if (!auditor_note(e, job, &c, err)) {
        err = problem_set(&c.problem, ERR_BUSY, "", "",
                          "what must be recorded cannot be written");
    }
    stats_note(&e->stats, job->request.command, err != OK,
               (int64_t)((uv_hrtime() - start) / 1000));
    if (err != OK) {
        engine_refuse(job, err, &c.problem);
    }
}

static void on_work(uv_work_t *work)
{
    struct reader *r = work->data;
    if (r->job->own.run != NULL) {
        run_own(r);
    } else {
        run_read(r);
    }
}

/* -- on the loop ------------------------------------------------------------
 */

static struct reader *free_reader(struct readers *r)
{
    for (int i = 0; i < READERS; i++) {
        if (r->of[i].job == NULL) {
            return &r->of[i];
        }
    }
    return NULL;
}

/* A crowd of strangers is refused by reads too: those who have logged in go
 * ahead of it, but for one in a few. */
static struct job *take_short(struct readers *r)
{
    bool strange = r->waiting.n == 0 || r->in_a_row == KNOWN_IN_A_ROW;
    struct job *job = strange ? turns_take(&r->waiting_strange) : NULL;
    r->in_a_row =
        job != NULL ? 0 : r->in_a_row + (r->in_a_row < KNOWN_IN_A_ROW);
    return job != NULL ? job : turns_take(&r->waiting);
}

static struct job *take_job(struct readers *r)
{
    struct job *job = take_short(r);
    if (job == NULL && r->busy_long < READERS / 2) {
        job = turns_take(&r->waiting_long);
    }
    return job;
}

static struct job *next_job(struct readers *r)
{
    struct job *job;
    while ((job = take_job(r)) != NULL && is_idle(job)) {
        engine_read_dropped(r->engine, job);
    }
    return job;
}

static void tell_stats(const struct readers *r)
{
    struct stats *s = &r->engine->stats;
    stats_set(s, FIGURE_reads, r->busy);
    stats_set(s, FIGURE_long_reads, r->busy_long);
    stats_set(s, FIGURE_waiting_reads,
              r->waiting.n + r->waiting_strange.n + r->waiting_long.n);
}

static void start_some(struct readers *r);

static void on_after(uv_work_t *work, int status)
{
    struct reader *r = work->data;
    struct readers *readers = r->readers;
    struct job *job = r->job;
    assert(status == 0); /* nobody cancels */
    r->job = NULL;
    readers->busy--;
    readers->busy_long -= is_long(job);
    start_some(readers);
    engine_read_done(readers->engine, job);
}

static void start_some(struct readers *r)
{
    struct job *job;
    while (r->busy < READERS && (job = next_job(r)) != NULL) {
        struct reader *reader = free_reader(r);
        reader->job = job;
        r->busy++;
        r->busy_long += is_long(job);
        tell_stats(r); /* a read of the figures counts itself */
        uv_queue_work(r->engine->loop, &reader->work, on_work, on_after);
    }
    tell_stats(r);
}

enum err readers_open(struct readers *r, struct engine *e, const char *path,
                      struct problem *p)
{
    *r = (struct readers){.engine = e,
                          .waiting = {TURNS_READ, .most = 1},
                          .waiting_strange = {TURNS_STRANGE_READ, .most = 1},
                          .waiting_long = {TURNS_LONG_READ, .most = 1}};
    for (int i = 0; i < READERS; i++) {
        r->of[i].readers = r;
        r->of[i].work.data = &r->of[i];
        enum err err = store_open(path, STORE_READ, &r->of[i].store, p);
        if (err != OK) {
            readers_close(r);
            return err;
        }
    }
    return OK;
}

void readers_give(struct readers *r, struct job *job)
{
    bool known = job->origin == NULL || job->lane->known;
    struct turns *brief = known ? &r->waiting : &r->waiting_strange;
    turns_add(is_long(job) ? &r->waiting_long : brief, job);
    start_some(r);
}

bool readers_idle(const struct readers *r)
{
    return r->busy == 0 && r->waiting.n == 0 && r->waiting_strange.n == 0 &&
           r->waiting_long.n == 0;
}

void readers_close(struct readers *r)
{
    for (int i = 0; i < READERS; i++) {
        assert(r->of[i].job == NULL);
        if (r->of[i].store != NULL) {
            store_close(r->of[i].store);
            r->of[i].store = NULL;
        }
    }
}
