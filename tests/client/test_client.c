/* libbihuan over a scripted wire: a fake daemon in memory that answers what the
 * test tells it to, in pieces of any size, and stops reading like a real one
 * does when its answers are not fetched. */
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

static void put_answer(struct wire *w, const char *text)
{
    size_t len = strlen(text);
    assert_true(w->answers_len + len < WIRE_BYTES);
    memcpy(w->answers + w->answers_len, text, len);
    w->answers_len += len;
}

/* {"method": M, "id": N} -> {"m": M, "p": params}, seq = id + 1000. */
static void answer_echo(struct wire *w, const char *line, size_t len)
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

static void run_daemon(struct wire *w)
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

static ptrdiff_t wire_send(void *user, const char *bytes, size_t len)
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

static ptrdiff_t wire_recv(void *user, char *bytes, size_t room)
{
    struct wire *w = user;
    size_t n = w->answers_len - w->fetched;
    n = n < room ? n : room;
    n = n < w->piece ? n : w->piece;
    memcpy(bytes, w->answers + w->fetched, n);
    w->fetched += n;
    return (ptrdiff_t)n; /* 0: the daemon has ended */
}

static void wire_close(void *user)
{
    struct wire *w = user;
    w->closed++;
}

static struct wire wire_make(void)
{
    return (struct wire){.sent = test_malloc(WIRE_BYTES),
                         .answers = test_malloc(WIRE_BYTES),
                         .piece = SIZE_MAX,
                         .unread_max = SIZE_MAX,
                         .answer = answer_echo};
}

static void wire_free(struct wire *w)
{
    test_free(w->sent);
    test_free(w->answers);
}

static struct bihuan *open_on(struct wire *w)
{
    struct bihuan_io io = {
        .user = w, .send = wire_send, .recv = wire_recv, .close = wire_close};
    struct bihuan *b = NULL;
    assert_int_equal(bihuan_open_io(&io, &b), BIHUAN_DONE);
    return b;
}

static void test_call(void **state)
{
    (void)state;
    struct wire w = wire_make();
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "ticket.show",
                                 .params = "{\"ticket\":\"20261120-001\"}",
                                 .as = "wang",
                                 .key = "k1",
                                 .after = 9};
    struct bihuan_reply r;

    assert_int_equal(bihuan_call(b, &ask, &r), BIHUAN_DONE);
    assert_string_equal(r.result, "{\"m\":\"ticket.show\",\"p\":{\"ticket\":"
                                  "\"20261120-001\"}}");
    assert_int_equal(r.result_len, strlen(r.result));
    assert_int_equal(r.seq, r.id + 1000);
    assert_string_equal(r.error.name, "ok");
    bihuan_reply_done(&r);
    bihuan_reply_done(&r); /* an empty one is taken */

    json_t *line = json_loadb(w.sent, w.sent_len - 1, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(line, "jsonrpc")),
                        "2.0");
    assert_string_equal(json_string_value(json_object_get(line, "as")), "wang");
    assert_string_equal(json_string_value(json_object_get(line, "key")), "k1");
    assert_int_equal(json_integer_value(json_object_get(line, "after")), 9);
    json_decref(line);

    bihuan_close(b);
    assert_int_equal(w.closed, 1);
    wire_free(&w);
}

/* Answers in one-byte pieces, a full window, twice over: order and ids hold. */
static void test_pipeline(void **state)
{
    (void)state;
    struct wire w = wire_make();
    w.piece = 1;
    struct bihuan *b = open_on(&w);
    int64_t ids[2 * BIHUAN_WINDOW];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < BIHUAN_WINDOW; i++) {
            char params[32];
            int at = round * BIHUAN_WINDOW + i;
            (void)snprintf(params, sizeof params, "{\"i\":%d}", at);
            struct bihuan_request ask = {.method = "x.y", .params = params};
            assert_int_equal(bihuan_send(b, &ask, &ids[at]), BIHUAN_DONE);
        }
        assert_int_equal(bihuan_pending(b), BIHUAN_WINDOW);
        struct bihuan_request more = {.method = "x.y"};
        assert_int_equal(bihuan_send(b, &more, NULL), BIHUAN_USAGE);
        assert_string_equal(bihuan_last_error(b)->name, "limit_reached");
        struct bihuan_reply r;
        assert_int_equal(bihuan_call(b, &more, &r), BIHUAN_USAGE);
        bihuan_reply_done(&r);
        for (int i = 0; i < BIHUAN_WINDOW; i++) {
            char want[64];
            int at = round * BIHUAN_WINDOW + i;
            (void)snprintf(want, sizeof want,
                           "{\"m\":\"x.y\",\"p\":{\"i\":%d}}", at);
            assert_int_equal(bihuan_receive(b, &r), BIHUAN_DONE);
            assert_int_equal(r.id, ids[at]);
            assert_string_equal(r.result, want);
            bihuan_reply_done(&r);
        }
    }
    struct bihuan_reply r;
    assert_int_equal(bihuan_receive(b, &r), BIHUAN_USAGE);
    bihuan_reply_done(&r);
    bihuan_close(b);
    wire_free(&w);
}

