#include "daemon/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/stats.h"
#include "proto/line.h"
#include "proto/message.h"

/* One request and, in time, its reply. In the session's queue until written. */
struct exchange {
    struct job job;
    struct session *session;
    struct exchange *next;
    char *reply; /* NULL: a notification gets none */
    size_t reply_len;
    bool finished;
};

struct session {
    uv_pipe_t pipe;
    struct session_host *host;
    struct session *next;
    struct session *prev;
    struct session *next_dirty;
    struct line_reader in;
    struct lane lane;
    struct exchange *first; /* in the order of the requests */
    struct exchange *last;
    int queued;       /* exchanges in the queue, */
    size_t in_bytes;  /* the lines of those not finished, */
    int in_engine;    /* how many those are */
    size_t out_bytes; /* of replies made and not yet written */
    size_t reply_top; /* about the largest of its late replies */
    bool dirty;
    bool reading;
    bool eof;      /* the peer sends no more */
    bool draining; /* we take no more */
    bool closing;
    bool closed; /* freed when in_engine is 0 too */
};

/* -- end of a session -------------------------------------------------------
 */

static void unlink_session(struct session *s)
{
    struct session_host *host = s->host;
    *(s->prev != NULL ? &s->prev->next : &host->all) = s->next;
    if (s->next != NULL) {
        s->next->prev = s->prev;
    }
    host->n--;
}

static void free_exchange(struct exchange *x)
{
    request_done(&x->job.request);
    json_decref(x->job.result);
    free(x->reply);
    free(x);
}

/* Rises at once to what a reply takes, sinks slowly. */
static void note_reply(struct session *s, size_t len)
{
    s->out_bytes += len;
    s->host->out_bytes += len;
    s->reply_top -= s->reply_top / 8;
    if (len > s->reply_top) {
        s->reply_top = len;
    }
}

static void drop_reply(struct session *s, size_t len)
{
    s->out_bytes -= len;
    s->host->out_bytes -= len;
}

static void free_queue(struct session *s)
{
    while (s->first != NULL) {
        struct exchange *x = s->first;
        s->first = x->next;
        drop_reply(s, x->reply == NULL ? 0 : x->reply_len);
        free_exchange(x);
    }
}

static void try_free(struct session *s)
{
    if (!s->closed || s->in_engine > 0 || s->dirty) {
        return;
    }
    struct session_host *host = s->host;
    unlink_session(s);
    free_queue(s);
    line_done(&s->in);
    free(s);
    host->gone(host->user);
}

static void on_close(uv_handle_t *handle)
{
    struct session *s = handle->data;
    s->closed = true;
    try_free(s);
}

static void session_close(struct session *s)
{
    if (!s->closing) {
        s->closing = true;
        uv_close((uv_handle_t *)&s->pipe, on_close);
    }
}

/* -- replies ----------------------------------------------------------------
 */

static void mark_dirty(struct session *s)
{
    if (!s->dirty) {
        s->dirty = true;
        s->next_dirty = s->host->dirty;
        s->host->dirty = s;
    }
}

static void make_error(struct exchange *x, const struct problem *p)
{
    x->reply = reply_error(x->job.request.id, p, &x->reply_len);
    stats_refused(engine_stats(x->session->host->engine), p->err);
}

static void make_result(struct exchange *x)
{
    struct job *job = &x->job;
    x->reply =
        reply_result(job->request.id, job->result, job->seq, &x->reply_len);
    job->result = NULL; /* stolen */
}

/* The exchange is done with (problem NULL: by a result): its reply is made now
 * and written when all before it are. */
static void finish(struct exchange *x, const struct problem *p)
{
    struct session *s = x->session;
    x->finished = true;
    if (x->job.request.id != NULL) {
        if (p != NULL) {
            make_error(x, p);
        } else {
            make_result(x);
        }
        if (x->reply == NULL) {
            struct problem none;
            problem_set(&none, ERR_NO_MEMORY, "", "", "");
            make_error(x, &none);
        }
        if (x->reply == NULL) {
            /* A reply that is missing would shift all after it. */
            log_text(LOG_PRIORITY_ERROR, "session", "no memory for a reply");
            session_close(s);
            return;
        }
        note_reply(s, x->reply_len);
    }
    request_done(&x->job.request);
    mark_dirty(s);
}

