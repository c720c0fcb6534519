/* From hand to hand: transfer, co-handlers, recall, assignment, split, hand and
 * supplement; what each does to dues, owners and fields. The calendar is that
 * of test_ticket_extend.c. */
#include "unit/ticket_world.h"

/* Dispatched on 28 September for five working days, and accepted. */
static void begin(void)
{
    count_in_workdays();
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "accept");
}

/* -- transfer -------------------------------------------------------------- */

static void test_a_transfer_hands_on_what_is_left(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 11:00", "transfer u=11");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
    const struct clock *c = clock_of(CLOCK_FINISH, 2);
    expect_due(c, "day 2026-10-11 00:00");
    assert_int_equal(c->start, when("2026-10-10 11:00"));
    assert_int_equal(c->limit.n, 5);
    assert_int_equal(c->limit.unit, LIMIT_WD);
    assert_int_equal(c->unit, 11);
    assert_int_equal(c->fired, 0);
    AT("2026-10-10 12:00", "accept");
    AT("2026-10-11 00:00", "resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->verdict, VERDICT_LATE);
}

/* Suspended on the 29th with 30, 8, 9, 10 to come, resumed on 9 October: these
 * four are then 10, 12, 13 and 14. */
static void test_the_pause_is_in_what_is_left(void **state)
{
    (void)state;
    begin();
    AT("2026-09-29 10:00", "suspend");
    AT("2026-10-09 10:00", "resume");
    expect_due(clock_of(CLOCK_FINISH, 1), "day 2026-10-15 00:00");
    AT("2026-10-12 09:00", "transfer u=11");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-15 00:00");
}

static void test_an_extension_is_in_what_is_left(void **state)
{
    (void)state;
    begin();
    AT("2026-10-10 09:00", "extend_ask limit=2026-10-13T12:00:00+08:00");
    AT("2026-10-10 10:00", "extend_grant");
    AT("2026-10-12 09:00", "transfer u=11");
    const struct clock *c = clock_of(CLOCK_FINISH, 2);
    expect_due(c, "2026-10-13 12:00");
    assert_int_equal(c->turn, 0);
    assert_int_equal(ticket_dispatch(&w.ticket, 2)->extensions, 0);
}

/* Late already: 12 to 16 October. */
static void test_a_late_transfer_begins_anew(void **state)
{
    (void)state;
    begin();
    AT("2026-10-11 00:00", "transfer u=11");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-17 00:00");
}

static void test_a_transfer_at_the_due_second(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-30 09:30", "transfer u=11"); /* kept, and nothing left */
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
    expect_due(clock_of(CLOCK_FINISH, 2), "2026-09-30 09:30");
}

/* 9 and 10 October; over the bound is over the bound, plan or not. */
static void test_a_transfer_with_its_own_limit(void **state)
{
    (void)state;
    begin();
    REFUSED("2026-10-08 11:00", "transfer u=11 limit=31wd", "out_of_bounds");
    REFUSED("2026-10-08 11:00", "transfer u=11 limit=31wd special",
            "out_of_bounds");
    AT("2026-10-08 11:00", "transfer u=11 limit=1wd");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-10 00:00");
    AT("2026-10-08 12:00", "transfer u=12 limit=30wd");
    expect_due(clock_of(CLOCK_FINISH, 3), "day 2026-11-19 00:00");
}

static void test_without_a_due_there_is_nothing_to_hand_on(void **state)
{
    (void)state;
    count_in_workdays();
    AT("2026-09-28 09:00", "file imported");
    AT("2026-09-28 09:30", "dispatch u=10 limit=none imported");
    AT("2026-09-28 10:00", "transfer u=11 imported");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-11 00:00");
}

/* The bad score of 8 October: 9, 10, 12, 13, 14. */
static void test_a_later_round_hands_on_its_rework(void **state)
{
    (void)state;
    begin();
    AT("2026-09-30 10:00", "resolve");
    AT("2026-10-08 10:00", "evaluate score=1");
    AT("2026-10-12 10:00", "transfer u=11");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->verdict, VERDICT_KEPT);
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-15 00:00");
    AT("2026-10-15 00:00", "transfer u=12"); /* 16, 19, 20, 21, 22 */
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->verdict, VERDICT_LATE);
    expect_due(clock_of(CLOCK_FINISH, 3), "day 2026-10-23 00:00");
}

/* -- co-handlers ----------------------------------------------------------- */

static void test_a_co_has_its_own_limit(void **state)
{
    (void)state;
    begin();
    AT("2026-09-28 11:00", "dispatch co u=20"); /* 29, 30, 8 */
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-09 00:00");
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->limit.n, 3);
}

