/* Accounts that begin with a one-time password: see one_time.h. */
#include "daemon/commands/account/one_time.h"

#include <gnutls/gnutls.h>
#include <stdio.h>

enum err one_time_open(struct store *s, register_id person, const char *hash,
                       instant now)
{
    struct account a = {.person = person,
                        .due = true,
                        .made = now,
                        .set = now,
                        .login = INSTANT_NONE};
    snprintf(a.hash, sizeof a.hash, "%s", hash);
    enum err err = account_put(s, &a);
    gnutls_memset(&a, 0, sizeof a);
    return err;
}

enum err one_time_renew(struct store *s, struct account *a, const char *hash,
                        int history, instant now)
{
    enum err err = account_old_add(s, a->person, a->hash, history);
    a->due = true;
    a->set = now;
    snprintf(a->hash, sizeof a->hash, "%s", hash);
    if (err == OK) {
        err = account_put(s, a);
    }
    if (err == OK) {
        err = token_drop_all(s, a->person, 0);
    }
    return err == OK ? lockout_drop_name(s, a->code) : err;
}
