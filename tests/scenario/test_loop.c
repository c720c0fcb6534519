/* The closed loop through the handlers: file to archive, bounces, co-handlers,
 * bad scores, silence, refusals by role and relation. Dues are worked out by
 * hand from the calendar of November 2026 (no holidays; 2 November is a Monday)
 * and the default regulation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

static char number[TICKET_TEXT_SIZE];

static void keep_number(struct world *w)
{
    snprintf(number, sizeof number, "%s", world_text(w, "number"));
}

static void file(struct world *w, const char *as)
{
    world_do(w, as, "ticket.file",
             "{'title':'贷款续贷','text':'请协调','category':'financing'}");
    keep_number(w);
}

static void move(struct world *w, const char *as, const char *method,
                 const char *more)
{
    world_dof(w, as, method, "{'ticket':'%s'%s}", number, more);
}

static enum err attempt(struct world *w, const char *as, const char *method,
                        const char *more)
{
    char params[1024];
    snprintf(params, sizeof params, "{'ticket':'%s'%s}", number, more);
    return world_try(w, as, method, params);
}

static void expect_state(struct world *w, const char *state)
{
    move(w, "sup", "ticket.show", "");
    assert_string_equal(world_text(w, "state"), state);
}

static void dispatch(struct world *w, const char *unit, const char *more)
{
    char params[256];
    snprintf(params, sizeof params, ",'unit':'%s','measure':'现场协调'%s", unit,
             more);
    move(w, "dp", "ticket.dispatch", params);
}

static void begin(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    file(w, "qy1");
}

/* -- the loop ----------------------------------------------------------------
 */

static void test_whole_loop(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_string_equal(number, "20261102-001");
    assert_string_equal(world_text(&w, "state"), "filed");
    assert_string_equal(world_text(&w, "clock"), "triage");
    world_sleep(&w, "2026-11-02T09:30:00+08:00");
    dispatch(&w, "a", ",'limit':'5wd'");
    assert_string_equal(world_text(&w, "state"), "dispatched");
    assert_string_equal(world_text(&w, "due"), "2026-11-10T00:00:00+08:00");
    world_sleep(&w, "2026-11-02T10:00:00+08:00");
    move(&w, "a1", "ticket.accept", "");
    assert_string_equal(world_text(&w, "state"), "handling");
    move(&w, "a2", "ticket.contact", ",'text':'已电话联系'");
    move(&w, "a2", "ticket.answer", ",'public':'正在办理'");
    move(&w, "zdy", "ticket.note", ",'text':'已陪同走访'");
    world_sleep(&w, "2026-11-05T10:00:00+08:00");
    move(&w, "a2", "ticket.resolve", ",'public':'已办结','internal':'存档'");
    assert_string_equal(world_text(&w, "state"), "resolved");
    move(&w, "qy1", "ticket.evaluate", ",'score':5,'solved':true");
    assert_string_equal(world_text(&w, "state"), "resolved");
    move(&w, "dp", "ticket.archive", "");
    assert_string_equal(world_text(&w, "state"), "archived");

    move(&w, "sup", "ticket.show", "");
    static const char *const events[] = {"file",    "dispatch", "accept",
                                         "contact", "answer",   "note",
                                         "resolve", "evaluate", "archive"};
    static const char *const units[] = {"甲船厂", "船舶党委", "a局",
                                        "a局",    "a局",      "guide",
                                        "a局",    "甲船厂",   "船舶党委"};
    assert_int_equal(json_array_size(world_rows(&w, "timeline")), 9);
    for (size_t i = 0; i < 9; i++) {
        assert_string_equal(world_cell(&w, "timeline", i, "event"), events[i]);
        assert_string_equal(world_cell(&w, "timeline", i, "unit"), units[i]);
    }
    assert_string_equal(world_cell(&w, "timeline", 1, "text"), "现场协调");
    assert_string_equal(world_cell(&w, "timeline", 1, "to"), "a局");
    assert_string_equal(world_cell(&w, "timeline", 1, "kind"), "lead");
    assert_string_equal(world_cell(&w, "timeline", 2, "to"), "");
    assert_string_equal(world_cell(&w, "timeline", 6, "text"), "已办结");
    assert_string_equal(world_cell(&w, "timeline", 6, "internal"), "存档");
    assert_string_equal(world_cell(&w, "dispatches", 0, "state"), "done");
    json_t *first = json_object_get(w.result, "first_response");
    assert_int_equal(json_integer_value(json_object_get(first, "minutes")), 60);
    for (size_t i = 0; i < json_array_size(world_rows(&w, "clocks")); i++) {
        assert_string_equal(world_cell(&w, "clocks", i, "verdict"), "kept");
    }
    assert_int_equal(world_int(&w, "score"), 5);
    assert_int_equal(world_cell_int(&w, "timeline", 7, "score"), 5);
    /* the enterprise reads the public side only */
    move(&w, "qy1", "ticket.show", "");
    assert_string_equal(world_cell(&w, "timeline", 6, "internal"), "");
    assert_string_equal(world_cell(&w, "timeline", 5, "internal"), "");
    assert_string_equal(world_cell(&w, "timeline", 6, "text"), "已办结");
    /* the unit is not told who evaluated, nor how */
    move(&w, "a1", "ticket.show", "");
    assert_true(json_is_null(json_object_get(w.result, "score")));
    assert_string_equal(world_cell(&w, "timeline", 7, "score"), "");
    assert_string_equal(world_cell(&w, "timeline", 7, "who"), "");
    assert_string_equal(world_cell(&w, "timeline", 7, "unit"), "");
    assert_string_equal(world_cell(&w, "timeline", 6, "who"), "张三");
    world_close(&w);
}

