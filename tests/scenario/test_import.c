/* History: events at their own times on tickets that import made, clocks firing
 * at their own instants, nothing told, nothing twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

static enum err line(struct world *w, const char *at, const char *as,
                     const char *method, const char *params)
{
    char text[2048];
    snprintf(text, sizeof text,
             "{'event':{'at':'%s','as':'%s','method':'%s','params':{%s}},"
             "'occurrence':0}",
             at, as, method, params);
    return world_try(w, NULL, "import.event", text);
}

static void take(struct world *w, const char *at, const char *as,
                 const char *method, const char *params)
{
    enum err err = line(w, at, as, method, params);
    if (err != OK) {
        fail_msg("%s %s: %s %s %s", at, method, err_name(err), w->problem.param,
                 w->problem.detail);
    }
    assert_true(json_is_true(json_object_get(w->result, "added")));
}

static void begin(struct world *w)
{
    world_open(w, "2026-11-20T09:00:00+08:00");
    world_county(w);
}

/* A ticket of 2015 with a limit of its own, resolved, then silent. */
static void old_ticket(struct world *w)
{
    take(w, "2015-01-05T09:00:00-05:00", "qy1", "ticket.file",
         "'title':'x','category':'other','channel':'hotline','ref':'101'");
    take(w, "2015-01-05T09:00:00-05:00", "dp", "ticket.dispatch",
         "'ticket':'101','unit':'a','due':'2015-01-01T00:00:00-05:00'");
    take(w, "2015-01-05T09:00:00-05:00", "a1", "ticket.accept",
         "'ticket':'101'");
    take(w, "2015-01-07T09:00:00-05:00", "a1", "ticket.resolve",
         "'ticket':'101'");
}

static void test_settle_and_show(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    old_ticket(&w);
    world_do(&w, "sup", "ticket.show", "{'ticket':'101'}");
    assert_string_equal(world_text(&w, "number"), "20150105-001");
    assert_string_equal(world_text(&w, "state"), "resolved");
    assert_string_equal(world_text(&w, "filed"), "2015-01-05T22:00:00+08:00");
    /* the live timer leaves held clocks alone */
    assert_int_equal(world_fire(&w), 0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM notice"), 0);
    world_do(&w, NULL, "import.settle", "{}");
    assert_true(json_is_true(json_object_get(w.result, "done")));
    world_do(&w, "sup", "ticket.show", "{'ticket':'101'}");
    assert_string_equal(world_text(&w, "state"), "archived");
    size_t n = json_array_size(world_rows(&w, "timeline"));
    /* resolved on the 7th at 22:00: evaluate 5wd ends with the 14th */
    assert_string_equal(world_cell(&w, "timeline", n - 2, "event"), "silence");
    assert_string_equal(world_cell(&w, "timeline", n - 2, "at"),
                        "2015-01-15T00:00:00+08:00");
    assert_string_equal(world_cell(&w, "timeline", n - 1, "event"), "archive");
    assert_string_equal(world_cell(&w, "timeline", n - 1, "at"),
                        "2015-01-23T00:00:00+08:00");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM escalation"), 0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM notice"), 0);
    world_do(&w, "sup", "report.overdue", "{'by':'department'}");
    assert_string_equal(world_text(&w, "imported_share"), "100.0%");
    assert_int_equal(world_int(&w, "total_overdue"), 1);
    world_close(&w);
}

static void test_clocks_fire_before_the_line(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    old_ticket(&w);
    /* evaluated after its silence was due: the silence comes first */
    take(&w, "2015-01-16T09:00:00+08:00", "qy1", "ticket.evaluate",
         "'ticket':'101','score':5,'solved':true");
    world_do(&w, "sup", "ticket.show", "{'ticket':'101'}");
    size_t n = json_array_size(world_rows(&w, "timeline"));
    assert_string_equal(world_cell(&w, "timeline", n - 2, "event"), "silence");
    assert_string_equal(world_cell(&w, "timeline", n - 1, "event"), "evaluate");
    assert_int_equal(world_int(&w, "score"), 5);
    /* out of order for its ticket */
    assert_int_equal(line(&w, "2015-01-10T09:00:00+08:00", "qy1", "ticket.note",
                          "'ticket':'101','text':'x'"),
                     ERR_FORBIDDEN);
    assert_int_equal(line(&w, "2015-01-10T09:00:00+08:00", "sup", "ticket.note",
                          "'ticket':'101','text':'x'"),
                     ERR_OUT_OF_ORDER);
    world_close(&w);
}

