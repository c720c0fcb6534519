/* A local socket to serve on. */
#ifndef BIHUAN_DAEMON_LISTENER_H
#define BIHUAN_DAEMON_LISTENER_H

#include <sys/types.h>
#include <uv.h>

#include "core/err.h"

/* Binds and listens; `mode` says who may open it. A socket that a dead process
 * left is replaced; one that answers, or any other file, is refused (EXISTS).
 * The handle is initialised in any case. Closing it removes the file. */
enum err listener_open(uv_loop_t *loop, uv_pipe_t *pipe, const char *path,
                       mode_t mode, uv_connection_cb on_connection,
                       struct problem *p);

#endif
