/* How pauses and extensions move a due; what is left and when
 * to warn; the day-by-day explanation. Dates worked out by hand. November 2026:
 * the 2nd, 9th, 16th, 23rd and 30th are Mondays, no holidays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "lib/when.h"

static struct calendar builtin;
static struct worktime wt;

static int make_calendar(void **state)
{
    (void)state;
    calendar_builtin(&builtin);
    wt = worktime_default();
    return 0;
}

static struct run run(const char *from, const char *size)
{
    struct run ret = {.from = at(from), .limit = limit(size)};
    assert_int_equal(calendar_due(&builtin, &wt, ret.from, ret.limit, &ret.due),
                     OK);
    return ret;
}

/* -- pauses ------------------------------------------------------------- */

static enum err resumed(const struct run *r, const char *suspended,
                        const char *again, struct due *ret)
{
    struct pause pause = {at(suspended), at(again)};
    return calendar_resume_due(&builtin, &wt, r->limit, r->due, pause, ret);
}

static void resumes(const struct run *r, const char *suspended,
                    const char *again, const char *want)
{
    struct due ret = {0};
    assert_int_equal(resumed(r, suspended, again, &ret), OK);
    is_at(ret.at, want);
    assert_int_equal(ret.by_day, r->due.by_day);
}

static void a_pause_of_working_days(void **state)
{
    (void)state;
    /* 17, 18, 19, 20, Mon 23 */
    struct run r = run("2026-11-16 10:00", "5wd");
    is_at(r.due.at, "2026-11-24");
    /* after Wed 18: 19, 20, 23. After Fri 27: 30, Dec 1, 2 */
    resumes(&r, "2026-11-18 15:00", "2026-11-27 09:00", "2026-12-03");
    /* the hour does not matter */
    resumes(&r, "2026-11-18 00:00", "2026-11-27 23:59", "2026-12-03");
    /* resumed on a Sunday: 30, Dec 1, 2 too */
    resumes(&r, "2026-11-18 15:00", "2026-11-29 09:00", "2026-12-03");
    /* within a day nothing moves */
    resumes(&r, "2026-11-18 09:00", "2026-11-18 15:00", "2026-11-24");
    /* on the last day nothing is left but the day of resumption */
    resumes(&r, "2026-11-23 23:59:59", "2026-11-27 09:00", "2026-11-28");
    struct due ret = {.at = 7};
    assert_int_equal(resumed(&r, "2026-11-24", "2026-11-27", &ret),
                     ERR_TOO_LATE);
    assert_int_equal(resumed(&r, "2026-11-18", "2026-11-17", &ret),
                     ERR_OUT_OF_ORDER);
    assert_int_equal(resumed(&r, "2026-11-18", "2199-12-31", &ret),
                     ERR_OUT_OF_BOUNDS);
    assert_true(ret.at == 7);
    assert_int_equal(resumed(&r, "2026-11-18", "2027-02-01", &ret), OK);
    assert_true(ret.provisional);
    /* once provisional, a pause does not make it certain */
    r.due.provisional = true;
    assert_int_equal(resumed(&r, "2026-11-18", "2026-11-19", &ret), OK);
    assert_true(ret.provisional);
}

static void a_pause_of_working_hours(void **state)
{
    (void)state;
    /* 3:30 on Mon afternoon, 3:30 and 1:00 on Tuesday */
    struct run r = run("2026-11-16 14:00", "8wh");
    is_at(r.due.at, "2026-11-17 15:00");
    /* 2:00 and 1:00 are left; 1:30 on Fri 20, 1:30 on Mon 23 */
    resumes(&r, "2026-11-17 10:00", "2026-11-20 16:00", "2026-11-23 10:00");
    resumes(&r, "2026-11-17 10:00:01", "2026-11-20 16:00",
            "2026-11-23 09:59:59");
    resumes(&r, "2026-11-17 15:00", "2026-11-21 03:00", "2026-11-21 03:00");
    struct due ret = {0};
    assert_int_equal(
        resumed(&r, "2026-11-17 15:00:01", "2026-11-20 16:00", &ret),
        ERR_TOO_LATE);
}

