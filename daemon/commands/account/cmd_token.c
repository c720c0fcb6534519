/* Tokens: log-ins and what programs use (token.*). One's own; the security
 * administrator sees and ends those of all. Whose a token is not is told the
 * same as that there is none. */
#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/page.h"
#include "daemon/commands/result.h"
#include "daemon/gate/policy.h"
#include "daemon/gate/token.h"
#include "daemon/store/accounts.h"

static bool all_are_theirs(const struct call *c)
{
    return (c->actor.roles &
            (ROLE_BIT(ROLE_SECURITY) | ROLE_BIT(ROLE_OPERATOR))) != 0;
}

static instant idle_since(const struct call *c)
{
    return c->at - c->policy->idle_s;
}

/* Whose tokens the command is about. */
static enum err whose(struct call *c, register_id *ret)
{
    const char *code = arg_text(c, "account");
    struct account a;
    *ret = c->actor.person;
    if (code == NULL || strcmp(code, c->actor.account) == 0) {
        return OK;
    }
    if (!all_are_theirs(c)) {
        return refuse(c, ERR_FORBIDDEN, "account",
                      "one's own; others' only for the security administrator",
                      code);
    }
    enum err err = account_find(c->store, code, &a);
    *ret = err == OK ? a.person : 0;
    gnutls_memset(&a, 0, sizeof a);
    return err == ERR_NOT_FOUND ? refuse(c, err, "account", "", "") : err;
}

/* -- a new one ---------------------------------------------------------------
 */

/* A program makes no tokens: its own could then be widened or outlived. */
static enum err may_add(struct call *c)
{
    if (c->actor.person == 0 || c->identity.api) {
        return refuse(c, ERR_FORBIDDEN, "token",
                      "a person who is logged in; a program makes no tokens",
                      c->command->name);
    }
    return token_scope_ok(arg_text(c, "scope"))
               ? OK
               : refuse(c, ERR_BAD_PARAM, "scope",
                        "names of commands, PREFIX.* or read, with blanks "
                        "between",
                        arg_text(c, "scope"));
}

static enum err read_until(struct call *c, instant *ret)
{
    const struct value *until = arg(c, "until");
    instant latest = c->at + (instant)c->policy->api_days * SECONDS_PER_DAY;
    char text[INSTANT_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE];
    *ret = until->given ? until->at : latest;
    if (*ret > c->at && *ret <= latest) {
        return OK;
    }
    snprintf(expected, sizeof expected,
             "an instant to come, at most %d days from now",
             c->policy->api_days);
    return refuse(c, ERR_BAD_PARAM, "until", expected,
                  instant_format(*ret, text));
}

static enum err has_room(struct call *c)
{
    char expected[PROBLEM_TEXT_SIZE];
    int64_t n = 0;
    enum err err =
        token_count(c->store, c->actor.person, c->at, idle_since(c), &n);
    if (err != OK || n < TOKENS_MAX) {
        return err;
    }
    snprintf(expected, sizeof expected,
             "at most %d log-ins and tokens an account; token.end ends one",
             TOKENS_MAX);
    return refuse(c, ERR_LIMIT, "", expected, c->actor.account);
}

static enum err make(struct call *c, struct token *t)
{
    char text[TOKEN_SIZE];
    uint8_t digest[DIGEST_BYTES];
    enum err err = token_make(text, digest);
    if (err == OK) {
        err = token_put(c->store, digest, t, &t->id);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "id", json_integer(t->id));
        json_object_set_new(c->result, "token", json_string(text));
        json_object_set_new(c->result, "scope", json_string(t->scope));
        json_object_set_new(c->result, "ends", result_instant(t->ends));
    }
    gnutls_memset(text, 0, sizeof text);
    return err;
}

enum err cmd_token_add(struct call *c)
{
    struct token t = {.person = c->actor.person,
                      .kind = TOKEN_API,
                      .made = c->at,
                      .used = c->at};
    snprintf(t.name, sizeof t.name, "%s", arg_text(c, "name"));
    snprintf(t.scope, sizeof t.scope, "%s", arg_text(c, "scope"));
    snprintf(t.source, sizeof t.source, "%s",
             c->source == NULL ? "" : c->source);
    enum err err = may_add(c);
    if (err == OK) {
        err = read_until(c, &t.ends);
    }
    if (err == OK) {
        err = has_room(c);
    }
    return err == OK ? make(c, &t) : err;
}

/* -- those there are ---------------------------------------------------------
 */

static void fill_token(const struct rows *rows, json_t *row)
{
    row_int(row, rows_int(rows, 0));
    row_text(row, rows_int(rows, 1) == TOKEN_API ? "api" : "login");
    for (int i = 2; i <= 4; i++) {
        row_text(row, rows_text(rows, i));
    }
    for (int i = 5; i <= 7; i++) {
        row_instant(row, rows_int(rows, i));
    }
}

enum err cmd_token_list(struct call *c)
{
    register_id person = 0;
    enum err err = whose(c, &person);
    if (err != OK) {
        return err;
    }
    struct cell binds[] = {cell_int("", person), cell_int("", c->at),
                           cell_int("", idle_since(c))};
    struct list list = {.columns = "id kind name scope source made used ends",
                        .statement = STMT_TOKEN_LIST,
                        .binds = binds,
                        .n_binds = 3,
                        .fill = fill_token};
    return page_list(c, "tokens", &list);
}

/* -- ending ------------------------------------------------------------------
 */

static enum err end_one(struct call *c, int64_t id)
{
    struct token t;
    enum err err = token_of(c->store, id, &t);
    if (err == OK && t.person != c->actor.person && !all_are_theirs(c)) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        return refuse(c, err, "id", "", "");
    }
    return err == OK ? token_drop(c->store, id) : err;
}

static enum err end_all(struct call *c, int64_t *ret_n)
{
    register_id person = 0;
    enum err err = all_are_theirs(c)
                       ? whose(c, &person)
                       : refuse(c, ERR_FORBIDDEN, "account",
                                "id; all of an account only for the security "
                                "administrator",
                                arg_text(c, "account"));
    if (err == OK) {
        err = token_count(c->store, person, c->at, idle_since(c), ret_n);
    }
    return err == OK ? token_drop_all(c->store, person, 0) : err;
}

enum err cmd_token_end(struct call *c)
{
    int64_t n = 1;
    const struct value *id = arg(c, "id");
    enum err err =
        id->given == arg(c, "account")->given
            ? refuse(c, ERR_BAD_PARAM, "id", "id or account, one of them", "")
            : (id->given ? end_one(c, id->number) : end_all(c, &n));
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "ended", json_integer(n));
    }
    return err;
}
