/* Who sees which ticket, and how much of it: delegation, leaders, complaints
 * against a unit, confidential tickets; and the credit codes of enterprises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

static const char first[] = "{'ticket':'20261102-001'}";

static void open_county(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
}

/* What one may not see is answered as what does not exist, everywhere. */
static void sees_nothing(struct world *w, const char *as, const char *ticket)
{
    struct problem none;
    assert_int_equal(
        world_try(w, as, "ticket.show", "{'ticket':'20261102-999'}"),
        ERR_NOT_FOUND);
    none = w->problem;
    assert_int_equal(world_try(w, as, "ticket.show", ticket), ERR_NOT_FOUND);
    assert_string_equal(w->problem.param, none.param);
    assert_string_equal(w->problem.expected, none.expected);
    assert_string_equal(w->problem.detail, none.detail);
    assert_int_equal(world_try(w, as, "notice.list", ticket), ERR_NOT_FOUND);
    world_do(w, as, "ticket.list", "{}");
    assert_int_equal(json_array_size(world_rows(w, "tickets")), 0);
    world_do(w, as, "notice.list", "{}");
    assert_int_equal(json_array_size(world_rows(w, "notices")), 0);
    world_do(w, as, "report.overdue", "{'by':'department'}");
    assert_int_equal(world_int(w, "total_filed"), 0);
}

static void sees_it(struct world *w, const char *as, const char *ticket)
{
    world_do(w, as, "ticket.show", ticket);
    world_do(w, as, "ticket.list", "{}");
    assert_int_equal(json_array_size(world_rows(w, "tickets")), 1);
    world_do(w, as, "report.overdue", "{'by':'category'}");
    assert_int_equal(world_int(w, "total_filed"), 1);
}

static void to_a(struct world *w, const char *extra)
{
    world_dof(w, "qy1", "ticket.file", "{'title':'x','category':'land'%s}",
              extra);
    world_do(w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x',"
             "'limit':'5wd'}");
}

/* -- acting for another ------------------------------------------------------
 */

static void test_delegation(void **state)
{
    static const char until[] =
        "{'to':'b2','until':'2026-11-03T18:00:00+08:00'}";
    struct world w;
    (void)state;
    open_county(&w);
    to_a(&w, "");
    sees_nothing(&w, "b2", first);
    world_do(&w, "a1", "person.delegate", until);
    world_do(&w, "b2", "person.delegate", "{'to':'c2'}");
    sees_it(&w, "b2", first);
    sees_nothing(&w, "c2", first); /* what was lent is not passed on */
    world_do(&w, "b2", "ticket.accept", first);
    /* the record is by who acted */
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM journal WHERE record LIKE"
                        " '%\"by\":\"b2\"%ticket.accept%'"),
        1);
    assert_int_equal(world_try(&w, "a1", "person.delegate", "{'to':'a1'}"),
                     ERR_BAD_PARAM);
    assert_int_equal(world_try(&w, "a1", "person.delegate",
                               "{'to':'b2','until':"
                               "'2026-11-02T08:00:00+08:00'}"),
                     ERR_BAD_PARAM);
    assert_int_equal(
        world_try(&w, "a1", "person.delegate", "{'from':'a2','to':'b2'}"),
        ERR_FORBIDDEN);
    assert_int_equal(world_try(&w, NULL, "person.delegate", "{'to':'b2'}"),
                     ERR_BAD_PARAM);
    /* an official does not act for an enterprise, nor the other way round */
    assert_int_equal(world_try(&w, "a1", "person.delegate", "{'to':'qy2'}"),
                     ERR_BLOCKED);
    assert_int_equal(world_try(&w, "qy1", "person.delegate", "{'to':'a2'}"),
                     ERR_NOT_FOUND); /* and does not learn who is one */
    /* at 18:00 it is over, by itself */
    int64_t head = store_head(w.writer);
    world_sleep(&w, "2026-11-03T17:59:59+08:00");
    sees_it(&w, "b2", first);
    world_sleep(&w, "2026-11-03T18:00:00+08:00");
    sees_nothing(&w, "b2", first);
    assert_int_equal(store_head(w.writer), head);
    world_verify(&w);
    world_close(&w);
}

