/* The morning digest: who gets one, what it counts, on which days, once. Days
 * and counts are worked out by hand from the calendar of 2026 (2 November is a
 * Monday; 1 to 7 October rest, Saturday 10 October works) and the default
 * regulation (a working day begins at 08:30). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/commands/view/digest.h"
#include "lib/world.h"

/* What the engine does when the timer fires: strides until nothing is due. */
static int morning(struct world *w, const char *now)
{
    int strides = 0;
    bool ran = true;
    world_sleep(w, now);
    while (ran) {
        bool fatal = false;
        assert_int_equal(store_begin(w->writer), OK);
        assert_int_equal(digest_fire(w->writer, w->book, w->now, &ran), OK);
        assert_int_equal(store_commit(w->writer, &fatal), OK);
        strides += ran;
    }
    return strides;
}

static void next_is(struct world *w, const char *text)
{
    char got[INSTANT_TEXT_SIZE];
    instant next = INSTANT_NONE;
    assert_int_equal(digest_next(w->writer, w->book, w->now, &next), OK);
    assert_string_equal(instant_format(next, got), text);
}

static int64_t told(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM digest");
}

/* "todo soon overdue" of the latest digest of a person, "" if there is none. */
static void counts_are(struct world *w, const char *person, const char *want)
{
    char sql[256];
    char got[64] = "";
    struct rows rows;
    snprintf(sql, sizeof sql,
             "SELECT todo || ' ' || soon || ' ' || overdue FROM digest"
             " WHERE person = (SELECT id FROM register WHERE code = '%s')"
             " ORDER BY day DESC LIMIT 1",
             person);
    assert_int_equal(rows_begin_text(w->writer, sql, NULL, 0, &rows), OK);
    if (rows_next(&rows)) {
        snprintf(got, sizeof got, "%s", rows_text(&rows, 0));
    }
    assert_int_equal(rows_end(&rows), OK);
    assert_string_equal(got, want);
}

static void file(struct world *w)
{
    world_do(w, "qy1", "ticket.file", "{'title':'t','category':'financing'}");
}

/* -- days --------------------------------------------------------------------
 */

static void test_once_at_half_past_eight(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T08:00:00+08:00");
    world_county(&w);
    file(&w);
    next_is(&w, "2026-11-02T08:30:00+08:00");
    assert_int_equal(morning(&w, "2026-11-02T08:29:59+08:00"), 0);
    assert_int_equal(morning(&w, "2026-11-02T08:30:00+08:00"), 1);
    /* only the dispatcher has something to do: the triage */
    assert_int_equal(told(&w), 1);
    counts_are(&w, "dp", "1 0 0");
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM journal WHERE record LIKE"
                        " '%\"by\":\"clock\",\"method\":\"clock.digest\"%'"),
        1);
    next_is(&w, "2026-11-03T08:30:00+08:00");
    assert_int_equal(morning(&w, "2026-11-02T17:00:00+08:00"), 0);
    assert_int_equal(told(&w), 1);
    /* who had nothing in the morning is not told in the afternoon */
    world_do(&w, "qy2", "ticket.file", "{'title':'t','category':'financing'}");
    assert_int_equal(morning(&w, "2026-11-02T18:00:00+08:00"), 0);
    counts_are(&w, "zd", "");
    world_close(&w);
}

static void test_holidays_and_make_up_days(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-09-30T10:00:00+08:00");
    world_county(&w);
    file(&w);
    assert_int_equal(morning(&w, "2026-10-01T08:30:00+08:00"), 1);
    assert_int_equal(morning(&w, "2026-10-03T12:00:00+08:00"), 1);
    assert_int_equal(told(&w), 0);
    assert_int_equal(morning(&w, "2026-10-10T08:30:00+08:00"), 1);
    assert_int_equal(told(&w), 1);
    assert_int_equal(morning(&w, "2026-10-11T08:30:00+08:00"), 1);
    assert_int_equal(told(&w), 1);
    world_close(&w);
}

/* Late the same day: once; the days between are not told any more. */
static void test_after_downtime(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T10:00:00+08:00");
    world_county(&w);
    file(&w);
    assert_int_equal(morning(&w, "2026-11-05T16:45:00+08:00"), 1);
    assert_int_equal(told(&w), 1);
    assert_int_equal(world_count(&w, "SELECT day FROM digest"),
                     20762); /* 2026-11-05 */
    assert_int_equal(morning(&w, "2026-11-05T23:59:59+08:00"), 0);
    assert_int_equal(told(&w), 1);
    world_close(&w);
}

