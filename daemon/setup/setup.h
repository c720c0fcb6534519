/* `bihuand --init`, `--administrators` and `--check`: they print for people and
 * return the exit status. */
#ifndef BIHUAN_DAEMON_SETUP_SETUP_H
#define BIHUAN_DAEMON_SETUP_SETUP_H

#include "core/err.h"
#include "core/instant.h"
#include "daemon/gate/policy.h"

/* Proves that both lifecycles close: ERR_INTERNAL and the flaw in *p if not.
 * Nothing is served without it. */
enum err setup_lifecycle(struct problem *p);

/* Makes the folder, for its owner only, and the database in it with the
 * built-in calendar, the default regulation and the three administrators,
 * recorded at `now`; prints their one-time passwords. Refuses a folder that has
 * anything in it; leaves nothing behind when it fails. */
int setup_init(const char *data, instant now, const struct policy *policy);

/* The same three for a store that has none, as one of an older version, or new
 * one-time passwords for them where nobody can log in any more: whoever may
 * write the data folder may do that. The daemon must not run. */
int setup_administrators(const char *data, instant now,
                         const struct policy *policy);

/* Checks certificate and key where there are such, lifecycle, calendar and
 * regulation, and, with a data folder, that its database opens, is sound and
 * holds what the daemon needs. Reads only, so it may run beside the daemon. */
int setup_check(const char *data, const struct settings *settings);

#endif
