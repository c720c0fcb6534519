/* One-time codes: the published vectors, and what is not taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "daemon/gate/totp.h"

static const uint8_t secret[] = {'1', '2', '3', '4', '5', '6', '7',
                                 '8', '9', '0', '1', '2', '3', '4',
                                 '5', '6', '7', '8', '9', '0'};

/* RFC 4226 appendix D: counters 0 to 9. */
static void test_counters(void **state)
{
    static const char *const codes[] = {"755224", "287082", "359152", "969429",
                                        "338314", "254676", "287922", "162583",
                                        "399871", "520489"};
    char made[TOTP_DIGITS + 1];
    (void)state;
    for (int i = 0; i < 10; i++) {
        totp_code(secret, i, made);
        assert_string_equal(made, codes[i]);
    }
}

/* RFC 6238 appendix B, SHA-1: the last 6 of its 8 digits. */
static void test_times(void **state)
{
    static const struct {
        instant at;
        const char *code;
    } vectors[] = {{59, "94287082"},         {1111111109, "07081804"},
                   {1111111111, "14050471"}, {1234567890, "89005924"},
                   {2000000000, "69279037"}, {20000000000, "65353130"}};
    char made[TOTP_DIGITS + 1];
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        int64_t step = 0;
        totp_code(secret, vectors[i].at / TOTP_STEP_S, made);
        assert_string_equal(made, vectors[i].code + 2);
        assert_true(totp_right(secret, made, vectors[i].at, 0, &step));
        assert_int_equal(step, vectors[i].at / 30);
    }
}

/* Counter 4 is 00:02:00 to 00:02:29. */
static void test_window(void **state)
{
    static const struct {
        instant at;
        bool right;
    } cases[] = {{89, false}, {90, true},  {120, true}, {149, true},
                 {150, true}, {179, true}, {180, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t step = 0;
        assert_int_equal(totp_right(secret, "338314", cases[i].at, 0, &step),
                         cases[i].right);
        assert_int_equal(step, cases[i].right ? 4 : 0);
    }
}

/* None works twice, nor one before it. */
static void test_replay(void **state)
{
    int64_t step = 0;
    (void)state;
    assert_true(totp_right(secret, "338314", 120, 3, &step));
    assert_int_equal(step, 4);
    assert_false(totp_right(secret, "338314", 121, 4, &step));
    assert_false(totp_right(secret, "969429", 121, 4, &step));
    assert_true(totp_right(secret, "254676", 121, 4, &step));
    assert_int_equal(step, 5);
}

static void test_no_code(void **state)
{
    static const char *const none[] = {"",       "33831",  "3383144", "338315",
                                       "33831 ", "abcdef", "０",      "-38314"};
    int64_t step = 7;
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(totp_right(secret, none[i], 120, 0, &step));
        assert_int_equal(step, 7);
    }
}

/* As coreutils' base32 has it. */
static void test_base32(void **state)
{
    uint8_t bytes[TOTP_SECRET_BYTES];
    char text[TOTP_BASE32_SIZE];
    (void)state;
    totp_base32(secret, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 13 + 7);
    }
    totp_base32(bytes, text);
    assert_string_equal(text, "A4KCCLR3JBKWE334RGLKHMF5ZLL6J4P6");
    memset(bytes, 255, sizeof bytes);
    totp_base32(bytes, text);
    assert_string_equal(text, "77777777777777777777777777777777");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counters), cmocka_unit_test(test_times),
        cmocka_unit_test(test_window),   cmocka_unit_test(test_replay),
        cmocka_unit_test(test_no_code),  cmocka_unit_test(test_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