/* On 9 October three days would end on the 13th; the lead's end on the 10th. */
static void test_a_co_is_not_due_after_its_lead(void **state)
{
    (void)state;
    begin();
    AT("2026-10-09 09:00", "dispatch co u=20");
    const struct clock *c = clock_of(CLOCK_FINISH, 2);
    expect_due(c, "day 2026-10-11 00:00");
    assert_int_equal(c->limit.n, 3);
    REFUSED("2026-10-09 09:30", "dispatch co u=21 limit=2wd", "out_of_bounds");
    REFUSED("2026-10-09 09:30",
            "dispatch co u=21 limit=2026-10-11T00:00:01+08:00",
            "out_of_bounds");
    AT("2026-10-09 09:30", "dispatch co u=21 limit=1wd");
    expect_due(clock_of(CLOCK_FINISH, 3), "day 2026-10-11 00:00");
    AT("2026-10-09 09:30", "dispatch co u=22 limit=2wd imported");
    expect_due(clock_of(CLOCK_FINISH, 4), "day 2026-10-13 00:00");
}

/* A lead that is late, or has no due, binds nobody: 12, 13, 14. */
static void test_a_late_lead_does_not_bind(void **state)
{
    (void)state;
    begin();
    AT("2026-10-11 00:00", "dispatch co u=20");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-15 00:00");
    AT("2026-10-11 00:00", "dispatch co u=21 limit=10wd");
    expect_due(clock_of(CLOCK_FINISH, 3), "day 2026-10-24 00:00");

    anew();
    count_in_workdays();
    AT("2026-09-28 09:00", "file imported");
    AT("2026-09-28 09:30", "dispatch u=10 limit=none imported");
    AT("2026-09-28 10:00", "dispatch co u=20 limit=20wd");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-31 00:00");
}

static void test_a_co_in_a_later_round(void **state)
{
    (void)state;
    begin();
    AT("2026-09-30 10:00", "resolve");
    AT("2026-10-08 10:00", "evaluate score=1"); /* due after the 14th */
    AT("2026-10-13 10:00", "dispatch co u=20");
    expect_due(clock_of(CLOCK_FINISH, 2), "day 2026-10-15 00:00");
    REFUSED("2026-10-13 11:00", "dispatch co u=21 limit=2wd", "out_of_bounds");
}

static void test_a_co_hands_on_what_is_left(void **state)
{
    (void)state;
    begin();
    AT("2026-09-28 11:00", "dispatch co u=20");
    AT("2026-10-08 11:00", "transfer d=2 u=21");
    expect_due(clock_of(CLOCK_FINISH, 3), "day 2026-10-09 00:00");
    /* late: three days from the 9th, cut to the lead's due */
    AT("2026-10-09 09:00", "transfer d=3 u=22");
    expect_due(clock_of(CLOCK_FINISH, 4), "day 2026-10-11 00:00");
    REFUSED("2026-10-09 10:00", "transfer d=4 u=23 limit=2wd", "out_of_bounds");
    AT("2026-10-09 10:00", "transfer d=4 u=23 limit=1wd");
    expect_due(clock_of(CLOCK_FINISH, 5), "day 2026-10-11 00:00");
}

/* -- within the unit ------------------------------------------------------- */

static void test_assigned_to_a_person(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10");
    assert_int_equal(ticket_lead(&w.ticket)->handler, 0);
    assert_false(ticket_lead(&w.ticket)->acted);
    PLAY("assign person=42");
    assert_int_equal(ticket_lead(&w.ticket)->handler, 42);
    assert_true(ticket_lead(&w.ticket)->acted);
    assert_int_equal(w.out.dispatch, 1);
    PLAY("accept", "assign person=43", "resolve", "evaluate score=1");
    assert_int_equal(ticket_lead(&w.ticket)->handler, 43); /* reopened */
    PLAY("transfer u=11");
    assert_int_equal(ticket_lead(&w.ticket)->handler, 0);
}

/* Each of these by itself keeps the dispatcher from taking it back unseen; what
 * others do does not. */
static void test_recalled_only_while_untouched(void **state)
{
    (void)state;
    static const char *const acts[][3] = {
        {"contact"}, {"answer"},
        {"assign"},  {"return_ask", "return_refuse"},
        {"accept"},  {"supervise", "supervise_reply"},
    };
    static const char *const others[] = {"note", "urge", "supervise", "leaders",
                                         "dispatch co u=20"};
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        anew();
        PLAY("file", "dispatch u=10", acts[i][0]);
        if (acts[i][1] != NULL) {
            PLAY(acts[i][1]);
        }
        assert_true(ticket_lead(&w.ticket)->acted);
        assert_string_equal(err_name(story_do(&w, "recall")), "bad_state");
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        anew();
        PLAY("file", "dispatch u=10", others[i], "recall d=1");
        assert_int_equal(w.ticket.state, TICKET_FILED);
    }
}

/* -- the dispatcher's ------------------------------------------------------ */

