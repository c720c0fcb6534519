/* One connection as a stream of bytes: a local socket, TCP, or TLS over TCP.
 * Who uses it sees no difference.
 *
 *   accepted -[handshake]-> open -conn_end()-> ending -> closed
 *                             \----conn_close() or a failure----/
 *
 * All functions belong to the loop's thread. */
#ifndef BIHUAN_DAEMON_NET_CONN_H
#define BIHUAN_DAEMON_NET_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "core/err.h"
#include "daemon/net/tls.h"
#include "daemon/stats.h"
#include "proto/address.h"

/* What all connections share. */
struct conn_host {
    uv_loop_t *loop;
    struct tls *tls; /* NULL: no listener needs it */
    struct stats *stats;
    uint64_t log_second;          /* of the loop's time, and */
    int logged;                   /* lines in it about broken peers */
    char buffer[65536];           /* for one read; used up before the next */
    char plain[TLS_RECORD_BYTES]; /* for what one record holds */
};

/* What the user hears. Inside any of them it may call any function here. */
struct conn_events {
    /* Bytes came. Also after conn_read(c, false), for what had come before. */
    void (*came)(void *user, const char *bytes, size_t len);
    void (*ended)(void *user); /* the peer sends no more */
    /* What one conn_write() was given has gone out, or never will. */
    void (*written)(void *user, size_t bytes);
    /* Nothing more is heard; conn_close() was called, or conn_end(), or the
     * connection failed. The memory is the user's again. */
    void (*closed)(void *user);
};

struct conn_write;

struct conn {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } uv;
    uv_shutdown_t shutdown;
    struct conn_host *host;
    const struct conn_events *events;
    void *user;
    const char *from; /* for the log; the user's, NULL: not known yet */
    enum address_kind kind;
    bool local;               /* a local socket */
    struct tls_stream *tls;   /* NULL: none */
    struct conn_write *first; /* on their way, the oldest */
    struct conn_write *last;
    uint64_t begun;    /* loop time of the accept, */
    uint64_t ended_at; /* and of conn_end() */
    bool handshaking;
    bool wanted; /* the user wants bytes */
    bool reading;
    bool eof;
    bool ending;
    bool closing;
};

/* Accepts what waits on the listener. On failure `closed` is called all the
 * same, in its time. */
enum err conn_accept(struct conn *c, struct conn_host *host,
                     enum address_kind kind, uv_stream_t *listener,
                     const struct conn_events *events, void *user);

/* Whether bytes are wanted now. Not at first. */
void conn_read(struct conn *c, bool wanted);

/* Sends texts from the heap, which it takes over in any case; `bytes` is told
 * to `written` once. Not before the handshake: nothing was asked till then. */
void conn_write(struct conn *c, const uv_buf_t *texts, unsigned n,
                size_t bytes);

/* Closes when all is written, and so that the peer can still read it: what
 * more it sends is read and forgotten for a moment. */
void conn_end(struct conn *c);
void conn_close(struct conn *c); /* now */

/* A line of the log about what a peer did, but only so many a second: who
 * breaks connections shall not fill the disk. The counters miss none. */
void conn_tell(struct conn *c, const char *what, const char *why);

/* -- time -------------------------------------------------------------------
 */

struct conn_patience { /* milliseconds */
    uint64_t handshake;
    uint64_t take; /* what is written must have been taken */
};

enum conn_lateness {
    CONN_IN_TIME,
    CONN_LATE_HANDSHAKE,
    CONN_LATE_TAKING,
    CONN_LATE_ENDING /* the peer does not hang up either: no fault of its own */
};
enum conn_lateness conn_lateness(const struct conn *c, uint64_t now,
                                 const struct conn_patience *patience);

#endif
