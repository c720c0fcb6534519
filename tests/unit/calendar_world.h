/* The built-in calendar and an empty one for a test program, the default
 * working time, which tests change, and what falls due by them. */
#ifndef BIHUAN_TESTS_CALENDAR_WORLD_H
#define BIHUAN_TESTS_CALENDAR_WORLD_H

#include "core/calendar.h"
#include "lib/when.h"

static struct calendar builtin;
static struct calendar plain;
static struct worktime wt;

/* A group's fixture, and each test's. */
static inline int make_calendars(void **state)
{
    (void)state;
    calendar_builtin(&builtin);
    calendar_init(&plain);
    return 0;
}

static inline int reset_worktime(void **state)
{
    (void)state;
    wt = worktime_default();
    return 0;
}

static inline struct due due(const char *from, const char *size)
{
    struct due ret = {0};
    assert_int_equal(calendar_due(&builtin, &wt, at(from), limit(size), &ret),
                     OK);
    return ret;
}

#define falls(from, size, want) is_at(due(from, size).at, want)

#endif
