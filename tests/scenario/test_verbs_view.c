/* What each reader sees: the enterprise's progress, a confidential ticket, a
 * ticket against a unit; and that a ticket one may not see is answered byte for
 * byte as one that does not exist, by every command. */
#include "scenario/moves.h"

/* -- progress ----------------------------------------------------------------
 */

struct line {
    const char *step;
    const char *unit;
    const char *due;
    const char *text;
};

static void expect_steps(struct world *w, const char *as,
                         const struct line *steps, size_t n)
{
    move(w, as, "ticket.progress", "");
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(world_cell(w, "steps", i, "step"), steps[i].step);
        assert_string_equal(world_cell(w, "steps", i, "unit"), steps[i].unit);
        assert_string_equal(world_cell(w, "steps", i, "due"), steps[i].due);
        assert_string_equal(world_cell(w, "steps", i, "text"), steps[i].text);
    }
    assert_int_equal(json_array_size(world_rows(w, "steps")), n);
}

/* Everything that is said between offices says 内部. */
static void play(struct world *w)
{
    begin(w);
    move(w, "dp", "ticket.require", ",'text':'缺合同'");
    move(w, "qy1", "ticket.supplement", ",'text':'合同'");
    dispatch(w, "a", ",'limit':'5wd'");
    move(w, "a1", "ticket.assign", ",'person':'a2'");
    move(w, "a2", "ticket.accept", "");
    move(w, "a2", "ticket.contact", ",'text':'内部:已电话'");
    move(w, "a2", "ticket.answer", ",'public':'正在协调','internal':'内部'");
    move(w, "dp", "ticket.note", ",'text':'内部:盯一下'");
    move(w, "qy1", "ticket.urge", ",'text':'急'");
    move(w, "sup", "ticket.supervise", ",'text':'内部:报进度'");
    move(w, "a1", "ticket.reply", ",'text':'内部:在办'");
    move(w, "a1", "ticket.extend", ",'limit':'3wd','reason':'内部:等银行'");
    move(w, "dp", "ticket.decide_extension",
         ",'grant':true,'reason':'内部:同意'");
    move(w, "a1", "ticket.return", ",'reason':'内部:不归我管'");
    move(w, "dp", "ticket.decide", ",'grant':false,'reason':'内部:归'");
    dispatch(w, "b", ",'kind':'co','limit':'1wd'");
    move(w, "b1", "ticket.accept", "");
    move(w, "b1", "ticket.resolve", ",'internal':'内部:完成'");
    move(w, "dp", "ticket.transfer", ",'unit':'c','reason':'内部:转'");
    move(w, "c1", "ticket.accept", "");
    move(w, "dp", "ticket.suspend", ",'reason':'等批复'");
    move(w, "dp", "ticket.resume", "");
    move(w, "c1", "ticket.resolve", ",'public':'已放款','internal':'内部'");
    move(w, "qy1", "ticket.evaluate", ",'score':2,'solved':true");
    move(w, "c1", "ticket.appeal_score", ",'reason':'内部:不服'");
    move(w, "sup", "ticket.decide_score", ",'grant':false,'reason':'内部'");
    move(w, "c1", "ticket.resolve", ",'public':'已补办'");
}

/* Dues: 5wd from the 2nd end on the 9th, 3wd more on the 12th, and that is
 * handed over; a suspension of no time changes nothing; supplement 10wd to the
 * 16th; suspension 30d to 2 December; evaluate and rework 5wd to the 9th. */
static void test_progress(void **state)
{
    static const struct line steps[] = {
        {"file", "", "", ""},
        {"supplement_ask", "", DAY("17"), "缺合同"},
        {"supplement_give", "", "", ""},
        {"dispatch", "a局", DAY("10"), "现场协调"},
        {"accept", "a局", "", ""},
        {"contact", "a局", "", ""},
        {"answer", "a局", "", "正在协调"},
        {"urge", "", "", "急"},
        {"extend_grant", "a局", DAY("13"), ""},
        {"dispatch", "b局", DAY("04"), "现场协调"},
        {"accept", "b局", "", ""},
        {"transfer", "c局", DAY("13"), ""},
        {"accept", "c局", "", ""},
        {"suspend", "", "2026-12-03T00:00:00+08:00", "等批复"},
        {"resume", "", DAY("13"), ""},
        {"resolve", "c局", DAY("10"), "已放款"},
        {"evaluate", "", "2026-11-10T00:00:00+08:00", ""},
        {"resolve", "c局", DAY("10"), "已补办"},
    };
    static const char *const readers[] = {"qy1", "zdy", "a1", "dp", "sup"};
    struct world w;
    (void)state;
    play(&w);
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        expect_steps(&w, readers[i], steps, sizeof steps / sizeof steps[0]);
        assert_string_equal(world_text(&w, "title"), "贷款续贷");
        assert_string_equal(world_text(&w, "state"), "resolved");
        assert_false(holds(&w, "内部"));
    }
    /* nor does the enterprise find it in the whole history; the units do */
    move(&w, "qy1", "ticket.show", "");
    assert_false(holds(&w, "内部"));
    move(&w, "c1", "ticket.show", "");
    assert_true(holds(&w, "内部:等银行"));
    world_close(&w);
}

