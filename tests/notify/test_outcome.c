/* What an answer means, how long a back-off is, and the signatures, against
 * values worked out by hand or by Python's hmac. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/notify/outcome.h"
#include "daemon/notify/sign.h"
#include "proto/message.h"

#define NOW ((instant)1795140000)

static struct attempt after(int64_t status, enum hook_kind kind,
                            const char *body, int32_t attempts)
{
    static char text[OUTBOX_ERROR_SIZE];
    struct answer a = {.status = status,
                       .error = "Connection refused",
                       .body = body,
                       .len = strlen(body)};
    return outcome_of(&a, kind, attempts, NOW, 0, text);
}

static void test_done_or_not(void **state)
{
    (void)state;
    struct attempt a = after(200, HOOK_JSON, "", 1);
    assert_int_equal(a.state, OUTBOX_DONE);
    assert_int_equal(a.at, NOW);
    assert_null(a.error);
    assert_int_equal(after(204, HOOK_SMS, "anything", 1).state, OUTBOX_DONE);
    static const int64_t again[] = {0, 408, 429, 500, 503, 599};
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        a = after(again[i], HOOK_JSON, "", 3);
        assert_int_equal(a.state, OUTBOX_WAITING);
        assert_int_equal(a.attempts, 3);
    }
    static const int64_t never[] = {301, 302, 400, 401, 404, 410, 422};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        assert_int_equal(after(never[i], HOOK_JSON, "", 1).state,
                         OUTBOX_FAILED);
    }
    assert_string_equal(after(404, HOOK_JSON, "", 1).error, "HTTP 404");
    assert_string_equal(after(0, HOOK_JSON, "", 1).error, "Connection refused");
}

static void test_robots(void **state)
{
    (void)state;
    static const char good[] = "{\"errcode\":0,\"errmsg\":\"ok\"}";
    static const char bad[] = "{\"errcode\":45009,\"errmsg\":\"too often\"}";
    assert_int_equal(after(200, HOOK_WECOM, good, 1).state, OUTBOX_DONE);
    assert_int_equal(after(200, HOOK_DINGTALK, good, 1).state, OUTBOX_DONE);
    struct attempt a = after(200, HOOK_WECOM, bad, 1);
    assert_int_equal(a.state, OUTBOX_WAITING);
    assert_string_equal(a.error, "errcode 45009 too often");
    assert_int_equal(after(200, HOOK_DINGTALK, bad, 12).state, OUTBOX_FAILED);
    /* 60 characters of 3 bytes: what is kept ends with a whole one */
    char said[256] = "{\"errcode\":1,\"errmsg\":\"x";
    for (int i = 0; i < 60; i++) {
        snprintf(said + strlen(said), sizeof said - strlen(said), "限");
    }
    snprintf(said + strlen(said), sizeof said - strlen(said), "\"}");
    a = after(200, HOOK_WECOM, said, 1);
    assert_int_equal(strlen(a.error), strlen("errcode 1 x") + 49 * 3);
    static const char turns[] = "{\"errcode\":2,\"errmsg\":\"\\u001b[31m\\u202e"
                                "\\u0085\\ttoo\\u2066 often\\n\"}";
    a = after(200, HOOK_WECOM, turns, 1);
    assert_string_equal(a.error, "errcode 2 [31mtoo often");
    static const char *const strange[] = {
        "", "{}", "[0]", "{\"errcode\":\"0\"}", "{\"errcode\":0"};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        a = after(200, HOOK_WECOM, strange[i], 1);
        assert_int_equal(a.state, OUTBOX_WAITING);
        assert_string_equal(a.error, "an answer without errcode");
    }
    /* to others the body is nothing */
    assert_int_equal(after(200, HOOK_JSON, bad, 1).state, OUTBOX_DONE);
}

/* 5 s, doubled, at most an hour, a fifth less or more; the twelfth is the last.
 */
static void test_back_off(void **state)
{
    (void)state;
    static const int64_t wait[] = {5,   10,  20,   40,   80,  160,
                                   320, 640, 1280, 2560, 3600};
    for (int32_t i = 1; i < ATTEMPTS_MAX; i++) {
        int64_t least = INT64_MAX;
        int64_t most = 0;
        for (uint32_t random = 0; random < 5000; random++) {
            struct attempt a = outcome_again(i, NOW, random, "x");
            assert_int_equal(a.state, OUTBOX_WAITING);
            least = a.next_at - NOW < least ? a.next_at - NOW : least;
            most = a.next_at - NOW > most ? a.next_at - NOW : most;
        }
        assert_int_equal(least, wait[i - 1] * 4 / 5);
        assert_int_equal(most, wait[i - 1] * 6 / 5);
    }
    struct attempt last = outcome_again(ATTEMPTS_MAX, NOW, 0, "x");
    assert_int_equal(last.state, OUTBOX_FAILED);
    assert_int_equal(last.attempts, 12);
}

static void test_retry_after(void **state)
{
    (void)state;
    char text[OUTBOX_ERROR_SIZE];
    struct answer a = {
        .status = 429, .error = "", .retry_after = 120, .body = ""};
    struct attempt r = outcome_of(&a, HOOK_JSON, 1, NOW, 0, text);
    assert_int_equal(r.next_at, NOW + 120);
    a.retry_after = 1; /* the back-off is more */
    r = outcome_of(&a, HOOK_JSON, 1, NOW, 0, text);
    assert_int_equal(r.next_at, NOW + 4);
    a.retry_after = INT64_MAX;
    r = outcome_of(&a, HOOK_JSON, 1, NOW, 0, text);
    assert_int_equal(r.next_at, NOW + 86400);
}

static void test_signatures(void **state)
{
    (void)state;
    char out[SIGNATURE_SIZE];
    char query[SIGN_QUERY_SIZE];
    sign_body("topsecret", NOW, "{\"a\":1}", 7, out);
    assert_string_equal(out, "sha256=4d81f9b20f6a056e1a8b475b747abe31440f959f78"
                             "6a018476d274b1ed6dae91");
    sign_query("SEC0123456789abcdef", 1795140000123, query);
    assert_string_equal(query,
                        "timestamp=1795140000123&sign="
                        "HR7830RwxFLY3kK6vwjZyCuteic1iZ7pfoP%2BgFgOoJ8%3D");
    sign_query("SEC0123456789abcdef", 1795140000002, query);
    assert_string_equal(query,
                        "timestamp=1795140000002&sign="
                        "9sx%2BygJmSP23tgxyEb%2BDp%2FpA1E4%2FD2wTENq%2B7C7TOd4"
                        "%3D");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_done_or_not), cmocka_unit_test(test_robots),
        cmocka_unit_test(test_back_off),    cmocka_unit_test(test_retry_after),
        cmocka_unit_test(test_signatures),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
