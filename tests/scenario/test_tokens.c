/* Tokens: how long they live, what those of programs may do, whose they are,
 * and that nobody is told one twice. */
#include "scenario/letting_in.h"

#include <stdlib.h>

static void no_add(struct world *w, const char *by, const char *params,
                   enum err err, const char *param)
{
    assert_int_equal(world_try_token(w, by, "token.add", params), err);
    assert_string_equal(w->problem.param, param);
}

/* -- how long ----------------------------------------------------------------
 */

static void used_now(struct world *w, int64_t id)
{
    bool fatal = false;
    assert_int_equal(store_begin(w->writer), OK);
    assert_int_equal(token_used(w->writer, id, w->now), OK);
    assert_int_equal(store_commit(w->writer, &fatal), OK);
}

/* 30 minutes without a request, counted from the latest one. */
static void test_idle(void **state)
{
    struct world w;
    char token[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    let_in(&w, "a1");
    int64_t id = log_in(&w, "a1", token);
    world_sleep(&w, "2026-11-02T09:29:59+08:00");
    alive(&w, token);
    used_now(&w, id);
    world_sleep(&w, "2026-11-02T09:59:58+08:00");
    alive(&w, token);
    world_sleep(&w, "2026-11-02T09:59:59+08:00");
    dead(&w, token);
    world_close(&w);
}

/* 12 hours in any case, however busy. */
static void test_absolute(void **state)
{
    struct world w;
    char token[TOKEN_SIZE];
    char now[64];
    (void)state;
    open_world(&w);
    let_in(&w, "a1");
    int64_t id = log_in(&w, "a1", token);
    for (int hour = 9; hour < 21; hour++) {
        for (int minute = 0; minute < 60; minute += 20) {
            snprintf(now, sizeof now, "2026-11-02T%02d:%02d:00+08:00", hour,
                     minute);
            world_sleep(&w, now);
            alive(&w, token);
            used_now(&w, id);
        }
    }
    world_sleep(&w, "2026-11-02T20:59:59+08:00");
    alive(&w, token);
    world_sleep(&w, "2026-11-02T21:00:00+08:00");
    dead(&w, token);
    world_close(&w);
}

/* A program may sleep, until its token's end and no longer. */
static void test_program(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    make_program(&w, login,
                 ",'scope':'read','until':'2026-11-20T12:00:00+08:00'", token);
    assert_string_equal(world_text(&w, "ends"), "2026-11-20T12:00:00+08:00");
    world_sleep(&w, "2026-11-20T11:59:59+08:00");
    assert_int_equal(world_try_token(&w, token, "ticket.list", "{}"), OK);
    world_sleep(&w, "2026-11-20T12:00:00+08:00");
    assert_int_equal(world_try_token(&w, token, "ticket.list", "{}"),
                     ERR_UNAUTHENTICATED);
    world_close(&w);
}

static void test_until(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    make_program(&w, login, ",'scope':'read'", token); /* 90 days */
    assert_string_equal(world_text(&w, "ends"), "2027-01-31T09:00:00+08:00");
    make_program(&w, login,
                 ",'scope':'read','until':'2027-01-31T09:00:00+08:00'", token);
    no_add(&w, login,
           "{'name':'x','scope':'read','until':'2027-01-31T09:00:01+08:00'}",
           ERR_BAD_PARAM, "until");
    no_add(&w, login,
           "{'name':'x','scope':'read','until':'2026-11-02T09:00:00+08:00'}",
           ERR_BAD_PARAM, "until");
    world_close(&w);
}

/* -- what it may -------------------------------------------------------------
 */

static void test_scope(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char reads[TOKEN_SIZE];
    char names[TOKEN_SIZE];
    char tickets[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "qy1", login);
    make_program(&w, login, ",'scope':'read'", reads);
    make_program(&w, login, ",'scope':'ticket.file ticket.list'", names);
    make_program(&w, login, ",'scope':'ticket.*'", tickets);
    static const char filing[] =
        "{'title':'贷款','text':'续贷','category':'financing'}";
    assert_int_equal(world_try_token(&w, reads, "ticket.file", filing),
                     ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "token");
    assert_int_equal(world_try_token(&w, names, "ticket.file", filing), OK);
    assert_int_equal(world_try_token(&w, tickets, "ticket.file", filing), OK);
    assert_int_equal(world_try_token(&w, reads, "ticket.list", "{}"), OK);
    assert_int_equal(world_try_token(&w, names, "ticket.list", "{}"), OK);
    assert_int_equal(world_try_token(&w, names, "notice.list", "{}"),
                     ERR_FORBIDDEN);
    assert_int_equal(world_try_token(&w, tickets, "notice.list", "{}"),
                     ERR_FORBIDDEN);
    /* no scope makes more of a person than they are */
    char all[TOKEN_SIZE];
    make_program(&w, login, ",'scope':'chain.* account.*'", all);
    assert_int_equal(
        world_try_token(&w, all, "chain.add", "{'code':'x','name':'x'}"),
        ERR_FORBIDDEN);
    assert_int_equal(world_try_token(&w, all, "account.list", "{}"),
                     ERR_FORBIDDEN);
    world_close(&w);
}

/* What is of the log-in itself is nothing for a program, nor making tokens. */
static void test_programs_stay_small(void **state)
{
    static const char *const session[][2] = {
        {"whoami", "{}"},
        {"logout", "{}"},
        {"passwd", "{'old':'x','new':'y'}"},
        {"totp.begin", "{'password':'x'}"},
        {"totp.confirm", "{'code':'123456'}"}};
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    make_program(&w, login,
                 ",'scope':'read whoami logout passwd totp.* token.* person.*'",
                 token);
    for (size_t i = 0; i < sizeof session / sizeof *session; i++) {
        assert_int_equal(
            world_try_token(&w, token, session[i][0], session[i][1]),
            ERR_FORBIDDEN);
    }
    no_add(&w, token, "{'name':'x','scope':'read'}", ERR_FORBIDDEN, "token");
    assert_int_equal(world_try_token(&w, token, "token.list", "{}"), OK);
    world_close(&w);
}

static void test_scope_form(void **state)
{
    static const char *const wrong[] = {" ",
                                        "all",
                                        "*",
                                        "ticket",
                                        "ticket.",
                                        "ticket*",
                                        "read x",
                                        "ticket.fly",
                                        "ticket.file,ticket.list",
                                        "verify",
                                        ".*",
                                        "Ticket.file",
                                        "read.*",
                                        "nothing.*",
                                        "ticket.f*",
                                        "import",
                                        "attachment.add"};
    struct world w;
    char login[TOKEN_SIZE];
    char params[128];
    (void)state;
    open_logged_in(&w, "a1", login);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(params, sizeof params, "{'name':'x','scope':'%s'}", wrong[i]);
        no_add(&w, login, params, ERR_BAD_PARAM, "scope");
    }
    world_close(&w);
}

