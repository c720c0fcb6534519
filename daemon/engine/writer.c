/* The writer thread: the only code that writes to the store or checkpoints it.
 * Runs one batch at a time; what comes meanwhile gathers on the loop into the
 * next, so that one fsync serves them all and no timer is needed. */
#include <assert.h>
#include <sys/prctl.h>

#include "daemon/engine/engine_parts.h"
#include "daemon/log.h"

static bool wait_for_batch(struct writer *w, struct batch *ret)
{
    uv_mutex_lock(&w->lock);
    while (w->state != WRITER_BUSY && !w->stop) {
        uv_cond_wait(&w->wake, &w->lock);
    }
    bool got = w->state == WRITER_BUSY;
    if (got) {
        *ret = w->batch;
    }
    uv_mutex_unlock(&w->lock);
    return got;
}

static void give_back(struct writer *w, const struct batch *b)
{
    uv_mutex_lock(&w->lock);
    w->batch = *b;
    w->state = WRITER_FINISHED;
    uv_mutex_unlock(&w->lock);
    uv_async_send(&w->engine->async);
}

static void writer_main(void *arg)
{
    struct writer *w = arg;
    struct batch b;
    prctl(PR_SET_NAME, "writer"); /* as tools show it */
    while (wait_for_batch(w, &b)) {
        batch_run(w, &b);
        give_back(w, &b);
        /* while the loop answers: the next batch waits for this */
        enum err err = store_checkpoint(w->store);
        if (err != OK) {
            log_text(LOG_PRIORITY_WARNING, "checkpoint", err_text(err));
        }
    }
}

enum err writer_start(struct writer *w, struct engine *e, struct store *store)
{
    *w = (struct writer){.engine = e, .store = store, .next = INSTANT_NONE};
    if (uv_mutex_init(&w->lock) != 0) {
        return ERR_NO_MEMORY;
    }
    if (uv_cond_init(&w->wake) != 0) {
        uv_mutex_destroy(&w->lock);
        return ERR_NO_MEMORY;
    }
    if (uv_thread_create(&w->thread, writer_main, w) != 0) {
        uv_cond_destroy(&w->wake);
        uv_mutex_destroy(&w->lock);
        return ERR_NO_MEMORY;
    }
    return OK;
}

void writer_give(struct writer *w, const struct batch *batch)
{
    uv_mutex_lock(&w->lock);
    assert(w->state == WRITER_IDLE);
    w->batch = *batch;
    w->state = WRITER_BUSY;
    uv_cond_signal(&w->wake);
    uv_mutex_unlock(&w->lock);
}

bool writer_take(struct writer *w, struct batch *ret)
{
    uv_mutex_lock(&w->lock);
    bool finished = w->state == WRITER_FINISHED;
    if (finished) {
        *ret = w->batch;
        w->state = WRITER_IDLE;
    }
    uv_mutex_unlock(&w->lock);
    return finished;
}

void writer_stop(struct writer *w)
{
    uv_mutex_lock(&w->lock);
    assert(w->state == WRITER_IDLE);
    w->stop = true;
    uv_cond_signal(&w->wake);
    uv_mutex_unlock(&w->lock);
    uv_thread_join(&w->thread);
    uv_cond_destroy(&w->wake);
    uv_mutex_destroy(&w->lock);
}
