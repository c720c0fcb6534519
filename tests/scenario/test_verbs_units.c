/* The verbs between offices: transfer, assignment, recall, urging, supervision.
 * Each with its clock, its notice, its reason, who may not, and a second time.
 * Dues by hand, as in test_verbs_time.c. */
#include "scenario/moves.h"

/* -- transfer ----------------------------------------------------------------
 */

/* What is left of 5wd (to the 9th) goes with it, whenever it is handed over. */
static void test_transfer(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'5wd'");
    move(&w, "a1", "ticket.accept", "");
    world_at(&w, "2026-11-04T10:00:00+08:00");
    assert_int_equal(
        attempt(&w, "zd", "ticket.transfer", ",'unit':'b','reason':'x'"),
        ERR_NOT_FOUND);
    assert_int_equal(
        attempt(&w, "a2", "ticket.transfer", ",'unit':'b','reason':'x'"),
        ERR_FORBIDDEN);
    assert_int_equal(
        attempt(&w, "dp", "ticket.transfer", ",'unit':'a','reason':'x'"),
        ERR_EXISTS);
    assert_int_equal(
        attempt(&w, "dp", "ticket.transfer", ",'unit':'" E2 "','reason':'x'"),
        ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "unit");
    move(&w, "dp", "ticket.transfer", ",'unit':'b','reason':'职责在b局'");
    assert_int_equal(told(&w, "a", EV_TRANSFER), 1); /* who loses it, too */
    show(&w);
    assert_string_equal(world_cell(&w, "dispatches", 1, "measure"), "现场协调");
    assert_int_equal(told(&w, "b", EV_TRANSFER), 1);
    assert_int_equal(told(&w, E1, EV_TRANSFER), 1);
    expect_clock(&w, "finish", 1, DAY("10"), "kept");
    expect_clock(&w, "finish", 2, DAY("10"), "open");
    assert_string_equal(clock_cell(&w, "overall", 0, "unit"), "b局");
    assert_string_equal(world_cell(&w, "dispatches", 0, "state"),
                        "transferred");
    assert_string_equal(last(&w, "sup", "to"), "b局");
    assert_string_equal(last(&w, "b1", "internal"), "职责在b局");
    assert_string_equal(last(&w, "qy1", "text"), "");
    assert_int_equal(attempt(&w, "a1", "ticket.accept", ""), ERR_BAD_STATE);
    move(&w, "b1", "ticket.accept", "");
    /* back again it is a third dispatch, with a limit of its own: to the 5th */
    move(&w, "dp", "ticket.transfer", ",'unit':'a','reason':'x','limit':'1wd'");
    assert_string_equal(world_text(&w, "due"), DAY("06"));
    /* late, and then handed over: the next begins anew, 5wd to the 13th */
    world_at(&w, "2026-11-06T09:00:00+08:00");
    move(&w, "dp", "ticket.transfer", ",'unit':'c','reason':'x'");
    assert_string_equal(world_text(&w, "due"), DAY("14"));
    expect_clock(&w, "finish", 3, DAY("06"), "late");
    world_close(&w);
}

/* A head hands down, to a department directly below, and sets no limit. */
static void test_transfer_by_head(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "department.add",
             "{'code':'a9','name':'a局九科','parent':'a'}");
    world_do(&w, NULL, "person.add",
             "{'code':'a91','name':'李四','unit':'a9','role':'head'}");
    dispatch(&w, "a", ",'limit':'5wd'");
    assert_int_equal(
        attempt(&w, "b1", "ticket.transfer", ",'unit':'a9','reason':'x'"),
        ERR_NOT_FOUND);
    assert_int_equal(
        attempt(&w, "a1", "ticket.transfer", ",'unit':'b','reason':'x'"),
        ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "unit");
    assert_int_equal(attempt(&w, "a1", "ticket.transfer",
                             ",'unit':'a9','reason':'x','limit':'9wd'"),
                     ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "limit");
    move(&w, "a1", "ticket.transfer", ",'unit':'a9','reason':'归口'");
    assert_string_equal(world_text(&w, "due"), DAY("10"));
    assert_int_equal(told(&w, "a9", EV_TRANSFER), 1);
    move(&w, "a91", "ticket.accept", "");
    assert_int_equal(
        attempt(&w, "a1", "ticket.transfer", ",'unit':'a9','reason':'x'"),
        ERR_BAD_STATE);
    assert_string_equal(w.problem.param, "dispatch");
    world_close(&w);
}

