/* `login` and `logout`. Logging in is a conversation: the server says what is
 * still missing (a new password, the code of the second factor), it is asked
 * for, and the whole goes again. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/commands/login/secret.h"
#include "client/cli/commands/login/secrets.h"
#include "client/cli/language/lang.h"
#include "client/cli/server/logins.h"
#include "client/cli/server/server_name.h"
#include "client/cli/show/width.h"
#include "core/limits.h"

enum {
    TURNS = 6, /* of the conversation: two things may be missing, and three
                  tries at a new password */
    SOON_DAYS = 14
};

/* -- what the server misses --------------------------------------------------
 */

/* Is it the new password that does not do? Then another may be typed. */
static bool new_refused(const struct bihuan_error *e, const json_t *params)
{
    enum err err = err_from_name(e->name);
    return json_object_get(params, "new") != NULL && secret_typed() &&
           strcmp(e->param, "new") == 0 &&
           (err == ERR_BAD_PARAM || err == ERR_EXISTS);
}

/* Asks for it, unless this was the `last` turn; false: nothing more can be
 * done, which was told. */
static bool supply(const struct run_context *context,
                   const struct bihuan_error *e, json_t *params, bool last)
{
    enum err err = err_from_name(e->name);
    if (!last && err == ERR_PASSWORD_DUE &&
        json_object_get(params, "new") == NULL) {
        (void)fprintf(stderr, "%s\n",
                      tr("This password is a one-time or an old one: choose "
                         "another."));
        complain_expected(stderr, e);
        return secrets_want_new(params);
    }
    if (!last && err == ERR_CODE_REQUIRED &&
        json_object_get(params, "code") == NULL) {
        return secrets_want(params, "code", tr("Code of the second factor"));
    }
    complain_call(stderr, e, context->command, NULL);
    if (!last && new_refused(e, params)) {
        (void)json_object_del(params, "new");
        return secrets_want_new(params);
    }
    return false;
}

static enum exit_status converse(const struct run_context *context,
                                 struct session *session, json_t **ret)
{
    struct bihuan_error error;
    json_t *params = context->params;
    enum exit_status status = EXIT_REFUSED;
    bool more = true;
    for (int i = 0; more && i < TURNS; i++) {
        status = secrets_ask(context, session, params, ret, &error);
        more = status != EXIT_DONE &&
               supply(context, &error, params, i + 1 == TURNS);
    }
    return status;
}

/* -- keeping it --------------------------------------------------------------
 */

static const char *member(const json_t *result, const char *name)
{
    const char *text = json_string_value(json_object_get(result, name));
    return text == NULL ? "" : text;
}

/* One that cannot be kept must not live on unseen. */
static void give_up(struct session *session)
{
    struct bihuan_reply reply;
    struct bihuan_request ask = {.method = "logout"};
    (void)bihuan_call(session->b, &ask, &reply);
    bihuan_reply_done(&reply);
    (void)bihuan_set_token(session->b, NULL);
    session->account[0] = '\0';
}

static enum exit_status no_answer(void)
{
    struct problem p;
    (void)problem_set(&p, ERR_CONNECTION, "", "",
                      "what came is not an answer: no bihuand, or one that "
                      "speaks TLS (tls:HOST:PORT)");
    complain(stderr, &p);
    return EXIT_NO_CONNECTION;
}

static enum exit_status keep(const struct run_context *context,
                             struct session *session, const json_t *result)
{
    char name[SERVER_SIZE];
    struct login login = {.server = ""};
    struct problem p;
    const char *token = member(result, "token");
    const char *account = member(result, "account");
    if (token[0] == '\0' || account[0] == '\0') {
        return no_answer();
    }
    if (bihuan_set_token(session->b, token) != BIHUAN_DONE) {
        complain_error(stderr, bihuan_last_error(session->b));
        return EXIT_REFUSED;
    }
    logins_server(server_name(context->options, name), login.server);
    (void)snprintf(login.account, sizeof login.account, "%s", account);
    (void)snprintf(login.token, sizeof login.token, "%s", token);
    (void)snprintf(login.ends, sizeof login.ends, "%s", member(result, "ends"));
    (void)snprintf(session->account, sizeof session->account, "%s", account);
    enum err err = logins_keep(&login, &p);
    login_forget(&login);
    if (err != OK) {
        complain(stderr, &p);
        give_up(session);
        return EXIT_REFUSED;
    }
    complain_know_login(account, true);
    return EXIT_DONE;
}

