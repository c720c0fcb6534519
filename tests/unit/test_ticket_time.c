/* The step and time: deadlines that come late or twice, escalation, silence,
 * pauses, and where there is no more room or no more calendar. */
#include "unit/ticket_world.h"

static void test_a_review_credits_its_time(void **state)
{
    (void)state;
    w.regulation->review = true;
    PLAY("file", "dispatch u=10", "accept");
    instant due = clock_of(CLOCK_FINISH, 1)->due.at;
    PLAY("+9h resolve");
    instant resolved = w.now;
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->run, CLOCK_PAUSED);
    PLAY("+30h review_fail");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, due + 30 * HOUR);
    assert_int_equal(ticket_dispatch(&w.ticket, 1)->done, INSTANT_NONE);
    PLAY("resolve", "+30h review_pass");
    /* finished when the unit resolved, not when the review had passed */
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->stop, resolved + 31 * HOUR);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->verdict, VERDICT_KEPT);
    assert_int_equal(clock_of(CLOCK_OVERALL, 0)->stop, resolved + 31 * HOUR);
}

static void test_a_pause_does_not_repeat_what_fired(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "answer");
    PLAY("clock"); /* finish, half used */
    assert_int_equal(w.out.does, STEP_TELL_HANDLER);
    PLAY("suspend", "+50h resume");
    const struct clock *c = clock_of(CLOCK_FINISH, 1);
    assert_int_equal(c->next_step, 1);
    assert_int_equal(c->next, c->due.at + 1);
    assert_int_equal(c->due.at, STORY_START + 2 * HOUR + (48 + 50) * HOUR);
}

static void test_a_deadline_late_or_twice(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "answer");
    int32_t n = 0;
    instant due = ticket_next(&w.ticket, &n);
    assert_int_equal(due, STORY_START + (2 + 24) * HOUR);
    struct event ev = ticket_next_event(&w.ticket, n);
    assert_int_equal(ev.type, EV_ESCALATE);
    assert_int_equal(ev.at, due);
    assert_false(ev.imported);
    /* what is asked for late is asked for after what has happened since */
    struct ticket since = w.ticket;
    since.last = due + 7;
    since.flags |= TICKET_IMPORTED;
    assert_int_equal(ticket_next_event(&since, n).at, due + 7);
    assert_true(ticket_next_event(&since, n).imported);
    ev.at = due - 1;
    struct outcome out;
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_BAD_STATE);
    ev.at = due + 500;
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out), OK);
    assert_int_equal(out.fired_late, 500);
    assert_int_equal(out.does, STEP_TELL_HANDLER);
    assert_int_equal(out.dispatch, 1);
    assert_int_equal(out.after.state, TICKET_HANDLING);
    struct outcome again;
    assert_int_equal(ticket_step(&w.rules, &out.after, &ev, &again),
                     ERR_BAD_STATE);
}

static void test_the_agenda_is_marked(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "accept", "answer", "clock", "clock",
         "clock");
    assert_int_equal(w.out.does, STEP_TELL_SUPERVISOR);
    assert_int_equal(w.ticket.flags & TICKET_AGENDA, 0);
    PLAY("clock");
    assert_int_equal(w.out.does, STEP_AGENDA);
    assert_true((w.ticket.flags & TICKET_AGENDA) != 0);
}

/* Each beat comes an hour after the one before; the file at STORY_START + 1 h.
 */
