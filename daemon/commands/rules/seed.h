/* What a new store begins with. */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_SEED_H
#define BIHUAN_DAEMON_COMMANDS_RULES_SEED_H

#include "daemon/store/store.h"

/* Puts the built-in calendar, the default regulation and the meta rows into a
 * new store (`bihuand --init`), as journal records by "operator". */
enum err store_seed(struct store *s, instant now, struct problem *p);

#endif
