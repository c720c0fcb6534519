/* SIGHUP: reads the configuration file again. The log's level takes effect at
 * once; what else has changed needs a restart, and the log says what. A file
 * that is refused changes nothing. systemd is told that we reload. */
#ifndef BIHUAN_DAEMON_RELOAD_H
#define BIHUAN_DAEMON_RELOAD_H

#include "daemon/options.h"

void reload(const struct options *options);

#endif
