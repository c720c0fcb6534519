/* Extensions: asked, granted, refused, by the meeting; what they do to dues,
 * verdicts, lights and escalation. Dues are counted by hand on the calendar of
 * 2026: after 28 September the working days are 29, 30, then 8, 9, 10, 12 to
 * 16, 19 to 23, 26 to 30 October and 2 to 6 November. */
#include "unit/ticket_world.h"

#include "core/clock.h"

/* Dispatched on 28 September for five working days, and accepted. */
static void begin(void)
{
    count_in_workdays();
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "accept");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-11 00:00");
    expect_due(clock_of(CLOCK_OVERALL, 0), "day 2026-10-17 00:00");
}

static const struct dispatch *lead(void)
{
    return ticket_lead(&w.ticket);
}

/* -- asking ---------------------------------------------------------------- */

static void test_asked_a_second_before_the_due(void **state)
{
    (void)state;
    begin();
    struct ticket before = w.ticket;
    REFUSED("2026-10-11 00:00:00", "extend_ask limit=3wd", "too_late");
    w.ticket = before;
    AT("2026-10-10 23:59:59", "extend_ask limit=3wd");
    assert_int_equal(lead()->extension.n, 3);
    assert_int_equal(lead()->extension.unit, LIMIT_WD);
    assert_true(lead()->acted);
    assert_int_equal(clock_of(CLOCK_EXTENSION, 1)->unit, 5);
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-11 00:00");
}

/* An instant is kept by whoever comes in its very second. */
static void test_asked_at_the_due_second(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "accept");
    expect_due(clock_of(CLOCK_FINISH, 1), "2026-09-30 09:30");
    struct ticket before = w.ticket;
    REFUSED("2026-09-30 09:30:01", "extend_ask limit=24h", "too_late");
    w.ticket = before;
    AT("2026-09-30 09:30:00", "extend_ask limit=24h");
    AT("2026-09-30 11:00", "extend_grant");
    expect_due(clock_of(CLOCK_FINISH, 1), "2026-10-01 09:30");
}

static void test_one_at_a_time_and_so_many(void **state)
{
    (void)state;
    begin();
    AT("2026-09-29 09:00", "extend_ask limit=1wd");
    REFUSED("2026-09-29 10:00", "extend_ask limit=1wd", "exists");
    AT("2026-09-29 11:00", "extend_grant");
    assert_int_equal(lead()->extensions, 1);
    assert_int_equal(lead()->extension.unit, LIMIT_NONE);
    REFUSED("2026-09-29 12:00", "extend_ask limit=1wd", "limit_reached");
    AT("2026-09-29 12:00", "extend_ask limit=1wd imported");
    w.regulation->bounds.extensions = 0;
    AT("2026-09-29 13:00", "extend_refuse");
    REFUSED("2026-09-29 14:00", "extend_ask limit=1wd", "limit_reached");
}

/* Fifteen working days after the 10th end on 30 October. */
static void test_no_longer_than_one_may_be(void **state)
{
    (void)state;
    begin();
    REFUSED("2026-09-29 09:00", "extend_ask limit=16wd", "out_of_bounds");
    REFUSED("2026-09-29 09:00", "extend_ask limit=2026-10-31T00:00:01+08:00",
            "out_of_bounds");
    REFUSED("2026-09-29 09:00", "extend_ask limit=none", "out_of_bounds");
    REFUSED("2026-09-29 09:00", "extend_ask", "bad_param");
    struct ticket before = w.ticket;
    AT("2026-09-29 09:00", "extend_ask limit=2026-10-31T00:00:00+08:00");
    w.ticket = before;
    AT("2026-09-29 09:00", "extend_ask limit=16wd imported");
    w.ticket = before;
    AT("2026-09-29 09:00", "extend_ask limit=15wd");
    AT("2026-09-29 10:00", "extend_grant");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-31 00:00");
    w.ticket = before;
    w.regulation->bounds.extension_max = (struct limit){.unit = LIMIT_NONE};
    AT("2026-09-29 09:00", "extend_ask limit=200wd");
}

/* What ends no later than the old due extends nothing. */
static void test_an_instant_after_the_old_due(void **state)
{
    (void)state;
    begin();
    REFUSED("2026-09-29 09:00", "extend_ask limit=2026-10-11T00:00:00+08:00",
            "out_of_bounds");
    REFUSED("2026-09-29 09:00",
            "extend_ask limit=2026-10-09T17:30:00+08:00 imported",
            "out_of_bounds");
    AT("2026-09-29 09:00", "extend_ask limit=2026-10-12T17:30:00+08:00");
    AT("2026-09-29 10:00", "extend_grant");
    expect_due(clock_of(CLOCK_FINISH, 1), "2026-10-12 17:30");
}

