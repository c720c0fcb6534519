#include "daemon/watchdog.h"

#include <stdio.h>

#include "daemon/stats.h"
#include "daemon/systemd.h"

enum {
    STATUS_MS = 60000,
    STATE_SIZE = 256
};

static enum err run_nothing(struct store *s, void *user)
{
    (void)s;
    (void)user;
    return OK;
}

/* Ended, whatever came of them: the writer was there. */
static int64_t turns(struct watchdog *w)
{
    struct stats *s = engine_stats(w->engine);
    return stats_get(s, FIGURE_batches) + stats_get(s, FIGURE_lost_batches);
}

static void ping(struct watchdog *w)
{
    int64_t now = turns(w);
    if (now != w->turns) {
        w->turns = now;
        systemd_tell("WATCHDOG=1");
    }
}

static void on_answer(struct job *job)
{
    struct watchdog *w = job->user;
    w->asked = false;
    ping(w);
}

static void ask(struct watchdog *w)
{
    if (w->asked) {
        return;
    }
    w->asked = true;
    w->probe = (struct job){.own = {run_nothing, NULL, true},
                            .lane = &w->lane,
                            .done = on_answer,
                            .user = w};
    engine_submit(w->engine, &w->probe);
}

static void tell_status(struct watchdog *w)
{
    struct stats *s = engine_stats(w->engine);
    char text[STATE_SIZE];
    snprintf(text, sizeof text,
             "STATUS=serving: %lld connections, %lld requests at work, "
             "%lld batches written, %lld lost",
             (long long)stats_get(s, FIGURE_connections),
             (long long)stats_get(s, FIGURE_in_flight),
             (long long)stats_get(s, FIGURE_batches),
             (long long)stats_get(s, FIGURE_lost_batches));
    systemd_tell(text);
}

static void on_timer(uv_timer_t *timer)
{
    struct watchdog *w = timer->data;
    tell_status(w);
    if (w->pings) {
        ping(w);
        ask(w);
    }
}

void watchdog_init(struct watchdog *w, uv_loop_t *loop, struct engine *engine)
{
    *w = (struct watchdog){.engine = engine};
    uv_timer_init(loop, &w->timer);
    w->timer.data = w;
}

void watchdog_start(struct watchdog *w)
{
    uint64_t limit = systemd_watchdog_ms();
    uint64_t half = limit > 2 ? limit / 2 : 1;
    w->pings = limit > 0;
    if (w->pings) {
        uv_timer_start(&w->timer, on_timer, 0,
                       half < STATUS_MS ? half : STATUS_MS);
    } else if (systemd_listens()) {
        uv_timer_start(&w->timer, on_timer, STATUS_MS, STATUS_MS);
    }
}

void watchdog_stop(struct watchdog *w)
{
    uv_close((uv_handle_t *)&w->timer, NULL);
}
