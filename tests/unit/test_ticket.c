/* The step: the stories, and what they do not show: verdict instants, owners,
 * limits, loading, refusals. */
#include "unit/ticket_world.h"

#include "unit/stories_again.h"
#include "unit/stories_later.h"
#include "unit/stories_loop.h"
#include "unit/stories_scores.h"
#include "unit/stories_units.h"
#include "unit/stories_verbs.h"

/* What the store does between two steps: only open things come back, and the
 * lead of this round. */
static void reload(void)
{
    struct ticket *t = &w.ticket;
    const struct dispatch *lead = ticket_lead(t);
    int32_t keep = lead == NULL ? 0 : lead->n;
    int32_t n = 0;
    for (int32_t i = 0; i < t->n_dispatches; i++) {
        if (t->dispatches[i].n == keep ||
            !dispatch_state_final(t->dispatches[i].state)) {
            t->dispatches[n++] = t->dispatches[i];
        }
    }
    t->n_dispatches = n;
    n = 0;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (t->clocks[i].run != CLOCK_STOPPED) {
            t->clocks[n++] = t->clocks[i];
        }
    }
    t->n_clocks = n;
    assert_true(ticket_ok(t));
}

static void tell_all(const struct story *stories, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!story_tell(&stories[i], NULL, calendar, true)) {
            fail_msg("story: %s", stories[i].name);
        }
    }
}

static void test_stories(void **state)
{
    (void)state;
    tell_all(stories_loop, sizeof stories_loop / sizeof stories_loop[0]);
    tell_all(stories_units, sizeof stories_units / sizeof stories_units[0]);
    tell_all(stories_later, sizeof stories_later / sizeof stories_later[0]);
    tell_all(stories_scores, sizeof stories_scores / sizeof stories_scores[0]);
    tell_all(stories_again, sizeof stories_again / sizeof stories_again[0]);
    tell_all(stories_verbs, sizeof stories_verbs / sizeof stories_verbs[0]);
}

static void test_a_stop_at_the_due_second_is_kept(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "+47h resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->stop,
                     clock_of(CLOCK_FINISH, 1)->due.at);
}

static void test_a_second_later_is_late(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "+47h note");
    w.now++;
    PLAY("+0h resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
}

/* Monday 2026-03-02: 5 wd after that day end on Monday the 9th. */
static void test_a_day_limit_is_late_at_midnight(void **state)
{
    (void)state;
    struct limit five = {.n = 5, .unit = LIMIT_WD};
    w.regulation->limits[CLOCK_FINISH][0][0] = five;
    PLAY("file", "dispatch u=10", "accept");
    instant midnight;
    assert_int_equal(
        instant_parse("2026-03-10T00:00:00+08:00", 25, false, &midnight), OK);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, midnight);
    w.now = midnight - 1;
    struct ticket before = w.ticket;
    PLAY("+0h resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
    w.ticket = before;
    w.now = midnight;
    PLAY("+0h resolve");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
}

static void test_the_return_counts_up_to_the_asking(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "+3h return_ask",
         "+80h return_grant "
         "fault=unit");
    const struct clock *finish = clock_of(CLOCK_FINISH, 1);
    assert_int_equal(finish->stop, w.now - 80 * HOUR);
    assert_int_equal(finish->verdict, VERDICT_KEPT);
    assert_int_equal(clock_of(CLOCK_SIGN, 1)->stop, w.now - 80 * HOUR);
    assert_int_equal(clock_of(CLOCK_RETURN, 1)->stop, w.now);
    assert_int_equal(clock_of(CLOCK_RETURN, 1)->verdict, VERDICT_LATE);
    assert_int_equal(clock_of(CLOCK_TRIAGE, 0)->start, w.now);
    assert_int_equal(w.ticket.returns, 1);
    const struct dispatch *d = ticket_dispatch(&w.ticket, 1);
    assert_int_equal(d->fault, FAULT_UNIT);
    assert_int_equal(d->asked, w.now - 80 * HOUR);
    assert_int_equal(d->decided, w.now);
}

static void test_a_return_asked_late_by_the_unit_is_late(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "+60h return_ask",
         "return_grant fault=unit");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_LATE);
}

static void test_a_refused_return_gives_no_credit(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept");
    instant due = clock_of(CLOCK_FINISH, 1)->due.at;
    PLAY("return_ask", "+20h return_refuse");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, due);
    assert_int_equal(ticket_dispatch(&w.ticket, 1)->refused, 1);
    assert_int_equal(w.ticket.returns, 0);
}

