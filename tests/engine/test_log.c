/* The log: one line an event whatever the texts hold, nothing in it that is not
 * seen, JSON that is JSON and holds what was said. */
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "proto/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
    OUTPUT_SIZE = 1 << 16,
    TEXT_SIZE = 3000,
    ROUNDS = 3000
};

static int stderr_before = -1;
static int file = -1;
static char output[OUTPUT_SIZE];

static void begin(void)
{
    char name[] = "/tmp/bihuan.log.XXXXXX";
    file = mkstemp(name);
    assert_true(file >= 0);
    unlink(name);
    stderr_before = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
}

/* What was logged since begin(). */
static const char *end(void)
{
    dup2(stderr_before, STDERR_FILENO);
    close(stderr_before);
    lseek(file, 0, SEEK_SET);
    ssize_t n = read(file, output, sizeof output - 1);
    assert_true(n >= 0);
    output[n] = '\0';
    close(file);
    return output;
}

static void use(enum log_format format)
{
    unsetenv("JOURNAL_STREAM");
    log_set_format(format);
    log_set_level(LOG_PRIORITY_INFO);
}

static void text_as_it_was(void **state)
{
    struct problem p;
    (void)state;
    use(LOG_FORMAT_TEXT);
    problem_set(&p, ERR_EXISTS, "/s", "", "it is not a socket");
    begin();
    log_text(LOG_PRIORITY_INFO, "stopping", "SIGTERM");
    log_text(LOG_PRIORITY_ERROR, "store", NULL);
    log_problem(LOG_PRIORITY_ERROR, "listen", &p);
    assert_string_equal(end(), "<6>stopping: SIGTERM\n"
                               "<3>store\n"
                               "<3>listen: error=exists: param=/s: "
                               "detail=it is not a socket\n");
}

static void nothing_is_forged(void **state)
{
    (void)state;
    use(LOG_FORMAT_TEXT);
    begin();
    log_text(LOG_PRIORITY_INFO, "a",
             "b\n<3>c\r\x1b[31m\x7f\\n\xc2\x85\xe2\x80\xae"
             "d\xe2\x80\xa8\xff\xc3(\xf3\xa0\x81\x81中文");
    assert_string_equal(end(),
                        "<6>a: b\\x0a<3>c\\x0d\\x1b[31m\\x7f\\\\n\\x85"
                        "\\u{202e}d\\u{2028}\\xff\\xc3(\\u{e0041}中文\n");
}

static void json_says_the_same(void **state)
{
    const char *text = "b\n\"<3>\\ \xe2\x80\xae\xf3\xa0\x81\x81中";
    const struct log_field fields[] = {
        {NULL, text}, {"left_out", ""}, {"delivery", "17"}};
    (void)state;
    use(LOG_FORMAT_JSON);
    begin();
    log_fields(LOG_PRIORITY_WARNING, "outbox", fields, 3);
    const char *line = end();
    assert_null(strstr(line, "\xe2\x80\xae"));
    assert_string_equal(strchr(line, '\n'), "\n");
    json_t *json = json_loads(line, 0, NULL);
    assert_non_null(json);
    assert_int_equal(json_object_size(json), 5);
    assert_string_equal(json_string_value(json_object_get(json, "level")),
                        "warning");
    assert_string_equal(json_string_value(json_object_get(json, "what")),
                        "outbox");
    assert_string_equal(json_string_value(json_object_get(json, "text")), text);
    assert_string_equal(json_string_value(json_object_get(json, "delivery")),
                        "17");
    const char *time = json_string_value(json_object_get(json, "time"));
    assert_int_equal(strlen(time), 25);
    assert_string_equal(time + 19, "+08:00");
    json_decref(json);
}

/* Under the journal a line of JSON has its priority in front too. */
static void the_journal_reads_json(void **state)
{
    (void)state;
    use(LOG_FORMAT_JSON);
    setenv("JOURNAL_STREAM", "8:1", 1);
    begin();
    log_text(LOG_PRIORITY_ERROR, "a", "b");
    assert_memory_equal(end(), "<3>{\"time\":\"", 12);
}

static void levels(void **state)
{
    (void)state;
    use(LOG_FORMAT_TEXT);
    begin();
    log_set_level(LOG_PRIORITY_WARNING);
    log_text(LOG_PRIORITY_INFO, "a", "b");
    log_text(LOG_PRIORITY_WARNING, "c", "d");
    log_set_level(LOG_PRIORITY_ERROR);
    log_text(LOG_PRIORITY_WARNING, "e", "f");
    log_text(LOG_PRIORITY_ERROR, "g", "h");
    assert_string_equal(end(), "<4>c: d\n<3>g: h\n");
}

/* -- anything ---------------------------------------------------------------
 */

static uint32_t seed = 20261121;

static uint32_t chance(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static const char *anything(char out[TEXT_SIZE])
{
    static const char *const nasty[] = {
        "\n",           "\r",           "\"",   "\\",       "\x1b",
        "\xe2\x80\xae", "\xe2\x81\xa6", "\xff", "\xe2\x80", "\xf3\xa0\x81\x81",
        "中",           "<3>",          "\"}",  "{"};
    size_t len = 0;
    size_t want = chance(4) == 0 ? chance(TEXT_SIZE - 8) : chance(40);
    while (len < want) {
        const char *one = nasty[chance(sizeof nasty / sizeof *nasty)];
        if (chance(3) != 0) {
            out[len++] = (char)(1 + chance(255));
        } else {
            memcpy(out + len, one, strlen(one));
            len += strlen(one);
        }
    }
    out[len] = '\0';
    return out;
}

static void check_line(const char *line, enum log_format format)
{
    size_t len = strlen(line);
    size_t at = 0;
    assert_true(len > 1 && len <= 4096 && line[len - 1] == '\n');
    while (at < len - 1) {
        uint32_t c = utf8_next(line, len - 1, &at);
        assert_true(c != UTF8_BAD && c >= 0x20 && c != 0x7f);
        assert_false((c >= 0x202a && c <= 0x202e) || c == 0x2066);
    }
    if (format == LOG_FORMAT_JSON) {
        json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(json);
        assert_true(json_object_size(json) >= 3);
        json_decref(json);
    }
}

static void whatever_it_is_told(void **state)
{
    static char texts[8][TEXT_SIZE];
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        enum log_format format = chance(2) ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON;
        struct log_field fields[8];
        int n = (int)chance(9);
        for (int f = 0; f < n; f++) {
            fields[f] = (struct log_field){names[f], anything(texts[f])};
        }
        use(format);
        begin();
        log_fields(LOG_PRIORITY_INFO, "what", fields, n);
        check_line(end(), format);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_as_it_was),
        cmocka_unit_test(nothing_is_forged),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(the_journal_reads_json),
        cmocka_unit_test(levels),
        cmocka_unit_test(whatever_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