static void on_job_done(struct job *job)
{
    struct exchange *x = job->user;
    struct session *s = x->session;
    s->in_engine--;
    s->in_bytes -= job->bytes;
    if (s->closing) {
        try_free(s);
        return;
    }
    finish(x, job->err == OK ? NULL : &job->problem);
}

/* -- requests ---------------------------------------------------------------
 */

static struct exchange *add_exchange(struct session *s)
{
    struct exchange *x = calloc(1, sizeof *x);
    if (x == NULL) {
        log_text(LOG_PRIORITY_ERROR, "session", "no memory for a request");
        session_close(s);
        return NULL;
    }
    x->session = s;
    if (s->last == NULL) {
        s->first = x;
    } else {
        s->last->next = x;
    }
    s->last = x;
    s->queued++;
    return x;
}

/* An answer to something that is not even a request. */
static void answer_null(struct session *s, const struct problem *p)
{
    struct exchange *x = add_exchange(s);
    if (x != NULL) {
        x->job.request.id = json_null();
        finish(x, p);
    }
}

static void take_line(struct session *s, const char *line, size_t len)
{
    struct exchange *x = add_exchange(s);
    struct problem p = {.err = OK};
    if (x == NULL) {
        return;
    }
    if (request_parse(line, len, &x->job.request, &p) != OK) {
        finish(x, &p);
        return;
    }
    x->job.bytes = len;
    x->job.lane = &s->lane;
    x->job.done = on_job_done;
    x->job.user = x;
    s->in_engine++;
    s->in_bytes += len;
    engine_submit(s->host->engine, &x->job);
}

/* A request once taken is answered, whatever the answer takes: what is at work
 * counts as if it were answered already. */
static bool has_room(const struct session *s)
{
    size_t to_come = (size_t)s->in_engine * s->reply_top;
    return s->out_bytes + to_come < OUT_BYTES_MAX &&
           (s->host->out_bytes < OUT_ALL_BYTES_MAX ||
            (s->queued == 0 && s->out_bytes == 0));
}

static bool may_take(const struct session *s)
{
    return !s->closing && !s->draining && s->queued < IN_FLIGHT_MAX &&
           s->in_bytes < IN_FLIGHT_BYTES_MAX && has_room(s);
}

/* A line of which no more is known than that it was too long. */
static void answer_too_long(struct session *s)
{
    char expected[PROBLEM_TEXT_SIZE];
    struct problem p;
    snprintf(expected, sizeof expected, "a line of at most %d bytes",
             LINE_BYTES_MAX);
    problem_set(&p, ERR_TOO_LONG, "", expected, "");
    answer_null(s, &p);
}

static void take_lines(struct session *s)
{
    while (may_take(s)) {
        const char *line = NULL;
        size_t len = 0;
        enum line_result result = line_take(&s->in, &line, &len);
        if (result == LINE_NONE) {
            return;
        }
        if (result == LINE_WHOLE) {
            take_line(s, line, len);
        } else {
            answer_too_long(s);
        }
    }
}

/* -- reading ----------------------------------------------------------------
 */

static void go_on(struct session *s);

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct session *s = handle->data;
    (void)size;
    *buf = uv_buf_init(s->host->buffer, sizeof s->host->buffer);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct session *s = stream->data;
    if (n == UV_EOF) {
        s->eof = true;
    } else if (n < 0) {
        session_close(s);
    } else if (n > 0 && line_feed(&s->in, buf->base, (size_t)n) != OK) {
        log_text(LOG_PRIORITY_ERROR, "session", "no memory for a line");
        session_close(s);
    }
    go_on(s);
}

/* Reads exactly when a line could be taken. */
static void set_reading(struct session *s)
{
    bool want = may_take(s) && !s->eof;
    if (want == s->reading || s->closing) {
        return;
    }
    s->reading = want;
    if (!want) {
        uv_read_stop((uv_stream_t *)&s->pipe);
    } else if (uv_read_start((uv_stream_t *)&s->pipe, on_alloc, on_read) != 0) {
        session_close(s);
    }
}

