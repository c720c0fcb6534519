/* The verbs that move time: a supplement that pauses triage, an extension, a
 * suspension, an individual plan, a co-handler's earlier limit. Dues are worked
 * out by hand from the calendar of November 2026 (no holidays; 2 November is a
 * Monday; 08:30-12:00, 14:00-17:30) and the default regulation. */
#include "scenario/moves.h"

/* -- supplement --------------------------------------------------------------
 */

/* Triage is 2wh: filed at 9:00, due at 11:00. Asked at 10:00 an hour is left;
 * given on Wednesday at 15:00 it is due at 16:00. */
static void test_supplement(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    expect_clock(&w, "triage", 0, "2026-11-02T11:00:00+08:00", "open");
    world_at(&w, "2026-11-02T10:00:00+08:00");
    assert_int_equal(attempt(&w, "zd", "ticket.require", ",'text':'合同'"),
                     ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "qy1", "ticket.require", ",'text':'合同'"),
                     ERR_FORBIDDEN);
    move(&w, "dp", "ticket.require", ",'text':'缺贷款合同'");
    assert_string_equal(world_text(&w, "state"), "filed");
    /* the enterprise has 10wd: the 3rd to the 16th */
    assert_string_equal(world_text(&w, "clock"), "supplement");
    assert_string_equal(world_text(&w, "due"), DAY("17"));
    assert_int_equal(told(&w, E1, EV_SUPPLEMENT_ASK), 1);
    assert_int_equal(told(&w, "zdy", EV_SUPPLEMENT_ASK), 1);
    assert_string_equal(last(&w, "qy1", "event"), "supplement_ask");
    assert_string_equal(last(&w, "qy1", "text"), "缺贷款合同");
    world_at(&w, "2026-11-04T15:00:00+08:00");
    show(&w);
    assert_string_equal(clock_cell(&w, "triage", 0, "light"), "grey");
    assert_int_equal(attempt(&w, "qy2", "ticket.supplement", ",'text':'x'"),
                     ERR_NOT_FOUND);
    move(&w, "zdy", "ticket.supplement", ",'text':'合同已附'");
    assert_int_equal(told(&w, "boatdw", EV_SUPPLEMENT_GIVE), 1);
    expect_clock(&w, "triage", 0, "2026-11-04T16:00:00+08:00", "open");
    expect_clock(&w, "supplement", 0, DAY("17"), "kept");
    /* the dispatch was in time */
    world_at(&w, "2026-11-04T15:30:00+08:00");
    dispatch(&w, "a", "");
    expect_clock(&w, "triage", 0, "2026-11-04T16:00:00+08:00", "kept");
    /* unasked, and told to who works on it */
    move(&w, "qy1", "ticket.supplement", ",'text':'再补一份'");
    assert_int_equal(told(&w, "a", EV_SUPPLEMENT_GIVE), 1);
    assert_string_equal(last(&w, "a1", "text"), "再补一份");
    world_close(&w);
}

/* -- extension ---------------------------------------------------------------
 */

/* 5wd from Monday the 2nd: the 3rd to the 9th, due on the 10th at 0:00. Three
 * more: to the 12th, due on the 13th. */