/* -- how many ----------------------------------------------------------------
 */

static void test_count(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    int64_t id = 0;
    (void)state;
    open_logged_in(&w, "a1", login);
    for (int i = 1; i < TOKENS_MAX; i++) {
        id = make_program(&w, login, ",'scope':'read'", token);
    }
    no_add(&w, login, "{'name':'x','scope':'read'}", ERR_LIMIT, "");
    world_dof(&w, "a1", "token.end", "{'id':%d}", (int)id);
    int64_t next = make_program(&w, login, ",'scope':'read'", token);
    assert_true(next > id); /* no number comes again */
    no_add(&w, login, "{'name':'x','scope':'read'}", ERR_LIMIT, "");
    /* what is over does not count: the log-in is idle, another takes its place
     */
    world_sleep(&w, "2026-11-02T10:00:00+08:00");
    dead(&w, login);
    log_in(&w, "a1", login);
    no_add(&w, login, "{'name':'x','scope':'read'}", ERR_LIMIT, "");
    world_sleep(&w, "2027-01-31T09:00:00+08:00");
    log_in(&w, "a1", login);
    make_program(&w, login, ",'scope':'read'", token);
    world_close(&w);
}

/* The oldest log-in makes room, never a program's token. */
static void test_oldest(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char second[TOKEN_SIZE];
    char program[TOKEN_SIZE];
    bool fatal = false;
    struct account a;
    (void)state;
    open_logged_in(&w, "a1", login);
    make_program(&w, login, ",'scope':'read'", program);
    log_in(&w, "a1", second);
    assert_int_equal(account_find(w.reader, "a1", &a), OK);
    assert_int_equal(store_begin(w.writer), OK);
    assert_int_equal(token_drop_oldest(w.writer, a.person), OK);
    assert_int_equal(store_commit(w.writer, &fatal), OK);
    dead(&w, login);
    alive(&w, second);
    assert_int_equal(store_begin(w.writer), OK);
    assert_int_equal(token_drop_oldest(w.writer, a.person), OK);
    assert_int_equal(token_drop_oldest(w.writer, a.person), ERR_NOT_FOUND);
    assert_int_equal(store_commit(w.writer, &fatal), OK);
    assert_int_equal(world_try_token(&w, program, "ticket.list", "{}"), OK);
    world_close(&w);
}

