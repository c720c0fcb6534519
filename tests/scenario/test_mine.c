/* mine: what waits for whom, by every role; lights, what was done and told,
 * pages and counts; and that each place is read by its index, however much lies
 * beside it. 2 November 2026 is a Monday; November has no holidays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/commands/view/mine.h"
#include "lib/world.h"

#define T1 "20261102-001"
#define T2 "20261102-002"

static void on(struct world *w, const char *as, const char *method,
               const char *number, const char *more)
{
    world_dof(w, as, method, "{'ticket':'%s'%s}", number, more);
}

static void file(struct world *w)
{
    world_do(w, "qy1", "ticket.file",
             "{'title':'贷款续贷','category':'financing'}");
}

static void send(struct world *w, const char *number, const char *unit,
                 const char *more)
{
    char all[160];
    snprintf(all, sizeof all, ",'unit':'%s','measure':'办理','limit':'5wd'%s",
             unit, more);
    on(w, "dp", "ticket.dispatch", number, all);
}

static void begin(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    file(w);
}

static size_t box(struct world *w, const char *as, const char *name)
{
    world_dof(w, as, "mine", "{'box':'%s'}", name);
    return json_array_size(world_rows(w, "tickets"));
}

static int64_t counted(struct world *w, const char *name)
{
    for (size_t i = 0; i < json_array_size(world_rows(w, "counts")); i++) {
        if (strcmp(world_cell(w, "counts", i, "box"), name) == 0) {
            return world_cell_int(w, "counts", i, "count");
        }
    }
    return -1;
}

/* One thing waits for that person, as that. */
static void expect_one(struct world *w, const char *as, const char *number,
                       const char *what, const char *role)
{
    assert_int_equal(box(w, as, "todo"), 1);
    assert_string_equal(world_cell(w, "tickets", 0, "number"), number);
    assert_string_equal(world_cell(w, "tickets", 0, "what"), what);
    assert_string_equal(world_cell(w, "tickets", 0, "role"), role);
    assert_int_equal(counted(w, "todo"), 1);
}

static void expect_none(struct world *w, const char *as)
{
    assert_int_equal(box(w, as, "todo"), 0);
    assert_int_equal(counted(w, "todo"), 0);
}

static void add_person(struct world *w, const char *code, const char *unit,
                       const char *role)
{
    world_dof(w, NULL, "person.add",
              "{'code':'%s','name':'李四','unit':'%s','role':'%s'}", code, unit,
              role);
}

/* -- whose it is -------------------------------------------------------------
 */

static void test_dispatcher_and_units(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    add_person(&w, "a3", "a", "handler");
    expect_one(&w, "dp", T1, "triage", "dispatcher");
    assert_string_equal(world_cell(&w, "tickets", 0, "title"), "贷款续贷");
    assert_string_equal(world_cell(&w, "tickets", 0, "light"), "green");
    assert_string_equal(world_cell(&w, "tickets", 0, "since"),
                        "2026-11-02T09:00:00+08:00");
    expect_none(&w, "zd");
    expect_none(&w, "a1");
    expect_none(&w, "qy1");
    send(&w, T1, "a", "");
    expect_none(&w, "dp");
    expect_one(&w, "a1", T1, "sign", "lead"); /* falls due before finish */
    expect_one(&w, "a2", T1, "sign", "lead");
    expect_none(&w, "b1");
    on(&w, "a1", "ticket.accept", T1, "");
    expect_one(&w, "a1", T1, "finish", "lead");
    assert_string_equal(world_cell(&w, "tickets", 0, "due"),
                        "2026-11-10T00:00:00+08:00");
    /* assigned: its handler's and the head's, not the others' */
    on(&w, "a1", "ticket.assign", T1, ",'person':'a2'");
    expect_one(&w, "a1", T1, "finish", "lead");
    expect_one(&w, "a2", T1, "finish", "lead");
    expect_none(&w, "a3");
    send(&w, T1, "b", ",'kind':'co'");
    on(&w, "b1", "ticket.accept", T1, "");
    assert_int_equal(box(&w, "b2", "todo"), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "role"), "co");
    on(&w, "a2", "ticket.return", T1, ",'reason':'不是本局职责'");
    expect_one(&w, "dp", T1, "return", "dispatcher");
    world_close(&w);
}