static void test_return_ping_pong(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    move(&w, "a1", "ticket.return", ",'reason':'非本局职责'");
    assert_string_equal(world_text(&w, "state"), "dispatched");
    assert_int_equal(attempt(&w, "dp", "ticket.decide", ",'grant':true"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "fault");
    move(&w, "dp", "ticket.decide", ",'grant':true,'fault':'dispatcher'");
    assert_string_equal(world_text(&w, "state"), "filed");
    /* what one cannot see does not exist, byte for byte */
    assert_int_equal(attempt(&w, "b1", "ticket.accept", ""), ERR_NOT_FOUND);
    struct problem hidden = w.problem;
    assert_int_equal(
        world_try(&w, "b1", "ticket.accept", "{'ticket':'20261102-999'}"),
        ERR_NOT_FOUND);
    assert_memory_equal(&hidden, &w.problem, sizeof hidden);
    /* a past handler may still read, but has no dispatch any more */
    move(&w, "a1", "ticket.show", "");
    assert_int_equal(attempt(&w, "a1", "ticket.accept", ""), ERR_BAD_STATE);
    dispatch(&w, "b", "");
    assert_int_equal(world_int(&w, "dispatch"), 2);
    move(&w, "b1", "ticket.return", ",'reason':'也不是'");
    move(&w, "dp", "ticket.decide", ",'grant':false,'reason':'就是你局'");
    assert_string_equal(world_text(&w, "state"), "dispatched");
    assert_int_equal(attempt(&w, "b1", "ticket.return", ",'reason':'再退'"),
                     ERR_BAD_STATE);
    move(&w, "b1", "ticket.accept", "");
    move(&w, "b1", "ticket.resolve", ",'public':'好了'");
    move(&w, "sup", "ticket.show", "");
    assert_string_equal(world_cell(&w, "dispatches", 0, "state"), "returned");
    assert_int_equal(world_int(&w, "returns"), 1);
    /* by the dispatcher's fault its hours are the dispatcher's */
    assert_string_equal(world_cell(&w, "units", 0, "unit"), "船舶党委");
    world_close(&w);
}

static void test_co_blocks_and_bad_score(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    move(&w, "a1", "ticket.accept", "");
    dispatch(&w, "b", ",'kind':'co'");
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch",
                             ",'unit':'b','kind':'co','measure':'x'"),
                     ERR_EXISTS);
    assert_int_equal(attempt(&w, "a1", "ticket.resolve", ",'public':'好'"),
                     ERR_BLOCKED);
    move(&w, "b2", "ticket.accept", "");
    move(&w, "b2", "ticket.resolve", ",'internal':'协办完成'");
    assert_string_equal(world_text(&w, "state"), "handling");
    assert_int_equal(attempt(&w, "a1", "ticket.resolve", ""), ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "public");
    move(&w, "a1", "ticket.resolve", ",'public':'好'");
    assert_string_equal(world_text(&w, "state"), "resolved");
    move(&w, "qy1", "ticket.evaluate",
         ",'score':1,'solved':false,'text':'没有解决'");
    assert_string_equal(world_text(&w, "state"), "handling");
    assert_string_equal(world_text(&w, "clock"), "rework");
    assert_int_equal(
        attempt(&w, "qy1", "ticket.evaluate", ",'score':5,'solved':true"),
        ERR_BAD_STATE);
    /* the supervisor was told */
    world_do(&w, "sup", "notice.list", "{'to':'sup'}");
    assert_int_equal(json_array_size(world_rows(&w, "notices")), 1);
    assert_string_equal(world_cell(&w, "notices", 0, "event"), "evaluate");
    move(&w, "a1", "ticket.resolve", ",'public':'这次好了'");
    move(&w, "qy1", "ticket.evaluate", ",'score':4,'solved':true");
    move(&w, "dp", "ticket.archive", "");
    move(&w, "sup", "ticket.show", "");
    assert_int_equal(world_int(&w, "round"), 2);
    assert_int_equal(world_int(&w, "score"), 4);
    world_close(&w);
}

