/* The loop's side of what goes outside: see outgoing.h. A sender is free, or it
 * sends, or it waits for its outcome to be noted; a failed note is given again
 * and the hook stays where it is till then. */
#include "daemon/outgoing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/notify/courier.h"
#include "daemon/notify/reach.h"
#include "daemon/notify/sign.h"
#include "daemon/parcel.h"
#include "daemon/stats.h"

enum {
    AGAIN_MS = 1000,     /* after a read or a note failed */
    LOOK_MAX_MS = 60000, /* a clock that was set anew is noticed */
    TARGET_SIZE = HOOK_URL_SIZE + HOOK_URL_SIZE + SIGN_QUERY_SIZE
};

enum sender_state {
    SENDER_FREE,
    SENDER_SENDING,
    SENDER_NOTING,
    SENDER_TO_NOTE /* the note failed */
};

struct sender {
    struct outgoing *outgoing;
    enum sender_state state;
    struct parcel parcel;
    struct errand errand;
    char url[TARGET_SIZE];
    char *body;
    struct attempt attempt;
    char error[OUTBOX_ERROR_SIZE];
    struct job note;
};

struct outgoing {
    uv_loop_t *loop;
    struct engine *engine;
    struct courier *courier;
    uv_timer_t timer; /* the next look; while closing, the last words */
    struct lane lane;
    struct sender senders[SENDERS];
    /* a look under way */
    bool looking;
    bool look_again;
    struct job look;
    struct parcel_ask ask;
    int64_t busy[SENDERS];
    struct parcel found[SENDERS];
    int n_found;
    instant next;
    bool deliver;
    bool closing;
    bool ended;
    void (*closed)(void *user);
    void *closed_user;
};

static void try_end(struct outgoing *o);

/* -- noting what came of it -------------------------------------------------
 */

static enum err run_note(struct store *s, void *user)
{
    struct sender *w = user;
    enum err err = outbox_mark(s, w->parcel.delivery.id, &w->attempt);
    return err == ERR_NOT_FOUND ? OK : err; /* its hook has ended */
}

static void look_in(struct outgoing *o, uint64_t ms);

static void on_noted(struct job *job)
{
    struct sender *w = job->user;
    struct outgoing *o = w->outgoing;
    if (job->err != OK && !o->closing) {
        w->state = SENDER_TO_NOTE;
        look_in(o, AGAIN_MS);
        return;
    }
    w->state = SENDER_FREE;
    free(w->body);
    w->body = NULL;
    if (o->closing) {
        try_end(o);
    } else {
        outgoing_look(o);
    }
}

static void note(struct sender *w)
{
    struct outgoing *o = w->outgoing;
    w->state = SENDER_NOTING;
    w->note = (struct job){.own = {run_note, w, true},
                           .lane = &o->lane,
                           .done = on_noted,
                           .user = w};
    engine_submit(o->engine, &w->note);
}

static uint32_t chance(void)
{
    uint32_t number = 0;
    uv_random(NULL, NULL, &number, sizeof number, 0, NULL);
    return number;
}

static void tell_outcome(const struct sender *w)
{
    char id[24];
    enum figure figure = w->attempt.state == OUTBOX_FAILED ? FIGURE_given_up
                         : w->attempt.state == OUTBOX_DONE
                             ? FIGURE_delivered
                             : FIGURE_failed_attempts;
    stats_add(engine_stats(w->outgoing->engine), figure, 1);
    if (w->attempt.state == OUTBOX_FAILED) {
        snprintf(id, sizeof id, "%lld", (long long)w->parcel.delivery.id);
        const struct log_field fields[] = {
            {NULL, "given up"}, {"delivery", id}, {"error", w->attempt.error}};
        log_fields(LOG_PRIORITY_WARNING, "outbox", fields, 3);
    }
}

/* -- sending ----------------------------------------------------------------
 */

static void on_answer(struct errand *errand, const struct answer *answer)
{
    struct sender *w = errand->user;
    w->attempt =
        outcome_of(answer, w->parcel.kind, w->parcel.delivery.attempts + 1,
                   engine_now(w->outgoing->engine), chance(), w->error);
    tell_outcome(w);
    note(w);
}

