/* Passwords: yescrypt (libxcrypt), a site's rules for new ones, one-time ones.
 * A hash of cost 7 takes 64 MiB and some 70 ms, of each cost more twice that:
 * never on the loop, see hasher.h. */
#ifndef BIHUAN_GATE_PASSWORD_H
#define BIHUAN_GATE_PASSWORD_H

#include <stdbool.h>

#include "core/err.h"
#include "core/limits.h"
#include "daemon/gate/policy.h"
#include "daemon/store/accounts.h"

/* Hashes under a new salt. NO_MEMORY; INTERNAL if crypt refuses. */
enum err password_hash(const char *password, int cost,
                       char ret[HASH_TEXT_SIZE]);
/* Compares in constant time; *ret is false for anything that is not a hash of
 * yescrypt. NO_MEMORY: not known, and so no failure of who tried. */
enum err password_matches(const char *password, const char *hash, bool *ret);
/* What stands for the hash of an account that does not exist: it costs as much,
 * nothing matches it. */
enum err password_nobody(int cost, char ret[HASH_TEXT_SIZE]);
/* What a hash was made with, 0 if it is none of ours. */
int password_cost(const char *hash);

/* May this be a password of that account: length in characters, kinds of
 * characters, nowhere the account's name, no long row, no mere repetition, more
 * than common words, not in the site's list (daemon/gate/weak.h).
 * BAD_PARAM "new" with what is expected. */
enum err password_allowed(const char *password, const char *account,
                          const struct policy *policy, struct problem *p);

/* The same in words, for who is asked for one. */
void password_rules(const struct policy *policy, char ret[PROBLEM_TEXT_SIZE]);

/* Random, easy to type: letters and digits that are not taken for one another,
 * in groups. */
enum err password_one_time(char ret[ONE_TIME_SIZE]);

#endif
