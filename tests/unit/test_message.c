/* Request and reply lines: what is taken, and each hostile line's own error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/message.h"

static struct problem problem;

static enum err parse_bytes(const char *line, size_t len, struct request *r)
{
    /* a block of the exact size, so that ASan sees a read past it */
    char *exact = malloc(len + (len == 0));
    assert_non_null(exact);
    memcpy(exact, line, len);
    memset(&problem, 0, sizeof problem);
    enum err err = request_parse(exact, len, r, &problem);
    free(exact);
    return err;
}

static enum err parse(const char *line, struct request *r)
{
    return parse_bytes(line, strlen(line), r);
}

/* -- what is taken --------------------------------------------------------- */

static void test_whole_request(void **state)
{
    struct request r;
    (void)state;
    assert_int_equal(
        parse("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ticket.show\","
              "\"params\":{\"ticket\":\"20261120-001\"},\"token\":\"t-1\","
              "\"key\":\"k-1\",\"after\":12}",
              &r),
        OK);
    assert_int_equal(json_integer_value(r.id), 7);
    assert_ptr_equal(r.command, command_at(CMD_ticket_show));
    assert_string_equal(r.token, "t-1");
    assert_string_equal(r.key, "k-1");
    assert_int_equal(r.after, 12);
    assert_int_equal(r.values[0].number, 20261120000001);
    request_done(&r);
    assert_null(r.root);
    request_done(&r);
}

static void test_least_request(void **state)
{
    struct request r;
    (void)state;
    assert_int_equal(
        parse(" {\"method\":\"server.info\",\"jsonrpc\":\"2.0\"}\t", &r), OK);
    assert_null(r.id);
    assert_null(r.token);
    assert_null(r.key);
    assert_null(r.params);
    assert_int_equal(r.after, 0);
    request_done(&r);
}

static void test_ids(void **state)
{
    static const char *const ids[] = {
        "null", "0", "-5", "\"\"", "\"a\\u4e2d\"", "9223372036854775807"};
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct request r;
        char line[200];
        json_error_t error;
        json_t *id = json_loads(ids[i], JSON_DECODE_ANY, &error);
        snprintf(line, sizeof line,
                 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"server.info\"}",
                 ids[i]);
        assert_int_equal(parse(line, &r), OK);
        assert_true(json_equal(r.id, id));
        request_done(&r);
        json_decref(id);
    }
}

/* -- hostile lines --------------------------------------------------------- */

struct hostile {
    const char *line;
    enum err err;
    const char *id; /* what it is answered to; NULL: not at all */
    const char *param;
};