static void test_enterprise_and_guides(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    add_person(&w, "zy", "b", "guide");
    world_do(&w, NULL, "guide.assign",
             "{'enterprise':'" E1 "','person':'zy','as':'specialist'}");
    on(&w, "dp", "ticket.require", T1, ",'text':'缺合同'");
    expect_none(&w, "dp"); /* its triage is paused */
    expect_one(&w, "qy1", T1, "supplement", "enterprise");
    expect_one(&w, "zdy", T1, "supplement", "guide");
    expect_one(&w, "zy", T1, "supplement", "guide");
    expect_none(&w, "qy2");
    on(&w, "qy1", "ticket.supplement", T1, ",'text':'合同'");
    expect_none(&w, "qy1");
    send(&w, T1, "a", "");
    on(&w, "a2", "ticket.accept", T1, "");
    on(&w, "a2", "ticket.resolve", T1, ",'public':'已办'");
    expect_none(&w, "a2");
    expect_one(&w, "qy1", T1, "evaluate", "enterprise");
    expect_one(&w, "zdy", T1, "evaluate", "guide");
    on(&w, "qy1", "ticket.evaluate", T1, ",'score':1,'solved':false");
    expect_none(&w, "qy1");
    expect_one(&w, "a1", T1, "rework", "lead");
    expect_one(&w, "a2", T1, "rework", "lead");
    world_close(&w);
}

/* Of a refusal another office or a supervisor decides, of a score supervisors
 * only. */
static void test_appeals(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    on(&w, "dp", "ticket.decline", T1, ",'reason':'不属实'");
    on(&w, "qy1", "ticket.appeal", T1, ",'reason':'属实'");
    expect_none(&w, "dp");
    expect_one(&w, "zd", T1, "appeal", "dispatcher");
    expect_one(&w, "sup", T1, "appeal", "supervisor");
    on(&w, "sup", "ticket.decide_appeal", T1, ",'grant':true,'reason':'属实'");
    expect_none(&w, "zd");
    expect_one(&w, "dp", T1, "triage", "dispatcher");
    send(&w, T1, "a", "");
    on(&w, "a2", "ticket.accept", T1, "");
    on(&w, "a2", "ticket.resolve", T1, ",'public':'已办'");
    on(&w, "qy1", "ticket.evaluate", T1, ",'score':1,'solved':false");
    on(&w, "a1", "ticket.appeal_score", T1, ",'reason':'已办好'");
    expect_none(&w, "zd");
    expect_one(&w, "sup", T1, "appeal", "supervisor");
    world_close(&w);
}

/* One row a ticket, under the first of its clocks that are one's own. */
static void test_one_row_a_ticket(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    send(&w, T1, "a", "");
    on(&w, "a1", "ticket.accept", T1, "");
    on(&w, "sup", "ticket.supervise", T1, ",'text':'说明','limit':'1wd'");
    expect_one(&w, "a1", T1, "supervise", "lead");
    assert_string_equal(world_cell(&w, "tickets", 0, "due"),
                        "2026-11-04T00:00:00+08:00");
    on(&w, "a2", "ticket.reply", T1, ",'text':'在办'");
    expect_one(&w, "a1", T1, "finish", "lead");
    /* suspended, it waits for who suspended it */
    on(&w, "dp", "ticket.suspend", T1, ",'reason':'等规划'");
    expect_none(&w, "a1");
    expect_one(&w, "dp", T1, "suspension", "dispatcher");
    world_close(&w);
}

static void test_parts_and_meetings(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, "dp", "meeting.call",
             "{'title':'会','at':'2026-11-03T09:00:00+08:00'}");
    world_do(&w, "dp", "meeting.add", "{'meeting':1,'ticket':'" T1 "'}");
    /* its triage runs on beside the meeting: whichever falls due first */
    assert_int_equal(box(&w, "dp", "todo"), 1);
    world_do(&w, "dp", "meeting.decide",
             "{'meeting':1,'ticket':'" T1 "','decision':'split','text':'分'"
             ",'title':'通水'}");
    expect_one(&w, "dp", T2, "triage", "dispatcher");
    world_close(&w);
}

