/* The log-ins that this person has, at any server: the file `logins` in the
 * folder of state.h. One line each, the latest last:
 *
 *     SERVER TAB ACCOUNT TAB TOKEN TAB ENDS
 *
 * The file is 0600 and its folder 0700; one that others can read or write, or
 * that is somebody else's, is refused: what it holds may no longer be a secret.
 * It is replaced as a whole by rename, under a lock, so that a reader sees the
 * old one or the new one and two writers lose nothing. Nothing but `login` and
 * `logout` changes it: a log-in that has ended stays, so that nobody acts
 * unawares under another account. */
#ifndef BIHUAN_CLIENT_CLI_SERVER_LOGINS_H
#define BIHUAN_CLIENT_CLI_SERVER_LOGINS_H

#include "core/err.h"
#include "core/limits.h"

enum {
    LOGIN_SERVER_SIZE = 4096,
    LOGIN_ENDS_SIZE = 40,
    LOGINS_MAX = 1000 /* more: the oldest are forgotten */
};

struct login {
    char server[LOGIN_SERVER_SIZE]; /* as logins_server() makes it */
    char account[CODE_SIZE];
    char token[TOKEN_BYTES_MAX + 1];
    char ends[LOGIN_ENDS_SIZE]; /* as the server told it */
};

/* The name under which a server's log-ins are kept: a relative path of a socket
 * means another server in another folder, so it is made absolute. */
void logins_server(const char *server, char out[LOGIN_SERVER_SIZE]);

/* The log-in of `account` at `server`, or the latest there for NULL. NOT_FOUND;
 * IO with the reason and what to do. *ret is written on OK only. */
enum err logins_find(const char *server, const char *account, struct login *ret,
                     struct problem *p);

/* Puts one in as the latest, in place of the one of the same server and
 * account. IO; BAD_PARAM for a text that does not fit into a line. */
enum err logins_keep(const struct login *login, struct problem *p);

/* Takes one out; OK also if it is not there. IO. */
enum err logins_drop(const char *server, const char *account,
                     struct problem *p);

/* Wipes a log-in that was found. */
void login_forget(struct login *login);

#endif
