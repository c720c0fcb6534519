/* Appeals against a refusal and against a score, the later word on a score, and
 * the correction of a verdict. Dues by hand, as in test_verbs_time.c. */
#include "scenario/moves.h"

/* -- against a refusal -------------------------------------------------------
 */

/* Once, within 5wd of the office: from the 2nd to the 9th. */
static void test_appeal(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    assert_int_equal(attempt(&w, "qy1", "ticket.appeal", ",'reason':'x'"),
                     ERR_BAD_STATE);
    move(&w, "dp", "ticket.decline", ",'reason':'不属受理范围'");
    /* another office sees nothing of it before it is asked */
    assert_int_equal(
        attempt(&w, "zd", "ticket.decide_appeal", ",'grant':true,'reason':'x'"),
        ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "sup", "ticket.decide_appeal",
                             ",'grant':true,'reason':'x'"),
                     ERR_BAD_STATE);
    assert_int_equal(attempt(&w, "qy2", "ticket.appeal", ",'reason':'x'"),
                     ERR_NOT_FOUND);
    move(&w, "qy1", "ticket.appeal", ",'reason':'属于服务清单'");
    assert_string_equal(world_text(&w, "state"), "declined");
    assert_string_equal(world_text(&w, "clock"), "appeal");
    assert_string_equal(world_text(&w, "due"), DAY("10"));
    assert_int_equal(told(&w, "boatdw", EV_APPEAL), 1);
    assert_int_equal(told(&w, "sup", EV_APPEAL), 1);
    assert_string_equal(last(&w, "dp", "text"), "属于服务清单");
    assert_int_equal(attempt(&w, "qy1", "ticket.appeal", ",'reason':'x'"),
                     ERR_BAD_STATE);
    /* not the office that declined it */
    assert_int_equal(attempt(&w, "dp", "ticket.decide_appeal",
                             ",'grant':false,'reason':'x'"),
                     ERR_FORBIDDEN);
    world_at(&w, "2026-11-04T10:00:00+08:00");
    move(&w, "zd", "ticket.decide_appeal", ",'grant':true,'reason':'应予受理'");
    assert_string_equal(world_text(&w, "state"), "filed");
    /* a new triage, 2wh from 10:00 */
    assert_string_equal(world_text(&w, "due"), "2026-11-04T12:00:00+08:00");
    expect_clock(&w, "appeal", 0, DAY("10"), "kept");
    assert_int_equal(told(&w, E1, EV_APPEAL_GRANT), 1);
    assert_string_equal(last(&w, "qy1", "event"), "appeal_grant");
    assert_string_equal(last(&w, "qy1", "text"), "应予受理");
    move(&w, "dp", "ticket.decline", ",'reason':'x'");
    assert_int_equal(attempt(&w, "qy1", "ticket.appeal", ",'reason':'x'"),
                     ERR_BAD_STATE);
    assert_non_null(strstr(w.problem.expected, "not appealed before"));
    world_close(&w);
}

/* What zd reads of the ticket, and of the one besides that is none. */
static void zd_reads_nothing(struct world *w)
{
    static const char *const asks[] = {"ticket.show", "ticket.progress",
                                       "ticket.note", "ticket.suspend"};
    static const char more[] = ",'text':'x'";
    for (size_t i = 0; i < 4; i++) {
        char params[128];
        const char *rest = i < 2 ? "" : i == 2 ? more : ",'reason':'x'";
        snprintf(params, sizeof params, "{'ticket':'%s'%s}", number, rest);
        assert_int_equal(world_try(w, "zd", asks[i], params), ERR_NOT_FOUND);
        struct problem here = w->problem;
        snprintf(params, sizeof params, "{'ticket':'20261102-777'%s}", rest);
        assert_int_equal(world_try(w, "zd", asks[i], params), ERR_NOT_FOUND);
        assert_string_equal(here.param, w->problem.param);
        assert_string_equal(here.expected, w->problem.expected);
        assert_string_equal(here.detail, w->problem.detail);
    }
    world_do(w, "zd", "ticket.list", "{}");
    assert_int_equal(json_array_size(world_rows(w, "tickets")), 0);
    world_do(w, "zd", "mine", "{}");
    assert_int_equal(json_array_size(world_rows(w, "tickets")), 0);
}