/* Takes what may be taken, then reads, or ends what is complete. */
static void go_on(struct session *s)
{
    take_lines(s);
    set_reading(s);
    bool last = s->eof || s->draining;
    if (last && s->first == NULL && s->out_bytes == 0) {
        session_close(s);
    }
}

/* -- writing ----------------------------------------------------------------
 */

struct burst {
    uv_write_t write;
    struct session *session;
    size_t bytes;
    unsigned n;
    uv_buf_t lines[IN_FLIGHT_MAX];
};

static void free_burst(struct burst *b)
{
    for (unsigned i = 0; i < b->n; i++) {
        free(b->lines[i].base);
    }
    free(b);
}

static void on_written(uv_write_t *write, int status)
{
    struct burst *b = write->data;
    struct session *s = b->session;
    drop_reply(s, b->bytes);
    free_burst(b);
    if (status < 0) {
        session_close(s);
    } else {
        go_on(s);
    }
}

/* Moves the replies whose turn has come out of the queue. */
static void gather(struct session *s, struct burst *b)
{
    while (s->first != NULL && s->first->finished && b->n < IN_FLIGHT_MAX) {
        struct exchange *x = s->first;
        s->first = x->next;
        if (s->first == NULL) {
            s->last = NULL;
        }
        s->queued--;
        if (x->reply != NULL) {
            b->lines[b->n++] = uv_buf_init(x->reply, (unsigned)x->reply_len);
            b->bytes += x->reply_len;
            x->reply = NULL;
        }
        free_exchange(x);
    }
}

static void flush(struct session *s)
{
    struct burst *b = calloc(1, sizeof *b);
    if (b == NULL) {
        log_text(LOG_PRIORITY_ERROR, "session", "no memory to write");
        session_close(s);
        return;
    }
    b->session = s;
    b->write.data = b;
    gather(s, b);
    if (b->n == 0) {
        free(b);
    } else if (uv_write(&b->write, (uv_stream_t *)&s->pipe, b->lines, b->n,
                        on_written) != 0) {
        drop_reply(s, b->bytes);
        free_burst(b);
        session_close(s);
    }
    go_on(s);
}

void session_flush_all(struct session_host *host)
{
    /* Flushing takes further lines, whose replies may make sessions dirty
     * again: they are on the new list, and the next turn is at once. */
    while (host->dirty != NULL) {
        struct session *s = host->dirty;
        host->dirty = s->next_dirty;
        s->dirty = false;
        if (s->closing) {
            try_free(s);
        } else {
            flush(s);
        }
    }
}

/* -- all of them ------------------------------------------------------------
 */

static struct session *make_session(struct session_host *host)
{
    struct session *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->host = host;
    s->reply_top = REPLY_BYTES_GUESS;
    s->next = host->all;
    if (host->all != NULL) {
        host->all->prev = s;
    }
    host->all = s;
    host->n++;
    line_init(&s->in, LINE_BYTES_MAX);
    uv_pipe_init(host->loop, &s->pipe, 0);
    s->pipe.data = s;
    return s;
}

static enum err accept_one(struct session_host *host, uv_stream_t *listener,
                           struct session **ret)
{
    struct session *s = make_session(host);
    if (s == NULL) {
        return ERR_NO_MEMORY;
    }
    if (uv_accept(listener, (uv_stream_t *)&s->pipe) != 0) {
        session_close(s);
        return ERR_CONNECTION;
    }
    *ret = s;
    return OK;
}

enum err session_accept(struct session_host *host, uv_stream_t *listener)
{
    struct session *s = NULL;
    enum err err = accept_one(host, listener, &s);
    if (err == OK) {
        set_reading(s);
    }
    return err;
}

enum err session_turn_away(struct session_host *host, uv_stream_t *listener)
{
    struct session *s = NULL;
    enum err err = accept_one(host, listener, &s);
    if (err == OK) {
        struct problem p;
        problem_set(&p, ERR_BUSY, "", "", "too many connections");
        answer_null(s, &p);
        s->draining = true;
    }
    return err;
}

void session_drain_all(struct session_host *host)
{
    for (struct session *s = host->all; s != NULL; s = s->next) {
        s->draining = true;
        mark_dirty(s);
    }
}

void session_close_all(struct session_host *host)
{
    for (struct session *s = host->all; s != NULL; s = s->next) {
        session_close(s);
    }
}
