/* A place to serve on: a local socket, or a TCP port with TLS or without. */
#ifndef BIHUAN_DAEMON_NET_LISTENER_H
#define BIHUAN_DAEMON_NET_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

#include "core/err.h"
#include "proto/address.h"

enum {
    LISTENER_TEXT_SIZE = ADDRESS_HOST_SIZE + 32
};

struct listener {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } uv;
    enum address_kind kind;
    void *owner;
    bool waiting; /* a connection has come that the owner has not accepted */
    char text[LISTENER_TEXT_SIZE]; /* "tls:0.0.0.0:7071", with the real port */
};

/* Binds and listens. `mode` says who may open a local socket: one that a dead
 * process left is replaced; one that answers, or any other file, is refused
 * (EXISTS). Of a name its first address is taken; what the address calls
 * loopback must be so (BAD_PARAM). The handle is initialised in any case, and
 * its data is the listener. Closing it removes a socket's file. */
enum err listener_open(struct listener *l, uv_loop_t *loop,
                       const struct address *address, mode_t mode,
                       uv_connection_cb on_connection, struct problem *p);

#endif