/* A refusal and what follows it; a recall. */
static void test_progress_of_a_refusal(void **state)
{
    static const struct line steps[] = {
        {"file", "", "", ""},      {"dispatch", "a局", DAY("10"), "现场协调"},
        {"recall", "a局", "", ""}, {"decline", "", "", "不属范围"},
        {"appeal", "", "", ""},    {"appeal_refuse", "", "", "维持"},
    };
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    move(&w, "dp", "ticket.recall", ",'reason':'内部'");
    move(&w, "dp", "ticket.decline", ",'reason':'不属范围'");
    move(&w, "qy1", "ticket.appeal", ",'reason':'x'");
    move(&w, "sup", "ticket.decide_appeal", ",'grant':false,'reason':'维持'");
    expect_steps(&w, "qy1", steps, sizeof steps / sizeof steps[0]);
    world_close(&w);
}

/* The default regulation with a review stage, in force from the 2nd. */
static void add_review(struct world *w)
{
    json_t *body = json_load_file("proto/regulation_default.json", 0, NULL);
    assert_non_null(body);
    json_object_set_new(body, "review", json_true());
    json_object_set_new(body, "effective",
                        json_string("2026-11-02T08:00:00+08:00"));
    json_t *params = json_pack("{s:o}", "body", body);
    char *text = json_dumps(params, JSON_COMPACT);
    world_do(w, NULL, "regulation.add", text);
    free(text);
    json_decref(params);
}

/* Under review nothing is told outside; passed, the answer is. */
static void test_progress_with_review(void **state)
{
    static const struct line steps[] = {
        {"file", "", "", ""},
        {"dispatch", "a局", DAY("10"), "现场协调"},
        {"accept", "a局", "", ""},
        {"resolve", "a局", DAY("10"), "第二稿"},
    };
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T07:00:00+08:00");
    world_county(&w);
    add_review(&w);
    world_at(&w, "2026-11-02T09:00:00+08:00");
    file(&w, "qy1", "");
    dispatch(&w, "a", "");
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.resolve", ",'public':'第一稿'");
    assert_string_equal(world_text(&w, "state"), "review");
    expect_steps(&w, "qy1", steps, 3);
    move(&w, "dp", "ticket.review", ",'pass':false,'reason':'内部:再改'");
    expect_steps(&w, "qy1", steps, 3);
    move(&w, "a1", "ticket.resolve", ",'public':'第二稿'");
    move(&w, "dp", "ticket.review", ",'pass':true");
    expect_steps(&w, "qy1", steps, 4);
    world_close(&w);
}

/* -- confidential ------------------------------------------------------------
 */