/* -- counts ------------------------------------------------------------------
 */

static void dispatch_one(struct world *w, char number[TICKET_TEXT_SIZE])
{
    file(w);
    snprintf(number, TICKET_TEXT_SIZE, "%s", world_text(w, "number"));
    world_dof(w, "dp", "ticket.dispatch",
              "{'ticket':'%s','unit':'a','measure':'m','limit':'5wd'}", number);
}

/* 5 wd from Monday the 2nd: the last day is the 9th, yellow from the 6th on,
 * when one working day is left. */
static void test_lights(void **state)
{
    struct world w;
    char number[TICKET_TEXT_SIZE];
    (void)state;
    world_open(&w, "2026-11-02T10:00:00+08:00");
    world_county(&w);
    dispatch_one(&w, number);
    world_dof(&w, "a1", "ticket.accept", "{'ticket':'%s'}", number);
    morning(&w, "2026-11-05T08:30:00+08:00");
    counts_are(&w, "a1", "1 0 0");
    counts_are(&w, "a2", "1 0 0");
    counts_are(&w, "b1", "");
    counts_are(&w, "dp", "");
    counts_are(&w, "zdy", "");
    morning(&w, "2026-11-06T08:30:00+08:00");
    counts_are(&w, "a1", "1 1 0");
    morning(&w, "2026-11-09T08:30:00+08:00");
    counts_are(&w, "a1", "1 1 0");
    morning(&w, "2026-11-10T08:30:00+08:00");
    counts_are(&w, "a1", "1 0 1");
    /* once it is done there is nothing to tell */
    world_dof(&w, "a1", "ticket.resolve", "{'ticket':'%s','public':'p'}",
              number);
    int64_t before = told(&w);
    morning(&w, "2026-11-11T08:30:00+08:00");
    assert_int_equal(told(&w), before + 2);
    counts_are(&w, "qy1", "1 0 0"); /* who is to evaluate, */
    counts_are(&w, "zdy", "1 0 0"); /* and their guide */
    world_close(&w);
}

/* Assigned work is its handler's and the head's. */
static void test_assigned(void **state)
{
    struct world w;
    char number[TICKET_TEXT_SIZE];
    (void)state;
    world_open(&w, "2026-11-02T10:00:00+08:00");
    world_county(&w);
    world_do(&w, NULL, "person.add",
             "{'code':'a3','name':'n','unit':'a','role':'handler'}");
    dispatch_one(&w, number);
    world_dof(&w, "a1", "ticket.accept", "{'ticket':'%s'}", number);
    world_dof(&w, "a1", "ticket.assign", "{'ticket':'%s','person':'a3'}",
              number);
    morning(&w, "2026-11-03T08:30:00+08:00");
    counts_are(&w, "a1", "1 0 0");
    counts_are(&w, "a2", "");
    counts_are(&w, "a3", "1 0 0");
    world_close(&w);
}

/* Of two tickets that wait for unit a one complains of unit b: of that one
 * nobody of b is told, though they work in a too. The limit to sign, two
 * working hours, is over by Tuesday. */
static void test_complaints(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, NULL, "person.role",
             "{'code':'a2','unit':'b','role':'handler'}");
    file(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'t','category':'land','against':'b'}");
    for (int i = 1; i <= 2; i++) {
        world_dof(&w, "dp", "ticket.dispatch",
                  "{'ticket':'20261102-%03d','unit':'a','measure':'m',"
                  "'limit':'5wd'}",
                  i);
    }
    morning(&w, "2026-11-03T08:30:00+08:00");
    counts_are(&w, "a1", "2 0 2");
    counts_are(&w, "a2", "1 0 1");
    counts_are(&w, "b1", "");
    world_close(&w);
}

/* -- as `mine` counts --------------------------------------------------------
 */

static const char *const everybody[] = {"dp",  "zd",  "zs",  "sup", "a1",
                                        "a2",  "b1",  "b2",  "c1",  "c2",
                                        "qy1", "qy2", "zdy", "ld",  "sub"};

