/* What a ticket hangs together with: duplicates that are merged, the people
 * whose name it carries, who has to do with it, its parts. 2 November 2026 is a
 * Monday; November has no holidays. */
#include "scenario/whole.h"

/* -- merging -----------------------------------------------------------------
 */

static void test_merge(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "enterprise.move",
             "{'code':'" E2 "','chain':'boat','position':'member'}");
    file(&w, "qy2");
    assert_string_equal(world_text(&w, "number"), PART1);
    on(&w, "dp", "ticket.merge", PART1,
       ",'into':'" WHOLE "','reason':'同一件事'");
    assert_string_equal(world_text(&w, "state"), "merged");
    send(&w, WHOLE, "a");
    resolve(&w, WHOLE, "a");
    /* on their own number, and on no other */
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM notice n JOIN register r"
                        " ON r.id = n.target WHERE r.code = '" E2 "'"
                        " AND n.event = 31 AND n.ticket = 20261102000002"),
        1);
    assert_int_equal(world_count(&w,
                                 "SELECT count(*) FROM notice n JOIN register r"
                                 " ON r.id = n.target WHERE r.code = '" E2 "'"
                                 " AND n.ticket = 20261102000001"),
                     0);
    finish(&w);
}

static void test_merge_refusals(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    world_do(&w, "qy2", "ticket.file",
             "{'title':'别家','category':'financing'}"); /* zd's, not dp's */
    assert_int_equal(
        try_on(&w, "dp", "ticket.merge", WHOLE, ",'into':'" WHOLE "'"),
        ERR_BAD_PARAM);
    assert_int_equal(
        try_on(&w, "dp", "ticket.merge", WHOLE, ",'into':'" PART1 "'"),
        ERR_BAD_PARAM);
    assert_int_equal(
        try_on(&w, "dp", "ticket.merge", WHOLE, ",'into':'" PART3 "'"),
        ERR_NOT_FOUND);
    struct problem unseen = w.problem;
    assert_int_equal(
        try_on(&w, "dp", "ticket.merge", WHOLE, ",'into':'20261102-999'"),
        ERR_NOT_FOUND);
    assert_memory_equal(&unseen, &w.problem, sizeof unseen);
    on(&w, "qy1", "ticket.withdraw", PART2, "");
    assert_int_equal(
        try_on(&w, "dp", "ticket.merge", PART1, ",'into':'" PART2 "'"),
        ERR_BAD_STATE);
    assert_string_equal(w.problem.param, "into");
    assert_int_equal(
        try_on(&w, "a1", "ticket.merge", PART1, ",'into':'" WHOLE "'"),
        ERR_FORBIDDEN);
    finish(&w);
}

/* -- whose name it carries ---------------------------------------------------
 */

static void test_leaders(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, NULL, "person.add",
             "{'code':'ld','name':'李四','unit':'dcs','role':'leader'}");
    assert_int_equal(try_on(&w, "ld", "ticket.show", WHOLE, ""), ERR_NOT_FOUND);
    on(&w, "dp", "ticket.leaders", WHOLE, ",'leader':'ld','sponsor':'sup'");
    on(&w, "ld", "ticket.show", WHOLE, "");
    assert_int_equal(world_count(&w,
                                 "SELECT count(*) FROM notice n JOIN register r"
                                 " ON r.id = n.target WHERE r.code = 'ld'"),
                     1);
    /* an absent one stays, the other passes on */
    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    on(&w, "sup", "ticket.leaders", WHOLE, ",'sponsor':'ld'");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket_person"
                                     " WHERE to_seq IS NULL"),
                     2);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket_person"
                                     " WHERE to_seq IS NOT NULL"),
                     1);
    on(&w, "dp", "ticket.leaders", WHOLE, ",'end':'leader'");
    on(&w, "dp", "ticket.leaders", WHOLE, ",'end':'sponsor'");
    assert_int_equal(try_on(&w, "ld", "ticket.show", WHOLE, ""), ERR_NOT_FOUND);
    assert_int_equal(try_on(&w, "dp", "ticket.leaders", WHOLE, ""),
                     ERR_BAD_PARAM);
    assert_int_equal(try_on(&w, "dp", "ticket.leaders", WHOLE,
                            ",'end':'leader','leader':'ld'"),
                     ERR_BAD_PARAM);
    assert_int_equal(
        try_on(&w, "dp", "ticket.leaders", WHOLE, ",'leader':'nobody'"),
        ERR_NOT_FOUND);
    assert_string_equal(w.problem.param, "leader");
    finish(&w);
}

/* -- who has to do with it ---------------------------------------------------
 */

static void expect_row(struct world *w, const char *table, size_t row,
                       const char *a, const char *b, const char *c)
{
    json_t *cells = json_array_get(world_rows(w, table), row);
    const char *const wanted[] = {a, b, c};
    for (size_t i = 0; i < 3; i++) {
        const char *text = json_string_value(json_array_get(cells, i));
        assert_string_equal(text == NULL ? "" : text, wanted[i]);
    }
}

static void test_show_people_and_parts(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    world_do(&w, NULL, "person.add",
             "{'code':'zy','name':'王五','unit':'dcs','role':'guide'}");
    world_do(&w, NULL, "guide.assign",
             "{'enterprise':'" E1 "','person':'zy','as':'specialist'}");
    world_do(&w, NULL, "person.add",
             "{'code':'ld','name':'李四','unit':'dcs','role':'leader'}");
    on(&w, "dp", "ticket.leaders", PART1, ",'responsible':'ld'");
    on(&w, "dp", "ticket.dispatch", PART1,
       ",'unit':'b','kind':'co','measure':'配合'");
    on(&w, "a1", "ticket.assign", PART1, ",'person':'a2'");
    on(&w, "sup", "ticket.show", PART1, "");
    assert_string_equal(world_text(&w, "parent"), WHOLE);
    assert_int_equal(json_array_size(world_rows(&w, "people")), 5);
    expect_row(&w, "people", 0, "steward", "张三", "a局");
    expect_row(&w, "people", 1, "specialist", "王五", "督查室");
    expect_row(&w, "people", 2, "responsible", "李四", "督查室");
    expect_row(&w, "people", 3, "lead", "张三", "a局");
    expect_row(&w, "people", 4, "co", "", "b局");
    on(&w, "qy1", "ticket.show", WHOLE, "");
    assert_int_equal(json_array_size(world_rows(&w, "parts")), 2);
    expect_row(&w, "parts", 0, PART1, "通水", "dispatched");
    expect_row(&w, "parts", 1, PART2, "通电", "filed");
    assert_string_equal(world_cell(&w, "parts", 0, "light"), "green");
    finish(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_merge_refusals),
        cmocka_unit_test(test_leaders),
        cmocka_unit_test(test_show_people_and_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