static void test_nothing_to_extend_without_a_due(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file imported");
    AT("2026-09-28 09:30", "dispatch u=10 limit=none imported");
    AT("2026-09-28 10:00", "accept imported");
    REFUSED("2026-09-28 11:00", "extend_ask limit=3wd imported", "bad_state");
}

/* -- deciding -------------------------------------------------------------- */

/* Three working days after the 10th: 12, 13, 14, though granted on the 12th. */
static void test_granted_after_the_due(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=3wd");
    assert_int_equal(
        clock_light(clock_of(CLOCK_FINISH, 1), when("2026-10-12 09:59")),
        LIGHT_RED);
    AT("2026-10-12 10:00", "extend_grant");
    const struct clock *c = clock_of(CLOCK_FINISH, 1);
    expect_due(c, "day 2026-10-15 00:00");
    assert_int_equal(c->turn, 1);
    assert_int_equal(c->limit.n, 5);
    assert_int_equal(clock_light(c, w.now), LIGHT_GREEN);
    assert_int_equal(clock_of(CLOCK_EXTENSION, 1)->verdict, VERDICT_LATE);
    struct ticket before = w.ticket;
    AT("2026-10-14 23:59:59", "resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
    w.ticket = before;
    AT("2026-10-15 00:00:00", "resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
}

static void test_granted_less_or_more_than_asked(void **state)
{
    (void)state;
    begin();
    AT("2026-09-29 09:00", "extend_ask limit=5wd");
    struct ticket before = w.ticket;
    REFUSED("2026-09-29 10:00", "extend_grant limit=16wd", "out_of_bounds");
    REFUSED("2026-09-29 10:00", "extend_grant limit=2026-10-10T00:00:00+08:00",
            "out_of_bounds");
    assert_int_equal(lead()->extension.n, 5);
    AT("2026-09-29 10:00", "extend_grant limit=2wd");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-14 00:00");
    w.ticket = before;
    AT("2026-09-29 10:00", "extend_grant limit=6wd");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-20 00:00");
}

static void test_refused_is_late_since_the_old_due(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=3wd");
    AT("2026-10-12 10:00", "extend_refuse");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-11 00:00");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->turn, 0);
    assert_int_equal(lead()->extensions, 0);
    assert_int_equal(lead()->extension.unit, LIMIT_NONE);
    REFUSED("2026-10-12 11:00", "extend_grant", "bad_state");
    REFUSED("2026-10-12 11:00", "extend_ask limit=3wd", "too_late");
    AT("2026-10-12 12:00", "resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
}

/* A return that is granted takes the question with it. */
static void test_undecided_when_the_dispatch_ends(void **state)
{
    (void)state;
    begin();
    AT("2026-09-29 09:00", "extend_ask limit=3wd");
    AT("2026-09-29 10:00", "return_ask");
    REFUSED("2026-09-29 11:00", "extend_grant", "bad_state");
    AT("2026-09-29 12:00", "return_grant fault=unit");
    assert_int_equal(clock_of(CLOCK_EXTENSION, 1)->verdict, VERDICT_VOID);
    assert_int_equal(w.out.after.dispatches[0].extension.unit, LIMIT_NONE);
}

static void test_at_the_end_of_the_calendar(void **state)
{
    (void)state;
    w.regulation->bounds.extension_max = (struct limit){.unit = LIMIT_NONE};
    w.now = INSTANT_MAX - 100 * HOUR;
    PLAY("file", "dispatch u=10", "accept");
    assert_int_equal(story_do(&w, "extend_ask limit=60h"), ERR_OUT_OF_BOUNDS);
    PLAY("extend_ask limit=40h");
    w.regulation->bounds.extension_max = (struct limit){60, LIMIT_H, 0};
    assert_int_equal(story_do(&w, "extend_grant"), ERR_OUT_OF_BOUNDS);
    assert_int_equal(story_do(&w, "extend_grant limit=80h imported"),
                     ERR_OUT_OF_BOUNDS);
}

/* -- the ticket's own promise ---------------------------------------------- */

static void test_the_overall_due_is_late_enough(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=5wd"); /* 12 to 16: the same day */
    AT("2026-10-10 10:00", "extend_grant");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-17 00:00");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->turn, 0);
}

static void test_the_overall_due_moves_along(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=6wd");
    AT("2026-10-16 23:59:59", "extend_grant"); /* not late yet */
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-20 00:00");
    expect_due(clock_of(CLOCK_OVERALL, 0), "day 2026-10-20 00:00");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->turn, 1);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->limit.n, 10);
}

static void test_an_overall_that_is_late_stays(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=2026-10-20T12:00:00+08:00");
    AT("2026-10-17 00:00", "extend_grant");
    expect_due(clock_of(CLOCK_FINISH, 1), "2026-10-20 12:00");
    expect_due(clock_of(CLOCK_OVERALL, 0), "day 2026-10-17 00:00");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->turn, 0);
}

