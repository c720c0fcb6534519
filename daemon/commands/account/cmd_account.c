/* Accounts, for the security administrator (account.*): opened and reset with a
 * one-time password, disabled, never deleted. Nothing of it is in the journal;
 * all of it goes into the audit record. */
#include <gnutls/gnutls.h>
#include <stdio.h>

#include "daemon/commands/account/administrator.h"
#include "daemon/commands/account/hasher.h"
#include "daemon/commands/account/one_time.h"
#include "daemon/commands/page.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"

/* What the waiting room made: see hasher.h. */
static enum err proven(struct call *c)
{
    const struct proof *proof = c->proof;
    if (proof == NULL || (proof->err == OK && proof->fresh[0] == '\0')) {
        return ERR_INTERNAL;
    }
    if (proof->err != OK) {
        c->problem = proof->problem;
    }
    return proof->err;
}

/* The only time that it is told. */
static enum err answer_once(struct call *c, const char *code)
{
    c->result = json_object();
    json_object_set_new(c->result, "account", json_string(code));
    json_object_set_new(c->result, "password", json_string(c->proof->one_time));
    return OK;
}

static enum err answer(struct call *c, const struct account *a)
{
    c->result = json_object();
    json_object_set_new(c->result, "account", json_string(a->code));
    return OK;
}

/* The account that the command names, never the actor's own. */
static enum err named_account(struct call *c, struct account *ret)
{
    enum err err = account_find(c->store, arg_text(c, "account"), ret);
    if (err == ERR_NOT_FOUND) {
        return refuse(c, err, "account", "", "");
    }
    return err == OK ? administrator_not_oneself(c, "account", ret->person)
                     : err;
}

/* -- opening -----------------------------------------------------------------
 */

static enum err has_none(struct call *c, const struct entry *person)
{
    struct account a;
    enum err err = account_of(c->store, person->id, &a);
    gnutls_memset(&a, 0, sizeof a);
    if (err == OK) {
        return refuse(c, ERR_EXISTS, "account", "a person without an account",
                      person->code);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err cmd_account_add(struct call *c)
{
    struct entry person;
    enum err err = named_person(c, "account", &person);
    if (err == OK) {
        err = administrator_not_oneself(c, "account", person.id);
    }
    if (err == OK) {
        err = has_none(c, &person);
    }
    if (err == OK) {
        err = administrator_pure(c, "account", &person);
    }
    if (err == OK) {
        err = proven(c);
    }
    if (err == OK) {
        err = one_time_open(c->store, person.id, c->proof->fresh, c->at);
    }
    return err == OK ? answer_once(c, person.code) : err;
}

enum err cmd_account_reset(struct call *c)
{
    struct account a;
    const struct value *totp = arg(c, "totp");
    enum err err = named_account(c, &a);
    if (err == OK && a.disabled) {
        err = refuse(c, ERR_BLOCKED, "account",
                     "one that is not disabled; account.enable lets it in",
                     a.code);
    }
    if (err == OK) {
        err = proven(c);
    }
    if (err == OK) {
        bool off = totp->given && totp->number != 0;
        a.totp = a.totp && !off;
        a.totp_asked = a.totp_asked && !off;
        err = one_time_renew(c->store, &a, c->proof->fresh, c->policy->history,
                             c->at);
    }
    if (err == OK) {
        err = answer_once(c, a.code);
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

/* -- disabled or not ---------------------------------------------------------
 */

static enum err disable(struct call *c, struct account *a)
{
    struct entry person = {.id = a->person};
    snprintf(person.code, sizeof person.code, "%s", a->code);
    enum err err = administrator_not_last(c, "account", &person);
    if (err == OK) {
        a->disabled = true;
        a->disabled_at = c->at;
        err = account_put(c->store, a);
    }
    if (err == OK) {
        err = account_why(c->store, a->person, arg_text(c, "reason"));
    }
    return err == OK ? token_drop_all(c->store, a->person, 0) : err;
}

enum err cmd_account_disable(struct call *c)
{
    struct account a;
    enum err err = named_account(c, &a);
    if (err == OK && a.disabled) {
        err = refuse(c, ERR_BAD_STATE, "account", "one that is not disabled",
                     a.code);
    }
    if (err == OK) {
        err = disable(c, &a);
    }
    if (err == OK) {
        err = answer(c, &a);
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

enum err cmd_account_enable(struct call *c)
{
    struct account a;
    enum err err = named_account(c, &a);
    if (err == OK && !a.disabled) {
        err =
            refuse(c, ERR_BAD_STATE, "account", "one that is disabled", a.code);
    }
    if (err == OK) {
        a.disabled = false;
        err = account_put(c->store, &a);
    }
    if (err == OK) {
        err = account_why(c->store, a.person, NULL);
    }
    if (err == OK) {
        err = answer(c, &a);
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

/* -- list --------------------------------------------------------------------
 */

/* "head handler", from the bits of the roles. */
static void row_roles(json_t *row, int64_t bits)
{
    char text[PROBLEM_TEXT_SIZE];
    size_t len = 0;
    text[0] = '\0';
    for (int i = 0; i < ROLE_COUNT && len < sizeof text; i++) {
        if ((bits >> i & 1) != 0) {
            len +=
                (size_t)snprintf(text + len, sizeof text - len, "%s%s",
                                 len == 0 ? "" : " ", role_name((enum role)i));
        }
    }
    row_text(row, text);
}

static void fill_account(const struct rows *rows, json_t *row)
{
    row_text(row, rows_text(rows, 1));
    row_text(row, rows_text(rows, 2));
    row_roles(row, rows_int(rows, 3));
    row_text(row, rows_text(rows, 4));
    row_instant(row, rows_int(rows, 5));
    row_instant(row, rows_int_or(rows, 6, INSTANT_NONE));
    row_instant(row, rows_int(rows, 7));
    json_array_append_new(row, json_boolean(rows_int(rows, 8) != 0));
    row_int(row, rows_int(rows, 9));
    row_text(row, rows_text(rows, 10));
}

enum err cmd_account_list(struct call *c)
{
    instant age = (instant)c->policy->days * SECONDS_PER_DAY;
    struct cell binds[] = {cell_int("", c->at),
                           cell_int("", c->at - c->policy->idle_s),
                           cell_int("", age == 0 ? INSTANT_MIN : c->at - age)};
    struct list list = {
        .columns = "account name roles state made login set totp tokens reason",
        .statement = STMT_ACCOUNT_LIST,
        .binds = binds,
        .n_binds = 3,
        .fill = fill_account};
    return page_list(c, "accounts", &list);
}