/* Who is to decide it reads it, and only while it waits for a decision. */
static void test_who_decides_reads_it(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    zd_reads_nothing(&w);
    move(&w, "dp", "ticket.decline", ",'reason':'不属受理范围'");
    zd_reads_nothing(&w);
    move(&w, "qy1", "ticket.appeal", ",'reason':'属于服务清单'");
    world_do(&w, "zd", "mine", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), number);
    world_do(&w, "zd", "ticket.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    assert_string_equal(last(&w, "zd", "text"), "属于服务清单");
    assert_string_equal(world_text(&w, "enterprise"), "甲船厂");
    assert_int_equal(attempt(&w, "zd", "ticket.suspend", ",'reason':'x'"),
                     ERR_FORBIDDEN);
    /* no committee's, nor a department's */
    assert_int_equal(attempt(&w, "a1", "ticket.show", ""), ERR_NOT_FOUND);
    world_do(&w, NULL, "chain.add", "{'code':'steel','name':'钢'}");
    world_do(&w, NULL, "committee.add",
             "{'code':'dw2','name':'另一党委','chain':'steel'}");
    world_do(&w, NULL, "person.add",
             "{'code':'dp2','name':'n','unit':'dw2','role':'dispatcher'}");
    assert_int_equal(attempt(&w, "dp2", "ticket.show", ""), ERR_NOT_FOUND);
    move(&w, "zd", "ticket.decide_appeal", ",'grant':true,'reason':'x'");
    zd_reads_nothing(&w);
    world_close(&w);
}

/* One against the office itself it never reads. */
static void test_complaint_of_the_judge(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    file(&w, "qy1", ",'against':'zhb'");
    move(&w, "dp", "ticket.decline", ",'reason':'x'");
    move(&w, "qy1", "ticket.appeal", ",'reason':'x'");
    zd_reads_nothing(&w);
    world_close(&w);
}

/* The general office's own refusal is the supervisor's to judge. */
static void test_appeal_against_the_office(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    file(&w, "qy2", "");
    move(&w, "zd", "ticket.decline", ",'reason':'x'");
    move(&w, "qy2", "ticket.appeal", ",'reason':'x'");
    assert_int_equal(
        attempt(&w, "zd", "ticket.decide_appeal", ",'grant':true,'reason':'x'"),
        ERR_FORBIDDEN);
    assert_int_equal(
        attempt(&w, "dp", "ticket.decide_appeal", ",'grant':true,'reason':'x'"),
        ERR_NOT_FOUND);
    move(&w, "sup", "ticket.decide_appeal",
         ",'grant':false,'reason':'维持原决定'");
    assert_string_equal(world_text(&w, "state"), "declined");
    assert_string_equal(last(&w, "qy2", "event"), "appeal_refuse");
    assert_int_equal(attempt(&w, "sup", "ticket.decide_appeal",
                             ",'grant':true,'reason':'x'"),
                     ERR_BAD_STATE);
    world_close(&w);
}

/* -- against a score ---------------------------------------------------------
 */

/* Resolved by a with the help of b, and found bad: the second round. */
static void begin_disputed(struct world *w)
{
    begin(w);
    dispatch(w, "a", "");
    dispatch(w, "b", ",'kind':'co'");
    move(w, "b1", "ticket.accept", "");
    move(w, "b1", "ticket.resolve", "");
    move(w, "a1", "ticket.accept", "");
    move(w, "a1", "ticket.resolve", ",'public':'已协调'");
    assert_int_equal(attempt(w, "a1", "ticket.appeal_score", ",'reason':'x'"),
                     ERR_BAD_STATE);
    move(w, "qy1", "ticket.evaluate",
         ",'score':1,'solved':false,'text':'推诿'");
}