/* Who acts for another has what waits for them; it goes back by itself. */
static void test_delegation(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    send(&w, T1, "a", "");
    on(&w, "a1", "ticket.accept", T1, "");
    on(&w, "a1", "ticket.assign", T1, ",'person':'a2'");
    expect_none(&w, "c2");
    world_do(&w, "a2", "person.delegate",
             "{'to':'c2','until':'2026-11-04T00:00:00+08:00'}");
    expect_one(&w, "c2", T1, "finish", "lead");
    world_sleep(&w, "2026-11-04T09:00:00+08:00");
    expect_none(&w, "c2");
    world_close(&w);
}

/* -- lights ------------------------------------------------------------------
 */

static void test_lights(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    add_person(&w, "ld", "dcs", "leader");
    send(&w, T1, "a", "");
    on(&w, "a1", "ticket.accept", T1, "");
    on(&w, "dp", "ticket.leaders", T1, ",'leader':'ld'");
    expect_none(&w, "ld");
    assert_int_equal(box(&w, "a1", "soon"), 0);
    /* the last of five working days */
    world_sleep(&w, "2026-11-09T10:00:00+08:00");
    assert_int_equal(box(&w, "a1", "soon"), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "light"), "yellow");
    assert_int_equal(counted(&w, "soon"), 1);
    assert_int_equal(counted(&w, "todo"), 1);
    assert_int_equal(box(&w, "a1", "overdue"), 0);
    expect_none(&w, "ld");
    world_sleep(&w, "2026-11-10T00:00:00+08:00"); /* due by day: late now */
    assert_int_equal(box(&w, "a1", "soon"), 0);
    assert_int_equal(box(&w, "a1", "overdue"), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "light"), "red");
    assert_int_equal(counted(&w, "overdue"), 1);
    expect_one(&w, "ld", T1, "finish", "leader");
    assert_int_equal(box(&w, "ld", "overdue"), 1);
    world_close(&w);
}

/* -- done and told -----------------------------------------------------------
 */

static void test_done(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    file(&w);
    world_sleep(&w, "2026-11-02T09:10:00+08:00");
    send(&w, T2, "a", "");
    world_sleep(&w, "2026-11-02T09:20:00+08:00");
    send(&w, T1, "b", "");
    assert_int_equal(box(&w, "dp", "done"), 2);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), T1);
    assert_string_equal(world_cell(&w, "tickets", 0, "what"), "dispatched");
    assert_string_equal(world_cell(&w, "tickets", 0, "since"),
                        "2026-11-02T09:20:00+08:00");
    assert_string_equal(world_cell(&w, "tickets", 1, "number"), T2);
    assert_int_equal(counted(&w, "done"), 2);
    /* a later act brings it to the top, as the one row that it is */
    world_sleep(&w, "2026-11-02T09:30:00+08:00");
    on(&w, "dp", "ticket.note", T2, ",'text':'已联系'");
    world_do(&w, "dp", "mine", "{'box':'done','limit':1}");
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), T2);
    char mark[64];
    snprintf(mark, sizeof mark, "%s", world_text(&w, "next"));
    world_dof(&w, "dp", "mine", "{'box':'done','limit':1,'after':'%s'}", mark);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), T1);
    assert_string_equal(world_text(&w, "next"), "");
    assert_int_equal(box(&w, "qy1", "done"), 2); /* who filed has acted */
    assert_int_equal(box(&w, "a1", "done"), 0);
    world_close(&w);
}

static void test_told(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    send(&w, T1, "a", "");
    assert_int_equal(box(&w, "a1", "told"), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "what"), "dispatch");
    assert_int_equal(box(&w, "b1", "told"), 0);
    /* told as its handler and as one of the unit: once */
    on(&w, "a1", "ticket.accept", T1, "");
    on(&w, "a1", "ticket.assign", T1, ",'person':'a2'");
    on(&w, "sup", "ticket.supervise", T1, ",'text':'说明'");
    world_do(&w, "a2", "mine", "{'box':'told'}");
    static const char *const events[] = {"supervise", "assign", "dispatch"};
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(world_cell(&w, "tickets", i, "what"), events[i]);
    }
    assert_int_equal(counted(&w, "told"), 3);
    world_close(&w);
}

/* -- pages -------------------------------------------------------------------
 */

