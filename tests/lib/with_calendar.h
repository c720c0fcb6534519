/* The built-in calendar for a test program: `calendar`, made by set_up() and
 * freed by tear_down(), a group's fixtures. */
#ifndef BIHUAN_TESTS_WITH_CALENDAR_H
#define BIHUAN_TESTS_WITH_CALENDAR_H

#include <stdlib.h>

#include "core/calendar.h"

static struct calendar *calendar;

static inline int set_up(void **state)
{
    (void)state;
    calendar = malloc(sizeof *calendar);
    if (calendar == NULL) {
        return -1;
    }
    calendar_builtin(calendar);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    free(calendar);
    return 0;
}

#endif