/* The daemon takes nothing while 2 KB of answers are unfetched: sending must
 * fetch them instead of waiting for ever, and lose none. */
static void test_back_pressure(void **state)
{
    (void)state;
    struct wire w = wire_make();
    w.unread_max = 2000;
    w.piece = 100;
    struct bihuan *b = open_on(&w);
    char big[3000];
    (void)snprintf(big, sizeof big, "{\"t\":\"%0*d\"}", 1500, 0);
    for (int i = 0; i < 200; i++) {
        struct bihuan_request ask = {.method = "x.y", .params = big};
        assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_DONE);
    }
    for (int i = 0; i < 200; i++) {
        struct bihuan_reply r;
        assert_int_equal(bihuan_receive(b, &r), BIHUAN_DONE);
        assert_int_equal(r.id, i + 1);
        bihuan_reply_done(&r);
    }
    assert_true(w.send_zero > 0);
    bihuan_close(b);
    wire_free(&w);
}

static void answer_refusal(struct wire *w, const char *line, size_t len)
{
    (void)line;
    (void)len;
    put_answer(w, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32032,"
                  "\"message\":\"m\",\"data\":{\"name\":\"bad_state\","
                  "\"param\":\"ticket\",\"expected\":\"handling\","
                  "\"detail\":\"it is filed\"}}}\n");
}

static void test_refusal(void **state)
{
    (void)state;
    struct wire w = wire_make();
    w.answer = answer_refusal;
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "ticket.resolve"};
    struct bihuan_reply r;
    assert_int_equal(bihuan_call(b, &ask, &r), BIHUAN_REFUSED);
    assert_null(r.result);
    assert_string_equal(r.error.name, "bad_state");
    assert_string_equal(r.error.param, "ticket");
    assert_string_equal(r.error.expected, "handling");
    assert_string_equal(r.error.detail, "it is filed");
    assert_string_equal(bihuan_last_error(b)->name, "bad_state");
    bihuan_reply_done(&r);
    bihuan_close(b);
    wire_free(&w);
}

/* One answer over the limit between two others: only that one is lost. */
static void answer_second_huge(struct wire *w, const char *line, size_t len)
{
    json_t *ask = json_loadb(line, len, 0, NULL);
    bool huge = json_integer_value(json_object_get(ask, "id")) == 2;
    json_decref(ask);
    if (!huge) {
        answer_echo(w, line, len);
        return;
    }
    put_answer(w, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"");
    memset(w->answers + w->answers_len, 'x', BIHUAN_ANSWER_MAX);
    w->answers_len += BIHUAN_ANSWER_MAX;
    put_answer(w, "\"}\n");
}

static void test_answer_too_long(void **state)
{
    (void)state;
    struct wire w = wire_make();
    w.answer = answer_second_huge;
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "x.y"};
    struct bihuan_reply r;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_DONE);
    }
    assert_int_equal(bihuan_receive(b, &r), BIHUAN_DONE);
    bihuan_reply_done(&r);
    assert_int_equal(bihuan_receive(b, &r), BIHUAN_REFUSED);
    assert_string_equal(r.error.name, "line_too_long");
    assert_int_equal(r.id, 2);
    bihuan_reply_done(&r);
    assert_int_equal(bihuan_receive(b, &r), BIHUAN_DONE);
    assert_int_equal(r.id, 3);
    bihuan_reply_done(&r);
    bihuan_close(b);
    wire_free(&w);
}

/* A page of the largest size the daemon gives must come through. */
static void answer_page(struct wire *w, const char *line, size_t len)
{
    (void)line;
    (void)len;
    put_answer(w,
               "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"t\":{\"rows\":[");
    for (int i = 0; i < 1000; i++) {
        put_answer(w, i == 0 ? "" : ",");
        put_answer(w, "[1,2,3,4,5,6,7,8,9,10,11,12,\"20261120-001\"]");
    }
    put_answer(w, "]}}}\n");
}

static void test_full_page(void **state)
{
    (void)state;
    struct wire w = wire_make();
    w.answer = answer_page;
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "ticket.list"};
    struct bihuan_reply r;
    assert_int_equal(bihuan_call(b, &ask, &r), BIHUAN_DONE);
    json_t *result = json_loadb(r.result, r.result_len, 0, NULL);
    json_t *rows = json_object_get(json_object_get(result, "t"), "rows");
    assert_int_equal(json_array_size(rows), 1000);
    json_decref(result);
    bihuan_reply_done(&r);
    bihuan_close(b);
    wire_free(&w);
}