/* The address with its query; a DingTalk robot's signature stands there too. */
static void write_url(struct sender *w, int64_t now)
{
    const struct hook_secret *s = &w->parcel.secret;
    char sign[SIGN_QUERY_SIZE] = "";
    if (w->parcel.kind == HOOK_DINGTALK && s->secret[0] != '\0') {
        sign_query(s->secret, now * 1000, sign);
    }
    const char *join = sign[0] == '\0' ? "" : s->query[0] == '\0' ? "?" : "&";
    snprintf(w->url, sizeof w->url, "%s%s%s%s", w->parcel.url, s->query, join,
             sign);
}

/* The signature's time is the machine's, as a receiver knows it. */
static void write_headers(struct sender *w, int64_t now)
{
    char signature[SIGNATURE_SIZE];
    struct errand *p = &w->errand;
    snprintf(p->headers[0], ERRAND_HEADER_SIZE, "Idempotency-Key: %s",
             w->parcel.letter.key);
    snprintf(p->headers[1], ERRAND_HEADER_SIZE, "X-Bihuan-Timestamp: %lld",
             (long long)now);
    p->headers[2][0] = '\0';
    if (w->parcel.secret.secret[0] != '\0') {
        sign_body(w->parcel.secret.secret, now, p->body, p->len, signature);
        snprintf(p->headers[2], ERRAND_HEADER_SIZE, "X-Bihuan-Signature: %s",
                 signature);
    }
}

static enum err write_errand(struct sender *w)
{
    uv_timeval64_t now;
    size_t len = 0;
    enum err err =
        letter_body(&w->parcel.letter, w->parcel.kind, &w->body, &len);
    if (err != OK) {
        return err;
    }
    uv_gettimeofday(&now);
    w->errand = (struct errand){.url = w->url,
                                .body = w->body,
                                .len = len,
                                .done = on_answer,
                                .user = w};
    write_url(w, now.tv_sec);
    write_headers(w, now.tv_sec);
    return OK;
}

/* Why a delivery will never be possible, NULL if it may be later. */
static const char *hopeless(const struct parcel *parcel, enum err err)
{
    if (parcel->err == ERR_CORRUPT) {
        return "what it tells of is damaged: see bihuan verify";
    }
    if (parcel->err != OK) {
        return "nobody is there to tell";
    }
    return err == ERR_NOT_FOUND   ? "no phone is registered"
           : err == ERR_FORBIDDEN ? REACH_TEXT
                                  : NULL;
}

static void send_parcel(struct sender *w, const struct parcel *parcel)
{
    struct outgoing *o = w->outgoing;
    int32_t attempts = parcel->delivery.attempts;
    w->parcel = *parcel;
    w->state = SENDER_SENDING;
    enum err err = parcel->err == OK ? write_errand(w) : parcel->err;
    if (err == OK) {
        err = courier_send(o->courier, &w->errand);
    }
    const char *why = err == OK ? NULL : hopeless(parcel, err);
    if (why != NULL) {
        w->attempt = outcome_give_up(attempts, why);
        tell_outcome(w);
        note(w);
    } else if (err != OK) { /* no attempt was made */
        w->attempt = (struct attempt){.state = OUTBOX_WAITING,
                                      .attempts = attempts,
                                      .next_at = engine_now(o->engine) + 1,
                                      .error = err_text(err)};
        note(w);
    }
}

/* -- looking ----------------------------------------------------------------
 */

static enum err run_look(struct store *s, void *user)
{
    struct outgoing *o = user;
    return parcels_take(s, &o->ask, o->found, &o->n_found, &o->next);
}

static struct sender *free_sender(struct outgoing *o)
{
    for (int i = 0; i < SENDERS; i++) {
        if (o->senders[i].state == SENDER_FREE) {
            return &o->senders[i];
        }
    }
    return NULL;
}

static void on_timer(uv_timer_t *timer)
{
    struct outgoing *o = timer->data;
    if (o->closing) { /* the time for last words is over */
        courier_drop_all(o->courier);
        for (int i = 0; i < SENDERS; i++) {
            struct sender *w = &o->senders[i];
            if (w->state == SENDER_SENDING) {
                w->state = SENDER_FREE;
                free(w->body);
                w->body = NULL;
            }
        }
        try_end(o);
        return;
    }
    for (int i = 0; i < SENDERS; i++) {
        if (o->senders[i].state == SENDER_TO_NOTE) {
            note(&o->senders[i]);
        }
    }
    outgoing_look(o);
}

