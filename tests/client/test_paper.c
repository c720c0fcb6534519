/* What people read in sentences: dates, and that every sentence is there in
 * Chinese with its # in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/cli/language/dates.h"
#include "client/cli/language/lang.h"
#include "client/cli/paper/paper.h"
#include "client/cli/paper/progress.h"

static void moment_is(const char *text, int year, const char *expected)
{
    char out[DATE_SIZE];
    instant at;
    assert_true(date_parse(text, &at));
    assert_string_equal(date_moment(at, year, out), expected);
}

static void limit_is(const char *text, int year, const char *expected)
{
    char out[DATE_SIZE];
    instant at;
    assert_true(date_parse(text, &at));
    assert_string_equal(date_limit(at, year, out), expected);
}

/* A due at midnight is over with the day before: that one is named. */
static void test_dates(void **state)
{
    (void)state;
    instant at;
    lang_setup(LANG_ZH);
    moment_is("2026-10-09T15:04:59+08:00", 2026, "10月9日 15:04");
    moment_is("2026-10-09T15:04:59+08:00", 2027, "2026年10月9日 15:04");
    moment_is("2026-10-09T20:00:00Z", 2026, "10月10日 04:00");
    limit_is("2026-10-17T00:00:00+08:00", 2026, "10月16日");
    limit_is("2026-10-01T00:00:00+08:00", 0, "2026年9月30日");
    limit_is("2027-01-01T00:00:00+08:00", 2026, "12月31日");
    limit_is("2026-10-16T17:30:00+08:00", 2026, "10月16日 17:30");
    lang_setup(LANG_EN);
    moment_is("2026-10-09T15:04:59+08:00", 2026, "9 Oct 15:04");
    moment_is("2026-10-09T05:04:59+08:00", 0, "9 Oct 2026 05:04");
    limit_is("2026-03-01T00:00:00+08:00", 2026, "28 Feb");
    lang_done();
    assert_false(date_parse(NULL, &at));
    assert_false(date_parse("soon", &at));
}

/* Both have a place for the unit, or none has. */
static void test_sentences(void **state)
{
    (void)state;
    size_t n = 0;
    lang_setup(LANG_ZH);
    for (; paper_sentence(n, true) != NULL; n++) {
        for (int unit = 0; unit < 2; unit++) {
            const char *english = paper_sentence(n, unit != 0);
            const char *chinese = tr(english);
            assert_string_not_equal(english, chinese);
            assert_true((strchr(english, '#') == NULL) ==
                        (strchr(chinese, '#') == NULL));
        }
        assert_null(strchr(paper_sentence(n, false), '#'));
    }
    assert_true(n >= 25);
    lang_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