static void test_a_new_lead_gets_a_fresh_budget(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10");
    instant overall = clock_of(CLOCK_OVERALL, 0)->due.at;
    int32_t first = clock_of(CLOCK_OVERALL, 0)->n;
    PLAY("+9h return_ask", "return_grant fault=unit", "dispatch u=11");
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->due.at, w.now + 48 * HOUR);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->due.at, overall);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->n, first);
    /* the promises to the enterprise are the new lead's now, but for the one
     * that the old one has broken: the contact, due after 3 hours */
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 11);
    assert_int_equal(clock_of(CLOCK_CONTACT, 0)->unit, 10);
    assert_int_equal(clock_of(CLOCK_ANSWER, 0)->unit, 11);
}

static void test_each_clock_names_who_promised(void **state)
{
    (void)state;
    PLAY("file");
    assert_int_equal(clock_of(CLOCK_TRIAGE, 0)->unit, 5);
    PLAY("dispatch u=10", "dispatch co u=20");
    assert_int_equal(clock_of(CLOCK_SIGN, 1)->unit, 10);
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->unit, 20);
    assert_int_equal(clock_of(CLOCK_CONTACT, 0)->unit, 10);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->unit, 10);
    PLAY("return_ask d=2");
    assert_int_equal(clock_of(CLOCK_RETURN, 2)->unit, 5);
    PLAY("return_grant d=2 fault=dispatcher", "accept", "resolve");
    assert_int_equal(clock_of(CLOCK_EVALUATE, 0)->unit, 7);
    PLAY("evaluate score=1");
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->unit, 10);
    assert_int_equal(clock_of(CLOCK_REWORK, 0)->round, 2);
    PLAY("resolve", "evaluate score=4");
    assert_int_equal(clock_of(CLOCK_ARCHIVE, 0)->unit, 5);
    assert_int_equal(clock_of(CLOCK_ARCHIVE, 0)->round, 2);
}

static void test_the_first_own_due_is_the_overall_one(void **state)
{
    (void)state;
    const instant due = STORY_START + 72 * HOUR;
    PLAY("file", "dispatch u=10 limit=2026-03-05T09:00:00+08:00",
         "dispatch co u=20 limit=30h");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, due);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->due.at, due);
    assert_int_equal(clock_of(CLOCK_FINISH, 2)->due.at, w.now + 30 * HOUR);
    PLAY("return_ask", "return_grant fault=unit", "dispatch u=11 limit=20h");
    assert_int_equal(clock_of(CLOCK_FINISH, 3)->due.at, w.now + 20 * HOUR);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->due.at, due);
    assert_int_equal(w.ticket.flags & TICKET_SPECIAL, 0);
}

/* Design section 9 names the due and "none"; 72 h is the stories' overall. */
static void test_an_own_length_is_not_the_overall_one(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10 limit=90h");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, w.now + 90 * HOUR);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->due.at, w.now + 72 * HOUR);
}

static void test_a_limit_of_the_bound_is_within_it(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10 limit=100h", "return_ask",
         "return_grant fault=unit");
    assert_int_equal(story_do(&w, "dispatch u=11 limit=101h"),
                     ERR_OUT_OF_BOUNDS);
    PLAY("dispatch u=11 limit=9000h special");
    assert_true((w.ticket.flags & TICKET_SPECIAL) != 0);
    w.regulation->bounds.finish_max = (struct limit){.unit = LIMIT_NONE};
    PLAY("dispatch co u=20 limit=5000h");
}

static void test_import_may_set_no_limit(void **state)
{
    (void)state;
    PLAY("file imported", "dispatch u=10 limit=none imported");
    assert_true((w.ticket.flags & TICKET_IMPORTED) != 0);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, INSTANT_NONE);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->due.at, INSTANT_NONE);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->next, INSTANT_NONE);
    PLAY("accept imported", "resolve imported");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
}

static void test_a_score_is_kept(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve", "evaluate score=2");
    assert_int_equal(w.ticket.score, 2);
    assert_int_equal(w.ticket.round, 2);
    assert_int_equal(w.ticket.flags & TICKET_EVALUATED, 0);
    assert_true((w.ticket.flags & TICKET_ANSWERED) != 0);
    PLAY("resolve", "evaluate score=3");
    assert_int_equal(w.ticket.score, 3);
    assert_true(w.ticket.solved);
    assert_true((w.ticket.flags & TICKET_EVALUATED) != 0);
}

