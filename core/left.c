/* How much of a limit is left, and when so little is left that somebody should
 * be told. One question in four measures; what each means is in due.h. */
#include <assert.h>

#include "core/calendar.h"
#include "core/due.h"

enum measure {
    IN_WORKDAYS,
    IN_DAYS,
    IN_WORK_SECONDS,
    IN_SECONDS
};

static enum measure measure_of(const struct run *run)
{
    enum limit_unit unit = run->limit.unit;
    if (run->due.by_day) {
        return unit == LIMIT_D ? IN_DAYS : IN_WORKDAYS;
    }
    return unit == LIMIT_WH || unit == LIMIT_WMIN ? IN_WORK_SECONDS
                                                  : IN_SECONDS;
}

int64_t calendar_left(const struct calendar *cal, const struct worktime *wt,
                      const struct run *run, instant at)
{
    assert(run->due.at != INSTANT_NONE);
    assert(at >= INSTANT_MIN && at <= INSTANT_MAX);

    if (at >= run->due.at) {
        return 0;
    }
    switch (measure_of(run)) {
    case IN_WORKDAYS:
        return calendar_workdays_after(cal, instant_day(at),
                                       due_last_day(run->due));
    case IN_DAYS:
        return due_last_day(run->due) - instant_day(at);
    case IN_WORK_SECONDS:
        return calendar_work_seconds(cal, wt, at, run->due.at);
    case IN_SECONDS:
        break;
    }
    return run->due.at - at;
}

/* The whole budget in the run's measure: the limit's number where the limit is
 * of that measure, otherwise what lay before the due at the start. */
static int64_t budget_of(const struct calendar *cal, const struct worktime *wt,
                         const struct run *run)
{
    int64_t n = run->limit.n;
    switch (run->limit.unit) {
    case LIMIT_WD:
    case LIMIT_D:
        if (run->due.by_day) {
            return n;
        }
        break;
    case LIMIT_WH:
    case LIMIT_H:
        if (!run->due.by_day) {
            return n * 3600;
        }
        break;
    case LIMIT_WMIN:
    case LIMIT_MIN:
        if (!run->due.by_day) {
            return n * 60;
        }
        break;
    case LIMIT_NONE:
    case LIMIT_UNTIL:
        break;
    }
    return calendar_left(cal, wt, run, run->from);
}

/* The first instant at which no more than `left` is left; it may lie before the
 * start. */
static instant when_left(const struct calendar *cal, const struct worktime *wt,
                         const struct run *run, int64_t left)
{
    instant at = INSTANT_NONE;
    switch (measure_of(run)) {
    case IN_WORKDAYS:
        return day_start(
            calendar_workdays_back(cal, due_last_day(run->due), (int32_t)left));
    case IN_DAYS:
        return day_start(due_last_day(run->due) - (int32_t)left);
    case IN_WORK_SECONDS: {
        int64_t seconds = calendar_work_rank(cal, wt, run->due.at) - left;
        if (seconds < 1 || calendar_work_nth(cal, wt, seconds, &at) != OK) {
            return run->from;
        }
        return at;
    }
    case IN_SECONDS:
        break;
    }
    return run->due.at - left;
}

/* The first instant with no more than n working days left. */
static instant when_workdays_left(const struct calendar *cal,
                                  const struct worktime *wt,
                                  const struct run *run, int32_t n)
{
    if (measure_of(run) == IN_WORK_SECONDS) {
        return when_left(cal, wt, run, (int64_t)n * worktime_seconds(wt));
    }
    /* Due at midnight: the last day is the one that ends there. */
    daynum last = instant_day(run->due.at - 1);
    return day_start(calendar_workdays_back(cal, last, n));
}

/* Nothing is told before the start; nothing above lies past the due. */
static instant from_start(const struct run *run, instant at)
{
    return at < run->from ? run->from : at;
}

static int64_t share(int64_t budget, int32_t num, struct ratio part)
{
    assert(part.den >= 1 && part.den <= RATIO_DEN_MAX);
    assert(part.num >= 0 && part.num <= part.den);
    return budget * num / part.den;
}

instant calendar_yellow(const struct calendar *cal, const struct worktime *wt,
                        const struct run *run, int32_t lesser_wd,
                        struct ratio part)
{
    assert(lesser_wd >= 0);
    if (run->due.at == INSTANT_NONE) {
        return INSTANT_NONE;
    }
    int64_t left = share(budget_of(cal, wt, run), part.num, part);
    instant by_part = when_left(cal, wt, run, left);
    instant by_days = when_workdays_left(cal, wt, run, lesser_wd);
    /* The lesser amount is the one that is reached later. */
    return from_start(run, by_part > by_days ? by_part : by_days);
}

instant calendar_fraction(const struct calendar *cal, const struct worktime *wt,
                          const struct run *run, struct ratio part)
{
    if (run->due.at == INSTANT_NONE) {
        return INSTANT_NONE;
    }
    int64_t left = share(budget_of(cal, wt, run), part.den - part.num, part);
    return from_start(run, when_left(cal, wt, run, left));
}
