/* whoami and logout: what a log-in says of itself, and its end. */
#include <gnutls/gnutls.h>

#include "daemon/commands/access.h"
#include "daemon/commands/result.h"
#include "daemon/gate/policy.h"
#include "daemon/store/accounts.h"
#include "daemon/store/registry.h"

/* Those of whom one acts for are among them. */
static enum err add_posts(struct call *c)
{
    json_t *table = table_new("role unit name");
    json_object_set_new(c->result, "posts", table);
    enum err err = OK;
    for (int i = 0; err == OK && i < c->actor.n_posts; i++) {
        const struct post *post = &c->actor.posts[i];
        struct entry unit = {.id = 0};
        err =
            post->unit == 0 ? OK : registry_by_id(c->store, post->unit, &unit);
        json_t *row = table_row(table);
        row_text(row, role_name(post->role));
        row_text(row, unit.code);
        row_text(row, unit.name);
    }
    return err;
}

static enum err add_person(struct call *c)
{
    struct entry person = {.id = 0};
    enum err err = c->actor.person == 0
                       ? OK
                       : registry_by_id(c->store, c->actor.person, &person);
    json_object_set_new(c->result, "account", json_string(c->actor.account));
    json_object_set_new(c->result, "name", result_text(person.name));
    json_object_set_new(c->result, "roles", result_roles(c->actor.roles));
    return err == OK ? add_posts(c) : err;
}

/* A log-in, or the peer of the local socket, which lasts as it does. */
static enum err add_token(struct call *c)
{
    struct token t;
    if (c->identity.token == 0) {
        json_object_set_new(c->result, "kind", json_string("socket"));
        json_object_set_new(c->result, "source", result_text(c->source));
        return OK;
    }
    enum err err = token_of(c->store, c->identity.token, &t);
    if (err != OK) {
        return err;
    }
    bool api = t.kind == TOKEN_API;
    json_object_set_new(c->result, "token", json_integer(t.id));
    json_object_set_new(c->result, "kind", json_string(api ? "api" : "login"));
    json_object_set_new(c->result, "source", result_text(t.source));
    json_object_set_new(c->result, "ends", result_instant(t.ends));
    if (!api) {
        json_object_set_new(c->result, "idle_minutes",
                            json_integer(c->policy->idle_s / 60));
    }
    return OK;
}

/* In how many days the password is to be changed: 0 today or now. */
static void add_due(struct call *c, const struct account *a)
{
    instant when = policy_due(c->policy, a->set);
    bool due =
        a->due || c->identity.due || (when != INSTANT_NONE && when <= c->at);
    json_t *in_days = due ? json_integer(0) : result_days_left(when, c->at);
    json_object_set_new(c->result, "password_due", json_boolean(due));
    json_object_set_new(c->result, "password_due_in_days", in_days);
    json_object_set_new(c->result, "totp", json_boolean(a->totp));
}

enum err cmd_whoami(struct call *c)
{
    struct account a;
    c->result = json_object();
    enum err err = add_person(c);
    if (err == OK) {
        err = add_token(c);
    }
    if (err == OK && c->actor.person != 0) {
        err = account_of(c->store, c->actor.person, &a);
        if (err == OK) {
            add_due(c, &a);
        }
        gnutls_memset(&a, 0, sizeof a);
        err = err == ERR_NOT_FOUND ? OK : err;
    }
    return err;
}

enum err cmd_logout(struct call *c)
{
    if (c->identity.token == 0) {
        return refuse(c, ERR_NOT_FOUND, "token",
                      "a log-in; the local socket's peer has none to end", "");
    }
    enum err err = token_drop(c->store, c->identity.token);
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "ended", json_integer(1));
    }
    return err;
}
