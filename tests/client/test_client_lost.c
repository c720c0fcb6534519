/* libbihuan where something is wrong: with the request, with what comes back,
 * with the connection. */
#include "client/wire.h"

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
    const struct bihuan_request no_texts[] = {
        {.method = "x\xff"},
        {.method = "x.y", .token = "\xc3"},
        {.method = "x.y", .key = "\xed\xa0\x80"},
        {.params = "{}"}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(bihuan_send(b, &no_texts[i], NULL), BIHUAN_USAGE);
        assert_string_equal(bihuan_last_error(b)->name,
                            i < 3 ? "bad_utf8" : "invalid_request");
    }
    assert_string_equal(bihuan_last_error(b)->param, "method");
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

/* Three answers come at once; then a send fails. The two that were not fetched
 * yet are still answers, and only then is the connection lost. */
static void test_lost_behind_answers(void **state)
{
    (void)state;
    struct wire w = wire_make();
    struct bihuan *b = open_on(&w);
    struct bihuan_request ask = {.method = "x.y"};
    struct bihuan_reply r;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_DONE);
    }
    for (int64_t id = 1; id <= 3; id++) {
        assert_int_equal(bihuan_receive(b, &r), BIHUAN_DONE);
        assert_int_equal(r.id, id);
        assert_int_equal(r.seq, id + 1000);
        bihuan_reply_done(&r);
        if (id == 1) {
            w.send_fails = 1;
            assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_DONE);
        }
        if (id == 2) {
            assert_int_equal(bihuan_send(b, &ask, NULL), BIHUAN_NO_CONNECTION);
        }
    }
    assert_int_equal(bihuan_receive(b, &r), BIHUAN_NO_CONNECTION);
    assert_int_equal(r.id, 4);
    bihuan_reply_done(&r);
    bihuan_close(b);
    wire_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_params),
        cmocka_unit_test(test_lost),
        cmocka_unit_test(test_lost_behind_answers),
        cmocka_unit_test(test_null_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
