/* Instants, days and limits as tests write them, and how to compare them: a
 * mistake in a text is a failure of the test. */
#ifndef BIHUAN_TESTS_WHEN_H
#define BIHUAN_TESTS_WHEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"

/* "2026-11-20 17:30", or any other form that instant_parse() takes. */
static inline instant at(const char *text)
{
    instant ret = INSTANT_NONE;
    assert_int_equal(instant_parse(text, strlen(text), true, &ret), OK);
    return ret;
}

static inline daynum day(const char *text)
{
    daynum ret = 0;
    assert_int_equal(day_parse(text, strlen(text), &ret), OK);
    return ret;
}

static inline struct limit limit(const char *text)
{
    struct limit ret = {0};
    assert_int_equal(limit_parse_any(text, strlen(text), &ret), OK);
    return ret;
}

static inline void same_instant(instant got, const char *want, const char *file,
                                int line)
{
    char text[INSTANT_TEXT_SIZE];
    char wanted[INSTANT_TEXT_SIZE];
    _assert_string_equal(instant_format(got, text),
                         instant_format(at(want), wanted), file, line);
}

/* Compares as text, so that a failure says which instants. */
#define is_at(got, want) same_instant(got, want, __FILE__, __LINE__)

#endif
