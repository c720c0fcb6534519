/* The loop's side of the engine: where a job goes, when a batch starts, when a
 * read may run, and how everything ends. */
#include "daemon/engine/engine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/commands/rules/rulebook.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/log.h"
#include "daemon/store/accounts.h"

enum {
    PATH_SIZE = 4096,
    PATIENCE_TICK_MS = 200,
    RETRY_MS = 1000,         /* after firing failed */
    DEADLINE_MAX_MS = 60000, /* a clock that was set anew is noticed */
    WRITES_A_TURN = 16,      /* their replies go together, which costs less */
    HANDLES = 6
};

/* -- small parts ------------------------------------------------------------
 */

struct rulebook *engine_book(struct engine *e)
{
    uv_mutex_lock(&e->book_lock);
    struct rulebook *book = rulebook_ref(e->book);
    uv_mutex_unlock(&e->book_lock);
    return book;
}

void engine_book_set(struct engine *e, struct rulebook *book)
{
    uv_mutex_lock(&e->book_lock);
    struct rulebook *old = e->book;
    e->book = book;
    uv_mutex_unlock(&e->book_lock);
    rulebook_free(old);
}

bool job_writes(const struct job *job)
{
    return job->own.run != NULL ? job->own.writes
                                : job->request.command->effect == EFFECT_WRITE;
}

/* -- answering --------------------------------------------------------------
 */

static void try_close(struct engine *e);

static void answer(struct engine *e, struct job *job)
{
    e->jobs--;
    stats_set(&e->stats, FIGURE_in_flight, e->jobs);
    e->bytes -= job->bytes;
    auditor_look(&e->auditor);
    if (job->token != 0) {
        token_uses_note(&e->uses, job->token);
    }
    gate_forget(job);
    job->done(job);
}

static void refuse_with(struct engine *e, struct job *job, enum err err,
                        const char *why)
{
    struct problem p;
    problem_set(&p, err, "", "", why);
    engine_refuse(job, err, &p);
    job_list_add(&e->refused, job);
    uv_async_send(&e->async);
}

static void refuse_later(struct engine *e, struct job *job, const char *why)
{
    refuse_with(e, job, ERR_BUSY, why);
}

static void answer_refused(struct engine *e)
{
    struct job *job;
    while ((job = job_list_take(&e->refused)) != NULL) {
        answer(e, job);
    }
}

/* -- reads ------------------------------------------------------------------
 */

/* Runs a read whose own writes are done. One that would have to wait is first
 * asked whose it is: strangers get no room to wait in. */
static void route_read(struct engine *e, struct job *job)
{
    job->admits = job->request.after > e->head;
    readers_give(&e->readers, job);
}

/* Lets one that may wait do so, unless its number has come meanwhile. */
static void wait_for_number(struct engine *e, struct job *job)
{
    job->admits = false;
    if (job->request.after <= e->head) {
        readers_give(&e->readers, job);
    } else if (e->closing || e->waiting.n >= WAITERS_MAX) {
        refuse_later(e, job, "too many wait for a journal number");
    } else {
        job->give_up = uv_now(e->loop) + WAIT_MS;
        job_list_add(&e->waiting, job);
        if (!uv_is_active((const uv_handle_t *)&e->patience)) {
            uv_timer_again(&e->patience);
        }
    }
}

static void start_read(struct engine *e, struct job *job)
{
    struct lane *lane = job->lane;
    if (lane->settled == lane->submitted) {
        route_read(e, job);
        return;
    }
    job->after_write = lane->submitted;
    if (lane->last == NULL) {
        lane->first = job;
    } else {
        lane->last->next = job;
    }
    lane->last = job;
}

/* One more write of this connection is answered: its reads may go on. */
static void settle(struct engine *e, struct lane *lane)
{
    lane->settled++;
    while (lane->first != NULL && lane->first->after_write <= lane->settled) {
        struct job *job = lane->first;
        lane->first = job->next;
        if (lane->first == NULL) {
            lane->last = NULL;
        }
        job->next = NULL;
        route_read(e, job);
    }
}

/* Those whose number has come run; those whose time is up are refused. */
static void look_at_waiting(struct engine *e)
{
    struct job_list all = e->waiting;
    struct job *job;
    e->waiting = (struct job_list){.n = 0};
    while ((job = job_list_take(&all)) != NULL) {
        if (job->request.after <= e->head) {
            readers_give(&e->readers, job);
        } else if (e->closing || job->give_up <= uv_now(e->loop)) {
            refuse_later(e, job, "that journal number has not come");
        } else {
            job_list_add(&e->waiting, job);
        }
    }
    if (e->waiting.n == 0) {
        uv_timer_stop(&e->patience);
    }
}

void engine_read_done(struct engine *e, struct job *job)
{
    if (job->admits && job->err == OK) {
        wait_for_number(e, job);
    } else {
        answer(e, job);
    }
    try_close(e);
}

/* -- writes -----------------------------------------------------------------
 */

