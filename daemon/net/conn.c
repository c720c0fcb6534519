#include "daemon/net/conn.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "proto/wipe.h"

enum {
    KEEPALIVE_S = 120,
    LINGER_MS = 1000,
    LOG_LINES_MAX = 10 /* a second */
};

/* Texts on their way; freed when they are out. */
struct conn_write {
    uv_write_t write;
    struct conn *conn;
    struct conn_write *next;
    uint64_t since; /* loop time */
    size_t bytes;   /* as the user counts them */
    unsigned n;
    uv_buf_t texts[];
};

void conn_tell(struct conn *c, const char *what, const char *why)
{
    struct conn_host *host = c->host;
    uint64_t second = uv_now(host->loop) / 1000;
    const struct log_field fields[] = {{NULL, why}, {"from", c->from}};
    if (second != host->log_second) {
        host->log_second = second;
        host->logged = 0;
    }
    if (host->logged++ < LOG_LINES_MAX) {
        log_fields(LOG_PRIORITY_INFO, what, fields, 2);
    }
}

/* -- end --------------------------------------------------------------------
 */

static void on_close(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    tls_end(c->tls);
    c->tls = NULL;
    c->events->closed(c->user);
}

void conn_close(struct conn *c)
{
    if (!c->closing) {
        c->closing = true;
        uv_close(&c->uv.handle, on_close);
    }
}

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
    struct conn *c = shutdown->data;
    c->ended_at = uv_now(c->host->loop);
    if (status < 0 || c->local || c->eof) {
        conn_close(c);
    }
}

/* -- writing ----------------------------------------------------------------
 */

/* A reply may tell a token. */
static void free_texts(const uv_buf_t *texts, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        wipe_free(texts[i].base, texts[i].len);
    }
}

static void free_write(struct conn_write *w)
{
    free_texts(w->texts, w->n);
    free(w);
}

static void on_written(uv_write_t *write, int status)
{
    struct conn_write *w = write->data;
    struct conn *c = w->conn;
    size_t bytes = w->bytes;
    c->first = w->next; /* libuv ends them in their order */
    if (c->first == NULL) {
        c->last = NULL;
    }
    free_write(w);
    if (status < 0) {
        conn_close(c);
    }
    if (bytes > 0) {
        c->events->written(c->user, bytes);
    }
}

static void enqueue(struct conn *c, struct conn_write *w)
{
    w->since = uv_now(c->host->loop);
    if (c->last == NULL) {
        c->first = w;
    } else {
        c->last->next = w;
    }
    c->last = w;
}

/* Takes the texts over; false: they are gone, and so is the connection. */
static bool send_texts(struct conn *c, const uv_buf_t *texts, unsigned n,
                       size_t bytes)
{
    struct conn_write *w = calloc(1, sizeof *w + n * sizeof *texts);
    if (w == NULL) {
        log_text(LOG_PRIORITY_ERROR, "connection", "no memory to write");
        free_texts(texts, n);
        conn_close(c);
        return false;
    }
    w->conn = c;
    w->bytes = bytes;
    w->n = n;
    w->write.data = w;
    memcpy(w->texts, texts, n * sizeof *texts);
    if (c->closing ||
        uv_write(&w->write, &c->uv.stream, w->texts, n, on_written) != 0) {
        free_write(w);
        conn_close(c);
        return false;
    }
    enqueue(c, w);
    return true;
}

/* Sends what TLS has made of something. */
static bool send_sealed(struct conn *c, size_t bytes)
{
    size_t len = 0;
    char *sealed = tls_take(c->tls, &len);
    if (sealed == NULL) {
        return bytes == 0;
    }
    uv_buf_t text = uv_buf_init(sealed, (unsigned)len);
    return send_texts(c, &text, 1, bytes);
}

static bool seal(struct conn *c, const uv_buf_t *texts, unsigned n)
{
    bool good = true;
    tls_hold(c->tls);
    for (unsigned i = 0; i < n; i++) {
        good = good && tls_write(c->tls, texts[i].base, texts[i].len);
    }
    free_texts(texts, n);
    return tls_let_go(c->tls) && good;
}

void conn_write(struct conn *c, const uv_buf_t *texts, unsigned n, size_t bytes)
{
    bool sent;
    if (c->tls == NULL) {
        sent = send_texts(c, texts, n, bytes);
    } else {
        sent = seal(c, texts, n) && send_sealed(c, bytes);
    }
    if (!sent) {
        conn_close(c);
        c->events->written(c->user, bytes);
    }
}

/* -- TLS --------------------------------------------------------------------
 */

static void tls_failed(struct conn *c)
{
    char why[TLS_WHY_SIZE];
    stats_add(c->host->stats, FIGURE_tls_failed, 1);
    conn_tell(c, "tls", tls_why(c->tls, why));
    (void)send_sealed(c, 0); /* the alert, as far as the socket takes it now */
    conn_close(c);
}

static void end_of_peer(struct conn *c)
{
    bool first = !c->eof;
    c->eof = true;
    if (c->ended_at != 0) {
        conn_close(c); /* both have said so */
    } else if (first && !c->ending) {
        c->events->ended(c->user);
    }
}