static void test_the_last_round_has_no_next(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "resolve");
    for (int i = 1; i < ROUNDS_MAX; i++) {
        PLAY("rework", "resolve");
    }
    assert_int_equal(w.ticket.round, ROUNDS_MAX);
    assert_int_equal(story_do(&w, "rework"), ERR_LIMIT);
    PLAY("evaluate score=5");
}

static void test_only_what_is_open_is_needed(void **state)
{
    (void)state;
    static const char *const beats[] = {"file",
                                        "dispatch u=10",
                                        "dispatch co u=20",
                                        "return_ask",
                                        "return_grant fault=unit",
                                        "dispatch u=11",
                                        "accept d=2",
                                        "accept",
                                        "contact",
                                        "resolve d=2",
                                        "resolve",
                                        "evaluate score=1",
                                        "resolve",
                                        "rework",
                                        "resolve",
                                        "clock",
                                        "clock",
                                        "clock",
                                        "clock",
                                        NULL};
    for (int i = 0; beats[i] != NULL; i++) {
        assert_string_equal(err_name(story_do(&w, beats[i])), "ok");
        reload();
    }
    assert_int_equal(w.ticket.state, TICKET_ARCHIVED);
    assert_int_equal(w.ticket.round, 3);
}

static void test_refusals_write_nothing(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10");
    struct event ev = {.type = EV_EVALUATE, .at = w.now, .score = 5};
    struct outcome out;
    memset(&out, 0x5a, sizeof out);
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_BAD_STATE);
    const unsigned char *bytes = (const unsigned char *)&out;
    for (size_t i = 0; i < sizeof out; i++) {
        assert_int_equal(bytes[i], 0x5a);
    }
}

static void test_values_out_of_range(void **state)
{
    (void)state;
    static const struct event good = {
        .type = EV_FILE, .at = STORY_START, .id = 20260302000001};
    struct event bad[8];
    struct outcome out;
    for (int i = 0; i < 8; i++) {
        bad[i] = good;
    }
    bad[0].id = 0;
    bad[1].category = 1;
    bad[2].urgency = -1;
    bad[3].channel = 1;
    bad[4].at = INSTANT_NONE;
    bad[5].type = EV_COUNT;
    bad[6].has_limit = true; /* zero days are no limit */
    bad[7].at = INSTANT_MAX + 1;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(ticket_step(&w.rules, &w.ticket, &bad[i], &out),
                         ERR_BAD_PARAM);
    }
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &good, &out), OK);
    struct event early = {.type = EV_NOTE, .at = STORY_START};
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &early, &out),
                     ERR_BAD_STATE); /* nothing is filed */
}

static void test_values_of_a_dispatch(void **state)
{
    (void)state;
    PLAY("file");
    static const struct event good = {
        .type = EV_DISPATCH, .at = STORY_START + HOUR, .unit = 10};
    struct event bad[3] = {good, good, good};
    bad[0].unit = 0;
    bad[1].kind = (enum dispatch_kind)(DISPATCH_CO + 1);
    bad[2].has_limit = true;
    bad[2].limit = (struct limit){.n = 0, .unit = LIMIT_H};
    struct outcome out;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ticket_step(&w.rules, &w.ticket, &bad[i], &out),
                         ERR_BAD_PARAM);
    }
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &good, &out), OK);
}

/* Near the end of what the calendar knows a limit, the bound on it, or a clock
 * may lie past it: refused, and nothing moves. */
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stories),
        TEST(test_a_stop_at_the_due_second_is_kept),
        TEST(test_a_second_later_is_late),
        TEST(test_a_day_limit_is_late_at_midnight),
        TEST(test_the_return_counts_up_to_the_asking),
        TEST(test_a_return_asked_late_by_the_unit_is_late),
        TEST(test_a_refused_return_gives_no_credit),
        TEST(test_a_new_lead_gets_a_fresh_budget),
        TEST(test_each_clock_names_who_promised),
        TEST(test_the_first_own_due_is_the_overall_one),
        TEST(test_an_own_length_is_not_the_overall_one),
        TEST(test_a_limit_of_the_bound_is_within_it),
        TEST(test_import_may_set_no_limit),
        TEST(test_a_score_is_kept),
        TEST(test_the_last_round_has_no_next),
        TEST(test_only_what_is_open_is_needed),
        TEST(test_refusals_write_nothing),
        TEST(test_values_out_of_range),
        TEST(test_values_of_a_dispatch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
