/* The register in time: guides change, departments merge, enterprises move,
 * people leave. What was reported stays byte for byte; today's scope follows;
 * no ticket is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

#define MONDAY "2026-11-02T09:00:00+08:00"
#define TUESDAY "2026-11-03T09:00:00+08:00"
#define WEDNESDAY "2026-11-04T09:00:00+08:00"

static const char first[] = "{'ticket':'20261102-001'}";

/* A ticket of `as` for unit a, on Monday. */
static void file_and_dispatch(struct world *w, const char *as, const char *by,
                              int serial)
{
    world_do(w, as, "ticket.file", "{'title':'x','category':'land'}");
    world_dof(w, by, "ticket.dispatch",
              "{'ticket':'20261102-%03d','unit':'a','measure':'x',"
              "'limit':'1wd'}",
              serial);
}

static char *report(struct world *w, const char *by, const char *at,
                    int64_t known)
{
    world_dof(w, "sup", "report.overdue", "{'by':'%s','at':'%s','known':%lld}",
              by, at, (long long)known);
    return json_dumps(w->result, 0);
}

/* The reports of an instant, as they were before a change, after it: at what
 * was known then, the same bytes; at what is known now, the same but for the
 * number. */
struct kept {
    const char *at;
    int64_t known;
    char *reports[4];
};
static const char *const groupings[] = {"department", "chain", "guide",
                                        "category"};

static void keep(struct world *w, struct kept *k, const char *at)
{
    k->at = at;
    k->known = store_head(w->writer);
    for (int i = 0; i < 4; i++) {
        k->reports[i] = report(w, groupings[i], at, k->known);
    }
}

static void same_text(char *got, char *want)
{
    assert_string_equal(got, want);
    free(got);
}

static void unchanged(struct world *w, struct kept *k)
{
    for (int i = 0; i < 4; i++) {
        same_text(report(w, groupings[i], k->at, k->known), k->reports[i]);
        world_dof(w, "sup", "report.overdue", "{'by':'%s','at':'%s'}",
                  groupings[i], k->at);
        assert_true(world_int(w, "known") > k->known);
        json_object_set_new(w->result, "known", json_integer(k->known));
        same_text(json_dumps(w->result, 0), k->reports[i]);
        free(k->reports[i]);
    }
}

static int64_t seen_by(struct world *w, const char *as)
{
    world_do(w, as, "ticket.list", "{}");
    return (int64_t)json_array_size(world_rows(w, "tickets"));
}

static void open_county(struct world *w)
{
    world_open(w, MONDAY);
    world_county(w);
}

/* -- mergers -----------------------------------------------------------------
 */

static void expect_only(struct world *w, const char *at, const char *name,
                        int64_t filed)
{
    world_dof(w, "sup", "report.overdue", "{'by':'department','at':'%s'}", at);
    assert_int_equal(json_array_size(world_rows(w, "overdue")), 1);
    assert_string_equal(world_cell(w, "overdue", 0, "department"), name);
    assert_int_equal(world_cell_int(w, "overdue", 0, "filed"), filed);
    world_dof(w, "sup", "report.lights", "{'at':'%s'}", at);
    assert_string_equal(world_cell(w, "lights", 0, "department"), name);
}

