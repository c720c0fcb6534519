/* The configuration file of bihuand: [section], key = value, # and ; before a
 * comment. */
#ifndef BIHUAN_DAEMON_SETTINGS_CONFIG_H
#define BIHUAN_DAEMON_SETTINGS_CONFIG_H

#include "daemon/settings/settings.h"

enum {
    CONFIG_WHY_SIZE = 1024
};

/* Reads the file over what the settings hold; what came from the command line
 * stays. Refused with the reason in `why`, in the reader's language:
 * "FILE:LINE: KEY: what is wrong: what is expected".
 *   IO         it cannot be read
 *   FORBIDDEN  others than its owner may write it, or it is neither root's nor
 *              ours: who writes it decides where the daemon reads and writes
 *   BAD_PARAM  a line, a section, a key or a value */
enum err config_read(const char *path, struct settings *s,
                     char why[CONFIG_WHY_SIZE]);

#endif
