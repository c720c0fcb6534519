#include "daemon/net/net.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/log.h"
#include "daemon/net/listener.h"
#include "daemon/net/session.h"
#include "daemon/say.h"

enum {
    SWEEP_MS = 1000,
    ACCEPTS_A_TURN = 32,      /* of the loop: libuv itself knows no end */
    CONNECTION_BYTES = 16384, /* about what one takes that does nothing */
    TRIM_BYTES = 16 << 20,    /* less is not worth giving back */
    SOON_S = 30 * 86400 /* a certificate that ends within this is told of */
};

struct net {
    struct session_host host;
    uv_timer_t sweep;
    uv_idle_t more; /* runs while lines wait for the next turn of the loop */
    struct listener listeners[LISTENERS_MAX];
    int n_listeners;
    int accepted; /* in this turn of the loop */
    bool drained;
    size_t held; /* the most that peers held since memory was given back */
    struct stats spare; /* counts when the engine is no more */
};

/* -- what must hold ---------------------------------------------------------
 */

static const char *text_of(const struct settings *s, enum setting_id id)
{
    return s->value[id].text;
}

static bool has_pair(const struct settings *s)
{
    return *text_of(s, SET_tls_certificate) != '\0' &&
           *text_of(s, SET_tls_key) != '\0';
}

static enum err allowed(const struct settings *s, const struct address *a,
                        struct problem *p)
{
    if (a->kind == ADDRESS_TLS && !has_pair(s)) {
        return problem_set(
            p, ERR_BAD_PARAM, "server.listen", "",
            say("TLS 需要配置 tls.certificate 和 tls.key",
                "TLS needs tls.certificate and tls.key to be set"));
    }
    if (a->kind == ADDRESS_PLAIN && !a->loopback &&
        s->value[SET_server_plain].number == PLAIN_NO) {
        return problem_set(
            p, ERR_BAD_PARAM, "server.listen", "",
            say("不加密的 TCP 只能监听回环地址; 请改用 tls:, "
                "或在配置中写明 server.plain = yes-without-encryption",
                "TCP without TLS is for loopback only; use tls:, or say "
                "server.plain = yes-without-encryption"));
    }
    return OK;
}

enum err net_allowed(const struct settings *s, struct problem *p)
{
    enum err err = OK;
    if ((*text_of(s, SET_tls_certificate) == '\0') !=
        (*text_of(s, SET_tls_key) == '\0')) {
        return problem_set(p, ERR_BAD_PARAM, "tls.certificate", "",
                           say("tls.certificate 与 tls.key 须同时给出",
                               "tls.certificate and tls.key go together"));
    }
    for (int i = 0; err == OK && i < s->n_listen; i++) {
        err = allowed(s, &s->listen[i], p);
    }
    return err;
}

enum err net_check(const struct settings *s, instant *ret_ends,
                   struct problem *p)
{
    struct tls *tls = NULL;
    *ret_ends = 0;
    if (!has_pair(s)) {
        return OK;
    }
    enum err err = tls_open(text_of(s, SET_tls_certificate),
                            text_of(s, SET_tls_key), &tls, ret_ends, p);
    tls_close(tls);
    return err;
}

/* -- the certificate --------------------------------------------------------
 */

static void tell_end(instant ends)
{
    char text[INSTANT_TEXT_SIZE];
    bool soon = ends - (instant)time(NULL) < SOON_S;
    const struct log_field fields[] = {
        {NULL, soon ? "valid no longer than" : "valid until"},
        {"instant", instant_format(ends, text)}};
    log_fields(soon ? LOG_PRIORITY_WARNING : LOG_PRIORITY_INFO, "certificate",
               fields, 2);
}

static enum err load_pair(struct net *n, const struct settings *s,
                          struct problem *p)
{
    struct tls **tls = &n->host.conn.tls;
    const char *certificate = text_of(s, SET_tls_certificate);
    const char *key = text_of(s, SET_tls_key);
    instant ends = 0;
    enum err err = *tls == NULL ? tls_open(certificate, key, tls, &ends, p)
                                : tls_replace(*tls, certificate, key, &ends, p);
    if (err == OK) {
        tell_end(ends);
    }
    return err;
}

/* Without one at the start no listener can use one. */
enum err net_reload(struct net *n, const struct settings *settings,
                    struct problem *p)
{
    return n->host.conn.tls != NULL && has_pair(settings)
               ? load_pair(n, settings, p)
               : OK;
}

/* -- connections ------------------------------------------------------------
 */

static void count_connections(struct net *n)
{
    stats_set(n->host.conn.stats, FIGURE_connections, n->host.n);
}

