/* The way of travel that is built in: a Unix-domain socket, used by one thread
 * that waits. Internal to the library. */
#ifndef BIHUAN_CLIENT_SOCKET_H
#define BIHUAN_CLIENT_SOCKET_H

#include "client/bihuan.h"
#include "core/err.h"

/* Connects to `unix:PATH` and fills *ret, whose close() frees everything.
 * UNSUPPORTED for tcp:, BAD_PARAM for any other form, CONNECTION if nobody
 * answers; *ret is written on success only. */
enum err socket_open(const char *server, struct bihuan_io *ret,
                     struct problem *p);

#endif
