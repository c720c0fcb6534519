/* See credential.h. */
#include "client/cli/server/credential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/server/server_name.h"

/* Cut off, it would be another token. */
static enum err from_environment(const char *token, struct login *ret,
                                 struct problem *p)
{
    if (strlen(token) >= sizeof ret->token) {
        return problem_set(p, ERR_BAD_PARAM, "BIHUAN_TOKEN",
                           "a text of at most 128 bytes", "");
    }
    (void)snprintf(ret->token, sizeof ret->token, "%s", token);
    return OK;
}

static enum err no_log_in(const char *account, struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE];
    char expected[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail,
                   "there is no log-in of '%s' at this server", account);
    (void)snprintf(expected, sizeof expected, "bihuan login account=%s",
                   account);
    return problem_set(p, ERR_UNAUTHENTICATED, "--account", expected, detail);
}

enum err credential_find(const struct options *options, struct login *ret,
                         struct problem *p)
{
    char name[SERVER_SIZE];
    char server[LOGIN_SERVER_SIZE];
    const char *token = getenv("BIHUAN_TOKEN");
    *ret = (struct login){.server = ""};
    if (options->account == NULL && token != NULL && token[0] != '\0') {
        return from_environment(token, ret, p);
    }
    logins_server(server_name(options, name), server);
    enum err err = logins_find(server, options->account, ret, p);
    if (err == ERR_NOT_FOUND) {
        err = options->account == NULL ? OK : no_log_in(options->account, p);
    }
    return err;
}