/* The token is for the file; a program that asks for JSON gets it, too. */
static void show(const struct run_context *context, json_t *result)
{
    json_t *days = json_object_get(result, "password_due_in_days");
    bool soon = json_is_integer(days) && json_integer_value(days) <= SOON_DAYS;
    if (context->options->format != FORMAT_JSON) {
        (void)json_object_del(result, "token");
    }
    if (soon) {
        (void)fprintf(stderr, "%s%s%" JSON_INTEGER_FORMAT "\n",
                      tr("The password must be changed (bihuan passwd); days "
                         "left"),
                      either("：", ": "), json_integer_value(days));
    }
    (void)local_print(context, result);
}

enum exit_status local_login(const struct run_context *context)
{
    struct session once = {.b = NULL};
    enum exit_status status;
    json_t *result = NULL;
    struct session *session = session_begin(context, &once, &status);
    if (session == NULL) {
        return status;
    }
    status = secrets_want(context->params, "password", tr("Password"))
                 ? converse(context, session, &result)
                 : EXIT_USAGE;
    if (status == EXIT_DONE) {
        status = keep(context, session, result);
    }
    if (status == EXIT_DONE) {
        show(context, result);
    }
    json_decref(result);
    session_end(session, &once, status);
    return status;
}

/* -- logout ------------------------------------------------------------------
 */

/* Who goes by BIHUAN_TOKEN or by the local socket has no line in the file. */
static enum exit_status forget(const struct run_context *context,
                               struct session *session)
{
    char name[SERVER_SIZE];
    char server[LOGIN_SERVER_SIZE];
    struct problem p;
    if (session->account[0] == '\0') {
        return EXIT_DONE;
    }
    logins_server(server_name(context->options, name), server);
    enum err err = logins_drop(server, session->account, &p);
    if (err != OK) {
        complain(stderr, &p);
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

/* Another account may be the latest at this server now. */
static void tell_next(const struct run_context *context)
{
    char name[SERVER_SIZE];
    char server[LOGIN_SERVER_SIZE];
    struct login login;
    struct problem p;
    logins_server(server_name(context->options, name), server);
    if (context->options->account == NULL &&
        logins_find(server, NULL, &login, &p) == OK) {
        char *account = text_clean(login.account, false);
        (void)fprintf(stderr, "%s%s%s\n",
                      tr("still logged in, and next in turn"),
                      either("：", ": "), account);
        free(account);
        login_forget(&login);
    }
}

static void tell_logged_out(const struct run_context *context,
                            const char *account, json_t *result)
{
    if (result != NULL && context->options->format != FORMAT_TABLE) {
        (void)local_print(context, result);
        return;
    }
    char *clean = text_clean(account, false);
    (void)printf("%s%s%s\n", tr("Logged out"),
                 clean[0] == '\0' ? "" : either("：", ": "), clean);
    free(clean);
}

enum exit_status local_logout(const struct run_context *context)
{
    struct session once = {.b = NULL};
    struct bihuan_error error;
    enum exit_status status;
    json_t *result = NULL;
    struct session *session = session_begin(context, &once, &status);
    if (session == NULL) {
        return status;
    }
    status = secrets_ask(context, session, NULL, &result, &error);
    bool dead = status == EXIT_REFUSED &&
                err_from_name(error.name) == ERR_UNAUTHENTICATED &&
                session->account[0] != '\0';
    if (status != EXIT_DONE && !dead) {
        complain_call(stderr, &error, context->command, NULL);
    } else {
        status = forget(context, session);
    }
    if (status == EXIT_DONE) {
        tell_logged_out(context, session->account, result);
        (void)bihuan_set_token(session->b, NULL);
        session->account[0] = '\0';
        complain_know_login("", false);
        if (context->session == NULL) {
            tell_next(context);
        }
    }
    json_decref(result);
    session_end(session, &once, status);
    return status;
}