/* -- assignment --------------------------------------------------------------
 */

static void test_assign(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    assert_int_equal(attempt(&w, "a2", "ticket.assign", ",'person':'a2'"),
                     ERR_FORBIDDEN);
    assert_int_equal(attempt(&w, "b1", "ticket.assign", ",'person':'b2'"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "ticket");
    assert_int_equal(attempt(&w, "a1", "ticket.assign", ",'person':'b2'"),
                     ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "person");
    assert_int_equal(attempt(&w, "a1", "ticket.assign", ",'person':'nobody'"),
                     ERR_NOT_FOUND);
    /* a guide who comes from the unit works for the enterprise */
    assert_int_equal(attempt(&w, "a1", "ticket.assign", ",'person':'zdy'"),
                     ERR_FORBIDDEN);
    move(&w, "a1", "ticket.assign", ",'person':'a2'");
    assert_int_equal(told(&w, "a2", EV_ASSIGN), 1);
    assert_int_equal(told(&w, E1, EV_ASSIGN), 0);
    show(&w);
    assert_string_equal(world_cell(&w, "dispatches", 0, "handler"), "张三");
    assert_string_equal(last(&w, "sup", "to"), "张三");
    /* what goes to the unit goes to the handler too */
    move(&w, "qy1", "ticket.urge", "");
    assert_int_equal(told(&w, "a", EV_URGE), 1);
    assert_int_equal(told(&w, "a2", EV_URGE), 1);
    /* the head may take it on; again is nothing new */
    move(&w, "a1", "ticket.assign", ",'person':'a1'");
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.assign", ",'person':'a2'");
    world_close(&w);
}

/* -- recall ------------------------------------------------------------------
 */

static void test_recall(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'5wd'");
    world_at(&w, "2026-11-02T10:00:00+08:00");
    assert_int_equal(attempt(&w, "zd", "ticket.recall", ",'reason':'x'"),
                     ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "a1", "ticket.recall", ",'reason':'x'"),
                     ERR_FORBIDDEN);
    move(&w, "dp", "ticket.recall", ",'reason':'派错了'");
    assert_string_equal(world_text(&w, "state"), "filed");
    assert_string_equal(world_text(&w, "clock"), "triage");
    /* a new triage: 2wh from 10:00 */
    assert_string_equal(world_text(&w, "due"), "2026-11-02T12:00:00+08:00");
    assert_int_equal(told(&w, "a", EV_RECALL), 1);
    assert_int_equal(told(&w, E1, EV_RECALL), 1);
    expect_clock(&w, "finish", 1, DAY("10"), "void");
    assert_string_equal(world_cell(&w, "dispatches", 0, "state"), "cancelled");
    assert_string_equal(last(&w, "sup", "internal"), "派错了");
    assert_string_equal(last(&w, "qy1", "text"), "");
    assert_int_equal(attempt(&w, "dp", "ticket.recall", ",'reason':'x'"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "dispatch");
    dispatch(&w, "b", "");
    move(&w, "b1", "ticket.assign", ",'person':'b2'");
    assert_int_equal(attempt(&w, "dp", "ticket.recall", ",'reason':'x'"),
                     ERR_BAD_STATE);
    assert_non_null(strstr(w.problem.expected, "has not acted"));
    /* a co-handler's, told to the lead */
    dispatch(&w, "c", ",'kind':'co'");
    move(&w, "dp", "ticket.recall", ",'dispatch':3,'reason':'x'");
    assert_string_equal(world_text(&w, "state"), "dispatched");
    assert_int_equal(told(&w, "c", EV_RECALL), 1);
    assert_int_equal(told(&w, "b", EV_RECALL), 1);
    assert_int_equal(told(&w, E1, EV_RECALL), 1);
    world_close(&w);
}

/* -- urging ------------------------------------------------------------------
 */

/* Not within 240 minutes of the last time, whoever urges. */
static void test_urge(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_int_equal(attempt(&w, "qy2", "ticket.urge", ""), ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "a1", "ticket.urge", ""), ERR_FORBIDDEN);
    world_at(&w, "2026-11-02T10:00:00+08:00");
    move(&w, "qy1", "ticket.urge", ",'text':'请尽快'");
    assert_int_equal(told(&w, "boatdw", EV_URGE), 1);
    assert_string_equal(last(&w, "dp", "text"), "请尽快");
    assert_int_equal(attempt(&w, "sup", "ticket.urge", ""), ERR_TOO_SOON);
    assert_string_equal(w.problem.expected,
                        "not before 2026-11-02T14:00:00+08:00");
    dispatch(&w, "a", "");
    dispatch(&w, "b", ",'kind':'co'");
    world_at(&w, "2026-11-02T13:59:59+08:00");
    assert_int_equal(attempt(&w, "zdy", "ticket.urge", ""), ERR_TOO_SOON);
    world_at(&w, "2026-11-02T14:00:00+08:00");
    move(&w, "sup", "ticket.urge", ",'text':'抓紧'");
    assert_int_equal(told(&w, "a", EV_URGE), 1);
    assert_int_equal(told(&w, "b", EV_URGE), 0);
    assert_string_equal(last(&w, "a1", "internal"), "抓紧");
    move(&w, "qy1", "ticket.show", "");
    assert_false(holds(&w, "抓紧"));
    world_at(&w, "2026-11-03T09:00:00+08:00");
    assert_int_equal(attempt(&w, "dp", "ticket.urge", ",'dispatch':9"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "dispatch");
    move(&w, "dp", "ticket.urge", ",'dispatch':2");
    assert_int_equal(told(&w, "a", EV_URGE), 1);
    assert_int_equal(told(&w, "b", EV_URGE), 1);
    world_close(&w);
}

/* -- supervision -------------------------------------------------------------
 */

/* The reply has 2wd of the regulation: from the 2nd to the 4th. */
static void test_supervise(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_int_equal(attempt(&w, "sup", "ticket.supervise", ",'text':'x'"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "dispatch");
    dispatch(&w, "a", "");
    assert_int_equal(attempt(&w, "dp", "ticket.supervise", ",'text':'x'"),
                     ERR_FORBIDDEN);
    assert_int_equal(attempt(&w, "a1", "ticket.reply", ",'text':'x'"),
                     ERR_BAD_STATE);
    assert_non_null(strstr(w.problem.expected, "supervision order"));
    move(&w, "sup", "ticket.supervise", ",'text':'为何未接单'");
    expect_clock(&w, "supervise", 1, DAY("05"), "open");
    assert_string_equal(clock_cell(&w, "supervise", 1, "unit"), "a局");
    assert_int_equal(told(&w, "a", EV_SUPERVISE), 1);
    assert_int_equal(told(&w, "boatdw", EV_SUPERVISE), 1);
    assert_int_equal(told(&w, E1, EV_SUPERVISE), 0);
    assert_string_equal(last(&w, "a1", "internal"), "为何未接单");
    assert_int_equal(attempt(&w, "sup", "ticket.supervise", ",'text':'再问'"),
                     ERR_EXISTS);
    assert_string_equal(w.problem.param, "dispatch");
    assert_string_equal(w.problem.detail, "the one before has no reply yet");
    assert_int_equal(attempt(&w, "b1", "ticket.reply", ",'text':'x'"),
                     ERR_NOT_FOUND);
    world_at(&w, "2026-11-03T10:00:00+08:00");
    move(&w, "a2", "ticket.reply", ",'text':'已安排'");
    expect_clock(&w, "supervise", 1, DAY("05"), "kept");
    assert_int_equal(told(&w, "sup", EV_SUPERVISE_REPLY), 1);
    assert_string_equal(last(&w, "sup", "event"), "supervise_reply");
    move(&w, "qy1", "ticket.show", "");
    assert_false(holds(&w, "为何未接单"));
    assert_false(holds(&w, "已安排"));
    assert_int_equal(attempt(&w, "a1", "ticket.reply", ",'text':'x'"),
                     ERR_BAD_STATE);
    /* an order with a limit of its own, answered late */
    move(&w, "sup", "ticket.supervise", ",'text':'再问','limit':'1wh'");
    expect_clock(&w, "supervise", 1, "2026-11-03T11:00:00+08:00", "open");
    world_at(&w, "2026-11-03T11:00:01+08:00");
    move(&w, "a1", "ticket.reply", ",'text':'x'");
    expect_clock(&w, "supervise", 1, "2026-11-03T11:00:00+08:00", "late");
    world_close(&w);
}

/* A leader oversees what carries their name. */
static void test_leader(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "person.add",
             "{'code':'ld','name':'王县长','unit':'dcs','role':'leader'}");
    world_do(&w, NULL, "person.add",
             "{'code':'ld2','name':'赵县长','unit':'dcs','role':'leader'}");
    world_do(&w, NULL, "person.add",
             "{'code':'zy','name':'周九','unit':'b','role':'guide'}");
    world_do(&w, NULL, "guide.assign",
             "{'enterprise':'" E1 "','person':'zy','as':'specialist'}");
    dispatch(&w, "a", "");
    /* steward and specialist are told alike */
    assert_int_equal(told(&w, "zdy", EV_DISPATCH), 1);
    assert_int_equal(told(&w, "zy", EV_DISPATCH), 1);
    move(&w, "dp", "ticket.leaders", ",'leader':'ld'");
    assert_int_equal(attempt(&w, "ld2", "ticket.supervise", ",'text':'x'"),
                     ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "ld2", "ticket.urge", ""), ERR_NOT_FOUND);
    move(&w, "ld", "ticket.urge", "");
    move(&w, "ld", "ticket.supervise", ",'text':'x'");
    move(&w, "a1", "ticket.reply", ",'text':'y'");
    assert_int_equal(told(&w, "ld", EV_SUPERVISE_REPLY), 1);
    assert_int_equal(told(&w, "ld2", EV_SUPERVISE_REPLY), 0);
    world_do(&w, "ld", "ticket.list", "{'leader':'ld'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    world_do(&w, "sup", "ticket.list", "{'leader':'ld2'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 0);
    assert_int_equal(world_try(&w, "sup", "ticket.list", "{'leader':'x'}"),
                     ERR_NOT_FOUND);
    world_close(&w);
}

/* The step "supervise" of the regulation (2wd after red) orders it by itself:
 * 1wd from the 2nd is due on the 4th, two more end on the 5th. */
static void test_supervise_by_clock(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'1wd'");
    world_at(&w, "2026-11-05T23:59:59+08:00");
    show(&w);
    size_t n = json_array_size(world_rows(&w, "clocks"));
    world_at(&w, DAY("06"));
    show(&w);
    assert_int_equal(json_array_size(world_rows(&w, "clocks")), n + 1);
    /* 2wd from Friday the 6th: Monday and Tuesday */
    expect_clock(&w, "supervise", 1, DAY("11"), "open");
    move(&w, "a1", "ticket.reply", ",'text':'x'");
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transfer),
        cmocka_unit_test(test_transfer_by_head),
        cmocka_unit_test(test_assign),
        cmocka_unit_test(test_recall),
        cmocka_unit_test(test_urge),
        cmocka_unit_test(test_supervise),
        cmocka_unit_test(test_leader),
        cmocka_unit_test(test_supervise_by_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
