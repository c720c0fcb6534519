/* Who is let in and by whom: accounts opened, reset, disabled, listed. */
#include "scenario/letting_in.h"

/* -- who may -----------------------------------------------------------------
 */

static void test_only_security(void **state)
{
    static const char *const others[] = {
        "dp", "zd", "sup", "a1", "a2", "qy1", "zdy", "b1", "system", "audit"};
    static const char *const asks[][2] = {
        {"account.add", "{'account':'a1'}"},
        {"account.reset", "{'account':'system'}"},
        {"account.disable", "{'account':'system','reason':'x'}"},
        {"account.enable", "{'account':'system'}"},
        {"account.list", "{}"}};
    struct world w;
    (void)state;
    open_world(&w);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        for (size_t k = 0; k < sizeof asks / sizeof *asks; k++) {
            assert_int_equal(world_try(&w, others[i], asks[k][0], asks[k][1]),
                             ERR_FORBIDDEN);
        }
    }
    world_close(&w);
}

/* It takes two to make an official. */
static void test_it_takes_two(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    assert_int_equal(
        world_try(&w, "security", "person.add", "{'code':'n','name':'新人'}"),
        ERR_FORBIDDEN);
    world_do(&w, "system", "person.add",
             "{'code':'n','name':'新人','unit':'a','role':'handler'}");
    assert_int_equal(world_try(&w, "system", "account.add", "{'account':'n'}"),
                     ERR_FORBIDDEN);
    world_do(&w, "security", "account.add", "{'account':'n'}");
    /* nor does one of the two change the roles that are the other's */
    refused(&w, "security", "person.role",
            "{'code':'n','unit':'b','role':'handler'}", ERR_FORBIDDEN, "role");
    refused(&w, "system", "person.role", "{'code':'n','role':'audit'}",
            ERR_FORBIDDEN, "role");
    refused(&w, "system", "person.add",
            "{'code':'m','name':'新人','role':'security'}", ERR_FORBIDDEN,
            "role");
    /* nor by the back door of history, as the operator of then */
    assert_int_equal(
        world_try(&w, "system", "import.event",
                  "{'event':{'at':'2026-10-01T09:00:00+08:00','method':"
                  "'person.add','params':{'code':'m','name':'x','role':"
                  "'security'}},'occurrence':0}"),
        ERR_FORBIDDEN);
    assert_int_equal(
        world_try(&w, "system", "import.event",
                  "{'event':{'at':'2026-11-02T09:00:00+08:00','method':"
                  "'person.role','params':{'code':'security','role':"
                  "'security','end':true}},'occurrence':0}"),
        ERR_FORBIDDEN);
    assert_int_equal(
        world_try(&w, "system", "import.event",
                  "{'event':{'at':'2026-10-01T09:00:00+08:00','method':"
                  "'account.disable','params':{'account':'security',"
                  "'reason':'x'}},'occurrence':0}"),
        ERR_BAD_PARAM);
    world_close(&w);
}

static void test_nobody_changes_themselves(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    refused(&w, "security", "account.reset", "{'account':'security'}",
            ERR_FORBIDDEN, "account");
    refused(&w, "security", "account.disable",
            "{'account':'security','reason':'x'}", ERR_FORBIDDEN, "account");
    refused(&w, "security", "account.enable", "{'account':'security'}",
            ERR_FORBIDDEN, "account");
    refused(&w, "security", "account.add", "{'account':'security'}",
            ERR_FORBIDDEN, "account");
    refused(&w, "security", "person.role",
            "{'code':'security','role':'security','end':true}", ERR_FORBIDDEN,
            "code");
    refused(&w, "system", "person.role",
            "{'code':'system','unit':'a','role':'head'}", ERR_FORBIDDEN,
            "code");
    refused(&w, "system", "registry.end", "{'code':'system'}", ERR_FORBIDDEN,
            "code");
    world_close(&w);
}

/* -- an account's life -------------------------------------------------------
 */

static void test_open(void **state)
{
    struct world w;
    (void)state;
    open_world(&w);
    int64_t head = store_head(w.writer);
    world_do(&w, "security", "account.add", "{'account':'a1'}");
    assert_string_equal(world_text(&w, "account"), "a1");
    assert_password(&w, "a1", world_text(&w, "password"));
    assert_int_equal(store_head(w.writer), head);
    assert_string_equal(listed(&w, "a1", "state"), "one_time");
    refused(&w, "security", "account.add", "{'account':'a1'}", ERR_EXISTS,
            "account");
    refused(&w, "security", "account.add", "{'account':'nobody'}",
            ERR_NOT_FOUND, "account");
    refused(&w, "security", "account.add", "{'account':'a'}", ERR_NOT_FOUND,
            "account");
    world_close(&w);
}

