/* What a limit comes to, and how a pause or an extension moves it. Day limits
 * are counted in days after a day 0; everything else in seconds. */
#include "core/due.h"

#include <assert.h>

#include "core/calendar.h"

bool due_late(struct due due, instant stop)
{
    if (due.at == INSTANT_NONE) {
        return false;
    }
    return due.by_day ? stop >= due.at : stop > due.at;
}

daynum due_last_day(struct due due)
{
    assert(due.at != INSTANT_NONE);
    return instant_day(due.at) - (due.by_day ? 1 : 0);
}

/* -- ends of a count ---------------------------------------------------- */

/* Due at the end of day `last`, reckoned from day `first` on. */
static enum err end_by_day(const struct calendar *cal, daynum first,
                           daynum last, struct due *ret)
{
    if (last >= CALENDAR_DAYS - 1) {
        return ERR_OUT_OF_BOUNDS;
    }
    *ret = (struct due){
        .at = day_start(last + 1),
        .by_day = true,
        .provisional = calendar_open_between(cal, first, last),
    };
    return OK;
}

/* n (working) days after day 0. */
static enum err end_after_days(const struct calendar *cal, daynum zero,
                               struct limit limit, daynum *ret)
{
    if (limit.unit == LIMIT_WD) {
        return calendar_add_workdays(cal, zero, limit.n, ret);
    }
    if (limit.n >= CALENDAR_DAYS - zero) {
        return ERR_OUT_OF_BOUNDS;
    }
    daynum last = zero + limit.n;
    if (!calendar_works(cal, last)) {
        return calendar_add_workdays(cal, last, 1, ret);
    }
    *ret = last;
    return OK;
}

static enum err end_after_work(const struct calendar *cal,
                               const struct worktime *wt, instant from,
                               int64_t seconds, struct due *ret)
{
    instant at = INSTANT_NONE;
    enum err err = calendar_add_work_seconds(cal, wt, from, seconds, &at);
    if (err != OK) {
        return err;
    }
    /* A segment that ends at 24:00 ends on its own day, not on the next. */
    daynum last = instant_day(at > from ? at - 1 : at);
    *ret = (struct due){
        .at = at,
        .provisional = calendar_open_between(cal, instant_day(from), last),
    };
    return OK;
}

static enum err end_after_seconds(instant from, int64_t seconds,
                                  struct due *ret)
{
    if (seconds > INSTANT_MAX - from) {
        return ERR_OUT_OF_BOUNDS;
    }
    *ret = (struct due){.at = from + seconds};
    return OK;
}

/* -- limits ------------------------------------------------------------- */

enum err calendar_day_zero(const struct calendar *cal,
                           const struct worktime *wt, instant from,
                           enum limit_unit unit, daynum *ret)
{
    daynum date = instant_day(from);
    bool works = calendar_works(cal, date);
    bool over = instant_second(from) >= wt->segments[wt->segments_n - 1].to;

    switch (wt->start_rule) {
    case START_NEXT_DAY:
        *ret = date;
        return OK;
    case START_SAME_DAY:
        *ret = (works || unit == LIMIT_D) && !over ? date - 1 : date;
        return OK;
    case START_DEEMED_NEXT_WORKDAY:
        return calendar_add_workdays(cal, date, works && !over ? 0 : 1, ret);
    }
    assert(false && "a start rule that worktime_check() refuses");
    return ERR_INTERNAL;
}

static enum err due_by_day(const struct calendar *cal,
                           const struct worktime *wt, instant from,
                           struct limit limit, struct due *ret)
{
    daynum zero = 0;
    daynum last = 0;
    enum err err = calendar_day_zero(cal, wt, from, limit.unit, &zero);
    if (err == OK) {
        err = end_after_days(cal, zero, limit, &last);
    }
    if (err == OK) {
        err = end_by_day(cal, instant_day(from), last, ret);
    }
    return err;
}

