/* The command line of bihuand. */
#ifndef BIHUAN_DAEMON_OPTIONS_H
#define BIHUAN_DAEMON_OPTIONS_H

#include <stdbool.h>

#include "core/limits.h"
#include "daemon/clockport.h"

enum {
    EXIT_USAGE = 2
};

struct options {
    const char *data;                  /* NULL: not given */
    const char *listen[LISTENERS_MAX]; /* paths of sockets, without "unix:" */
    int n_listen;
    bool init;
    bool check;
    bool version;
    bool help;
    clock_now now; /* NULL, unless a test's own program sets it */
};

/* Borrows from argv. Returns 0, or EXIT_USAGE after telling why on stderr. */
int options_parse(int argc, char **argv, struct options *ret);
void options_help(void);

/* What is said to people at start: the Chinese text, or the English one where
 * the locale is English. */
const char *say(const char *zh, const char *en);

#endif
