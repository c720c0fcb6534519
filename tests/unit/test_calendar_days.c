/* Making a calendar and counting in it: notices, extra days, the published
 * span, the ends of the range, working days and working seconds between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/holidays.h"
#include "unit/calendar_world.h"

/* -- published or not --------------------------------------------------- */

static void beyond_the_published_years(void **state)
{
    (void)state;
    /* Thu Dec 31 is the last day known; Fri Jan 1 works as far as we know. */
    struct due last = due("2026-12-30 10:00", "1wd");
    is_at(last.at, "2027-01-01");
    assert_false(last.provisional);
    struct due beyond = due("2026-12-30 10:00", "2wd");
    is_at(beyond.at, "2027-01-02");
    assert_true(beyond.provisional);
    assert_true(due("2026-12-30 10:00", "3d").provisional);
    assert_true(due("2026-12-31 17:00", "31wmin").provisional);
    assert_false(due("2026-12-31 17:00", "30wmin").provisional);
    assert_false(due("2026-12-30 10:00", "9000h").provisional);
    assert_false(due("2027-05-05 10:00", "90min").provisional);
    assert_true(due("2027-05-05 10:00", "1wd").provisional);
    assert_true(due("2006-12-29 10:00", "1wd").provisional);
    assert_false(calendar_published(&builtin, 2006));
    assert_true(calendar_published(&builtin, 2007));
    assert_true(calendar_published(&builtin, 2026));
    assert_false(calendar_published(&builtin, 2027));
    assert_false(calendar_published(&builtin, 1969));
    assert_false(calendar_published(&builtin, 2200));
}

/* 31 December 2199 is a Tuesday, and the last day there is. */
static void at_the_end_of_the_range(void **state)
{
    (void)state;
    daynum friday = day_from_civil((struct civil){2199, 12, 27});
    daynum day = 0;
    assert_int_equal(calendar_add_workdays(&plain, friday, 2, &day), OK);
    assert_int_equal(day, friday + 4);
    assert_int_equal(calendar_add_workdays(&plain, friday, 3, &day),
                     ERR_OUT_OF_BOUNDS);
    assert_int_equal(calendar_add_workdays(&plain, friday + 4, 0, &day), OK);
    assert_int_equal(day, friday + 4);
    falls("2199-12-31 22:59:59", "1h", "2199-12-31 23:59:59");
    falls("2199-12-29 10:00", "1wd", "2199-12-31");
}

static void past_the_range(void **state)
{
    (void)state;
    static const char *const sizes[] = {"1wd",     "1d",  "7wh",
                                        "421wmin", "24h", "1440min"};
    struct due ret = {.at = 7};
    instant from = at("2199-12-31 10:00");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_int_equal(
            calendar_due(&builtin, &wt, from, limit(sizes[i]), &ret),
            ERR_OUT_OF_BOUNDS);
    }
    assert_true(ret.at == 7);
    /* Tue Dec 31: day 1 would be the day itself, due one second too late */
    wt.start_rule = START_SAME_DAY;
    assert_int_equal(calendar_due(&builtin, &wt, from, limit("1wd"), &ret),
                     ERR_OUT_OF_BOUNDS);
    assert_int_equal(
        calendar_due(&builtin, &wt, INSTANT_MAX, limit("1min"), &ret),
        ERR_OUT_OF_BOUNDS);
    falls("1970-01-02 00:00", "1wd", "1970-01-03"); /* a Friday */
    wt.segments[1].to = SECONDS_PER_DAY;
    assert_int_equal(
        calendar_due(&builtin, &wt, at("2199-12-31 23:00"), limit("1wh"), &ret),
        ERR_OUT_OF_BOUNDS);
    wt.start_rule = START_DEEMED_NEXT_WORKDAY;
    wt.segments[1].to = 17 * 3600;
    assert_int_equal(
        calendar_due(&builtin, &wt, at("2199-12-31 18:00"), limit("1d"), &ret),
        ERR_OUT_OF_BOUNDS);
}

