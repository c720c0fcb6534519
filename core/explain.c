/* Why a limit falls due when it does, day by day. */
#include <assert.h>

#include "core/calendar.h"
#include "core/due.h"

/* The listener, and the day in hand. */
struct telling {
    const struct calendar *cal;
    bool (*fn)(void *arg, const struct day_note *note);
    void *arg;
};

static bool tell(const struct telling *t, daynum day, enum day_role role,
                 int32_t nth, int64_t seconds)
{
    struct day_note note = {
        .day = day,
        .kind = calendar_kind(t->cal, day),
        .name = calendar_name(t->cal, day),
        .role = role,
        .nth = nth,
        .seconds = seconds,
        .provisional = calendar_open_between(t->cal, day, day),
    };
    return t->fn(t->arg, &note);
}

/* -- day limits --------------------------------------------------------- */

/* The span of a day limit: from the start's date over day 0, after which
 * counting begins, to the last day. */
struct day_span {
    daynum start;
    daynum zero;
    daynum last;
};

/* Up to day 0: the start's date, days it may not be deemed made on, and the one
 * it is. */
static bool tell_before(const struct telling *t, struct day_span span)
{
    for (daynum day = span.start; day <= span.zero; day++) {
        enum day_role role = DAY_SKIPPED;
        if (day == span.start) {
            role = DAY_START;
        } else if (day == span.zero) {
            role = DAY_DEEMED;
        }
        if (!tell(t, day, role, 0, 0)) {
            return false;
        }
    }
    return true;
}

static void tell_days(const struct telling *t, struct day_span span,
                      struct limit limit)
{
    int32_t nth = 0;
    bool more = tell_before(t, span);
    for (daynum day = span.zero + 1; more && day <= span.last; day++) {
        enum day_role role = DAY_COUNTED;
        if (nth == limit.n) {
            role = day == span.last ? DAY_MOVED : DAY_PASSED;
        } else if (limit.unit == LIMIT_WD && !calendar_works(t->cal, day)) {
            role = DAY_SKIPPED;
        } else {
            nth++;
        }
        more = tell(t, day, role, role == DAY_COUNTED ? nth : 0, 0);
    }
}

/* -- limits in time ----------------------------------------------------- */

static int64_t seconds_between(const struct calendar *cal,
                               const struct worktime *wt, enum limit_unit unit,
                               struct run piece)
{
    if (unit == LIMIT_WH || unit == LIMIT_WMIN) {
        return calendar_work_seconds(cal, wt, piece.from, piece.due.at);
    }
    return piece.due.at - piece.from;
}

static void tell_seconds(const struct telling *t, const struct worktime *wt,
                         const struct run *run)
{
    daynum first = instant_day(run->from);
    daynum last = instant_day(run->due.at - 1);
    bool more = true;
    for (daynum day = first; more && day <= last; day++) {
        struct run piece = {.from = day_start(day)};
        piece.due.at = day == last ? run->due.at : day_start(day + 1);
        if (day == first) {
            piece.from = run->from;
        }
        int64_t seconds = seconds_between(t->cal, wt, run->limit.unit, piece);
        enum day_role role = day == first ? DAY_START : DAY_SKIPPED;
        more = tell(t, day, seconds > 0 ? DAY_COUNTED : role, 0, seconds);
    }
}

enum err calendar_explain(const struct calendar *cal, const struct worktime *wt,
                          instant from, struct limit limit,
                          bool (*fn)(void *arg, const struct day_note *note),
                          void *arg)
{
    struct telling t = {.cal = cal, .fn = fn, .arg = arg};
    struct run run = {.from = from, .limit = limit};
    struct day_span span = {.start = instant_day(from)};

    enum err err = calendar_due(cal, wt, from, limit, &run.due);
    if (err == OK && limit_by_day(limit)) {
        err = calendar_day_zero(cal, wt, from, limit.unit, &span.zero);
    }
    if (err != OK) {
        return err;
    }
    if (limit_by_day(limit)) {
        span.last = due_last_day(run.due);
        tell_days(&t, span, limit);
    } else if (run.due.at > from) {
        tell_seconds(&t, wt, &run);
    }
    return OK;
}
