/* The command table itself, and the check of parameters against it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/attachment.h"
#include "proto/message.h"

/* -- the table ------------------------------------------------------------- */

/* Only rows with a handler in the daemon, told apart by the preprocessor as
 * daemon/commands/call.h does it. */
#define HANDLER_READ(id) 1 +
#define HANDLER_WRITE(id) 1 +
#define HANDLER_LOCAL(id)
#define COMMAND(id, name, roles, effect, ...) HANDLER_##effect(id)
enum {
    HANDLED =
#include "proto/commands.def"
        0
};
#undef COMMAND

static void test_rows(void **state)
{
    int handled = 0;
    (void)state;
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        assert_int_equal(command_index(c), i);
        assert_ptr_equal(command_find(c->name), c);
        assert_int_not_equal(c->roles, 0);
        assert_in_range(c->n_args, 0, ARGS_MAX);
        assert_true(strlen(c->zh) > 0 && strlen(c->en) > 0);
        assert_int_equal(c->en[strlen(c->en) - 1], '.');
        handled += c->effect != EFFECT_LOCAL;
    }
    assert_int_equal(handled, HANDLED);
    assert_null(command_find("ticket.fly"));
    assert_null(command_find(""));
}

static void test_arguments(void **state)
{
    (void)state;
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        for (int j = 0; j < c->n_args; j++) {
            const struct arg *a = &c->args[j];
            char text[PROBLEM_TEXT_SIZE];
            assert_int_equal(command_arg(c, a->name), j);
            assert_true(strlen(a->zh) > 0 && strlen(a->en) > 0);
            assert_true(a->low <= a->high);
            assert_int_equal(a->type == ARG_TYPE_CHOICE, a->choices != NULL);
            if (a->type == ARG_TYPE_INT || a->type == ARG_TYPE_TEXT) {
                assert_true(a->high > 0);
            }
            arg_expected(a, text);
            assert_true(strlen(text) > 0);
        }
    }
    assert_int_equal(command_at(CMD_rpc_discover)->n_args, 0);
    assert_int_equal(command_at(CMD_chain_list)->n_args, 2);
    assert_int_equal(command_arg(command_at(CMD_chain_list), "after"), 1);
    assert_int_equal(command_arg(command_at(CMD_chain_list), "x"), -1);
}

static const struct arg *arg_of(int command, const char *name)
{
    const struct command *c = command_at(command);
    return &c->args[command_arg(c, name)];
}

/* The two lists of words that stand for an enum follow its order. */
static void test_choices_follow_the_maps(void **state)
{
    const char *roles = arg_of(CMD_person_add, "role")->choices;
    const char *states = arg_of(CMD_ticket_list, "state")->choices;
    (void)state;
    for (int i = 0; i < ROLE_COUNT; i++) {
        const char *name = role_name((enum role)i);
        assert_int_equal(choice_index(roles, name, strlen(name)),
                         i == ROLE_OPERATOR ? -1 : i);
        assert_int_equal(role_from_name(name), i);
        assert_true(strlen(role_zh((enum role)i)) > 0);
    }
    assert_int_equal(role_from_name("king"), ROLE_COUNT);
    for (int i = 0; i < TICKET_STATE_COUNT; i++) {
        const char *name = ticket_state_name((enum ticket_state)i);
        assert_int_equal(choice_index(states, name, strlen(name)), i);
    }
    const char *purposes = arg_of(CMD_attachment_keep, "purpose")->choices;
    for (int i = 0; i < ATTACHMENT_PURPOSE_COUNT; i++) {
        const char *name = attachment_purpose_name((enum attachment_purpose)i);
        assert_int_equal(choice_index(purposes, name, strlen(name)), i);
    }
    assert_int_equal(choice_index("a|bc|d", "bc", 2), 1);
    assert_int_equal(choice_index("a|bc|d", "b", 1), -1);
    assert_int_equal(choice_index("a|bc|d", "", 0), -1);
}

/* The whole of a row's `roles`, as the rules of access have it. */
static void test_roles(void **state)
{
    const uint32_t seven = 0x7F; /* enterprise to supervisor */
    const uint32_t all = 0x7FF;  /* and the administrators and the operator */
    (void)state;
    assert_int_equal(command_at(CMD_ticket_accept)->roles,
                     1U << ROLE_HEAD | 1U << ROLE_HANDLER);
    assert_int_equal(command_at(CMD_ticket_list)->roles, seven);
    assert_int_equal(command_at(CMD_ticket_file)->effect, EFFECT_WRITE);
    assert_int_equal(command_at(CMD_ticket_list)->effect, EFFECT_READ);
    assert_int_equal(command_at(CMD_login)->roles,
                     COMMAND_OPEN | COMMAND_NOTED | COMMAND_SECRET |
                         COMMAND_HASHED);
    assert_int_equal(command_at(CMD_whoami)->roles,
                     COMMAND_SESSION | COMMAND_PERSON | all);
    assert_int_equal(command_at(CMD_account_add)->roles,
                     COMMAND_NOTED | COMMAND_SECRET | COMMAND_HASHED |
                         1U << ROLE_SECURITY);
    assert_int_equal(command_at(CMD_audit_list)->roles,
                     COMMAND_NOTED | 1U << ROLE_AUDIT);
}

