/* What changes when the rules do: a notice for next year, another version of
 * the regulation, and a suspension, each first asked as what-if and then done.
 * Every due here was counted by hand; the days are written beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/commands/recompute.h"
#include "lib/world.h"

/* 2027: Friday the 1st and Wednesday the 6th of January rest. Unpublished,
 * both work. */
#define NOTICE                                               \
    "{'year':2027,'papers':['p'],'days':["                   \
    "{'name':'元旦','date':'2027-01-01','isOffDay':true}," \
    "{'name':'休息','date':'2027-01-06','isOffDay':true}]}"

/* A ticket on Monday the 28th of December 2026, to unit a with 5 wd: 29, 30,
 * 31, 1, 4, so due on the 5th; under the notice 29, 30, 31, 4, 5, so on the
 * 6th. Accepted and answered at once: only finish and overall run on. */
static void send(struct world *w, const char *number, const char *more)
{
    world_do(w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_dof(w, "dp", "ticket.dispatch",
              "{'ticket':'%s','unit':'a','measure':'x'%s}", number, more);
    world_dof(w, "a1", "ticket.accept", "{'ticket':'%s'}", number);
    world_dof(w, "a1", "ticket.answer", "{'ticket':'%s','public':'x'}", number);
}

static void open_december(struct world *w)
{
    world_open(w, "2026-12-28T09:00:00+08:00");
    world_county(w);
}

/* The row of a table in which two columns have these values; -1: none. */
static int row_of(struct world *w, const char *table, const char *a,
                  const char *is_a, const char *b, const char *is_b)
{
    size_t n = json_array_size(world_rows(w, table));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(world_cell(w, table, i, a), is_a) == 0 &&
            strcmp(world_cell(w, table, i, b), is_b) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void assert_change(struct world *w, const char *number,
                          const char *clock, const char *old, const char *new)
{
    int row = row_of(w, "changes", "number", number, "clock", clock);
    if (row < 0) {
        fail_msg("%s %s does not change", number, clock);
    }
    size_t i = (size_t)row;
    assert_string_equal(world_cell(w, "changes", i, "old_due"), old);
    assert_string_equal(world_cell(w, "changes", i, "new_due"), new);
}

static void assert_due(struct world *w, const char *number, const char *clock,
                       const char *due)
{
    world_dof(w, "sup", "ticket.show", "{'ticket':'%s'}", number);
    size_t n = json_array_size(world_rows(w, "clocks"));
    while (n > 0 &&
           strcmp(world_cell(w, "clocks", n - 1, "clock"), clock) != 0) {
        n--;
    }
    assert_true(n > 0); /* the latest of that kind */
    assert_string_equal(world_cell(w, "clocks", n - 1, "due"), due);
}

/* Asks what the notice would do to one clock, imports it, and sees it done. */
static void notice_moves(struct world *w, const char *clock, const char *old,
                         const char *new)
{
    assert_due(w, "20261228-001", clock, old);
    world_do(w, NULL, "deadline.what_if", "{'calendar':" NOTICE "}");
    int64_t clocks = world_int(w, "clocks");
    assert_change(w, "20261228-001", clock, old, new);
    assert_int_equal(world_int(w, "kept_as_moved"), 0);
    assert_int_equal(world_int(w, "tickets"), 1);
    assert_due(w, "20261228-001", clock, old); /* asking changes nothing */
    world_do(w, NULL, "calendar.import", "{'body':" NOTICE "}");
    assert_int_equal(world_int(w, "recomputed"), clocks);
    assert_int_equal(world_int(w, "kept_as_moved"), 0);
    assert_due(w, "20261228-001", clock, new);
    world_do(w, NULL, "calendar.import", "{'body':" NOTICE "}");
    assert_int_equal(world_int(w, "recomputed"), 0);
}

/* -- a notice ----------------------------------------------------------------
 */

/* Suspended on Wednesday the 30th with 31, 1, 4 left, resumed on Monday the
 * 4th: 5, 6, 7, due on the 8th. Under the notice 31, 4, 5 were left: 5, 7, 8,
 * due on the 9th. */
static void test_after_a_pause(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    world_sleep(&w, "2027-01-04T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    notice_moves(&w, "finish", "2027-01-08T00:00:00+08:00",
                 "2027-01-09T00:00:00+08:00");
    world_close(&w);
}

/* The notice comes while it is suspended: due on the 6th. Resumed on Tuesday
 * the 5th with 31, 4, 5 left: 7, 8, 11, due on the 12th. */
static void test_during_a_pause(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    notice_moves(&w, "finish", "2027-01-05T00:00:00+08:00",
                 "2027-01-06T00:00:00+08:00");
    world_sleep(&w, "2027-01-05T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    assert_due(&w, "20261228-001", "finish", "2027-01-12T00:00:00+08:00");
    world_close(&w);
}

static void extend(struct world *w, const char *granted)
{
    world_do(w, "a1", "ticket.extend",
             "{'ticket':'20261228-001','limit':'3wd','reason':'x'}");
    world_dof(w, "dp", "ticket.decide_extension",
              "{'ticket':'20261228-001','grant':true%s}", granted);
}

/* 3 wd from the 4th on: 5, 6, 7, due on the 8th. Under the notice from the 5th
 * on: 7, 8, 11, due on the 12th. */
static void test_after_an_extension(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, "");
    notice_moves(&w, "finish", "2027-01-08T00:00:00+08:00",
                 "2027-01-12T00:00:00+08:00");
    world_close(&w);
}

/* A store of before does not know what the extension counted: the due stays,
 * and it is said how many. */
static void test_what_is_not_known(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, "");
    world_count(&w, "UPDATE clock SET moved_unit = NULL"
                    " WHERE moved_unit IS NOT NULL RETURNING 1");
    world_do(&w, NULL, "calendar.import", "{'body':" NOTICE "}");
    assert_int_equal(world_int(&w, "kept_as_moved"), 1);
    assert_due(&w, "20261228-001", "finish", "2027-01-08T00:00:00+08:00");
    world_close(&w);
}

/* Granted other than asked: 1 wd, the 5th, due on the 6th. Under the notice the
 * 7th, due on the 8th. */
static void test_after_another_grant(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, ",'limit':'1wd'");
    notice_moves(&w, "finish", "2027-01-06T00:00:00+08:00",
                 "2027-01-08T00:00:00+08:00");
    world_close(&w);
}

