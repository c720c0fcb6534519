/* Lights: each colour at the second it begins, for instants and for days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "unit/stories.h"

static struct calendar *calendar;
static struct story_world w;

static int set_up(void **state)
{
    (void)state;
    calendar = malloc(sizeof *calendar);
    if (calendar == NULL) {
        return -1;
    }
    calendar_builtin(calendar);
    story_init(&w, calendar);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    story_done(&w);
    free(calendar);
    return 0;
}

static instant at(const char *text)
{
    instant ret = INSTANT_NONE;
    assert_int_equal(instant_parse(text, strlen(text), true, &ret), OK);
    return ret;
}

/* Due when its limit comes to an end. */
static void start(struct clock *c)
{
    struct due due;
    assert_int_equal(calendar_due(w.rules.calendar,
                                  &w.rules.regulation->worktime, c->start,
                                  c->limit, &due),
                     OK);
    clock_start(&w.rules, c, due);
}

static struct clock started(const char *from, struct limit limit)
{
    struct clock c = {
        .n = 1, .kind = CLOCK_SUPERVISE, .start = at(from), .limit = limit};
    start(&c);
    return c;
}

static void check(const struct clock *c, const char *when, enum light light)
{
    assert_string_equal(light_name(clock_light(c, at(when))),
                        light_name(light));
}

/* 9 natural hours, a third is 3: the lesser of that and 3 working days. */
static void test_hours(void **state)
{
    (void)state;
    struct clock c = started("2026-03-02 09:00", (struct limit){9, LIMIT_H, 0});
    check(&c, "2026-03-02 09:00", LIGHT_GREEN);
    check(&c, "2026-03-02 14:59:59", LIGHT_GREEN);
    check(&c, "2026-03-02 15:00", LIGHT_YELLOW);
    check(&c, "2026-03-02 18:00:00", LIGHT_YELLOW);
    check(&c, "2026-03-02 18:00:01", LIGHT_RED);
}

/* 5 wd from Monday the 2nd: the last day is Monday the 9th. A third of 5 is one
 * whole day, so yellow begins when one is left after the day in progress: on
 * Friday the 6th; red begins with the 10th. */
static void test_days(void **state)
{
    (void)state;
    struct clock c =
        started("2026-03-02 09:00", (struct limit){5, LIMIT_WD, 0});
    check(&c, "2026-03-05 23:59:59", LIGHT_GREEN);
    check(&c, "2026-03-06 00:00", LIGHT_YELLOW);
    check(&c, "2026-03-09 23:59:59", LIGHT_YELLOW);
    check(&c, "2026-03-10 00:00", LIGHT_RED);
}

static void test_no_limit_is_green_for_ever(void **state)
{
    (void)state;
    struct clock c =
        started("2026-03-02 09:00", (struct limit){0, LIMIT_NONE, 0});
    check(&c, "2026-03-02 09:00", LIGHT_GREEN);
    check(&c, "2126-03-02 09:00", LIGHT_GREEN);
    assert_int_equal(clock_red(&c), INSTANT_NONE);
}

/* History may set a due before its start: red at once. */
static void test_a_due_before_the_start(void **state)
{
    (void)state;
    struct limit past = {0, LIMIT_UNTIL, at("2026-03-01 09:00")};
    struct clock c = started("2026-03-02 09:00", past);
    check(&c, "2026-03-02 09:00", LIGHT_RED);
    assert_int_equal(c.yellow, c.start);
    assert_int_equal(c.next, c.start);
}

static void test_paused_and_stopped(void **state)
{
    (void)state;
    struct clock c = started("2026-03-02 09:00", (struct limit){9, LIMIT_H, 0});
    clock_pause(&c, at("2026-03-02 10:00"));
    check(&c, "2026-03-05 10:00", LIGHT_GREY);
    assert_int_equal(clock_resume(&w.rules, &c, at("2026-03-03 10:00")), OK);
    /* eight hours were left: yellow when three are */
    check(&c, "2026-03-03 14:59:59", LIGHT_GREEN);
    check(&c, "2026-03-03 15:00:00", LIGHT_YELLOW);
    check(&c, "2026-03-03 18:00:00", LIGHT_YELLOW);
    check(&c, "2026-03-03 18:00:01", LIGHT_RED);
    clock_stop(&c, at("2026-03-03 11:00"));
    check(&c, "2026-03-05 10:00", LIGHT_NONE);
    assert_int_equal(c.verdict, VERDICT_KEPT);
}

