/* Statutory Chinese working time: which days work, and what a limit comes to.
 *
 * A calendar is data: Monday to Friday work, changed day by day by the State
 * Council's yearly notices (holidays 放假 and make-up days 调休) and by an
 * organisation's own extra days. It is one value in the caller's storage
 * (about 200 KiB: keep it on the heap), it owns nothing and points nowhere.
 *
 *     calendar_init or calendar_builtin -> set_day/publish -> seal -> ask
 *
 * Asking an unsealed calendar is our bug (asserted). Sealed, it is read-only
 * and may be shared by threads. Day questions take O(log n) by prefix sums over
 * 64-day words; working time is whole working days times the seconds of one,
 * plus a part, so it costs the same.
 *
 * A result is *provisional* if a day from the start's date to the last day lies
 * in a year without a notice (there only Monday to Friday is known). Natural
 * time (h, min, an instant, none) never is.
 *
 * Every instant given must lie in INSTANT_MIN..INSTANT_MAX (asserted); a result
 * beyond INSTANT_MAX is ERR_OUT_OF_BOUNDS. Rules: design section 4. */
#ifndef BIHUAN_CORE_CALENDAR_H
#define BIHUAN_CORE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/limit.h"
#include "core/limits.h"

/* -- a day -------------------------------------------------------------- */

enum day_kind {
    DAY_WORKDAY,
    DAY_WEEKEND,
    DAY_HOLIDAY,
    DAY_MAKEUP
};

/* One line of a notice: this day works or does not, because of `name`. */
struct special_day {
    daynum day;
    bool working;
    char name[NAME_SIZE]; /* UTF-8, e.g. 春节; "" if nameless */
};

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

/* -- making a calendar -------------------------------------------------- */

struct calendar {
    uint64_t words[CALENDAR_WORDS]; /* bit = the day works */
    int32_t before[CALENDAR_WORDS]; /* working days before each word */
    uint8_t name[CALENDAR_DAYS];    /* 1 + index in names; 0: not special */
    uint8_t notice[CALENDAR_DAYS];  /* 1 + year - 1970 of its notice; 0: own */
    bool published[CALENDAR_YEARS]; /* by year - 1970 */
    int32_t open[CALENDAR_YEARS + 1]; /* unpublished years before each */
    char names[CALENDAR_NAMES_MAX][NAME_SIZE];
    int32_t names_n;
    int32_t workdays; /* in the whole range */
    bool sealed;
};

/* Monday to Friday, nothing published; sealed. */
void calendar_init(struct calendar *cal);

/* The notices for 2007 to 2026 (core/holidays.c); sealed. */
void calendar_builtin(struct calendar *cal);

/* Records one special day of the notice for `notice` (a year), or an extra day
 * of the organisation's own (notice 0); unseals. A later word on the same day
 * replaces an earlier one. ERR_OUT_OF_BOUNDS outside 1970..2199, ERR_LIMIT when
 * there are too many different names. */
enum err calendar_set_day(struct calendar *cal, int notice,
                          const struct special_day *day);

/* Marks a year as known from here on; unseals. ERR_OUT_OF_BOUNDS as above. */
enum err calendar_publish_year(struct calendar *cal, int year);

/* Forgets what the notice for this year said, its days in the neighbouring
 * years included, so that an amended notice can be read in anew; unseals. */
void calendar_clear_notice(struct calendar *cal, int year);

/* Recomputes the sums; must follow the last change. */
void calendar_seal(struct calendar *cal);

/* -- asking about days -------------------------------------------------- */
/* Days given must lie in 0..CALENDAR_DAYS - 1 (asserted). */

bool calendar_works(const struct calendar *cal, daynum day);
enum day_kind calendar_kind(const struct calendar *cal, daynum day);
/* The holiday's name, "" if it has none. Borrowed from `cal`. */
const char *calendar_name(const struct calendar *cal, daynum day);
bool calendar_published(const struct calendar *cal, int year);
/* True if a day in a..b lies in a year without a notice. */
bool calendar_open_between(const struct calendar *cal, daynum a, daynum b);

/* Working days d with a < d <= b; 0 if b <= a. */
int32_t calendar_workdays_after(const struct calendar *cal, daynum a, daynum b);
/* Working days d with a <= d < b; 0 if b <= a. */
int32_t calendar_workdays_between(const struct calendar *cal, daynum a,
                                  daynum b);
/* The n-th working day after `day` (n >= 0; for 0 the day itself, whatever it
 * is). ERR_OUT_OF_BOUNDS past the range. */
enum err calendar_add_workdays(const struct calendar *cal, daynum day,
                               int32_t n, daynum *ret);

/* Counting back: the first day d with calendar_workdays_after(d, day) <= n, for
 * n >= 0; 0 if that lies before the range. */
daynum calendar_workdays_back(const struct calendar *cal, daynum day,
                              int32_t n);

/* Positions on the line of all working days: how many lie before `day`, and
 * which one has nth before it (0 <= nth < cal->workdays, asserted). */
int32_t calendar_rank(const struct calendar *cal, daynum day);
daynum calendar_nth(const struct calendar *cal, int32_t nth);

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