static void on(struct world *w, const char *as, const char *method, int serial,
               const char *more)
{
    world_dof(w, as, method, "{'ticket':'20261102-%03d'%s}", serial, more);
}

static void send(struct world *w, int serial, const char *unit)
{
    char more[160];
    snprintf(more, sizeof more, ",'unit':'%s','measure':'m','limit':'5wd'",
             unit);
    on(w, "dp", "ticket.dispatch", serial, more);
}

static void resolve(struct world *w, int serial)
{
    send(w, serial, "a");
    on(w, "a1", "ticket.accept", serial, "");
    on(w, "a1", "ticket.resolve", serial, ",'public':'p'");
}

/* Sixteen tickets of qy1, each waiting for something else. */
static void every_duty(struct world *w)
{
    for (int i = 1; i <= 16; i++) {
        world_do(w, "qy1", "ticket.file", "{'title':'t','category':'land'}");
    }
    send(w, 2, "a"); /* 1: triage; 2: a signature */
    send(w, 3, "a");
    on(w, "a1", "ticket.accept", 3, "");
    on(w, "a1", "ticket.assign", 3, ",'person':'a2'");
    send(w, 4, "b");
    on(w, "b1", "ticket.accept", 4, "");
    on(w, "dp", "ticket.suspend", 4,
       ",'reason':'x','until':'2026-11-05T09:00:00'"); /* paused */
    send(w, 5, "a");
    on(w, "a1", "ticket.return", 5, ",'reason':'x'");
    send(w, 6, "a");
    on(w, "a1", "ticket.accept", 6, "");
    on(w, "a1", "ticket.extend", 6, ",'limit':'3wd','reason':'x'");
    resolve(w, 7); /* evaluate */
    resolve(w, 8);
    on(w, "qy1", "ticket.evaluate", 8, ",'score':1,'solved':false");
    resolve(w, 9);
    on(w, "qy1", "ticket.evaluate", 9, ",'score':5,'solved':true");
    on(w, "dp", "ticket.decline", 10, ",'reason':'x'");
    on(w, "qy1", "ticket.appeal", 10, ",'reason':'x'");
    resolve(w, 11);
    on(w, "qy1", "ticket.evaluate", 11, ",'score':1,'solved':false");
    on(w, "a1", "ticket.appeal_score", 11, ",'reason':'x'");
    on(w, "dp", "ticket.require", 12, ",'text':'x'");
    send(w, 13, "a");
    on(w, "sup", "ticket.supervise", 13, ",'text':'x'");
    send(w, 14, "b");
    on(w, "dp", "ticket.leaders", 14, ",'sponsor':'ld'");
    on(w, "dp", "ticket.split", 15, ",'title':'t'");
    world_do(w, "dp", "meeting.call",
             "{'title':'x','at':'2026-11-06T14:00:00'}");
    on(w, "dp", "meeting.add", 16, ",'meeting':1");
    world_do(w, "qy2", "ticket.file", "{'title':'t','category':'land'}");
    world_do(w, "zd", "ticket.decline",
             "{'ticket':'20261102-018','reason':'x'}");
    world_do(w, "qy2", "ticket.appeal",
             "{'ticket':'20261102-018','reason':'x'}");
}

static int64_t box_count(struct world *w, const char *box)
{
    for (size_t i = 0; i < json_array_size(world_rows(w, "counts")); i++) {
        if (strcmp(world_cell(w, "counts", i, "box"), box) == 0) {
            return world_cell_int(w, "counts", i, "count");
        }
    }
    fail_msg("no box %s", box);
    return 0;
}

/* What everybody has of a morning is what they are told in it. */
static int64_t as_mine(struct world *w, const char *when)
{
    int64_t todo = 0;
    morning(w, when);
    for (size_t i = 0; i < sizeof everybody / sizeof everybody[0]; i++) {
        char want[64];
        char sql[200];
        world_do(w, everybody[i], "mine", "{}");
        todo += box_count(w, "todo");
        snprintf(want, sizeof want, "%d %d %d", (int)box_count(w, "todo"),
                 (int)box_count(w, "soon"), (int)box_count(w, "overdue"));
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM digest d JOIN register r ON r.id ="
                 " d.person WHERE r.code = '%s' AND d.at = %lld",
                 everybody[i], (long long)w->now);
        assert_int_equal(world_count(w, sql), box_count(w, "todo") > 0);
        if (box_count(w, "todo") > 0) {
            counts_are(w, everybody[i], want);
        }
    }
    return todo;
}

