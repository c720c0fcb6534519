/* A fake daemon in memory, for libbihuan: it answers what the test tells it to,
 * in pieces of any size, and stops reading like a real one does when its
 * answers are not fetched. */
#ifndef BIHUAN_TESTS_WIRE_H
#define BIHUAN_TESTS_WIRE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "client/bihuan.h"

enum {
    WIRE_BYTES = 4194304
};

struct wire {
    char *sent; /* what the client wrote */
    size_t sent_len;
    size_t answered; /* how much of it the fake daemon has read */
    char *answers;
    size_t answers_len;
    size_t fetched;
    size_t piece;      /* bytes a recv gives at most */
    size_t unread_max; /* send gives 0 while more is unfetched than this */
    int send_zero;     /* how often it did */
    int send_fails;
    int closed;
    /* makes the answer to one request line; the default answers its id */
    void (*answer)(struct wire *w, const char *line, size_t len);
};

static inline void put_answer(struct wire *w, const char *text)
{
    size_t len = strlen(text);
    assert_true(w->answers_len + len < WIRE_BYTES);
    memcpy(w->answers + w->answers_len, text, len);
    w->answers_len += len;
}

/* {"method": M, "id": N} -> {"m": M, "p": params}, seq = id + 1000. */
static inline void answer_echo(struct wire *w, const char *line, size_t len)
{
    json_t *ask = json_loadb(line, len, 0, NULL);
    assert_non_null(ask);
    json_t *params = json_object_get(ask, "params");
    json_t *reply =
        json_pack("{s:s, s:O, s:{s:O, s:O?}, s:I}", "jsonrpc", "2.0", "id",
                  json_object_get(ask, "id"), "result", "m",
                  json_object_get(ask, "method"), "p", params, "seq",
                  json_integer_value(json_object_get(ask, "id")) + 1000);
    assert_non_null(reply);
    char text[4096];
    size_t n = json_dumpb(reply, text, sizeof text - 2, JSON_COMPACT);
    assert_true(n < sizeof text - 2);
    memcpy(text + n, "\n", 2);
    put_answer(w, text);
    json_decref(reply);
    json_decref(ask);
}

static inline void run_daemon(struct wire *w)
{
    for (;;) {
        const char *from = w->sent + w->answered;
        size_t left = w->sent_len - w->answered;
        const char *end = left == 0 ? NULL : memchr(from, '\n', left);
        if (end == NULL) {
            return;
        }
        w->answered += (size_t)(end - from) + 1;
        w->answer(w, from, (size_t)(end - from));
    }
}

static inline ptrdiff_t wire_send(void *user, const char *bytes, size_t len)
{
    struct wire *w = user;
    if (w->send_fails) {
        return -1;
    }
    if (w->answers_len - w->fetched > w->unread_max) {
        w->send_zero++;
        return 0;
    }
    size_t n = len > 7000 ? 7000 : len;
    assert_true(w->sent_len + n < WIRE_BYTES);
    memcpy(w->sent + w->sent_len, bytes, n);
    w->sent_len += n;
    run_daemon(w);
    return (ptrdiff_t)n;
}

static inline ptrdiff_t wire_recv(void *user, char *bytes, size_t room)
{
    struct wire *w = user;
    size_t n = w->answers_len - w->fetched;
    n = n < room ? n : room;
    n = n < w->piece ? n : w->piece;
    memcpy(bytes, w->answers + w->fetched, n);
    w->fetched += n;
    return (ptrdiff_t)n; /* 0: the daemon has ended */
}

static inline void wire_close(void *user)
{
    struct wire *w = user;
    w->closed++;
}

static inline struct wire wire_make(void)
{
    return (struct wire){.sent = test_malloc(WIRE_BYTES),
                         .answers = test_malloc(WIRE_BYTES),
                         .piece = SIZE_MAX,
                         .unread_max = SIZE_MAX,
                         .answer = answer_echo};
}

static inline void wire_free(struct wire *w)
{
    test_free(w->sent);
    test_free(w->answers);
}

static inline struct bihuan *open_on(struct wire *w)
{
    struct bihuan_io io = {
        .user = w, .send = wire_send, .recv = wire_recv, .close = wire_close};
    struct bihuan *b = NULL;
    assert_int_equal(bihuan_open_io(&io, &b), BIHUAN_DONE);
    return b;
}

#endif
