/* Working time: the segments of a working day, and adding and taking away
 * working seconds over the days of a calendar. See calendar.h. */
#ifndef BIHUAN_CORE_WORKTIME_H
#define BIHUAN_CORE_WORKTIME_H

#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/limits.h"

struct calendar;

/* -- the working day ---------------------------------------------------- */

/* When day 1 of a day limit is. */
enum start_rule {
    START_NEXT_DAY,            /* the first (working) day after the start's */
    START_SAME_DAY,            /* the start's own, unless it is over */
    START_DEEMED_NEXT_WORKDAY, /* as if made on a working day in hours */
};

/* Local seconds of the day, from <= t < to; to may be 86400. */
struct segment {
    int32_t from;
    int32_t to;
};

struct worktime {
    struct segment segments[SEGMENTS_MAX]; /* ascending */
    int32_t segments_n;                    /* 1..MAX */
    enum start_rule start_rule;
};

/* 08:30-12:00 and 14:00-17:30, START_NEXT_DAY. */
struct worktime worktime_default(void);

/* OK, or ERR_BAD_REGULATION and the index of the first wrong segment in *ret
 * (-1: their number or the start rule). Segments have from < to, lie in the day
 * and do not overlap. */
enum err worktime_check(const struct worktime *wt, int32_t *ret);

/* Working seconds of one working day. */
int32_t worktime_seconds(const struct worktime *wt);

/* -- asking about working time ------------------------------------------ */

/* Working seconds in from..to; 0 if to <= from. */
int64_t calendar_work_seconds(const struct calendar *cal,
                              const struct worktime *wt, instant from,
                              instant to);
/* The first instant by which `seconds` >= 0 of working time have gone by since
 * `from`; for 0 it is `from` itself. ERR_OUT_OF_BOUNDS past the range. */
enum err calendar_add_work_seconds(const struct calendar *cal,
                                   const struct worktime *wt, instant from,
                                   int64_t seconds, instant *ret);

/* Positions on the line of all working time: how many working seconds of the
 * range have gone by at `at`, and the first instant at which `seconds` >= 1 of
 * them have. ERR_OUT_OF_BOUNDS past the range. */
int64_t calendar_work_rank(const struct calendar *cal,
                           const struct worktime *wt, instant at);
enum err calendar_work_nth(const struct calendar *cal,
                           const struct worktime *wt, int64_t seconds,
                           instant *ret);

#endif
