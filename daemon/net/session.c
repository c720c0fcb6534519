/* The life of a session and its lines. */
#include "daemon/net/session.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/log.h"
#include "daemon/net/origin.h"
#include "daemon/net/session_parts.h"
#include "proto/message.h"

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
    host->strange_bytes -= s->strange;
}

void session_try_free(struct session *s)
{
    if (!s->closed || s->in_engine > 0 || s->dirty) {
        return;
    }
    struct session_host *host = s->host;
    unlink_session(s);
    replies_free(s);
    line_done(&s->in);
    free(s);
    host->gone(host->user);
}

/* -- requests ---------------------------------------------------------------
 */

static void on_job_done(struct job *job)
{
    struct exchange *x = job->user;
    struct session *s = x->session;
    s->in_engine--;
    s->in_bytes -= job->bytes;
    shed_settle(s, job, &x->charge);
    if (s->conn.closing) {
        session_try_free(s);
        return;
    }
    replies_finish(x, job->err == OK ? NULL : &job->problem);
}

/* What a line takes, once it is read: each value of it about VALUE_BYTES.
 * Before each but the first stands one of these. */
static size_t weight(const char *line, size_t len)
{
    size_t values = 1;
    for (size_t i = 0; i < len; i++) {
        values += line[i] == ',' || line[i] == ':' || line[i] == '[';
    }
    return len + values * VALUE_BYTES;
}

static void take_line(struct session *s, const char *line, size_t len)
{
    struct exchange *x = replies_add(s);
    struct problem p = {.err = OK};
    if (x == NULL) {
        return;
    }
    if (request_parse(line, len, &x->job.request, &p) != OK ||
        shed_request(s, &x->job.request, &x->charge, &p) != OK) {
        replies_finish(x, &p);
        return;
    }
    x->job.bytes = weight(line, len);
    x->job.lane = &s->lane;
    x->job.origin = &s->origin;
    x->job.done = on_job_done;
    x->job.user = x;
    s->in_engine++;
    s->in_bytes += x->job.bytes;
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
    return !s->conn.closing && !s->draining && s->queued < IN_FLIGHT_MAX &&
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
    replies_answer_null(s, &p);
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
        s->line_since = 0;
        if (result == LINE_WHOLE) {
            take_line(s, line, len);
        } else {
            answer_too_long(s);
        }
    }
}

/* Half a line is there, and it is the peer's turn. */
static void watch_line(struct session *s, bool wanted)
{
    bool half = s->in.len > s->in.start || s->in.skipping;
    if (!wanted || !half) {
        s->line_since = 0;
    } else if (s->line_since == 0) {
        s->line_since = uv_now(s->host->conn.loop);
    }
}

/* Peers who prove nothing may not each make us keep the longest line there is.
 * A log-in is short, and after it nothing is counted. */
static void weigh(struct session *s)
{
    struct session_host *host = s->host;
    bool stranger = !s->known && s->origin.peer[0] == '\0';
    size_t held = stranger && s->in.room > STRANGE_LINE_MAX ? s->in.room : 0;
    host->strange_bytes += held - s->strange;
    s->strange = held;
}

static void shed_strange(struct session *s)
{
    struct problem p;
    weigh(s);
    if (s->strange == 0 || s->host->strange_bytes <= STRANGE_BYTES_MAX) {
        return;
    }
    line_done(&s->in);
    weigh(s);
    stats_add(s->host->conn.stats, FIGURE_turned_away, 1);
    problem_set(&p, ERR_BUSY, "", "a short line, or a log-in first",
                "too many long lines are begun");
    session_shed(s, &p);
}

/* Reads exactly when a line could be taken. */
void session_go_on(struct session *s)
{
    if (s->conn.closing) {
        return;
    }
    take_lines(s);
    shed_strange(s);
    bool wanted = may_take(s) && !s->eof;
    watch_line(s, wanted);
    conn_read(&s->conn, wanted);
    bool last = s->eof || s->draining;
    if (last && s->first == NULL && s->out_bytes == 0) {
        conn_end(&s->conn);
    }
}

