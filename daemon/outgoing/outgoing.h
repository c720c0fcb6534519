/* What goes outside: takes what waits in the outbox, sends it and notes what
 * came of it.
 *
 *   outbox --a reader--> parcel --courier--> receiver
 *      ^                    |
 *      +------a batch-------+ done, again later, given up
 *
 * SENDERS hooks at a time, one delivery at a time of each, in the order of the
 * outbox: a receiver that hangs holds up nobody else. A delivery whose outcome
 * could not be noted, because the process died, is sent again with the same
 * Idempotency-Key.
 *
 * All functions belong to the loop's thread. */
#ifndef BIHUAN_DAEMON_OUTGOING_OUTGOING_H
#define BIHUAN_DAEMON_OUTGOING_OUTGOING_H

#include <uv.h>

#include "daemon/engine/engine.h"
#include "daemon/notify/courier.h"

enum {
    SENDERS = 16,
    LAST_WORDS_MS = 2000 /* what is on its way when the daemon ends has so long
                            to arrive */
};

struct outgoing;

struct outgoing_config {
    bool deliver; /* false: nothing is sent, all of it waits */
    struct courier_config courier;
};

/* Looks at the outbox at once, then when outgoing_look() says that there may be
 * something, and when a next attempt is due. */
enum err outgoing_open(uv_loop_t *loop, struct engine *engine,
                       const struct outgoing_config *config,
                       struct outgoing **ret);
void outgoing_look(struct outgoing *o);
/* Begins nothing new, waits LAST_WORDS_MS for what is on its way, frees itself,
 * then calls `closed`. The engine must serve till then. */
void outgoing_close(struct outgoing *o, void (*closed)(void *user), void *user);

#endif
