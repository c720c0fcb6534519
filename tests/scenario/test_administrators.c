/* The three administrators: how they come to be, apart from each other and from
 * everything else; the last security administrator. */
#include "scenario/letting_in.h"

/* -- the first three ---------------------------------------------------------
 */

static void test_first_three(void **state)
{
    static const char *const codes[] = {"system", "security", "audit"};
    struct first_account first[ADMINISTRATORS];
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    int64_t head = store_head(w.writer);
    make_administrators(&w, first);
    assert_int_equal(store_head(w.writer), head + 3);
    for (int i = 0; i < ADMINISTRATORS; i++) {
        assert_string_equal(first[i].code, codes[i]);
        assert_password(&w, codes[i], first[i].password);
    }
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM relation WHERE kind = 3 AND"
                        " object = 0 AND detail IN (7, 8, 9)"),
        3);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM journal WHERE"
                                     " record LIKE '%password%' OR"
                                     " record LIKE '%account%'"),
                     0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM audit WHERE what ="
                                     " 'account.add' AND account = 'operator'"),
                     3);
    world_verify(&w);
    world_close(&w);
}

/* Nobody can log in any more: the same three, whatever kept them out. */
static void test_let_in_again(void **state)
{
    struct first_account first[ADMINISTRATORS];
    struct first_account again[ADMINISTRATORS];
    struct lockout locked = {5, 1000, 2000};
    struct account a;
    struct world w;
    char token[TOKEN_SIZE];
    bool fatal = false;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    make_administrators(&w, first);
    log_in(&w, "security", token);
    alive(&w, token);
    assert_int_equal(store_begin(w.writer), OK);
    assert_int_equal(account_find(w.writer, "audit", &a), OK);
    a.disabled = true;
    a.disabled_at = w.now;
    a.totp = true;
    assert_int_equal(account_put(w.writer, &a), OK);
    assert_int_equal(lockout_put(w.writer, "audit", "10.9.9.9", &locked), OK);
    assert_int_equal(store_commit(w.writer, &fatal), OK);

    int64_t head = store_head(w.writer);
    make_administrators(&w, again);
    assert_int_equal(store_head(w.writer), head); /* no new person */
    for (int i = 0; i < ADMINISTRATORS; i++) {
        assert_string_equal(again[i].code, first[i].code);
        assert_string_not_equal(again[i].password, first[i].password);
        assert_password(&w, again[i].code, again[i].password);
    }
    dead(&w, token);
    assert_int_equal(account_find(w.reader, "audit", &a), OK);
    assert_false(a.disabled);
    assert_false(a.totp);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM lockout"), 0);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM audit"
                                     " WHERE what = 'account.reset'"),
                     3);
    world_close(&w);
}

/* As in a store of before: the names are taken, and who has one of the roles
 * has it in a unit and not alone. */
static void test_names_are_taken(void **state)
{
    struct first_account first[ADMINISTRATORS];
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_do(&w, NULL, "office.add", "{'code':'system','name':'系统科'}");
    world_do(&w, NULL, "person.add", "{'code':'security','name':'保卫科'}");
    world_do(&w, NULL, "person.add",
             "{'code':'old','name':'老张','unit':'system','role':'head'}");
    bool fatal = false;
    assert_int_equal(store_begin(w.writer), OK);
    struct record record = {.at = w.now,
                            .recorded = w.now,
                            .by = "operator",
                            .method = "person.role"};
    int64_t seq = 0;
    assert_int_equal(store_record_open(w.writer, &record, &seq), OK);
    struct cell cells[] = {
        cell_int("id", store_next_id(w.writer, TABLE_RELATION)),
        cell_int("kind", 3),
        cell_int("subject", 3),
        cell_int("object", 1),
        cell_int("detail", 9),
        cell_int("from_at", w.now),
        cell_null("to_at"),
        cell_int("from_seq", seq),
        cell_null("to_seq")};
    assert_int_equal(store_put(w.writer, TABLE_RELATION, cells, 9), OK);
    assert_int_equal(store_record_close(w.writer, &seq), OK);
    assert_int_equal(store_commit(w.writer, &fatal), OK);

    make_administrators(&w, first);
    assert_string_equal(first[0].code, "system-2");
    assert_string_equal(first[1].code, "security-2");
    assert_string_equal(first[2].code, "audit"); /* old has two roles */
    refused(&w, "security-2", "account.add", "{'account':'old'}", ERR_BLOCKED,
            "account");
    world_do(&w, "security-2", "person.role",
             "{'code':'old','role':'audit','end':true}");
    world_do(&w, "security-2", "account.add", "{'account':'old'}");
    world_close(&w);
}