static void test_delegation_ends(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    to_a(&w, "");
    world_do(&w, NULL, "person.delegate", "{'from':'a1','to':'b2'}");
    sees_it(&w, "b2", first);
    world_sleep(&w, "2026-11-02T10:00:00+08:00");
    world_do(&w, "a1", "person.delegate", "{'to':'b2','end':true}");
    sees_nothing(&w, "b2", first);
    assert_int_equal(
        world_try(&w, "a1", "person.delegate", "{'to':'b2','end':true}"),
        ERR_NOT_FOUND);
    /* a guide's enterprises are lent too, and with them the right to file */
    world_do(&w, "zdy", "person.delegate", "{'to':'b2'}");
    sees_it(&w, "b2", first);
    world_do(&w, "b2", "ticket.file",
             "{'title':'x','category':'land','enterprise':'" E1 "'}");
    /* an administrator lends nothing: see test_accounts.c */
    assert_int_equal(
        world_try(&w, NULL, "person.role", "{'code':'zdy','role':'system'}"),
        ERR_BLOCKED);
    world_verify(&w);
    world_close(&w);
}

/* -- leaders -----------------------------------------------------------------
 */

static void test_leader(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    to_a(&w, "");
    world_do(&w, NULL, "person.add",
             "{'code':'ld','name':'李四','unit':'zhb','role':'leader'}");
    world_do(&w, NULL, "person.add",
             "{'code':'la','name':'王五','unit':'a','role':'leader'}");
    sees_nothing(&w, "ld", first);
    sees_it(&w, "la", first); /* leads the unit that handles it */
    world_do(&w, "dp", "ticket.leaders",
             "{'ticket':'20261102-001','sponsor':'ld'}");
    sees_it(&w, "ld", first);
    world_do(&w, "dp", "ticket.leaders",
             "{'ticket':'20261102-001','end':'sponsor'}");
    sees_nothing(&w, "ld", first);
    world_verify(&w);
    world_close(&w);
}

/* -- complaints and confidential tickets -------------------------------------
 */

static void test_against(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'x','category':'land','against':'b'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x'}");
    /* b1 works in a too, and yet in b: sees nothing */
    sees_it(&w, "a2", first);
    world_do(&w, NULL, "person.role",
             "{'code':'b1','unit':'a','role':'handler'}");
    sees_nothing(&w, "b1", first);
    sees_it(&w, "sup", first);
    /* who takes b over is b */
    world_do(&w, NULL, "department.merge", "{'code':'b','into':'a'}");
    sees_nothing(&w, "a2", first);
    world_verify(&w);
    world_close(&w);
}

static void refuses_b(struct world *w, const char *method, const char *params)
{
    assert_int_equal(world_try(w, "dp", method, params), ERR_FORBIDDEN);
    assert_string_equal(w->problem.param, "unit");
    assert_string_equal(w->problem.detail,
                        "it has taken over the one complained of");
}

/* The complaint of c goes on when c is a part of b: to b it goes by no way. */
static void test_against_the_heir(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'x','category':'land','against':'c'}");
    world_do(&w, NULL, "department.merge", "{'code':'c','into':'b'}");
    refuses_b(&w, "ticket.dispatch",
              "{'ticket':'20261102-001','unit':'b','measure':'x'}");
    refuses_b(&w, "ticket.split",
              "{'ticket':'20261102-001','title':'y','unit':'b',"
              "'measure':'x'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x'}");
    refuses_b(&w, "ticket.dispatch",
              "{'ticket':'20261102-001','unit':'b','measure':'x',"
              "'kind':'co'}");
    refuses_b(&w, "ticket.transfer",
              "{'ticket':'20261102-001','unit':'b','reason':'x'}");
    world_do(&w, "dp", "meeting.call",
             "{'title':'会商','at':'2026-11-03T09:00:00+08:00'}");
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'b'}");
    world_do(&w, "dp", "meeting.add",
             "{'meeting':1,'ticket':'20261102-001','reason':'x'}");
    refuses_b(&w, "meeting.decide",
              "{'meeting':1,'ticket':'20261102-001','decision':'dispatch',"
              "'text':'x','unit':'b','measure':'x'}");
    sees_nothing(&w, "b2", first);
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM notice n JOIN register r"
                        " ON r.id = n.target WHERE r.code IN ('b', 'b1',"
                        " 'b2')"),
        0);
    /* what complains of nobody may go there */
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-002','unit':'b','measure':'x'}");
    world_verify(&w);
    world_close(&w);
}

