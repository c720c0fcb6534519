/* Design section 4, "Limits" and "Pause", sentence by sentence. Every expected
 * date is worked out by hand from the printed calendars, in the comments:
 *
 *     2026   Sep 20 Sun makes up, 25 Fri - 27 Sun Mid-Autumn;
 *            Oct 1 Thu - 7 Wed National Day, 10 Sat makes up; Nov 20 is Fri
 *     2020   Jan 19 Sun makes up, 24 Fri - Feb 2 Sun Spring Festival */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "unit/calendar_world.h"

static const enum start_rule rules[] = {START_NEXT_DAY, START_SAME_DAY,
                                        START_DEEMED_NEXT_WORKDAY};

/* One start under the three rules, in the order of `rules`. */
#define falls_by_rule(from, size, next_day, same_day, deemed)      \
    do {                                                           \
        const char *const wants_[] = {next_day, same_day, deemed}; \
        for (int i_ = 0; i_ < 3; i_++) {                           \
            wt.start_rule = rules[i_];                             \
            falls(from, size, wants_[i_]);                         \
        }                                                          \
        wt.start_rule = START_NEXT_DAY;                            \
    } while (0)

/* -- the named tests ---------------------------------------------------- */

static void filed_on_a_holiday(void **state)
{
    (void)state;
    /* Fri Oct 2. Working days: Thu 8, Fri 9, Sat 10 (made up), Mon 12, Tue 13,
     * Wed 14. Deemed made on the 8th, day 1 is the 9th. */
    falls_by_rule("2026-10-02 10:00", "5wd", "2026-10-14", "2026-10-14",
                  "2026-10-15");
    /* working time begins on the 8th at 08:30 */
    falls("2026-10-02 10:00", "1wh", "2026-10-08 09:30");
    /* an ordinary Saturday: Nov 21; Mon 23, Tue 24 */
    falls_by_rule("2026-11-21 10:00", "1wd", "2026-11-24", "2026-11-24",
                  "2026-11-25");
}

static void filed_on_a_makeup_saturday(void **state)
{
    (void)state;
    /* Sat Oct 10 works, Sun 11 rests, Mon 12. */
    falls_by_rule("2026-10-10 10:00", "1wd", "2026-10-13", "2026-10-11",
                  "2026-10-13");
    falls("2026-10-10 10:00", "1wh", "2026-10-10 11:00");
    /* Sun Sep 20 made up, filed on Sat 19 */
    falls_by_rule("2026-09-19 10:00", "1wd", "2026-09-21", "2026-09-21",
                  "2026-09-22");
    assert_int_equal(calendar_kind(&builtin, day("2026-10-10")), DAY_MAKEUP);
    assert_string_equal(calendar_name(&builtin, day("2026-10-10")), "国庆节");
}

static void filed_at_half_past_five(void **state)
{
    (void)state;
    /* Fri Nov 20 at the last segment's end; Mon 23, Tue 24. */
    falls_by_rule("2026-11-20 17:30:00", "1wd", "2026-11-24", "2026-11-24",
                  "2026-11-25");
    falls_by_rule("2026-11-20 17:29:59", "1wd", "2026-11-24", "2026-11-21",
                  "2026-11-24");
    falls("2026-11-20 17:30:00", "1wh", "2026-11-23 09:30");
    /* one second on Friday, the others on Monday */
    falls("2026-11-20 17:29:59", "1wh", "2026-11-23 09:29:59");
    /* before the first segment the day is not over */
    falls_by_rule("2026-11-20 00:00:00", "1wd", "2026-11-24", "2026-11-21",
                  "2026-11-24");
}

static void filed_in_the_lunch_break(void **state)
{
    (void)state;
    falls("2026-11-20 12:30", "2wh", "2026-11-20 16:00");
    falls("2026-11-20 12:00:00", "30wmin", "2026-11-20 14:30");
    falls("2026-11-20 13:59:59", "30wmin", "2026-11-20 14:30");
    falls("2026-11-20 11:59:59", "30wmin", "2026-11-20 14:29:59");
    falls_by_rule("2026-11-20 12:30", "1wd", "2026-11-24", "2026-11-21",
                  "2026-11-24");
}

