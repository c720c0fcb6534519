/* The ticket's number: one form, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/ticket.h"

static void test_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ticket_id id;
    } rows[] = {
        {"20261120-001", 20261120000001},  {"20261120-042", 20261120000042},
        {"20261120-999", 20261120000999},  {"20261120-1000", 20261120001000},
        {"20240229-7777", 20240229007777}, {"20261231-999999", 20261231999999},
        {"19700101-001", 19700101000001},  {"21991231-012", 21991231000012},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[TICKET_TEXT_SIZE];
        ticket_id id = 0;
        assert_string_equal(ticket_id_format(rows[i].id, out), rows[i].text);
        assert_int_equal(
            ticket_id_parse(rows[i].text, strlen(rows[i].text), &id), OK);
        assert_true(id == rows[i].id);
    }
}

static void test_nothing_else(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "20261120",
        "20261120-",
        "20261120-1",
        "20261120-01",
        "20261120-000",
        "20261120-0001",
        "20261120-0999",
        "20261120_001",
        "20261120-00a",
        "2026112a-001",
        "20260229-001",
        "20261301-001",
        "20260100-001",
        "22000101-001",
        "19691231-001",
        "20261120-0000",
        "20261120-1000000",
        " 20261120-001",
        "20261120-001 ",
        "+0261120-001",
        "20261120--01",
        "00000000-001",
        "20261120-+01",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ticket_id id = 77;
        assert_int_equal(ticket_id_parse(bad[i], strlen(bad[i]), &id),
                         ERR_BAD_CODE);
        assert_true(id == 77);
    }
}

static void test_the_length_counts_not_the_nul(void **state)
{
    (void)state;
    ticket_id id = 0;
    assert_int_equal(ticket_id_parse("20261120-001999", 12, &id), OK);
    assert_true(id == 20261120000001);
}

/* 16:00 UTC is midnight at +08:00. */
static void test_the_day_is_local(void **state)
{
    (void)state;
    instant before = 0;
    assert_int_equal(instant_parse("2026-11-19T15:59:59Z", 20, false, &before),
                     OK);
    assert_true(ticket_id_day(before) == 20261119000000);
    assert_true(ticket_id_day(before + 1) == 20261120000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_nothing_else),
        cmocka_unit_test(test_the_length_counts_not_the_nul),
        cmocka_unit_test(test_the_day_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
