/* Working time: the seconds of the segments of working days, added and taken
 * away as whole days times the seconds of one, plus a part of one. */
#include "core/worktime.h"

#include <assert.h>

#include "core/calendar.h"

struct worktime worktime_default(void)
{
    struct worktime wt = {
        .segments = {{8 * 3600 + 1800, 12 * 3600},
                     {14 * 3600, 17 * 3600 + 1800}},
        .segments_n = 2,
        .start_rule = START_NEXT_DAY,
    };
    return wt;
}

/* The index of the first wrong segment, or -1. */
static int32_t wrong_segment(const struct worktime *wt)
{
    int32_t earliest = 0;
    for (int32_t i = 0; i < wt->segments_n; i++) {
        struct segment s = wt->segments[i];
        if (s.from < earliest || s.from >= s.to || s.to > SECONDS_PER_DAY) {
            return i;
        }
        earliest = s.to;
    }
    return -1;
}

enum err worktime_check(const struct worktime *wt, int32_t *ret)
{
    int32_t wrong = -1;
    bool rule_ok = wt->start_rule == START_NEXT_DAY ||
                   wt->start_rule == START_SAME_DAY ||
                   wt->start_rule == START_DEEMED_NEXT_WORKDAY;
    if (rule_ok && wt->segments_n >= 1 && wt->segments_n <= SEGMENTS_MAX) {
        wrong = wrong_segment(wt);
        if (wrong < 0) {
            return OK;
        }
    }
    *ret = wrong;
    return ERR_BAD_REGULATION;
}

/* Working seconds of a working day before its second `until`. */
static int32_t seconds_until(const struct worktime *wt, int32_t until)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < wt->segments_n; i++) {
        struct segment s = wt->segments[i];
        if (until > s.from) {
            sum += (until < s.to ? until : s.to) - s.from;
        }
    }
    return sum;
}

int32_t worktime_seconds(const struct worktime *wt)
{
    return seconds_until(wt, SECONDS_PER_DAY);
}

/* The first second of the day by which `part` working seconds have passed, so
 * that a part that fills a segment ends with it, not with the next one's
 * beginning; 1 <= part <= worktime_seconds(). */
static int32_t second_after(const struct worktime *wt, int32_t part)
{
    int32_t i = 0;
    while (part > wt->segments[i].to - wt->segments[i].from) {
        part -= wt->segments[i].to - wt->segments[i].from;
        i++;
        assert(i < wt->segments_n);
    }
    return wt->segments[i].from + part;
}

int64_t calendar_work_rank(const struct calendar *cal,
                           const struct worktime *wt, instant at)
{
    assert(at >= INSTANT_MIN && at <= INSTANT_MAX);
    daynum day = instant_day(at);
    int64_t seconds = (int64_t)calendar_rank(cal, day) * worktime_seconds(wt);
    if (calendar_works(cal, day)) {
        seconds += seconds_until(wt, instant_second(at));
    }
    return seconds;
}

enum err calendar_work_nth(const struct calendar *cal,
                           const struct worktime *wt, int64_t seconds,
                           instant *ret)
{
    int64_t per_day = worktime_seconds(wt);
    assert(seconds >= 1 && per_day >= 1);

    int64_t whole_days = (seconds - 1) / per_day;
    if (whole_days >= cal->workdays) {
        return ERR_OUT_OF_BOUNDS;
    }
    int32_t part = (int32_t)(seconds - whole_days * per_day);
    daynum day = calendar_nth(cal, (int32_t)whole_days);
    instant at = day_start(day) + second_after(wt, part);
    if (at > INSTANT_MAX) {
        return ERR_OUT_OF_BOUNDS;
    }
    *ret = at;
    return OK;
}

int64_t calendar_work_seconds(const struct calendar *cal,
                              const struct worktime *wt, instant from,
                              instant to)
{
    if (to <= from) {
        return 0;
    }
    return calendar_work_rank(cal, wt, to) - calendar_work_rank(cal, wt, from);
}

enum err calendar_add_work_seconds(const struct calendar *cal,
                                   const struct worktime *wt, instant from,
                                   int64_t seconds, instant *ret)
{
    assert(seconds >= 0);
    int64_t before = calendar_work_rank(cal, wt, from);
    if (seconds == 0) {
        *ret = from;
        return OK;
    }
    if (seconds > INT64_MAX - before) {
        return ERR_OUT_OF_BOUNDS;
    }
    return calendar_work_nth(cal, wt, before + seconds, ret);
}
