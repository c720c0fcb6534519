/* A second reading of design section 4 that walks minute by minute (day by day
 * for day limits) and keeps no sums. It shares no helper with core: its own
 * table of days is a byte a day, its own dates are counted up from 1 January
 * 2007, a Monday. All instants here are whole minutes since then, so that a
 * minute belongs to one segment or to none. */
#ifndef BIHUAN_TESTS_NAIVE_DAYS_H
#define BIHUAN_TESTS_NAIVE_DAYS_H

#include <assert.h>
#include <stdint.h>

#include "core/calendar.h"

enum {
    DAYS = 7305 + 800, /* 2007 to 2026, and what lies beyond */
    PUBLISHED_DAYS = 7305,
    DAY_MINUTES = 1440,
};

/* 2007-01-01T00:00:00+08:00 (date -ud 2006-12-31T16:00 +%s) */
static const int64_t naive_epoch = 1167580800;

static uint8_t naive_works[DAYS];

/* A regulation in minutes of the day. */
struct day_rules {
    int segments_n;
    int from[SEGMENTS_MAX];
    int to[SEGMENTS_MAX];
    enum start_rule start;
};

static inline struct worktime naive_worktime(const struct day_rules *r)
{
    struct worktime wt = {.segments_n = r->segments_n, .start_rule = r->start};
    for (int i = 0; i < r->segments_n; i++) {
        wt.segments[i] = (struct segment){r->from[i] * 60, r->to[i] * 60};
    }
    return wt;
}

/* -- the days ----------------------------------------------------------- */

/* Takes the days over from `cal`; tests/unit/test_calendar_json.c and the
 * counts by year say that they are right. */
static inline void naive_take(const struct calendar *cal)
{
    for (int i = 0; i < DAYS; i++) {
        daynum day = (daynum)(naive_epoch / 86400) + 1 + i;
        naive_works[i] = calendar_works(cal, day) ? 1 : 0;
    }
}

/* Does working time run in the minute that begins at `minute`? */
static inline bool naive_runs(const struct day_rules *r, int64_t minute)
{
    int of_day = (int)(minute % DAY_MINUTES);
    if (!naive_works[minute / DAY_MINUTES]) {
        return false;
    }
    for (int i = 0; i < r->segments_n; i++) {
        if (of_day >= r->from[i] && of_day < r->to[i]) {
            return true;
        }
    }
    return false;
}

/* The end of the minute in which the last of `left` working minutes runs. */
static inline int64_t naive_work(const struct day_rules *r, int64_t minute,
                                 int64_t left)
{
    while (left > 0) {
        if (naive_runs(r, minute)) {
            left--;
        }
        minute++;
    }
    return minute;
}

/* The number of the day after the last day. */
static inline int64_t naive_days(const struct day_rules *r, int64_t from, int n,
                                 bool workdays)
{
    int64_t day = from / DAY_MINUTES;
    bool over = from % DAY_MINUTES >= r->to[r->segments_n - 1];
    int counted = 0;

    if (r->start == START_DEEMED_NEXT_WORKDAY && (over || !naive_works[day])) {
        do {
            day++;
        } while (!naive_works[day]);
    }
    bool own = r->start == START_SAME_DAY && !over;
    if (!own) {
        day++;
    }
    for (;; day++) {
        if (!workdays || naive_works[day]) {
            counted++;
        }
        if (counted >= n && naive_works[day]) {
            return day + 1;
        }
    }
}

/* What ends after n more (working) days: day `day` itself for none. */
static inline int64_t naive_after(int64_t day, int64_t n, bool workdays)
{
    while (n > 0) {
        day++;
        n -= !workdays || naive_works[day] ? 1 : 0;
    }
    while (!workdays && !naive_works[day]) {
        day++;
    }
    return (day + 1) * DAY_MINUTES;
}

static inline int64_t naive_end(const struct day_rules *r, int64_t from,
                                struct limit limit)
{
    switch (limit.unit) {
    case LIMIT_WD:
        return naive_days(r, from, limit.n, true) * DAY_MINUTES;
    case LIMIT_D:
        return naive_days(r, from, limit.n, false) * DAY_MINUTES;
    case LIMIT_WH:
        return naive_work(r, from, limit.n * 60);
    case LIMIT_WMIN:
        return naive_work(r, from, limit.n);
    case LIMIT_H:
        return from + limit.n * 60;
    case LIMIT_MIN:
        return from + limit.n;
    case LIMIT_NONE:
    case LIMIT_UNTIL:
        break;
    }
    assert(false && "a limit that is not counted");
    return 0;
}

static inline bool naive_by_day(struct limit limit)
{
    return limit.unit == LIMIT_WD || limit.unit == LIMIT_D;
}

/* An extension: counted on from the old due, after its last day if that is one.
 */
static inline int64_t naive_extend(const struct day_rules *r, int64_t due,
                                   bool by_day, struct limit limit)
{
    if (by_day && naive_by_day(limit)) {
        return naive_after(due / DAY_MINUTES - 1, limit.n,
                           limit.unit == LIMIT_WD);
    }
    return naive_end(r, due, limit);
}

/* A pause, by its definition: what was left at suspension is walked off from
 * resumption on. */
static inline int64_t naive_resume(const struct day_rules *r,
                                   struct limit limit, int64_t due, bool by_day,
                                   int64_t since, int64_t at)
{
    bool workdays = limit.unit != LIMIT_D;
    int64_t left = 0;
    if (by_day) {
        for (int64_t d = since / DAY_MINUTES + 1; d < due / DAY_MINUTES; d++) {
            left += !workdays || naive_works[d] ? 1 : 0;
        }
        return naive_after(at / DAY_MINUTES, left, workdays);
    }
    if (limit.unit != LIMIT_WH && limit.unit != LIMIT_WMIN) {
        return at + (due - since);
    }
    for (int64_t minute = since; minute < due; minute++) {
        left += naive_runs(r, minute) ? 1 : 0;
    }
    return naive_work(r, at, left);
}

#endif
