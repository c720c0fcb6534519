/* Limits as text, both ways, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/limit.h"
#include "lib/when.h"

static void limits_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct limit want;
        const char *written;
    } rows[] = {
        {"5wd", {.n = 5, .unit = LIMIT_WD}, "5wd"},
        {"2wh", {.n = 2, .unit = LIMIT_WH}, "2wh"},
        {"30wmin", {.n = 30, .unit = LIMIT_WMIN}, "30wmin"},
        {"3d", {.n = 3, .unit = LIMIT_D}, "3d"},
        {"24h", {.n = 24, .unit = LIMIT_H}, "24h"},
        {"90min", {.n = 90, .unit = LIMIT_MIN}, "90min"},
        {"none", {.unit = LIMIT_NONE}, "none"},
        {"不限", {.unit = LIMIT_NONE}, "none"},
        {"5个工作日", {.n = 5, .unit = LIMIT_WD}, "5wd"},
        {"5工作日", {.n = 5, .unit = LIMIT_WD}, "5wd"},
        {"2工作小时", {.n = 2, .unit = LIMIT_WH}, "2wh"},
        {"2个工作小时", {.n = 2, .unit = LIMIT_WH}, "2wh"},
        {"30工作分钟", {.n = 30, .unit = LIMIT_WMIN}, "30wmin"},
        {"3天", {.n = 3, .unit = LIMIT_D}, "3d"},
        {"3日", {.n = 3, .unit = LIMIT_D}, "3d"},
        {"3个自然日", {.n = 3, .unit = LIMIT_D}, "3d"},
        {"24小时", {.n = 24, .unit = LIMIT_H}, "24h"},
        {"24个小时", {.n = 24, .unit = LIMIT_H}, "24h"},
        {"30分钟", {.n = 30, .unit = LIMIT_MIN}, "30min"},
        {"007d", {.n = 7, .unit = LIMIT_D}, "7d"},
        {"2000wd", {.n = 2000, .unit = LIMIT_WD}, "2000wd"},
        {"5270400min", {.n = 5270400, .unit = LIMIT_MIN}, "5270400min"},
    };
    char text[LIMIT_TEXT_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct limit got = {0};
        assert_int_equal(limit_parse(rows[i].text, strlen(rows[i].text), &got),
                         OK);
        assert_int_equal(got.n, rows[i].want.n);
        assert_int_equal(got.unit, rows[i].want.unit);
        assert_string_equal(limit_format(got, text), rows[i].written);
    }
    struct limit until = limit("2026-10-14T16:00:00Z");
    assert_int_equal(until.unit, LIMIT_UNTIL);
    assert_string_equal(limit_format(until, text), "2026-10-15T00:00:00+08:00");
    assert_int_equal(limit("5wd").unit, LIMIT_WD);
}

static void what_is_not_a_limit(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "wd",
                                      "5",
                                      "0wd",
                                      "0min",
                                      "-1wd",
                                      "+5wd",
                                      " 5wd",
                                      "5wd ",
                                      "5 wd",
                                      "5WD",
                                      "5x",
                                      "5wdd",
                                      "2001wd",
                                      "3661d",
                                      "87841h",
                                      "87841wh",
                                      "5270401min",
                                      "1.5h",
                                      "5个",
                                      "5个wd",
                                      "3个天",
                                      "5个工作",
                                      "999999999wd",
                                      "9999999999wd",
                                      "99999999999999999999wd",
                                      "None",
                                      "5none",
                                      "0x5wd",
                                      "５wd",
                                      "5工作",
                                      "不限制",
                                      "2026-10-15T00:00:00Z"};
    struct limit got = {.n = 77};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(limit_parse(bad[i], strlen(bad[i]), &got),
                         ERR_BAD_LIMIT);
    }
    assert_int_equal(limit_parse_any("soon", 4, &got), ERR_BAD_LIMIT);
    assert_int_equal(got.n, 77);
    assert_false(limit_ok((struct limit){.unit = (enum limit_unit)42}));
    assert_false(limit_ok((struct limit){.n = 1, .unit = LIMIT_NONE}));
    assert_false(limit_ok((struct limit){.unit = LIMIT_UNTIL, .until = -1}));
    assert_false(limit_ok(
        (struct limit){.unit = LIMIT_UNTIL, .until = INSTANT_MAX + 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_read_and_written),
        cmocka_unit_test(what_is_not_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