#define HEAD "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":"
#define SHOW HEAD "\"ticket.show\",\"params\":"
/* clang-format off */
static const struct hostile lines[] = {
    /* not JSON */
    {"", ERR_PARSE, "null", ""},
    {"hello", ERR_PARSE, "null", ""},
    {"{", ERR_PARSE, "null", ""},
    {"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\"}", ERR_PARSE, "null", ""},
    {SHOW "{\"ticket\":\"1\"}} x", ERR_PARSE, "null", ""},
    {SHOW "{\"ticket\":\"1\"}}{}", ERR_PARSE, "null", ""},
    {SHOW "{\"ticket\":\"\\ud800\"}}", ERR_PARSE, "null", ""},
    {SHOW "{\"ticket\":01}}", ERR_PARSE, "null", ""},
    {SHOW "{\"ticket\":NaN}}", ERR_PARSE, "null", ""},
    {SHOW "{\"ticket\":\"a\tb\"}}", ERR_PARSE, "null", ""},
    /* not a request */
    {"5", ERR_INVALID, "null", ""},
    {"\"x\"", ERR_INVALID, "null", ""},
    {"null", ERR_INVALID, "null", ""},
    {"{}", ERR_INVALID, "null", "jsonrpc"},
    {"{\"id\":3,\"method\":\"server.info\"}", ERR_INVALID, "3", "jsonrpc"},
    {"{\"jsonrpc\":2.0,\"id\":3,\"method\":\"server.info\"}", ERR_INVALID, "3", "jsonrpc"},
    {"{\"jsonrpc\":\"1.0\",\"id\":3,\"method\":\"server.info\"}", ERR_INVALID, "3", "jsonrpc"},
    {"{\"jsonrpc\":\"2.0\",\"id\":3}", ERR_INVALID, "3", "method"},
    {"{\"jsonrpc\":\"2.0\",\"method\":1}", ERR_INVALID, "null", "method"},
    {HEAD "7}", ERR_INVALID, "3", "method"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"server.info\"}", ERR_INVALID, "null", "id"},
    {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"server.info\"}", ERR_INVALID, "null", "id"},
    {"{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"server.info\"}", ERR_INVALID, "null", "id"},
    {"{\"jsonrpc\":\"2.0\",\"id\":\"0123456789012345678901234567890123456789012345678901234567890123x\","
        "\"method\":\"server.info\"}", ERR_INVALID, "null", "id"},
    {HEAD "\"server.info\",\"params\":[1]}", ERR_INVALID, "3", "params"},
    {HEAD "\"server.info\",\"params\":\"x\"}", ERR_INVALID, "3", "params"},
    {HEAD "\"server.info\",\"params\":null}", ERR_INVALID, "3", "params"},
    {HEAD "\"server.info\",\"param\":{}}", ERR_INVALID, "3", "param"},
    {HEAD "\"server.info\",\"as\":\"wang.wu\"}", ERR_INVALID, "3", "as"},
    {HEAD "\"server.info\",\"key\":\"\"}", ERR_INVALID, "3", "key"},
    {HEAD "\"server.info\",\"key\":\"0123456789012345678901234567890123456789012345678901234567890123\",\"x\":1}",
        ERR_INVALID, "3", "x"},
    {HEAD "\"server.info\",\"key\":\"0123456789012345678901234567890123456789012345678901234567890123x\"}",
        ERR_INVALID, "3", "key"},
    {HEAD "\"server.info\",\"after\":-1}", ERR_INVALID, "3", "after"},
    {HEAD "\"server.info\",\"after\":\"9\"}", ERR_INVALID, "3", "after"},
    /* batches */
    {"[]", ERR_BATCH, "null", ""},
    {"  [{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"server.info\"}]", ERR_BATCH, "null", ""},
    {"[\xFF", ERR_BATCH, "null", ""},
    /* methods and parameters */
    {HEAD "\"ticket.fly\"}", ERR_UNKNOWN_METHOD, "3", "method"},
    {HEAD "\"verify\",\"params\":{\"data\":\"x\"}}", ERR_UNKNOWN_METHOD, "3", "method"},
    {HEAD "\"server.info\",\"params\":{\"x\":1}}", ERR_BAD_PARAM, "3", "x"},
    {SHOW "{\"ticket\":{}}}", ERR_BAD_PARAM, "3", "ticket"},
    /* a notification gets no answer, whatever is wrong with its parameters */
    {"{\"jsonrpc\":\"2.0\",\"method\":\"ticket.fly\"}", ERR_UNKNOWN_METHOD, NULL, "method"},
    {"{\"jsonrpc\":\"2.0\",\"method\":\"ticket.show\"}", ERR_BAD_PARAM, NULL, "ticket"},
    /* keys that stand twice */
    {SHOW "{\"ticket\":\"1\",\"ticket\":\"2\"}}", ERR_DUPLICATE_KEY, "3", "ticket"},
    {SHOW "{\"ticket\":\"1\",\"tick\\u0065t\":\"2\"}}", ERR_DUPLICATE_KEY, "3", "tick\\u0065t"},
    {HEAD "\"x\",\"method\":\"y\"}", ERR_DUPLICATE_KEY, "3", "method"},
    {HEAD "\"x\",\"id\":4}", ERR_DUPLICATE_KEY, "null", "id"},
    {SHOW "{\"a\":{\"b\":[{\"c\":1},{\"c\":1,\"c\":2}]}}}", ERR_DUPLICATE_KEY, "3", "a.b.c"},
    /* bytes */
    {SHOW "{\"ticket\":\"\xFF\"}}", ERR_BAD_UTF8, "3", "ticket"},
    {SHOW "{\"ticket\":\"\xC0\x80\"}}", ERR_BAD_UTF8, "3", "ticket"},
    {SHOW "{\"ticket\":\"\xED\xA0\x80\"}}", ERR_BAD_UTF8, "3", "ticket"},
    {SHOW "{\"ticket\":\"\xF4\x90\x80\x80\"}}", ERR_BAD_UTF8, "3", "ticket"},
    {SHOW "{\"ticket\":\"\xE4\xB8\"}}", ERR_BAD_UTF8, "3", "ticket"},
    {SHOW "{\"ticket\":\"\xE4\xB8", ERR_BAD_UTF8, "3", "ticket"},
    {SHOW "{\"\xFF\":1}}", ERR_BAD_UTF8, "3", "params"},
    {HEAD "\"\xFF\"}", ERR_BAD_UTF8, "3", "method"},
    {"\xFE{}", ERR_BAD_UTF8, "null", ""},
    {SHOW "{\"ticket\":\"a\\u0000b\"}}", ERR_NUL_BYTE, "3", "ticket"},
    {SHOW "{\"a\\u0000b\":1}}", ERR_NUL_BYTE, "3", "params"},
    /* numbers */
    {SHOW "{\"ticket\":9223372036854775808}}", ERR_NUMBER_RANGE, "3", "ticket"},
    {SHOW "{\"ticket\":-9223372036854775809}}", ERR_NUMBER_RANGE, "3", "ticket"},
    {SHOW "{\"ticket\":1e999}}", ERR_NUMBER_RANGE, "3", "ticket"},
    {SHOW "{\"a\":[1,-1e999]}}", ERR_NUMBER_RANGE, "3", "a"},
    {"{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"x\"}",
        ERR_NUMBER_RANGE, "null", "id"},
    /* the id is found wherever it stands, if it is plain */
    {"{\"x\":\"\xFF\",\"id\": \"q\"}", ERR_BAD_UTF8, "\"q\"", "x"},
    {"{\"x\":\"\xFF\",\"id\":-12}", ERR_BAD_UTF8, "-12", "x"},
    {"{\"x\":\"\xFF\",\"id\":1.5}", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":\"\xFF\",\"id\":\"\xFF\"}", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":\"\xFF\",\"id\":\"a\\\"b\"}", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":\"\xFF\",\"id\":\"a", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":\"\xFF\",\"id\":5", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":\"\xFF\",\"id\":", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":\"\xFF\",\"id\":\"0123456789012345678901234567890123456789012345678901234567890123\"}",
        ERR_BAD_UTF8, "\"0123456789012345678901234567890123456789012345678901234567890123\"", "x"},
    {"{\"x\":\"\xFF\",\"id\":\"0123456789012345678901234567890123456789012345678901234567890123x\"}",
        ERR_BAD_UTF8, "null", "x"},
    {"}],{\"x\":\"\xFF\"}", ERR_BAD_UTF8, "null", "x"},
    {"{\"x\":{\"id\":5},\"y\":\"\xFF\"}", ERR_BAD_UTF8, "null", "y"},
};
/* clang-format on */