static void a_limit_that_ends_with_a_segment(void **state)
{
    (void)state;
    /* 08:30 to 12:00 is 210 minutes, 14:00 to 17:30 as many. */
    falls("2026-11-20 08:30", "210wmin", "2026-11-20 12:00");
    falls("2026-11-20 07:00", "420wmin", "2026-11-20 17:30");
    falls("2026-11-20 08:30", "7wh", "2026-11-20 17:30");
    falls("2026-11-20 08:30", "421wmin", "2026-11-23 08:31");
    falls("2026-11-20 17:30", "7wh", "2026-11-23 17:30");
}

static void natural_days(void **state)
{
    (void)state;
    /* Mon Sep 28: 29, 30, Oct 1, 2, 3; the 3rd rests, next is Thu 8. A third
     * of an hour after midnight changes nothing. */
    falls("2026-09-28 09:00", "5d", "2026-10-09");
    falls("2026-09-28 00:20", "5d", "2026-10-09");
    /* Thu Sep 17: 18, 19, Sun 20, which is made up: not moved */
    falls("2026-09-17 09:00", "3d", "2026-09-21");
    /* Mon Nov 16: 17, 18, 19; counting from the 16th itself: 16, 17, 18 */
    falls_by_rule("2026-11-16 09:00", "3d", "2026-11-20", "2026-11-19",
                  "2026-11-20");
    /* after hours the day is over; deemed made on Tue 17: 18, 19, 20 */
    falls_by_rule("2026-11-16 17:30", "3d", "2026-11-20", "2026-11-20",
                  "2026-11-21");
    /* Sun Nov 15: 16, 17, 18 | 15, 16, 17 | deemed on Mon 16: 17, 18, 19 */
    falls_by_rule("2026-11-15 09:00", "3d", "2026-11-19", "2026-11-18",
                  "2026-11-20");
}

static void spring_festival_of_2020(void **state)
{
    (void)state;
    /* Thu Jan 23. The first notice ended on Jan 30, the second on Sun Feb 2:
     * Mon 3, Tue 4, Wed 5. */
    falls("2020-01-23 10:00", "3wd", "2020-02-06");
    falls("2020-01-23 16:30", "2wh", "2020-02-03 09:30");
    falls("2020-01-23 10:00", "8d", "2020-02-04");  /* Jan 31 rests */
    falls("2020-01-18 10:00", "1wd", "2020-01-20"); /* Sun 19 makes up */
    assert_string_equal(calendar_name(&builtin, day("2020-01-31")), "春节");
    assert_int_equal(calendar_kind(&builtin, day("2020-02-03")), DAY_WORKDAY);
}

static void december_in_next_years_notice(void **state)
{
    (void)state;
    /* Fri 2007-12-28: Sat 29 makes up; 30, 31 and Jan 1 rest; Wed Jan 2. */
    falls("2007-12-28 10:00", "1wd", "2007-12-30");
    falls("2007-12-28 10:00", "2wd", "2008-01-03");
    /* Fri 2018-12-28: Sat 29 makes up; Mon 31 and Tue 1 rest; Wed 2. */
    falls("2018-12-28 10:00", "2wd", "2019-01-03");
    /* Fri 2022-12-30: Sat 31, Sun 1, Mon 2 rest; Tue 3. */
    falls("2022-12-30 10:00", "1wd", "2023-01-04");
    assert_int_equal(calendar_kind(&builtin, day("2022-12-31")), DAY_HOLIDAY);
    /* Sat 2011-12-31 makes up. */
    falls("2011-12-30 10:00", "1wd", "2012-01-01");
}

static void the_hosts_zone_changes_nothing(void **state)
{
    (void)state;
    const char *zone = getenv("TZ");
    char *kept = zone == NULL ? NULL : strdup(zone);
    assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
    tzset();
    filed_on_a_holiday(NULL);
    wt = worktime_default();
    filed_at_half_past_five(NULL);
    wt = worktime_default();
    natural_days(NULL);
    wt = worktime_default();
    /* the night in which New York changes its clocks */
    falls("2026-11-01 00:30:00-04:00", "24h", "2026-11-02 12:30");
    if (kept == NULL) {
        unsetenv("TZ");
    } else {
        setenv("TZ", kept, 1);
        free(kept);
    }
    tzset();
}

/* -- late, natural, none ------------------------------------------------ */

