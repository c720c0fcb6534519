/* What a command that needs a password hashed (COMMAND_HASHED) finds out before
 * it is run. Its job is taken out of the way before it reaches the writer; at
 * most HASHES_AT_ONCE are hashed at a time, in libuv's pool, on read-only
 * handles of our own, which stand in no snapshot meanwhile; then it goes on as
 * any write, with a proof of what was found. The writer decides by the proof,
 * and only if the account still has the hash that was looked at. */
#ifndef BIHUAN_DAEMON_COMMANDS_ACCOUNT_HASHER_H
#define BIHUAN_DAEMON_COMMANDS_ACCOUNT_HASHER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/limits.h"
#include "daemon/store/accounts.h"

/* What hashing found; in the job, wiped when the job is done with. */
struct proof {
    enum err err; /* not OK: refused already (who asks may not, or there was
                     no memory); problem says why */
    struct problem problem;
    bool known;   /* there is such an account, and it may log in */
    bool matches; /* the password that was given is its own */
    bool reused;  /* the new one is the present or a kept old one */
    char seen[HASH_TEXT_SIZE];    /* the account's hash that was looked at */
    char fresh[HASH_TEXT_SIZE];   /* of the new password, "" if none was made */
    char one_time[ONE_TIME_SIZE]; /* whose hash `fresh` is: for account.add and
                                     account.reset */
};

/* What runs in the pool once the caller is admitted (call_admit_for): fills in
 * err, and the problem or all else. Reads c->store, writes nothing. */
struct call;
void hasher_prove(struct call *c, struct proof *proof);

/* Wipes and frees it; NULL is none. */
void hasher_forget(struct proof *proof);

#endif