static void expect(const char *line, size_t len, const struct hostile *h)
{
    struct request r;
    enum err err = parse_bytes(line, len, &r);
    char *id =
        r.id == NULL ? NULL : json_dumps(r.id, JSON_ENCODE_ANY | JSON_COMPACT);
    bool same_id = (id == NULL) == (h->id == NULL) &&
                   (id == NULL || strcmp(id, h->id) == 0);
    bool told =
        err == ERR_PARSE || err == ERR_BAD_PARAM || problem.expected[0] != '\0';
    if (err != h->err || problem.err != err || !same_id || !told ||
        strcmp(problem.param, h->param) != 0) {
        fail_msg("%s: %s id %s [%s] [%s] [%s]", h->line, err_name(err),
                 id == NULL ? "-" : id, problem.param, problem.expected,
                 problem.detail);
    }
    free(id);
    request_done(&r);
}

static void test_hostile_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        expect(lines[i].line, strlen(lines[i].line), &lines[i]);
    }
}

static void test_raw_nul(void **state)
{
    static const char in_text[] = SHOW "{\"ticket\":\"a\0b\"}}";
    static const char behind[] = HEAD "\"server.info\"}\0";
    static const char in_id[] = "{\"id\":\"a\0b\"}";
    static const struct hostile h3 = {"NUL in the id", ERR_NUL_BYTE, "null",
                                      "id"};
    static const struct hostile h1 = {"NUL in a text", ERR_NUL_BYTE, "3",
                                      "ticket"};
    static const struct hostile h2 = {"NUL behind", ERR_NUL_BYTE, "3", ""};
    (void)state;
    expect(in_text, sizeof in_text - 1, &h1);
    expect(behind, sizeof behind - 1, &h2);
    expect(in_id, sizeof in_id - 1, &h3);
}

