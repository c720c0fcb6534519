/* Whose request it is: see identity.h. */
#include "daemon/commands/identity.h"

#include "daemon/commands/access.h"
#include "daemon/gate/policy.h"
#include "daemon/gate/token.h"

static enum err unknown(struct call *c)
{
    return refuse(c, ERR_UNAUTHENTICATED, "token", "", "");
}

/* A log-in ends by itself when nobody uses it; a program may sleep. What was
 * made after now was made while the clock ran ahead, and would end that much
 * too late. */
static bool living(const struct call *c, const struct token *t)
{
    return t->made <= c->recorded && c->recorded < t->ends &&
           (t->kind == TOKEN_API || c->recorded - t->used < c->policy->idle_s);
}

/* A second factor is asked of them by the site, and they have none. */
static bool lacks_factor(const struct call *c, const struct token *t)
{
    bool asked = c->policy->totp == TOTP_EVERYONE ||
                 (c->policy->totp == TOTP_ADMINISTRATORS &&
                  (c->actor.roles & ROLES_ADMINISTRATORS) != 0);
    return asked && t->kind == TOKEN_LOGIN && !t->totp;
}

/* Who opens accounts or reads the audit record does so in person: a token made
 * in an earlier post would be a way round that. */
static bool in_person(const struct call *c)
{
    return (c->actor.roles &
            (ROLE_BIT(ROLE_SECURITY) | ROLE_BIT(ROLE_AUDIT))) != 0;
}

/* What the log-in itself lets through, whatever the roles say. */
static enum err within(struct call *c, const struct token *t)
{
    bool session = (c->command->roles & COMMAND_SESSION) != 0;
    if (t->kind == TOKEN_API && in_person(c)) {
        return refuse(c, ERR_FORBIDDEN, "token",
                      "a log-in; no program acts for this administrator",
                      c->command->name);
    }
    if (t->kind == TOKEN_API &&
        (session || !token_scope_allows(t->scope, c->command))) {
        return refuse(c, ERR_FORBIDDEN, "token",
                      "a command within the token's scope", c->command->name);
    }
    if (t->due && !session) {
        return refuse(c, ERR_PASSWORD_DUE, "token", "first: bihuan passwd", "");
    }
    return lacks_factor(c, t) && !session
               ? refuse(c, ERR_PASSWORD_DUE, "token",
                        "first: bihuan totp begin", "")
               : OK;
}

static enum err by_token(struct call *c, const char *text)
{
    uint8_t digest[DIGEST_BYTES];
    struct token t;
    token_digest(text, digest);
    enum err err = token_find(c->store, digest, &t);
    if (err == ERR_NOT_FOUND || (err == OK && !living(c, &t))) {
        return unknown(c);
    }
    if (err == OK) {
        c->identity = (struct identity){.token = t.id,
                                        .api = t.kind == TOKEN_API,
                                        .due = t.due,
                                        .used = t.used};
        err = access_actor(c, t.code);
    }
    return err == OK ? within(c, &t) : err;
}

static enum err by_peer(struct call *c, const char *code)
{
    struct account account;
    enum err err = account_find(c->store, code, &account);
    if (err == ERR_NOT_FOUND || (err == OK && account.disabled)) {
        return unknown(c);
    }
    return err == OK ? access_actor(c, code) : err;
}

enum err identity_find(struct call *c, const struct credentials *who)
{
    c->identity = (struct identity){.token = 0};
    if ((c->command->roles & COMMAND_OPEN) != 0) {
        c->actor = (struct actor){.person = 0};
        return OK;
    }
    if (who->token != NULL) {
        return by_token(c, who->token);
    }
    return who->peer != NULL && who->peer[0] != '\0' ? by_peer(c, who->peer)
                                                     : unknown(c);
}