static void extra_days_and_amended_notices(void **state)
{
    (void)state;
    struct calendar *cal = malloc(sizeof *cal);
    assert_non_null(cal);
    *cal = builtin;
    /* the organisation's own fair: Mon Nov 23 rests, Sat 28 works */
    struct special_day fair = {.day = day("2026-11-23"), .name = "博览会"};
    assert_int_equal(calendar_set_day(cal, 0, &fair), OK);
    fair = (struct special_day){.day = day("2026-11-28"), .working = true};
    assert_int_equal(calendar_set_day(cal, 0, &fair), OK);
    /* a notice for 2027 that takes Thu Dec 31 */
    struct special_day eve = {.day = day("2026-12-31"), .name = "元旦"};
    assert_int_equal(calendar_set_day(cal, 2027, &eve), OK);
    assert_int_equal(calendar_publish_year(cal, 2027), OK);
    calendar_seal(cal);

    assert_int_equal(calendar_kind(cal, day("2026-11-23")), DAY_HOLIDAY);
    assert_string_equal(calendar_name(cal, day("2026-11-23")), "博览会");
    assert_int_equal(calendar_kind(cal, day("2026-11-28")), DAY_MAKEUP);
    assert_string_equal(calendar_name(cal, day("2026-11-28")), "");
    assert_int_equal(calendar_kind(cal, day("2026-12-31")), DAY_HOLIDAY);

    struct due ret = {0};
    assert_int_equal(
        calendar_due(cal, &wt, at("2026-11-20 10:00"), limit("5wd"), &ret), OK);
    is_at(ret.at, "2026-11-29"); /* Tue 24 to Sat 28 */
    assert_int_equal(
        calendar_due(cal, &wt, at("2026-12-30 10:00"), limit("1wd"), &ret), OK);
    is_at(ret.at, "2027-01-02"); /* Fri Jan 1, which works in this notice */
    assert_false(ret.provisional);

    /* the notice withdrawn: its December day with it, the fair stays */
    calendar_clear_notice(cal, 2027);
    calendar_clear_notice(cal, 1969);
    calendar_clear_notice(cal, 2200);
    calendar_seal(cal);
    assert_true(calendar_works(cal, day("2026-12-31")));
    assert_false(calendar_works(cal, day("2026-11-23")));
    assert_false(calendar_published(cal, 2027));
    free(cal);
}

static void what_a_calendar_refuses(void **state)
{
    (void)state;
    struct calendar *cal = malloc(sizeof *cal);
    assert_non_null(cal);
    calendar_init(cal);
    struct special_day d = {.day = CALENDAR_DAYS};
    assert_int_equal(calendar_set_day(cal, 0, &d), ERR_OUT_OF_BOUNDS);
    d.day = -1;
    assert_int_equal(calendar_set_day(cal, 0, &d), ERR_OUT_OF_BOUNDS);
    d.day = 5;
    assert_int_equal(calendar_set_day(cal, 1969, &d), ERR_OUT_OF_BOUNDS);
    assert_int_equal(calendar_set_day(cal, 2200, &d), ERR_OUT_OF_BOUNDS);
    assert_int_equal(calendar_publish_year(cal, 1969), ERR_OUT_OF_BOUNDS);
    assert_int_equal(calendar_publish_year(cal, 2200), ERR_OUT_OF_BOUNDS);

    for (int i = 0; i < CALENDAR_NAMES_MAX; i++) {
        snprintf(d.name, sizeof d.name, "day %d", i);
        assert_int_equal(calendar_set_day(cal, 0, &d), OK);
    }
    snprintf(d.name, sizeof d.name, "one more");
    assert_int_equal(calendar_set_day(cal, 0, &d), ERR_LIMIT);
    snprintf(d.name, sizeof d.name, "day 3");
    assert_int_equal(calendar_set_day(cal, 0, &d), OK);
    free(cal);
}

/* -- counting ----------------------------------------------------------- */