/* A record names only what changes, and the second 1 changes nothing. */
static void test_same_score_twice(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    move(&w, "a1", "ticket.accept", "");
    for (int round = 1; round <= 2; round++) {
        move(&w, "a1", "ticket.resolve", ",'public':'好'");
        move(&w, "qy1", "ticket.evaluate", ",'score':1,'solved':false");
    }
    move(&w, "sup", "ticket.show", "");
    size_t n = json_array_size(world_rows(&w, "timeline"));
    assert_int_equal(n, 7);
    assert_string_equal(world_cell(&w, "timeline", 4, "event"), "evaluate");
    assert_int_equal(world_cell_int(&w, "timeline", 4, "score"), 1);
    assert_string_equal(world_cell(&w, "timeline", 6, "event"), "evaluate");
    assert_int_equal(world_cell_int(&w, "timeline", 6, "score"), 1);
    world_close(&w);
}

/* evaluate 5wd, archive 5wd: resolved on Monday the 2nd, silent from the 10th,
 * archived 5 working days after, on the 18th. */
static void test_silence_and_archive_by_clock(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.resolve", ",'public':'好'");
    world_at(&w, "2026-11-09T23:59:59+08:00");
    expect_state(&w, "resolved");
    assert_int_equal(attempt(&w, "dp", "ticket.archive", ""), ERR_BAD_STATE);
    world_at(&w, "2026-11-10T00:00:00+08:00");
    move(&w, "sup", "ticket.show", "");
    size_t last = json_array_size(world_rows(&w, "timeline")) - 1;
    assert_string_equal(world_cell(&w, "timeline", last, "event"), "silence");
    assert_string_equal(world_cell(&w, "timeline", last, "who"), "clock");
    world_at(&w, "2026-11-17T23:59:59+08:00");
    expect_state(&w, "resolved");
    world_at(&w, "2026-11-18T00:00:00+08:00");
    expect_state(&w, "archived");
    world_close(&w);
}

/* -- escalations -------------------------------------------------------------
 */

/* Of what was promised before. A supervision order (clock kind 2) that is given
 * late has its reply clock from then on, and that one's steps come later. */
