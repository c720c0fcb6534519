/* What one peer may not do to the others: ask too often, hold too many
 * connections, or be slow for ever. The figures are the [limits] settings.
 *
 *   requests    by account (by what it proves itself with) and by source
 *   log-ins     and whatever else has a password hashed, by source, each
 *               minute: two are hashed at a time, and who fills that room keeps
 *               all others out
 *   connections by source, and as many requests as one costs to accept
 *   slow        a handshake, a line once begun, replies not taken, a connection
 *               on which nobody logs in
 *
 * A local socket's peers were let in by the file's mode, and a gateway that
 * many people come through is one of them: nothing is counted by source there.
 * An import that is allowed is not counted at all, nor as a log-in the opening
 * of accounts. */
#ifndef BIHUAN_DAEMON_NET_SHED_H
#define BIHUAN_DAEMON_NET_SHED_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "daemon/gate/rates.h"
#include "daemon/net/conn.h"
#include "daemon/settings/settings.h"

struct session;
struct session_host;
struct job;
struct request;

struct shed {
    struct rates accounts;
    struct rates sources;
    struct rates logins;
    int64_t source_connections;
    struct conn_patience patience;
    uint64_t line_ms;
    uint64_t idle_ms;
};

/* The buckets that a request was taken from; 0: none. */
struct charge {
    uint64_t account;
    uint64_t source;
    uint64_t login;
};

void shed_init(struct shed *shed, const struct settings *settings);

/* BUSY: there are too many connections, in all or from there; RATE_LIMITED:
 * too many have come lately. Counts the session's own. */
enum err shed_connection(struct session *s, struct problem *p);
/* RATE_LIMITED with how long to wait. */
enum err shed_request(struct session *s, const struct request *request,
                      struct charge *ret, struct problem *p);
/* A request is done: what turned out not to be counted is given back. */
void shed_settle(struct session *s, const struct job *job,
                 const struct charge *charge);
/* TOO_SLOW if the session has been so, or CONNECTION if it is to be closed
 * without a word. */
enum err shed_slow(struct session *s, struct problem *p);
/* What the beginning of a line holds is counted anew; and who holds too much
 * when all do is told so and takes no more. */
void shed_weigh(struct session *s);
void shed_long(struct session *s);
/* Too many replies are held that nobody takes: those who have taken none for
 * longest are closed, each tenth of a second, until the rest has room. */
void shed_pressed(struct session_host *host);

#endif
