/* Accounts that begin, or begin again, with a one-time password: those that the
 * security administrator opens and resets (account.add, account.reset), and the
 * three administrators of a new store (bihuand --init) or of one into which
 * nobody can log in (bihuand --administrators). */
#ifndef BIHUAN_DAEMON_COMMANDS_ACCOUNT_ONE_TIME_H
#define BIHUAN_DAEMON_COMMANDS_ACCOUNT_ONE_TIME_H

#include "core/err.h"
#include "core/instant.h"
#include "core/limits.h"
#include "daemon/gate/policy.h"
#include "daemon/store/accounts.h"

/* Opens an account for a person who has none. */
enum err one_time_open(struct store *s, register_id person, const char *hash,
                       instant now);
/* A new one-time password for one that is there; its tokens and locks end. The
 * present password joins the `history` old ones that may not come again. What
 * else stands in `a` is written as it is. */
enum err one_time_renew(struct store *s, struct account *a, const char *hash,
                        int history, instant now);

enum {
    ADMINISTRATORS = 3
};
struct first_account {
    char code[CODE_SIZE];
    char password[ONE_TIME_SIZE]; /* told once and kept nowhere */
};
/* first_administrators.c: one transaction, by "operator". For each of the three
 * roles: who has it and nothing else, by preference somebody with an account,
 * gets a one-time password and is enabled, without a second factor; if there is
 * nobody, a person is registered under the role's name (system, security,
 * audit; -2, -3,
 * ... where that code is taken). `source` is for the audit record. */
enum err one_time_administrators(struct store *s, instant now,
                                 const struct policy *policy,
                                 const char *source,
                                 struct first_account ret[ADMINISTRATORS],
                                 struct problem *p);

#endif
