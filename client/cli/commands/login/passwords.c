/* `passwd` and the second factor. */
#include <stdio.h>
#include <string.h>

#include "client/cli/commands/login/secrets.h"
#include "client/cli/language/lang.h"

static bool want_both(json_t *params)
{
    return secrets_want(params, "old", tr("Old password")) &&
           secrets_want_new(params);
}

static bool want_password(json_t *params)
{
    return secrets_want(params, "password", tr("Password"));
}

static bool want_code(json_t *params)
{
    return secrets_want(params, "code", tr("Code that it shows"));
}

enum exit_status local_passwd(const struct run_context *context)
{
    json_t *result = NULL;
    enum exit_status status = secrets_run(context, want_both, &result);
    if (status == EXIT_DONE) {
        (void)fprintf(stderr, "%s\n",
                      tr("The password is changed; all other log-ins of this "
                         "account have ended."));
        (void)local_print(context, result);
    }
    json_decref(result);
    return status;
}

enum exit_status local_totp_begin(const struct run_context *context)
{
    json_t *result = NULL;
    enum exit_status status = secrets_run(context, want_password, &result);
    if (status == EXIT_DONE) {
        (void)local_print(context, result);
        (void)fprintf(stderr, "%s\n",
                      tr("Put it into the authenticator now, it is not shown "
                         "again; then: bihuan totp confirm"));
    }
    json_decref(result);
    return status;
}

enum exit_status local_totp_confirm(const struct run_context *context)
{
    json_t *result = NULL;
    enum exit_status status = secrets_run(context, want_code, &result);
    if (status == EXIT_DONE) {
        (void)local_print(context, result);
    }
    json_decref(result);
    return status;
}