/* An instant stays one: the overall due is not by day any more. */
static void test_the_overall_due_becomes_an_instant(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=2026-10-20T12:00:00+08:00");
    AT("2026-10-10 10:00", "extend_grant");
    expect_due(clock_of(CLOCK_OVERALL, 0), "2026-10-20 12:00");
}

static void test_a_co_moves_only_its_own(void **state)
{
    (void)state;
    begin();
    AT("2026-09-29 09:00", "dispatch co u=20");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-10 00:00");
    AT("2026-09-29 10:00", "accept d=2");
    AT("2026-09-29 11:00",
       "extend_ask d=2 limit=8wd"); /* 10, 12 to 16, 19, 20 */
    AT("2026-09-29 12:00", "extend_grant d=2");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-21 00:00");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-11 00:00");
    expect_due(clock_of(CLOCK_OVERALL, 0), "day 2026-10-17 00:00");
    assert_int_equal(lead()->extensions, 0);
    assert_int_equal(ticket_dispatch(&w.ticket, 2)->extensions, 1);
}

/* Bad score on 8 October: 9, 10, 12, 13, 14; two more are 15 and 16. */
static void test_a_later_round_is_extended_by_its_own_clock(void **state)
{
    (void)state;
    begin();
    AT("2026-09-30 10:00", "resolve");
    AT("2026-10-08 10:00", "evaluate score=1");
    expect_due(clock_of(CLOCK_REWORK, 0), "day 2026-10-15 00:00");
    AT("2026-10-14 23:59:59", "extend_ask limit=2wd");
    AT("2026-10-15 09:00", "extend_grant");
    expect_due(clock_of(CLOCK_REWORK, 0), "day 2026-10-17 00:00");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->turn, 1);
    AT("2026-10-16 10:00", "resolve");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->verdict, VERDICT_KEPT);
}

/* -- escalation and pauses ------------------------------------------------- */

/* 48 h from 09:30 on the 28th. Half was used on the 29th; red came on the 30th
 * at 09:30:01. After 24 h more half of 48 h is left at 09:30 on the 30th, which
 * is past; red lies ahead again. */
static void test_what_lies_ahead_may_fire_again(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "answer");
    AT("2026-09-28 10:00", "accept");
    AT("2026-09-30 09:00", "extend_ask limit=24h");
    AT("2026-09-30 09:30:02", "escalate clock=3 step=0");
    AT("2026-09-30 09:30:02", "escalate clock=3 step=1");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->fired, 3);
    AT("2026-09-30 10:00", "extend_grant");
    const struct clock *c = clock_of(CLOCK_FINISH, 1);
    assert_int_equal(c->fired, 1);
    assert_int_equal(c->next_step, 1);
    assert_int_equal(c->next, when("2026-10-01 09:30:01"));
    AT("2026-10-01 09:30:01", "escalate clock=3 step=1");
    assert_int_equal(w.out.fired_late, 0);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->fired, 3);
    REFUSED("2026-10-01 10:00", "escalate clock=3 step=1", "bad_state");
}

/* A paused one is moved too, sleeps on, and is credited its pause as ever. */
static void test_a_paused_clock_is_moved_too(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "accept");
    struct clock c = *clock_of(CLOCK_FINISH, 1);
    clock_pause(&c, when("2026-09-29 09:30"));
    struct due due = {.at = when("2026-10-01 09:30")};
    clock_extend(&w.rules, &c, due, when("2026-09-29 12:00"));
    assert_int_equal(c.run, CLOCK_PAUSED);
    assert_int_equal(c.next, INSTANT_NONE);
    assert_int_equal(c.turn, 1);
    assert_int_equal(clock_resume(&w.rules, &c, when("2026-09-30 09:30")), OK);
    expect_due(&c, "2026-10-02 09:30");
    assert_true(c.next != INSTANT_NONE);
}

