/* Framing, against a reader that is given the whole text at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/line.h"

enum {
    TRACE_SIZE = 4096
};

/* Each line as <text>, one too long as !. */
static void take_all(struct line_reader *r, char trace[TRACE_SIZE])
{
    const char *line = NULL;
    size_t len = 0;
    for (;;) {
        size_t used = strlen(trace);
        switch (line_take(r, &line, &len)) {
        case LINE_NONE:
            return;
        case LINE_WHOLE:
            snprintf(trace + used, TRACE_SIZE - used, "<%.*s>", (int)len, line);
            break;
        case LINE_TOO_LONG:
            snprintf(trace + used, TRACE_SIZE - used, "!");
            break;
        }
    }
}

static void feed(struct line_reader *r, const char *text)
{
    assert_int_equal(line_feed(r, text, strlen(text)), OK);
}

/* Of what is taken nothing stays, be it behind half a line that does. */
static void test_forgets(void **state)
{
    struct line_reader r;
    char trace[TRACE_SIZE] = "";
    static const char zeros[64];
    (void)state;
    line_init(&r, 40);
    feed(&r, "a password\nhalf a secret");
    take_all(&r, trace);
    feed(&r, "!");
    assert_memory_equal(r.bytes, "half a secret!", 14);
    assert_memory_equal(r.bytes + 14, zeros, 10);
    feed(&r, "\n");
    take_all(&r, trace);
    assert_string_equal(trace, "<a password><half a secret!>");
    assert_memory_equal(r.bytes, zeros, 24);
    feed(&r, "more than the forty bytes that a line may have");
    take_all(&r, trace);
    assert_memory_equal(r.bytes, zeros, 46);
    line_done(&r);
}

static void test_lines(void **state)
{
    struct line_reader r;
    char trace[TRACE_SIZE] = "";
    (void)state;
    line_init(&r, 10);
    take_all(&r, trace);
    assert_string_equal(trace, "");
    feed(&r, "one\ntwo\r\n\nthr");
    take_all(&r, trace);
    assert_string_equal(trace, "<one><two><>");
    feed(&r, "ee\n");
    take_all(&r, trace);
    assert_string_equal(trace, "<one><two><><three>");
    feed(&r, "\r\n\r\r\n");
    take_all(&r, trace);
    assert_string_equal(trace, "<one><two><><three><><\r>");
    line_done(&r);
}

static void test_too_long(void **state)
{
    struct line_reader r;
    char trace[TRACE_SIZE] = "";
    (void)state;
    line_init(&r, 5);
    feed(&r, "12345\n123456\n1234\n");
    take_all(&r, trace);
    assert_string_equal(trace, "<12345>!<1234>");
    /* told as soon as it is known, once */
    feed(&r, "12345");
    take_all(&r, trace);
    assert_string_equal(trace, "<12345>!<1234>");
    feed(&r, "6");
    take_all(&r, trace);
    assert_string_equal(trace, "<12345>!<1234>!");
    for (int i = 0; i < 100; i++) {
        feed(&r, "more and more");
        take_all(&r, trace);
    }
    assert_string_equal(trace, "<12345>!<1234>!");
    feed(&r, "\nok\n");
    take_all(&r, trace);
    assert_string_equal(trace, "<12345>!<1234>!<ok>");
    line_done(&r);
}

/* What is inside a line is not its business. */
static void test_any_bytes(void **state)
{
    struct line_reader r;
    const char *line = NULL;
    size_t len = 0;
    (void)state;
    line_init(&r, 10);
    assert_int_equal(line_feed(&r, "\0\xFF\xC0\x80\n", 5), OK);
    assert_int_equal(line_take(&r, &line, &len), LINE_WHOLE);
    assert_int_equal(len, 4);
    assert_memory_equal(line, "\0\xFF\xC0\x80", 4);
    line_done(&r);
}

/* A swallowed line takes no room, and a large buffer is given back. */
static void test_room(void **state)
{
    enum {
        BIG = 100000
    };
    struct line_reader r;
    char trace[TRACE_SIZE] = "";
    char *big = malloc(BIG);
    (void)state;
    assert_non_null(big);
    memset(big, 'x', BIG);
    line_init(&r, 1000);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(line_feed(&r, big, BIG), OK);
        take_all(&r, trace);
        assert_true(r.room <= 16384);
    }
    assert_string_equal(trace, "!");
    free(big);
    line_done(&r);
    assert_null(r.bytes);
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16 & 0x7FFFU;
}

/* However the bytes are cut, the same lines come out. */
static void test_any_pieces(void **state)
{
    unsigned seed = 1;
    (void)state;
    for (int round = 0; round < 500; round++) {
        char text[300];
        char whole[TRACE_SIZE] = "";
        char pieces[TRACE_SIZE] = "";
        struct line_reader r;
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = "ab\r\nc\ndefg"[next_random(&seed) % 10];
        }
        line_init(&r, 7);
        assert_int_equal(line_feed(&r, text, sizeof text), OK);
        take_all(&r, whole);
        line_done(&r);
        for (size_t at = 0; at < sizeof text;) {
            size_t n = next_random(&seed) % 20;
            n = n > sizeof text - at ? sizeof text - at : n;
            assert_int_equal(line_feed(&r, text + at, n), OK);
            at += n;
            if (next_random(&seed) % 3 > 0) {
                take_all(&r, pieces);
            }
        }
        take_all(&r, pieces);
        assert_string_equal(whole, pieces);
        line_done(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),    cmocka_unit_test(test_forgets),
        cmocka_unit_test(test_too_long), cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_room),     cmocka_unit_test(test_any_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