/* a is merged into b on Tuesday and b into c on Wednesday. */
static void test_merger(void **state)
{
    struct world w;
    struct kept monday;
    (void)state;
    open_county(&w);
    file_and_dispatch(&w, "qy1", "dp", 1);
    file_and_dispatch(&w, "qy1", "dp", 2);
    world_do(&w, "a1", "ticket.accept", first);
    world_do(&w, NULL, "department.add",
             "{'code':'a5','name':'a科','parent':'a'}");
    keep(&w, &monday, "2026-11-02T12:00:00+08:00");

    world_sleep(&w, TUESDAY);
    assert_int_equal(
        world_try(&w, "a1", "department.merge", "{'code':'a','into':'b'}"),
        ERR_FORBIDDEN);
    assert_int_equal(
        world_try(&w, NULL, "department.merge", "{'code':'a','into':'a'}"),
        ERR_BAD_PARAM);
    assert_int_equal(
        world_try(&w, NULL, "department.merge", "{'code':'a','into':'a5'}"),
        ERR_BAD_PARAM);
    assert_int_equal(
        world_try(&w, NULL, "department.merge", "{'code':'dcs','into':'b'}"),
        ERR_NOT_FOUND);
    assert_int_equal(world_try(&w, "b1", "ticket.show", first), ERR_NOT_FOUND);
    world_do(&w, NULL, "department.merge", "{'code':'a','into':'b'}");
    assert_int_equal(world_int(&w, "posts"), 3); /* a1, a2, zdy */
    unchanged(&w, &monday);
    expect_only(&w, TUESDAY, "b局", 2);
    expect_only(&w, "2026-11-03T08:59:59+08:00", "a局", 2);

    /* nothing new for a; the refusal says where to */
    assert_int_equal(world_try(&w, "dp", "ticket.dispatch",
                               "{'ticket':'20261102-001','unit':'a',"
                               "'kind':'co','measure':'x'}"),
                     ERR_NOT_FOUND);
    assert_string_equal(w.problem.detail, "it was merged into 'b'");
    /* both sides' people act for what was a's, and read it */
    world_do(&w, "b1", "ticket.accept", "{'ticket':'20261102-002'}");
    world_do(&w, "a1", "ticket.contact", first);
    assert_int_equal(seen_by(&w, "a2"), 2);
    assert_int_equal(seen_by(&w, "b2"), 2);
    world_do(&w, "sup", "ticket.list", "{'unit':'b'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 2);
    assert_string_equal(world_cell(&w, "tickets", 0, "unit"), "b局");
    world_do(&w, NULL, "department.list", "{}");
    assert_string_equal(world_cell(&w, "departments", 2, "parent"), "b局");
    assert_int_equal(world_try(&w, NULL, "registry.end", "{'code':'b'}"),
                     ERR_BLOCKED);
    assert_string_equal(w.problem.detail, "2 open dispatches");

    struct kept tuesday;
    keep(&w, &tuesday, "2026-11-03T12:00:00+08:00");
    world_sleep(&w, WEDNESDAY);
    world_do(&w, NULL, "department.merge", "{'code':'b','into':'c'}");
    unchanged(&w, &tuesday);
    expect_only(&w, WEDNESDAY, "c局", 2);
    expect_only(&w, TUESDAY, "b局", 2);
    expect_only(&w, MONDAY, "a局", 2);
    /* overdue since Wednesday 00:00, found under the unit there is */
    world_do(&w, "c1", "ticket.list", "{'overdue':true,'unit':'c'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 2);
    world_do(&w, "c1", "ticket.resolve",
             "{'ticket':'20261102-001','public':'x'}");
    assert_string_equal(world_text(&w, "state"), "resolved");
    world_verify(&w);
    world_close(&w);
}

/* -- an enterprise moves -----------------------------------------------------
 */

static void test_move(void **state)
{
    struct world w;
    struct kept monday;
    (void)state;
    open_county(&w);
    world_do(&w, NULL, "chain.add", "{'code':'food','name':'食品产业链'}");
    world_do(&w, NULL, "committee.add",
             "{'code':'fooddw','name':'食品党委','chain':'food'}");
    world_do(&w, NULL, "person.add",
             "{'code':'fp','name':'李四','unit':'fooddw','role':'dispatcher'}");
    file_and_dispatch(&w, "qy1", "dp", 1);
    world_do(&w, "qy1", "ticket.file", "{'title':'y','category':'land'}");
    world_do(&w, "qy1", "ticket.file", "{'title':'z','category':'land'}");
    world_do(&w, "dp", "ticket.decline",
             "{'ticket':'20261102-003','reason':'x'}");
    keep(&w, &monday, "2026-11-02T12:00:00+08:00");

    world_sleep(&w, TUESDAY);
    assert_int_equal(seen_by(&w, "fp"), 0);
    world_do(&w, NULL, "enterprise.move", "{'code':'" E1 "','chain':'food'}");
    assert_int_equal(world_int(&w, "handed"), 2);
    assert_true(json_is_true(json_object_get(w.result, "done")));
    unchanged(&w, &monday);
    /* asked again it changes nothing */
    world_do(&w, NULL, "enterprise.move", "{'code':'" E1 "','chain':'food'}");
    assert_int_equal(world_int(&w, "handed"), 0);
    assert_int_equal(w.seq, 0);

    /* the new committee decides, the old one reads its own hops on */
    assert_int_equal(seen_by(&w, "fp"), 2);
    assert_int_equal(seen_by(&w, "dp"), 3);
    assert_int_equal(world_try(&w, "dp", "ticket.dispatch",
                               "{'ticket':'20261102-002','unit':'b',"
                               "'measure':'x'}"),
                     ERR_FORBIDDEN);
    world_do(&w, "fp", "ticket.dispatch",
             "{'ticket':'20261102-002','unit':'b','measure':'x'}");
    world_do(&w, "dp", "ticket.show", "{'ticket':'20261102-002'}");
    world_do(&w, "qy1", "ticket.file", "{'title':'n','category':'land'}");
    assert_int_equal(
        world_try(&w, "dp", "ticket.show", "{'ticket':'20261103-001'}"),
        ERR_NOT_FOUND);
    world_do(&w, "sup", "report.overdue", "{'by':'chain'}");
    assert_string_equal(world_cell(&w, "overdue", 0, "chain"), "食品产业链");
    world_verify(&w);
    world_close(&w);
}

/* -- a guide is replaced -----------------------------------------------------
 */

static void test_guide(void **state)
{
    struct world w;
    struct kept monday;
    (void)state;
    open_county(&w);
    file_and_dispatch(&w, "qy1", "dp", 1);
    world_do(&w, NULL, "person.add",
             "{'code':'zdn','name':'王五','unit':'c','role':'guide'}");
    keep(&w, &monday, "2026-11-02T12:00:00+08:00");
    world_sleep(&w, TUESDAY);
    world_do(&w, "dp", "guide.assign",
             "{'enterprise':'" E1 "','person':'zdn'}");
    unchanged(&w, &monday);
    world_do(&w, "zdn", "ticket.show", first);
    assert_int_equal(world_try(&w, "zdy", "ticket.show", first), ERR_NOT_FOUND);
    world_do(&w, "zdy", "notice.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "notices")), 0);
    world_do(&w, "sup", "report.overdue", "{'by':'guide'}");
    assert_string_equal(world_cell(&w, "overdue", 0, "guide"), "王五");
    world_do(&w, "sup", "report.overdue", "{'by':'guide','at':'" MONDAY "'}");
    assert_string_equal(world_cell(&w, "overdue", 0, "guide"), "张三");
    world_verify(&w);
    world_close(&w);
}

/* -- a person leaves ---------------------------------------------------------
 */

enum {
    MANY = 510 /* more than a stride */
};

static int64_t assigned(struct world *w, const char *code)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM dispatch WHERE state IN (1, 2, 3) AND"
             " handler = (SELECT id FROM register WHERE code = '%s')",
             code);
    return world_count(w, sql);
}

static void blocked(struct world *w, const char *detail)
{
    assert_int_equal(world_try(w, NULL, "registry.end", "{'code':'a2'}"),
                     ERR_BLOCKED);
    assert_string_equal(w->problem.detail, detail);
}

static void test_handover(void **state)
{
    static const char to_b2[] = "{'code':'a2','to':'b2'}";
    static const char with_posts[] = "{'code':'a2','to':'b2','posts':true}";
    struct world w;
    (void)state;
    open_county(&w);
    for (int i = 1; i <= MANY; i++) {
        file_and_dispatch(&w, "qy1", "dp", i);
        world_dof(&w, "a1", "ticket.assign",
                  "{'ticket':'20261102-%03d','person':'a2'}", i);
    }
    world_do(&w, "dp", "ticket.leaders",
             "{'ticket':'20261102-007','leader':'a2'}");
    world_do(&w, "dp", "guide.assign", "{'enterprise':'" E1 "','person':'a2'}");
    assert_int_equal(assigned(&w, "a2"), MANY);
    int64_t seen = world_count(&w, "SELECT count(*) FROM ticket");

    blocked(&w, "510 dispatches assigned");
    assert_int_equal(world_try(&w, "a1", "person.handover", to_b2),
                     ERR_FORBIDDEN);
    assert_int_equal(
        world_try(&w, NULL, "person.handover", "{'code':'a2','to':'a2'}"),
        ERR_BAD_PARAM);
    /* b2 does not work in a, unless the post comes along */
    assert_int_equal(world_try(&w, NULL, "person.handover", to_b2),
                     ERR_BLOCKED);
    assert_int_equal(assigned(&w, "a2"), MANY);
    /* a contact cannot become a guide */
    assert_int_equal(world_try(&w, NULL, "person.handover",
                               "{'code':'a2','to':'qy2','posts':true}"),
                     ERR_BLOCKED);

    world_do(&w, NULL, "person.handover", with_posts);
    assert_true(json_is_false(json_object_get(w.result, "done")));
    assert_int_equal(world_int(&w, "posts"), 1);
    assert_int_equal(world_int(&w, "enterprises"), 1);
    assert_int_equal(world_int(&w, "names"), 1);
    assert_int_equal(assigned(&w, "a2") + assigned(&w, "b2"), MANY);
    assert_true(assigned(&w, "a2") > 0);
    world_do(&w, NULL, "person.handover", with_posts);
    assert_true(json_is_true(json_object_get(w.result, "done")));
    /* of the whole */
    assert_int_equal(world_int(&w, "posts"), 1);
    assert_int_equal(world_int(&w, "enterprises"), 1);
    assert_int_equal(world_int(&w, "names"), 1);
    assert_int_equal(world_int(&w, "dispatches"), MANY);
    assert_int_equal(assigned(&w, "a2"), 0);
    assert_int_equal(assigned(&w, "b2"), MANY);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket"), seen);
    world_do(&w, "b2", "ticket.list", "{'leader':'b2'}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    world_do(&w, "b2", "ticket.accept", first);
    assert_int_equal(world_try(&w, "a2", "ticket.show", first), ERR_FORBIDDEN);
    world_do(&w, NULL, "registry.end", "{'code':'a2'}");
    assert_int_equal(world_try(&w, "a2", "ticket.list", "{}"), ERR_NOT_FOUND);
    world_verify(&w);
    world_close(&w);
}

/* Within the unit the posts need not come along. */
static void test_handover_in_the_unit(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    file_and_dispatch(&w, "qy1", "dp", 1);
    world_do(&w, "a1", "ticket.assign",
             "{'ticket':'20261102-001','person':'a2'}");
    world_do(&w, NULL, "person.handover", "{'code':'a2','to':'a1'}");
    assert_int_equal(world_int(&w, "dispatches"), 1);
    assert_int_equal(world_int(&w, "posts"), 0);
    assert_int_equal(assigned(&w, "a1"), 1);
    /* what is left of a2 is the post: nothing waits for them */
    world_do(&w, NULL, "registry.end", "{'code':'a2'}");
    world_do(&w, "sup", "ticket.show", first);
    world_verify(&w);
    world_close(&w);
}

static void expect_handler(struct world *w, const char *code)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM dispatch WHERE handler ="
             " (SELECT id FROM register WHERE code = '%s')",
             code);
    assert_int_equal(world_count(w, sql), 1);
}