static bool is_due(struct engine *e)
{
    return !e->closing && !e->fire_held && e->next != INSTANT_NONE &&
           e->next <= clockport_now(&e->clock);
}

/* Gives the writer what has gathered, if it is free. */
static void start_batch(struct engine *e)
{
    if (e->writing) {
        return;
    }
    struct batch b = {.fire = is_due(e)};
    if (e->gathering.n == 0 && !b.fire) {
        return;
    }
    while (e->gathering.n > 0 && b.jobs.n < BATCH_MAX) {
        job_list_add(&b.jobs, turns_take(&e->gathering));
    }
    e->writing = true;
    writer_give(&e->writer, &b);
}

static void arm_deadline(struct engine *e)
{
    if (e->closing || (e->next == INSTANT_NONE && !e->fire_held)) {
        uv_timer_stop(&e->deadline);
        return;
    }
    int64_t wait_ms = RETRY_MS;
    if (!e->fire_held) {
        instant left = e->next - clockport_now(&e->clock);
        wait_ms = left <= 0 ? 0 : left * 1000;
    }
    if (wait_ms > DEADLINE_MAX_MS) {
        wait_ms = DEADLINE_MAX_MS;
    }
    uv_timer_start(&e->deadline, e->deadline.timer_cb, (uint64_t)wait_ms, 0);
}

static void finish_batch(struct engine *e, struct batch *b)
{
    struct job *job;
    e->writing = false;
    e->head = b->head;
    e->next = b->next;
    e->fire_held = b->fire_failed;
    /* the next batch is on its way before these replies are made */
    start_batch(e);
    while ((job = job_list_take(&b->jobs)) != NULL) {
        settle(e, job->lane);
        answer(e, job);
    }
    look_at_waiting(e);
    arm_deadline(e);
    if (b->posted && e->posted != NULL) {
        e->posted(e->posted_user);
    }
}

void engine_gather(struct engine *e, struct job *job)
{
    turns_add(&e->gathering, job);
    uv_async_send(&e->async);
}

void engine_submit(struct engine *e, struct job *job)
{
    job->err = OK;
    job->proof = NULL;
    job->token = 0;
    job->admits = false;
    job->result = NULL;
    job->seq = -1;
    job->next = NULL;
    e->jobs++;
    stats_set(&e->stats, FIGURE_in_flight, e->jobs);
    e->bytes += job->bytes;
    if (e->closing) {
        refuse_later(e, job, "the server is stopping");
    } else if (e->jobs > JOBS_MAX || e->bytes > JOB_BYTES_MAX) {
        refuse_later(e, job, "too many requests wait");
    } else if (!gate_ready(job)) {
        refuse_with(e, job, ERR_NO_MEMORY, "");
    } else if (job_writes(job)) {
        job->lane->submitted++;
        gate_write(e, job);
    } else {
        start_read(e, job);
    }
}

/* -- what wakes the loop ----------------------------------------------------
 */

static void on_async(uv_async_t *handle)
{
    struct engine *e = handle->data;
    struct batch b;
    if (writer_take(&e->writer, &b)) {
        finish_batch(e, &b);
    }
    answer_refused(e);
    start_batch(e);
    try_close(e);
}

static void on_deadline(uv_timer_t *handle)
{
    struct engine *e = handle->data;
    e->fire_held = false;
    start_batch(e);
    if (!e->writing) {
        arm_deadline(e);
    }
}

static void on_patience(uv_timer_t *handle)
{
    struct engine *e = handle->data;
    look_at_waiting(e);
}

/* -- end --------------------------------------------------------------------
 */

static void on_handle_closed(uv_handle_t *handle)
{
    struct engine *e = handle->data;
    e->handles--;
    if (e->handles > 0) {
        return;
    }
    void (*closed)(void *) = e->closed;
    void *user = e->closed_user;
    hashing_close(&e->hashing);
    readers_close(&e->readers);
    auditor_close(&e->auditor, e->writer.store);
    anchor_last(e);
    store_close(e->writer.store);
    uploads_close(e->uploads);
    rulebook_free(e->book);
    uv_mutex_destroy(&e->book_lock);
    stats_done(&e->stats);
    clockport_done(&e->clock);
    free(e);
    closed(user);
}

static void try_close(struct engine *e)
{
    bool busy = e->writing || e->jobs > 0 || !readers_idle(&e->readers);
    if (!e->closing || busy || uv_is_closing((uv_handle_t *)&e->async)) {
        return;
    }
    writer_stop(&e->writer);
    uv_close((uv_handle_t *)&e->async, on_handle_closed);
    uv_close((uv_handle_t *)&e->deadline, on_handle_closed);
    uv_close((uv_handle_t *)&e->patience, on_handle_closed);
    uv_close((uv_handle_t *)&e->sweeper.timer, on_handle_closed);
    uv_close((uv_handle_t *)&e->auditor.timer, on_handle_closed);
    uv_close((uv_handle_t *)&e->uses.timer, on_handle_closed);
}

