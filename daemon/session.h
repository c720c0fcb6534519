/* One connection: bytes come in, lines become requests, replies go out in the
 * order of the requests.
 *
 *   read -> line -> parse -> engine -+-> reply waits for its turn -> write
 *                      \-> error ----/
 *
 * Bounded: a connection is not read while it has IN_FLIGHT_MAX requests or
 * IN_FLIGHT_BYTES_MAX of lines at work, or more than OUT_BYTES_MAX of replies
 * that its peer does not take, those to come counted as large as those before.
 *
 * The peer may close its sending side: what it asked is still answered. What
 * stands before that without a line's end is dropped, because half a request
 * must never be run. */
#ifndef BIHUAN_DAEMON_SESSION_H
#define BIHUAN_DAEMON_SESSION_H

#include <uv.h>

#include "core/err.h"
#include "daemon/engine.h"

struct session;

/* What all sessions share; zeroed by its owner but for the first part. */
struct session_host {
    uv_loop_t *loop;
    struct engine *engine;
    void (*gone)(void *user); /* a session has been freed */
    void *user;

    int n;
    struct session *all;
    struct session *dirty; /* has replies to write */
    size_t out_bytes;      /* replies of all that are not written */
    char buffer[65536];    /* for one read; used up before the next */
};

/* Accepts a connection. */
enum err session_accept(struct session_host *host, uv_stream_t *listener);
/* Accepts one only to tell it that there are too many. */
enum err session_turn_away(struct session_host *host, uv_stream_t *listener);
/* Writes the replies that have come since the last call; once a turn of the
 * loop, so that many replies share one write. */
void session_flush_all(struct session_host *host);
/* Reads no more; each session ends when its last reply is written. */
void session_drain_all(struct session_host *host);
/* Ends them now. */
void session_close_all(struct session_host *host);

#endif