/* -- apart -------------------------------------------------------------------
 */

static void test_form_of_roles(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    world_do(&w, "system", "person.add", "{'code':'n','name':'新人'}");
    refused(&w, "security", "person.role",
            "{'code':'n','unit':'a','role':'audit'}", ERR_BAD_PARAM, "unit");
    refused(&w, "system", "person.role", "{'code':'n','role':'head'}",
            ERR_BAD_PARAM, "unit");
    refused(&w, "system", "person.add", "{'code':'m','name':'x','role':'head'}",
            ERR_BAD_PARAM, "unit");
    refused(&w, "system", "person.add", "{'code':'m','name':'x','unit':'a'}",
            ERR_BAD_PARAM, "role");
    world_do(&w, "security", "person.role", "{'code':'n','role':'audit'}");
    refused(&w, "security", "person.role", "{'code':'n','role':'audit'}",
            ERR_EXISTS, "role");
    refused(&w, "security", "person.role",
            "{'code':'n','role':'system','end':true}", ERR_NOT_FOUND, "role");
    world_do(&w, "sup", "person.list", "{'limit':1000}");
    world_verify(&w);
    world_close(&w);
}

static void test_three_exclude_all(void **state)
{
    static const char *const three[] = {"system", "security", "audit"};
    static const char *const seven[] = {"enterprise", "guide",   "dispatcher",
                                        "head",       "handler", "leader",
                                        "supervisor"};
    struct world w;
    char params[160];
    (void)state;
    open_world(&w);
    for (int i = 0; i < 3; i++) {
        world_dof(&w, "system", "person.add", "{'code':'n%d','name':'新'}", i);
        world_dof(&w, "security", "person.role", "{'code':'n%d','role':'%s'}",
                  i, three[i]);
        for (int k = 0; k < 3; k++) { /* each other */
            snprintf(params, sizeof params, "{'code':'n%d','role':'%s'}", i,
                     three[k]);
            assert_int_equal(world_try(&w, "security", "person.role", params),
                             i == k ? ERR_EXISTS : ERR_BLOCKED);
        }
        for (int k = 0; k < 7; k++) { /* every other role */
            snprintf(params, sizeof params,
                     "{'code':'n%d','unit':'%s','role':'%s'}", i,
                     k == 0   ? E1
                     : k == 2 ? "zhb"
                              : "a",
                     seven[k]);
            refused(&w, "system", "person.role", params, ERR_BLOCKED, "role");
        }
        for (int k = 0; k < 5; k++) { /* and from the other side */
            static const char *const holders[] = {"dp", "a1", "a2", "sup",
                                                  "qy1"};
            snprintf(params, sizeof params, "{'code':'%s','role':'%s'}",
                     holders[k], three[i]);
            refused(&w, "security", "person.role", params, ERR_BLOCKED, "role");
        }
    }
    /* without the other roles it can be */
    world_do(&w, "system", "person.role",
             "{'code':'a2','unit':'a','role':'handler','end':true}");
    world_do(&w, "security", "person.role", "{'code':'a2','role':'audit'}");
    world_verify(&w);
    world_close(&w);
}

/* What is given otherwise than by a role. */
static void test_nothing_else_is_given(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'贷款','text':'续贷','category':'financing'}");
    refused(&w, "system", "guide.assign",
            "{'enterprise':'" E2 "','person':'audit'}", ERR_BLOCKED, "person");
    refused(&w, "dp", "ticket.leaders",
            "{'ticket':'20261102-001','leader':'audit'}", ERR_BLOCKED,
            "leader");
    refused(&w, "system", "person.handover", "{'code':'a2','to':'audit'}",
            ERR_BLOCKED, "to");
    refused(&w, "system", "person.handover",
            "{'code':'a2','to':'audit','posts':true}", ERR_BLOCKED, "to");
    refused(&w, "system", "person.handover",
            "{'code':'audit','to':'a2','posts':true}", ERR_BLOCKED, "code");
    refused(&w, "a1", "person.delegate", "{'to':'audit'}", ERR_BLOCKED, "to");
    refused(&w, "system", "person.delegate", "{'from':'audit','to':'a1'}",
            ERR_BLOCKED, "from");
    refused(&w, "system", "person.delegate", "{'to':'a1'}", ERR_BLOCKED,
            "from");
    assert_int_equal(world_try(&w, "audit", "person.delegate", "{'to':'a1'}"),
                     ERR_FORBIDDEN);
    world_close(&w);
}