static void test_counts_are_those_of_mine(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T08:40:00+08:00");
    world_county(&w);
    static const char *const more[][3] = {{"zs", "zhb", "dispatcher"},
                                          {"ld", "b", "leader"},
                                          {"sub", "c", "handler"}};
    for (size_t i = 0; i < 3; i++) {
        world_dof(&w, NULL, "person.add",
                  "{'code':'%s','name':'n','unit':'%s','role':'%s'}",
                  more[i][0], more[i][1], more[i][2]);
    }
    world_do(&w, NULL, "office.add", "{'code':'zh2','name':'另一办'}");
    world_do(&w, NULL, "person.role",
             "{'code':'zs','unit':'zh2','role':'dispatcher'}");
    world_do(&w, "a1", "person.delegate", "{'to':'sub'}");
    every_duty(&w);
    assert_true(as_mine(&w, "2026-11-03T08:30:00+08:00") > 30);
    counts_are(&w, "qy1", "2 0 0"); /* 7 to evaluate, 12 to supplement */
    counts_are(&w, "zdy", "2 0 0"); /* their guide */
    counts_are(&w, "sup", "3 0 0"); /* three appeals, one of a score */
    counts_are(&w, "zd", "1 0 0");  /* that against the committee alone */
    counts_are(&w, "zs", "2 0 0");  /* both: of the other office, too */
    assert_true(as_mine(&w, "2026-11-06T08:30:00+08:00") > 30);
    assert_true(as_mine(&w, "2026-11-20T08:30:00+08:00") > 30);
    counts_are(&w, "ld", "1 0 1"); /* whose name is on what is late */
    world_close(&w);
}

/* -- strides and hooks -------------------------------------------------------
 */

/* 451 dispatchers: 200 a stride, one digest each. */
static void test_strides(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T08:00:00+08:00");
    world_county(&w);
    for (int i = 0; i < 450; i++) {
        world_dof(&w, NULL, "person.add",
                  "{'code':'p%d','name':'n','unit':'boatdw','role':"
                  "'dispatcher'}",
                  i);
    }
    file(&w);
    assert_int_equal(morning(&w, "2026-11-02T08:30:00+08:00"), 3);
    assert_int_equal(told(&w), 451);
    assert_int_equal(morning(&w, "2026-11-02T09:00:00+08:00"), 0);
    world_close(&w);
}

/* A webhook for one person gets theirs, one for all gets each. */
static void test_hooks(void **state)
{
    struct world w;
    char number[TICKET_TEXT_SIZE];
    (void)state;
    world_open(&w, "2026-11-02T10:00:00+08:00");
    world_county(&w);
    dispatch_one(&w, number);
    world_do(&w, NULL, "hook.add",
             "{'code':'one','kind':'json','url':'http://h.invalid/',"
             "'to':'a1'}");
    world_do(&w, NULL, "hook.add",
             "{'code':'all','kind':'json','url':'http://h.invalid/'}");
    morning(&w, "2026-11-03T08:30:00+08:00");
    assert_int_equal(told(&w), 2);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM outbox"), 3);
    world_do(&w, NULL, "outbox.list", "{}");
    assert_string_equal(world_cell(&w, "deliveries", 0, "event"), "digest");
    assert_string_equal(world_cell(&w, "deliveries", 0, "to"), "a2");
    assert_string_equal(world_cell(&w, "deliveries", 0, "hook"), "all");
    assert_string_equal(world_cell(&w, "deliveries", 0, "state"), "waiting");
    world_do(&w, NULL, "hook.end", "{'code':'all'}");
    morning(&w, "2026-11-04T08:30:00+08:00");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM outbox"), 4);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once_at_half_past_eight),
        cmocka_unit_test(test_holidays_and_make_up_days),
        cmocka_unit_test(test_after_downtime),
        cmocka_unit_test(test_lights),
        cmocka_unit_test(test_assigned),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_counts_are_those_of_mine),
        cmocka_unit_test(test_strides),
        cmocka_unit_test(test_hooks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
