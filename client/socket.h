/* The way of travel without encryption: a connected socket, used by one thread
 * that waits. Internal to the library. */
#ifndef BIHUAN_CLIENT_SOCKET_H
#define BIHUAN_CLIENT_SOCKET_H

#include "client/bihuan.h"
#include "core/err.h"

/* Takes the socket over; it stays the caller's when there is NO_MEMORY. */
enum err socket_io(int fd, struct bihuan_io *ret);

#endif