static void shake_hands(struct conn *c)
{
    enum tls_result result = tls_handshake(c->tls);
    if (result == TLS_FAILED) {
        tls_failed(c);
        return;
    }
    (void)send_sealed(c, 0);
    if (result == TLS_DONE) {
        c->handshaking = false;
    }
}

/* All that came is opened at once: TLS keeps no bytes that nobody asks for. */
static void open_records(struct conn *c)
{
    while (!c->closing && !c->handshaking) {
        size_t len = 0;
        enum tls_result result =
            tls_read(c->tls, c->host->plain, sizeof c->host->plain, &len);
        if (result == TLS_DONE) {
            if (!c->ending) {
                c->events->came(c->user, c->host->plain, len);
            }
            wipe(c->host->plain, len);
            continue;
        }
        if (result == TLS_FAILED) {
            tls_failed(c);
        } else if (result == TLS_END) {
            end_of_peer(c);
        }
        break;
    }
    if (!c->closing) {
        (void)send_sealed(c, 0); /* new keys are answered */
    }
}

/* -- reading ----------------------------------------------------------------
 */

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct conn *c = handle->data;
    (void)size;
    *buf = uv_buf_init(c->host->buffer, sizeof c->host->buffer);
}

static void set_reading(struct conn *c);

static void take_bytes(struct conn *c, const char *bytes, size_t len)
{
    if (c->tls == NULL) {
        if (!c->ending) {
            c->events->came(c->user, bytes, len);
        }
        return;
    }
    tls_feed(c->tls, bytes, len);
    if (c->handshaking) {
        shake_hands(c);
    }
    open_records(c);
}

/* The end inside a handshake ends a connection on which nothing was said. */
static void on_end(struct conn *c)
{
    if (c->handshaking) {
        stats_add(c->host->stats, FIGURE_tls_failed, 1);
        conn_close(c);
        return;
    }
    end_of_peer(c);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    if (n == UV_EOF) {
        on_end(c);
    } else if (n < 0) {
        conn_close(c);
    } else if (n > 0) {
        take_bytes(c, buf->base, (size_t)n);
        wipe(buf->base, (size_t)n);
    }
    set_reading(c);
}

static void set_reading(struct conn *c)
{
    bool want = (c->wanted || c->handshaking || c->ending) && !c->eof;
    if (want == c->reading || c->closing) {
        return;
    }
    c->reading = want;
    if (!want) {
        uv_read_stop(&c->uv.stream);
    } else if (uv_read_start(&c->uv.stream, on_alloc, on_read) != 0) {
        conn_close(c);
    }
}

void conn_read(struct conn *c, bool wanted)
{
    c->wanted = wanted;
    set_reading(c);
}

void conn_end(struct conn *c)
{
    if (c->ending || c->closing) {
        return;
    }
    c->ending = true;
    if (c->tls != NULL && !c->handshaking) {
        tls_bye(c->tls);
        (void)send_sealed(c, 0);
    }
    c->shutdown.data = c;
    if (c->closing || c->handshaking ||
        uv_shutdown(&c->shutdown, &c->uv.stream, on_shutdown) != 0) {
        conn_close(c);
    }
    set_reading(c);
}

/* -- start ------------------------------------------------------------------
 */

static bool begin_tls(struct conn *c)
{
    if (c->kind == ADDRESS_TLS) {
        c->tls = tls_begin(c->host->tls);
        c->handshaking = c->tls != NULL;
        return c->handshaking;
    }
    return true;
}

enum err conn_accept(struct conn *c, struct conn_host *host,
                     enum address_kind kind, uv_stream_t *listener,
                     const struct conn_events *events, void *user)
{
    *c = (struct conn){.host = host,
                       .events = events,
                       .user = user,
                       .kind = kind,
                       .local = kind == ADDRESS_UNIX,
                       .begun = uv_now(host->loop)};
    if (c->local) {
        uv_pipe_init(host->loop, &c->uv.pipe, 0);
    } else {
        uv_tcp_init(host->loop, &c->uv.tcp);
    }
    c->uv.handle.data = c;
    if (uv_accept(listener, &c->uv.stream) != 0) {
        conn_close(c);
        return ERR_CONNECTION;
    }
    if (!c->local) {
        uv_tcp_nodelay(&c->uv.tcp, 1);
        uv_tcp_keepalive(&c->uv.tcp, 1, KEEPALIVE_S);
    }
    if (!begin_tls(c)) {
        log_text(LOG_PRIORITY_ERROR, "connection", "no memory for TLS");
        conn_close(c);
        return ERR_CONNECTION; /* accepted, and gone again */
    }
    set_reading(c);
    return OK;
}

/* -- time -------------------------------------------------------------------
 */

enum conn_lateness conn_lateness(const struct conn *c, uint64_t now,
                                 const struct conn_patience *patience)
{
    if (c->closing) {
        return CONN_IN_TIME;
    }
    if (c->handshaking && now - c->begun >= patience->handshake) {
        return CONN_LATE_HANDSHAKE;
    }
    if (c->first != NULL && now - c->first->since >= patience->take) {
        return CONN_LATE_TAKING;
    }
    return c->ended_at != 0 && now - c->ended_at >= LINGER_MS ? CONN_LATE_ENDING
                                                              : CONN_IN_TIME;
}