/* A line of `n` levels, and whether it is taken as far as depth goes. */
static enum err nested(int n, char open, char close)
{
    struct request r;
    char line[400];
    size_t at =
        (size_t)snprintf(line, sizeof line, HEAD "\"server.info\",\"params\":");
    for (int i = 1; i < n; i++) {
        at += (size_t)snprintf(line + at, sizeof line - at, "%s",
                               open == '['  ? i == 1 ? "{\"x\":" : "["
                               : i == n - 1 ? "{"
                                            : "{\"x\":");
    }
    if (open == '[') {
        line[at++] = '1';
    }
    for (int i = 1; i < n; i++) {
        line[at++] = i == n - 1 ? '}' : close;
    }
    line[at++] = '}';
    enum err err = parse_bytes(line, at, &r);
    request_done(&r);
    return err;
}

static void test_depth(void **state)
{
    (void)state;
    assert_int_equal(nested(JSON_DEPTH_MAX, '{', '}'), ERR_BAD_PARAM);
    assert_int_equal(nested(JSON_DEPTH_MAX + 1, '{', '}'), ERR_TOO_DEEP);
    assert_int_equal(nested(JSON_DEPTH_MAX, '[', ']'), ERR_BAD_PARAM);
    assert_int_equal(nested(JSON_DEPTH_MAX + 1, '[', ']'), ERR_TOO_DEEP);
    assert_string_equal(problem.expected, "at most 16 levels");
}

/* The scan alone notices a NUL, and what only looks like one is none. */
static void test_scan_nul(void **state)
{
    (void)state;
    assert_int_equal(json_scan("[\"\\u0000\"]", 10, &problem), ERR_NUL_BYTE);
    assert_int_equal(json_scan("[\"a\0\"]", 6, &problem), ERR_NUL_BYTE);
    assert_int_equal(json_scan("[\"\\\\u0000\"]", 11, &problem), OK);
    assert_int_equal(json_scan("[\"\\u0001\"]", 10, &problem), OK);
}

static char *big_line(size_t len, const char *item, size_t *ret_len)
{
    char *line = malloc(len + 100);
    assert_non_null(line);
    size_t at =
        (size_t)snprintf(line, 100, HEAD "\"server.info\",\"params\":{\"x\":[");
    while (at + strlen(item) < len - 3) {
        at += (size_t)snprintf(line + at, 20, "%s", item);
    }
    line[at++] = '0';
    memcpy(line + at, "]}}", 3);
    *ret_len = at + 3;
    return line;
}

static void test_many_and_long(void **state)
{
    struct request r;
    size_t len = 0;
    (void)state;
    /* at most JSON_VALUES_MAX values: here 5 beside the items */
    char *line = big_line(2 * JSON_VALUES_MAX + 70, "1,", &len);
    assert_int_equal(parse_bytes(line, len, &r), ERR_TOO_MANY);
    assert_string_equal(problem.param, "x");
    assert_int_equal(json_integer_value(r.id), 3);
    request_done(&r);
    free(line);
    char *most = malloc(2 * JSON_VALUES_MAX + 2);
    assert_non_null(most);
    for (size_t i = 0; i < JSON_VALUES_MAX; i++) {
        memcpy(most + 1 + 2 * i, "1,", 2);
    }
    most[0] = '[';
    most[2 * JSON_VALUES_MAX] = ']';
    /* the array is a value too */
    assert_int_equal(json_scan(most, 2 * JSON_VALUES_MAX + 1, &problem),
                     ERR_TOO_MANY);
    most[2 * JSON_VALUES_MAX - 2] = ']';
    assert_int_equal(json_scan(most, 2 * JSON_VALUES_MAX - 1, &problem), OK);
    free(most);
    line = big_line(2 * JSON_VALUES_MAX, "1,", &len);
    assert_int_equal(parse_bytes(line, len, &r), ERR_BAD_PARAM);
    request_done(&r);
    free(line);
    line = big_line(LINE_BYTES_MAX + 3, "          ", &len);
    assert_true(len > LINE_BYTES_MAX - 10);
    len = LINE_BYTES_MAX + 1;
    assert_int_equal(parse_bytes(line, len, &r), ERR_TOO_LONG);
    assert_string_equal(problem.expected, "at most 262144 bytes");
    request_done(&r);
    free(line);
}

/* -- replies --------------------------------------------------------------- */

