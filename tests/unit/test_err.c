/* The map of failures: what the wire may rely on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/err.h"

static void test_names_are_words(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        const char *name = err_name((enum err)i);
        assert_true(strlen(name) > 0);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
                         strlen(name));
        assert_true(strlen(err_text((enum err)i)) > 0);
        assert_int_equal(err_from_name(name), i);
    }
    assert_int_equal(err_from_name("no_such_name"), ERR_INTERNAL);
}

static void test_names_and_numbers_differ(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(err_name((enum err)i),
                                    err_name((enum err)j));
            assert_int_not_equal(err_code((enum err)i), err_code((enum err)j));
        }
    }
}

/* JSON-RPC 2.0, section 5.1: the five numbers it sets, and the range
 * -32000..-32099 that it leaves to servers. */
static void test_numbers_of_the_standard(void **state)
{
    (void)state;
    assert_int_equal(err_code(ERR_PARSE), -32700);
    assert_int_equal(err_code(ERR_INVALID), -32600);
    assert_int_equal(err_code(ERR_UNKNOWN_METHOD), -32601);
    assert_int_equal(err_code(ERR_BAD_PARAM), -32602);
    assert_int_equal(err_code(ERR_INTERNAL), -32603);
    for (int i = ERR_INTERNAL + 1; i < ERR_COUNT; i++) {
        assert_in_range(-err_code((enum err)i), 32000, 32099);
    }
}

static void test_out_of_the_enum(void **state)
{
    (void)state;
    assert_string_equal(err_name((enum err)ERR_COUNT), "internal");
    assert_string_equal(err_name((enum err)9999), "internal");
}

static void test_problem_set(void **state)
{
    struct problem p;
    (void)state;
    assert_int_equal(problem_set(&p, ERR_BUSY, "a", NULL, "c"), ERR_BUSY);
    assert_int_equal(p.err, ERR_BUSY);
    assert_string_equal(p.param, "a");
    assert_string_equal(p.expected, "");
    assert_string_equal(p.detail, "c");
    assert_int_equal(problem_set(NULL, ERR_BUSY, "a", "b", "c"), ERR_BUSY);
}

/* A text is cut at a whole character: 中 is three bytes. */
static void test_problem_cut(void **state)
{
    struct problem p;
    char long_text[400];
    (void)state;
    for (size_t i = 0; i + 3 < sizeof long_text; i += 3) {
        memcpy(long_text + i, "中", 4);
    }
    problem_set(&p, ERR_BUSY, long_text, long_text, long_text);
    assert_int_equal(strlen(p.param), 63);
    assert_int_equal(strlen(p.detail), 255);
    long_text[0] = 'a';
    long_text[1] = 'b';
    long_text[2] = 'c';
    problem_set(&p, ERR_BUSY, long_text + 1, "", "");
    assert_int_equal(strlen(p.param), 62); /* "bc" and twenty characters */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_words),
        cmocka_unit_test(test_names_and_numbers_differ),
        cmocka_unit_test(test_numbers_of_the_standard),
        cmocka_unit_test(test_out_of_the_enum),
        cmocka_unit_test(test_problem_set),
        cmocka_unit_test(test_problem_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