static void test_score_appeal_granted(void **state)
{
    struct world w;
    (void)state;
    begin_disputed(&w);
    assert_int_equal(attempt(&w, "a2", "ticket.appeal_score", ",'reason':'x'"),
                     ERR_FORBIDDEN);
    assert_int_equal(attempt(&w, "c1", "ticket.appeal_score", ",'reason':'x'"),
                     ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "b1", "ticket.appeal_score", ",'reason':'x'"),
                     ERR_BAD_STATE);
    move(&w, "a1", "ticket.appeal_score", ",'reason':'已依法办结'");
    assert_string_equal(world_text(&w, "state"), "handling");
    assert_int_equal(told(&w, "sup", EV_SCORE_APPEAL), 1);
    assert_int_equal(told(&w, E1, EV_SCORE_APPEAL), 0);
    expect_clock(&w, "appeal", 0, DAY("10"), "open");
    assert_int_equal(attempt(&w, "a1", "ticket.appeal_score", ",'reason':'x'"),
                     ERR_BAD_STATE);
    assert_int_equal(attempt(&w, "dp", "ticket.suspend", ",'reason':'x'"),
                     ERR_BLOCKED);
    assert_int_equal(
        attempt(&w, "dp", "ticket.decide_score", ",'grant':true,'reason':'x'"),
        ERR_FORBIDDEN);
    world_at(&w, "2026-11-03T10:00:00+08:00");
    move(&w, "sup", "ticket.decide_score",
         ",'grant':true,'reason':'评价与事实不符'");
    assert_string_equal(world_text(&w, "state"), "resolved");
    assert_string_equal(world_text(&w, "clock"), "archive");
    expect_clock(&w, "appeal", 0, DAY("10"), "kept");
    expect_clock(&w, "rework", 0, DAY("10"), "void");
    assert_int_equal(told(&w, "a", EV_SCORE_GRANT), 1);
    assert_string_equal(last(&w, "a1", "event"), "score_grant");
    assert_string_equal(last(&w, "a1", "internal"), "评价与事实不符");
    move(&w, "qy1", "ticket.show", "");
    assert_false(holds(&w, "评价与事实不符"));
    assert_false(holds(&w, "已依法办结"));
    /* struck from the counts: TICKET_SCORE_EXCLUDED is bit 11 */
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket"
                                     " WHERE flags & 2048"),
                     1);
    world_close(&w);
}

static void test_score_appeal_refused(void **state)
{
    struct world w;
    (void)state;
    begin_disputed(&w);
    move(&w, "a1", "ticket.appeal_score", ",'reason':'x'");
    move(&w, "sup", "ticket.decide_score", ",'grant':false,'reason':'y'");
    assert_string_equal(world_text(&w, "state"), "handling");
    assert_string_equal(last(&w, "a1", "event"), "score_refuse");
    assert_int_equal(
        attempt(&w, "sup", "ticket.decide_score", ",'grant':true,'reason':'x'"),
        ERR_BAD_STATE);
    assert_int_equal(attempt(&w, "a1", "ticket.appeal_score", ",'reason':'x'"),
                     ERR_BAD_STATE);
    assert_non_null(strstr(w.problem.expected, "not disputed before"));
    move(&w, "a1", "ticket.resolve", ",'public':'再次办理'");
    assert_string_equal(world_text(&w, "state"), "resolved");
    world_close(&w);
}

/* -- the later word ----------------------------------------------------------
 */

static void test_comment(void **state)
{
    static const char *const units[] = {"a1", "a2"};
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", "");
    move(&w, "a1", "ticket.accept", "");
    move(&w, "a1", "ticket.resolve", ",'public':'已协调'");
    assert_int_equal(attempt(&w, "qy1", "ticket.comment", ",'text':'x'"),
                     ERR_BAD_STATE);
    move(&w, "qy1", "ticket.evaluate",
         ",'score':4,'solved':true,'text':'总体不错'");
    assert_int_equal(attempt(&w, "qy2", "ticket.comment", ",'text':'x'"),
                     ERR_NOT_FOUND);
    assert_int_equal(attempt(&w, "zdy", "ticket.comment", ",'text':'x'"),
                     ERR_FORBIDDEN);
    move(&w, "dp", "ticket.archive", "");
    move(&w, "qy1", "ticket.comment", ",'text':'后来又出问题'");
    assert_string_equal(world_text(&w, "state"), "archived");
    assert_int_equal(told(&w, "boatdw", EV_COMMENT), 1);
    assert_int_equal(told(&w, "a", EV_COMMENT), 0);
    assert_int_equal(attempt(&w, "qy1", "ticket.comment", ",'text':'x'"),
                     ERR_BAD_STATE);
    assert_string_equal(last(&w, "sup", "text"), "后来又出问题");
    assert_int_equal(world_int(&w, "score"), 4);
    /* the units that were rated read neither score nor words, nor who rated */
    for (int i = 0; i < 2; i++) {
        move(&w, units[i], "ticket.show", "");
        assert_false(holds(&w, "后来又出问题"));
        assert_false(holds(&w, "总体不错"));
        assert_true(json_is_null(json_object_get(w.result, "score")));
        assert_string_equal(last(&w, units[i], "who"), "");
    }
    world_close(&w);
}

