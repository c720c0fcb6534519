/* What a spreadsheet keeps as numbers: counts in full, days as dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/cli/sheet/sheet_parts.h"

static void number_is(const char *text, const char *expected)
{
    char out[SHEET_NUMBER_SIZE];
    sheet_number(text, out);
    assert_string_equal(out, expected);
}

static void date_is(const char *text, bool from_1904, const char *expected)
{
    char out[SHEET_NUMBER_SIZE] = "";
    assert_int_equal(sheet_date(text, from_1904, out), expected[0] != '\0');
    assert_string_equal(out, expected);
}

static void test_values(void **state)
{
    (void)state;
    number_is("1", "1");
    number_is("1.38E+10", "13800000000");
    number_is("999999999999999", "999999999999999");
    number_is("1000000000000000", "1.00000E+15");
    number_is("0.1", "0.1");
    number_is("-2", "-2");
    number_is("x", "x");
    number_is("1e999", "1e999");
    date_is("1", false, "1900-01-01");
    date_is("59", false, "1900-02-28");
    date_is("61", false, "1900-03-01");
    date_is("46346", false, "2026-11-20");
    date_is("46346.999988426", false, "2026-11-20 23:59:59");
    date_is("44884", true, "2026-11-20");
    date_is("2958465", false, "9999-12-31");
    date_is("2958466", false, "");
    date_is("-1", false, "");
    date_is("soon", false, "");
}

static void test_date_formats(void **state)
{
    (void)state;
    static const char *const dates[] = {"yyyy-mm-dd", "m/d", "[h]:mm",
                                        "[$-804]aaaa;@yyyy", "\"年\"y"};
    static const char *const others[] = {
        "General", "0.00E+00", "#,##0.00", "[Red]0", "\"day\"0",
        "0\\d",    "_d0",      "\"open",   "[open",  "@"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        assert_true(sheet_date_format(dates[i]));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(sheet_date_format(others[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_date_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