static int64_t escalations(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM escalation e JOIN clock c"
                          " ON c.ticket = e.ticket AND c.n = e.clock"
                          " AND c.v = 1 WHERE c.kind <> 2");
}

/* The same ticket in a daemon that runs and in one that sleeps ten days and
 * wakes: the same steps, each once. */
static void test_escalations_exactly_once(void **state)
{
    struct world on;
    struct world off;
    (void)state;
    begin(&on);
    dispatch(&on, "a", ",'limit':'5wd'");
    world_at(&on, "2026-11-16T12:00:00+08:00");
    int64_t expected = escalations(&on);
    assert_true(expected > 3);
    assert_int_equal(world_count(&on, "SELECT count(*) FROM escalation"
                                      " WHERE late_s <> 0"),
                     0);
    assert_int_equal(world_fire(&on), 0);

    begin(&off);
    dispatch(&off, "a", ",'limit':'5wd'");
    world_sleep(&off, "2026-11-16T12:00:00+08:00");
    assert_true(world_fire(&off) > 0);
    assert_int_equal(escalations(&off), expected);
    assert_int_equal(world_fire(&off), 0);
    assert_int_equal(escalations(&off), expected);
    assert_true(world_count(&off, "SELECT min(late_s) FROM escalation") > 0);
    /* it never changes a state */
    move(&off, "sup", "ticket.show", "");
    assert_string_equal(world_text(&off, "state"), "dispatched");
    assert_string_equal(world_text(&off, "light"), "red");
    assert_int_equal(json_array_size(world_rows(&off, "escalations")),
                     expected);
    world_close(&on);
    world_close(&off);
}

/* -- who may what ------------------------------------------------------------
 */

static void test_refusals(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_int_equal(world_try(&w, "nobody", "ticket.list", "{}"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "as");
    /* the operator registers and imports, but moves no ticket */
    assert_int_equal(attempt(&w, NULL, "ticket.archive", ""), ERR_FORBIDDEN);
    assert_int_equal(attempt(&w, "qy1", "ticket.dispatch", ",'unit':'a'"),
                     ERR_FORBIDDEN);
    assert_int_equal(
        attempt(&w, "zd", "ticket.dispatch", ",'unit':'a','measure':'x'"),
        ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch", ",'unit':'a'"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "measure");
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch",
                             ",'unit':'a','measure':'x','limit':'none'"),
                     ERR_BAD_PARAM);
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch",
                             ",'unit':'a','measure':'x','limit':'900wd'"),
                     ERR_OUT_OF_BOUNDS);
    assert_string_equal(w.problem.param, "limit");
    assert_int_equal(
        attempt(&w, "dp", "ticket.dispatch", ",'unit':'" E2 "','measure':'x'"),
        ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "qy2", "ticket.withdraw", ""), ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "qy2", "ticket.show", ""), ERR_NOT_FOUND);
    assert_int_equal(world_try(&w, "qy1", "ticket.file",
                               "{'title':'x','category':'consult',"
                               "'enterprise':'" E2 "'}"),
                     ERR_NOT_FOUND);
    assert_int_equal(world_try(&w, "qy1", "ticket.file",
                               "{'title':'x','category':'nonsense'}"),
                     ERR_BAD_PARAM);
    assert_non_null(strstr(w.problem.expected, "|land|"));
    assert_int_equal(world_try(&w, "qy1", "ticket.file",
                               "{'title':'x','category':'land','urgency':'x'}"),
                     ERR_BAD_PARAM);
    assert_non_null(strstr(w.problem.expected, ": normal|urgent|critical"));
    int64_t before = world_count(&w, "SELECT max(seq) FROM journal");
    assert_int_equal(attempt(&w, "sup", "ticket.rework", ",'reason':'x'"),
                     ERR_BAD_STATE);
    assert_int_equal(world_count(&w, "SELECT max(seq) FROM journal"), before);
    move(&w, "zdy", "ticket.withdraw", ",'reason':'已解决'");
    assert_string_equal(world_text(&w, "state"), "withdrawn");
    world_close(&w);
}