static void test_extension(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'5wd'");
    assert_int_equal(
        attempt(&w, "a1", "ticket.extend", ",'limit':'3wd','reason':'x'"),
        ERR_BAD_STATE);
    assert_non_null(strstr(w.problem.expected, "accepted dispatch"));
    move(&w, "a1", "ticket.accept", "");
    world_at(&w, "2026-11-03T10:00:00+08:00");
    assert_int_equal(
        attempt(&w, "a1", "ticket.extend", ",'limit':'16wd','reason':'x'"),
        ERR_OUT_OF_BOUNDS);
    assert_non_null(strstr(w.problem.expected, "15wd"));
    assert_int_equal(
        attempt(&w, "a1", "ticket.extend", ",'limit':'none','reason':'x'"),
        ERR_BAD_PARAM);
    assert_int_equal(
        attempt(&w, "b1", "ticket.extend", ",'limit':'3wd','reason':'x'"),
        ERR_NOT_FOUND);
    move(&w, "a2", "ticket.extend", ",'limit':'3wd','reason':'等银行'");
    assert_int_equal(told(&w, "boatdw", EV_EXTEND_ASK), 1);
    assert_int_equal(told(&w, E1, EV_EXTEND_ASK), 0);
    show(&w);
    assert_string_equal(world_cell(&w, "dispatches", 0, "extension"), "3wd");
    expect_clock(&w, "extension", 1, DAY("05"), "open");
    expect_clock(&w, "finish", 1, DAY("10"), "open");
    assert_int_equal(
        attempt(&w, "a1", "ticket.extend", ",'limit':'1wd','reason':'x'"),
        ERR_EXISTS);
    assert_string_equal(last(&w, "sup", "internal"), "等银行");
    assert_string_equal(last(&w, "qy1", "text"), "");
    assert_int_equal(attempt(&w, "dp", "ticket.suspend", ",'reason':'等上级'"),
                     ERR_BLOCKED);
    world_at(&w, "2026-11-04T10:00:00+08:00");
    assert_int_equal(attempt(&w, "dp", "ticket.decide_extension",
                             ",'grant':false,'limit':'1wd'"),
                     ERR_BAD_PARAM);
    move(&w, "dp", "ticket.decide_extension", ",'grant':true");
    expect_clock(&w, "extension", 1, DAY("05"), "kept");
    expect_clock(&w, "finish", 1, DAY("13"), "open");
    /* overall is 10wd, to the 16th: far enough */
    expect_clock(&w, "overall", 0, DAY("17"), "open");
    assert_string_equal(world_cell(&w, "dispatches", 0, "extension"), "");
    assert_int_equal(world_cell_int(&w, "dispatches", 0, "extensions"), 1);
    assert_int_equal(told(&w, E1, EV_EXTEND_GRANT), 1);
    assert_int_equal(told(&w, "a", EV_EXTEND_GRANT), 1);
    assert_string_equal(last(&w, "sup", "event"), "extend_grant");
    assert_int_equal(
        attempt(&w, "a1", "ticket.extend", ",'limit':'1wd','reason':'x'"),
        ERR_LIMIT);
    assert_non_null(strstr(w.problem.expected, "at most 1 "));
    assert_int_equal(
        attempt(&w, "dp", "ticket.decide_extension", ",'grant':true"),
        ERR_BAD_STATE);
    world_close(&w);
}

/* 9wd end on the 13th, 5 more on the 20th: past the overall limit (the 16th),
 * which then ends with it. */
static void test_extension_moves_overall(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'9wd'");
    expect_clock(&w, "finish", 1, DAY("14"), "open");
    expect_clock(&w, "overall", 0, DAY("17"), "open");
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.extend", ",'limit':'3wd','reason':'x'");
    move(&w, "dp", "ticket.decide_extension", ",'grant':true,'limit':'5wd'");
    expect_clock(&w, "finish", 1, DAY("21"), "open");
    expect_clock(&w, "overall", 0, DAY("21"), "open");
    world_close(&w);
}

/* 2wd: the 3rd and 4th. Asked in time and decided after the due: red meanwhile,
 * then judged by the new one; refused it is late since the old. */
static void test_extension_decided_late(void **state)
{
    static const char *const decisions[] = {",'grant':true", ",'grant':false"};
    static const char *const verdicts[] = {"kept", "late"};
    static const char *const dues[] = {DAY("10"), DAY("05")};
    for (int i = 0; i < 2; i++) {
        struct world w;
        (void)state;
        begin(&w);
        dispatch(&w, "a", ",'limit':'2wd'");
        move(&w, "a1", "ticket.accept", "");
        world_at(&w, "2026-11-04T16:00:00+08:00");
        move(&w, "a1", "ticket.extend", ",'limit':'3wd','reason':'x'");
        world_at(&w, "2026-11-05T10:00:00+08:00");
        show(&w);
        assert_string_equal(clock_cell(&w, "finish", 1, "light"), "red");
        assert_string_equal(clock_cell(&w, "finish", 1, "verdict"), "open");
        move(&w, "dp", "ticket.decide_extension", decisions[i]);
        expect_clock(&w, "finish", 1, dues[i], "open");
        move(&w, "a1", "ticket.resolve", ",'public':'好'");
        expect_clock(&w, "finish", 1, dues[i], verdicts[i]);
        world_close(&w);
    }
}