static void a_pause_of_natural_time(void **state)
{
    (void)state;
    struct run days = run("2026-11-16 10:00", "5d"); /* to Fri... 21 is Sat */
    is_at(days.due.at, "2026-11-24");                /* moved to Mon 23 */
    /* 23 - 18 = 5 days; 27 + 5 = Dec 2 */
    resumes(&days, "2026-11-18 10:00", "2026-11-27 10:00", "2026-12-03");
    /* 23 - 18 = 5 days; 23 + 5 = Sat 28, moved to Mon 30 */
    resumes(&days, "2026-11-18 10:00", "2026-11-23 10:00", "2026-12-01");
    struct run hours = run("2026-11-16 10:00", "24h");
    resumes(&hours, "2026-11-16 11:00", "2026-11-21 00:00", "2026-11-21 23:00");
    struct run named = run("2026-11-16 10:00", "2026-11-18T10:00:00+08:00");
    resumes(&named, "2026-11-16 10:00", "2026-11-17 10:00", "2026-11-19 10:00");
    struct run none = run("2026-11-16 10:00", "none");
    struct due ret = {0};
    assert_int_equal(resumed(&none, "2026-11-16 11:00", "2026-11-17", &ret),
                     OK);
    assert_true(ret.at == INSTANT_NONE);
}

/* -- extensions --------------------------------------------------------- */

static void extended(const struct run *r, const char *size, const char *want)
{
    struct due ret = {0};
    assert_int_equal(calendar_extend(&builtin, &wt, r->due, limit(size), &ret),
                     OK);
    is_at(ret.at, want);
}

static void an_extension_counts_from_the_old_due(void **state)
{
    (void)state;
    struct run days = run("2026-11-16 10:00", "5wd"); /* last day Mon 23 */
    struct run hours = run("2026-11-16 10:00", "24h");
    for (int rule = 0; rule < 3; rule++) {
        wt.start_rule = (enum start_rule)rule;
        extended(&days, "2wd", "2026-11-26");       /* 24, 25 */
        extended(&days, "5d", "2026-12-01");        /* Sat 28, so Mon 30 */
        extended(&days, "2wh", "2026-11-24 10:30"); /* from the 24th, 00:00 */
        extended(&hours, "12h", "2026-11-17 22:00");
        extended(&hours, "3wh", "2026-11-17 15:00");
    }
    wt = worktime_default();
    extended(&hours, "1wd", "2026-11-19"); /* due on the 17th; the 18th */
    extended(&days, "2026-12-24T08:00:00+08:00", "2026-12-24 08:00");

    struct due ret = {.at = 7};
    assert_int_equal(
        calendar_extend(&builtin, &wt, days.due, limit("40wd"), &ret), OK);
    assert_true(ret.provisional);
    assert_int_equal(calendar_extend(&builtin, &wt, ret, limit("1h"), &ret),
                     OK);
    assert_true(ret.provisional); /* it stands on a provisional one */
    assert_int_equal(calendar_extend(&builtin, &wt, ret, limit("none"), &ret),
                     OK);
    assert_true(ret.at == INSTANT_NONE);
    assert_false(ret.provisional);
    struct due end = {.at = at("2199-12-31"), .by_day = true};
    assert_int_equal(calendar_extend(&builtin, &wt, end, limit("1wd"), &ret),
                     ERR_OUT_OF_BOUNDS);
    assert_int_equal(calendar_extend(&builtin, &wt, end, limit("2wd"), &ret),
                     ERR_OUT_OF_BOUNDS);
    struct due last = {.at = INSTANT_MAX};
    assert_int_equal(calendar_extend(&builtin, &wt, last, limit("1h"), &ret),
                     ERR_OUT_OF_BOUNDS);
}

/* -- what is left ------------------------------------------------------- */

static const struct ratio third = {1, 3};
static const struct ratio half = {1, 2};

static void what_is_left(void **state)
{
    (void)state;
    struct run r = run("2026-11-16 10:00", "5wd"); /* last day Mon 23 */
    assert_int_equal(calendar_left(&builtin, &wt, &r, r.from), 5);
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-20")), 1);
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-22")), 1);
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-23")), 0);
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-12-01")), 0);
    r = run("2026-11-16 10:00", "5d");
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-19")), 4);
    r = run("2026-11-16 14:00", "8wh");
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-16 17:00")),
                     5 * 3600);
    r = run("2026-11-16 14:00", "8h");
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-16 17:00")),
                     5 * 3600);
    assert_int_equal(calendar_left(&builtin, &wt, &r, at("2026-11-16 22:00")),
                     0);
}

static void yellow(const char *from, const char *size, const char *want)
{
    struct run r = run(from, size);
    is_at(calendar_yellow(&builtin, &wt, &r, 3, third), want);
}

