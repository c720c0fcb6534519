/* The way in for what has to do with log-ins: jobs that wait for a hash, and
 * the writing down of when tokens were last used. The loop's side; what is
 * hashed is in daemon/commands/account/hasher.c. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/account/hasher.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/store/accounts.h"
#include "proto/latch.h"

/* -- hashes, in the pool ----------------------------------------------------
 */

/* A stranger costs no hash. */
static enum err admit(struct hasher *h, struct call *c, struct proof *proof)
{
    enum err err = store_snapshot(h->store);
    if (err != OK) {
        return problem_set(&proof->problem, err, "", "", "");
    }
    err = engine_admit(h->job, c);
    if (err != OK) {
        proof->problem = c->problem;
    }
    store_release(h->store);
    return err;
}

static void on_hash(uv_work_t *work)
{
    struct hasher *h = work->data;
    struct proof *proof = h->job->proof;
    struct call c = engine_call(h->room->engine, h->job);
    c.store = h->store;
    latch_take();
    proof->err = admit(h, &c, proof);
    if (proof->err == OK) {
        hasher_prove(&c, proof);
    }
}

void engine_threads(void)
{
    char n[16];
    snprintf(n, sizeof n, "%d", READERS + HASHES_AT_ONCE);
    setenv("UV_THREADPOOL_SIZE", n, 1);
}

/* -- hashes, on the loop ----------------------------------------------------
 */

bool gate_ready(struct job *job)
{
    if (job->own.run != NULL ||
        (job->request.command->roles & COMMAND_HASHED) == 0) {
        return true;
    }
    job->proof = calloc(1, sizeof *job->proof);
    return job->proof != NULL;
}

void gate_forget(struct job *job)
{
    hasher_forget(job->proof);
    job->proof = NULL;
}

static void tell_stats(const struct hashing *h)
{
    struct stats *s = &h->engine->stats;
    stats_set(s, FIGURE_hashes, h->busy);
    stats_set(s, FIGURE_waiting_hashes, h->waiting.n);
}

static void start_some(struct hashing *h);

/* A job goes on to the batch, or to its own hash: then true. */
static bool pass_on(struct engine *e, struct job *job)
{
    struct hashing *h = &e->hashing;
    if (job->proof == NULL) {
        engine_gather(e, job);
        return false;
    }
    if (h->waiting.n >= HASHES_WAITING_MAX) {
        job->proof->err = problem_set(&job->proof->problem, ERR_BUSY, "", "",
                                      "too many log-ins wait");
        engine_gather(e, job); /* refused there, in its turn */
        return false;
    }
    job->lane->hashing = true;
    job_list_add(&h->waiting, job);
    start_some(h);
    return true;
}

void gate_write(struct engine *e, struct job *job)
{
    struct lane *lane = job->lane;
    if (!lane->hashing) {
        pass_on(e, job);
        return;
    }
    if (lane->held_last == NULL) {
        lane->held = job;
    } else {
        lane->held_last->next = job;
    }
    lane->held_last = job;
}

/* Those that waited behind it follow, up to the next that needs a hash. */
static void release(struct engine *e, struct lane *lane)
{
    lane->hashing = false;
    while (lane->held != NULL) {
        struct job *job = lane->held;
        lane->held = job->next;
        if (lane->held == NULL) {
            lane->held_last = NULL;
        }
        job->next = NULL;
        if (pass_on(e, job)) {
            return;
        }
    }
}

static void on_hashed(uv_work_t *work, int status)
{
    struct hasher *h = work->data;
    struct hashing *room = h->room;
    struct job *job = h->job;
    assert(status == 0); /* nobody cancels */
    h->job = NULL;
    room->busy--;
    engine_gather(room->engine, job);
    release(room->engine, job->lane);
    start_some(room);
    token_uses_look(&room->engine->uses);
}

static struct hasher *free_hasher(struct hashing *h)
{
    for (int i = 0; i < HASHES_AT_ONCE; i++) {
        if (h->of[i].job == NULL) {
            return &h->of[i];
        }
    }
    return NULL;
}