/* What is resolved comes back with a bad score: to who has taken over. */
static void test_handover_of_the_resolved(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    file_and_dispatch(&w, "qy1", "dp", 1);
    world_do(&w, "a1", "ticket.assign",
             "{'ticket':'20261102-001','person':'a2'}");
    world_do(&w, "a2", "ticket.accept", first);
    world_do(&w, "a2", "ticket.resolve",
             "{'ticket':'20261102-001','public':'x'}");
    blocked(&w, "1 dispatches assigned");
    assert_int_equal(
        world_try(&w, NULL, "person.handover", "{'code':'a2','to':'b2'}"),
        ERR_BLOCKED);
    world_do(&w, NULL, "person.handover", "{'code':'a2','to':'a1'}");
    assert_int_equal(world_int(&w, "dispatches"), 1);
    expect_handler(&w, "a1");
    world_do(&w, NULL, "person.handover", "{'code':'a2','to':'a1'}");
    assert_int_equal(world_int(&w, "dispatches"), 0);
    world_do(&w, NULL, "registry.end", "{'code':'a2'}");
    world_do(&w, "qy1", "ticket.evaluate",
             "{'ticket':'20261102-001','score':1,'solved':false}");
    assert_int_equal(assigned(&w, "a1"), 1);
    world_do(&w, "a1", "mine", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "tickets")), 1);
    assert_string_equal(world_cell(&w, "tickets", 0, "what"), "rework");
    world_verify(&w);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merger),
        cmocka_unit_test(test_move),
        cmocka_unit_test(test_guide),
        cmocka_unit_test(test_handover),
        cmocka_unit_test(test_handover_in_the_unit),
        cmocka_unit_test(test_handover_of_the_resolved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
