/* What events say beside their move: first response, resolution, urging, orders
 * to reply, scores and disputes about them, the meeting, appeals, parts,
 * merges, the unit complained of. */
#include "unit/ticket_world.h"

/* -- first response, resolution -------------------------------------------- */

static void test_nothing_has_happened_when_filed(void **state)
{
    (void)state;
    PLAY("file against=13 parent=9");
    assert_int_equal(w.ticket.responded, INSTANT_NONE);
    assert_int_equal(w.ticket.resolved, INSTANT_NONE);
    assert_int_equal(w.ticket.urged, INSTANT_NONE);
    assert_int_equal(w.ticket.against, 13);
    assert_int_equal(w.ticket.parent, 9);
    assert_int_equal(w.ticket.merged_into, 0);
}

static void test_the_first_response(void **state)
{
    static const char *const firsts[] = {"contact", "answer", "contact d=2",
                                         "resolve"};
    (void)state;
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        anew();
        PLAY("file", "dispatch u=10", "accept", "dispatch co u=20",
             "accept d=2");
        if (strcmp(firsts[i], "resolve") == 0) {
            PLAY("resolve d=2"); /* a co reports to the lead */
        }
        assert_int_equal(w.ticket.responded, INSTANT_NONE);
        PLAY(firsts[i]);
        instant first = w.now;
        assert_int_equal(w.ticket.responded, first);
        if (w.ticket.state == TICKET_HANDLING) {
            PLAY("resolve d=2", "answer", "resolve");
        }
        assert_int_equal(w.ticket.resolved, w.now);
        PLAY("rework", "contact");
        assert_int_equal(w.ticket.responded, first);
    }
}

/* A meeting's resolution answers the enterprise as the lead's own would. */
static void test_a_meetings_resolution_answers(void **state)
{
    static const char *const before[] = {"contact", "answer"};
    (void)state;
    PLAY("file", "dispatch u=10", "meet");
    assert_false(flagged(TICKET_CONTACTED));
    PLAY("meet_resolve");
    assert_int_equal(w.ticket.responded, w.now);
    assert_true(flagged(TICKET_CONTACTED | TICKET_ANSWERED));
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        anew();
        PLAY("file", "dispatch u=10", before[i]);
        instant first = w.now;
        PLAY("meet", "meet_resolve");
        assert_int_equal(w.ticket.responded, first);
        assert_true(flagged(TICKET_CONTACTED | TICKET_ANSWERED));
    }
}

static void test_each_resolution_is_the_latest(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve");
    assert_int_equal(w.ticket.resolved, w.now);
    instant first = w.now;
    PLAY("evaluate score=1");
    assert_int_equal(w.ticket.resolved, first);
    PLAY("meet", "meet_resolve");
    assert_int_equal(w.ticket.resolved, w.now);
    assert_int_equal(w.ticket.responded, first);
    PLAY("note", "evaluate score=5", "note");
    assert_int_equal(w.ticket.resolved, w.now - 3 * HOUR);

    anew();
    w.regulation->review = true;
    PLAY("file", "dispatch u=10", "accept", "resolve");
    assert_int_equal(w.ticket.responded, w.now);
    assert_int_equal(w.ticket.resolved, INSTANT_NONE);
    PLAY("review_pass");
    assert_int_equal(w.ticket.resolved, w.now);

    anew();
    PLAY("file", "split", "resolve"); /* the parts are done */
    assert_int_equal(w.ticket.resolved, w.now);
}

/* -- urging ---------------------------------------------------------------- */

static void test_urged_again_to_the_minute(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "urge");
    assert_int_equal(w.ticket.urged, when("2026-09-28 10:00"));
    assert_int_equal(w.out.dispatch, 1);
    REFUSED("2026-09-28 11:59:59", "urge", "too_soon");
    AT("2026-09-28 11:59:59", "urge imported"); /* as it was */
    assert_int_equal(w.ticket.urged, when("2026-09-28 11:59:59"));
    REFUSED("2026-09-28 13:59:58", "urge", "too_soon");
    AT("2026-09-28 13:59:59", "urge");
    w.regulation->bounds.urge_gap_min = 0;
    AT("2026-09-28 13:59:59", "urge");
}

