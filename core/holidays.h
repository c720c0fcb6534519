/* The notices that are built in: see calendar_builtin() in calendar.h. */
#ifndef BIHUAN_CORE_HOLIDAYS_H
#define BIHUAN_CORE_HOLIDAYS_H

#include "core/calendar.h"

enum {
    HOLIDAYS_FIRST_YEAR = 2007,
    HOLIDAYS_LAST_YEAR = 2026
};

/* Sets the special days and publishes the years; the caller seals. */
void holidays_apply(struct calendar *cal);

#endif
