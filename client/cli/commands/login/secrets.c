/* See secrets.h. */
#include "client/cli/commands/login/secrets.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "client/cli/commands/login/secret.h"
#include "client/cli/language/lang.h"
#include "core/limits.h"

enum {
    SECRET_SIZE = PASSWORD_BYTES_MAX + 1,
    TRIES = 3
};

static bool told(const struct problem *p)
{
    complain(stderr, p);
    return false;
}

bool secrets_want(json_t *params, const char *name, const char *question)
{
    char secret[SECRET_SIZE];
    struct problem p;
    if (json_object_get(params, name) != NULL) {
        return true;
    }
    enum err err = secret_ask(question, name, secret, sizeof secret, &p);
    if (err == OK && json_object_set_new(params, name, json_string(secret))) {
        err = problem_set(&p, ERR_NO_MEMORY, "", "", "");
    }
    gnutls_memset(secret, 0, sizeof secret);
    return err == OK || told(&p);
}

/* Typed blindly, it may be another one than was meant. */
static enum err ask_twice(char first[SECRET_SIZE], struct problem *p)
{
    char second[SECRET_SIZE];
    enum err err = OK;
    bool same = false;
    for (int i = 0; err == OK && !same && i < TRIES; i++) {
        if (i > 0) {
            (void)fprintf(stderr, "%s\n", tr("the two are not the same"));
        }
        err = secret_ask(tr("New password"), "new", first, SECRET_SIZE, p);
        if (err == OK) {
            err = secret_ask(tr("New password again"), "new", second,
                             sizeof second, p);
        }
        same = err == OK && strcmp(first, second) == 0;
    }
    gnutls_memset(second, 0, sizeof second);
    return err != OK || same ? err
                             : problem_set(p, ERR_BAD_PARAM, "new",
                                           "the same password twice", "");
}

bool secrets_want_new(json_t *params)
{
    char secret[SECRET_SIZE];
    struct problem p;
    if (!secret_typed() || json_object_get(params, "new") != NULL) {
        return secrets_want(params, "new", "");
    }
    enum err err = ask_twice(secret, &p);
    if (err == OK && json_object_set_new(params, "new", json_string(secret))) {
        err = problem_set(&p, ERR_NO_MEMORY, "", "", "");
    }
    gnutls_memset(secret, 0, sizeof secret);
    return err == OK || told(&p);
}

enum exit_status secrets_ask(const struct run_context *context,
                             struct session *session, const json_t *params,
                             json_t **ret, struct bihuan_error *error)
{
    struct bihuan_request ask = {.method = context->command->name};
    return server_ask(session->b, &ask, params, ret, error);
}

/* Nobody types passwords for nothing. */
static enum exit_status ask_who(struct session *session,
                                struct bihuan_error *error)
{
    struct bihuan_request ask = {.method = "whoami"};
    json_t *result = NULL;
    enum exit_status status =
        server_ask(session->b, &ask, NULL, &result, error);
    json_decref(result);
    return status;
}

enum exit_status secrets_run(const struct run_context *context,
                             bool (*want)(json_t *params), json_t **ret)
{
    struct session once = {.b = NULL};
    struct bihuan_error error;
    enum exit_status status;
    *ret = NULL;
    struct session *session = session_begin(context, &once, &status);
    if (session == NULL) {
        return status;
    }
    status = ask_who(session, &error);
    bool wanted = status != EXIT_DONE || want(context->params);
    if (wanted && status == EXIT_DONE) {
        status = secrets_ask(context, session, context->params, ret, &error);
    }
    if (!wanted) {
        status = EXIT_USAGE;
    } else if (status != EXIT_DONE) {
        complain_call(stderr, &error, context->command, NULL);
    }
    session_end(session, &once, status);
    return status;
}