/* An individual plan of 5 wd is the overall limit too, and waits for the lead
 * that was given more time: as above. */
static void test_overall_waits_for_its_lead(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", ",'limit':'5wd','plan':'x'");
    extend(&w, "");
    notice_moves(&w, "overall", "2027-01-08T00:00:00+08:00",
                 "2027-01-12T00:00:00+08:00");
    assert_due(&w, "20261228-001", "finish", "2027-01-12T00:00:00+08:00");
    world_verify(&w);
    world_close(&w);
}

/* Both: 3 wd more, due on the 8th; suspended on the 30th with 31, 1, 4, 5, 6, 7
 * left, resumed on the 4th: 5, 6, 7, 8, 11, 12, due on the 13th. Under the
 * notice due on the 12th first, 31, 4, 5, 7, 8, 11 left: 5, 7, 8, 11, 12, 13,
 * due on the 14th. */
static void test_after_both(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    world_sleep(&w, "2027-01-04T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    notice_moves(&w, "finish", "2027-01-13T00:00:00+08:00",
                 "2027-01-14T00:00:00+08:00");
    world_close(&w);
}

/* What is left is handed on: still the 5th, and under the notice the 6th; not 5
 * wd from the 30th on. */
static void test_after_a_transfer(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.transfer",
             "{'ticket':'20261228-001','unit':'b','reason':'x'}");
    notice_moves(&w, "finish", "2027-01-05T00:00:00+08:00",
                 "2027-01-06T00:00:00+08:00");
    world_close(&w);
}

/* A co-handler's 3 wd from the 31st on would be 1, 4, 5: cut to the lead's due,
 * the 5th. Under the notice 4, 5, 7: cut to the 6th. */