/* -- what the connection says -----------------------------------------------
 */

static void on_came(void *user, const char *bytes, size_t len)
{
    struct session *s = user;
    if (line_feed(&s->in, bytes, len) != OK) {
        log_text(LOG_PRIORITY_ERROR, "session", "no memory for a line");
        conn_close(&s->conn);
    }
    session_go_on(s);
}

static void on_ended(void *user)
{
    struct session *s = user;
    s->eof = true;
    session_go_on(s);
}

static void on_written(void *user, size_t bytes)
{
    struct session *s = user;
    replies_written(s, bytes);
    session_go_on(s);
}

static void on_closed(void *user)
{
    struct session *s = user;
    s->closed = true;
    session_try_free(s);
}

static const struct conn_events events = {on_came, on_ended, on_written,
                                          on_closed};

/* -- start ------------------------------------------------------------------
 */

static struct session *make_session(struct session_host *host)
{
    struct session *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->host = host;
    s->reply_top = REPLY_BYTES_GUESS;
    s->heard = uv_now(host->conn.loop);
    s->next = host->all;
    if (host->all != NULL) {
        host->all->prev = s;
    }
    host->all = s;
    host->n++;
    line_init(&s->in, LINE_BYTES_MAX);
    return s;
}

static void find_origin(struct session *s)
{
    if (s->conn.local) {
        origin_of_pipe(&s->conn.uv.pipe, s->host->settings, &s->origin);
    } else {
        origin_of_tcp(&s->conn.uv.tcp, &s->origin);
    }
    s->source = rates_name(s->origin.source);
    s->conn.from = s->origin.source;
}

/* To say it inside TLS would cost a handshake, which is what is too much. */
static void turn_away(struct session *s, const struct problem *p)
{
    stats_add(s->host->conn.stats, FIGURE_turned_away, 1);
    if (s->conn.kind == ADDRESS_TLS) {
        conn_close(&s->conn);
    } else {
        session_shed(s, p);
    }
}

enum err session_accept(struct session_host *host, enum address_kind kind,
                        uv_stream_t *listener)
{
    struct problem p = {.err = OK};
    struct session *s = make_session(host);
    if (s == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err =
        conn_accept(&s->conn, &host->conn, kind, listener, &events, s);
    if (err != OK) {
        return err;
    }
    find_origin(s);
    stats_add(host->conn.stats, FIGURE_connected, 1);
    if (shed_connection(s, &p) != OK) {
        turn_away(s, &p);
    } else {
        session_go_on(s);
    }
    return OK;
}

/* -- all of them ------------------------------------------------------------
 */

void session_flush_all(struct session_host *host)
{
    /* Flushing takes further lines, whose replies may make sessions dirty
     * again: they are on the new list, and the next turn is at once. */
    while (host->dirty != NULL) {
        struct session *s = host->dirty;
        host->dirty = s->next_dirty;
        s->dirty = false;
        if (s->conn.closing) {
            session_try_free(s);
        } else {
            replies_flush(s);
            session_go_on(s);
        }
    }
}

void session_shed(struct session *s, const struct problem *p)
{
    replies_answer_null(s, p);
    s->draining = true;
    replies_mark_dirty(s);
}

void session_sweep_all(struct session_host *host)
{
    /* Nothing is freed here, only later on the loop. */
    for (struct session *s = host->all; s != NULL; s = s->next) {
        struct problem p = {.err = OK};
        enum err err = shed_slow(s, &p);
        if (err != OK && p.detail[0] != '\0') {
            conn_tell(&s->conn, "too slow", p.detail);
        }
        if (err == ERR_TOO_SLOW) {
            session_shed(s, &p);
        } else if (err != OK) {
            conn_close(&s->conn);
        }
    }
}

void session_drain_all(struct session_host *host)
{
    for (struct session *s = host->all; s != NULL; s = s->next) {
        s->draining = true;
        replies_mark_dirty(s);
    }
}

void session_close_all(struct session_host *host)
{
    for (struct session *s = host->all; s != NULL; s = s->next) {
        conn_close(&s->conn);
    }
}