enum err calendar_due(const struct calendar *cal, const struct worktime *wt,
                      instant from, struct limit limit, struct due *ret)
{
    assert(limit_ok(limit) && from >= INSTANT_MIN && from <= INSTANT_MAX);

    switch (limit.unit) {
    case LIMIT_WD:
    case LIMIT_D:
        return due_by_day(cal, wt, from, limit, ret);
    case LIMIT_WH:
        return end_after_work(cal, wt, from, (int64_t)limit.n * 3600, ret);
    case LIMIT_WMIN:
        return end_after_work(cal, wt, from, (int64_t)limit.n * 60, ret);
    case LIMIT_H:
        return end_after_seconds(from, (int64_t)limit.n * 3600, ret);
    case LIMIT_MIN:
        return end_after_seconds(from, (int64_t)limit.n * 60, ret);
    case LIMIT_NONE:
        *ret = (struct due){.at = INSTANT_NONE};
        return OK;
    case LIMIT_UNTIL:
        *ret = (struct due){.at = limit.until};
        return OK;
    }
    assert(false && "a unit that limit_ok() refuses");
    return ERR_INTERNAL;
}

enum err calendar_extend(const struct calendar *cal, const struct worktime *wt,
                         struct due old, struct limit limit, struct due *ret)
{
    assert(old.at != INSTANT_NONE);
    struct due due = {.at = INSTANT_NONE};
    enum err err = OK;

    if (old.by_day && limit_by_day(limit)) {
        daynum zero = due_last_day(old);
        daynum last = 0;
        err = end_after_days(cal, zero, limit, &last);
        if (err == OK) {
            err = end_by_day(cal, zero, last, &due);
        }
    } else {
        err = calendar_due(cal, wt, old.at, limit, &due);
    }
    if (err == OK) {
        bool counted_on = limit.unit != LIMIT_NONE && limit.unit != LIMIT_UNTIL;
        due.provisional = due.provisional || (counted_on && old.provisional);
        *ret = due;
    }
    return err;
}

/* -- pauses ------------------------------------------------------------- */

/* r days were left after the day of suspension; they follow resumption. */
static enum err resume_by_day(const struct calendar *cal, struct limit limit,
                              struct due old, struct pause pause,
                              struct due *ret)
{
    daynum suspended = instant_day(pause.suspended_at);
    daynum resumed = instant_day(pause.resumed_at);
    daynum last = due_last_day(old);
    struct limit rest = {.unit = limit.unit == LIMIT_D ? LIMIT_D : LIMIT_WD};

    rest.n = rest.unit == LIMIT_D
                 ? last - suspended
                 : calendar_workdays_after(cal, suspended, last);
    enum err err = end_after_days(cal, resumed, rest, &last);
    return err == OK ? end_by_day(cal, resumed, last, ret) : err;
}

enum err calendar_resume_due(const struct calendar *cal,
                             const struct worktime *wt, struct limit limit,
                             struct due old, struct pause pause,
                             struct due *ret)
{
    struct due due = old;
    enum err err = OK;

    if (pause.resumed_at < pause.suspended_at) {
        return ERR_OUT_OF_ORDER;
    }
    if (due_late(old, pause.suspended_at)) {
        return ERR_TOO_LATE;
    }
    if (old.by_day) {
        err = resume_by_day(cal, limit, old, pause, &due);
    } else if (limit.unit == LIMIT_WH || limit.unit == LIMIT_WMIN) {
        int64_t rest =
            calendar_work_seconds(cal, wt, pause.suspended_at, old.at);
        err = end_after_work(cal, wt, pause.resumed_at, rest, &due);
    } else if (old.at != INSTANT_NONE) {
        err = end_after_seconds(pause.resumed_at, old.at - pause.suspended_at,
                                &due);
    }
    if (err == OK) {
        due.provisional = due.provisional || old.provisional;
        *ret = due;
    }
    return err;
}