static void test_a_pause_after_red_credits_nothing(void **state)
{
    (void)state;
    struct clock c = started("2026-03-02 09:00", (struct limit){9, LIMIT_H, 0});
    clock_pause(&c, at("2026-03-02 19:00"));
    assert_int_equal(clock_resume(&w.rules, &c, at("2026-03-03 19:00")), OK);
    assert_int_equal(c.due.at, at("2026-03-02 18:00"));
    check(&c, "2026-03-03 19:00", LIGHT_RED);
}

/* What is taken away while it is paused was not late if it was not when the
 * pause began, however long ago that is; and was, if it was. */
static void test_dropped_while_paused(void **state)
{
    (void)state;
    struct limit nine = {9, LIMIT_H, 0};
    struct clock c = started("2026-03-02 09:00", nine);
    clock_pause(&c, at("2026-03-02 18:00"));
    clock_drop(&c, at("2026-03-09 09:00"));
    assert_int_equal(c.verdict, VERDICT_VOID);
    assert_int_equal(c.stop, at("2026-03-02 18:00"));
    c = started("2026-03-02 09:00", nine);
    clock_pause(&c, at("2026-03-02 18:00:01"));
    clock_drop(&c, at("2026-03-09 09:00"));
    assert_int_equal(c.verdict, VERDICT_LATE);
    assert_int_equal(c.stop, at("2026-03-02 18:00:01"));
}

static void test_a_pause_past_the_range_is_refused(void **state)
{
    (void)state;
    struct clock c =
        started("2199-12-20 09:00", (struct limit){48, LIMIT_H, 0});
    clock_pause(&c, at("2199-12-21 09:00"));
    assert_int_equal(clock_resume(&w.rules, &c, at("2199-12-31 20:00")),
                     ERR_OUT_OF_BOUNDS);
}

/* A moment that the calendar does not reach never comes. */
static void test_a_step_past_the_range_never_fires(void **state)
{
    (void)state;
    struct clock c = {.n = 1,
                      .kind = CLOCK_FINISH,
                      .start = at("2199-12-30 09:00"),
                      .limit = {38, LIMIT_H, 0}};
    start(&c);
    clock_fired(&w.rules, &c);
    assert_int_equal(c.next_step, 1);
    clock_fired(&w.rules, &c);
    assert_int_equal(c.next, INSTANT_NONE);
}

static void test_the_worst_light_counts(void **state)
{
    (void)state;
    struct ticket *t = &w.ticket;
    struct limit nine = {9, LIMIT_H, 0};
    struct limit four = {4, LIMIT_H, 0};
    assert_int_equal(ticket_light(t, at("2026-03-02 09:00")), LIGHT_NONE);
    t->clocks[0] = started("2026-03-02 09:00", nine);
    t->clocks[1] = started("2026-03-02 09:00", nine);
    clock_pause(&t->clocks[1], at("2026-03-02 09:00"));
    t->n_clocks = 1;
    assert_int_equal(ticket_light(t, at("2026-03-02 09:00")), LIGHT_GREEN);
    t->n_clocks = 2;
    assert_int_equal(ticket_light(t, at("2026-03-02 09:00")), LIGHT_GREY);
    assert_int_equal(ticket_light(t, at("2026-03-02 15:00")), LIGHT_YELLOW);
    t->clocks[2] = started("2026-03-02 09:00", four);
    t->n_clocks = 3;
    assert_int_equal(ticket_light(t, at("2026-03-02 15:00")), LIGHT_RED);
    clock_stop(&t->clocks[2], at("2026-03-02 15:00"));
    assert_int_equal(ticket_light(t, at("2026-03-02 15:00")), LIGHT_YELLOW);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(light_name(LIGHT_NONE), "none");
    assert_string_equal(light_name(LIGHT_GREEN), "green");
    assert_string_equal(light_name(LIGHT_YELLOW), "yellow");
    assert_string_equal(light_name(LIGHT_RED), "red");
    assert_string_equal(light_name(LIGHT_GREY), "grey");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hours),
        TEST(test_days),
        TEST(test_no_limit_is_green_for_ever),
        TEST(test_a_due_before_the_start),
        TEST(test_paused_and_stopped),
        TEST(test_a_pause_after_red_credits_nothing),
        TEST(test_dropped_while_paused),
        TEST(test_a_pause_past_the_range_is_refused),
        TEST(test_a_step_past_the_range_never_fires),
        TEST(test_the_worst_light_counts),
        TEST(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
