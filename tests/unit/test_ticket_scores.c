/* Scores: the unit's dispute about a bad one, the enterprise's later word, and
 * what a new round forgets. */
#include "unit/ticket_world.h"

static void test_a_score_struck_out(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve");
    instant resolved = w.now;
    PLAY("evaluate score=2", "score_appeal");
    const struct clock *c = clock_of(CLOCK_APPEAL, 0);
    assert_int_equal(c->unit, 0);
    assert_int_equal(c->due.at, w.now + 24 * HOUR);
    assert_true(flagged(TICKET_SCORE_APPEALED));
    assert_false(flagged(TICKET_APPEALED));
    PLAY("score_grant");
    assert_int_equal(w.ticket.state, TICKET_RESOLVED);
    assert_true(flagged(TICKET_EVALUATED | TICKET_SCORE_EXCLUDED));
    assert_int_equal(w.ticket.score, 2); /* what was said stays said */
    assert_int_equal(w.ticket.resolved, resolved);
    assert_int_equal(ticket_lead(&w.ticket)->done, w.now);
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->verdict, VERDICT_VOID);
    c = clock_of(CLOCK_ARCHIVE, 0);
    assert_int_equal(c->start, w.now);
    assert_int_equal(c->due.at, w.now + 48 * HOUR);
    PLAY("clock", "clock"); /* half of it, and archived by time */
    assert_int_equal(w.ticket.state, TICKET_ARCHIVED);
}

static void test_a_late_rework_stays_late(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve", "evaluate score=2",
         "score_appeal", "+30h score_grant");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->verdict, VERDICT_LATE);
    assert_int_equal(clock_of(CLOCK_APPEAL, 0)->verdict, VERDICT_LATE);
}

/* The dispute is a supervisor's: whoever dispatches does not get its clock. */
static void test_a_dispute_is_no_dispatchers(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve", "evaluate score=1",
         "score_appeal", "hand to=6");
    assert_int_equal(clock_of(CLOCK_APPEAL, 0)->unit, 0);
    PLAY("clock", "clock"); /* half of the rework, half of the dispute */
    assert_int_equal(w.out.tell, TELL_SUPERVISOR);

    anew();
    PLAY("file", "decline", "appeal");
    assert_int_equal(clock_of(CLOCK_APPEAL, 0)->unit, 5);
    PLAY("clock");
    assert_int_equal(w.out.tell, TELL_DISPATCHER);
}

static void test_only_a_score_is_disputed(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve", "evaluate score=2",
         "resolve", "rework"); /* by order; the score of round 1 is old */
    assert_int_equal(w.ticket.score, 0);
    assert_false(w.ticket.solved);
    assert_string_equal(err_name(story_do(&w, "score_appeal")), "bad_state");
    PLAY("resolve", "evaluate score=2", "score_appeal");
}

/* Parts were scored, not a lead of the parent. */
static void test_a_parent_disputes_nothing(void **state)
{
    (void)state;
    PLAY("file", "split", "resolve", "evaluate score=1");
    assert_int_equal(w.ticket.state, TICKET_HANDLING);
    assert_string_equal(err_name(story_do(&w, "score_appeal")), "bad_state");
}

static void test_a_new_round_forgets(void **state)
{
    (void)state;
    const uint32_t of_round = TICKET_EVALUATED | TICKET_COMMENTED |
                              TICKET_SCORE_APPEALED | TICKET_SCORE_EXCLUDED;
    PLAY("file", "dispatch u=10", "accept", "resolve", "evaluate score=2",
         "score_appeal", "score_grant", "comment");
    assert_true(flagged(of_round));
    PLAY("rework");
    assert_int_equal(w.ticket.flags & of_round, 0);
    PLAY("resolve", "evaluate score=4", "comment");
    assert_true(flagged(TICKET_COMMENTED));
    assert_string_equal(err_name(story_do(&w, "comment")), "bad_state");
    PLAY("archive");
    assert_string_equal(err_name(story_do(&w, "comment")), "bad_state");
}

/* A silence is no score: there is nothing to add a later word to. */
static void test_silence_is_not_commented(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve", "clock", "clock");
    assert_true(flagged(TICKET_SILENT));
    assert_string_equal(err_name(story_do(&w, "+0h comment")), "bad_state");
    PLAY("+0h evaluate score=4", "comment");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_score_struck_out),
        TEST(test_a_late_rework_stays_late),
        TEST(test_a_dispute_is_no_dispatchers),
        TEST(test_only_a_score_is_disputed),
        TEST(test_a_parent_disputes_nothing),
        TEST(test_a_new_round_forgets),
        TEST(test_silence_is_not_commented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