static void test_after_a_cut(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-31T10:00:00+08:00");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261228-001','unit':'b','kind':'co','measure':'x'}");
    notice_moves(&w, "finish", "2027-01-05T00:00:00+08:00",
                 "2027-01-06T00:00:00+08:00");
    world_close(&w);
}

/* -- a regulation -----------------------------------------------------------
 */

/* Version 1 with 8 wd to finish, and without the category `other`. */
static json_t *next_regulation(struct world *w)
{
    world_do(w, NULL, "regulation.show", "{'version':1}");
    json_t *body = json_deep_copy(json_object_get(w->result, "body"));
    json_t *limits = json_object_get(body, "limits");
    json_t *categories = json_object_get(body, "categories");
    assert_int_equal(json_object_set_new(json_object_get(limits, "finish"),
                                         "default", json_string("8wd")),
                     0);
    json_array_remove(categories, json_array_size(categories) - 1);
    json_object_set_new(body, "effective",
                        json_string("2026-11-11T00:00:00+08:00"));
    return body;
}

static void with_body(struct world *w, const char *method, const char *name,
                      const json_t *body)
{
    json_t *params = json_pack("{s:O}", name, body);
    char *text = json_dumps(params, JSON_COMPACT);
    world_do(w, NULL, method, text);
    free(text);
    json_decref(params);
}

/* Filed on Monday the 2nd of November 2026; it is Wednesday the 11th.
 *   1  5 wd by the regulation: 3, 4, 5, 6, 9, due on the 10th: red.
 *      8 wd: 10, 11, 12 too, due on the 13th: yellow, since no more than a
 *      third of 8, which is 2, is left.
 *   2  3 wd of its own: 3, 4, 5, due on the 6th, stays red
 *   3  of the category `other`: left alone
 *   4  suspended on the 4th with 5, 6, 9 left, resumed on the 10th: 11, 12, 13,
 *      due on the 14th: green, with 2 left and a third of 5 being 1. 8 wd: 5,
 *      6, 9, 10, 11, 12 were left: 11, 12, 13, 16, 17, 18, due on the 19th:
 *      green. */
static void four_tickets(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    send(w, "20261102-001", "");
    send(w, "20261102-002", ",'limit':'3wd'");
    world_do(w, "qy1", "ticket.file", "{'title':'x','category':'other'}");
    send(w, "20261102-004", "");
    world_at(w, "2026-11-04T10:00:00+08:00");
    world_do(w, "dp", "ticket.suspend",
             "{'ticket':'20261102-004','reason':'x'}");
    world_at(w, "2026-11-10T10:00:00+08:00");
    world_do(w, "dp", "ticket.resume", "{'ticket':'20261102-004'}");
    world_at(w, "2026-11-11T09:00:00+08:00");
}

static void assert_first_and_third(struct world *w)
{
    assert_int_equal(world_int(w, "lights_changed"), 1);
    assert_int_equal(world_int(w, "kept_as_moved"), 0);
    assert_int_equal(world_int(w, "left_alone"), 1);
    assert_string_equal(world_cell(w, "alone", 0, "number"), "20261102-003");
    assert_string_equal(world_cell(w, "alone", 0, "missing"), "category");
}