static void test_confidential(void **state)
{
    static const struct {
        const char *as;
        bool told;
    } readers[] = {{"qy1", true}, {"zdy", true}, {"dp", true},
                   {"sup", true}, {"a1", false}, {"a2", false}};
    static const char *const methods[] = {"ticket.show", "ticket.progress"};
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "registry.rename", "{'code':'boat','name':'某链'}");
    world_do(&w, NULL, "person.add",
             "{'code':'qy9','name':'钱七','unit':'" E1
             "','role':'enterprise'}");
    file(&w, "qy9", ",'confidential':true");
    dispatch(&w, "a", "");
    move(&w, "qy9", "ticket.urge", "");
    move(&w, "a1", "ticket.accept", "");
    move(&w, "qy9", "ticket.supplement", ",'text':'补充'");
    move(&w, "a1", "ticket.resolve", ",'public':'好'");
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        for (size_t m = 0; m < 2; m++) {
            move(&w, readers[i].as, methods[m], "");
            if (!readers[i].told) {
                assert_false(holds(&w, "甲船厂"));
                assert_false(holds(&w, E1));
                assert_false(holds(&w, "钱七"));
            }
        }
        move(&w, readers[i].as, "ticket.show", "");
        assert_string_equal(world_text(&w, "enterprise"),
                            readers[i].told ? "甲船厂" : "");
        assert_string_equal(world_cell(&w, "timeline", 0, "who"),
                            readers[i].told ? "钱七" : "");
        assert_true(json_is_true(json_object_get(w.result, "confidential")));
        world_do(&w, readers[i].as, "ticket.list", "{}");
        assert_string_equal(world_cell(&w, "tickets", 0, "enterprise"),
                            readers[i].told ? "甲船厂" : "");
        /* nor is it found by the enterprise's code */
        world_do(&w, readers[i].as, "ticket.list",
                 "{'enterprise':'" E1 "','state':'resolved'}");
        assert_int_equal(json_array_size(world_rows(&w, "tickets")),
                         readers[i].told ? 1 : 0);
        world_do(&w, readers[i].as, "ticket.list",
                 "{'chain':'boat','state':'resolved'}");
        assert_int_equal(json_array_size(world_rows(&w, "tickets")),
                         readers[i].told ? 1 : 0);
        world_do(&w, readers[i].as, "notice.list", "{}");
        if (!readers[i].told) {
            assert_false(holds(&w, "甲船厂"));
        }
    }
    world_close(&w);
}

/* -- against a unit ----------------------------------------------------------
 */

static void test_against(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_int_equal(world_try(&w, "qy1", "ticket.file",
                               "{'title':'x','category':'other',"
                               "'against':'nobody'}"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "against");
    /* who works in the unit complained of sees it by no other post either */
    world_do(&w, NULL, "person.role",
             "{'code':'c2','unit':'b','role':'handler'}");
    file(&w, "qy1", ",'against':'c'");
    assert_int_equal(
        attempt(&w, "dp", "ticket.dispatch", ",'unit':'c','measure':'x'"),
        ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "unit");
    dispatch(&w, "b", "");
    assert_int_equal(
        attempt(&w, "dp", "ticket.transfer", ",'unit':'c','reason':'x'"),
        ERR_FORBIDDEN);
    assert_int_equal(attempt(&w, "c2", "ticket.show", ""), ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "c2", "ticket.accept", ""), ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "c2", "ticket.answer", ",'public':'x'"),
                     ERR_NOT_FOUND);
    move(&w, "b2", "ticket.accept", "");
    move(&w, "qy1", "ticket.show", "");
    assert_string_equal(world_text(&w, "against"), "c局");
    /* whom it complains of is not the handling unit's business */
    move(&w, "b1", "ticket.show", "");
    assert_string_equal(world_text(&w, "against"), "");
    assert_false(holds(&w, "c局"));
    /* against the committee that would dispatch it: the general office does */
    file(&w, "qy1", ",'against':'boatdw'");
    assert_int_equal(attempt(&w, "dp", "ticket.show", ""), ERR_NOT_FOUND);
    move(&w, "zd", "ticket.dispatch", ",'unit':'a','measure':'x'");
    move(&w, "qy1", "ticket.show", "");
    assert_string_equal(world_text(&w, "dispatcher"), "派单办");
    /* against the only office there is */
    assert_int_equal(world_try(&w, "qy2", "ticket.file",
                               "{'title':'x','category':'other',"
                               "'against':'zhb'}"),
                     ERR_BLOCKED);
    assert_string_equal(w.problem.param, "against");
    assert_non_null(strstr(w.problem.detail, "a supervisor"));
    world_close(&w);
}

/* -- delegation --------------------------------------------------------------
 */

/* c3 acts for a1, with a1's post; then the time is over. */
static void test_on_behalf(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "person.add",
             "{'code':'c3','name':'孙八','unit':'c','role':'head'}");
    dispatch(&w, "a", "");
    assert_int_equal(attempt(&w, "c3", "ticket.accept", ""), ERR_NOT_FOUND);
    world_do(&w, "a1", "person.delegate",
             "{'to':'c3','until':'2026-11-03T18:00:00+08:00'}");
    move(&w, "c3", "ticket.accept", "");
    assert_string_equal(last(&w, "sup", "who"), "孙八");
    assert_string_equal(last(&w, "sup", "for"), "张三");
    assert_string_equal(last(&w, "sup", "unit"), "a局");
    dispatch(&w, "c", ",'kind':'co'");
    move(&w, "c3", "ticket.accept", ",'dispatch':2");
    world_at(&w, "2026-11-03T18:00:00+08:00");
    assert_int_equal(
        attempt(&w, "c3", "ticket.answer", ",'dispatch':1,'public':'x'"),
        ERR_BAD_STATE);
    move(&w, "c3", "ticket.answer", ",'public':'x'");
    assert_string_equal(last(&w, "sup", "who"), "孙八");
    assert_string_equal(last(&w, "sup", "for"), "");
    assert_string_equal(last(&w, "sup", "unit"), "c局");
    world_close(&w);
}