static void when_the_light_turns_yellow(void **state)
{
    (void)state;
    /* 15 wd end on Mon 23; a third is 5, the lesser 3: after Wed 18 come 19,
     * 20, 23 */
    yellow("2026-11-02 10:00", "15wd", "2026-11-18");
    /* 5 wd: a third is one whole day: after Fri 20 comes 23 */
    yellow("2026-11-16 10:00", "5wd", "2026-11-20");
    /* 1 wd: on the last day itself */
    yellow("2026-11-16 10:00", "1wd", "2026-11-17");
    /* 9 wh end on Tue 10:30; the last three hours: two on Tue, one on Mon */
    yellow("2026-11-16 08:30", "9wh", "2026-11-16 16:30");
    /* 90 wh are 12 days of 7 h and 6 h: Wed Dec 2, 16:30. A third would be
     * 30 h, three days are 21: Nov 27 16:30 */
    yellow("2026-11-16 08:30", "90wh", "2026-11-27 16:30");
    yellow("2026-11-16 10:00", "24h", "2026-11-17 02:00");
    yellow("2026-11-16 10:00", "90min", "2026-11-16 11:00");
    /* 30 d end on Wed Dec 2; ten days before is Nov 22, but with three working
     * days left (30, 1, 2) it is Fri 27 */
    yellow("2026-11-02 10:00", "30d", "2026-11-27");
    /* 6 d end on Sun 22, moved to Mon 23; a third is two days: Sat 21 */
    yellow("2026-11-16 10:00", "6d", "2026-11-21");
    /* an instant: six hours; one third is two */
    yellow("2026-11-16 10:00", "2026-11-16T16:00:00+08:00", "2026-11-16 14:00");
    /* named in the past: at once */
    yellow("2026-11-16 10:00", "2026-11-01T16:00:00+08:00", "2026-11-16 10:00");

    struct run none = run("2026-11-16 10:00", "none");
    assert_true(calendar_yellow(&builtin, &wt, &none, 3, third) ==
                INSTANT_NONE);
    assert_true(calendar_fraction(&builtin, &wt, &none, half) == INSTANT_NONE);
    /* same_day: the only day has begun, so it is yellow from the start */
    wt.start_rule = START_SAME_DAY;
    yellow("2026-11-16 10:00", "1wd", "2026-11-16 10:00");
    wt = worktime_default();
}

static void half_of_it(const char *from, const char *size, const char *want)
{
    struct run r = run(from, size);
    is_at(calendar_fraction(&builtin, &wt, &r, half), want);
}

static void when_half_of_it_is_used(void **state)
{
    (void)state;
    /* 5 wd: two and a half days are left, in whole days two: 20, 23 */
    half_of_it("2026-11-16 10:00", "5wd", "2026-11-19");
    half_of_it("2026-11-16 10:00", "2wd", "2026-11-17");
    half_of_it("2026-11-16 10:00", "4d", "2026-11-18");
    half_of_it("2026-11-16 14:00", "7wh", "2026-11-16 17:30");
    half_of_it("2026-11-16 10:00", "24h", "2026-11-16 22:00");
    half_of_it("2026-11-16 10:00", "30min", "2026-11-16 10:15");
    half_of_it("2026-11-16 10:00", "2026-11-16T16:00:00+08:00",
               "2026-11-16 13:00");
    struct run r = run("2026-11-16 10:00", "24h");
    is_at(calendar_fraction(&builtin, &wt, &r, (struct ratio){0, 1}),
          "2026-11-16 10:00");
    is_at(calendar_fraction(&builtin, &wt, &r, (struct ratio){1, 1}),
          "2026-11-17 10:00");
    r = run("2026-11-16 08:00", "7wh");
    is_at(calendar_fraction(&builtin, &wt, &r, (struct ratio){1, 1}),
          "2026-11-16 17:30");
}

static void a_due_of_another_measure(void **state)
{
    (void)state;
    /* 24 h from Mon 16, extended by 5 wd: last day Tue 24, so six working days
     * from the start; half leaves three: 20, 23, 24 after Thu 19 */
    struct run r = run("2026-11-16 10:00", "24h");
    assert_int_equal(
        calendar_extend(&builtin, &wt, r.due, limit("5wd"), &r.due), OK);
    is_at(r.due.at, "2026-11-25");
    is_at(calendar_fraction(&builtin, &wt, &r, half), "2026-11-19");
    /* the same for other limits in time */
    static const char *const times[] = {"90min", "3wh", "90wmin",
                                        "2026-11-20T12:00:00+08:00"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        r = run("2026-11-16 10:00", times[i]);
        r.due = (struct due){.at = at("2026-11-25"), .by_day = true};
        is_at(calendar_fraction(&builtin, &wt, &r, half), "2026-11-19");
    }
    /* more working time than the range has before the due */
    r = run("1970-01-02 00:00", "7wh");
    is_at(calendar_yellow(&builtin, &wt, &r, 10000, (struct ratio){1, 1}),
          "1970-01-02 00:00");
    r.due.at = at("1970-01-03");
    r.limit.n = 100;
    is_at(calendar_yellow(&builtin, &wt, &r, 10000, (struct ratio){1, 1}),
          "1970-01-02 00:00");
    /* 5 wd, then an instant: seconds between the start and it */
    r = run("2026-11-16 10:00", "5wd");
    r.due = (struct due){.at = at("2026-11-18 10:00")};
    is_at(calendar_fraction(&builtin, &wt, &r, half), "2026-11-17 10:00");
}