static void test_extension_too_late(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'2wd'");
    move(&w, "a1", "ticket.accept", "");
    world_at(&w, DAY("05"));
    assert_int_equal(
        attempt(&w, "a1", "ticket.extend", ",'limit':'3wd','reason':'x'"),
        ERR_TOO_LATE);
    assert_non_null(strstr(w.problem.detail, DAY("05")));
    assert_int_equal(attempt(&w, "dp", "ticket.suspend", ",'reason':'x'"),
                     ERR_TOO_LATE);
    assert_non_null(strstr(w.problem.detail, DAY("05")));
    world_close(&w);
}

/* -- suspension --------------------------------------------------------------
 */

/* 5wd end on the 9th. Suspended on the 4th three days are left (5th, 6th, 9th);
 * taken up on the 11th they are the 12th, 13th and 16th. */
static void test_suspension(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'5wd'");
    assert_int_equal(attempt(&w, "dp", "ticket.suspend", ",'reason':'x'"),
                     ERR_BAD_STATE);
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.contact", "");
    world_at(&w, "2026-11-04T10:00:00+08:00");
    assert_int_equal(attempt(&w, "dp", "ticket.suspend",
                             ",'reason':'x','until':'" DAY("04") "'"),
                     ERR_OUT_OF_BOUNDS);
    assert_string_equal(w.problem.param, "until");
    assert_int_equal(attempt(&w, "a1", "ticket.suspend", ",'reason':'x'"),
                     ERR_FORBIDDEN);
    assert_int_equal(attempt(&w, "zd", "ticket.suspend", ",'reason':'x'"),
                     ERR_NOT_FOUND);
    move(&w, "dp", "ticket.suspend",
         ",'reason':'等省里批复','until':'2026-11-20T12:00:00+08:00'");
    assert_string_equal(world_text(&w, "state"), "suspended");
    assert_string_equal(world_text(&w, "light"), "grey");
    assert_string_equal(world_text(&w, "clock"), "suspension");
    assert_string_equal(world_text(&w, "due"), "2026-11-20T12:00:00+08:00");
    assert_int_equal(told(&w, E1, EV_SUSPEND), 1);
    assert_int_equal(told(&w, "a", EV_SUSPEND), 1);
    assert_string_equal(last(&w, "qy1", "text"), "等省里批复");
    assert_int_equal(attempt(&w, "dp", "ticket.suspend", ",'reason':'x'"),
                     ERR_BAD_STATE);
    assert_int_equal(attempt(&w, "a1", "ticket.resolve", ",'public':'x'"),
                     ERR_BAD_STATE);
    world_at(&w, "2026-11-11T10:00:00+08:00");
    move(&w, "dp", "ticket.resume", ",'reason':'批复已到'");
    assert_string_equal(world_text(&w, "state"), "handling");
    expect_clock(&w, "finish", 1, DAY("17"), "open");
    expect_clock(&w, "suspension", 0, "2026-11-20T12:00:00+08:00", "kept");
    assert_int_equal(attempt(&w, "dp", "ticket.resume", ""), ERR_BAD_STATE);
    /* without a date of its own it is the regulation's 30d: to 11 December */
    move(&w, "dp", "ticket.suspend", ",'reason':'x'");
    assert_string_equal(world_text(&w, "due"), "2026-12-12T00:00:00+08:00");
    world_close(&w);
}

/* -- limits of their own -----------------------------------------------------
 */

