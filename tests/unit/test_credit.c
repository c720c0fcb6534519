/* GB 32100: real codes, and real ones whose last check character is known not
 * to agree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "proto/command.h"

/* Published codes of companies, offices and associations. */
static const char *const agreeing[] = {
    "91350200MA2YJ1XR9G", "91350200776049653A", "91350500798359476R",
    "91350503MA31DKY80A", "91350200MA31E12PXF", "91440101MA5CJQ4N59",
    "913502000728319549", "123502001549897397", "91350503MA31DNG762",
    "913502115628130384", "9135021359498494XQ", "91350203MA31NDF85F",
    "91350203MA32AXT97E", "91350203MA31XXW31H", "91350206MA31LUJ437",
    "91350213678251743X"};

/* Early pilot codes in legal use; their last character would have to be 9, 1,
 * R and J. */
static const char *const pilot[] = {"91350203M0001QAY9B", "91350100M0001TGQXM",
                                    "91350211M0000XUF46", "91350203M0001FUE2P"};
static const char pilot_should[] = "91RJ";

static enum err check(const char *text, char out[CODE_SIZE], bool *valid)
{
    return credit_code_check(text, strlen(text), out, valid);
}

static void test_agreeing(void **state)
{
    char out[CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof agreeing / sizeof agreeing[0]; i++) {
        bool valid = false;
        assert_int_equal(check(agreeing[i], out, &valid), OK);
        assert_true(valid);
        assert_string_equal(out, agreeing[i]);
    }
}

static void test_pilot(void **state)
{
    char out[CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof pilot / sizeof pilot[0]; i++) {
        char text[CODE_SIZE];
        bool valid = true;
        assert_int_equal(check(pilot[i], out, &valid), OK);
        assert_false(valid);
        memcpy(text, pilot[i], 19);
        text[17] = pilot_should[i];
        assert_int_equal(check(text, out, &valid), OK);
        assert_true(valid);
    }
}

/* The standard's promise: one wrong character, or two neighbours exchanged,
 * is always noticed. */
static void test_one_wrong_character(void **state)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char out[CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < 18; i++) {
        for (size_t c = 0; c < 31; c++) {
            char text[CODE_SIZE];
            bool valid = true;
            memcpy(text, agreeing[0], 19);
            text[i] = alphabet[c];
            assert_int_equal(check(text, out, &valid), OK);
            assert_int_equal(valid, agreeing[0][i] == alphabet[c]);
        }
    }
}

static void test_swapped(void **state)
{
    char out[CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < 17; i++) {
        char text[CODE_SIZE];
        bool valid = true;
        memcpy(text, agreeing[3], 19);
        text[i] = agreeing[3][i + 1];
        text[i + 1] = agreeing[3][i];
        assert_int_equal(check(text, out, &valid), OK);
        assert_int_equal(valid, text[i] == text[i + 1]);
    }
}

/* Wrong in the organisation's own check character alone: the last one is worked
 * out to agree (weights 3^i mod 31, by hand of another program). */
static void test_organisation(void **state)
{
    static const char *const codes[] = {
        "91350200MA2YJ1XR8D", "91350200MA2YJ1XR0L", "91350200MA2YJ1XRAK"};
    char out[CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        bool valid = true;
        assert_int_equal(check(codes[i], out, &valid), OK);
        assert_false(valid);
    }
}

/* As people type them: lower case, full width, blanks of both widths. */
static void test_normalised(void **state)
{
    static const char *const forms[] = {"91350200ma2yj1xr9g",
                                        " 9135 0200 MA2Y J1XR 9G\t",
                                        "９１３５０２００ＭＡ２ＹＪ１ＸＲ９Ｇ",
                                        "９１３５０２００ｍａ２ｙｊ１ｘｒ９ｇ",
                                        "91350200\xE3\x80\x80MA2YJ1XR9G",
                                        "\n\t\t\t91350200MA2YJ1XR9G\r\n",
                                        "\xC2\xA0"
                                        "91350200\xC2\xA0MA2YJ1XR9G"};
    char out[CODE_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        bool valid = false;
        assert_int_equal(check(forms[i], out, &valid), OK);
        assert_true(valid);
        assert_string_equal(out, "91350200MA2YJ1XR9G");
    }
}

static void test_wrong_form(void **state)
{
    static const char *const forms[] = {
        "",
        "91350200MA2YJ1XR9",
        "91350200MA2YJ1XR9GG",
        "91350200MA2YJ1XR9I",
        "91350200MA2YJ1XR9O",
        "91350200MA2YJ1XR9S",
        "91350200MA2YJ1XR9V",
        "91350200MA2YJ1XR9Z",
        "91350200-MA2YJ1XR9",
        "91350200中A2YJ1XR9G",
        "91350200MA2YJ1XR9\xEF",
        "91350200MA2YJ1XR9\xEF\xBC",
        "\xF0\x9F\x98\x80",
        "91350200MA2YJ1XR9\xC2",
        "91350200MA2YJ1XR9\xC2\xA1",
        "91350200MA2YJ1XR9\x0E",
        "　",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char out[CODE_SIZE] = "kept";
        bool valid = true;
        assert_int_equal(check(forms[i], out, &valid), ERR_BAD_CODE);
        assert_string_equal(out, "kept");
    }
    /* nor does a long one run over */
    char many[200];
    char out_many[CODE_SIZE];
    bool valid_many = false;
    memset(many, 'A', sizeof many);
    assert_int_equal(
        credit_code_check(many, sizeof many, out_many, &valid_many),
        ERR_BAD_CODE);
    /* a NUL is no character of a code, nor its end */
    char out[CODE_SIZE];
    bool valid = false;
    assert_int_equal(credit_code_check("91350200MA2YJ1XR9\0", 18, out, &valid),
                     ERR_BAD_CODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agreeing),
        cmocka_unit_test(test_pilot),
        cmocka_unit_test(test_one_wrong_character),
        cmocka_unit_test(test_swapped),
        cmocka_unit_test(test_organisation),
        cmocka_unit_test(test_normalised),
        cmocka_unit_test(test_wrong_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