/* -- by the meeting -------------------------------------------------------- */

/* Twenty working days after the 10th end on 6 November. */
static void test_a_meeting_is_not_bound(void **state)
{
    (void)state;
    begin();
    w.regulation->bounds.extensions = 0;
    AT("2026-10-10 09:00", "meet");
    AT("2026-10-10 23:59:59", "meet_extend limit=20wd");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-11-07 00:00");
    expect_due(clock_of(CLOCK_OVERALL, 0), "day 2026-11-07 00:00");
    assert_int_equal(lead()->extensions, 0);
    assert_int_equal(w.ticket.state, TICKET_HANDLING);
    AT("2026-10-12 09:00", "meet");
    AT("2026-10-12 10:00", "meet_extend limit=1wd");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-11-10 00:00");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->turn, 2);
    assert_int_equal(lead()->extensions, 0);
}

/* What the meeting gave is not of the unit's asking: the one extension that a
 * dispatch may have is still to come, and counts whoever else extended. */
static void test_a_meetings_is_not_the_units(void **state)
{
    (void)state;
    begin();
    AT("2026-09-29 09:00", "meet");
    AT("2026-09-29 10:00", "meet_extend limit=1wd");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-13 00:00");
    AT("2026-09-29 11:00", "extend_ask limit=1wd");
    AT("2026-09-29 12:00", "extend_grant");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-14 00:00");
    assert_int_equal(lead()->extensions, 1);
    AT("2026-09-29 13:00", "meet");
    AT("2026-09-29 14:00", "meet_extend limit=1wd");
    assert_int_equal(lead()->extensions, 1);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->turn, 3);
    REFUSED("2026-09-29 15:00", "extend_ask limit=1wd", "limit_reached");
}

static void test_a_meeting_withdraws_what_is_asked(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=3wd");
    AT("2026-10-10 10:00", "meet");
    assert_int_equal(lead()->extension.n, 3);
    AT("2026-10-10 11:00", "meet_extend limit=1wd");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-13 00:00");
    assert_int_equal(lead()->extension.unit, LIMIT_NONE);
    assert_int_equal(clock_of(CLOCK_EXTENSION, 1)->run, CLOCK_STOPPED);
    REFUSED("2026-10-10 12:00", "extend_grant", "bad_state");
    AT("2026-10-10 12:00", "extend_ask limit=1wd"); /* none was granted */
}

/* Too late for that: it dispatches again, to the same unit if need be. */
static void test_a_meeting_comes_too_late(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "meet");
    REFUSED("2026-10-11 00:00", "meet_extend limit=3wd", "too_late");
    AT("2026-10-12 09:00", "meet_dispatch u=10 limit=3wd");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-16 00:00");
    assert_int_equal(lead()->n, 2);
    assert_int_equal(lead()->extensions, 0);
}

static void test_a_meeting_extends_a_later_round(void **state)
{
    (void)state;
    begin();
    AT("2026-09-30 10:00", "resolve");
    AT("2026-10-08 10:00", "rework");
    AT("2026-10-08 11:00", "meet");
    AT("2026-10-08 12:00", "meet_extend limit=1wd");
    expect_due(clock_of(CLOCK_REWORK, 0), "day 2026-10-16 00:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_asked_a_second_before_the_due),
        TEST(test_asked_at_the_due_second),
        TEST(test_one_at_a_time_and_so_many),
        TEST(test_no_longer_than_one_may_be),
        TEST(test_an_instant_after_the_old_due),
        TEST(test_nothing_to_extend_without_a_due),
        TEST(test_granted_after_the_due),
        TEST(test_granted_less_or_more_than_asked),
        TEST(test_refused_is_late_since_the_old_due),
        TEST(test_undecided_when_the_dispatch_ends),
        TEST(test_at_the_end_of_the_calendar),
        TEST(test_the_overall_due_is_late_enough),
        TEST(test_the_overall_due_moves_along),
        TEST(test_an_overall_that_is_late_stays),
        TEST(test_the_overall_due_becomes_an_instant),
        TEST(test_a_co_moves_only_its_own),
        TEST(test_a_later_round_is_extended_by_its_own_clock),
        TEST(test_what_lies_ahead_may_fire_again),
        TEST(test_a_paused_clock_is_moved_too),
        TEST(test_a_meeting_is_not_bound),
        TEST(test_a_meetings_is_not_the_units),
        TEST(test_a_meeting_withdraws_what_is_asked),
        TEST(test_a_meeting_comes_too_late),
        TEST(test_a_meeting_extends_a_later_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