/* What the regulation urges is no person's urging. */
static void test_escalation_does_not_count_as_urging(void **state)
{
    (void)state;
    w.regulation->steps[0].does = STEP_URGE;
    PLAY("file", "clock");
    assert_int_equal(w.out.does, STEP_URGE);
    assert_int_equal(w.ticket.urged, INSTANT_NONE);
    PLAY("+0h urge");
    assert_int_equal(w.out.dispatch, 0); /* nobody leads */
}

/* -- orders ---------------------------------------------------------------- */

static void test_an_order_with_its_own_limit(void **state)
{
    (void)state;
    AT("2026-09-28 09:00", "file");
    AT("2026-09-28 09:30", "dispatch u=10");
    AT("2026-09-28 10:00", "supervise limit=2wd");
    expect_due(clock_of(CLOCK_SUPERVISE, 1), "day 2026-10-01 00:00");
    AT("2026-09-28 12:00", "supervise_reply");
    REFUSED("2026-09-28 13:00", "supervise limit=2026-09-28T13:00:00+08:00",
            "out_of_bounds");
    REFUSED("2026-09-28 13:00", "supervise limit=none", "out_of_bounds");
    AT("2026-09-28 13:00", "supervise limit=5000h"); /* no bound on it */
    AT("2026-09-28 14:00", "supervise_reply");
    AT("2026-09-28 15:00", "supervise");
    expect_due(clock_of(CLOCK_SUPERVISE, 1), "2026-09-28 23:00");
}

/* While one is unanswered there is no second of that dispatch, imported or not;
 * another dispatch may have its own. An overdue one is unanswered too. */
static void test_one_order_at_a_time(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "dispatch co u=20", "supervise d=1");
    int32_t ordered = clock_of(CLOCK_SUPERVISE, 1)->n;
    static const char *const again[] = {"supervise", "supervise d=1 limit=1h",
                                        "supervise imported", "+30h supervise"};
    for (size_t i = 0; i < sizeof again / sizeof again[0]; i++) {
        assert_string_equal(err_name(story_do(&w, again[i])), "exists");
    }
    assert_int_equal(clock_of(CLOCK_SUPERVISE, 1)->n, ordered);
    PLAY("supervise d=2", "supervise_reply d=1", "supervise d=1");
    assert_int_not_equal(clock_of(CLOCK_SUPERVISE, 1)->n, ordered);
    assert_string_equal(err_name(story_do(&w, "supervise d=2")), "exists");
}

/* Only red FINISH orders here; its steps are index 1. */
static void order_at_red(uint32_t clocks)
{
    w.regulation->n_steps = 1;
    w.regulation->steps[0] = (struct step){
        .clocks = clocks, .when = STEP_RED, .does = STEP_SUPERVISE};
}

static void test_an_escalation_orders(void **state)
{
    (void)state;
    order_at_red(CLOCK_BIT(CLOCK_FINISH));
    PLAY("file", "dispatch u=10", "clock");
    const struct clock *c = clock_of(CLOCK_SUPERVISE, 1);
    assert_int_equal(c->unit, 10);
    assert_int_equal(c->start, STORY_START + (2 + 48) * HOUR + 1);
    assert_int_equal(c->due.at, c->start + 8 * HOUR);
    assert_int_equal(w.out.tell, TELL_SUPERVISOR | TELL_UNIT);
    assert_int_equal(w.out.dispatch, 1);
    assert_string_equal(err_name(story_do(&w, "+0h supervise")), "exists");
    PLAY("supervise_reply");
    assert_int_equal(clock_of(CLOCK_SUPERVISE, 1)->verdict, VERDICT_KEPT);
    assert_false(flagged(TICKET_AGENDA));
}

