/* Every allocation fails once, and from there for ever: what is accepted must
 * be what was sent. The negative control runs bare jansson through the same
 * loop and must be caught, else this test could not fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto/latch.h"
#include "proto/message.h"
#include "proto/openrpc.h"
#include "proto/regulation_json.h"

static const char *const payloads[] = {
    "{\"amount\":123456789012345678}",
    "{\"text\":\"a text that is long enough to make a buffer grow, twice at "
    "least: 企业反映用地审批时间长,希望协调解决\"}",
    "{\"text\":\"\\u4f01\\u4e1a\\u53cd\\u6620\\u7528\\u5730\"}",
    "{\"a\":{\"b\":[1,2.5,-3,true,false,null,\"x\",[],{}]},\"c\":\"\"}",
    "{\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8,"
    "\"k9\":9,\"k10\":10,\"k11\":11,\"k12\":12,\"k13\":13,\"k14\":14}",
    "[[[[[[[[1234567890.25,\"abcdefghijklmnopqrstuvwxyz0123456789\"]]]]]]]]",
};
enum {
    PAYLOADS = sizeof payloads / sizeof payloads[0],
    ALLOCATIONS_MAX = 500
};

static char *dump(const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(text);
    return text;
}

/* What the payload says, read while nothing fails. */
static char *reference(const char *payload)
{
    json_error_t error;
    json_t *json = json_loads(payload, JSON_DECODE_ANY, &error);
    char *text = dump(json);
    json_decref(json);
    return text;
}

/* -- parsing --------------------------------------------------------------- */

/* Returns how many allocations the parse made. */
static long parse_failing(const char *payload, const char *want, long k,
                          bool forever)
{
    json_t *json = NULL;
    struct problem p;
    latch_fail(k, forever);
    enum err err = json_parse(payload, strlen(payload), &json, &p);
    long count = latch_fail(0, false);
    if (err == OK) {
        char *got = dump(json);
        assert_string_equal(got, want);
        json_decref(json);
        free(got);
    } else {
        assert_int_equal(err, ERR_NO_MEMORY);
        assert_int_equal(p.err, ERR_NO_MEMORY);
        assert_null(json);
    }
    /* a failure of the parse is not left over for somebody else */
    assert_false(latch_take());
    if (k <= count) {
        assert_int_equal(err, ERR_NO_MEMORY);
    }
    return count;
}

static void test_parse(void **state)
{
    (void)state;
    for (int i = 0; i < PAYLOADS; i++) {
        char *want = reference(payloads[i]);
        for (int forever = 0; forever < 2; forever++) {
            long k = 1;
            while (k <= parse_failing(payloads[i], want, k, forever != 0)) {
                k++;
            }
            assert_in_range(k, 5, ALLOCATIONS_MAX);
        }
        free(want);
    }
}

/* The reserve is enough for the worst that may follow a failure: the longest
 * token, and the smallest values of the greatest weight. */
static void test_reserve(void **state)
{
    static const char *const items[] = {"{},", "[],", "x", "1,", "\"\","};
    char *line = malloc(LINE_BYTES_MAX);
    (void)state;
    assert_non_null(line);
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        bool token = items[i][0] == 'x';
        size_t n = strlen(items[i]);
        size_t at = token ? 2 : 1;
        size_t count = token ? LINE_BYTES_MAX - 4 : JSON_VALUES_MAX - 3;
        memcpy(line, "[\"", 2);
        for (size_t j = 0; j < count; j++, at += n) {
            memcpy(line + at, items[i], n);
        }
        memcpy(line + at, token ? "\"]" : "0]", 2);
        at += 2;
        json_t *json = NULL;
        assert_int_equal(json_parse(line, at, &json, NULL), OK);
        json_decref(json);
        latch_fail(0, false);
        json = NULL;
        assert_int_equal(json_parse(line, at, &json, NULL), OK);
        json_decref(json);
        long total = latch_fail(0, false);
        long step = total / 100 + 1;
        for (long k = 1; k <= total; k += step) {
            latch_fail(k, true);
            assert_int_equal(json_parse(line, at, &json, NULL), ERR_NO_MEMORY);
            assert_false(latch_exhausted());
        }
        latch_fail(total, true);
        assert_int_equal(json_parse(line, at, &json, NULL), ERR_NO_MEMORY);
        assert_false(latch_exhausted());
        latch_fail(0, false);
    }
    free(line);
}

/* The table of an object's keys doubles by itself; so it does with the most
 * keys that a line may have. */
static void test_reserve_of_keys(void **state)
{
    enum {
        KEYS = JSON_VALUES_MAX - 1,
        ROOM = KEYS * 12 + 3
    };
    char *line = malloc(ROOM);
    size_t at = 1;
    json_t *json = NULL;
    (void)state;
    assert_non_null(line);
    line[0] = '{';
    for (int i = 0; i < KEYS; i++) {
        at += (size_t)snprintf(line + at, ROOM - at, "%s\"k%d\":1",
                               i == 0 ? "" : ",", i);
    }
    line[at++] = '}';
    latch_fail(0, false);
    assert_int_equal(json_parse(line, at, &json, NULL), OK);
    assert_int_equal(json_object_size(json), KEYS);
    json_decref(json);
    long total = latch_fail(0, false);
    for (long k = 1; k <= total; k += total / 200 + 1) {
        latch_fail(k, true);
        assert_int_equal(json_parse(line, at, &json, NULL), ERR_NO_MEMORY);
        assert_false(latch_exhausted());
    }
    latch_fail(0, false);
    free(line);
}

