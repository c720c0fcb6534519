/* The loop's side of the engine: where a job goes, when a batch starts, when a
 * read may run. How it begins and ends is in engine_open.c. */
#include "daemon/engine/engine.h"

#include "daemon/engine/engine_parts.h"

enum {
    RETRY_MS = 1000,         /* after firing failed */
    DEADLINE_MAX_MS = 60000, /* a clock that was set anew is noticed */
};

bool job_writes(const struct job *job)
{
    return job->own.run != NULL ? job->own.writes
                                : job->request.command->effect == EFFECT_WRITE;
}

/* -- answering --------------------------------------------------------------
 */

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
void engine_look_at_waiting(struct engine *e)
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

void engine_read_dropped(struct engine *e, struct job *job)
{
    refuse_with(e, job, ERR_CONNECTION, "");
}

void engine_read_done(struct engine *e, struct job *job)
{
    if (job->admits && job->err == OK) {
        wait_for_number(e, job);
    } else {
        answer(e, job);
    }
    engine_try_close(e);
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

void engine_arm_deadline(struct engine *e)
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
    engine_look_at_waiting(e);
    engine_arm_deadline(e);
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
    } else if (job->own.run == NULL &&
               (e->jobs > JOBS_MAX || e->bytes > JOB_BYTES_MAX)) {
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

void engine_on_async(uv_async_t *handle)
{
    struct engine *e = handle->data;
    struct batch b;
    if (writer_take(&e->writer, &b)) {
        finish_batch(e, &b);
    }
    answer_refused(e);
    start_batch(e);
    engine_try_close(e);
}

void engine_on_deadline(uv_timer_t *handle)
{
    struct engine *e = handle->data;
    e->fire_held = false;
    start_batch(e);
    if (!e->writing) {
        engine_arm_deadline(e);
    }
}

void engine_on_patience(uv_timer_t *handle)
{
    struct engine *e = handle->data;
    engine_look_at_waiting(e);
}