/* What has ended is cleared away, what lives stays. */
static void test_expire(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    bool fatal = false;
    (void)state;
    open_logged_in(&w, "a1", login);
    make_program(&w, login,
                 ",'scope':'read','until':'2026-11-03T09:00:00+08:00'", token);
    make_program(&w, login, ",'scope':'read'", token);
    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    log_in(&w, "a1", login);
    assert_int_equal(store_begin(w.writer), OK);
    assert_int_equal(token_expire(w.writer, w.now, w.now - w.policy.idle_s),
                     OK);
    assert_int_equal(store_commit(w.writer, &fatal), OK);
    assert_int_equal(world_count(&w, "SELECT count(*) FROM token"), 2);
    alive(&w, login);
    assert_int_equal(world_try_token(&w, token, "ticket.list", "{}"), OK);
    world_close(&w);
}

/* -- whose -------------------------------------------------------------------
 */

/* Nothing that would let one in: neither the text nor its digest. */
static void test_list(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    int64_t id = make_program(&w, login, ",'scope':'ticket.* read'", token);
    assert_int_equal(world_try_token(&w, login, "token.list", "{}"), OK);
    assert_int_equal(json_array_size(world_rows(&w, "tokens")), 2);
    assert_string_equal(world_cell(&w, "tokens", 0, "kind"), "login");
    assert_string_equal(world_cell(&w, "tokens", 1, "kind"), "api");
    assert_int_equal(world_cell_int(&w, "tokens", 1, "id"), id);
    assert_string_equal(world_cell(&w, "tokens", 1, "name"), "接口");
    assert_string_equal(world_cell(&w, "tokens", 1, "scope"), "ticket.* read");
    assert_string_equal(world_cell(&w, "tokens", 1, "source"), "10.1.2.3");
    assert_string_equal(world_cell(&w, "tokens", 1, "made"),
                        "2026-11-02T09:00:00+08:00");
    char *text = json_dumps(w.result, 0);
    assert_null(strstr(text, token));
    assert_null(strstr(text, login));
    assert_null(strstr(text, "digest"));
    free(text);
    /* nor does the store have it */
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM token WHERE digest = CAST('%s' AS BLOB)"
             " OR name = '%s'",
             token, token);
    assert_int_equal(world_count(&w, sql), 0);
    world_close(&w);
}

