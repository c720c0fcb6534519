/* Bytes as digits: RFC 4648's vectors, and every pair of characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/hex.h"

/* RFC 4648, section 10: BASE16. Its letters are capital ones. */
static const char *const vectors[][2] = {{"", ""},
                                         {"f", "66"},
                                         {"fo", "666F"},
                                         {"foo", "666F6F"},
                                         {"foob", "666F6F62"},
                                         {"fooba", "666F6F6261"},
                                         {"foobar", "666F6F626172"}};

static void small_letters(const char *text, char *ret)
{
    do {
        *ret++ = (char)(*text >= 'A' && *text <= 'F' ? *text + 32 : *text);
    } while (*text++ != '\0');
}

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        size_t len = strlen(vectors[i][0]);
        char expected[HEX_SIZE(6)];
        char text[HEX_SIZE(6)];
        char bytes[6];
        small_letters(vectors[i][1], expected);
        hex_encode(vectors[i][0], len, text);
        assert_string_equal(text, expected);
        assert_int_equal(HEX_SIZE(len), strlen(text) + 1);
        assert_true(hex_decode(text, 2 * len, bytes));
        assert_memory_equal(bytes, vectors[i][0], len);
        bool letters = strpbrk(vectors[i][1], "ABCDEF") != NULL;
        assert_int_equal(hex_decode(vectors[i][1], 2 * len, bytes), !letters);
    }
}

/* Two characters are a byte if it is printed so, and in no other case. */
static void test_pairs(void **state)
{
    int taken = 0;
    (void)state;
    for (int i = 0; i < 65536; i++) {
        char pair[2] = {(char)(i >> 8), (char)(i & 255)};
        char printed[3];
        uint8_t byte = 0;
        if (hex_decode(pair, sizeof pair, &byte)) {
            snprintf(printed, sizeof printed, "%02x", byte);
            assert_memory_equal(printed, pair, sizeof pair);
            taken++;
        }
    }
    assert_int_equal(taken, 256);
}

static void test_digit_left_over(void **state)
{
    char bytes[4];
    (void)state;
    assert_false(hex_decode("6", 1, bytes));
    assert_false(hex_decode("666", 3, bytes));
    assert_true(hex_decode("666", 2, bytes));
    assert_false(hex_decode("66\0"
                            "6",
                            4, bytes));
}

static void test_in_place(void **state)
{
    char text[] = "00ff7f80";
    (void)state;
    assert_true(hex_decode(text, 8, text));
    assert_memory_equal(text, "\x00\xff\x7f\x80", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_digit_left_over),
        cmocka_unit_test(test_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
