/* SIGHUP: reads the configuration file again. The log's level takes effect at
 * once, and so do certificate and key and the list of weak passwords, which are
 * read anew even where the file names the same; what else has changed needs a
 * restart, and the log says what. A file that is refused changes nothing, a
 * pair or a list that is refused leaves the one in force. systemd is told that
 * we reload. */
#ifndef BIHUAN_DAEMON_RELOAD_H
#define BIHUAN_DAEMON_RELOAD_H

#include "daemon/gate/weak.h"
#include "daemon/net/net.h"
#include "daemon/options.h"

void reload(const struct options *options, struct net *net, struct weak *weak);
/* Reads the list that the settings name, if any, and puts it in force; the log
 * says how long it is. See weak_list_read(). */
enum err reload_weak(const struct settings *settings, struct weak *weak,
                     struct problem *p);

#endif
