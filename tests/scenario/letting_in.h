/* The small county (lib/world.h) with its three administrators, and people who
 * are logged in: what the tests of accounts and tokens have in common. */
#ifndef BIHUAN_TESTS_LETTING_IN_H
#define BIHUAN_TESTS_LETTING_IN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <crypt.h>

#include "daemon/commands/account/one_time.h"
#include "daemon/gate/token.h"
#include "lib/world.h"

/* As --init and --administrators do it. */
static inline void make_administrators(struct world *w,
                                       struct first_account ret[ADMINISTRATORS])
{
    struct problem p = {.err = OK};
    if (one_time_administrators(w->writer, w->now, &w->policy, "test", ret,
                                &p) != OK) {
        fail_msg("%s %s %s", p.param, p.expected, p.detail);
    }
}

/* Monday, 2 November 2026, nine o'clock. */
static inline void open_world(struct world *w)
{
    struct first_account first[ADMINISTRATORS];
    world_open(w, "2026-11-02T09:00:00+08:00");
    w->source = "10.1.2.3";
    make_administrators(w, first);
    world_county(w);
}

/* The refusal, and of what. */
static inline void refused(struct world *w, const char *as, const char *method,
                           const char *params, enum err err, const char *param)
{
    enum err got = world_try(w, as, method, params);
    if (got != err || strcmp(w->problem.param, param) != 0) {
        fail_msg("%s %s as %s: %s of '%s'", method, params,
                 as == NULL ? "operator" : as, err_name(got), w->problem.param);
    }
}

/* Opens an account with a password that is no longer the one-time one. */
static inline void let_in(struct world *w, const char *code)
{
    struct account a;
    bool fatal = false;
    world_dof(w, "security", "account.add", "{'account':'%s'}", code);
    assert_int_equal(store_begin(w->writer), OK);
    assert_int_equal(account_find(w->writer, code, &a), OK);
    a.due = false;
    assert_int_equal(account_put(w->writer, &a), OK);
    assert_int_equal(store_commit(w->writer, &fatal), OK);
}

/* What a log-in ends with, without its password: the token's id. */
static inline int64_t log_in(struct world *w, const char *code,
                             char token[TOKEN_SIZE])
{
    uint8_t digest[DIGEST_BYTES];
    struct account a;
    bool fatal = false;
    assert_int_equal(token_make(token, digest), OK);
    assert_int_equal(store_begin(w->writer), OK);
    assert_int_equal(account_find(w->writer, code, &a), OK);
    struct token t = {.person = a.person,
                      .kind = TOKEN_LOGIN,
                      .source = "10.1.2.3",
                      .made = w->now,
                      .used = w->now,
                      .ends = w->now + w->policy.life_s};
    assert_int_equal(token_put(w->writer, digest, &t, &t.id), OK);
    assert_int_equal(store_commit(w->writer, &fatal), OK);
    return t.id;
}

static inline void alive(struct world *w, const char *token)
{
    enum err err = world_try_token(w, token, "whoami", "{}");
    if (err != OK) {
        fail_msg("%s: %s", err_name(err), w->problem.detail);
    }
}

static inline void dead(struct world *w, const char *token)
{
    assert_int_equal(world_try_token(w, token, "whoami", "{}"),
                     ERR_UNAUTHENTICATED);
}

/* What the row of an account says in the list of the security administrator. */
static inline const char *listed(struct world *w, const char *code,
                                 const char *column)
{
    world_do(w, "security", "account.list", "{'limit':1000}");
    size_t n = json_array_size(world_rows(w, "accounts"));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(world_cell(w, "accounts", i, "account"), code) == 0) {
            return world_cell(w, "accounts", i, column);
        }
    }
    return "not listed";
}

static inline void assert_password(struct world *w, const char *code,
                                   const char *password)
{
    struct account a;
    struct crypt_data data = {.initialized = 0};
    assert_int_equal(account_find(w->reader, code, &a), OK);
    assert_string_equal(crypt_r(password, a.hash, &data), a.hash);
    assert_true(a.due);
}

static inline void open_logged_in(struct world *w, const char *code,
                                  char token[TOKEN_SIZE])
{
    open_world(w);
    let_in(w, code);
    log_in(w, code, token);
}

/* Makes a program's token with who is logged in; its id. */
static inline int64_t make_program(struct world *w, const char *by,
                                   const char *more, char ret[TOKEN_SIZE])
{
    char params[256];
    snprintf(params, sizeof params, "{'name':'接口'%s}", more);
    enum err err = world_try_token(w, by, "token.add", params);
    if (err != OK) {
        fail_msg("%s: %s %s", err_name(err), w->problem.param,
                 w->problem.expected);
    }
    const char *text = world_text(w, "token");
    assert_int_equal(strlen(text), 43); /* 256 bits, 6 a character */
    snprintf(ret, TOKEN_SIZE, "%s", text);
    return world_int(w, "id");
}

#endif