/* -- explaining --------------------------------------------------------- */

/* One letter a day: S start, D deemed, a digit the count (+ for working time),
 * w h weekend or holiday skipped, p passed, M moved. */
struct story {
    char text[64];
    size_t n;
    size_t stop_after;
    int64_t seconds;
    struct day_note last;
};

static bool listen(void *arg, const struct day_note *note)
{
    struct story *s = arg;
    char c = '?';
    switch (note->role) {
    case DAY_START:
        c = 'S';
        break;
    case DAY_DEEMED:
        c = 'D';
        break;
    case DAY_COUNTED:
        c = note->nth > 0 ? (char)('0' + note->nth) : '+';
        break;
    case DAY_SKIPPED:
        c = note->kind == DAY_HOLIDAY ? 'h' : 'w';
        break;
    case DAY_PASSED:
        c = 'p';
        break;
    case DAY_MOVED:
        c = 'M';
        break;
    case DAY_PAUSED:
        break;
    }
    assert_true(s->n < sizeof s->text - 1);
    s->text[s->n++] = c;
    s->text[s->n] = '\0';
    s->seconds += note->seconds;
    s->last = *note;
    return s->n != s->stop_after;
}

static void tells(const char *from, const char *size, const char *want)
{
    struct story s = {.stop_after = 0};
    assert_int_equal(
        calendar_explain(&builtin, &wt, at(from), limit(size), listen, &s), OK);
    assert_string_equal(s.text, want);
}

static void explained_day_by_day(void **state)
{
    (void)state;
    /* Wed Sep 30, seven holidays, Thu 8, Fri 9, made-up Sat 10 */
    tells("2026-09-30 10:00", "3wd", "Shhhhhhh123");
    tells("2026-11-20 10:00", "2wd", "Sww12");
    /* Mon Sep 28 and 5 d: to Sat Oct 3, moved to Thu 8 */
    tells("2026-09-28 10:00", "5d", "S12345ppppM");
    tells("2026-11-20 16:30", "2wh", "+ww+");
    tells("2026-11-20 18:00", "2wh", "Sww+");
    tells("2026-11-20 22:00", "4h", "++");
    tells("2026-11-20 22:00", "2h", "+");
    tells("2026-11-20 22:00", "none", "");
    tells("2026-11-20 22:00", "2026-11-01T00:00:00Z", "");
    wt.start_rule = START_SAME_DAY;
    tells("2026-11-20 10:00", "2wd", "1ww2");
    wt.start_rule = START_DEEMED_NEXT_WORKDAY;
    tells("2026-11-20 18:00", "2wd", "SwwD12");
    tells("2026-11-20 10:00", "1wd", "Sww1");
    wt = worktime_default();

    struct story s = {.stop_after = 3};
    assert_int_equal(calendar_explain(&builtin, &wt, at("2026-09-30 10:00"),
                                      limit("3wd"), listen, &s),
                     OK);
    assert_int_equal(s.n, 3);
    assert_string_equal(s.last.name, "国庆节");
    s = (struct story){.stop_after = 1};
    assert_int_equal(calendar_explain(&builtin, &wt, at("2026-11-20 16:30"),
                                      limit("9wh"), listen, &s),
                     OK);
    assert_int_equal(s.seconds, 3600);
    assert_int_equal(s.n, 1);
    s = (struct story){.stop_after = 2};
    wt.start_rule = START_DEEMED_NEXT_WORKDAY;
    assert_int_equal(calendar_explain(&builtin, &wt, at("2026-11-21 16:30"),
                                      limit("3wd"), listen, &s),
                     OK);
    assert_int_equal(s.n, 2);
    wt = worktime_default();
    s = (struct story){.stop_after = 0};
    assert_int_equal(calendar_explain(&builtin, &wt, at("2026-12-31 10:00"),
                                      limit("1wd"), listen, &s),
                     OK);
    assert_true(s.last.provisional);
    assert_int_equal(
        calendar_explain(&builtin, &wt, INSTANT_MAX, limit("1wd"), listen, &s),
        ERR_OUT_OF_BOUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_of_working_days),
        cmocka_unit_test(a_pause_of_working_hours),
        cmocka_unit_test(a_pause_of_natural_time),
        cmocka_unit_test(an_extension_counts_from_the_old_due),
        cmocka_unit_test(what_is_left),
        cmocka_unit_test(when_the_light_turns_yellow),
        cmocka_unit_test(when_half_of_it_is_used),
        cmocka_unit_test(a_due_of_another_measure),
        cmocka_unit_test(explained_day_by_day),
    };
    return cmocka_run_group_tests(tests, make_calendar, NULL);
}
