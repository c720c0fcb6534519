/* libbihuan over a scripted wire: calls, pipelines, refusals, long answers. */
#include "client/wire.h"

static void test_call(void **state)
{
    (void)state;
    struct wire w = wire_make();
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "ticket.show",
                                 .params = "{\"ticket\":\"20261120-001\"}",
                                 .token = "t-1",
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
    assert_string_equal(json_string_value(json_object_get(line, "token")),
                        "t-1");
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

static void test_server_names(void **state)
{
    (void)state;
    static const struct {
        const char *server;
        int status;
        const char *name;
    } rows[] = {
        {"tcp:127.0.0.1", BIHUAN_USAGE, "bad_param"},
        {"tcp:127.0.0.1:1", BIHUAN_NO_CONNECTION, "no_connection"},
        {"plain:[::1]:1", BIHUAN_NO_CONNECTION, "no_connection"},
        {"http:x:1", BIHUAN_USAGE, "bad_param"},
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

/* The token that the last line sent carries; NULL: none. */
static const char *token_sent(const struct wire *w, json_t **ret)
{
    size_t from = w->sent_len - 1;
    while (from > 0 && w->sent[from - 1] != '\n') {
        from--;
    }
    *ret = json_loadb(w->sent + from, w->sent_len - 1 - from, 0, NULL);
    assert_non_null(*ret);
    return json_string_value(json_object_get(*ret, "token"));
}

static void sends_token(struct bihuan *b, struct wire *w, const char *own,
                        const char *expected)
{
    struct bihuan_request ask = {.method = "x.y", .token = own};
    struct bihuan_reply r;
    json_t *line;
    assert_int_equal(bihuan_call(b, &ask, &r), BIHUAN_DONE);
    bihuan_reply_done(&r);
    const char *sent = token_sent(w, &line);
    if (expected == NULL) {
        assert_null(sent);
    } else {
        assert_string_equal(sent, expected);
    }
    json_decref(line);
}

static void test_token(void **state)
{
    (void)state;
    char longest[BIHUAN_TOKEN_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[BIHUAN_TOKEN_MAX + 1] = '\0';
    struct wire w = wire_make();
    struct bihuan *b = open_on(&w);
    sends_token(b, &w, NULL, NULL);
    sends_token(b, &w, "one", "one");
    assert_int_equal(bihuan_set_token(b, "two"), BIHUAN_DONE);
    sends_token(b, &w, NULL, "two");
    sends_token(b, &w, "one", "one"); /* for that request alone */
    sends_token(b, &w, NULL, "two");
    assert_int_equal(bihuan_set_token(b, longest), BIHUAN_USAGE);
    assert_string_equal(bihuan_last_error(b)->param, "token");
    assert_int_equal(bihuan_set_token(b, "\xFF"), BIHUAN_USAGE);
    sends_token(b, &w, NULL, "two"); /* a refused one changes nothing */
    longest[BIHUAN_TOKEN_MAX] = '\0';
    assert_int_equal(bihuan_set_token(b, longest), BIHUAN_DONE);
    sends_token(b, &w, NULL, longest);
    assert_int_equal(bihuan_set_token(b, NULL), BIHUAN_DONE);
    sends_token(b, &w, NULL, NULL);
    bihuan_close(b);
    wire_free(&w);
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
        cmocka_unit_test(test_server_names),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_token),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
