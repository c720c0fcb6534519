/* Joint meetings: what the rules put on the agenda, who comes and who is told,
 * the four decisions with their clocks, minutes, and who reads them. Dues are
 * worked out by hand: 2 November 2026 is a Monday, November has no holidays,
 * day 1 is the working day after the start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

#define T1 "20261102-001"
#define T2 "20261102-002"
#define T3 "20261102-003"
#define T4 "20261102-004"
#define T5 "20261102-005"

static void on(struct world *w, const char *as, const char *method,
               const char *number, const char *more)
{
    world_dof(w, as, method, "{'ticket':'%s'%s}", number, more);
}

static enum err try_on(struct world *w, const char *as, const char *method,
                       const char *number, const char *more)
{
    char params[1024];
    snprintf(params, sizeof params, "{'meeting':1,'ticket':'%s'%s}", number,
             more);
    return world_try(w, as, method, params);
}

static void file(struct world *w, const char *title)
{
    world_dof(w, "qy1", "ticket.file", "{'title':'%s','category':'financing'}",
              title);
}

static void send(struct world *w, const char *number, const char *unit)
{
    char more[128];
    snprintf(more, sizeof more, ",'unit':'%s','measure':'办理','limit':'5wd'",
             unit);
    on(w, "dp", "ticket.dispatch", number, more);
}

static void bounce(struct world *w, const char *number)
{
    send(w, number, "a");
    on(w, "a1", "ticket.return", number, ",'reason':'不是本局职责'");
    on(w, "dp", "ticket.decide", number, ",'grant':true,'fault':'dispatcher'");
}

static void add(struct world *w, const char *number, const char *more)
{
    world_dof(w, "dp", "meeting.add", "{'meeting':1,'ticket':'%s'%s}", number,
              more);
    assert_string_equal(world_text(w, "state"), "meeting");
}

static void decide(struct world *w, const char *number, const char *decision,
                   const char *more)
{
    world_dof(w, "dp", "meeting.decide",
              "{'meeting':1,'ticket':'%s','decision':'%s','text':'会议意见'%s}",
              number, decision, more);
}

static void call(struct world *w)
{
    world_do(w, "dp", "meeting.call",
             "{'title':'十一月联席会议','at':'2026-11-03T09:00:00+08:00',"
             "'place':'三楼会议室'}");
    assert_int_equal(world_int(w, "meeting"), 1);
}

static void begin(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
}

static void finish(struct world *w)
{
    world_verify(w);
    world_close(w);
}

static void expect(struct world *w, const char *table, size_t row,
                   const char *column, const char *text)
{
    assert_string_equal(world_cell(w, table, row, column), text);
}

static int64_t told(struct world *w, const char *code, const char *number)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM notice n JOIN register r ON r.id = n.target"
             " WHERE r.code = '%s' AND n.event = 26"
             " AND n.ticket = 20261102000%s",
             code, number + 9);
    return world_count(w, sql);
}

/* -- agenda ------------------------------------------------------------------
 */

static void test_agenda(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    file(&w, "退了两次");
    bounce(&w, T1);
    world_do(&w, "dp", "meeting.agenda", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 0);
    bounce(&w, T1);
    file(&w, "没有问题");
    world_do(&w, "dp", "meeting.agenda", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 1);
    expect(&w, "agenda", 0, "number", T1);
    expect(&w, "agenda", 0, "title", "退了两次");
    expect(&w, "agenda", 0, "state", "filed");
    expect(&w, "agenda", 0, "why", "returns");
    expect(&w, "agenda", 0, "overdue_since", "");
    assert_int_equal(world_cell_int(&w, "agenda", 0, "returns"), 2);
    /* another office's is not shown, a supervisor sees all */
    world_do(&w, "zd", "meeting.agenda", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 0);
    world_do(&w, "sup", "meeting.agenda", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 1);
    /* what is put on a meeting is off the agenda */
    call(&w);
    add(&w, T1, "");
    world_do(&w, "sup", "meeting.agenda", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 0);
    finish(&w);
}

