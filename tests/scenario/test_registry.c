/* The temporal register, the regulation's versions and a calendar that learns a
 * year while limits run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/commands/rules/recompute.h"
#include "lib/world.h"
#include "proto/regulation_json.h"

static void test_codes_are_unique(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    assert_int_equal(
        world_try(&w, NULL, "department.add", "{'code':'boat','name':'x'}"),
        ERR_EXISTS);
    assert_int_equal(
        world_try(&w, NULL, "person.add", "{'code':'operator','name':'x'}"),
        ERR_BAD_CODE);
    /* valid form, wrong check digit */
    assert_int_equal(world_try(&w, NULL, "enterprise.add",
                               "{'code':'91330921MA2B000030','name':'x'}"),
                     ERR_BAD_CODE);
    assert_int_equal(world_try(&w, NULL, "committee.add",
                               "{'code':'x','name':'x','chain':'boat'}"),
                     ERR_EXISTS);
    assert_int_equal(world_try(&w, NULL, "person.add",
                               "{'code':'x','name':'x','unit':'a',"
                               "'role':'enterprise'}"),
                     ERR_BAD_PARAM);
    assert_int_equal(
        world_try(&w, NULL, "person.add", "{'code':'x','name':'x','unit':'a'}"),
        ERR_BAD_PARAM);
    assert_int_equal(
        world_try(&w, "qy1", "chain.add", "{'code':'x','name':'x'}"),
        ERR_FORBIDDEN);
    world_close(&w);
}