static void start_some(struct hashing *h)
{
    while (h->busy < HASHES_AT_ONCE && h->waiting.n > 0) {
        struct hasher *hasher = free_hasher(h);
        hasher->job = job_list_take(&h->waiting);
        h->busy++;
        stats_raise(&h->engine->stats, FIGURE_most_hashes, h->busy);
        uv_queue_work(h->engine->loop, &hasher->work, on_hash, on_hashed);
    }
    tell_stats(h);
}

enum err hashing_open(struct hashing *h, struct engine *e, const char *path,
                      struct problem *p)
{
    *h = (struct hashing){.engine = e};
    for (int i = 0; i < HASHES_AT_ONCE; i++) {
        h->of[i].room = h;
        h->of[i].work.data = &h->of[i];
        enum err err = store_open(path, STORE_READ, &h->of[i].store, p);
        if (err != OK) {
            hashing_close(h);
            return err;
        }
    }
    return OK;
}

void hashing_close(struct hashing *h)
{
    for (int i = 0; i < HASHES_AT_ONCE; i++) {
        assert(h->of[i].job == NULL);
        if (h->of[i].store != NULL) {
            store_close(h->of[i].store);
            h->of[i].store = NULL;
        }
    }
}

/* -- when tokens were last used ---------------------------------------------
 */

enum {
    GATHER_MS = 1000, /* uses of one second are written together */
    EXPIRE_S = 60     /* and what has ended is thrown away so seldom */
};

/* Tokens that have ended, and failed log-ins of yesterday. */
static enum err expire(struct store *s, struct token_uses *u)
{
    instant now = engine_now(u->engine);
    if (now - u->expired < EXPIRE_S) {
        return OK;
    }
    u->expired = now;
    enum err err = token_expire(s, now, now - u->engine->policy.idle_s);
    return err == OK ? lockout_expire(s, now - SECONDS_PER_DAY) : err;
}

static enum err write_uses(struct store *s, void *user)
{
    struct token_uses *u = user;
    enum err err = expire(s, u);
    for (int i = 0; err == OK && i < TOKEN_USES; i++) {
        if (u->sent[i].id != 0) {
            err = token_used(s, u->sent[i].id, u->sent[i].at);
        }
    }
    return err;
}

/* One that could not be written is noted again by its next use. */
static void on_written(struct job *job)
{
    struct token_uses *u = job->user;
    u->writing = false;
}

static void on_timer(uv_timer_t *timer)
{
    struct engine *e = timer->data;
    struct token_uses *u = &e->uses;
    if (e->closing) {
        return;
    }
    if (u->writing) {
        uv_timer_start(timer, on_timer, GATHER_MS, 0);
        return;
    }
    static_assert(sizeof u->sent == sizeof u->noted, "moved as a whole");
    memcpy(u->sent, u->noted, sizeof u->sent);
    memset(u->noted, 0, sizeof u->noted);
    u->writing = true;
    u->job = (struct job){.own = {write_uses, u, true},
                          .lane = &u->lane,
                          .done = on_written,
                          .user = u};
    engine_submit(e, &u->job);
}

void token_uses_start(struct token_uses *u, struct engine *e)
{
    u->engine = e;
    uv_timer_init(e->loop, &u->timer);
    u->timer.data = e; /* as every handle of the engine */
}

static void arm(struct token_uses *u)
{
    if (!u->engine->closing && !uv_is_active((const uv_handle_t *)&u->timer)) {
        uv_timer_start(&u->timer, on_timer, GATHER_MS, 0);
    }
}

void token_uses_note(struct token_uses *u, int64_t id)
{
    struct token_use *place = &u->noted[id % TOKEN_USES];
    if (place->id == 0 || place->id == id) { /* else: by its next use */
        *place = (struct token_use){id, engine_now(u->engine)};
    }
    arm(u);
}

void token_uses_look(struct token_uses *u)
{
    arm(u);
}