static void late_or_not(void **state)
{
    (void)state;
    struct due days = due("2026-11-16 10:00", "1wd");
    assert_true(days.by_day);
    assert_false(due_late(days, at("2026-11-17 23:59:59")));
    assert_true(due_late(days, at("2026-11-18 00:00:00")));

    struct due hours = due("2026-11-16 10:00", "1wh");
    assert_false(hours.by_day);
    assert_false(due_late(hours, at("2026-11-16 11:00:00")));
    assert_true(due_late(hours, at("2026-11-16 11:00:01")));

    struct due named = due("2026-11-16 10:00", "2026-11-17T09:00:00+08:00");
    assert_false(named.by_day);
    assert_false(due_late(named, at("2026-11-17 09:00:00")));
    assert_true(due_late(named, at("2026-11-17 09:00:01")));
    assert_false(due_late(due("2026-11-16 10:00", "none"), INSTANT_MAX));
}

static void natural_time(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) { /* which ignores the rule, and rest days */
        wt.start_rule = rules[i];
        falls("2026-10-02 10:00", "24h", "2026-10-03 10:00");
        falls("2026-10-02 23:50", "15min", "2026-10-03 00:05");
        falls("2026-11-20 17:30", "1wh", "2026-11-23 09:30");
    }
    struct due none = due("2026-10-02 10:00", "none");
    assert_true(none.at == INSTANT_NONE);
    falls("2026-10-02 10:00", "2026-01-01T00:00:00Z", "2026-01-01 08:00");
}

static void other_segments(void **state)
{
    (void)state;
    /* a night shift that ends the day, and one that begins it */
    wt.segments[0] = (struct segment){0, 3600};
    wt.segments[1] = (struct segment){22 * 3600, SECONDS_PER_DAY};
    int32_t wrong = 7;
    assert_int_equal(worktime_check(&wt, &wrong), OK);
    assert_int_equal(worktime_seconds(&wt), 3 * 3600);
    falls("2026-11-20 23:00", "1wh", "2026-11-21 00:00");
    falls("2026-11-20 23:00", "2wh", "2026-11-23 01:00");
    assert_false(due("2026-12-31 23:00", "1wh").provisional);
    assert_true(due("2026-12-31 23:00", "61wmin").provisional);

    wt.segments[1].from = 3599;
    assert_int_equal(worktime_check(&wt, &wrong), ERR_BAD_REGULATION);
    assert_int_equal(wrong, 1);
    wt.segments[0].to = 0;
    assert_int_equal(worktime_check(&wt, &wrong), ERR_BAD_REGULATION);
    assert_int_equal(wrong, 0);
    wt.segments_n = 0;
    assert_int_equal(worktime_check(&wt, &wrong), ERR_BAD_REGULATION);
    assert_int_equal(wrong, -1);
    wt.segments_n = SEGMENTS_MAX + 1;
    assert_int_equal(worktime_check(&wt, &wrong), ERR_BAD_REGULATION);
    assert_int_equal(wrong, -1);
    wt = worktime_default();
    wt.segments[1].to = SECONDS_PER_DAY + 1;
    assert_int_equal(worktime_check(&wt, &wrong), ERR_BAD_REGULATION);
    assert_int_equal(wrong, 1);
    wt = worktime_default();
    wt.start_rule = (enum start_rule)9;
    assert_int_equal(worktime_check(&wt, &wrong), ERR_BAD_REGULATION);
    assert_int_equal(wrong, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(filed_on_a_holiday, reset_worktime),
        cmocka_unit_test_setup(filed_on_a_makeup_saturday, reset_worktime),
        cmocka_unit_test_setup(filed_at_half_past_five, reset_worktime),
        cmocka_unit_test_setup(filed_in_the_lunch_break, reset_worktime),
        cmocka_unit_test_setup(a_limit_that_ends_with_a_segment,
                               reset_worktime),
        cmocka_unit_test_setup(natural_days, reset_worktime),
        cmocka_unit_test_setup(spring_festival_of_2020, reset_worktime),
        cmocka_unit_test_setup(december_in_next_years_notice, reset_worktime),
        cmocka_unit_test_setup(the_hosts_zone_changes_nothing, reset_worktime),
        cmocka_unit_test_setup(late_or_not, reset_worktime),
        cmocka_unit_test_setup(natural_time, reset_worktime),
        cmocka_unit_test_setup(other_segments, reset_worktime),
    };
    return cmocka_run_group_tests(tests, make_calendars, NULL);
}