/* Each sees their own in the list; the newest stand first; pages join up. */
static void test_lists_and_scope(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    for (int i = 0; i < 4; i++) {
        file(&w, "qy1");
    }
    dispatch(&w, "a", "");
    world_do(&w, "qy2", "ticket.file", "{'title':'水管','category':'other'}");
    static const struct {
        const char *as;
        size_t rows;
    } sees[] = {{"sup", 6}, {"qy1", 5}, {"qy2", 1}, {"zdy", 5}, {"dp", 5},
                {"zd", 1},  {"a1", 1},  {"b1", 0},  {NULL, 6}};
    for (size_t i = 0; i < sizeof sees / sizeof sees[0]; i++) {
        world_do(&w, sees[i].as, "ticket.list", "{}");
        assert_int_equal(json_array_size(world_rows(&w, "tickets")),
                         sees[i].rows);
    }
    char seen[8][TICKET_TEXT_SIZE];
    size_t n = 0;
    world_do(&w, "sup", "ticket.list", "{'limit':4}");
    for (;;) {
        size_t rows = json_array_size(world_rows(&w, "tickets"));
        for (size_t i = 0; i < rows; i++) {
            snprintf(seen[n++], TICKET_TEXT_SIZE, "%s",
                     world_cell(&w, "tickets", i, "number"));
        }
        if (world_text(&w, "next")[0] == '\0') {
            break;
        }
        world_dof(&w, "sup", "ticket.list", "{'limit':4,'after':'%s'}",
                  world_text(&w, "next"));
    }
    assert_int_equal(n, 6);
    for (size_t i = 0; i < 6; i++) {
        char expected[TICKET_TEXT_SIZE];
        snprintf(expected, sizeof expected, "20261102-00%zu", 6 - i);
        assert_string_equal(seen[i], expected);
    }
    world_do(&w, "sup", "ticket.list", "{'unit':'a'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "unit"), "a局");
    assert_string_equal(world_cell(&w, "tickets", 0, "state"), "dispatched");
    world_do(&w, "sup", "ticket.list", "{'state':'filed','chain':'boat'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 4);
    world_do(&w, "sup", "ticket.list", "{'category':'other'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    world_do(&w, "sup", "ticket.list", "{'category':'complex'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 0);
    assert_int_equal(world_try(&w, "sup", "ticket.list", "{'category':'othr'}"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "category");
    world_close(&w);
}

/* Dues on three days; a ticket late with two units stands once. */
static void test_overdue_list(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'3wd'");
    move(&w, "a1", "ticket.accept", "");
    dispatch(&w, "b", ",'kind':'co','limit':'1wd'");
    file(&w, "qy1");
    dispatch(&w, "a", ",'limit':'2wd'");
    file(&w, "qy1");
    dispatch(&w, "c", ",'limit':'9wd'");
    world_at(&w, "2026-11-06T12:00:00+08:00");
    world_do(&w, "sup", "ticket.list", "{'overdue':true}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 2);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-001");
    assert_string_equal(world_cell(&w, "tickets", 0, "due"),
                        "2026-11-04T00:00:00+08:00");
    assert_string_equal(world_cell(&w, "tickets", 1, "number"), "20261102-002");
    world_do(&w, "sup", "ticket.list", "{'overdue':true,'unit':'a','limit':1}");
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-002");
    world_dof(&w, "sup", "ticket.list",
              "{'overdue':true,'unit':'a','limit':1,'after':'%s'}",
              world_text(&w, "next"));
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-001");
    assert_string_equal(world_cell(&w, "tickets", 0, "light"), "red");
    assert_string_equal(world_text(&w, "next"), "");
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_loop),
        cmocka_unit_test(test_return_ping_pong),
        cmocka_unit_test(test_co_blocks_and_bad_score),
        cmocka_unit_test(test_same_score_twice),
        cmocka_unit_test(test_silence_and_archive_by_clock),
        cmocka_unit_test(test_escalations_exactly_once),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_lists_and_scope),
        cmocka_unit_test(test_overdue_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