static void test_individual_plan(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch",
                             ",'unit':'a','measure':'x','plan':'一企一策'"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "limit");
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch",
                             ",'unit':'a','measure':'x','limit':'31wd'"),
                     ERR_OUT_OF_BOUNDS);
    dispatch(&w, "a", ",'limit':'31wd','plan':'一企一策'");
    show(&w);
    assert_true(json_is_true(json_object_get(w.result, "special")));
    assert_string_equal(world_text(&w, "plan"), "一企一策");
    move(&w, "qy1", "ticket.show", "");
    assert_true(json_is_null(json_object_get(w.result, "plan")));
    assert_false(holds(&w, "一企一策"));
    file(&w, "qy1", "");
    world_do(&w, "sup", "ticket.list", "{'special':true}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-001");
    world_do(&w, "sup", "ticket.list", "{'special':false}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    world_close(&w);
}

/* A co-handler has 3wd of the regulation, to the 5th; no limit beyond the
 * lead's, and the default is cut to it. */
static void test_co_limits(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'2wd'");
    assert_int_equal(attempt(&w, "dp", "ticket.dispatch",
                             ",'unit':'b','kind':'co','measure':'x',"
                             "'limit':'3wd'"),
                     ERR_OUT_OF_BOUNDS);
    assert_non_null(strstr(w.problem.detail, DAY("05")));
    dispatch(&w, "b", ",'kind':'co'");
    expect_clock(&w, "finish", 2, DAY("05"), "open");
    file(&w, "qy1", "");
    dispatch(&w, "a", ",'limit':'9wd'");
    dispatch(&w, "b", ",'kind':'co'");
    expect_clock(&w, "finish", 2, DAY("06"), "open");
    world_close(&w);
}

/* -- M12 ---------------------------------------------------------------------
 */

static int64_t of(const struct world *w, const char *span, const char *member)
{
    json_t *o = json_object_get(w->result, span);
    json_t *value = json_object_get(o, member);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

/* Filed on Monday at 9:00. Contacted on Tuesday at 10:00: 1500 minutes, of them
 * working 3h + 3.5h on Monday and 1.5h on Tuesday. Resolved on Thursday at
 * 15:00: three working days later; Monday 6.5h,
 * Tuesday and Wednesday 7h each, Thursday 4.5h: 25h. */
static void test_first_response_and_lead_time(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    show(&w);
    assert_true(json_is_null(json_object_get(w.result, "first_response")));
    dispatch(&w, "a", "");
    move(&w, "a1", "ticket.accept", "");
    world_at(&w, "2026-11-03T10:00:00+08:00");
    move(&w, "a1", "ticket.contact", "");
    show(&w);
    assert_int_equal(of(&w, "first_response", "minutes"), 1500);
    assert_int_equal(of(&w, "first_response", "working_minutes"), 480);
    assert_int_equal(of(&w, "lead_time", "working_days"), 1);
    world_at(&w, "2026-11-05T15:00:00+08:00");
    move(&w, "a1", "ticket.resolve", ",'public':'好'");
    world_at(&w, "2026-11-06T15:00:00+08:00");
    show(&w);
    assert_int_equal(of(&w, "first_response", "minutes"), 1500);
    assert_int_equal(of(&w, "lead_time", "days"), 3);
    assert_int_equal(of(&w, "lead_time", "working_days"), 3);
    assert_int_equal(of(&w, "lead_time", "minutes"), 3 * 1440 + 360);
    assert_int_equal(of(&w, "lead_time", "working_minutes"), 25 * 60);
    assert_string_equal(world_text(&w, "resolved"),
                        "2026-11-05T15:00:00+08:00");
    world_do(&w, "sup", "ticket.list", "{}");
    assert_int_equal(world_cell_int(&w, "tickets", 0, "response_min"), 1500);
    assert_int_equal(world_cell_int(&w, "tickets", 0, "lead_wd"), 3);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_supplement),
        cmocka_unit_test(test_extension),
        cmocka_unit_test(test_extension_moves_overall),
        cmocka_unit_test(test_extension_decided_late),
        cmocka_unit_test(test_extension_too_late),
        cmocka_unit_test(test_suspension),
        cmocka_unit_test(test_individual_plan),
        cmocka_unit_test(test_co_limits),
        cmocka_unit_test(test_first_response_and_lead_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