/* -- requests and replies -------------------------------------------------- */

static void test_request(void **state)
{
    static const char line[] =
        "{\"jsonrpc\":\"2.0\",\"id\":\"q1\",\"method\":\"ticket.note\","
        "\"params\":{\"ticket\":\"20261120-001\",\"text\":\"已与企业联系\"}}";
    (void)state;
    for (long k = 1; k < ALLOCATIONS_MAX; k++) {
        struct request r;
        struct problem p;
        latch_fail(k, false);
        enum err err = request_parse(line, strlen(line), &r, &p);
        long count = latch_fail(0, false);
        assert_int_equal(err, k <= count ? ERR_NO_MEMORY : OK);
        if (err == OK) {
            assert_string_equal(r.values[1].text, "已与企业联系");
        } else if (k > 1) {
            /* the memory that failed once is there for the answer */
            assert_string_equal(json_string_value(r.id), "q1");
        }
        request_done(&r);
        if (err == OK) {
            return;
        }
    }
    fail_msg("it never succeeds");
}

static void test_reply(void **state)
{
    static const char want[] =
        "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"a\":[1,2]},\"seq\":3}\n";
    json_t *id = json_integer(5);
    long k = 1;
    (void)state;
    for (; k < ALLOCATIONS_MAX; k++) {
        size_t len = 0;
        json_t *result = json_pack("{s:[ii]}", "a", 1, 2);
        latch_fail(k, false);
        char *line = reply_result(id, result, 3, &len);
        long count = latch_fail(0, false);
        assert_int_equal(latch_take(), k <= count);
        if (line != NULL) {
            assert_string_equal(line, want);
        }
        free(line);
        if (k > count) {
            assert_non_null(line);
            break;
        }
        assert_null(line);
    }
    assert_in_range(k, 3, ALLOCATIONS_MAX - 1);
    json_decref(id);
}

/* Who builds an answer learns that a member was left out. */
static void test_latch_outside(void **state)
{
    (void)state;
    assert_false(latch_take());
    json_t *object = json_object();
    latch_fail(1, false);
    json_object_set_new(object, "name", json_string("x"));
    latch_fail(0, false);
    assert_int_equal(json_object_size(object), 0);
    /* reading something else meanwhile does not make it forget */
    json_t *other = NULL;
    assert_int_equal(json_parse("{}", 2, &other, NULL), OK);
    json_decref(other);
    assert_true(latch_take());
    assert_false(latch_take());
    json_decref(object);
}

static void test_default_regulation(void **state)
{
    static struct regulation reg;
    (void)state;
    latch_fail(0, false);
    assert_int_equal(regulation_default(&reg), OK);
    long total = latch_fail(0, false);
    assert_true(total > 100);
    for (long k = 1; k <= total; k += 7) {
        latch_fail(k, k % 2 == 0);
        assert_int_equal(regulation_default(&reg), ERR_NO_MEMORY);
        latch_fail(0, false);
    }
    assert_false(latch_take());
}

/* A large answer: whole, or not at all. */
static void test_openrpc(void **state)
{
    (void)state;
    latch_fail(0, false);
    json_t *whole = openrpc_document();
    long total = latch_fail(0, false);
    assert_non_null(whole);
    assert_in_range(json_array_size(json_object_get(whole, "methods")), 40,
                    CMD_COUNT);
    for (long k = 1; k <= total; k += k < 50 ? 1 : total / 97) {
        latch_fail(k, k % 2 == 0);
        json_t *document = openrpc_document();
        latch_fail(0, false);
        assert_null(document);
        assert_false(latch_take());
    }
    json_t *again = openrpc_document();
    assert_true(json_equal(whole, again));
    json_decref(again);
    json_decref(whole);
}

/* -- the negative control -------------------------------------------------- */

static long bare_left;

static void *bare_malloc(size_t size)
{
    return --bare_left == 0 ? NULL : malloc(size);
}

enum {
    BARE_RIGHT,
    BARE_REFUSED,
    BARE_WRONG
};

/* Bare jansson, the k-th allocation failing, in a process of its own because
 * it may crash. */
static int bare_parse(const char *payload, const char *want, long k)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        static const struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        close(STDERR_FILENO);
        json_set_alloc_funcs(bare_malloc, free);
        bare_left = k;
        json_t *json = json_loads(payload, JSON_DECODE_ANY, NULL);
        bare_left = 0;
        char *got = json == NULL
                        ? NULL
                        : json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
        _exit(got == NULL              ? BARE_REFUSED
              : strcmp(got, want) == 0 ? BARE_RIGHT
                                       : BARE_WRONG);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_bare_jansson_is_caught(void **state)
{
    int wrong = 0;
    (void)state;
    if (jansson_version_cmp(2, 14, 0) != 0) {
        skip(); /* a later one may be mended */
    }
    for (int i = 0; i < 3; i++) {
        char *want = reference(payloads[i]);
        for (long k = 1; k < 40; k++) {
            wrong += bare_parse(payloads[i], want, k) == BARE_WRONG;
        }
        free(want);
    }
    assert_true(wrong > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_reserve),
        cmocka_unit_test(test_reserve_of_keys),
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_reply),
        cmocka_unit_test(test_latch_outside),
        cmocka_unit_test(test_default_regulation),
        cmocka_unit_test(test_openrpc),
        cmocka_unit_test(test_bare_jansson_is_caught),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