static void test_migrate(void **state)
{
    struct world w;
    (void)state;
    four_tickets(&w);
    json_t *body = next_regulation(&w);
    with_body(&w, "deadline.what_if", "regulation", body);
    assert_int_equal(json_array_size(world_rows(&w, "changes")), 2);
    assert_change(&w, "20261102-001", "finish", "2026-11-10T00:00:00+08:00",
                  "2026-11-13T00:00:00+08:00");
    assert_string_equal(world_cell(&w, "changes", 0, "old_light"), "red");
    assert_string_equal(world_cell(&w, "changes", 0, "new_light"), "yellow");
    assert_change(&w, "20261102-004", "finish", "2026-11-14T00:00:00+08:00",
                  "2026-11-19T00:00:00+08:00");
    assert_int_equal(world_int(&w, "clocks"), 2);
    assert_first_and_third(&w);

    with_body(&w, "regulation.add", "body", body);
    json_decref(body);
    assert_int_equal(
        world_try(&w, NULL, "regulation.migrate", "{'to':3,'reason':'x'}"),
        ERR_NOT_FOUND);
    world_do(&w, NULL, "regulation.migrate", "{'to':2,'reason':'新规程'}");
    assert_true(json_is_true(json_object_get(w.result, "done")));
    assert_int_equal(world_int(&w, "migrated"), 3);
    assert_int_equal(world_int(&w, "recomputed"), 2);
    assert_first_and_third(&w);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-001");
    assert_string_equal(world_cell(&w, "tickets", 0, "before"), "red");
    assert_string_equal(world_cell(&w, "tickets", 0, "after"), "yellow");
    assert_due(&w, "20261102-001", "finish", "2026-11-13T00:00:00+08:00");
    assert_due(&w, "20261102-002", "finish", "2026-11-06T00:00:00+08:00");
    assert_due(&w, "20261102-004", "finish", "2026-11-19T00:00:00+08:00");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket WHERE"
                                     " regulation = 2"),
                     3);
    /* a record for each, and again there is nothing to do */
    assert_int_equal(world_count(&w, "SELECT count(*) FROM journal WHERE record"
                                     " LIKE '%\"method\":\"regulation.migrate\""
                                     ",\"ticket\":%'"),
                     3);
    world_do(&w, NULL, "regulation.migrate", "{'to':2,'reason':'x'}");
    assert_int_equal(world_int(&w, "migrated"), 0);
    world_verify(&w);
    world_close(&w);
}

/* The first had been told red on the 10th; on the 13th it turns red anew and is
 * told once more. What had fired and lies behind does not fire again. */
static void test_migrated_fires_again(void **state)
{
    static const char told[] =
        "SELECT count(*) FROM escalation e JOIN clock c ON c.ticket = e.ticket"
        " AND c.n = e.clock AND c.to_seq IS NULL WHERE c.kind = 1"
        " AND e.ticket = 20261102000001";
    struct world w;
    (void)state;
    four_tickets(&w);
    int64_t before = world_count(&w, told);
    assert_int_equal(before, 3); /* half, yellow, red */
    json_t *body = next_regulation(&w);
    with_body(&w, "regulation.add", "body", body);
    json_decref(body);
    world_do(&w, NULL, "regulation.migrate", "{'to':2,'reason':'x'}");
    world_at(&w, "2026-11-12T23:00:00+08:00");
    assert_int_equal(world_count(&w, told), 3);
    world_at(&w, "2026-11-13T09:00:00+08:00");
    assert_int_equal(world_count(&w, told), 4);
    world_verify(&w);
    world_close(&w);
}

enum {
    MANY = 1003 /* more than a stride */
};

/* The first stride done, another move waits; pages of what-if are as long as
 * asked for and come to the same sum. */
static void test_migrate_in_strides(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-11T09:00:00+08:00");
    world_county(&w);
    json_t *body = next_regulation(&w);
    for (int i = 1; i <= MANY; i++) {
        world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
        world_dof(&w, "dp", "ticket.dispatch",
                  "{'ticket':'20261111-%03d','unit':'a','measure':'x'}", i);
    }
    json_object_set_new(body, "effective",
                        json_string("2026-12-01T00:00:00+08:00"));
    with_body(&w, "regulation.add", "body", body);
    with_body(&w, "regulation.add", "body", body);
    json_t *params = json_pack("{s:O, s:i}", "regulation", body, "limit", 400);
    json_decref(body);
    size_t rows = 0;
    int pages = 0;
    bool more = true;
    for (; more; pages++) {
        char *text = json_dumps(params, JSON_COMPACT);
        world_do(&w, NULL, "deadline.what_if", text);
        free(text);
        size_t n = json_array_size(world_rows(&w, "changes"));
        assert_true(n <= 400);
        rows += n;
        json_t *next = json_object_get(w.result, "next");
        more = next != NULL;
        json_object_set(params, "after", next);
    }
    json_decref(params);
    assert_int_equal(rows, MANY);
    assert_int_equal(pages, 3);
    world_do(&w, NULL, "regulation.migrate", "{'to':2,'reason':'x'}");
    assert_true(json_is_false(json_object_get(w.result, "done")));
    assert_int_equal(world_int(&w, "migrated"), STRIDE_TICKETS);
    assert_int_equal(
        world_try(&w, NULL, "regulation.migrate", "{'to':3,'reason':'x'}"),
        ERR_BAD_STATE);
    assert_string_equal(w.problem.expected, "to=2");
    while (!json_is_true(json_object_get(w.result, "done"))) {
        world_do(&w, NULL, "regulation.migrate", "{'to':2,'reason':'x'}");
    }
    assert_int_equal(world_int(&w, "migrated"), MANY);
    world_do(&w, NULL, "regulation.migrate", "{'to':3,'from':1,'reason':'x'}");
    assert_int_equal(world_int(&w, "migrated"), 0);
    world_close(&w);
}

