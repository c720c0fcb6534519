/* See outcome.h. */
#include "daemon/notify/outcome.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/message.h"
#include "proto/utf8.h"

enum {
    SAID_SIZE = 151
};

static int64_t back_off(int32_t attempts, uint32_t random)
{
    int64_t wait = BACK_OFF_MIN_S;
    for (int32_t i = 1; i < attempts && wait < BACK_OFF_MAX_S; i++) {
        wait *= 2;
    }
    if (wait > BACK_OFF_MAX_S) {
        wait = BACK_OFF_MAX_S;
    }
    int64_t fifth = wait / 5;
    return wait - fifth + (int64_t)(random % (uint32_t)(2 * fifth + 1));
}

struct attempt outcome_give_up(int32_t attempts, const char *error)
{
    return (struct attempt){
        .state = OUTBOX_FAILED, .attempts = attempts, .error = error};
}

struct attempt outcome_again(int32_t attempts, instant now, uint32_t random,
                             const char *error)
{
    if (attempts >= ATTEMPTS_MAX) {
        return outcome_give_up(attempts, error);
    }
    return (struct attempt){.state = OUTBOX_WAITING,
                            .attempts = attempts,
                            .next_at = now + back_off(attempts, random),
                            .error = error};
}

static struct attempt not_before(struct attempt again, instant now,
                                 int64_t retry_after)
{
    int64_t wait =
        retry_after < RETRY_AFTER_MAX_S ? retry_after : RETRY_AFTER_MAX_S;
    if (again.state == OUTBOX_WAITING && again.next_at < now + wait) {
        again.next_at = now + wait;
    }
    return again;
}

/* What a stranger says is shown to people in lists: what steers a terminal or
 * turns the writing round is left out. */
static void plain(const char *said, char out[SAID_SIZE])
{
    size_t size = strlen(said);
    size_t len = 0;
    for (size_t at = 0; at < size;) {
        size_t from = at;
        uint32_t c = utf8_next(said, size, &at);
        bool control = c < ' ' || (c >= 0x7f && c < 0xa0);
        if (len + (at - from) >= SAID_SIZE) {
            break;
        }
        if (!control && !utf8_is_invisible(c)) {
            memcpy(out + len, said + from, at - from);
            len += at - from;
        }
    }
    out[len] = '\0';
}

/* A group robot answers 200 whatever comes of it. */
static bool robot_took(const struct answer *a, char text[OUTBOX_ERROR_SIZE])
{
    struct problem p;
    json_t *body = NULL;
    if (json_parse(a->body, a->len, &body, &p) != OK) {
        snprintf(text, OUTBOX_ERROR_SIZE, "an answer without errcode");
        return false;
    }
    const json_t *code = json_object_get(body, "errcode");
    const char *errmsg = json_string_value(json_object_get(body, "errmsg"));
    bool took = json_is_integer(code) && json_integer_value(code) == 0;
    if (!json_is_integer(code)) {
        snprintf(text, OUTBOX_ERROR_SIZE, "an answer without errcode");
    } else if (!took) {
        char said[SAID_SIZE];
        plain(errmsg == NULL ? "" : errmsg, said);
        snprintf(text, OUTBOX_ERROR_SIZE, "errcode %lld %s",
                 (long long)json_integer_value(code), said);
    }
    json_decref(body);
    return took;
}

static bool is_final(int64_t status)
{
    return status >= 300 && status < 500 && status != 408 && status != 429;
}

struct attempt outcome_of(const struct answer *a, enum hook_kind kind,
                          int32_t attempts, instant now, uint32_t random,
                          char text[OUTBOX_ERROR_SIZE])
{
    bool robot = kind == HOOK_WECOM || kind == HOOK_DINGTALK;
    if (a->status >= 200 && a->status < 300) {
        if (robot && !robot_took(a, text)) {
            return outcome_again(attempts, now, random, text);
        }
        return (struct attempt){
            .state = OUTBOX_DONE, .attempts = attempts, .at = now};
    }
    if (a->status == 0) {
        snprintf(text, OUTBOX_ERROR_SIZE, "%.190s", a->error);
    } else {
        snprintf(text, OUTBOX_ERROR_SIZE, "HTTP %lld", (long long)a->status);
    }
    if (is_final(a->status) || a->barred) {
        return outcome_give_up(attempts, text);
    }
    return not_before(outcome_again(attempts, now, random, text), now,
                      a->retry_after);
}
