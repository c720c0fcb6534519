/* The three administrators, made by the program itself: see one_time.h. */
#include <gnutls/gnutls.h>
#include <stdio.h>

#include "daemon/commands/account/administrator.h"
#include "daemon/commands/account/one_time.h"
#include "daemon/commands/call_run.h"
#include "daemon/gate/password.h"
#include "daemon/store/audit.h"

struct administrator {
    enum role role;
    const char *code;
    const char *name;
};

static const struct administrator administrators[ADMINISTRATORS] = {
    {ROLE_SYSTEM, "system", "系统管理员"},
    {ROLE_SECURITY, "security", "安全管理员"},
    {ROLE_AUDIT, "audit", "审计管理员"},
};

/* Runs person.add as the program itself. */
static enum err register_one(struct call *c, const struct administrator *who,
                             const char *code)
{
    struct value values[ARGS_MAX];
    json_t *params = json_object();
    json_object_set_new(params, "code", json_string(code));
    json_object_set_new(params, "name", json_string(who->name));
    json_object_set_new(params, "role", json_string(role_name(who->role)));
    c->command = command_at(CMD_person_add);
    c->values = values;
    enum err err = command_check(c->command, params, values, &c->problem);
    if (err == OK) {
        err = call_run(c, NULL);
    }
    json_decref(c->result);
    c->result = NULL;
    c->values = NULL;
    json_decref(params);
    return err;
}

/* The role's name, or the first of -2 to -9 that nobody and nothing has. */
static enum err free_code(struct call *c, const char *wanted,
                          char ret[CODE_SIZE])
{
    enum {
        LAST = 9
    };
    snprintf(ret, CODE_SIZE, "%s", wanted);
    for (int i = 2; i <= LAST; i++) {
        struct entry other;
        enum err err = registry_any(c->store, ret, &other);
        if (err != OK) {
            return err == ERR_NOT_FOUND ? OK : err;
        }
        snprintf(ret, CODE_SIZE, "%s-%d", wanted, i);
    }
    return refuse(c, ERR_EXISTS, "code", "a code not in use", wanted);
}

/* Who has the role and nothing else; *ret_id 0: nobody. */
static enum err find_holder(struct call *c, enum role role, struct entry *ret)
{
    struct cell bind = cell_int("", role);
    struct rows rows;
    ret->id = 0;
    enum err err = rows_begin(c->store, STMT_ADMINISTRATORS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && ret->id == 0 && rows_next(&rows)) {
        struct entry one;
        err = registry_by_id(c->store, rows_int(&rows, 0), &one);
        enum err pure = err == OK ? administrator_pure(c, "", &one) : err;
        if (pure == OK) {
            *ret = one;
        } else if (pure != ERR_BLOCKED) {
            err = pure;
        }
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

static enum err find_or_register(struct call *c,
                                 const struct administrator *who,
                                 struct entry *ret)
{
    char code[CODE_SIZE];
    enum err err = find_holder(c, who->role, ret);
    if (err != OK || ret->id != 0) {
        return err;
    }
    err = free_code(c, who->code, code);
    if (err == OK) {
        err = register_one(c, who, code);
    }
    return err == OK ? registry_person(c->store, code, ret) : err;
}

static enum err note(struct call *c, const struct entry *person,
                     const char *what)
{
    struct audit_event e = {.at = c->at, .times = 1};
    snprintf(e.account, sizeof e.account, "operator");
    snprintf(e.source, sizeof e.source, "%s", c->source);
    snprintf(e.what, sizeof e.what, "%s", what);
    snprintf(e.outcome, sizeof e.outcome, "ok");
    snprintf(e.object, sizeof e.object, "%s", person->code);
    return audit_append(c->store, &e);
}

/* Whatever kept them out ends. */
static enum err let_in(struct call *c, const struct entry *person,
                       const char *hash)
{
    struct account a;
    enum err err = account_of(c->store, person->id, &a);
    if (err == ERR_NOT_FOUND) {
        err = one_time_open(c->store, person->id, hash, c->at);
        return err == OK ? note(c, person, "account.add") : err;
    }
    if (err == OK) {
        a.disabled = false;
        a.totp = false;
        a.totp_asked = false;
        err = one_time_renew(c->store, &a, hash, c->policy->history, c->at);
    }
    gnutls_memset(&a, 0, sizeof a);
    if (err == OK) {
        err = account_why(c->store, person->id, NULL);
    }
    return err == OK ? note(c, person, "account.reset") : err;
}

static enum err make_one(struct call *c, const struct administrator *who,
                         struct first_account *ret)
{
    char hash[HASH_TEXT_SIZE];
    struct entry person;
    enum err err = find_or_register(c, who, &person);
    if (err == OK) {
        snprintf(ret->code, sizeof ret->code, "%s", person.code);
        err = password_one_time(ret->password);
    }
    if (err == OK) {
        err = password_hash(ret->password, c->policy->cost, hash);
    }
    if (err == OK) {
        err = let_in(c, &person, hash);
    }
    gnutls_memset(hash, 0, sizeof hash);
    return err;
}

enum err one_time_administrators(struct store *s, instant now,
                                 const struct policy *policy,
                                 const char *source,
                                 struct first_account ret[ADMINISTRATORS],
                                 struct problem *p)
{
    bool fatal = false;
    struct call c = {.store = s,
                     .policy = policy,
                     .source = source,
                     .at = now,
                     .recorded = now};
    enum err err = store_begin(s);
    if (err != OK) {
        return problem_set(p, err, "", "", "making the administrators");
    }
    for (int i = 0; err == OK && i < ADMINISTRATORS; i++) {
        err = make_one(&c, &administrators[i], &ret[i]);
    }
    if (err == OK) {
        err = store_commit(s, &fatal);
    } else {
        store_rollback(s);
    }
    if (err != OK) {
        gnutls_memset(ret, 0, ADMINISTRATORS * sizeof *ret);
        problem_set(p, err, c.problem.param, c.problem.expected,
                    c.problem.detail);
    }
    return err;
}