/* -- unseen ------------------------------------------------------------------
 */

struct probe {
    const char *as; /* allowed the command, and sees nothing of the ticket */
    const char *method;
    const char *more;
};

static const struct probe probes[] = {
    {"zd", "ticket.transfer", ",'unit':'b','reason':'x'"},
    {"zd", "ticket.transfer", ",'unit':'nobody','reason':'x'"},
    {"b1", "ticket.transfer", ",'unit':'b','reason':'x','limit':'none'"},
    {"b1", "ticket.assign", ",'person':'b2'"},
    {"b1", "ticket.assign", ",'person':'nobody'"},
    {"zd", "ticket.require", ",'text':'x'"},
    {"qy2", "ticket.supplement", ",'text':'x'"},
    {"b1", "ticket.extend", ",'limit':'none','reason':'x'"},
    {"zd", "ticket.decide_extension", ",'grant':false,'limit':'1wd'"},
    {"zd", "ticket.suspend", ",'reason':'x'"},
    {"zd", "ticket.resume", ""},
    {"zd", "ticket.recall", ",'reason':'x'"},
    {"zd", "ticket.recall", ",'dispatch':7,'reason':'x'"},
    {"qy2", "ticket.urge", ""},
    {"zd", "ticket.urge", ""},
    {"ld", "ticket.urge", ",'dispatch':1"},
    {"ld", "ticket.supervise", ",'text':'x','limit':'none'"},
    {"b1", "ticket.reply", ",'text':'x'"},
    {"qy2", "ticket.appeal", ",'reason':'x'"},
    {"zd", "ticket.decide_appeal", ",'grant':true,'reason':'x'"},
    {"b1", "ticket.appeal_score", ",'reason':'x'"},
    {"qy2", "ticket.comment", ",'text':'x'"},
    {"b1", "ticket.progress", ""},
    {"zd", "ticket.show", ""},
};

/* In the states that the ticket goes through, none of these answers may differ
 * from those about a number that was never given. */
static void probe_all(struct world *w)
{
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        const struct probe *p = &probes[i];
        char params[256];
        snprintf(params, sizeof params, "{'ticket':'20261102-777'%s}", p->more);
        assert_int_equal(attempt(w, p->as, p->method, p->more), ERR_NOT_FOUND);
        struct problem unseen = w->problem;
        assert_int_equal(world_try(w, p->as, p->method, params), ERR_NOT_FOUND);
        assert_memory_equal(&unseen, &w->problem, sizeof unseen);
    }
    assert_int_equal(
        world_try(w, "b1", "ticket.list", "{'parent':'20261102-001'}"),
        ERR_NOT_FOUND);
}

static void test_unseen(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "person.add",
             "{'code':'ld','name':'王县长','unit':'dcs','role':'leader'}");
    probe_all(&w);
    move(&w, "dp", "ticket.decline", ",'reason':'x'");
    probe_all(&w);
    move(&w, "qy1", "ticket.appeal", ",'reason':'x'");
    move(&w, "sup", "ticket.decide_appeal", ",'grant':true,'reason':'x'");
    dispatch(&w, "a", "");
    probe_all(&w);
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.extend", ",'limit':'1wd','reason':'x'");
    move(&w, "sup", "ticket.supervise", ",'text':'x'");
    probe_all(&w);
    move(&w, "dp", "ticket.decide_extension", ",'grant':false");
    move(&w, "dp", "ticket.suspend", ",'reason':'x'");
    probe_all(&w);
    move(&w, "dp", "ticket.resume", "");
    move(&w, "a1", "ticket.resolve", ",'public':'x'");
    move(&w, "qy1", "ticket.evaluate", ",'score':1,'solved':false");
    probe_all(&w);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_progress_of_a_refusal),
        cmocka_unit_test(test_progress_with_review),
        cmocka_unit_test(test_confidential),
        cmocka_unit_test(test_against),
        cmocka_unit_test(test_on_behalf),
        cmocka_unit_test(test_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