/* What is wrong with a request is found before anything is sent. */
static void test_bad_params(void **state)
{
    (void)state;
    static const struct {
        const char *params;
        const char *name;
    } rows[] = {{"[1]", "invalid_request"},
                {"{", "parse_error"},
                {"{\"a\":1,\"a\":2}", "duplicate_key"},
                {"{\"a\":\"\xff\"}", "bad_utf8"},
                {"{\"a\":\"\\u0000\"}", "nul_byte"},
                {"{\"a\":1e999}", "number_range"}};
    struct wire w = wire_make();
    struct bihuan *b = open_on(&w);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bihuan_request ask = {.method = "x.y", .params = rows[i].params};
        assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_USAGE);
        assert_string_equal(bihuan_last_error(b)->name, rows[i].name);
    }
    char *long_text = test_malloc(BIHUAN_LINE_MAX + 1);
    memset(long_text, 'a', BIHUAN_LINE_MAX);
    memcpy(long_text, "{\"t\":\"", 6);
    memcpy(long_text + BIHUAN_LINE_MAX - 2, "\"}", 3);
    struct bihuan_request ask = {.method = "x.y", .params = long_text};
    assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_USAGE);
    assert_string_equal(bihuan_last_error(b)->name, "line_too_long");
    test_free(long_text);
    assert_int_equal(bihuan_pending(b), 0);
    assert_int_equal(bihuan_flush(b), BIHUAN_DONE);
    assert_int_equal(w.sent_len, 0);
    bihuan_close(b);
    wire_free(&w);
}

static void answer_nothing(struct wire *w, const char *line, size_t len)
{
    (void)w;
    (void)line;
    (void)len;
}

static void answer_other_id(struct wire *w, const char *line, size_t len)
{
    (void)line;
    (void)len;
    put_answer(w, "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":1}\n");
}

static void answer_noise(struct wire *w, const char *line, size_t len)
{
    (void)line;
    (void)len;
    put_answer(w, "HTTP/1.1 400 Bad Request\r\n");
}

/* Ended, another's answer, no protocol of ours, a send that fails: the
 * connection is lost, and stays so. */
static void test_lost(void **state)
{
    (void)state;
    void (*const answers[])(struct wire *, const char *, size_t) = {
        answer_nothing, answer_other_id, answer_noise, NULL};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct wire w = wire_make();
        w.answer = answers[i];
        w.send_fails = answers[i] == NULL;
        struct bihuan *b = open_on(&w);
        struct bihuan_request ask = {.method = "x.y"};
        struct bihuan_reply r;
        for (int again = 0; again < 2; again++) {
            enum bihuan_status status = again == 0 ? bihuan_call(b, &ask, &r)
                                                   : bihuan_send(b, &ask, NULL);
            assert_int_equal(status, BIHUAN_NO_CONNECTION);
            assert_string_equal(bihuan_last_error(b)->name, "no_connection");
        }
        bihuan_reply_done(&r);
        bihuan_close(b);
        assert_int_equal(w.closed, 1);
        wire_free(&w);
    }
}

/* The daemon could not read the id: the error is the oldest request's. */
static void answer_null_id(struct wire *w, const char *line, size_t len)
{
    (void)line;
    (void)len;
    put_answer(w, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"
                  "\"message\":\"m\",\"data\":{\"name\":\"parse_error\"}}}\n");
}

static void test_null_id(void **state)
{
    (void)state;
    struct wire w = wire_make();
    w.answer = answer_null_id;
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "x.y"};
    struct bihuan_reply r;
    assert_int_equal(bihuan_call(b, &ask, &r), BIHUAN_REFUSED);
    assert_string_equal(r.error.name, "parse_error");
    assert_int_equal(r.id, 1);
    bihuan_reply_done(&r);
    bihuan_close(b);
    wire_free(&w);
}

static void test_server_names(void **state)
{
    (void)state;
    static const struct {
        const char *server;
        int status;
        const char *name;
    } rows[] = {
        {"tcp:127.0.0.1:7", BIHUAN_USAGE, "unsupported"},
        {"/run/x.sock", BIHUAN_USAGE, "bad_param"},
        {"unix:", BIHUAN_USAGE, "bad_param"},
        {"unix:/no/such/folder/s", BIHUAN_NO_CONNECTION, "no_connection"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bihuan *b = NULL;
        struct bihuan_error e;
        assert_int_equal(bihuan_open(rows[i].server, &b, &e), rows[i].status);
        assert_string_equal(e.name, rows[i].name);
        assert_null(b);
    }
}

static void test_keys(void **state)
{
    (void)state;
    char a[BIHUAN_KEY_SIZE];
    char b[BIHUAN_KEY_SIZE];
    assert_int_equal(bihuan_key_new(a), BIHUAN_DONE);
    assert_int_equal(bihuan_key_new(b), BIHUAN_DONE);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_int_equal(strlen(a), 32);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call),
        cmocka_unit_test(test_pipeline),
        cmocka_unit_test(test_back_pressure),
        cmocka_unit_test(test_refusal),
        cmocka_unit_test(test_answer_too_long),
        cmocka_unit_test(test_full_page),
        cmocka_unit_test(test_bad_params),
        cmocka_unit_test(test_lost),
        cmocka_unit_test(test_null_id),
        cmocka_unit_test(test_server_names),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