static void test_the_parts_promise_is_the_dispatchers(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept");
    instant due = clock_of(CLOCK_OVERALL, 0)->due.at;
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 10);
    PLAY("split");
    assert_true((w.ticket.flags & TICKET_PARENT) != 0);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 5);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->due.at, due);
    PLAY("hand to=6");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 6);
    PLAY("resolve", "evaluate score=1");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->unit, 6);

    anew();
    PLAY("file", "dispatch u=10", "accept", "resolve", "rework");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->unit, 10);
    PLAY("split");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->unit, 5);
}

/* What the dispatcher promised goes along; what its own hands promised as a
 * unit at work stays with them. */
static void test_another_dispatcher(void **state)
{
    (void)state;
    PLAY("file", "hand to=6");
    assert_int_equal(w.ticket.dispatcher, 6);
    assert_int_equal(clock_of(CLOCK_TRIAGE, 0)->unit, 6);
    PLAY("dispatch u=6", "dispatch co u=20", "return_ask d=2", "hand to=8");
    assert_int_equal(clock_of(CLOCK_RETURN, 2)->unit, 8);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->unit, 6);
    assert_int_equal(clock_of(CLOCK_SIGN, 1)->unit, 6);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 6);
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->unit, 20);
    PLAY("return_grant d=2 fault=unit", "accept", "suspend", "hand to=9");
    assert_int_equal(clock_of(CLOCK_SUSPENSION, 0)->unit, 9);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 6);
    PLAY("resume", "resolve", "hand to=5");
    assert_int_equal(clock_of(CLOCK_EVALUATE, 0)->unit, 7);
    assert_int_equal(w.ticket.dispatcher, 5);
}

/* -- what the enterprise gives --------------------------------------------- */

/* Ten working days after 28 September end on 16 October. Of two hours an hour
 * and a half were left. */
static void test_a_supplement_rests_the_triage(void **state)
{
    (void)state;
    w.regulation->limits[CLOCK_SUPPLEMENT][0][0] =
        (struct limit){10, LIMIT_WD, 0};
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "supplement_ask");
    const struct clock *c = clock_of(CLOCK_SUPPLEMENT, 0);
    expect_due(c, "day 2026-10-17 00:00");
    assert_int_equal(c->unit, 7);
    assert_int_equal(clock_of(CLOCK_TRIAGE, 0)->run, CLOCK_PAUSED);
    AT("2026-10-16 23:59:59", "supplement_give");
    assert_int_equal(clock_of(CLOCK_SUPPLEMENT, 0)->verdict, VERDICT_KEPT);
    expect_due(clock_of(CLOCK_TRIAGE, 0), "2026-10-17 01:29:59");
    AT("2026-10-17 01:00", "supplement_ask"); /* once more, from now */
    expect_due(clock_of(CLOCK_SUPPLEMENT, 0), "day 2026-10-31 00:00");
    AT("2026-10-31 00:00", "supplement_give");
    assert_int_equal(clock_of(CLOCK_SUPPLEMENT, 0)->verdict, VERDICT_LATE);
}

/* A regulation that gives the enterprise no limit waits for ever. */
static void test_a_supplement_without_a_limit(void **state)
{
    (void)state;
    w.regulation->limits[CLOCK_SUPPLEMENT][0][0] =
        (struct limit){.unit = LIMIT_NONE};
    PLAY("file", "supplement_ask");
    assert_int_equal(clock_of(CLOCK_SUPPLEMENT, 0)->due.at, INSTANT_NONE);
    assert_int_equal(clock_of(CLOCK_SUPPLEMENT, 0)->next, INSTANT_NONE);
    PLAY("+9000h supplement_give");
    assert_int_equal(clock_of(CLOCK_SUPPLEMENT, 0)->verdict, VERDICT_KEPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_transfer_hands_on_what_is_left),
        TEST(test_the_pause_is_in_what_is_left),
        TEST(test_an_extension_is_in_what_is_left),
        TEST(test_a_late_transfer_begins_anew),
        TEST(test_a_transfer_at_the_due_second),
        TEST(test_a_transfer_with_its_own_limit),
        TEST(test_without_a_due_there_is_nothing_to_hand_on),
        TEST(test_a_later_round_hands_on_its_rework),
        TEST(test_a_co_has_its_own_limit),
        TEST(test_a_co_is_not_due_after_its_lead),
        TEST(test_a_late_lead_does_not_bind),
        TEST(test_a_co_in_a_later_round),
        TEST(test_a_co_hands_on_what_is_left),
        TEST(test_assigned_to_a_person),
        TEST(test_recalled_only_while_untouched),
        TEST(test_the_parts_promise_is_the_dispatchers),
        TEST(test_another_dispatcher),
        TEST(test_a_supplement_rests_the_triage),
        TEST(test_a_supplement_without_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