static void test_reset(void **state)
{
    struct account a;
    struct lockout l = {5, 1000, 2000};
    struct world w;
    char token[TOKEN_SIZE];
    bool fatal = false;
    (void)state;
    open_world(&w);
    let_in(&w, "a1");
    log_in(&w, "a1", token);
    assert_int_equal(store_begin(w.writer), OK);
    assert_int_equal(account_find(w.writer, "a1", &a), OK);
    a.totp = true;
    assert_int_equal(account_put(w.writer, &a), OK);
    assert_int_equal(lockout_put(w.writer, "a1", "10.9.9.9", &l), OK);
    assert_int_equal(lockout_put(w.writer, "a2", "10.9.9.9", &l), OK);
    assert_int_equal(store_commit(w.writer, &fatal), OK);
    int64_t head = store_head(w.writer);
    world_do(&w, "security", "account.reset", "{'account':'a1'}");
    assert_password(&w, "a1", world_text(&w, "password"));
    dead(&w, token);
    assert_int_equal(account_find(w.reader, "a1", &a), OK);
    assert_true(a.totp);
    assert_int_equal(lockout_find(w.reader, "a1", "10.9.9.9", &l),
                     ERR_NOT_FOUND);
    assert_int_equal(lockout_find(w.reader, "a2", "10.9.9.9", &l), OK);
    world_do(&w, "security", "account.reset", "{'account':'a1','totp':true}");
    assert_int_equal(account_find(w.reader, "a1", &a), OK);
    assert_false(a.totp);
    assert_int_equal(store_head(w.writer), head);
    /* what was in use may not come again: as many as the policy says */
    for (int i = 0; i < 9; i++) {
        world_do(&w, "security", "account.reset", "{'account':'a1'}");
    }
    assert_int_equal(world_count(&w, "SELECT count(*) FROM password_old"),
                     w.policy.history);
    refused(&w, "security", "account.reset", "{'account':'a2'}", ERR_NOT_FOUND,
            "account");
    world_close(&w);
}

static void test_disable(void **state)
{
    struct world w;
    char token[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    let_in(&w, "a1");
    log_in(&w, "a1", token);
    alive(&w, token);
    world_do(&w, "security", "account.disable",
             "{'account':'a1','reason':'调离'}");
    dead(&w, token);
    assert_string_equal(listed(&w, "a1", "state"), "disabled");
    assert_string_equal(listed(&w, "a1", "reason"), "调离");
    refused(&w, "security", "account.disable", "{'account':'a1','reason':'x'}",
            ERR_BAD_STATE, "account");
    refused(&w, "security", "account.reset", "{'account':'a1'}", ERR_BLOCKED,
            "account");
    world_do(&w, "security", "account.enable", "{'account':'a1'}");
    dead(&w, token); /* it is not given back */
    assert_string_equal(listed(&w, "a1", "state"), "active");
    assert_string_equal(listed(&w, "a1", "reason"), "");
    refused(&w, "security", "account.enable", "{'account':'a1'}", ERR_BAD_STATE,
            "account");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM account"), 4);
    world_close(&w);
}

static void test_list(void **state)
{
    struct world w;
    char token[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    let_in(&w, "zdy");
    world_do(&w, "system", "person.role",
             "{'code':'a1','unit':'b','role':'handler'}");
    let_in(&w, "a1");
    log_in(&w, "a1", token);
    assert_string_equal(listed(&w, "a1", "roles"), "head handler");
    assert_string_equal(listed(&w, "zdy", "roles"), "guide");
    assert_string_equal(listed(&w, "audit", "roles"), "audit");
    assert_string_equal(listed(&w, "a1", "name"), "张三");
    assert_string_equal(listed(&w, "a1", "made"), "2026-11-02T09:00:00+08:00");
    assert_string_equal(listed(&w, "a1", "login"), "");
    /* by pages */
    world_do(&w, "security", "account.list", "{'limit':3}");
    assert_int_equal(json_array_size(world_rows(&w, "accounts")), 3);
    char params[64];
    snprintf(params, sizeof params, "{'after':'%s'}", world_text(&w, "next"));
    world_do(&w, "security", "account.list", params);
    assert_int_equal(json_array_size(world_rows(&w, "accounts")), 2);
    assert_int_equal(world_cell_int(&w, "accounts", 0, "tokens"), 1);
    assert_string_equal(world_text(&w, "next"), "");
    /* a password grows old: 90 days, to the second */
    world_sleep(&w, "2027-01-31T08:59:59+08:00");
    assert_string_equal(listed(&w, "a1", "state"), "active");
    world_sleep(&w, "2027-01-31T09:00:00+08:00");
    assert_string_equal(listed(&w, "a1", "state"), "due");
    assert_string_equal(listed(&w, "audit", "state"), "one_time");
    world_close(&w);
}

/* Days that a password has left: one that has begun counts. Set on the 2nd of
 * November at 9, it is good for 90 days, until the 31st of January at 9. */
static void test_days_left(void **state)
{
    static const struct {
        const char *now;
        int days;
    } said[] = {
        {"2026-11-02T09:00:00+08:00", 90}, {"2026-11-02T09:00:01+08:00", 90},
        {"2026-11-03T08:59:59+08:00", 90}, {"2026-11-03T09:00:00+08:00", 89},
        {"2027-01-30T09:00:00+08:00", 1},  {"2027-01-31T08:59:59+08:00", 1},
        {"2027-01-31T09:00:00+08:00", 0}};
    struct world w;
    char login[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    let_in(&w, "a1");
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        world_sleep(&w, said[i].now);
        log_in(&w, "a1", login);
        alive(&w, login);
        assert_int_equal(world_int(&w, "password_due_in_days"), said[i].days);
        assert_int_equal(
            json_is_true(json_object_get(w.result, "password_due")),
            said[i].days == 0);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_security),
        cmocka_unit_test(test_it_takes_two),
        cmocka_unit_test(test_nobody_changes_themselves),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_disable),
        cmocka_unit_test(test_days_left),
        cmocka_unit_test(test_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