static void test_the_moments_of_a_dispatch(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "return_ask", "return_refuse", "accept");
    const struct dispatch *d = ticket_dispatch(&w.ticket, 1);
    assert_int_equal(d->sent, STORY_START + 2 * HOUR);
    assert_int_equal(d->asked, STORY_START + 3 * HOUR);
    assert_int_equal(d->decided, STORY_START + 4 * HOUR);
    assert_int_equal(d->accepted, STORY_START + 5 * HOUR);
    assert_int_equal(d->done, INSTANT_NONE);
    assert_int_equal(d->fault, FAULT_NONE);
    PLAY("transfer u=11");
    assert_int_equal(w.out.dispatch, 2); /* the one that was made */
    PLAY("return_ask", "return_grant fault=unit");
    d = ticket_dispatch(&w.ticket, 2);
    assert_int_equal(d->sent, STORY_START + 6 * HOUR);
    assert_int_equal(d->accepted, INSTANT_NONE);
    assert_int_equal(d->asked, STORY_START + 7 * HOUR);
    assert_int_equal(d->decided, STORY_START + 8 * HOUR);
    assert_int_equal(d->fault, FAULT_UNIT);
    PLAY("dispatch u=12", "accept", "resolve");
    d = ticket_dispatch(&w.ticket, 3);
    assert_int_equal(d->done, STORY_START + 11 * HOUR);
    PLAY("evaluate score=1");
    d = ticket_dispatch(&w.ticket, 3);
    assert_int_equal(d->done, INSTANT_NONE); /* reopened */
    assert_int_equal(d->accepted, STORY_START + 10 * HOUR);
    assert_int_equal(d->round, 2);
}

static void expect_flags(uint32_t flags)
{
    assert_int_equal(w.ticket.flags, flags);
}

static void test_what_the_enterprise_has_heard(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "dispatch co u=20", "accept", "accept d=2",
         "resolve d=2");
    expect_flags(0); /* a co unit reports to the lead */
    PLAY("contact");
    expect_flags(TICKET_CONTACTED);
    PLAY("answer");
    expect_flags(TICKET_CONTACTED | TICKET_ANSWERED);

    story_done(&w);
    story_init(&w, calendar);
    struct event ev = {.type = EV_FILE,
                       .at = STORY_START,
                       .id = 20260302000001,
                       .confidential = true};
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &w.out), OK);
    w.ticket = w.out.after;
    expect_flags(TICKET_CONFIDENTIAL);
    PLAY("dispatch u=10", "accept", "resolve");
    expect_flags(TICKET_CONFIDENTIAL | TICKET_CONTACTED | TICKET_ANSWERED);
}

static bool on_the_agenda(void)
{
    return (w.ticket.flags & TICKET_AGENDA) != 0;
}

/* The second granted return, or the third round; a co's return is none. */
static void test_what_is_stuck_is_for_the_meeting(void **state)
{
    (void)state;
    PLAY("file", "dispatch u=10", "dispatch co u=20", "return_ask d=2",
         "return_grant d=2 fault=unit", "return_ask d=1",
         "return_grant d=1 fault=unit", "dispatch u=11", "return_ask",
         "return_refuse");
    assert_int_equal(w.ticket.returns, 1);
    assert_false(on_the_agenda());
    PLAY("accept d=3", "transfer u=12", "return_ask",
         "return_grant d=4 fault=dispatcher");
    assert_true(on_the_agenda());

    story_done(&w);
    story_init(&w, calendar);
    PLAY("file", "dispatch u=10", "accept", "resolve", "evaluate score=1",
         "resolve");
    assert_int_equal(w.ticket.round, 2);
    assert_false(on_the_agenda());
    PLAY("rework");
    assert_true(on_the_agenda());
}

static void test_who_is_told_of_a_step(void **state)
{
    (void)state;
    w.regulation->steps[1].does = STEP_SUPERVISE;
    w.regulation->steps[0].does = STEP_URGE;
    PLAY("file", "dispatch u=10", "accept", "answer", "clock");
    assert_int_equal(w.out.tell, TELL_UNIT);
    PLAY("clock"); /* overall */
    assert_int_equal(w.out.tell, TELL_LEAD);
    PLAY("clock");
    assert_int_equal(w.out.tell, TELL_SUPERVISOR | TELL_UNIT);
}