/* And what was given so before keeps one from becoming an administrator. */
static void test_ties_of_before(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'贷款','text':'续贷','category':'financing'}");
    for (int i = 1; i <= 4; i++) {
        world_dof(&w, "system", "person.add", "{'code':'n%d','name':'新'}", i);
    }
    world_do(&w, "system", "guide.assign",
             "{'enterprise':'" E2 "','person':'n1'}");
    world_do(&w, "dp", "ticket.leaders",
             "{'ticket':'20261102-001','leader':'n2'}");
    world_do(&w, "a1", "person.delegate", "{'to':'n3'}");
    world_do(&w, "system", "person.delegate", "{'from':'n4','to':'a1'}");
    for (int i = 1; i <= 4; i++) {
        char params[64];
        snprintf(params, sizeof params, "{'code':'n%d','role':'audit'}", i);
        refused(&w, "security", "person.role", params, ERR_BLOCKED, "role");
    }
    world_do(&w, "a1", "person.delegate", "{'to':'n3','end':true}");
    world_do(&w, "security", "person.role", "{'code':'n3','role':'audit'}");
    world_close(&w);
}

/* A merger moves posts, and makes nobody more than they were. */
static void test_merger_mixes_nothing(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    world_do(&w, "system", "department.merge", "{'code':'b','into':'a'}");
    assert_int_equal(
        world_count(&w,
                    "SELECT count(*) FROM (SELECT subject FROM relation"
                    " WHERE kind = 3 AND to_seq IS NULL GROUP BY subject"
                    " HAVING sum(detail IN (7, 8, 9)) > 0 AND count(*) > 1)"),
        0);
    world_do(&w, "security", "account.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "accounts")), 3);
    world_close(&w);
}

/* -- the last one ------------------------------------------------------------
 */

static void test_last_security(void **state)
{
    static const char end[] =
        "{'code':'security','role':'security','end':true}";
    static const char off[] = "{'account':'security','reason':'x'}";
    struct world w;
    (void)state;
    open_world(&w);
    refused(&w, NULL, "person.role", end, ERR_BLOCKED, "code");
    refused(&w, NULL, "account.disable", off, ERR_BLOCKED, "account");
    world_do(&w, "system", "person.add", "{'code':'s2','name':'副手'}");
    world_do(&w, "security", "person.role", "{'code':'s2','role':'security'}");
    refused(&w, "s2", "person.role", end, ERR_BLOCKED, "code"); /* no account */
    world_do(&w, "security", "account.add", "{'account':'s2'}");
    world_do(&w, "security", "account.disable",
             "{'account':'s2','reason':'x'}");
    refused(&w, NULL, "account.disable", off, ERR_BLOCKED, "account");
    world_do(&w, "security", "account.enable", "{'account':'s2'}");
    world_do(&w, "s2", "account.disable", off);
    refused(&w, NULL, "person.role",
            "{'code':'s2','role':'security','end':true}", ERR_BLOCKED, "code");
    /* of the others the last one may go */
    world_do(&w, "s2", "account.disable", "{'account':'audit','reason':'x'}");
    world_do(&w, "s2", "person.role",
             "{'code':'system','role':'system','end':true}");
    world_close(&w);
}

/* The registration of an administrator ends after their role. */
static void test_end_of_registration(void **state)
{
    struct world w;
    char token[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    log_in(&w, "audit", token);
    refused(&w, "system", "registry.end", "{'code':'audit'}", ERR_BLOCKED,
            "code");
    refused(&w, "system", "registry.end", "{'code':'security'}", ERR_BLOCKED,
            "code");
    world_do(&w, "security", "person.role",
             "{'code':'audit','role':'audit','end':true}");
    alive(&w, token);
    world_do(&w, "system", "registry.end", "{'code':'audit'}");
    dead(&w, token);
    assert_string_equal(listed(&w, "audit", "state"), "not listed");
    /* another person under the same code has no account of before */
    world_do(&w, "system", "person.add", "{'code':'audit','name':'新人'}");
    dead(&w, token);
    world_do(&w, "security", "account.add", "{'account':'audit'}");
    dead(&w, token);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_three),
        cmocka_unit_test(test_let_in_again),
        cmocka_unit_test(test_names_are_taken),
        cmocka_unit_test(test_form_of_roles),
        cmocka_unit_test(test_three_exclude_all),
        cmocka_unit_test(test_nothing_else_is_given),
        cmocka_unit_test(test_ties_of_before),
        cmocka_unit_test(test_merger_mixes_nothing),
        cmocka_unit_test(test_last_security),
        cmocka_unit_test(test_end_of_registration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
