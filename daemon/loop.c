/* Wiring: one loop, the engine, the listeners, the signals.
 *
 *   serving --SIGTERM--> draining --engine and sessions gone--> ended
 *
 * Draining: listeners are closed, sessions read no more, the engine finishes
 * what it has, replies are flushed. A client that does not take its replies is
 * waited for DRAIN_MS and no longer. */
#include "daemon/loop.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "daemon/gate/policy.h"
#include "daemon/gate/weak.h"
#include "daemon/log.h"
#include "daemon/net/net.h"
#include "daemon/outgoing/outgoing.h"
#include "daemon/reload.h"
#include "daemon/setup/data_folder.h"
#include "daemon/setup/setup.h"
#include "daemon/systemd.h"
#include "daemon/watchdog.h"

enum {
    DRAIN_MS = 5000,
    SIGNALS = 3
};

static const int signal_numbers[SIGNALS] = {SIGTERM, SIGINT, SIGHUP};

struct server {
    uv_loop_t loop;
    struct engine *engine;
    struct net *net;
    struct outgoing *outgoing;
    const struct options *options;
    struct weak weak;
    struct watchdog watchdog;
    uv_prepare_t flush;
    uv_timer_t drain;
    uv_signal_t signals[SIGNALS];
    bool draining;
    bool engine_gone;
    bool ended;
    int status;
};

/* -- end --------------------------------------------------------------------
 */

static void try_end(struct server *s)
{
    if (!s->engine_gone || net_left(s->net) > 0 || s->ended) {
        return;
    }
    s->ended = true;
    net_close(s->net);
    uv_close((uv_handle_t *)&s->flush, NULL);
    uv_close((uv_handle_t *)&s->drain, NULL);
    watchdog_stop(&s->watchdog);
    for (int i = 0; i < SIGNALS; i++) {
        uv_close((uv_handle_t *)&s->signals[i], NULL);
        /* one more asks for what is done already: it must not kill us */
        signal(signal_numbers[i], SIG_IGN);
    }
}

static void on_session_gone(void *user)
{
    struct server *s = user;
    if (s->draining) {
        try_end(s);
    }
}

static void on_engine_gone(void *user)
{
    struct server *s = user;
    s->engine_gone = true;
    net_forget_engine(s->net);
    try_end(s);
}

/* What is on its way outside is noted by the engine, so it ends before it. */
static void on_outgoing_gone(void *user)
{
    struct server *s = user;
    s->outgoing = NULL;
    engine_close(s->engine, on_engine_gone, s);
}

static void on_drain_over(uv_timer_t *timer)
{
    struct server *s = timer->data;
    net_cut(s->net);
}

static void drain(struct server *s)
{
    if (s->draining) {
        net_cut(s->net);
        return;
    }
    s->draining = true;
    systemd_tell("STOPPING=1\nSTATUS=answering what was asked");
    net_drain(s->net);
    uv_timer_start(&s->drain, on_drain_over, DRAIN_MS, 0);
    outgoing_close(s->outgoing, on_outgoing_gone, s);
}

/* -- events -----------------------------------------------------------------
 */

static void on_signal(uv_signal_t *handle, int number)
{
    struct server *s = handle->data;
    if (number == SIGHUP) {
        reload(s->options, s->net, &s->weak);
        return;
    }
    log_text(LOG_PRIORITY_INFO, "stopping",
             number == SIGINT ? "SIGINT" : "SIGTERM");
    drain(s);
}

static void on_posted(void *user)
{
    struct server *s = user;
    outgoing_look(s->outgoing);
}

static void on_flush(uv_prepare_t *handle)
{
    struct server *s = handle->data;
    net_flush(s->net);
}

/* -- start ------------------------------------------------------------------
 */

static void open_handles(struct server *s)
{
    uv_prepare_init(&s->loop, &s->flush);
    s->flush.data = s;
    uv_prepare_start(&s->flush, on_flush);
    watchdog_init(&s->watchdog, &s->loop, s->engine);
    uv_timer_init(&s->loop, &s->drain);
    s->drain.data = s;
    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_init(&s->loop, &s->signals[i]);
        s->signals[i].data = s;
        uv_signal_start(&s->signals[i], on_signal, signal_numbers[i]);
    }
}

/* As many descriptors as we are allowed; the limit is on connections. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void run(struct server *s)
{
    struct problem p = {.err = OK};
    open_handles(s);
    if (net_listen(s->net, &p) == OK) {
        printf("ready\n");
        fflush(stdout);
        systemd_tell("READY=1\nSTATUS=serving");
        watchdog_start(&s->watchdog);
    } else {
        log_problem(LOG_PRIORITY_ERROR, "listen", &p);
        s->status = 1;
        drain(s);
    }
    uv_run(&s->loop, UV_RUN_DEFAULT);
}

static enum err open_engine(struct server *s, const struct policy *policy,
                            struct problem *p)
{
    const struct settings *settings = &s->options->settings;
    struct engine_room room = {settings->value[SET_limits_free_space].number,
                               settings->value[SET_limits_ballast].number};
    struct engine_config config = {.data = options_data(s->options),
                                   .now = s->options->now,
                                   .posted = on_posted,
                                   .posted_user = s,
                                   .room = &room,
                                   .policy = policy,
                                   .settings = settings,
                                   .backup_folder =
                                       settings->value[SET_backup_folder].text};
    return engine_open(&s->loop, &config, &s->engine, p);
}

static enum err open_outgoing(struct server *s, const struct policy *policy)
{
    const struct settings *settings = &s->options->settings;
    struct outgoing_config config = {
        settings->value[SET_notify_deliver].number == DELIVER_YES,
        {.proxy = settings->value[SET_notify_proxy].text,
         .ca = settings->value[SET_notify_ca].text,
         .inside = policy->hooks_inside}};
    return outgoing_open(&s->loop, s->engine, &config, &s->outgoing);
}

static enum err open_all(struct server *s, struct problem *p)
{
    const struct settings *settings = &s->options->settings;
    struct policy policy;
    policy_from(settings, &policy);
    policy.weak = &s->weak;
    enum err err = setup_lifecycle(p);
    if (err == OK) {
        err = data_folder_ours(options_data(s->options), p);
    }
    if (err == OK) {
        err = reload_weak(settings, &s->weak, p);
    }
    if (err == OK) {
        err = open_engine(s, &policy, p);
    }
    if (err == OK) {
        err = open_outgoing(s, &policy);
    }
    if (err == OK) {
        s->net = net_open(&s->loop, s->engine, settings, on_session_gone, s);
        err = s->net == NULL ? ERR_NO_MEMORY : OK;
    }
    if (err != OK && p->err == OK) {
        problem_set(p, err, "", "", "");
    }
    return err;
}

int loop_serve(const struct options *options)
{
    static struct server server; /* large; a process has one */
    struct server *s = &server;
    const struct settings *settings = &options->settings;
    struct problem p = {.err = OK};
    raise_descriptors();
    engine_threads();
    log_set_format((enum log_format)settings->value[SET_log_format].number);
    log_set_level(settings_log_level(settings));
    s->options = options;
    weak_init(&s->weak);
    if (uv_loop_init(&s->loop) != 0) {
        return 1;
    }
    if (open_all(s, &p) != OK) {
        log_problem(LOG_PRIORITY_ERROR, "start", &p);
        return 1;
    }
    run(s);
    uv_loop_close(&s->loop);
    net_free(s->net);
    weak_end(&s->weak);
    return s->status;
}