static void test_reply_result(void **state)
{
    struct reply reply;
    size_t len = 0;
    json_t *id = json_integer(7);
    (void)state;
    char *line =
        reply_result(id, json_pack("{s:s}", "number", "20261120-001"), 5, &len);
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{"
                              "\"number\":\"20261120-001\"},\"seq\":5}\n");
    assert_int_equal(len, strlen(line));
    assert_int_equal(reply_parse(line, len, &reply), OK);
    assert_int_equal(reply.id, 7);
    assert_int_equal(reply.seq, 5);
    assert_int_equal(reply.problem.err, OK);
    assert_string_equal(
        json_string_value(json_object_get(reply.result, "number")),
        "20261120-001");
    reply_done(&reply);
    free(line);
    line = reply_result(NULL, json_object(), -1, &len);
    assert_string_equal(line, "{\"jsonrpc\":\"2.0\",\"id\":null,"
                              "\"result\":{}}\n");
    assert_int_equal(reply_parse(line, len, &reply), OK);
    assert_int_equal(reply.id, -1);
    assert_int_equal(reply.seq, -1);
    reply_done(&reply);
    free(line);
    json_decref(id);
}

static void test_reply_error(void **state)
{
    struct reply reply;
    struct problem p;
    size_t len = 0;
    json_t *id = json_string("a");
    (void)state;
    problem_set(&p, ERR_BAD_STATE, "ticket", "filed", "it is 已归档\xE4\xB8");
    char *line = reply_error(id, &p, &len);
    assert_string_equal(
        line, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"error\":{\"code\":-32032,"
              "\"message\":\"not possible in this state\",\"data\":{"
              "\"name\":\"bad_state\",\"param\":\"ticket\","
              "\"expected\":\"filed\",\"detail\":\"it is 已归档??\"}}}\n");
    assert_int_equal(reply_parse(line, len, &reply), OK);
    assert_null(reply.result);
    assert_int_equal(reply.problem.err, ERR_BAD_STATE);
    assert_string_equal(reply.problem.param, "ticket");
    assert_string_equal(reply.problem.expected, "filed");
    assert_string_equal(reply.problem.detail, "it is 已归档??");
    reply_done(&reply);
    free(line);
    json_decref(id);
}

/* An answer too long for one line is refused in one that fits. */
static void test_reply_too_long(void **state)
{
    struct reply reply;
    size_t len = 0;
    char *text = malloc(REPLY_BYTES_MAX);
    (void)state;
    assert_non_null(text);
    memset(text, 'x', REPLY_BYTES_MAX);
    char *line = reply_result(
        NULL, json_pack("{s:s%}", "x", text, (size_t)REPLY_BYTES_MAX), 1, &len);
    free(text);
    assert_non_null(line);
    assert_true(len < 1000);
    assert_int_equal(reply_parse(line, len, &reply), OK);
    assert_int_equal(reply.problem.err, ERR_LIMIT);
    reply_done(&reply);
    free(line);
}

static void test_bad_replies(void **state)
{
    static const char *const replies[] = {
        "[]",
        "7",
        "{}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"result\":{}}",
        "{\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"data\":{\"name\":\"ok\"}}}",
    };
    struct reply reply;
    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        assert_int_equal(reply_parse(replies[i], strlen(replies[i]), &reply),
                         ERR_INVALID);
        reply_done(&reply);
    }
    assert_int_equal(reply_parse("{", 1, &reply), ERR_PARSE);
    reply_done(&reply);
}

/* -- both ends ------------------------------------------------------------- */

static void test_request_line(void **state)
{
    struct request r;
    size_t len = 0;
    (void)state;
    struct line_out all = {.id = 9,
                           .method = "ticket.show",
                           .params =
                               json_pack("{s:s}", "ticket", "20261120-001"),
                           .token = "t-1",
                           .key = "k",
                           .after = 4};
    char *line = request_line(&all, &len);
    assert_int_equal(line[len - 1], '\n');
    assert_int_equal(parse_bytes(line, len - 1, &r), OK);
    assert_int_equal(json_integer_value(r.id), 9);
    assert_string_equal(r.token, "t-1");
    assert_string_equal(r.key, "k");
    assert_int_equal(r.after, 4);
    request_done(&r);
    free(line);
    struct line_out least = {.id = 1, .method = "server.info"};
    line = request_line(&least, &len);
    assert_string_equal(
        line, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.info\"}\n");
    free(line);
    /* a text that is not UTF-8 cannot be sent, and nothing else is instead */
    least.key = "\xFF";
    assert_null(request_line(&least, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_request),
        cmocka_unit_test(test_least_request),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_hostile_lines),
        cmocka_unit_test(test_raw_nul),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_scan_nul),
        cmocka_unit_test(test_many_and_long),
        cmocka_unit_test(test_reply_result),
        cmocka_unit_test(test_reply_error),
        cmocka_unit_test(test_reply_too_long),
        cmocka_unit_test(test_bad_replies),
        cmocka_unit_test(test_request_line),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