static void test_yellow_is_a_step_too(void **state)
{
    (void)state;
    w.regulation->steps[0] = (struct step){
        .clocks = CLOCK_BIT(CLOCK_FINISH), .when = STEP_YELLOW, .does = 0};
    w.regulation->n_steps = 1;
    PLAY("file", "dispatch u=10");
    const struct clock *c = clock_of(CLOCK_FINISH, 1);
    assert_int_equal(c->next, c->yellow);
    /* a third of 48 h is left after 32 */
    assert_int_equal(c->yellow, w.now + 32 * HOUR);
}

static void test_silence_comes_only_when_due(void **state)
{
    (void)state;
    w.regulation->n_steps = 0;
    PLAY("file", "dispatch u=10", "accept", "resolve");
    int32_t n = 0;
    instant due = ticket_next(&w.ticket, &n);
    assert_int_equal(due, w.now + 72 * HOUR + 1);
    struct event ev = ticket_next_event(&w.ticket, n);
    assert_int_equal(ev.type, EV_SILENCE);
    struct outcome out;
    ev.at = due - 1;
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_BAD_STATE);
    ev.at = due;
    ev.clock = 1; /* not the clock that asks */
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_BAD_STATE);
    PLAY("clock");
    assert_true((w.ticket.flags & TICKET_SILENT) != 0);
    /* the archive clock of an earlier round may not close a later one */
    ev = ticket_next_event(&w.ticket, n + 1);
    assert_int_equal(ev.type, EV_ARCHIVE);
    PLAY("evaluate score=1", "resolve", "evaluate score=5");
    ev.at = w.now + 900 * HOUR;
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_BAD_STATE);
}

static void test_room_for_dispatches_and_clocks(void **state)
{
    (void)state;
    char beat[32];
    PLAY("file", "dispatch u=10", "accept");
    enum err err = OK;
    int made = 1;
    for (; err == OK && made < 100; made++) {
        snprintf(beat, sizeof beat, "+0h dispatch co u=%d", 20 + made);
        err = story_do(&w, beat);
        if (err == OK) {
            snprintf(beat, sizeof beat, "+0h accept d=%d", made + 1);
            PLAY(beat);
        }
    }
    assert_int_equal(err, ERR_LIMIT);
    assert_int_equal(w.ticket.n_dispatches, DISPATCHES_MAX);
    PLAY("resolve d=2"); /* an ended one makes room */
    PLAY("dispatch co u=500");
}

static void test_room_for_clocks(void **state)
{
    (void)state;
    char beat[32];
    PLAY("file", "dispatch u=10");
    enum err err = OK;
    for (int i = 0; err == OK && i < 100; i++) {
        snprintf(beat, sizeof beat, "+0h dispatch co u=%d", 20 + i);
        err = story_do(&w, beat);
    }
    assert_int_equal(err, ERR_LIMIT);
    assert_true(w.ticket.n_clocks > CLOCKS_MAX - 2);
    assert_true(ticket_ok(&w.ticket));
}

static void test_the_calendar_ends_for_a_limit(void **state)
{
    (void)state;
    w.now = INSTANT_MAX - 30 * HOUR;
    for (int kind = 0; kind < CLOCK_KIND_COUNT; kind++) {
        w.regulation->limits[kind][0][0].n = 1;
    }
    PLAY("file");
    assert_int_equal(story_do(&w, "dispatch u=10 limit=40h"),
                     ERR_OUT_OF_BOUNDS);
    assert_int_equal(story_do(&w, "dispatch u=10 limit=2h"),
                     ERR_OUT_OF_BOUNDS); /* the bound of 100 h is past it */
    w.regulation->bounds.finish_max.n = 3;
    PLAY("dispatch u=10 limit=2h");
    w.regulation->limits[CLOCK_RETURN][0][0].n = 90;
    assert_int_equal(story_do(&w, "return_ask"), ERR_OUT_OF_BOUNDS);
    w.regulation->limits[CLOCK_REWORK][0][0].n = 90;
    PLAY("accept", "resolve");
    assert_int_equal(story_do(&w, "rework"), ERR_OUT_OF_BOUNDS);
    assert_int_equal(w.ticket.state, TICKET_RESOLVED);
    assert_int_equal(w.ticket.round, 1);
}

