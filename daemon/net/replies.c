/* Exchanges in the order of their requests, and their replies. */
#include <stdlib.h>

#include "daemon/log.h"
#include "daemon/net/session_parts.h"
#include "proto/message.h"

/* -- the queue --------------------------------------------------------------
 */

static struct exchange *make_exchange(void)
{
    struct exchange *x = calloc(1, sizeof *x);
    struct asked *asked = calloc(1, sizeof *asked);
    if (x == NULL || asked == NULL) {
        free(x);
        free(asked);
        return NULL;
    }
    x->asked = asked;
    asked->exchange = x;
    return x;
}

struct exchange *replies_add(struct session *s)
{
    struct exchange *x = make_exchange();
    if (x == NULL) {
        log_text(LOG_PRIORITY_ERROR, "session", "no memory for a request");
        conn_close(&s->conn);
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

static void free_asked(struct exchange *x)
{
    if (x->asked != NULL) {
        request_done(&x->asked->job.request);
        json_decref(x->asked->job.result);
        free(x->asked);
        x->asked = NULL;
    }
}

static void free_exchange(struct exchange *x)
{
    free_asked(x);
    free(x->reply);
    free(x);
}

/* What a reply takes until it is written: short ones have more beside them
 * than in them. */
static size_t cost(const struct exchange *x)
{
    return x->reply == NULL ? 0 : x->reply_len + sizeof *x;
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
    replies_expect(s);
}

void replies_expect(struct session *s)
{
    /* where nobody takes them, none are made */
    size_t to_come = s->lane.gone ? 0 : (size_t)s->in_engine * s->reply_top;
    s->host->to_come += to_come - s->to_come;
    s->to_come = to_come;
}

static void drop_reply(struct session *s, size_t len)
{
    s->out_bytes -= len;
    s->host->out_bytes -= len;
}

void replies_free(struct session *s)
{
    while (s->first != NULL) {
        struct exchange *x = s->first;
        s->first = x->next;
        drop_reply(s, cost(x));
        free_exchange(x);
    }
}

/* -- making them ------------------------------------------------------------
 */

void replies_mark_dirty(struct session *s)
{
    if (!s->dirty) {
        s->dirty = true;
        s->next_dirty = s->host->dirty;
        s->host->dirty = s;
    }
}

static void make_error(struct exchange *x, const struct problem *p)
{
    x->reply = reply_error(x->asked->job.request.id, p, &x->reply_len);
    stats_refused(x->session->host->conn.stats, p->err);
}

static void make_result(struct exchange *x)
{
    struct job *job = &x->asked->job;
    x->reply =
        reply_result(job->request.id, job->result, job->seq, &x->reply_len);
    job->result = NULL; /* stolen */
}

static void make_reply(struct exchange *x, const struct problem *p)
{
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
}

void replies_finish(struct exchange *x, const struct problem *p)
{
    struct session *s = x->session;
    if (x->asked->job.request.id != NULL) {
        make_reply(x, p);
        if (x->reply == NULL) {
            /* A reply that is missing would shift all after it. */
            log_text(LOG_PRIORITY_ERROR, "session", "no memory for a reply");
            conn_close(&s->conn);
            return;
        }
        note_reply(s, cost(x));
    }
    free_asked(x);
    replies_mark_dirty(s);
}

void replies_answer_null(struct session *s, const struct problem *p)
{
    struct exchange *x = replies_add(s);
    if (x != NULL) {
        x->asked->job.request.id = json_null();
        replies_finish(x, p);
    }
}

/* -- writing them -----------------------------------------------------------
 */

struct burst {
    size_t bytes;
    unsigned n;
    uv_buf_t texts[IN_FLIGHT_MAX];
};

/* Moves the replies whose turn has come out of the queue. */
static void gather(struct session *s, struct burst *b)
{
    b->bytes = 0;
    b->n = 0;
    while (s->first != NULL && s->first->asked == NULL &&
           b->n < IN_FLIGHT_MAX) {
        struct exchange *x = s->first;
        s->first = x->next;
        if (s->first == NULL) {
            s->last = NULL;
        }
        s->queued--;
        if (x->reply != NULL) {
            b->texts[b->n++] = uv_buf_init(x->reply, (unsigned)x->reply_len);
            b->bytes += cost(x);
            x->reply = NULL;
        }
        free_exchange(x);
    }
}

void replies_flush(struct session *s)
{
    struct burst b;
    gather(s, &b);
    if (b.n > 0) {
        conn_write(&s->conn, b.texts, b.n, b.bytes);
    }
}

void replies_written(struct session *s, size_t bytes)
{
    drop_reply(s, bytes);
}