static void test_agenda_pages(void **state)
{
    struct world w;
    char mark[64];
    (void)state;
    begin(&w);
    for (int i = 1; i <= 3; i++) {
        char number[32];
        snprintf(number, sizeof number, "20261102-%03d", i);
        file(&w, "退了两次");
        bounce(&w, number);
        bounce(&w, number);
    }
    world_do(&w, "dp", "meeting.agenda", "{'limit':2}");
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 2);
    expect(&w, "agenda", 1, "number", T2);
    snprintf(mark, sizeof mark, "%s", world_text(&w, "next"));
    world_dof(&w, "dp", "meeting.agenda", "{'limit':2,'after':'%s'}", mark);
    assert_int_equal(json_array_size(world_rows(&w, "agenda")), 1);
    expect(&w, "agenda", 0, "number", T3);
    assert_string_equal(world_text(&w, "next"), "");
    finish(&w);
}

/* -- the meeting -------------------------------------------------------------
 */

/* T1 returned twice, T2 with b, T3 not dispatched, T4 and T5 at work. */
static void begin_meeting(struct world *w)
{
    begin(w);
    static const char *const titles[] = {"退了两次", "会前撤单", "几件事",
                                         "缺时间", "已谈妥"};
    for (int i = 0; i < 5; i++) {
        file(w, titles[i]);
    }
    bounce(w, T1);
    bounce(w, T1);
    send(w, T2, "b");
    send(w, T4, "c");
    on(w, "c2", "ticket.accept", T4, "");
    send(w, T5, "a");
    on(w, "a2", "ticket.accept", T5, "");
    call(w);
    world_do(w, "dp", "meeting.invite", "{'meeting':1,'unit':'c'}");
    add(w, T1, "");
    add(w, T2, "");
    add(w, T3, ",'reason':'牵头单位不明'");
    add(w, T4, "");
    add(w, T5, "");
    world_sleep(w, "2026-11-03T09:00:00+08:00");
}

static void test_who_is_told(void **state)
{
    struct world w;
    (void)state;
    begin_meeting(&w);
    assert_int_equal(told(&w, "c", T1), 1); /* invited */
    assert_int_equal(told(&w, "b", T1), 0); /* came with T2 */
    assert_int_equal(told(&w, "b", T2), 1);
    assert_int_equal(told(&w, "b", T3), 1);
    assert_int_equal(told(&w, "a", T5), 1);
    assert_int_equal(told(&w, E1, T3), 1);
    /* who is invited later is told of all that is on it */
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'zhb'}");
    assert_int_equal(told(&w, "zhb", T1), 1);
    assert_int_equal(told(&w, "zhb", T5), 1);
    finish(&w);
}

static void decide_all(struct world *w)
{
    decide(w, T1, "dispatch", ",'unit':'b','measure':'牵头','limit':'5wd'");
    assert_string_equal(world_text(w, "state"), "dispatched");
    /* 4, 5, 6, 9, 10 November */
    assert_string_equal(world_text(w, "due"), "2026-11-11T00:00:00+08:00");
    decide(w, T3, "split",
           ",'title':'通水','unit':'a','measure':'接管','limit':'3wd'");
    assert_string_equal(world_text(w, "state"), "handling");
    assert_string_equal(world_text(w, "new_ticket"), "20261103-001");
    /* from 10 November, two more working days: 10 and 11 */
    decide(w, T4, "extend", ",'limit':'2wd'");
    assert_string_equal(world_text(w, "state"), "handling");
    assert_string_equal(world_text(w, "due"), "2026-11-12T00:00:00+08:00");
    decide(w, T5, "resolve", ",'public':'已协调解决'");
    assert_string_equal(world_text(w, "state"), "resolved");
}

static void test_decisions(void **state)
{
    struct world w;
    (void)state;
    begin_meeting(&w);
    decide_all(&w);
    /* the one that was withdrawn meanwhile needs no decision */
    assert_int_equal(world_try(&w, "dp", "meeting.close", "{'meeting':1}"),
                     ERR_BLOCKED);
    assert_string_equal(w.problem.detail, T2);
    on(&w, "qy1", "ticket.withdraw", T2, "");
    world_do(&w, "dp", "meeting.close",
             "{'meeting':1,'minutes':'下次会议另行通知'}");
    assert_int_equal(world_try(&w, "dp", "meeting.close", "{'meeting':1}"),
                     ERR_BAD_STATE);
    assert_int_equal(try_on(&w, "dp", "meeting.add", T1, ""), ERR_BAD_STATE);
    assert_string_equal(w.problem.param, "meeting");
    /* what was resolved still goes to evaluation, and the split goes on */
    on(&w, "qy1", "ticket.evaluate", T5, ",'score':5,'solved':true");
    on(&w, "a2", "ticket.accept", "20261103-001", "");
    on(&w, "a2", "ticket.resolve", "20261103-001", ",'public':'已通水'");
    on(&w, "sup", "ticket.show", T3, "");
    assert_string_equal(world_text(&w, "state"), "resolved");
    finish(&w);
}

