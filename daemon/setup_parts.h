/* What the two halves of setup.h share: setup.c makes, setup_check.c checks. */
#ifndef BIHUAN_DAEMON_SETUP_PARTS_H
#define BIHUAN_DAEMON_SETUP_PARTS_H

#include <stdbool.h>

#include "core/err.h"

enum {
    SETUP_PATH_SIZE = 4096
};
/* Where the database of a data folder lies; false: its path is too long. */
bool setup_database(const char *data, char out[SETUP_PATH_SIZE]);

/* Says on standard error what is wrong with `what`, and what to do about it
 * where more is known than the problem says. */
void setup_tell(const char *what, const struct problem *p);

#endif
