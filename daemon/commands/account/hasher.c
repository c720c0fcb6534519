/* What a password's proof is made of: see hasher.h. The rule of it all: who
 * does not know the password can tell nothing from how long it took. So one
 * hash of the site's cost is made for every name, known or not, and more only
 * once the log-in can succeed. */
#include "daemon/commands/account/hasher.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/call.h"
#include "daemon/gate/password.h"
#include "daemon/gate/totp.h"

void hasher_forget(struct proof *proof)
{
    if (proof != NULL) {
        gnutls_memset(proof, 0, sizeof *proof);
        free(proof);
    }
}

/* -- one password against an account ----------------------------------------
 */

/* What a log-in costs whoever it is for. */
static int whole_cost(const struct policy *policy)
{
    return policy->dearest > policy->cost ? policy->dearest : policy->cost;
}

/* A hash of less than the site's cost is made up for: the costs double, so the
 * hash and those of nobody with its cost, the next, ... make one of the site's.
 */
static enum err match(const char *password, const char *hash, int cost,
                      bool *ret)
{
    enum err err = password_matches(password, hash, ret);
    int made = password_cost(hash);
    for (int more = made; err == OK && made > 0 && more < cost; more++) {
        char nobody[HASH_TEXT_SIZE];
        bool never = false;
        err = password_nobody(more, nobody);
        if (err == OK) {
            err = password_matches(password, nobody, &never);
        }
    }
    return err;
}

/* The account as it is now, and whether that is its password. */
static enum err look(struct call *c, const char *name, const char *password,
                     struct account *a, struct proof *proof)
{
    char hash[HASH_TEXT_SIZE];
    int cost = whole_cost(c->policy);
    enum err err = account_find(c->store, name, a);
    if (err == ERR_NOT_FOUND) {
        err = password_nobody(cost, hash);
    } else if (err == OK) {
        proof->known = !a->disabled;
        snprintf(proof->seen, sizeof proof->seen, "%s", a->hash);
        snprintf(hash, sizeof hash, "%s", a->hash);
    }
    return err == OK ? match(password, hash, cost, &proof->matches) : err;
}

/* -- a new password ---------------------------------------------------------
 */

struct kept {
    int n;
    char hash[PASSWORD_HISTORY_MAX][HASH_TEXT_SIZE];
};

static bool keep(void *user, const char *hash)
{
    struct kept *kept = user;
    snprintf(kept->hash[kept->n++], HASH_TEXT_SIZE, "%s", hash);
    return kept->n < PASSWORD_HISTORY_MAX;
}

/* Read first and hashed then: nobody waits for us to be done with reading. */
static enum err is_old(struct call *c, const struct account *a,
                       const char *fresh, bool *ret)
{
    struct kept kept = {.n = 0};
    enum err err = c->policy->history > 0
                       ? account_old_hashes(c->store, a->person, keep, &kept)
                       : OK;
    for (int i = 0; err == OK && !*ret && i < kept.n; i++) {
        err = password_matches(fresh, kept.hash[i], ret);
    }
    return err;
}

/* Nothing is hashed of one that the rules refuse. */
static enum err renew(struct call *c, const struct account *a, const char *old,
                      const char *fresh, struct proof *proof)
{
    struct problem p;
    if (password_allowed(fresh, a->code, c->policy, &p) != OK) {
        return OK; /* the command says so */
    }
    proof->reused = strcmp(old, fresh) == 0;
    enum err err = is_old(c, a, fresh, &proof->reused);
    return err == OK && !proof->reused
               ? password_hash(fresh, c->policy->cost, proof->fresh)
               : err;
}

/* -- commands ---------------------------------------------------------------
 */

static bool locked(struct call *c, const char *name, enum err *ret_err)
{
    struct lockout l;
    enum err err =
        lockout_find(c->store, name, c->source == NULL ? "" : c->source, &l);
    *ret_err = err == ERR_NOT_FOUND ? OK : err;
    return err == OK && lockout_holds(&l, c->recorded);
}

/* Whether the second factor, if there is one, is right too. */
static bool code_right(struct call *c, const struct account *a)
{
    const char *code = arg_text(c, "code");
    int64_t step = 0;
    return !a->totp ||
           (code != NULL &&
            totp_right(a->totp_secret, code, c->recorded, a->totp_step, &step));
}

/* The account's password is right, and nothing else is against it. */
static enum err go_on_login(struct call *c, const struct account *a,
                            struct proof *proof)
{
    const char *password = arg_text(c, "password");
    const char *fresh = arg_text(c, "new");
    enum err err = OK;
    if (locked(c, a->code, &err) || err != OK || !code_right(c, a)) {
        return err;
    }
    if (fresh != NULL) {
        return renew(c, a, password, fresh, proof);
    }
    return password_cost(a->hash) < c->policy->cost
               ? password_hash(password, c->policy->cost, proof->fresh)
               : OK;
}

static enum err prove_login(struct call *c, struct proof *proof)
{
    struct account a = {.person = 0};
    enum err err =
        look(c, arg_text(c, "account"), arg_text(c, "password"), &a, proof);
    if (err == OK && proof->known && proof->matches) {
        err = go_on_login(c, &a, proof);
    }
    gnutls_memset(&a, 0, sizeof a); /* its second factor's secret */
    return err;
}

static enum err prove_passwd(struct call *c, struct proof *proof)
{
    const char *old = arg_text(c, "old");
    struct account a = {.person = 0};
    enum err err = look(c, c->actor.account, old, &a, proof);
    if (err == OK && proof->matches && !locked(c, a.code, &err) && err == OK) {
        err = renew(c, &a, old, arg_text(c, "new"), proof);
    }
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

static enum err prove_totp(struct call *c, struct proof *proof)
{
    struct account a = {.person = 0};
    enum err err =
        look(c, c->actor.account, arg_text(c, "password"), &a, proof);
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

static enum err prove_one_time(struct call *c, struct proof *proof)
{
    enum err err = password_one_time(proof->one_time);
    return err == OK
               ? password_hash(proof->one_time, c->policy->cost, proof->fresh)
               : err;
}

static enum err prove(struct call *c, struct proof *proof)
{
    switch (command_index(c->command)) {
    case CMD_login:
        return prove_login(c, proof);
    case CMD_passwd:
        return prove_passwd(c, proof);
    case CMD_totp_begin:
        return prove_totp(c, proof);
    default:
        return prove_one_time(c, proof);
    }
}

void hasher_prove(struct call *c, struct proof *proof)
{
    proof->err = prove(c, proof);
    if (proof->err != OK) {
        problem_set(&proof->problem, proof->err, "", "", "");
    }
}