static void expect_item(struct world *w, size_t row, const char *const cells[9])
{
    static const char *const columns[] = {"number",   "why",        "reason",
                                          "decision", "new_ticket", "unit",
                                          "due",      "measure",    "text"};
    for (int i = 0; i < 9; i++) {
        expect(w, "items", row, columns[i], cells[i]);
    }
}

static void test_minutes(void **state)
{
    static const char *const items[][9] = {
        {T1, "returns", "", "meet_dispatch", "", "b局",
         "2026-11-11T00:00:00+08:00", "牵头", "会议意见"},
        {T2, "hand", "", "withdrawn", "", "", "", "", ""},
        {T3, "hand", "牵头单位不明", "meet_split", "20261103-001", "a局",
         "2026-11-07T00:00:00+08:00", "接管", "会议意见"},
        {T4, "hand", "", "meet_extend", "", "c局", "2026-11-12T00:00:00+08:00",
         "", "会议意见"},
        {T5, "hand", "", "meet_resolve", "", "", "", "", "会议意见"}};
    struct world w;
    (void)state;
    begin_meeting(&w);
    decide_all(&w);
    on(&w, "qy1", "ticket.withdraw", T2, "");
    world_do(&w, "dp", "meeting.close",
             "{'meeting':1,'minutes':'下次会议另行通知'}");
    /* as it was then, whatever comes later: b returns what it was given */
    on(&w, "b1", "ticket.return", T1, ",'reason':'不是本局职责'");
    on(&w, "dp", "ticket.decide", T1, ",'grant':true,'fault':'unit'");
    world_do(&w, "c1", "meeting.show", "{'meeting':1}");
    assert_string_equal(world_text(&w, "title"), "十一月联席会议");
    assert_string_equal(world_text(&w, "at"), "2026-11-03T09:00:00+08:00");
    assert_string_equal(world_text(&w, "place"), "三楼会议室");
    assert_string_equal(world_text(&w, "office"), "船舶党委");
    assert_string_equal(world_text(&w, "closed"), "2026-11-03T09:00:00+08:00");
    assert_string_equal(world_text(&w, "minutes"), "下次会议另行通知");
    assert_int_equal(json_array_size(world_rows(&w, "participants")), 3);
    expect(&w, "participants", 0, "unit", "c局");
    expect(&w, "participants", 1, "unit", "b局");
    expect(&w, "participants", 2, "unit", "a局");
    assert_int_equal(json_array_size(world_rows(&w, "items")), 5);
    for (size_t i = 0; i < 5; i++) {
        expect_item(&w, i, items[i]);
    }
    world_do(&w, "c2", "meeting.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "meetings")), 1);
    assert_int_equal(world_cell_int(&w, "meetings", 0, "items"), 5);
    assert_int_equal(world_cell_int(&w, "meetings", 0, "undecided"), 0);
    finish(&w);
}

/* -- who may -----------------------------------------------------------------
 */

/* What is not seen is answered as what is not there. */
static void expect_unseen(struct world *w, const char *as, const char *method,
                          const char *more)
{
    char params[256];
    snprintf(params, sizeof params, "{'meeting':1%s}", more);
    assert_int_equal(world_try(w, as, method, params), ERR_NOT_FOUND);
    struct problem unseen = w->problem;
    snprintf(params, sizeof params, "{'meeting':99%s}", more);
    assert_int_equal(world_try(w, as, method, params), ERR_NOT_FOUND);
    assert_memory_equal(&unseen, &w->problem, sizeof unseen);
}

static void test_who_sees_it(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    file(&w, "几件事");
    call(&w);
    add(&w, T1, "");
    world_do(&w, NULL, "person.add",
             "{'code':'ld','name':'李四','unit':'dcs','role':'leader'}");
    expect_unseen(&w, "zd", "meeting.show", "");
    expect_unseen(&w, "a1", "meeting.show", "");
    expect_unseen(&w, "ld", "meeting.show", "");
    expect_unseen(&w, "zd", "meeting.close", "");
    expect_unseen(&w, "zd", "meeting.add", ",'ticket':'" T1 "'");
    expect_unseen(&w, "zd", "meeting.invite", ",'unit':'a'");
    world_do(&w, "a1", "meeting.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "meetings")), 0);
    world_do(&w, "sup", "meeting.show", "{'meeting':1}");
    assert_int_equal(world_try(&w, "qy1", "meeting.show", "{'meeting':1}"),
                     ERR_FORBIDDEN);
    on(&w, "dp", "ticket.leaders", T1, ",'leader':'ld'");
    world_do(&w, "ld", "meeting.show", "{'meeting':1}");
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'a'}");
    world_do(&w, "a2", "meeting.show", "{'meeting':1}");
    /* an invited office reads, and decides nothing */
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'zhb'}");
    world_do(&w, "zd", "meeting.show", "{'meeting':1}");
    assert_int_equal(try_on(&w, "zd", "meeting.decide", T1,
                            ",'decision':'dispatch','text':'会议意见',"
                            "'unit':'a','measure':'办理'"),
                     ERR_FORBIDDEN);
    finish(&w);
}

