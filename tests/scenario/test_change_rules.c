/* Another version of the regulation: asked as what-if, then added, and open
 * tickets moved to it, all at once and in strides. */
#include "daemon/commands/rules/recompute.h"
#include "scenario/change.h"

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

static void with_body(struct world *w, const char *as, const char *method,
                      const char *name, const json_t *body)
{
    json_t *params = json_pack("{s:O}", name, body);
    char *text = json_dumps(params, JSON_COMPACT);
    world_do(w, as, method, text);
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
    with_body(&w, "sup", "deadline.what_if", "regulation", body);
    assert_int_equal(json_array_size(world_rows(&w, "changes")), 2);
    assert_change(&w, "20261102-001", "finish", "2026-11-10T00:00:00+08:00",
                  "2026-11-13T00:00:00+08:00");
    assert_string_equal(world_cell(&w, "changes", 0, "old_light"), "red");
    assert_string_equal(world_cell(&w, "changes", 0, "new_light"), "yellow");
    assert_change(&w, "20261102-004", "finish", "2026-11-14T00:00:00+08:00",
                  "2026-11-19T00:00:00+08:00");
    assert_int_equal(world_int(&w, "clocks"), 2);
    assert_first_and_third(&w);

    with_body(&w, NULL, "regulation.add", "body", body);
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
    with_body(&w, NULL, "regulation.add", "body", body);
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
    with_body(&w, NULL, "regulation.add", "body", body);
    with_body(&w, NULL, "regulation.add", "body", body);
    json_t *params = json_pack("{s:O, s:i}", "regulation", body, "limit", 400);
    json_decref(body);
    size_t rows = 0;
    int pages = 0;
    bool more = true;
    for (; more; pages++) {
        char *text = json_dumps(params, JSON_COMPACT);
        world_do(&w, "sup", "deadline.what_if", text);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrate),
        cmocka_unit_test(test_migrated_fires_again),
        cmocka_unit_test(test_migrate_in_strides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
