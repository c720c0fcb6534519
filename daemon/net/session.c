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
    host->lines_bytes -= s->lines;
}

void session_try_free(struct session *s)
{
    if (!s->closed || s->in_engine > 0 || s->dirty || s->hungry) {
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
    struct asked *asked = job->user;
    struct exchange *x = asked->exchange;
    struct session *s = x->session;
    s->in_engine--;
    s->in_bytes -= job->bytes;
    s->host->in_bytes -= job->bytes;
    replies_expect(s);
    shed_settle(s, job, &asked->charge);
    if (s->conn.closing) {
        session_try_free(s);
        return;
    }
    replies_finish(x, job->err == OK ? NULL : &job->problem);
}

/* What a line takes, once it is read: room for the request, and each value of
 * it about VALUE_BYTES. Before each but the first stands one of these. */
static size_t weight(const char *line, size_t len)
{
    size_t values = 1;
    for (size_t i = 0; i < len; i++) {
        values += line[i] == ',' || line[i] == ':' || line[i] == '[';
    }
    return sizeof(struct asked) + len + values * VALUE_BYTES;
}

static void take_line(struct session *s, const char *line, size_t len)
{
    struct exchange *x = replies_add(s);
    struct problem p = {.err = OK};
    if (x == NULL) {
        return;
    }
    struct asked *asked = x->asked;
    struct job *job = &asked->job;
    if (request_parse(line, len, &job->request, &p) != OK ||
        shed_request(s, &job->request, &asked->charge, &p) != OK) {
        replies_finish(x, &p);
        return;
    }
    job->bytes = weight(line, len);
    job->lane = &s->lane;
    job->origin = &s->origin;
    job->done = on_job_done;
    job->user = asked;
    s->in_engine++;
    s->in_bytes += job->bytes;
    s->host->in_bytes += job->bytes;
    replies_expect(s);
    engine_submit(s->host->engine, job);
}

/* A request once taken is answered, whatever the answer takes: what is at work
 * counts as if it were answered already. */
static bool may_take(const struct session *s)
{
    return !s->draining && s->queued < IN_FLIGHT_MAX &&
           s->in_bytes < IN_FLIGHT_BYTES_MAX &&
           s->out_bytes + s->to_come < OUT_BYTES_MAX;
}

static bool has_nothing(const struct session *s)
{
    return s->queued == 0 && s->out_bytes == 0;
}

/* The same of all peers. */
static bool all_have_room(const struct session *s)
{
    size_t all = s->host->out_bytes + s->host->to_come;
    bool wide = all < OUT_ALL_BYTES_MAX && s->host->in_bytes < IN_ALL_BYTES_MAX;
    return wide || (has_nothing(s) && all < OUT_TOP_BYTES_MAX);
}

/* Nothing of its own will wake it. */
static void become_hungry(struct session *s)
{
    struct session_host *host = s->host;
    s->hungry = true;
    s->next_hungry = NULL;
    *(host->hungry == NULL ? &host->hungry : &host->hungry_last->next_hungry) =
        s;
    host->hungry_last = s;
    host->n_hungry++;
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
    for (int n = 0; !s->hungry && may_take(s); n++) {
        const char *line = NULL;
        size_t len = 0;
        if (n == LINES_A_TURN || s->host->lines_left <= 0) {
            become_hungry(s);
            return;
        }
        if (!all_have_room(s)) {
            if (has_nothing(s)) {
                become_hungry(s);
            }
            return;
        }
        enum line_result result = line_take(&s->in, &line, &len);
        if (result == LINE_NONE) {
            return;
        }
        s->line_since = 0;
        s->host->lines_left--;
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

/* Reads exactly when a line could be taken. */
void session_go_on(struct session *s)
{
    if (s->conn.closing) {
        return;
    }
    take_lines(s);
    shed_long(s);
    bool wanted = !s->hungry && may_take(s) && all_have_room(s) && !s->eof;
    watch_line(s, wanted);
    conn_read(&s->conn, wanted);
    bool last = s->eof || s->draining;
    if (last && !s->hungry && s->first == NULL && s->out_bytes == 0) {
        conn_end(&s->conn);
    }
}

/* Whoever sent whole lines and went wants them done, as far as they came before
 * the end was seen; but for reads, which nobody would hear of. */
static void finish_lines(struct session *s)
{
    s->lane.gone = true;
    replies_expect(s);
    take_lines(s);
    if (!s->hungry) {
        line_done(&s->in);
        shed_weigh(s);
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
    finish_lines(s);
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
    s->lane.known = s->origin.peer[0] != '\0';
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

static struct session *take_hungry(struct session_host *host)
{
    struct session *s = host->hungry;
    host->hungry = s->next_hungry;
    host->n_hungry--;
    s->hungry = false;
    return s;
}

bool session_feed_all(struct session_host *host)
{
    host->lines_left = LINES_ALL_A_TURN;
    shed_pressed(host);
    /* each once: those that get no further are back at the end */
    for (int n = host->n_hungry; n > 0 && host->lines_left > 0; n--) {
        struct session *s = take_hungry(host);
        if (s->conn.closing) {
            finish_lines(s);
            session_try_free(s);
        } else {
            session_go_on(s);
        }
    }
    return host->hungry != NULL && host->lines_left <= 0;
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