static void working_days_a_year(void **state)
{
    (void)state;
    /* as counted from the notices by others */
    static const int want[] = {249, 251, 250, 250, 250, 249, 250,
                               250, 249, 250, 249, 250, 250, 249,
                               250, 249, 249, 251, 248, 248};
    for (int year = HOLIDAYS_FIRST_YEAR; year <= HOLIDAYS_LAST_YEAR; year++) {
        daynum first = day_from_civil((struct civil){year, 1, 1});
        daynum next = day_from_civil((struct civil){year + 1, 1, 1});
        assert_int_equal(calendar_workdays_between(&builtin, first, next),
                         want[year - HOLIDAYS_FIRST_YEAR]);
        assert_int_equal(calendar_workdays_after(&builtin, first - 1, next - 1),
                         want[year - HOLIDAYS_FIRST_YEAR]);
    }
    /* 2026-10: 31 days less 9 of weekends (the 10th works: 8) less 5 of the
     * seven holidays that are not a weekend */
    assert_int_equal(calendar_workdays_between(&builtin, day("2026-10-01"),
                                               day("2026-11-01")),
                     18);
    assert_int_equal(calendar_workdays_between(&builtin, day("2026-10-09"),
                                               day("2026-10-09")),
                     0);
    assert_int_equal(calendar_workdays_between(&builtin, day("2026-10-09"),
                                               day("2026-10-08")),
                     0);
    assert_int_equal(
        calendar_workdays_after(&builtin, day("2026-10-09"), day("2026-10-09")),
        0);
    assert_int_equal(
        calendar_workdays_after(&builtin, day("2026-10-09"), day("2026-10-12")),
        2);
}

static void counting_back(void **state)
{
    (void)state;
    /* Mon Nov 23: nothing left on the day itself, one on Fri 20 */
    daynum monday = day("2026-11-23");
    assert_int_equal(calendar_workdays_back(&builtin, monday, 0), monday);
    assert_int_equal(calendar_workdays_back(&builtin, monday, 1),
                     day("2026-11-20"));
    /* from a Sunday: nothing left since Friday */
    assert_int_equal(calendar_workdays_back(&builtin, day("2026-11-22"), 0),
                     day("2026-11-20"));
    assert_int_equal(calendar_workdays_back(&builtin, monday, 84000), 0);
    /* forward and back again, at both ends of a 64-day word */
    assert_int_equal(calendar_nth(&builtin, calendar_rank(&builtin, monday)),
                     monday);
    assert_int_equal(calendar_nth(&plain, 0), 0); /* 1970-01-01, Thursday */
    assert_int_equal(calendar_nth(&plain, plain.workdays - 1),
                     CALENDAR_DAYS - 1); /* 2199-12-31, Tuesday */
}

static void working_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int64_t want;
    } rows[] = {
        {"2026-11-20 08:30", "2026-11-20 17:30", 25200},
        {"2026-11-20 00:00", "2026-11-21 00:00", 25200},
        {"2026-11-20 11:59:59", "2026-11-20 14:00:01", 2},
        {"2026-11-20 17:00", "2026-11-23 09:00", 3600},
        {"2026-11-21 00:00", "2026-11-22 23:59", 0},
        {"2026-09-30 17:29", "2026-10-08 08:31", 120},
        {"2026-11-20 09:00", "2026-11-20 09:00", 0},
        {"2026-11-20 09:00", "2026-11-20 08:59", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(calendar_work_seconds(&builtin, &wt, at(rows[i].from),
                                               at(rows[i].to)),
                         rows[i].want);
    }
    instant ret = 0;
    assert_int_equal(calendar_add_work_seconds(&builtin, &wt,
                                               at("2026-11-21 09:00"), 0, &ret),
                     OK);
    is_at(ret, "2026-11-21 09:00");
    assert_int_equal(
        calendar_add_work_seconds(&builtin, &wt, ret, INT64_MAX, &ret),
        ERR_OUT_OF_BOUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(beyond_the_published_years, reset_worktime),
        cmocka_unit_test_setup(at_the_end_of_the_range, reset_worktime),
        cmocka_unit_test_setup(past_the_range, reset_worktime),
        cmocka_unit_test_setup(extra_days_and_amended_notices, reset_worktime),
        cmocka_unit_test_setup(what_a_calendar_refuses, reset_worktime),
        cmocka_unit_test_setup(working_days_a_year, reset_worktime),
        cmocka_unit_test_setup(counting_back, reset_worktime),
        cmocka_unit_test_setup(working_seconds, reset_worktime),
    };
    return cmocka_run_group_tests(tests, make_calendars, NULL);
}