static void test_pages(void **state)
{
    struct world w;
    char all[12][24];
    (void)state;
    begin(&w);
    for (int i = 1; i < 12; i++) {
        file(&w);
    }
    for (int i = 1; i <= 12; i++) {
        char number[24];
        char limit[64];
        snprintf(number, sizeof number, "20261102-%03d", i);
        snprintf(limit, sizeof limit,
                 ",'unit':'a','measure':'办理','limit':'%dwd'", 1 + i % 4);
        on(&w, "dp", "ticket.dispatch", number, limit);
        on(&w, "a1", "ticket.accept", number, "");
    }
    assert_int_equal(box(&w, "a1", "todo"), 12);
    assert_int_equal(counted(&w, "todo"), 12);
    for (size_t i = 0; i < 12; i++) {
        snprintf(all[i], sizeof all[i], "%s",
                 world_cell(&w, "tickets", i, "number"));
    }
    /* the earliest due first: 4, 8, 12 have one day, and so on */
    static const char *const first[] = {"20261102-004", "20261102-008",
                                        "20261102-012", "20261102-001"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(all[i], first[i]);
    }
    char mark[64] = "";
    for (size_t seen = 0; seen < 12;) {
        if (mark[0] == '\0') {
            world_do(&w, "a1", "mine", "{'limit':5}");
        } else {
            world_dof(&w, "a1", "mine", "{'limit':5,'after':'%s'}", mark);
        }
        size_t n = json_array_size(world_rows(&w, "tickets"));
        assert_int_equal(n, seen < 10 ? 5 : 2);
        for (size_t i = 0; i < n; i++) {
            assert_string_equal(world_cell(&w, "tickets", i, "number"),
                                all[seen + i]);
        }
        seen += n;
        snprintf(mark, sizeof mark, "%s", world_text(&w, "next"));
        assert_true((mark[0] == '\0') == (seen == 12));
    }
    world_close(&w);
}

/* What an open import holds waits for nobody; the operator has nothing. */
static void test_held_and_operator(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "import.event",
             "{'event':{'at':'2026-11-02T08:00:00+08:00','as':'qy1',"
             "'method':'ticket.file','params':{'title':'旧件',"
             "'category':'financing'}},'occurrence':1}");
    expect_one(&w, "dp", T1, "triage", "dispatcher");
    world_do(&w, NULL, "mine", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 0);
    world_close(&w);
}

/* -- how it is read ----------------------------------------------------------
 */

/* No place is walked through or sorted, but for the few that are a person's
 * own: those begin at the person. */
static void test_plans(void **state)
{
    struct world w;
    char sql[PLACE_SQL_SIZE];
    char plan[PLACE_SQL_SIZE + 32];
    (void)state;
    begin(&w);
    for (int i = 0; i < 2 * PLACE_COUNT; i++) {
        enum place place = (enum place)(i / 2);
        struct cell binds[] = {cell_text("", "[1]"), cell_int("", 1),
                               cell_int("", 0), cell_int("", 0),
                               cell_int("", 0)};
        struct rows rows;
        place_sql(place, i % 2 == 1, sql);
        snprintf(plan, sizeof plan, "EXPLAIN QUERY PLAN %s", sql);
        assert_int_equal(rows_begin_text(w.writer, plan, binds, 5, &rows), OK);
        int steps = 0;
        while (rows_next(&rows)) {
            const char *step = rows_text(&rows, 3);
            bool walk = strncmp(step, "SCAN", 4) == 0 &&
                        strstr(step, "json_each") == NULL &&
                        strstr(step, "clock_appeal") == NULL;
            bool sort =
                place_split(place) && strstr(step, "TEMP B-TREE") != NULL;
            if (walk || sort) {
                fail_msg("%s\n%s", sql, step);
            }
            steps++;
        }
        assert_true(steps > 0);
        assert_int_equal(rows_end(&rows), OK);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dispatcher_and_units),
        cmocka_unit_test(test_enterprise_and_guides),
        cmocka_unit_test(test_appeals),
        cmocka_unit_test(test_one_row_a_ticket),
        cmocka_unit_test(test_parts_and_meetings),
        cmocka_unit_test(test_delegation),
        cmocka_unit_test(test_lights),
        cmocka_unit_test(test_done),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_held_and_operator),
        cmocka_unit_test(test_plans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