static void test_whose(void **state)
{
    static const char all_of_a1[] = "{'account':'a1'}";
    struct world w;
    struct problem others;
    char login[TOKEN_SIZE];
    char other[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    let_in(&w, "b1");
    int64_t id = log_in(&w, "b1", other);
    assert_int_equal(
        world_try_token(&w, login, "token.list", "{'account':'b1'}"),
        ERR_FORBIDDEN);
    assert_int_equal(world_try_token(&w, login, "token.list", all_of_a1), OK);
    assert_int_equal(
        world_try_token(&w, login, "token.end", "{'account':'b1'}"),
        ERR_FORBIDDEN);
    /* another's is told as one that is not there */
    char params[64];
    snprintf(params, sizeof params, "{'id':%d}", (int)id);
    assert_int_equal(world_try_token(&w, login, "token.end", params),
                     ERR_NOT_FOUND);
    others = w.problem;
    assert_int_equal(world_try_token(&w, login, "token.end", "{'id':4711}"),
                     ERR_NOT_FOUND);
    assert_memory_equal(&others, &w.problem, sizeof others);
    alive(&w, other);
    /* the security administrator sees and ends any */
    world_do(&w, "security", "token.list", "{'account':'b1'}");
    assert_int_equal(world_cell_int(&w, "tokens", 0, "id"), id);
    refused(&w, "security", "token.list", "{'account':'b2'}", ERR_NOT_FOUND,
            "account"); /* has none */
    world_do(&w, "security", "token.end", params);
    dead(&w, other);
    alive(&w, login);
    log_in(&w, "a1", other);
    world_do(&w, "security", "token.end", all_of_a1);
    assert_int_equal(world_int(&w, "ended"), 2);
    dead(&w, login);
    dead(&w, other);
    refused(&w, "security", "token.end", "{}", ERR_BAD_PARAM, "id");
    refused(&w, "security", "token.end", "{'id':1,'account':'a1'}",
            ERR_BAD_PARAM, "id");
    /* the others of the three have no tokens for programs, and end their own */
    refused(&w, "audit", "token.end", all_of_a1, ERR_FORBIDDEN, "account");
    world_close(&w);
}

/* -- the log-in itself -------------------------------------------------------
 */

static void test_unknown(void **state)
{
    static const char *const wrong[] = {
        "", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    struct world w;
    char login[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    dead(&w, NULL);
    struct problem none = w.problem;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        dead(&w, wrong[i]);
        assert_memory_equal(&none, &w.problem, sizeof none);
    }
    login[0] = (char)(login[0] == 'A' ? 'B' : 'A');
    dead(&w, login);
    assert_memory_equal(&none, &w.problem, sizeof none);
    world_close(&w);
}

static void test_logout(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char other[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "a1", login);
    log_in(&w, "a1", other);
    int64_t head = store_head(w.writer);
    assert_int_equal(world_try_token(&w, login, "logout", "{}"), OK);
    dead(&w, login);
    alive(&w, other);
    assert_int_equal(store_head(w.writer), head);
    refused(&w, "a1", "logout", "{}", ERR_NOT_FOUND, "token");
    world_close(&w);
}

static void test_whoami(void **state)
{
    struct world w;
    char login[TOKEN_SIZE];
    char admin[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    let_in(&w, "a1");
    int64_t id = log_in(&w, "a1", login);
    alive(&w, login);
    assert_string_equal(world_text(&w, "account"), "a1");
    assert_string_equal(world_text(&w, "name"), "张三");
    assert_string_equal(world_text(&w, "kind"), "login");
    assert_string_equal(world_text(&w, "source"), "10.1.2.3");
    assert_string_equal(world_text(&w, "ends"), "2026-11-02T21:00:00+08:00");
    assert_int_equal(world_int(&w, "token"), id);
    assert_int_equal(world_int(&w, "idle_minutes"), 30);
    assert_int_equal(world_int(&w, "password_due_in_days"), 90);
    assert_int_equal(json_array_size(world_rows(&w, "posts")), 1);
    assert_string_equal(world_cell(&w, "posts", 0, "role"), "head");
    assert_string_equal(world_cell(&w, "posts", 0, "unit"), "a");
    assert_string_equal(world_cell(&w, "posts", 0, "name"), "a局");
    json_t *roles = json_object_get(w.result, "roles");
    assert_int_equal(json_array_size(roles), 1);
    assert_string_equal(json_string_value(json_array_get(roles, 0)), "head");
    /* an administrator is in no unit, and this one still has the password that
     * was made for them: it is told, and nothing else is allowed */
    log_in(&w, "audit", admin);
    alive(&w, admin);
    assert_string_equal(world_cell(&w, "posts", 0, "role"), "audit");
    assert_string_equal(world_cell(&w, "posts", 0, "unit"), "");
    assert_true(json_is_true(json_object_get(w.result, "password_due")));
    assert_int_equal(world_int(&w, "password_due_in_days"), 0);
    assert_int_equal(world_try_token(&w, admin, "token.list", "{}"),
                     ERR_PASSWORD_DUE);
    assert_int_equal(world_try_token(&w, admin, "logout", "{}"), OK);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_absolute),
        cmocka_unit_test(test_program),
        cmocka_unit_test(test_until),
        cmocka_unit_test(test_scope),
        cmocka_unit_test(test_programs_stay_small),
        cmocka_unit_test(test_scope_form),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_oldest),
        cmocka_unit_test(test_expire),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_whose),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_logout),
        cmocka_unit_test(test_whoami),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
