/* What a limit comes to on a calendar: when it falls due, how a pause or an
 * extension moves that (due.c), how much is left (left.c), and why, day by day
 * (explain.c). What is provisional, and the range: see calendar.h. */
#ifndef BIHUAN_CORE_DUE_H
#define BIHUAN_CORE_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/limit.h"
#include "core/worktime.h"

struct calendar;

/* -- limits ------------------------------------------------------------- */

/* When something falls due. By day: late if stopped at `at` or after it;
 * otherwise late if stopped after it. `at` INSTANT_NONE: never. */
struct due {
    instant at;
    bool by_day;
    bool provisional;
};

bool due_late(struct due due, instant stop);

/* The last day of a due by day, else the day `at` falls in. */
daynum due_last_day(struct due due);

/* What a limit that starts at `from` comes to. Day limits (wd, d) are due at
 * 00:00:00 of the day after their last day; a `d` limit whose last day rests is
 * moved to the next working day. For `d` every day counts as a "(working) day"
 * of the start rules, but a deemed start is a working day. ERR_OUT_OF_BOUNDS.
 */
enum err calendar_due(const struct calendar *cal, const struct worktime *wt,
                      instant from, struct limit limit, struct due *ret);

/* Day 0 of a day limit (wd, d), which the day count begins after: the start's
 * date, the day before it (START_SAME_DAY in time) or the working day on which
 * a start out of hours is deemed made. ERR_OUT_OF_BOUNDS past the range. */
enum err calendar_day_zero(const struct calendar *cal,
                           const struct worktime *wt, instant from,
                           enum limit_unit unit, daynum *ret);

/* `limit` counted on from an old due: an extension, or "red + 2 wd". After a
 * due by day, day 1 of a day limit is the first (working) day after its last
 * day, under every start rule. The old due must not be INSTANT_NONE. */
enum err calendar_extend(const struct calendar *cal, const struct worktime *wt,
                         struct due old, struct limit limit, struct due *ret);

/* The due after a pause. wd: with r working days after the day of suspension up
 * to the last day, the new last day is the r-th working day after the day of
 * resumption (r = 0: that day itself). d: the same with calendar days, moved
 * off a rest day. wh, wmin: the exact working seconds left. h, min, until: the
 * exact seconds left. none: unchanged. Suspended when already late, or resumed
 * before suspended: ERR_TOO_LATE, ERR_OUT_OF_ORDER. */
struct pause {
    instant suspended_at;
    instant resumed_at;
};

enum err calendar_resume_due(const struct calendar *cal,
                             const struct worktime *wt, struct limit limit,
                             struct due old, struct pause pause,
                             struct due *ret);

/* -- how much is left --------------------------------------------------- */
/* What is left at an instant, in the limit's own measure:
 *   wd         working days after that instant's date up to the last day
 *   d          calendar days, likewise
 *   wh, wmin   working seconds up to the due
 *   h, min,    seconds up to the due
 *   until      seconds up to the due; its budget is from `from` to it
 * so that at the start (next_day) what is left is the budget, and the day in
 * progress counts as used. */

/* A running limit: where it began, what it is, when it is due. A pause or an
 * extension may have moved the due, even to one of another measure: then the
 * due decides how to measure (by day: working days unless the limit is in d; an
 * instant: seconds unless in wh, wmin), and the budget is what lies between the
 * start and the due, in that measure. */
struct run {
    instant from;
    struct limit limit;
    struct due due;
};

struct ratio {
    int32_t num; /* 0..den */
    int32_t den; /* 1..RATIO_DEN_MAX */
};

/* What is left at `at`, in days or seconds as above; 0 past the due.
 * Not for LIMIT_NONE (asserted). */
int64_t calendar_left(const struct calendar *cal, const struct worktime *wt,
                      const struct run *run, instant at);

/* The first instant, from run->from on, at which what is left is no more than
 * the lesser of `lesser_wd` working days and the share `part` of the budget.
 * Days of working time for wh, wmin are worktime_seconds(); for the others
 * "n working days left" is the measure of wd above. Whole days for wd and d: a
 * third of 5 wd is reached when 1 is left. INSTANT_NONE for LIMIT_NONE. */
instant calendar_yellow(const struct calendar *cal, const struct worktime *wt,
                        const struct run *run, int32_t lesser_wd,
                        struct ratio part);

/* The first instant, from run->from on, at which the share `part` of the budget
 * is used (1/2: tell the handler). INSTANT_NONE for LIMIT_NONE. */
instant calendar_fraction(const struct calendar *cal, const struct worktime *wt,
                          const struct run *run, struct ratio part);

/* -- explaining --------------------------------------------------------- */

enum day_kind {
    DAY_WORKDAY,
    DAY_WEEKEND,
    DAY_HOLIDAY,
    DAY_MAKEUP
};

enum day_role {
    DAY_START,   /* the start's date; not counted */
    DAY_DEEMED,  /* the day a start out of hours counts as made on */
    DAY_COUNTED, /* the nth day, or `seconds` of working time */
    DAY_SKIPPED, /* does not count: it rests or has no working time left */
    DAY_PASSED,  /* between the nominal last day of a d limit and the moved */
    DAY_MOVED,   /* the working day to which a d limit's last day is moved */
    DAY_PAUSED,  /* for callers that know pauses; not given here */
};

struct day_note {
    daynum day;
    enum day_kind kind;
    const char *name; /* the holiday's, "" if none; valid during the call */
    enum day_role role;
    int32_t nth;      /* of DAY_COUNTED by wd and d, 1.., else 0 */
    int64_t seconds;  /* counted on this day by wh, wmin, h, min, until */
    bool provisional; /* the day's year has no notice */
};

/* Tells `fn` each day from the start's date to the last day, in order, until it
 * returns false. Same errors as calendar_due(), before the first call. Nothing
 * is told for LIMIT_NONE or an instant before `from`. */
enum err calendar_explain(const struct calendar *cal, const struct worktime *wt,
                          instant from, struct limit limit,
                          bool (*fn)(void *arg, const struct day_note *note),
                          void *arg);

#endif