void engine_close(struct engine *e, void (*done)(void *), void *user)
{
    e->closing = true;
    e->closed = done;
    e->closed_user = user;
    look_at_waiting(e);
    arm_deadline(e);
    uv_async_send(&e->async);
}

/* -- start ------------------------------------------------------------------
 */

/* As after an upgrade from before there were accounts. */
static void tell_of_nobody(struct store *store)
{
    int64_t n = 0;
    if (account_enabled(store, ROLE_SECURITY, 0, &n) == OK && n == 0) {
        log_text(LOG_PRIORITY_WARNING, "accounts",
                 "no security administrator can log in: stop the service and "
                 "run bihuand --administrators");
    }
}

/* What can fail for want of memory or because of the data folder. */
static enum err open_store(struct engine *e, const struct engine_config *config,
                           struct store **ret, struct problem *p)
{
    char path[PATH_SIZE];
    int len = snprintf(path, sizeof path, "%s/bihuan.db", config->data);
    if (len < 0 || len >= PATH_SIZE) {
        return problem_set(p, ERR_IO, "data", "a shorter path", "");
    }
    enum err err = store_open(path, STORE_WRITE, ret, p);
    if (err != OK) {
        return err;
    }
    if (config->room != NULL) {
        store_set_space(*ret, config->room->floor, config->room->ballast);
    }
    tell_of_nobody(*ret);
    err = rulebook_load(*ret, &e->book, p);
    if (err == OK) { /* after the store: it is locked, so we are alone */
        err = uploads_open(config->data, &e->uploads, p);
    }
    if (err == OK) {
        err = readers_open(&e->readers, e, path, p);
    }
    if (err == OK) {
        err = hashing_open(&e->hashing, e, path, p);
        if (err != OK) {
            readers_close(&e->readers);
        }
    }
    if (err != OK) {
        uploads_close(e->uploads);
        rulebook_free(e->book);
        store_close(*ret);
    }
    return err;
}

/* Handles, in the order that try_close() ends them. */
static void open_handles(struct engine *e)
{
    uv_timer_init(e->loop, &e->deadline);
    uv_timer_init(e->loop, &e->patience);
    e->async.data = e;
    e->deadline.data = e;
    e->patience.data = e;
    e->handles = HANDLES;
    uv_timer_start(&e->deadline, on_deadline, 0, 0);
    uv_timer_start(&e->patience, on_patience, PATIENCE_TICK_MS,
                   PATIENCE_TICK_MS);
    arm_deadline(e);
    sweeper_start(&e->sweeper, e);
    auditor_start(&e->auditor);
    token_uses_start(&e->uses, e);
}

/* Time stands still till the clock has caught up: all limits with it, which is
 * right for a few seconds and a fault of the machine for more. */
static void tell_behind(struct clockport *clock)
{
    int64_t behind = clockport_behind(clock);
    char text[96];
    if (behind > 0) {
        snprintf(text, sizeof text,
                 "%lld s behind what is recorded; time stands still till then",
                 (long long)behind);
        log_text(LOG_PRIORITY_WARNING, "the machine's clock", text);
    }
}

static enum err start(struct engine *e, const struct engine_config *config,
                      struct store *store)
{
    e->head = store_head(store);
    enum err err = clockport_init(&e->clock, config->now, config->now_user,
                                  store_last_recorded(store));
    if (err == OK) {
        tell_behind(&e->clock);
        err = stats_init(&e->stats, clockport_now(&e->clock));
    }
    if (err == OK) {
        err = auditor_open(&e->auditor, e, store, config->settings);
    }
    if (err == OK) {
        err = engine_next(e, store, e->book, &e->next);
    }
    if (err == OK && (uv_mutex_init(&e->book_lock) != 0 ||
                      uv_async_init(e->loop, &e->async, on_async) != 0)) {
        err = ERR_NO_MEMORY;
    }
    if (err == OK) {
        err = writer_start(&e->writer, e, store);
    }
    return err;
}

enum err engine_open(uv_loop_t *loop, const struct engine_config *config,
                     struct engine **ret, struct problem *p)
{
    struct store *store = NULL;
    struct engine *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    e->loop = loop;
    e->gathering = (struct turns){TURNS_WRITE, .most = WRITES_A_TURN};
    e->posted = config->posted;
    e->posted_user = config->posted_user;
    e->backup_folder = config->backup_folder;
    if (config->policy != NULL) {
        e->policy = *config->policy;
    } else {
        policy_default(&e->policy);
    }
    e->data = config->data;
    enum err err = open_store(e, config, &store, p);
    if (err != OK) {
        free(e);
        return err;
    }
    err = start(e, config, store);
    if (err != OK) {
        /* only at the start of a process that then ends: nothing is undone */
        return problem_set(p, err, "", "", "the engine did not start");
    }
    open_handles(e);
    *ret = e;
    return OK;
}