static void test_twice_adds_nothing(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    old_ticket(&w);
    int64_t head = store_head(w.writer);
    static const char same[] =
        "{'event':{'method':'ticket.file','as':'qy1','params':{'ref':'101',"
        "'channel':'hotline','category':'other','title':'x'},"
        "'at':'2015-01-05T09:00:00-05:00'},'occurrence':%d}";
    world_dof(&w, NULL, "import.event", same, 0); /* members in another order */
    assert_true(json_is_false(json_object_get(w.result, "added")));
    assert_int_equal(world_int(&w, "seq"), 0);
    assert_int_equal(store_head(w.writer), head);
    /* the same line a second time in the file is another event, and refused
     * here only because its reference is taken */
    char second[512];
    snprintf(second, sizeof second, same, 1);
    assert_int_equal(world_try(&w, NULL, "import.event", second), ERR_EXISTS);
    /* a key counts instead of the content */
    static const char keyed[] =
        "{'event':{'at':'2015-02-01T00:00:00Z','as':'qy1','key':'k1',"
        "'method':'ticket.file','params':{'title':'%s','category':'other'}},"
        "'occurrence':%d}";
    world_dof(&w, NULL, "import.event", keyed, "y", 0);
    assert_true(json_is_true(json_object_get(w.result, "added")));
    world_dof(&w, NULL, "import.event", keyed, "z", 5);
    assert_true(json_is_false(json_object_get(w.result, "added")));
    world_close(&w);
}

static void test_refusals(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, "dp", "ticket.file",
             "{'title':'x','category':'other','ref':'live',"
             "'enterprise':'" E1 "'}");
    /* who would learn from a refusal which references are in use */
    assert_int_equal(world_try(&w, "qy1", "ticket.file",
                               "{'title':'x','category':'other','ref':'live'}"),
                     ERR_FORBIDDEN);
    int64_t head = store_head(w.writer);
    assert_int_equal(line(&w, "2026-11-20T09:00:00+08:00", "dp",
                          "ticket.decline", "'ticket':'live','reason':'x'"),
                     ERR_FORBIDDEN);
    assert_int_equal(line(&w, "2026-11-20T09:00:01+08:00", "qy1", "ticket.file",
                          "'title':'x','category':'other'"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "event.at");
    assert_int_equal(
        line(&w, "2015-01-05T09:00:00", "dp", "calendar.import", ""),
        ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "event.method");
    assert_int_equal(line(&w, "2015-01-05T09:00:00", "operator", "ticket.file",
                          "'title':'x','category':'other'"),
                     ERR_FORBIDDEN);
    assert_int_equal(line(&w, "2015-01-05T09:00:00", "qy1", "ticket.file",
                          "'title':'x','category':'other','extra':1"),
                     ERR_BAD_PARAM);
    assert_int_equal(line(&w, "2015-01-05T09:00:00", "a1", "ticket.accept",
                          "'ticket':'nothing'"),
                     ERR_NOT_FOUND);
    assert_int_equal(store_head(w.writer), head);
    world_close(&w);
}

/* A person whose registration has ended still acted in the past. */
static void test_former_people(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    static const char at[] = "2015-01-02T00:00:00+08:00";
    take(&w, at, "operator", "department.add", "'code':'old','name':'老局'");
    take(&w, at, "operator", "person.add",
         "'code':'gone','name':'李四','unit':'old','role':'head'");
    old_ticket(&w);
    take(&w, "2015-01-07T10:00:00-05:00", "sup", "ticket.rework",
         "'ticket':'101','reason':'x'");
    take(&w, "2015-01-07T11:00:00-05:00", "dp", "ticket.dispatch",
         "'ticket':'101','unit':'old','kind':'co','limit':'none'");
    take(&w, "2015-06-01T00:00:00+08:00", "operator", "person.role",
         "'code':'gone','unit':'old','role':'head','end':true");
    take(&w, "2015-03-01T00:00:00+08:00", "gone", "ticket.accept",
         "'ticket':'101'");
    assert_int_equal(line(&w, "2015-07-01T00:00:00+08:00", "gone",
                          "ticket.contact", "'ticket':'101'"),
                     ERR_FORBIDDEN);
    world_close(&w);
}

/* After the close imported tickets are ordinary: what lies ahead fires, what
 * has passed does not. */
static void test_close(void **state)
{
    struct world w;
    (void)state;
    begin(&w); /* Friday the 20th */
    take(&w, "2026-11-17T09:00:00+08:00", "qy1", "ticket.file",
         "'title':'x','category':'other','ref':'r'");
    take(&w, "2026-11-17T09:00:00+08:00", "dp", "ticket.dispatch",
         "'ticket':'r','unit':'a','limit':'5wd'");
    assert_int_equal(world_fire(&w), 0);
    world_do(&w, NULL, "import.close", "{}");
    assert_int_equal(world_int(&w, "released"), 1);
    assert_int_equal(world_fire(&w), 0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM escalation"), 0);
    assert_int_equal(line(&w, "2026-11-18T09:00:00+08:00", "a1",
                          "ticket.accept", "'ticket':'r'"),
                     ERR_TOO_LATE);
    world_do(&w, "a1", "ticket.accept", "{'ticket':'r'}");
    assert_true(world_count(&w, "SELECT count(*) FROM notice") > 0);
    world_at(&w, "2026-11-25T12:00:00+08:00");
    assert_true(world_count(&w, "SELECT count(*) FROM escalation") > 0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM escalation"
                                     " WHERE late_s <> 0"),
                     0);
    world_close(&w);
}

