/* Logging in and what one does to one's own password and second factor. The
 * hashes were made before (daemon/commands/account/hasher.h): here is decided,
 * with the account as it is now.
 *
 * Who cannot log in learns nothing of why: an account that is not there, is
 * disabled or locked, and a wrong password take the same steps to the same
 * answer, and all of them are written down as a failure. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/commands/access.h"
#include "daemon/commands/account/hasher.h"
#include "daemon/commands/call.h"
#include "daemon/commands/result.h"
#include "daemon/gate/password.h"
#include "daemon/gate/policy.h"
#include "daemon/gate/token.h"
#include "daemon/gate/totp.h"

enum {
    MINUTE = 60
};

static const char *source(const struct call *c)
{
    return c->source == NULL ? "" : c->source;
}

/* -- failures ---------------------------------------------------------------
 */

/* What is known of an attempt before it is decided. */
struct attempt {
    const char *name;
    struct account account;
    bool there; /* the account is, and may log in */
    struct lockout lockout;
    bool locked;
};

/* BUSY: the account has changed since its hash was looked at. */
static enum err look(struct call *c, const char *name, struct attempt *ret)
{
    *ret = (struct attempt){.name = name, .lockout = {.until = INSTANT_NONE}};
    enum err err = account_find(c->store, name, &ret->account);
    if (err != OK && err != ERR_NOT_FOUND) {
        return err;
    }
    ret->there = err == OK && !ret->account.disabled;
    if (strcmp(ret->account.hash, c->proof->seen) != 0) {
        return refuse(c, ERR_BUSY, "", "", "the password was changed just now");
    }
    err = lockout_find(c->store, name, source(c), &ret->lockout);
    if (err != OK && err != ERR_NOT_FOUND) {
        return err;
    }
    bool ever = ret->lockout.until != INSTANT_NONE;
    ret->locked = lockout_holds(&ret->lockout, c->recorded);
    if (ever && !ret->locked) { /* served: counting begins anew */
        ret->lockout = (struct lockout){.until = INSTANT_NONE};
    }
    return OK;
}

/* While it is locked nothing is counted and nothing prolonged: the same row is
 * written again, so that it takes as long. */
static enum err failed(struct call *c, struct attempt *a)
{
    struct lockout *l = &a->lockout;
    if (!a->locked) {
        l->failures++;
        l->last = c->recorded;
        if (l->failures >= c->policy->failures) {
            l->until = c->recorded + c->policy->lock_s;
        }
    }
    enum err err = lockout_put(c->store, a->name, source(c), l);
    if (err != OK) {
        return err;
    }
    c->stands = true;
    return refuse(c, ERR_LOGIN_FAILED, "", "", "");
}

static bool proven(const struct call *c, const struct attempt *a)
{
    return a->there && !a->locked && c->proof->matches;
}

/* -- parts of a log-in ------------------------------------------------------
 */

static bool is_due(const struct call *c, const struct account *a)
{
    instant due = policy_due(c->policy, a->set);
    return a->due || (due != INSTANT_NONE && c->recorded >= due);
}

/* The new password takes the place of the old one, which is kept; all tokens
 * end but for `keep`. */
static enum err renew(struct call *c, struct account *a, const char *fresh,
                      int64_t keep)
{
    enum err err = password_allowed(fresh, a->code, c->policy, &c->problem);
    if (err != OK) {
        return err;
    }
    if (c->proof->reused) {
        return refuse(c, ERR_EXISTS, "new",
                      "a password that was not in use lately", "");
    }
    if (c->proof->fresh[0] == '\0') { /* a code that was right only now */
        return refuse(c, ERR_BUSY, "", "", "");
    }
    err = account_old_add(c->store, a->person, a->hash, c->policy->history);
    snprintf(a->hash, sizeof a->hash, "%s", c->proof->fresh);
    a->due = false;
    a->set = c->recorded;
    return err == OK ? token_drop_all(c->store, a->person, keep) : err;
}

