/* The command line of bihuand. */
#ifndef BIHUAN_DAEMON_OPTIONS_H
#define BIHUAN_DAEMON_OPTIONS_H

#include <stdbool.h>

#include "daemon/clockport.h"
#include "daemon/settings/settings.h"

enum {
    EXIT_USAGE = 2
};

struct options {
    const char *config; /* NULL: no file */
    struct settings settings;
    bool init;
    bool administrators;
    bool check;
    bool version;
    bool help;
    clock_now now; /* NULL, unless a test's own program sets it */
};

/* Reads the configuration file too, if one is named; what stands on the command
 * line wins. Borrows from argv; not to be copied. Returns 0, or EXIT_USAGE
 * after telling why on stderr. */
int options_parse(int argc, char **argv, struct options *ret);
void options_help(void);
/* The data folder, NULL if none is given. */
const char *options_data(const struct options *o);

#endif