static void test_lists(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "chain.list", "{}");
    assert_string_equal(world_cell(&w, "chains", 0, "committee"), "船舶党委");
    assert_int_equal(world_cell_int(&w, "chains", 0, "enterprises"), 1);
    world_do(&w, "qy1", "enterprise.list", "{'chain':'boat'}");
    assert_int_equal(json_array_size(world_rows(&w, "enterprises")), 1);
    assert_string_equal(world_cell(&w, "enterprises", 0, "guide"), "zdy");
    assert_string_equal(world_cell(&w, "enterprises", 0, "position"), "lead");
    /* a contact knows their guide and themselves; one of their own is not
       masked, and of nobody else there is a trace */
    size_t n = 0;
    world_do(&w, "qy1", "person.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "people")), 2);
    world_do(&w, "qy1", "enterprise.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "enterprises")), 1);
    assert_int_equal(world_try(&w, "qy1", "person.list", "{'unit':'" E2 "'}"),
                     ERR_NOT_FOUND);
    /* to an official people of other units are masked; pages join up */
    world_do(&w, "a1", "person.list", "{'limit':5}");
    assert_string_equal(world_cell(&w, "people", 0, "name"), "张*");
    assert_string_equal(world_cell(&w, "people", 0, "phone"), "138****1234");
    for (;;) {
        n += json_array_size(world_rows(&w, "people"));
        if (world_text(&w, "next")[0] == '\0') {
            break;
        }
        world_dof(&w, "a1", "person.list", "{'limit':5,'after':'%s'}",
                  world_text(&w, "next"));
    }
    assert_int_equal(n, 12);
    assert_int_equal(
        world_try(&w, "qy1", "person.list", "{'after':'nonsense'}"),
        ERR_BAD_PARAM);
    world_do(&w, "qy1", "guide.list", "{}");
    assert_string_equal(world_cell(&w, "guides", 0, "enterprise"), "甲船厂");
    world_close(&w);
}

/* Moving an enterprise, ending a department with and without open work. */
static void test_moves_and_ends(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x'}");
    assert_int_equal(world_try(&w, NULL, "registry.end", "{'code':'a'}"),
                     ERR_BLOCKED);
    assert_int_equal(world_try(&w, NULL, "registry.end", "{'code':'boat'}"),
                     ERR_BLOCKED);
    world_do(&w, NULL, "registry.end", "{'code':'b'}");
    assert_int_equal(world_try(&w, "dp", "ticket.dispatch",
                               "{'ticket':'20261102-001','unit':'b',"
                               "'kind':'co','measure':'x'}"),
                     ERR_NOT_FOUND);
    /* its head is still a person, but has no role any more */
    assert_int_equal(
        world_try(&w, "b1", "ticket.accept", "{'ticket':'20261102-001'}"),
        ERR_FORBIDDEN);
    world_do(&w, NULL, "department.add", "{'code':'b','name':'新b局'}");

    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    world_do(&w, NULL, "chain.add", "{'code':'food','name':'食品产业链'}");
    world_do(&w, NULL, "enterprise.move", "{'code':'" E1 "','chain':'food'}");
    world_do(&w, "sup", "report.overdue", "{'by':'chain'}");
    assert_string_equal(world_cell(&w, "overdue", 0, "chain"), "食品产业链");
    world_do(&w, "sup", "report.overdue",
             "{'by':'chain','at':'2026-11-03T08:59:59+08:00'}");
    assert_string_equal(world_cell(&w, "overdue", 0, "chain"), "船舶产业链");
    /* the new chain has no committee: the general office with a dispatcher */
    world_do(&w, "qy1", "ticket.file", "{'title':'y','category':'land'}");
    world_do(&w, "zd", "ticket.decline",
             "{'ticket':'20261103-001','reason':'x'}");
    assert_string_equal(world_text(&w, "state"), "declined");
    world_close(&w);
}

/* A ticket that waits for its evaluation may yet come back to its lead. */
static void test_lead_stays_until_archived(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x'}");
    world_do(&w, "a1", "ticket.accept", "{'ticket':'20261102-001'}");
    world_do(&w, "a1", "ticket.resolve",
             "{'ticket':'20261102-001','public':'x'}");
    assert_int_equal(world_try(&w, NULL, "registry.end", "{'code':'a'}"),
                     ERR_BLOCKED);
    world_do(&w, "qy1", "ticket.evaluate",
             "{'ticket':'20261102-001','score':5,'solved':true}");
    world_do(&w, "dp", "ticket.archive", "{'ticket':'20261102-001'}");
    world_do(&w, NULL, "registry.end", "{'code':'a'}");
    world_close(&w);
}

/* Filed on Monday the 28th of December 2026 with 5 wd. Unpublished, 1 January
 * 2027 (a Friday) works: 29, 30, 31, 1, 4 - due on the 5th. Published as a
 * holiday: 29, 30, 31, 4, 5 - due on the 6th. */
static void test_calendar_learns_a_year(void **state)
{
    static const char notice[] =
        "{'body':{'year':2027,'papers':['国办发明电〔2026〕9号'],'days':["
        "{'name':'元旦','date':'2027-01-01','isOffDay':true},"
        "{'name':'元旦','date':'2027-01-02','isOffDay':true}]}}";
    struct world w;
    (void)state;
    world_open(&w, "2026-12-28T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261228-001','unit':'a','measure':'x',"
             "'limit':'5wd'}");
    assert_string_equal(world_text(&w, "due"), "2027-01-05T00:00:00+08:00");
    world_sleep(&w, "2027-01-05T00:30:00+08:00");
    world_do(&w, "sup", "report.overdue", "{'by':'department'}");
    assert_int_equal(world_int(&w, "total_overdue"), 1);
    int64_t before = world_int(&w, "known");
    world_do(&w, NULL, "calendar.import", notice);
    assert_true(world_int(&w, "recomputed") >= 1);
    world_do(&w, "sup", "ticket.show", "{'ticket':'20261228-001'}");
    assert_string_equal(world_cell(&w, "clocks", 2, "clock"), "finish");
    assert_string_equal(world_cell(&w, "clocks", 2, "due"),
                        "2027-01-06T00:00:00+08:00");
    /* nobody signed: that is what the red light of the list is of */
    world_do(&w, "sup", "ticket.list", "{}");
    assert_string_equal(world_cell(&w, "tickets", 0, "light"), "red");
    assert_string_equal(world_cell(&w, "tickets", 0, "clock"), "sign");
    assert_string_equal(world_cell(&w, "tickets", 0, "due"),
                        "2026-12-28T11:00:00+08:00");
    world_do(&w, "sup", "report.overdue", "{'by':'department'}");
    assert_int_equal(world_int(&w, "total_overdue"), 0);
    /* what was reported then can be reported again */
    world_dof(&w, "sup", "report.overdue", "{'by':'department','known':%lld}",
              (long long)before);
    assert_int_equal(world_int(&w, "total_overdue"), 1);
    /* the same notice again changes no limit */
    world_do(&w, NULL, "calendar.import", notice);
    assert_int_equal(world_int(&w, "recomputed"), 0);
    world_do(&w, NULL, "calendar.list", "{}");
    size_t years = json_array_size(world_rows(&w, "years"));
    assert_int_equal(world_cell_int(&w, "years", years - 1, "year"), 2027);
    /* 261 Mondays to Fridays of 2027 less the one holiday on a Friday */
    assert_int_equal(world_cell_int(&w, "years", years - 1, "workdays"), 260);
    assert_int_equal(world_try(&w, NULL, "calendar.import",
                               "{'body':{'year':2027,'papers':[],"
                               "'days':[]}}"),
                     ERR_BAD_CALENDAR);
    world_close(&w);
}

enum {
    MANY = 1005 /* tickets: more than one stride of a recompute */
};

static void many_tickets(struct world *w)
{
    for (int i = 1; i <= MANY; i++) {
        world_do(w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
        world_dof(w, "dp", "ticket.dispatch",
                  "{'ticket':'20261228-%03d','unit':'a','measure':'x',"
                  "'limit':'5wd'}",
                  i);
    }
}

static int64_t due_on(struct world *w, const char *due)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM clock WHERE kind = 1 AND to_seq IS NULL"
             " AND due_at = CAST(strftime('%%s', '%s') AS INTEGER)",
             due);
    return world_count(w, sql);
}