/* The second factor, where there is one. */
static enum err check_code(struct call *c, struct attempt *a)
{
    const char *code = arg_text(c, "code");
    struct account *account = &a->account;
    if (!account->totp) {
        return OK;
    }
    if (code == NULL) {
        return refuse(c, ERR_CODE_REQUIRED, "code", "", "");
    }
    return totp_right(account->totp_secret, code, c->recorded,
                      account->totp_step, &account->totp_step)
               ? OK
               : failed(c, a);
}

/* A log-in is always possible: the oldest makes room. */
static enum err make_room(struct call *c, const struct account *a)
{
    int64_t living = 0;
    enum err err = token_count(c->store, a->person, c->recorded,
                               c->recorded - c->policy->idle_s, &living);
    if (err == OK && living >= TOKENS_MAX) {
        err = token_drop_oldest(c->store, a->person);
    }
    return err == ERR_NOT_FOUND ? OK : err; /* all are of programs */
}

static enum err give_token(struct call *c, const struct account *a,
                           struct token *t, char text[TOKEN_SIZE])
{
    uint8_t digest[DIGEST_BYTES];
    *t = (struct token){.person = a->person,
                        .kind = TOKEN_LOGIN,
                        .made = c->recorded,
                        .used = c->recorded,
                        .ends = c->recorded + c->policy->life_s};
    snprintf(t->source, sizeof t->source, "%s", source(c));
    enum err err = make_room(c, a);
    if (err == OK) {
        err = token_make(text, digest);
    }
    return err == OK ? token_put(c->store, digest, t, &t->id) : err;
}

static json_t *due_in_days(const struct call *c, const struct account *a)
{
    return result_days_left(policy_due(c->policy, a->set), c->recorded);
}

static void answer(struct call *c, const struct account *a,
                   const struct token *t, const char *text)
{
    c->result = json_object();
    json_object_set_new(c->result, "token", json_string(text));
    json_object_set_new(c->result, "account", json_string(a->code));
    json_object_set_new(c->result, "ends", result_instant(t->ends));
    json_object_set_new(c->result, "idle_minutes",
                        json_integer(c->policy->idle_s / MINUTE));
    json_object_set_new(c->result, "password_due_in_days", due_in_days(c, a));
    json_object_set_new(c->result, "roles", result_roles(c->actor.roles));
}

/* -- login ------------------------------------------------------------------
 */

/* Everything is right: what it changes, and the token. */
static enum err admit(struct call *c, struct account *a)
{
    struct token t;
    char text[TOKEN_SIZE];
    a->login = c->recorded;
    enum err err = account_put(c->store, a);
    if (err == OK) {
        err = lockout_drop(c->store, a->code, source(c));
    }
    if (err == OK) {
        err = access_actor(c, a->code);
    }
    if (err == OK) {
        err = give_token(c, a, &t, text);
    }
    if (err == OK) {
        answer(c, a, &t, text);
    }
    gnutls_memset(text, 0, sizeof text);
    return err;
}

/* The code comes before the rules for a new password: what was in use before
 * is not told to who has only the password. */
static enum err decide(struct call *c, struct attempt *a)
{
    struct account *account = &a->account;
    const char *fresh = arg_text(c, "new");
    if (!proven(c, a)) {
        return failed(c, a);
    }
    if (fresh == NULL && is_due(c, account)) {
        char rules[PROBLEM_TEXT_SIZE];
        password_rules(c->policy, rules);
        return refuse(c, ERR_PASSWORD_DUE, "new", rules, "");
    }
    enum err err = check_code(c, a);
    if (err == OK && fresh != NULL) {
        err = renew(c, account, fresh, 0);
    } else if (err == OK && c->proof->fresh[0] != '\0') {
        snprintf(account->hash, sizeof account->hash, "%s", c->proof->fresh);
    }
    return err == OK ? admit(c, account) : err;
}