/* Nobody without a log-in but log-in itself; nobody is all of the three. */
static void test_who_may_what(void **state)
{
    const uint32_t three =
        1U << ROLE_SYSTEM | 1U << ROLE_SECURITY | 1U << ROLE_AUDIT;
    (void)state;
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        bool person = (c->roles & COMMAND_PERSON) != 0;
        assert_int_equal((c->roles & COMMAND_OPEN) != 0, i == CMD_login);
        assert_true(person || (c->roles & three) != three);
        if ((c->roles & COMMAND_SECRET) != 0) {
            assert_true((c->roles & COMMAND_NOTED) != 0);
        }
        if ((c->roles & COMMAND_HASHED) != 0) {
            assert_true((c->roles & COMMAND_SECRET) != 0);
            assert_int_equal(c->effect, EFFECT_WRITE);
        }
    }
}

/* -- the check ------------------------------------------------------------- */

static struct value values[ARGS_MAX];
static struct problem problem;

/* Checks params given as JSON text. They are leaked to `kept`, freed by the
 * next call, because values borrow from them. */
static enum err check(int command, const char *params)
{
    static json_t *kept;
    json_error_t error;
    json_decref(kept);
    kept = params == NULL ? NULL : json_loads(params, JSON_ALLOW_NUL, &error);
    assert_true(params == NULL || kept != NULL);
    memset(&problem, 0, sizeof problem);
    return command_check(command_at(command), kept, values, &problem);
}

static const struct value *value(int command, const char *name)
{
    return command_value(command_at(command), values, name);
}

static void test_good_values(void **state)
{
    (void)state;
    assert_int_equal(
        check(CMD_ticket_dispatch,
              "{\"ticket\":\"20261120-001\",\"unit\":\"住建局\","
              "\"measure\":\"现场会办\\n第二行\",\"limit\":\"5wd\","
              "\"due\":\"2026-11-20T16:00:00+08:00\","
              "\"kind\":\"co\"}"),
        OK);
    assert_int_equal(value(CMD_ticket_dispatch, "ticket")->number,
                     20261120000001);
    assert_string_equal(value(CMD_ticket_dispatch, "unit")->text, "住建局");
    assert_int_equal(value(CMD_ticket_dispatch, "limit")->limit.n, 5);
    assert_int_equal(value(CMD_ticket_dispatch, "limit")->limit.unit, LIMIT_WD);
    /* 2026-11-20T08:00:00Z */
    assert_int_equal(value(CMD_ticket_dispatch, "due")->at, 1795161600);
    assert_int_equal(value(CMD_ticket_dispatch, "kind")->number, 1);
    assert_true(value(CMD_ticket_dispatch, "kind")->given);
}

static void test_absent_values(void **state)
{
    (void)state;
    memset(values, 0x5A, sizeof values);
    assert_int_equal(check(CMD_ticket_list, NULL), OK);
    for (int i = 0; i < command_at(CMD_ticket_list)->n_args; i++) {
        assert_false(values[i].given);
        assert_null(values[i].text);
        assert_int_equal(values[i].number, 0);
    }
    assert_int_equal(check(CMD_ticket_list, "{}"), OK);
    assert_int_equal(check(CMD_server_info, NULL), OK);
}

static void test_ticket_names(void **state)
{
    (void)state;
    assert_int_equal(check(CMD_ticket_show, "{\"ticket\":\"101001240734\"}"),
                     OK);
    assert_int_equal(value(CMD_ticket_show, "ticket")->number, 0);
    assert_string_equal(value(CMD_ticket_show, "ticket")->text, "101001240734");
    assert_int_equal(
        check(CMD_ticket_show, "{\"ticket\":\"ref:20261120-001\"}"), OK);
    assert_int_equal(value(CMD_ticket_show, "ticket")->number, 0);
    assert_string_equal(value(CMD_ticket_show, "ticket")->text, "20261120-001");
    assert_int_equal(check(CMD_ticket_show, "{\"ref\":\"20261120-001\"}"), OK);
    assert_true(value(CMD_ticket_show, "ticket")->given);
    assert_int_equal(value(CMD_ticket_show, "ticket")->number, 0);
    assert_string_equal(value(CMD_ticket_show, "ticket")->text, "20261120-001");
}