/* -- a suspension ------------------------------------------------------------
 */

/* As after a pause: the 8th; and it is so when it is done. */
static void test_suspension(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "deadline.what_if",
             "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00'}");
    assert_change(&w, "20261228-001", "finish", "2027-01-05T00:00:00+08:00",
                  "2027-01-08T00:00:00+08:00");
    world_do(&w, "sup", "ticket.show", "{'ticket':'20261228-001'}");
    assert_string_equal(world_text(&w, "state"), "handling");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    world_sleep(&w, "2027-01-04T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    assert_due(&w, "20261228-001", "finish", "2027-01-08T00:00:00+08:00");
    world_close(&w);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *as;
        const char *params;
        enum err err;
    } refused[] = {
        {NULL, "{}", ERR_BAD_PARAM},
        {NULL, "{'ticket':'20261228-001'}", ERR_BAD_PARAM},
        {NULL, "{'ticket':'20261228-001','until':'2026-12-28T09:00:00+08:00'}",
         ERR_BAD_PARAM},
        {NULL,
         "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00',"
         "'calendar':" NOTICE "}",
         ERR_BAD_PARAM},
        {NULL, "{'calendar':{'year':2027,'days':[]}}", ERR_BAD_CALENDAR},
        {NULL, "{'regulation':{'name':'x'}}", ERR_BAD_REGULATION},
        /* filed and not yet dispatched: nothing to suspend */
        {NULL, "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00'}",
         ERR_BAD_STATE},
        /* another office's ticket is not there for it */
        {"zd", "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00'}",
         ERR_NOT_FOUND},
        {"qy1", "{'calendar':" NOTICE "}", ERR_FORBIDDEN},
    };
    struct world w;
    (void)state;
    open_december(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        enum err err =
            world_try(&w, refused[i].as, "deadline.what_if", refused[i].params);
        if (err != refused[i].err) {
            fail_msg("%s: %s", refused[i].params, err_name(err));
        }
    }
    /* a dispatcher is told of their own tickets only */
    world_do(&w, "zd", "deadline.what_if", "{'calendar':" NOTICE "}");
    assert_int_equal(world_int(&w, "tickets"), 0);
    world_do(&w, "dp", "deadline.what_if", "{'calendar':" NOTICE "}");
    assert_int_equal(world_int(&w, "tickets"), 1);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_after_a_pause),
        cmocka_unit_test(test_during_a_pause),
        cmocka_unit_test(test_after_an_extension),
        cmocka_unit_test(test_what_is_not_known),
        cmocka_unit_test(test_after_another_grant),
        cmocka_unit_test(test_overall_waits_for_its_lead),
        cmocka_unit_test(test_after_both),
        cmocka_unit_test(test_after_a_transfer),
        cmocka_unit_test(test_after_a_cut),
        cmocka_unit_test(test_migrate),
        cmocka_unit_test(test_migrated_fires_again),
        cmocka_unit_test(test_migrate_in_strides),
        cmocka_unit_test(test_suspension),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