/* A meeting that the heir is invited to later has nothing of it for it. */
static void test_the_heir_is_invited(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'x','category':'land','against':'c'}");
    world_do(&w, NULL, "department.merge", "{'code':'c','into':'b'}");
    world_do(&w, "dp", "meeting.call",
             "{'title':'会商','at':'2026-11-03T09:00:00+08:00'}");
    world_do(&w, "dp", "meeting.add",
             "{'meeting':1,'ticket':'20261102-001','reason':'x'}");
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'a'}");
    world_do(&w, "dp", "meeting.invite", "{'meeting':1,'unit':'b'}");
    static const char told[] = "SELECT count(*) FROM notice n JOIN register r"
                               " ON r.id = n.target WHERE r.code = '%s'";
    char sql[256];
    snprintf(sql, sizeof sql, told, "a");
    assert_int_equal(world_count(&w, sql), 1);
    snprintf(sql, sizeof sql, told, "b");
    assert_int_equal(world_count(&w, sql), 0);
    world_close(&w);
}

static void names_nobody(struct world *w, const char *as)
{
    world_do(w, as, "ticket.list", "{}");
    assert_string_equal(world_cell(w, "tickets", 0, "enterprise"), "");
    char *all = json_dumps(w->result, 0);
    assert_null(strstr(all, "甲船厂"));
    free(all);
    world_do(w, as, "ticket.list", "{'enterprise':'" E1 "'}");
    assert_int_equal(json_array_size(world_rows(w, "tickets")), 0);
    world_do(w, as, "report.overdue", "{'by':'guide'}");
    assert_int_equal(world_cell_int(w, "overdue", 0, "filed"), 1);
    assert_string_equal(world_cell(w, "overdue", 0, "guide"), "");
    world_do(w, as, "ticket.show", first);
    all = json_dumps(w->result, 0);
    assert_null(strstr(all, "甲船厂"));
    assert_null(strstr(all, E1));
    assert_null(strstr(all, "qy1"));
    free(all);
}

static void test_confidential(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    to_a(&w, ",'confidential':true");
    names_nobody(&w, "a1");
    names_nobody(&w, "a2");
    static const char *const know[] = {"qy1", "dp", "sup", "zdy"};
    for (int i = 0; i < 4; i++) {
        world_do(&w, know[i], "ticket.list", "{'enterprise':'" E1 "'}");
        assert_string_equal(world_cell(&w, "tickets", 0, "enterprise"),
                            "甲船厂");
    }
    world_verify(&w);
    world_close(&w);
}

/* -- credit codes ------------------------------------------------------------
 */