/* Many tickets are reckoned in strides, each a record of its own; another
 * notice waits for the end of the first. The dues are those of the test above:
 * the 5th before, the 6th after, both at 00:00 +08:00. */
static void test_calendar_in_strides(void **state)
{
    static const char notice[] =
        "{'body':{'year':2027,'papers':['p'],'days':["
        "{'name':'元旦','date':'2027-01-01','isOffDay':true}]}}";
    static const char other[] =
        "{'body':{'year':2028,'papers':['p'],'days':["
        "{'name':'元旦','date':'2028-01-03','isOffDay':true}]}}";
    struct world w;
    (void)state;
    world_open(&w, "2026-12-28T09:00:00+08:00");
    world_county(&w);
    many_tickets(&w);
    assert_int_equal(due_on(&w, "2027-01-04 16:00:00"), MANY);
    world_do(&w, NULL, "calendar.import", notice);
    assert_true(json_is_false(json_object_get(w.result, "done")));
    assert_int_equal(due_on(&w, "2027-01-05 16:00:00"), STRIDE_TICKETS);
    for (int left = MANY - STRIDE_TICKETS; left >= 0; left -= STRIDE_TICKETS) {
        world_do(&w, NULL, "calendar.import", other);
        assert_true(json_is_false(json_object_get(w.result, "done")));
        assert_int_equal(world_int(&w, "year"), 2027);
    }
    assert_int_equal(due_on(&w, "2027-01-05 16:00:00"), MANY);
    world_do(&w, NULL, "calendar.import", other);
    assert_true(json_is_true(json_object_get(w.result, "done")));
    assert_int_equal(world_int(&w, "year"), 2028);
    assert_int_equal(world_int(&w, "recomputed"), 0);
    /* the first one asked again has nothing left to do */
    world_do(&w, NULL, "calendar.import", notice);
    assert_int_equal(world_int(&w, "recomputed"), 0);
    assert_int_equal(world_int(&w, "kept_as_moved"), 0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM calendar_year"
                                     " WHERE year = 2028"),
                     1);
    world_close(&w);
}

static enum err add_regulation(struct world *w, json_t *body)
{
    json_t *params = json_pack("{s:O}", "body", body);
    char *text = json_dumps(params, JSON_COMPACT);
    enum err err = world_try(w, NULL, "regulation.add", text);
    free(text);
    json_decref(params);
    return err;
}

/* A ticket keeps the version in force when it was filed. */
static void test_regulation_versions(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    json_t *body = json_loads(regulation_default_json, 0, NULL);
    assert_non_null(body);
    json_object_set_new(body, "effective",
                        json_string("2026-11-02T09:30:00+08:00"));
    json_object_set_new(body, "review", json_true());
    assert_int_equal(add_regulation(&w, body), OK);
    assert_int_equal(world_int(&w, "version"), 2);
    world_sleep(&w, "2026-11-02T10:00:00+08:00");
    world_do(&w, "qy1", "ticket.file", "{'title':'y','category':'land'}");
    static const char *const ends[] = {"resolved", "review"};
    for (int i = 0; i < 2; i++) {
        world_dof(&w, "dp", "ticket.dispatch",
                  "{'ticket':'20261102-00%d','unit':'a','measure':'x'}", i + 1);
        world_dof(&w, "a1", "ticket.accept", "{'ticket':'20261102-00%d'}",
                  i + 1);
        world_dof(&w, "a1", "ticket.resolve",
                  "{'ticket':'20261102-00%d','public':'x'}", i + 1);
        assert_string_equal(world_text(&w, "state"), ends[i]);
    }
    world_do(&w, "dp", "ticket.review",
             "{'ticket':'20261102-002','pass':false,'reason':'x'}");
    assert_string_equal(world_text(&w, "state"), "handling");
    /* before the newest one's date, or with errors: refused, the path named */
    json_object_set_new(body, "effective",
                        json_string("2026-11-01T00:00:00+08:00"));
    assert_int_equal(add_regulation(&w, body), ERR_BAD_REGULATION);
    assert_string_equal(w.problem.param, "effective");
    json_object_set_new(body, "review", json_integer(1));
    json_object_set_new(body, "nonsense", json_integer(1));
    assert_int_equal(add_regulation(&w, body), ERR_BAD_REGULATION);
    assert_non_null(strstr(w.problem.detail, "errors in all"));
    json_decref(body);
    world_do(&w, NULL, "regulation.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "regulations")), 2);
    world_do(&w, NULL, "regulation.show", "{}");
    assert_int_equal(world_int(&w, "version"), 2);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_are_unique),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_moves_and_ends),
        cmocka_unit_test(test_lead_stays_until_archived),
        cmocka_unit_test(test_calendar_learns_a_year),
        cmocka_unit_test(test_calendar_in_strides),
        cmocka_unit_test(test_regulation_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