/* The clock's own is not refused when a person's is unanswered: it starts none
 * and tells as ever. */
static void test_an_escalation_finds_an_order(void **state)
{
    (void)state;
    order_at_red(CLOCK_BIT(CLOCK_FINISH));
    PLAY("file", "dispatch u=10", "supervise limit=500h");
    int32_t ordered = clock_of(CLOCK_SUPERVISE, 1)->n;
    PLAY("clock");
    assert_int_equal(w.out.does, STEP_SUPERVISE);
    assert_int_equal(w.out.tell, TELL_SUPERVISOR | TELL_UNIT);
    assert_int_equal(clock_of(CLOCK_SUPERVISE, 1)->n, ordered);
}

/* Of the ticket's own clocks it is the lead who is ordered, once. */
static void test_an_escalation_orders_the_lead(void **state)
{
    (void)state;
    order_at_red(CLOCK_BIT(CLOCK_OVERALL) | CLOCK_BIT(CLOCK_FINISH));
    PLAY("file", "dispatch u=10", "dispatch co u=20 limit=40h",
         "return_ask d=1", "clock");
    assert_int_equal(clock_of(CLOCK_SUPERVISE, 2)->unit, 20);
    PLAY("clock"); /* the lead's finish clock */
    int32_t ordered = clock_of(CLOCK_SUPERVISE, 1)->n;
    PLAY("clock"); /* overall: an order runs */
    assert_int_equal(clock_of(CLOCK_SUPERVISE, 1)->n, ordered);
    PLAY("+0h supervise_reply d=1");

    anew();
    order_at_red(CLOCK_BIT(CLOCK_OVERALL));
    PLAY("file", "dispatch u=10", "accept", "clock");
    assert_int_equal(clock_of(CLOCK_SUPERVISE, 1)->unit, 10);
}

static void test_nobody_to_order(void **state)
{
    (void)state;
    order_at_red(CLOCK_BIT(CLOCK_TRIAGE) | CLOCK_BIT(CLOCK_EVALUATE) |
                 CLOCK_BIT(CLOCK_OVERALL));
    PLAY("file", "clock");
    assert_int_equal(w.ticket.n_clocks, 1);
    PLAY("+0h dispatch u=10", "accept", "resolve",
         "clock"); /* the lead is done */
    assert_int_equal(w.out.does, STEP_SUPERVISE);
    assert_int_equal(w.ticket.n_clocks, 1);

    anew();
    order_at_red(CLOCK_BIT(CLOCK_OVERALL));
    PLAY("file", "split", "clock"); /* nobody leads */
    assert_int_equal(w.ticket.n_clocks, 1);
}

/* A deadline is not refused for want of room. */
static void test_an_order_without_room(void **state)
{
    (void)state;
    char beat[40];
    order_at_red(CLOCK_BIT(CLOCK_FINISH));
    PLAY("file", "dispatch u=10");
    w.regulation->co[0][0] = (struct limit){48, LIMIT_H, 0};
    for (int i = 0; i < 29; i++) { /* two clocks each */
        snprintf(beat, sizeof beat, "+0h dispatch co u=%d", 20 + i);
        PLAY(beat);
    }
    PLAY("+0h supervise d=2");
    assert_int_equal(w.ticket.n_clocks, CLOCKS_MAX);
    PLAY("clock");
    assert_int_equal(w.out.does, STEP_SUPERVISE);
    assert_int_equal(w.out.tell, TELL_SUPERVISOR | TELL_UNIT);
    assert_int_equal(w.ticket.n_clocks, CLOCKS_MAX);
}

static void test_a_supplement_tells_who_asked(void **state)
{
    (void)state;
    PLAY("file", "supplement_ask", "clock");
    assert_int_equal(w.out.tell, TELL_ENTERPRISE | TELL_DISPATCHER);
}