/* -- correction --------------------------------------------------------------
 */

static enum err correct(struct world *w, const char *as, int64_t clock,
                        const char *more)
{
    char params[512];
    snprintf(params, sizeof params, ",'clock':%lld,'reason':'误点'%s",
             (long long)clock, more);
    return attempt(w, as, "ticket.correct", params);
}

/* 1wd is due on the 4th; resolved then it is late, and the word for it stays
 * beside the one that replaces it. */
static void test_correct(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    dispatch(&w, "a", ",'limit':'1wd'");
    int64_t named = w.seq;
    move(&w, "a1", "ticket.accept", "");
    show(&w);
    int64_t clock = clock_number(&w, "finish");
    assert_int_equal(correct(&w, "sup", clock, ",'verdict':'kept'"),
                     ERR_BAD_STATE);
    assert_string_equal(w.problem.param, "clock");
    world_at(&w, DAY("04"));
    move(&w, "a1", "ticket.resolve", ",'public':'好'");
    expect_clock(&w, "finish", 1, DAY("04"), "late");
    assert_int_equal(correct(&w, "dp", clock, ",'verdict':'kept'"),
                     ERR_FORBIDDEN);
    assert_int_equal(correct(&w, "sup", 99, ",'verdict':'kept'"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "clock");
    assert_int_equal(correct(&w, "sup", clock, ",'verdict':'late'"),
                     ERR_BAD_PARAM);
    assert_int_equal(
        correct(&w, "sup", clock, ",'verdict':'kept','record':100000"),
        ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "record");
    char more[64];
    snprintf(more, sizeof more, ",'verdict':'kept','record':%lld",
             (long long)named);
    assert_int_equal(correct(&w, "sup", clock, more), OK);
    int64_t first = w.seq;
    expect_clock(&w, "finish", 1, DAY("04"), "late");
    assert_string_equal(clock_cell(&w, "finish", 1, "corrected"), "kept");
    assert_string_equal(last(&w, "sup", "event"), "correct");
    assert_string_equal(last(&w, "sup", "internal"), "误点");
    assert_string_equal(last(&w, "qy1", "text"), "");
    assert_int_equal(world_count(&w, "SELECT corrected_record FROM clock"
                                     " WHERE corrected <> 0"),
                     named);
    assert_int_equal(correct(&w, "sup", clock, ",'verdict':'kept'"),
                     ERR_BAD_PARAM);
    /* corrected again, in any state: the first correction is seen as it was */
    move(&w, "qy1", "ticket.evaluate", ",'score':5,'solved':true");
    move(&w, "dp", "ticket.archive", "");
    assert_int_equal(correct(&w, "sup", clock, ",'verdict':'void'"), OK);
    assert_string_equal(world_text(&w, "state"), "archived");
    show(&w);
    assert_string_equal(clock_cell(&w, "finish", 1, "verdict"), "late");
    assert_string_equal(clock_cell(&w, "finish", 1, "corrected"), "void");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM clock"
                                     " WHERE corrected <> 0"),
                     2);
    char known[256];
    snprintf(known, sizeof known,
             "SELECT corrected FROM clock WHERE corrected_seq = %lld"
             " AND to_seq > %lld AND corrected_record IS NOT NULL",
             (long long)first, (long long)first);
    assert_int_equal(world_count(&w, known), VERDICT_KEPT);
    assert_int_equal(world_count(&w,
                                 "SELECT count(*) FROM clock WHERE corrected"
                                 " <> 0 AND to_seq IS NULL AND"
                                 " corrected_record IS NULL"),
                     1);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_appeal),
        cmocka_unit_test(test_who_decides_reads_it),
        cmocka_unit_test(test_complaint_of_the_judge),
        cmocka_unit_test(test_appeal_against_the_office),
        cmocka_unit_test(test_score_appeal_granted),
        cmocka_unit_test(test_score_appeal_refused),
        cmocka_unit_test(test_comment),
        cmocka_unit_test(test_correct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
