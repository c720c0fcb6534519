/* One connection: bytes come in, lines become requests, replies go out in the
 * order of the requests.
 *
 *   conn -> line -> parse -> shed -> engine -+-> reply waits for its turn
 *                      \-----\---> error ----/            -> conn
 *
 * Bounded: a connection is not read while it has IN_FLIGHT_MAX requests or
 * IN_FLIGHT_BYTES_MAX of lines at work, or more than OUT_BYTES_MAX of replies
 * that its peer does not take, those to come counted as large as those before.
 * All together are bounded likewise. Connections take turns, LINES_A_TURN each,
 * so that those who send as much as they can do not keep the loop from others.
 * What is too slow, too often or too much for one peer: shed.h. Long lines that
 * are begun where nobody has logged in share STRANGE_BYTES_MAX, others
 * LINES_BYTES_MAX.
 *
 * The peer may close its sending side: what it asked is still answered. What
 * stands before that without a line's end is dropped, because half a request
 * must never be run. */
#ifndef BIHUAN_DAEMON_NET_SESSION_H
#define BIHUAN_DAEMON_NET_SESSION_H

#include <uv.h>

#include "core/err.h"
#include "daemon/engine/engine.h"
#include "daemon/net/conn.h"
#include "daemon/net/shed.h"
#include "daemon/settings/settings.h"

struct session;

/* What all sessions share; zeroed by its owner but for the first part. */
struct session_host {
    struct conn_host conn;
    struct engine *engine;
    const struct settings *settings;
    struct shed shed;
    int64_t connections_max;
    void (*gone)(void *user); /* a session has been freed */
    void *user;

    int n;
    struct session *all;
    struct session *dirty;  /* has replies to write */
    struct session *hungry; /* may have whole lines, and wait for their turn */
    struct session *hungry_last;
    int n_hungry;
    size_t in_bytes;      /* requests of all that are at work */
    int lines_left;       /* requests that may be taken in this turn */
    size_t out_bytes;     /* replies of all that are not written, */
    size_t to_come;       /* and about what those at work will be */
    size_t strange_bytes; /* long lines begun where nobody has logged in, */
    size_t lines_bytes;   /* and where somebody has */
    uint64_t pressed;     /* loop time: who takes no replies was looked for */
};

/* Accepts a connection; one too many is told so, if that costs nothing, and
 * ended. NO_MEMORY: it still waits to be accepted. */
enum err session_accept(struct session_host *host, enum address_kind kind,
                        uv_stream_t *listener);
/* Writes the replies that have come since the last call; once a turn of the
 * loop, so that many replies share one write. */
void session_flush_all(struct session_host *host);
/* Begins a turn of the loop: takes the lines that no turn was left for before.
 * True: more wait, and the loop must not. */
bool session_feed_all(struct session_host *host);
/* Ends those that are too slow; once a second. */
void session_sweep_all(struct session_host *host);
/* Reads no more; each session ends when its last reply is written. */
void session_drain_all(struct session_host *host);
/* Ends them now. */
void session_close_all(struct session_host *host);

#endif