/* Not later than in so many milliseconds. */
static void look_in(struct outgoing *o, uint64_t ms)
{
    bool set = uv_is_active((const uv_handle_t *)&o->timer) != 0;
    if (!set || uv_timer_get_due_in(&o->timer) > ms) {
        uv_timer_start(&o->timer, on_timer, ms, 0);
    }
}

static void arm(struct outgoing *o)
{
    if (o->next == INSTANT_NONE) {
        return;
    }
    instant left = o->next - engine_now(o->engine);
    uint64_t ms = left <= 0 ? AGAIN_MS : (uint64_t)left * 1000;
    look_in(o, ms < LOOK_MAX_MS ? ms : LOOK_MAX_MS);
}

static void on_looked(struct job *job)
{
    struct outgoing *o = job->user;
    o->looking = false;
    if (o->closing) {
        try_end(o);
        return;
    }
    if (job->err != OK) {
        log_text(LOG_PRIORITY_WARNING, "outbox", err_text(job->err));
        look_in(o, AGAIN_MS);
        return;
    }
    for (int i = 0; i < o->n_found; i++) {
        send_parcel(free_sender(o), &o->found[i]);
    }
    if (o->look_again) {
        outgoing_look(o);
    } else {
        arm(o);
    }
}

void outgoing_look(struct outgoing *o)
{
    if (o == NULL || o->closing || !o->deliver) {
        return;
    }
    o->look_again = o->looking;
    if (o->looking) {
        return;
    }
    o->ask = (struct parcel_ask){.now = engine_now(o->engine), .busy = o->busy};
    for (int i = 0; i < SENDERS; i++) {
        if (o->senders[i].state != SENDER_FREE) {
            o->busy[o->ask.n_busy++] = o->senders[i].parcel.delivery.hook;
        }
    }
    o->ask.max = SENDERS - o->ask.n_busy;
    o->looking = true;
    o->look = (struct job){.own = {run_look, o, false},
                           .lane = &o->lane,
                           .done = on_looked,
                           .user = o};
    engine_submit(o->engine, &o->look);
}

/* -- begin and end ----------------------------------------------------------
 */

enum err outgoing_open(uv_loop_t *loop, struct engine *engine,
                       const struct outgoing_config *config,
                       struct outgoing **ret)
{
    struct outgoing *o = calloc(1, sizeof *o);
    if (o == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = courier_open(loop, &config->courier, &o->courier);
    if (err != OK) {
        free(o);
        return err;
    }
    o->loop = loop;
    o->engine = engine;
    o->deliver = config->deliver;
    for (int i = 0; i < SENDERS; i++) {
        o->senders[i].outgoing = o;
    }
    uv_timer_init(loop, &o->timer);
    o->timer.data = o;
    *ret = o;
    outgoing_look(o);
    return OK;
}

static void on_courier_closed(void *user)
{
    struct outgoing *o = user;
    void (*closed)(void *) = o->closed;
    void *closed_user = o->closed_user;
    free(o);
    closed(closed_user);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct outgoing *o = handle->data;
    courier_close(o->courier, on_courier_closed, o);
}

static void try_end(struct outgoing *o)
{
    bool busy = o->looking;
    for (int i = 0; i < SENDERS; i++) {
        busy = busy || o->senders[i].state == SENDER_SENDING ||
               o->senders[i].state == SENDER_NOTING;
    }
    if (busy || o->ended) {
        return;
    }
    o->ended = true;
    for (int i = 0; i < SENDERS; i++) {
        free(o->senders[i].body); /* of what could not be noted */
    }
    uv_timer_stop(&o->timer);
    uv_close((uv_handle_t *)&o->timer, on_timer_closed);
}

void outgoing_close(struct outgoing *o, void (*closed)(void *user), void *user)
{
    o->closing = true;
    o->closed = closed;
    o->closed_user = user;
    uv_timer_start(&o->timer, on_timer, LAST_WORDS_MS, 0);
    try_end(o);
}
