/* One delivery sent, and its outcome noted: see sender.h. */
#include "daemon/outgoing/sender.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/log.h"
#include "daemon/notify/reach.h"
#include "daemon/stats.h"

/* -- noting what came of it -------------------------------------------------
 */

static enum err run_note(struct store *s, void *user)
{
    struct sender *w = user;
    enum err err = outbox_mark(s, w->parcel.delivery.id, &w->attempt);
    return err == ERR_NOT_FOUND ? OK : err; /* its hook has ended */
}

static void on_noted(struct job *job)
{
    struct sender *w = job->user;
    w->noted(w, job->err);
}

void sender_note(struct sender *w)
{
    w->state = SENDER_NOTING;
    w->note = (struct job){.own = {run_note, w, true},
                           .lane = w->lane,
                           .done = on_noted,
                           .user = w};
    engine_submit(w->engine, &w->note);
}

void sender_let_go(struct sender *w)
{
    w->state = SENDER_FREE;
    free(w->body);
    w->body = NULL;
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
    stats_add(engine_stats(w->engine), figure, 1);
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
                   engine_now(w->engine), chance(), w->error);
    tell_outcome(w);
    sender_note(w);
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
    return err == ERR_NOT_FOUND   ? "no phone of anybody who may read it"
           : err == ERR_FORBIDDEN ? REACH_TEXT
                                  : NULL;
}

void sender_send(struct sender *w, const struct parcel *parcel)
{
    int32_t attempts = parcel->delivery.attempts;
    w->parcel = *parcel;
    w->state = SENDER_SENDING;
    enum err err = parcel->err == OK ? write_errand(w) : parcel->err;
    if (err == OK) {
        err = courier_send(w->courier, &w->errand);
    }
    const char *why = err == OK ? NULL : hopeless(parcel, err);
    if (why != NULL) {
        w->attempt = outcome_give_up(attempts, why);
        tell_outcome(w);
        sender_note(w);
    } else if (err != OK) { /* no attempt was made */
        w->attempt = (struct attempt){.state = OUTBOX_WAITING,
                                      .attempts = attempts,
                                      .next_at = engine_now(w->engine) + 1,
                                      .error = err_text(err)};
        sender_note(w);
    }
}