/* -- the meeting ----------------------------------------------------------- */

static void test_a_meeting_ends_where_the_work_has_come(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "dispatch co u=20", "meet");
    assert_int_equal(w.ticket.before, TICKET_DISPATCHED);
    PLAY("accept d=2");
    assert_int_equal(w.ticket.before, TICKET_DISPATCHED);
    PLAY("accept d=1");
    assert_int_equal(w.ticket.state, TICKET_MEETING);
    assert_int_equal(w.ticket.before, TICKET_HANDLING);
    PLAY("meet_extend limit=10h");
    assert_int_equal(w.ticket.state, TICKET_HANDLING);

    anew(); /* a co's acceptance in a meeting about what is filed */
    PLAY("file", "dispatch u=10", "dispatch co u=20", "return_ask d=1",
         "return_grant d=1 fault=unit", "meet", "accept d=2");
    assert_int_equal(w.ticket.before, TICKET_FILED);
}

static void test_a_meeting_takes_it_off_the_agenda(void **state)
{
    (void)state;
    w.regulation->bounds.returns_meeting = 1;
    PLAY("file", "dispatch u=10", "dispatch co u=20", "dispatch co u=21",
         "return_ask d=2", "return_grant d=2 fault=unit");
    assert_false(flagged(TICKET_AGENDA)); /* a co's is none */
    PLAY("return_ask d=1", "return_grant d=1 fault=unit");
    assert_true(flagged(TICKET_AGENDA));
    PLAY("meet");
    assert_false(flagged(TICKET_AGENDA));
    PLAY("meet_dispatch u=11", "meet", "meet_dispatch u=10");
    PLAY("return_ask d=3", "return_grant d=3 fault=dispatcher");
    assert_false(flagged(TICKET_AGENDA));
    PLAY("return_ask", "return_grant fault=unit");
    assert_true(flagged(TICKET_AGENDA));
}

static void test_the_same_unit_may_lead_again(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "meet",
         "meet_dispatch u=10 limit=300h special");
    assert_true(flagged(TICKET_SPECIAL));
    assert_int_equal(ticket_lead(&w.ticket)->unit, 10);
    assert_int_equal(ticket_lead(&w.ticket)->n, 2);
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->due.at, w.now + 300 * HOUR);
}

/* -- declined and appealed ------------------------------------------------- */

static void test_what_a_decline_took_away_begins_anew(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "contact", "return_ask",
         "return_grant fault=unit", "decline");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->verdict, VERDICT_VOID);
    PLAY("appeal", "appeal_grant", "dispatch u=11");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->start, w.now);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 11);
    assert_int_equal(clock_of(CLOCK_ANSWER, 0)->start, w.now);
    assert_null(ticket_clock(&w.ticket, CLOCK_CONTACT, 0)); /* was made */
    instant begun = w.now;
    PLAY("answer", "return_ask", "return_grant fault=unit", "dispatch u=12");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->start, begun);
    assert_null(ticket_clock(&w.ticket, CLOCK_ANSWER, 0));
    PLAY("accept", "resolve", "evaluate score=1", "return_ask",
         "return_grant fault=unit", "dispatch u=13");
    assert_null(ticket_clock(&w.ticket, CLOCK_OVERALL, 0)); /* round 2 */
}

static void test_declined_before_anybody_had_it(void **state)
{
    (void)state;
    PLAY("file", "decline", "appeal", "appeal_grant", "dispatch u=10");
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->start, w.now);
    assert_int_equal(clock_of(CLOCK_CONTACT, 0)->start, w.now);
}

/* What was split is handled in its parts, in every round and by nobody's
 * decision otherwise; history is no exception. */