static void test_credit_values(void **state)
{
    (void)state;
    assert_int_equal(
        check(CMD_ticket_list, "{\"enterprise\":\"91350200ma2yj1xr9g\"}"), OK);
    assert_string_equal(value(CMD_ticket_list, "enterprise")->text,
                        "91350200MA2YJ1XR9G");
    assert_int_equal(value(CMD_ticket_list, "enterprise")->number, 1);
    assert_int_equal(
        check(CMD_ticket_list, "{\"enterprise\":\"91350203M0001QAY9B\"}"), OK);
    assert_int_equal(value(CMD_ticket_list, "enterprise")->number, 0);
}

struct refusal {
    int command;
    const char *params;
    enum err err;
    const char *param;
    const char *told; /* part of expected or detail */
};

/* clang-format off */
static const struct refusal refusals[] = {
    {CMD_ticket_show, NULL, ERR_BAD_PARAM, "ticket", "missing"},
    {CMD_ticket_show, "{}", ERR_BAD_PARAM, "ticket", "missing"},
    {CMD_ticket_show, "{\"ticket\":\"1\",\"x\":1}", ERR_BAD_PARAM, "x", "no such"},
    {CMD_ticket_show, "{\"ticket\":\"1\",\"ref\":\"1\"}", ERR_BAD_PARAM, "ref", "both"},
    {CMD_ticket_show, "{\"ticket\":5}", ERR_BAD_PARAM, "ticket", "got an integer"},
    {CMD_ticket_show, "{\"ticket\":null}", ERR_BAD_PARAM, "ticket", "got null"},
    {CMD_ticket_show, "{\"ticket\":\"\"}", ERR_BAD_CODE, "ticket", "20261120-001"},
    {CMD_ticket_show, "{\"ticket\":\"a b\"}", ERR_BAD_CODE, "ticket", "got 'a b'"},
    {CMD_ticket_show, "{\"ticket\":\"ref:\"}", ERR_BAD_CODE, "ticket", "ref:"},
    {CMD_ticket_show, "{\"ref\":\"a b\"}", ERR_BAD_CODE, "ref", "visible"},
    {CMD_ticket_show, "{\"ref\":7}", ERR_BAD_PARAM, "ref", "got an integer"},
    {CMD_chain_list, "{\"ref\":\"7\"}", ERR_BAD_PARAM, "ref", "no such"},
    {CMD_chain_list, "{\"limit\":0}", ERR_BAD_PARAM, "limit", "from 1 to 1000"},
    {CMD_chain_list, "{\"limit\":1001}", ERR_BAD_PARAM, "limit", "got 1001"},
    {CMD_chain_list, "{\"limit\":1.0}", ERR_BAD_PARAM, "limit", "fraction"},
    {CMD_chain_list, "{\"limit\":\"5\"}", ERR_BAD_PARAM, "limit", "got a text"},
    {CMD_chain_list, "{\"limit\":true}", ERR_BAD_PARAM, "limit", "true or false"},
    {CMD_chain_list, "{\"after\":\"\"}", ERR_BAD_PARAM, "after", "got 0 bytes"},
    {CMD_chain_add, "{\"code\":\"a b\",\"name\":\"n\"}", ERR_BAD_CODE, "code", "letters"},
    {CMD_chain_add, "{\"code\":\"\",\"name\":\"n\"}", ERR_BAD_CODE, "code", "letters"},
    {CMD_chain_add, "{\"code\":\"a\\u0000\",\"name\":\"n\"}", ERR_BAD_CODE, "code", "letters"},
    {CMD_chain_add, "{\"code\":\"é\",\"name\":\"n\"}", ERR_BAD_CODE, "code", "letters"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":\" 　\\n\"}", ERR_BAD_PARAM, "name", "blank"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":\"\\u200b\\ufeff\"}", ERR_BAD_PARAM, "name", "blank"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":\"\\u001b[31m\"}", ERR_BAD_PARAM, "name", "U+001B"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":\"x\\u009bm\"}", ERR_BAD_PARAM, "name", "U+009B"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":\"x\\ny\"}", ERR_BAD_PARAM, "name", "U+000A"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":\"x\\u202ey\"}", ERR_BAD_PARAM, "name", "'U+202E' may not"},
    {CMD_chain_add, "{\"code\":\"a\\u200bb\",\"name\":\"x\"}", ERR_BAD_CODE, "code", "U+200B"},
    {CMD_ticket_note, "{\"ticket\":\"20261120-001\",\"text\":\"x\\u202ey\"}", ERR_BAD_PARAM, "text", "U+202E"},
    {CMD_ticket_note, "{\"ticket\":\"20261120-001\",\"text\":\"a\\ufdd0\"}", ERR_BAD_PARAM, "text", "U+FDD0"},
    {CMD_ticket_show, "{\"ref\":\"7\\u2066\"}", ERR_BAD_CODE, "ref", "U+2066"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":{}}", ERR_BAD_PARAM, "name", "got an object"},
    {CMD_chain_add, "{\"code\":\"a\",\"name\":[]}", ERR_BAD_PARAM, "name", "got an array"},
    {CMD_enterprise_add, "{\"code\":\"91350200MA2YJ1XR9\",\"name\":\"n\"}",
        ERR_BAD_CODE, "code", "18 of"},
    {CMD_enterprise_add, "{\"code\":\"91350200MA2YJ1XR9G\",\"name\":\"n\",\"force\":1}",
        ERR_BAD_PARAM, "force", "true or false"},
    {CMD_enterprise_add, "{\"code\":\"91350200MA2YJ1XR9G\",\"name\":\"n\",\"position\":\"lea\"}",
        ERR_BAD_PARAM, "position", "lead|core|member"},
    {CMD_ticket_list, "{\"since\":\"2026-11-20 16:00\"}", ERR_BAD_INSTANT, "since", "2026-11-20T16:00:00+08:00"},
    {CMD_ticket_list, "{\"since\":\"2026-02-30T00:00:00Z\"}", ERR_BAD_INSTANT, "since", "got '2026-02-30"},
    {CMD_deadline_due, "{\"limit\":\"five days\"}", ERR_BAD_LIMIT, "limit", "5wd"},
    {CMD_regulation_add, "{\"body\":\"{}\"}", ERR_BAD_PARAM, "body", "an object"},
    {CMD_regulation_add, "{\"body\":[]}", ERR_BAD_PARAM, "body", "an object"},
};
/* clang-format on */

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        enum err err = check(r->command, r->params);
        if (err != r->err || problem.err != r->err ||
            strcmp(problem.param, r->param) != 0 ||
            problem.expected[0] == '\0' ||
            (strstr(problem.expected, r->told) == NULL &&
             strstr(problem.detail, r->told) == NULL)) {
            fail_msg("%s: %s [%s] [%s] [%s]", r->params, err_name(err),
                     problem.param, problem.expected, problem.detail);
        }
    }
}