enum err cmd_login(struct call *c)
{
    struct attempt a;
    enum err err = look(c, arg_text(c, "account"), &a);
    if (err == OK) {
        err = decide(c, &a);
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

/* -- one's own password and second factor -----------------------------------
 */

/* Who acts must be a person, and the password theirs: guessing with a stolen
 * token is counted like guessing without one. */
static enum err look_own(struct call *c, struct attempt *ret)
{
    *ret = (struct attempt){.there = false};
    if (c->actor.person == 0) {
        return refuse(c, ERR_FORBIDDEN, "token", "one's own log-in", "");
    }
    enum err err = look(c, c->actor.account, ret);
    return err == OK && !proven(c, ret) ? failed(c, ret) : err;
}

enum err cmd_passwd(struct call *c)
{
    struct attempt a;
    enum err err = look_own(c, &a);
    if (err == OK) {
        err = renew(c, &a.account, arg_text(c, "new"), c->identity.token);
    }
    if (err == OK) {
        err = account_put(c->store, &a.account);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "account", json_string(a.account.code));
        json_object_set_new(c->result, "password_due_in_days",
                            due_in_days(c, &a.account));
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

/* otpauth://totp/ISSUER:ACCOUNT?..., as authenticators read it; what is not a
 * letter or digit of ASCII is percent-encoded (RFC 3986). */
static void make_uri(const char *account, const char *secret, char *ret,
                     size_t size)
{
    char label[3 * CODE_SIZE];
    size_t len = 0;
    for (const char *at = account; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9');
        len += (size_t)snprintf(label + len, sizeof label - len,
                                plain ? "%c" : "%%%02X", (unsigned char)*at);
    }
    snprintf(ret, size,
             "otpauth://totp/Bihuan:%s?secret=%s&issuer=Bihuan"
             "&algorithm=SHA1&digits=%d&period=%d",
             label, secret, TOTP_DIGITS, TOTP_STEP_S);
}

static void answer_secret(struct call *c, const struct account *a)
{
    char secret[TOTP_BASE32_SIZE];
    char uri[4 * CODE_SIZE + 128];
    totp_base32(a->totp_new, secret);
    make_uri(a->code, secret, uri, sizeof uri);
    c->result = json_object();
    json_object_set_new(c->result, "secret", json_string(secret));
    json_object_set_new(c->result, "uri", json_string(uri));
    gnutls_memset(secret, 0, sizeof secret);
    gnutls_memset(uri, 0, sizeof uri);
}

enum err cmd_totp_begin(struct call *c)
{
    struct attempt a;
    enum err err = look_own(c, &a);
    if (err == OK) { /* who has the password alone does not replace it */
        err = check_code(c, &a);
    }
    if (err == OK && getrandom(a.account.totp_new, TOTP_SECRET_BYTES, 0) !=
                         TOTP_SECRET_BYTES) {
        err = ERR_INTERNAL;
    }
    if (err == OK) {
        a.account.totp_asked = true;
        err = account_put(c->store, &a.account);
    }
    if (err == OK) {
        answer_secret(c, &a.account);
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

/* The secret that was asked for is in force from now on. */
static enum err confirm(struct call *c, struct account *a)
{
    int64_t step = 0;
    if (!a->totp_asked) {
        return refuse(c, ERR_BAD_STATE, "code", "first: bihuan totp begin", "");
    }
    if (!totp_right(a->totp_new, arg_text(c, "code"), c->recorded, 0, &step)) {
        return refuse(c, ERR_BAD_PARAM, "code",
                      "the code that the authenticator shows now", "");
    }
    memcpy(a->totp_secret, a->totp_new, sizeof a->totp_secret);
    a->totp = true;
    a->totp_asked = false;
    a->totp_step = step;
    return account_put(c->store, a);
}

enum err cmd_totp_confirm(struct call *c)
{
    struct account a = {.person = 0};
    if (c->actor.person == 0) {
        return refuse(c, ERR_FORBIDDEN, "token", "one's own log-in", "");
    }
    enum err err = account_of(c->store, c->actor.person, &a);
    if (err == OK) {
        err = confirm(c, &a);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "account", json_string(a.code));
        json_object_set_new(c->result, "totp", json_true());
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}
