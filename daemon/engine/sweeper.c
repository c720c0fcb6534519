/* When files that no record names are swept: as soon as the daemon is up, and
 * once a day. Not on the loop's thread: daemon/files/sweep.h. */
#include <stdio.h>

#include "daemon/engine/engine_parts.h"
#include "daemon/log.h"

#define SWEEP_EVERY_MS UINT64_C(86400000)
#define SWEEP_AGAIN_MS UINT64_C(600000) /* after one failed */

static void on_timer(uv_timer_t *timer);

static void rest(struct sweeper *s, uint64_t ms)
{
    if (!s->engine->closing) {
        uv_timer_start(&s->timer, on_timer, ms, 0);
    }
}

static void submit(struct sweeper *s, bool writes,
                   enum err (*run)(struct store *, void *),
                   void (*done)(struct job *))
{
    s->job = (struct job){.own = {run, &s->sweep, writes},
                          .lane = &s->lane,
                          .done = done,
                          .user = s};
    engine_submit(s->engine, &s->job);
}

static void tell(const struct sweeper *s)
{
    char text[96];
    if (s->sweep.removed > 0) {
        snprintf(text, sizeof text, "%d files that no record names removed",
                 s->sweep.removed);
        log_text(LOG_PRIORITY_INFO, "attachments", text);
    }
}

static void on_removed(struct job *job);

static enum err run_find(struct store *store, void *user)
{
    return sweep_find(store, user);
}

static enum err run_remove(struct store *store, void *user)
{
    return sweep_remove(store, user);
}

static bool failed(struct sweeper *s, const struct job *job)
{
    if (job->err != OK) {
        log_text(LOG_PRIORITY_WARNING, "attachments: sweep",
                 err_text(job->err));
        rest(s, SWEEP_AGAIN_MS);
    }
    return job->err != OK;
}

static void on_found(struct job *job)
{
    struct sweeper *s = job->user;
    if (s->engine->closing || failed(s, job)) {
        return;
    }
    if (s->sweep.n > 0) {
        submit(s, true, run_remove, on_removed);
    } else {
        tell(s);
        rest(s, SWEEP_EVERY_MS);
    }
}

static void on_removed(struct job *job)
{
    struct sweeper *s = job->user;
    if (!s->engine->closing && !failed(s, job)) {
        submit(s, false, run_find, on_found);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct engine *e = timer->data;
    struct sweeper *s = &e->sweeper;
    uploads_expire(s->sweep.uploads, engine_now(s->engine));
    s->sweep.part = 0;
    s->sweep.removed = 0;
    submit(s, false, run_find, on_found);
}

void sweeper_start(struct sweeper *s, struct engine *e)
{
    *s = (struct sweeper){.engine = e, .sweep = {.uploads = e->uploads}};
    uv_timer_init(e->loop, &s->timer);
    s->timer.data = e; /* as every handle of the engine */
    rest(s, 0);
}