/* The bounds of a text count bytes, and both ends are taken. */
static void test_text_bounds(void **state)
{
    char params[TITLE_BYTES_MAX + 200];
    char title[TITLE_BYTES_MAX + 2];
    (void)state;
    memset(title, 'x', sizeof title);
    for (int extra = 0; extra < 2; extra++) {
        title[TITLE_BYTES_MAX + extra] = '\0';
        snprintf(params, sizeof params,
                 "{\"title\":\"%s\",\"category\":\"land\"}", title);
        assert_int_equal(check(CMD_ticket_file, params),
                         extra == 0 ? OK : ERR_BAD_PARAM);
        title[TITLE_BYTES_MAX] = 'x';
    }
    assert_string_equal(problem.param, "title");
    assert_string_equal(problem.detail, "got 601 bytes");
}

static void test_code_bounds(void **state)
{
    char code[CODE_SIZE + 1];
    (void)state;
    memset(code, 'a', sizeof code);
    assert_true(code_ok(code, CODE_SIZE - 1));
    assert_false(code_ok(code, CODE_SIZE));
    assert_false(code_ok(code, 0));
    assert_true(code_ok("PWDx_1-2.3", 10));
    assert_true(code_ok("〇𠀀", 7));
    assert_false(code_ok("\xE4\xBD", 2));
    assert_true(ref_ok("枣12345-№7", strlen("枣12345-№7")));
    assert_false(ref_ok("a　b", strlen("a　b")));
    assert_false(ref_ok("\x7F", 1));
    /* zero width space, right-to-left override, byte order mark: two
     * references that look the same would be two */
    assert_false(ref_ok("a\xE2\x80\x8B", 4));
    assert_false(ref_ok("a\xE2\x80\xAE"
                        "b",
                        5));
    assert_false(ref_ok("\xEF\xBB\xBF"
                        "a",
                        4));
    /* halves of a pair, overlong, past the last character, cut short */
    assert_false(ref_ok("\xED\xA0\x80", 3));
    assert_false(ref_ok("\xED\xBF\xBF", 3));
    assert_false(ref_ok("\xC1\xBF", 2));
    assert_false(ref_ok("\xE0\x9F\xBF", 3));
    assert_false(ref_ok("\xF4\x90\x80\x80", 4));
    assert_false(ref_ok("\xE4\xB8", 2));
    assert_true(ref_ok("\xED\x9F\xBF", 3));
    assert_true(ref_ok("\xF4\x8F\xBF\xBD", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_choices_follow_the_maps),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_who_may_what),
        cmocka_unit_test(test_good_values),
        cmocka_unit_test(test_absent_values),
        cmocka_unit_test(test_ticket_names),
        cmocka_unit_test(test_credit_values),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_text_bounds),
        cmocka_unit_test(test_code_bounds),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    check(CMD_server_info, NULL);
    return failed;
}