static void test_the_calendar_ends_for_a_pause(void **state)
{
    (void)state;
    w.now = INSTANT_MAX - 300 * HOUR;
    PLAY("file", "dispatch u=10", "accept", "suspend limit=9h");
    w.now = INSTANT_MAX - 20 * HOUR;
    assert_int_equal(story_do(&w, "+0h resume"), ERR_OUT_OF_BOUNDS);
    assert_int_equal(w.ticket.state, TICKET_SUSPENDED);
}

/* Due at its very start leaves no time at all: only history may say that. */
static void test_a_due_at_the_start(void **state)
{
    (void)state;
    PLAY("file"); /* at 09:00 */
    assert_int_equal(
        story_do(&w, "+0h dispatch u=10 limit=2026-03-02T10:00:00+08:00"),
        ERR_OUT_OF_BOUNDS);
    PLAY("+0h dispatch u=10 imported limit=2026-03-02T10:00:00+08:00");
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->due.at, w.now);
    assert_int_equal(clock_of(CLOCK_FINISH, 1)->yellow, w.now);
}

static void test_the_limit_of_a_suspension(void **state)
{
    char line[80];
    char text[INSTANT_TEXT_SIZE];
    (void)state;
    PLAY("file", "dispatch u=10", "accept");
    assert_int_equal(story_do(&w, "suspend limit=2026-03-02T09:00:00+08:00"),
                     ERR_OUT_OF_BOUNDS);
    snprintf(line, sizeof line, "+0h suspend limit=%s",
             instant_format(w.now + 366 * 24 * HOUR + 1, text));
    assert_int_equal(story_do(&w, line), ERR_OUT_OF_BOUNDS);
    snprintf(line, sizeof line, "+0h suspend limit=%s",
             instant_format(w.now + 366 * 24 * HOUR, text));
    assert_int_equal(story_do(&w, line), OK);
    PLAY("resume");
    assert_int_equal(story_do(&w, "suspend limit=2199-01-01T00:00:00+08:00"),
                     ERR_OUT_OF_BOUNDS);
    PLAY("suspend limit=2199-01-01T00:00:00+08:00 imported", "resume");
    PLAY("suspend limit=5000h"); /* the bound is of dispatches */
    assert_int_equal(clock_of(CLOCK_SUSPENSION, 0)->due.at,
                     w.now + 5000 * HOUR);
}

static void test_the_calendar_ends(void **state)
{
    (void)state;
    struct event ev = {
        .type = EV_FILE, .at = INSTANT_MAX, .id = 21991231000001};
    struct outcome out;
    assert_int_equal(ticket_step(&w.rules, &w.ticket, &ev, &out),
                     ERR_OUT_OF_BOUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_review_credits_its_time),
        TEST(test_a_pause_does_not_repeat_what_fired),
        TEST(test_a_deadline_late_or_twice),
        TEST(test_the_agenda_is_marked),
        TEST(test_the_moments_of_a_dispatch),
        TEST(test_what_the_enterprise_has_heard),
        TEST(test_what_is_stuck_is_for_the_meeting),
        TEST(test_who_is_told_of_a_step),
        TEST(test_yellow_is_a_step_too),
        TEST(test_silence_comes_only_when_due),
        TEST(test_room_for_dispatches_and_clocks),
        TEST(test_room_for_clocks),
        TEST(test_the_calendar_ends_for_a_limit),
        TEST(test_the_calendar_ends_for_a_pause),
        TEST(test_a_due_at_the_start),
        TEST(test_the_limit_of_a_suspension),
        TEST(test_the_calendar_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
