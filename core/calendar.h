/* Statutory Chinese working time: which days work, and what a limit comes to.
 *
 * A calendar is data: Monday to Friday work, changed day by day by the State
 * Council's yearly notices (holidays 放假 and make-up days 调休) and by an
 * organisation's own extra days. It is one value in the caller's storage
 * (about 200 KiB: keep it on the heap), it owns nothing and points nowhere.
 *
 *     calendar_init or calendar_builtin -> set_day/publish -> seal -> ask
 *
 * Counting days is here; worktime.h and due.h, which this header brings along,
 * say what working time and limits come to on them.
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

#include "core/due.h"
#include "core/err.h"
#include "core/instant.h"
#include "core/limits.h"
#include "core/worktime.h"

/* -- a day -------------------------------------------------------------- */

/* One line of a notice: this day works or does not, because of `name`. */
struct special_day {
    daynum day;
    bool working;
    char name[NAME_SIZE]; /* UTF-8, e.g. 春节; "" if nameless */
};

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

#endif