/* A calendar that is mended while an import is open: the limits of its tickets
 * are reckoned anew as of their own latest event, so that what the file tells
 * later still follows. Each clock is seen once, whatever the instant. */
static void test_calendar_between_lines(void **state)
{
    /* 2015's notice with the 20th of January for a holiday: 13, 14, 15, 16, 19
       were the 5 wd of the 12th, now the same; of the 14th one day more */
    static const char notice[] =
        "{'body':{'year':2015,'papers':['x'],'days':["
        "{'name':'x','date':'2015-01-20','isOffDay':true}]}}";
    struct world w;
    (void)state;
    begin(&w);
    take(&w, "2015-01-14T09:00:00+08:00", "qy1", "ticket.file",
         "'title':'x','category':'other','ref':'r'");
    take(&w, "2015-01-14T10:00:00+08:00", "dp", "ticket.dispatch",
         "'ticket':'r','unit':'a','limit':'5wd'");
    world_do(&w, NULL, "calendar.import", notice);
    assert_true(world_int(&w, "recomputed") >= 1);
    int64_t known = store_head(w.writer);
    take(&w, "2015-01-15T09:00:00+08:00", "a1", "ticket.accept",
         "'ticket':'r'");
    take(&w, "2015-01-16T09:00:00+08:00", "dp", "ticket.dispatch",
         "'ticket':'r','unit':'b','kind':'co','limit':'5wd'");
    take(&w, "2015-01-16T10:00:00+08:00", "a1", "ticket.return",
         "'ticket':'r','reason':'x'");
    take(&w, "2015-01-22T09:00:00+08:00", "dp", "ticket.decide",
         "'ticket':'r','dispatch':1,'grant':true,'fault':'unit','reason':'x'");
    static const char *const at[] = {
        "2015-01-14T12:00:00+08:00", "2015-01-15T12:00:00+08:00",
        "2015-01-16T12:00:00+08:00", "2015-01-23T09:00:00+08:00",
        "2016-01-01T00:00:00+08:00"};
    static const int filed[] = {1, 1, 2, 2, 2};
    for (int i = 0; i < 5; i++) {
        world_dof(&w, "sup", "report.overdue", "{'by':'department','at':'%s'}",
                  at[i]);
        assert_int_equal(world_int(&w, "total_filed"), filed[i]);
        world_dof(&w, "sup", "report.overdue",
                  "{'by':'department','at':'%s','known':%lld}", at[i],
                  (long long)known);
        assert_int_equal(world_int(&w, "total_filed"), 1);
    }
    world_close(&w);
}

/* More tickets than one stride: the first call ends the taking of history, the
 * second releases the rest; every clock is free then, and each only once. */
static void test_close_in_strides(void **state)
{
    enum {
        TICKETS = 2003
    };
    struct world w;
    (void)state;
    begin(&w);
    for (int i = 0; i < TICKETS; i++) {
        char params[96];
        snprintf(params, sizeof params,
                 "'title':'x','category':'other','ref':'s%d'", i);
        take(&w, "2026-11-19T09:00:00+08:00", "qy1", "ticket.file", params);
    }
    world_do(&w, NULL, "import.close", "{}");
    assert_true(json_is_false(json_object_get(w.result, "done")));
    assert_true(world_int(&w, "released") < TICKETS);
    assert_true(world_count(&w, "SELECT count(*) FROM clock WHERE held") > 0);
    assert_int_equal(line(&w, "2026-11-19T10:00:00+08:00", "qy1", "ticket.file",
                          "'title':'late','category':'other'"),
                     ERR_TOO_LATE);
    world_do(&w, NULL, "import.close", "{}");
    assert_true(json_is_true(json_object_get(w.result, "done")));
    assert_int_equal(world_int(&w, "released"), TICKETS);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM clock WHERE held"),
                     0);
    assert_int_equal(world_try(&w, NULL, "import.close", "{}"), ERR_TOO_LATE);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settle_and_show),
        cmocka_unit_test(test_clocks_fire_before_the_line),
        cmocka_unit_test(test_twice_adds_nothing),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_former_people),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_close_in_strides),
        cmocka_unit_test(test_calendar_between_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