static void accept_one(struct net *n, struct listener *l)
{
    n->accepted++;
    enum err err = session_accept(&n->host, l->kind, &l->uv.stream);
    l->waiting = err == ERR_NO_MEMORY; /* till the next turn */
    count_connections(n);
    if (err != OK) {
        log_text(LOG_PRIORITY_WARNING, "accept", err_text(err));
    }
}

/* Those who connect as fast as they can would keep the loop from all others:
 * libuv asks for the next connection as long as there is one and the one before
 * was accepted. What is left waiting is accepted in the next turn.
 *
 * When no descriptor is left, libuv itself takes the connection with one that
 * it keeps in reserve and closes it; we hear of it by the status. */
static void on_connection(uv_stream_t *stream, int status)
{
    struct listener *l = stream->data;
    struct net *n = l->owner;
    if (status < 0) {
        log_text(LOG_PRIORITY_WARNING, "accept", uv_strerror(status));
        return;
    }
    if (n->accepted < ACCEPTS_A_TURN) {
        accept_one(n, l);
    } else {
        l->waiting = true;
    }
}

static void accept_waiting(struct net *n)
{
    n->accepted = 0;
    for (int i = 0; !n->drained && i < n->n_listeners; i++) {
        if (n->listeners[i].waiting) {
            accept_one(n, &n->listeners[i]);
        }
    }
}

/* After a crowd of peers, nearly all of what the allocator holds is free, but
 * what little is in use lies between: of 262 MiB it gives back nothing by
 * itself and 230 when asked. */
static void give_back(struct net *n)
{
    const struct session_host *host = &n->host;
    size_t held = host->in_bytes + host->out_bytes + host->lines_bytes +
                  host->strange_bytes + (size_t)host->n * CONNECTION_BYTES;
    if (held > n->held) {
        n->held = held;
    } else if (n->held > TRIM_BYTES && held < n->held / 4) {
        n->held = held;
        malloc_trim(0);
    }
}

static void on_sweep(uv_timer_t *timer)
{
    struct net *n = timer->data;
    session_sweep_all(&n->host);
    give_back(n);
}

/* Does nothing: while it runs, the loop does not wait for anything else. */
static void on_more(uv_idle_t *idle)
{
    (void)idle;
}

void net_flush(struct net *n)
{
    accept_waiting(n);
    if (session_feed_all(&n->host)) {
        uv_idle_start(&n->more, on_more);
    } else {
        uv_idle_stop(&n->more);
    }
    session_flush_all(&n->host);
    count_connections(n);
}

/* -- start ------------------------------------------------------------------
 */

struct net *net_open(uv_loop_t *loop, struct engine *engine,
                     const struct settings *settings, void (*gone)(void *user),
                     void *user)
{
    struct net *n = calloc(1, sizeof *n);
    if (n == NULL) {
        return NULL;
    }
    n->host.conn.loop = loop;
    n->host.conn.stats = engine_stats(engine);
    n->host.engine = engine;
    n->host.settings = settings;
    n->host.connections_max = settings->value[SET_limits_connections].number;
    n->host.gone = gone;
    n->host.user = user;
    shed_init(&n->host.shed, settings);
    uv_idle_init(loop, &n->more);
    uv_timer_init(loop, &n->sweep);
    n->sweep.data = n;
    uv_timer_start(&n->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    return n;
}

enum err net_listen(struct net *n, struct problem *p)
{
    const struct settings *s = n->host.settings;
    mode_t mode =
        s->value[SET_server_socket].number == SOCKET_GROUP ? 0660 : 0600;
    enum err err = has_pair(s) ? load_pair(n, s, p) : OK;
    for (int i = 0; err == OK && i < s->n_listen; i++) {
        struct listener *l = &n->listeners[n->n_listeners++];
        l->owner = n;
        err = listener_open(l, n->host.conn.loop, &s->listen[i], mode,
                            on_connection, p);
        if (err == OK) {
            log_text(LOG_PRIORITY_INFO, "listening", l->text);
        }
    }
    return err;
}

/* -- end --------------------------------------------------------------------
 */

void net_drain(struct net *n)
{
    if (n->drained) {
        return;
    }
    n->drained = true;
    for (int i = 0; i < n->n_listeners; i++) {
        uv_close(&n->listeners[i].uv.handle, NULL);
    }
    session_drain_all(&n->host);
}

void net_cut(struct net *n)
{
    session_close_all(&n->host);
}

int net_left(const struct net *n)
{
    return n->host.n;
}

void net_forget_engine(struct net *n)
{
    n->host.engine = NULL;
    n->host.conn.stats = &n->spare;
}

void net_close(struct net *n)
{
    uv_close((uv_handle_t *)&n->sweep, NULL);
    uv_close((uv_handle_t *)&n->more, NULL);
}

void net_free(struct net *n)
{
    if (n != NULL) {
        tls_close(n->host.conn.tls);
        free(n);
    }
}