/* The unit that a ticket is against learns nothing of it. */
static void test_against(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'乱收费','category':'financing','against':'b'}");
    file(&w, "几件事");
    call(&w);
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'b'}");
    add(&w, T1, "");
    add(&w, T2, "");
    assert_int_equal(told(&w, "b", T1), 0);
    assert_int_equal(told(&w, "b", T2), 1);
    world_do(&w, "b1", "meeting.show", "{'meeting':1}");
    assert_int_equal(json_array_size(world_rows(&w, "items")), 1);
    expect(&w, "items", 0, "number", T2);
    world_do(&w, "b1", "meeting.list", "{}");
    assert_int_equal(world_cell_int(&w, "meetings", 0, "items"), 1);
    assert_int_equal(try_on(&w, "dp", "meeting.decide", T1,
                            ",'decision':'dispatch','text':'会议意见',"
                            "'unit':'b','measure':'办理'"),
                     ERR_FORBIDDEN);
    finish(&w);
}

static void expect_refused(struct world *w, const char *number,
                           const char *more, enum err err, const char *param)
{
    char all[512];
    snprintf(all, sizeof all, ",'text':'会议意见'%s", more);
    assert_int_equal(try_on(w, "dp", "meeting.decide", number, all), err);
    assert_string_equal(w->problem.param, param);
}

static void test_refusals(void **state)
{
    struct world w;
    (void)state;
    begin_meeting(&w);
    int64_t head = store_head(w.writer);
    expect_refused(&w, T1, ",'decision':'dispatch','measure':'办理'",
                   ERR_BAD_PARAM, "unit");
    expect_refused(&w, T1, ",'decision':'dispatch','unit':'a'", ERR_BAD_PARAM,
                   "measure");
    expect_refused(&w, T1, ",'decision':'split'", ERR_BAD_PARAM, "title");
    expect_refused(&w, T4, ",'decision':'extend'", ERR_BAD_PARAM, "limit");
    expect_refused(&w, T5, ",'decision':'resolve'", ERR_BAD_PARAM, "public");
    expect_refused(&w, T5, ",'decision':'resolve','public':'已办','unit':'a'",
                   ERR_BAD_PARAM, "unit");
    /* nobody leads T3: nothing to extend */
    assert_int_equal(try_on(&w, "dp", "meeting.decide", T3,
                            ",'decision':'extend','text':'会议意见',"
                            "'limit':'2wd'"),
                     ERR_BLOCKED);
    assert_int_equal(store_head(w.writer), head);
    file(&w, "不上会");
    expect_refused(&w, "20261103-001", ",'decision':'split','title':'一'",
                   ERR_BAD_STATE, "ticket");
    decide(&w, T5, "resolve", ",'public':'已协调解决'");
    expect_refused(&w, T5, ",'decision':'resolve','public':'已办'",
                   ERR_BAD_STATE, "ticket");
    assert_int_equal(try_on(&w, "dp", "meeting.add", T1, ""), ERR_BAD_STATE);
    assert_int_equal(
        world_try(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'c'}"),
        ERR_EXISTS);
    finish(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agenda),      cmocka_unit_test(test_agenda_pages),
        cmocka_unit_test(test_who_is_told), cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_minutes),     cmocka_unit_test(test_who_sees_it),
        cmocka_unit_test(test_against),     cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