static void test_a_parent_is_not_dispatched(void **state)
{
    static const char *const sends[] = {"dispatch u=10", "dispatch co u=10",
                                        "dispatch co u=10 imported"};
    static const char *const meets[] = {"meet_dispatch u=10",
                                        "meet_dispatch u=10 imported"};
    (void)state;
    PLAY("file", "split");
    for (int round = 1; round <= 2; round++) {
        assert_int_equal(w.ticket.round, round);
        for (size_t i = 0; i < sizeof sends / sizeof sends[0]; i++) {
            assert_string_equal(err_name(story_do(&w, sends[i])), "bad_state");
        }
        PLAY("meet");
        for (size_t i = 0; i < sizeof meets / sizeof meets[0]; i++) {
            assert_string_equal(err_name(story_do(&w, meets[i])), "bad_state");
        }
        PLAY("meet_split", "resolve", "evaluate score=1");
    }
    assert_int_equal(w.ticket.dispatch_last, 0);
}

/* -- parts, merges, complaints --------------------------------------------- */

static void test_merged_into_another(void **state)
{
    (void)state;
    PLAY("file");
    struct event ev = {
        .type = EV_MERGE, .at = w.now, .into = STORY_ID}; /* itself */
    struct outcome out;
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_BAD_PARAM);
    PLAY("merge into=77");
    assert_int_equal(w.ticket.merged_into, 77);
}

static void test_a_part_has_no_parts(void **state)
{
    (void)state;
    PLAY("file parent=9 confidential", "dispatch u=10", "accept");
    assert_string_equal(err_name(story_do(&w, "split")), "bad_state");
    PLAY("meet");
    assert_string_equal(err_name(story_do(&w, "meet_split")), "bad_state");
    assert_true(flagged(TICKET_CONFIDENTIAL));
    assert_int_equal(w.ticket.parent, 9);

    anew();
    PLAY("file", "split", "split"); /* one part more */
    assert_int_equal(w.ticket.state, TICKET_HANDLING);
}

static void test_never_to_the_unit_complained_of(void **state)
{
    (void)state;
    PLAY("file against=13");
    assert_string_equal(err_name(story_do(&w, "dispatch u=13")), "forbidden");
    assert_string_equal(err_name(story_do(&w, "dispatch u=13 imported")),
                        "forbidden");
    PLAY("dispatch u=10", "accept");
    assert_string_equal(err_name(story_do(&w, "transfer u=13")), "forbidden");
}

static void test_values_that_are_missing(void **state)
{
    (void)state;
    static const char *const beats[] = {
        "hand to=0",      "hand to=-1",      "assign person=0",
        "merge into=0",   "extend_ask",      "meet_extend",
        "file parent=-1", "file against=-1", "dispatch u=10 special"};
    for (size_t i = 0; i < sizeof beats / sizeof beats[0]; i++) {
        assert_string_equal(err_name(story_do(&w, beats[i])), "bad_param");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_has_happened_when_filed),
        TEST(test_the_first_response),
        TEST(test_a_meetings_resolution_answers),
        TEST(test_each_resolution_is_the_latest),
        TEST(test_urged_again_to_the_minute),
        TEST(test_escalation_does_not_count_as_urging),
        TEST(test_an_order_with_its_own_limit),
        TEST(test_one_order_at_a_time),
        TEST(test_an_escalation_orders),
        TEST(test_an_escalation_finds_an_order),
        TEST(test_an_escalation_orders_the_lead),
        TEST(test_nobody_to_order),
        TEST(test_an_order_without_room),
        TEST(test_a_supplement_tells_who_asked),
        TEST(test_a_meeting_ends_where_the_work_has_come),
        TEST(test_a_meeting_takes_it_off_the_agenda),
        TEST(test_the_same_unit_may_lead_again),
        TEST(test_what_a_decline_took_away_begins_anew),
        TEST(test_declined_before_anybody_had_it),
        TEST(test_a_parent_is_not_dispatched),
        TEST(test_merged_into_another),
        TEST(test_a_part_has_no_parts),
        TEST(test_never_to_the_unit_complained_of),
        TEST(test_values_that_are_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
