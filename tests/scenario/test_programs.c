/* What a program's token cannot be made into: one that writes, or one that acts
 * for who has to act in person. */
#include "scenario/letting_in.h"

/* A copy of everything and uploads are reads to the database, but not for who
 * may only read. */
static void test_read_leaves_nothing(void **state)
{
    static const char begin[] = "{'size':1,'sha256':'"
                                "000000000000000000000000000000000000000000000"
                                "0000000000000000000'}";
    static const char put[] = "{'upload':'x','offset':0,'bytes':'AAAA'}";
    struct world w;
    char login[TOKEN_SIZE];
    char reads[TOKEN_SIZE];
    char files[TOKEN_SIZE];
    (void)state;
    open_logged_in(&w, "qy1", login);
    make_program(&w, login, ",'scope':'read'", reads);
    make_program(&w, login, ",'scope':'read attachment.*'", files);
    assert_int_equal(world_try_token(&w, reads, "attachment.begin", begin),
                     ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "token");
    assert_int_equal(world_try_token(&w, reads, "attachment.put", put),
                     ERR_FORBIDDEN);
    /* this world has no folder to send to: let through so far */
    assert_int_equal(world_try_token(&w, files, "attachment.begin", begin),
                     ERR_UNSUPPORTED);
    world_do(&w, "system", "person.add", "{'code':'sys','name':'甲'}");
    world_do(&w, "security", "person.role", "{'code':'sys','role':'system'}");
    let_in(&w, "sys");
    log_in(&w, "sys", login);
    make_program(&w, login, ",'scope':'read'", reads);
    make_program(&w, login, ",'scope':'backup'", files);
    assert_int_equal(world_try_token(&w, reads, "backup", "{'file':'x'}"),
                     ERR_FORBIDDEN);
    assert_int_equal(world_try_token(&w, files, "backup", "{'file':'x'}"),
                     ERR_BAD_PARAM); /* not absolute */
    assert_int_equal(world_try_token(&w, reads, "hook.list", "{}"), OK);
    world_close(&w);
}

/* Nobody opens accounts or reads the audit record by a program, not by one of
 * an earlier post either. */
static void test_of_an_earlier_post(void **state)
{
    static const char *const posts[] = {"security", "audit"};
    struct world w;
    char login[TOKEN_SIZE];
    char token[TOKEN_SIZE];
    (void)state;
    open_world(&w);
    world_do(&w, "system", "person.add", "{'code':'new','name':'甲'}");
    world_do(&w, "system", "person.role",
             "{'code':'new','unit':'dcs','role':'handler'}");
    let_in(&w, "new");
    log_in(&w, "new", login);
    make_program(&w, login, ",'scope':'read account.* audit.*'", token);
    assert_int_equal(world_try_token(&w, token, "ticket.list", "{}"), OK);
    world_do(&w, "system", "person.role",
             "{'code':'new','unit':'dcs','role':'handler','end':true}");
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        world_dof(&w, "security", "person.role", "{'code':'new','role':'%s'}",
                  posts[i]);
        assert_int_equal(
            world_try_token(&w, token, "account.add", "{'account':'a1'}"),
            ERR_FORBIDDEN);
        assert_int_equal(world_try_token(&w, token, "audit.list", "{}"),
                         ERR_FORBIDDEN);
        assert_string_equal(w.problem.param, "token");
        alive(&w, login); /* the person may */
        world_dof(&w, "security", "person.role",
                  "{'code':'new','role':'%s','end':true}", posts[i]);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_leaves_nothing),
        cmocka_unit_test(test_of_an_earlier_post),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
