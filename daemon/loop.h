/* The daemon as a whole: opens engine and sockets, serves until SIGTERM or
 * SIGINT, ends cleanly (a second signal ends it without waiting for clients).
 */
#ifndef BIHUAN_DAEMON_LOOP_H
#define BIHUAN_DAEMON_LOOP_H

#include "daemon/options.h"

/* Returns the exit status. */
int loop_serve(const struct options *options);

#endif