/* GB 32100: real codes; the last four, in legal use, fail the last digit. */
static void test_credit_codes(void **state)
{
    static const char *const agreeing[] = {
        "91350200MA2YJ1XR9G", "91350200776049653A", "91350500798359476R",
        "91350503MA31DKY80A", "91350200MA31E12PXF", "91440101MA5CJQ4N59",
        "913502000728319549", "123502001549897397", "91350503MA31DNG762",
        "913502115628130384", "9135021359498494XQ", "91350203MA31NDF85F",
        "91350203MA32AXT97E", "91350203MA31XXW31H", "91350206MA31LUJ437",
        "91350213678251743X"};
    static const char *const failing[] = {
        "91350203M0001QAY9B", "91350100M0001TGQXM", "91350211M0000XUF46",
        "91350203M0001FUE2P"};
    struct world w;
    (void)state;
    open_county(&w);
    for (size_t i = 0; i < 16; i++) {
        world_dof(&w, NULL, "enterprise.add", "{'code':'%s','name':'x'}",
                  agreeing[i]);
        assert_null(json_object_get(w.result, "warned"));
    }
    for (size_t i = 0; i < 4; i++) {
        char params[96];
        snprintf(params, sizeof params, "{'code':'%s','name':'x'}", failing[i]);
        assert_int_equal(world_try(&w, NULL, "enterprise.add", params),
                         ERR_BAD_CODE);
        world_dof(&w, NULL, "enterprise.add",
                  "{'code':'%s','name':'x','force':true}", failing[i]);
        assert_true(json_is_true(json_object_get(w.result, "warned")));
    }
    /* the organisation's own digit fails, the last one agrees */
    assert_int_equal(world_try(&w, NULL, "enterprise.add",
                               "{'code':'91350200MA2YJ1XR8D','name':'x'}"),
                     ERR_BAD_CODE);
    world_do(&w, NULL, "enterprise.add",
             "{'code':'91350200MA2YJ1XR8D','name':'x','force':true}");
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM register WHERE warned = 1"), 7);
    world_verify(&w);
    world_close(&w);
}

static size_t listed(struct world *w, const char *as, const char *params)
{
    world_do(w, as, "ticket.list", params);
    return json_array_size(world_rows(w, "tickets"));
}

/* Lists of enterprises have a way of their own (ticket_enterprise): it finds
 * what the scope says, for a contact who is named on a ticket of others, too.
 */
static void test_lists_of_enterprises(void **state)
{
    static const char late[] = "{'overdue':true}";
    static const char of_e1[] = "{'enterprise':'" E1 "'}";
    static const char late_of_e1[] = "{'enterprise':'" E1 "','overdue':true}";
    struct world w;
    (void)state;
    open_county(&w);
    for (int i = 1; i <= 4; i++) {
        const char *as = i % 2 == 1 ? "qy1" : "qy2";
        world_do(&w, as, "ticket.file", "{'title':'x','category':'land'}");
        world_dof(&w, i % 2 == 1 ? "dp" : "zd", "ticket.dispatch",
                  "{'ticket':'20261102-%03d','unit':'a','measure':'x',"
                  "'limit':'1wd'}",
                  i);
    }
    world_sleep(&w, "2026-11-05T09:00:00+08:00");
    assert_int_equal(listed(&w, "qy1", "{}"), 2);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-003");
    assert_string_equal(world_cell(&w, "tickets", 1, "number"), "20261102-001");
    assert_int_equal(listed(&w, "qy1", late), 2);
    assert_int_equal(listed(&w, "sup", of_e1), 2);
    assert_int_equal(listed(&w, "sup", late_of_e1), 2);
    assert_string_equal(world_cell(&w, "tickets", 0, "number"), "20261102-001");
    /* another enterprise's code is to a contact as one that is not there */
    assert_int_equal(world_try(&w, "qy2", "ticket.list", of_e1), ERR_NOT_FOUND);
    assert_int_equal(listed(&w, "qy1", "{'limit':1}"), 1);
    assert_int_equal(listed(&w, "sup", "{'chain':'boat'}"), 2);
    world_do(&w, "dp", "ticket.leaders",
             "{'ticket':'20261102-001','sponsor':'qy2'}");
    assert_int_equal(listed(&w, "qy2", "{}"), 3);
    assert_int_equal(listed(&w, "qy2", late), 3);
    assert_int_equal(world_try(&w, "qy2", "ticket.list", of_e1), ERR_NOT_FOUND);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delegation),
        cmocka_unit_test(test_delegation_ends),
        cmocka_unit_test(test_leader),
        cmocka_unit_test(test_against),
        cmocka_unit_test(test_against_the_heir),
        cmocka_unit_test(test_the_heir_is_invited),
        cmocka_unit_test(test_confidential),
        cmocka_unit_test(test_credit_codes),
        cmocka_unit_test(test_lists_of_enterprises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
