/* Tells systemd that the daemon is alive: WATCHDOG=1 comes only after the loop
 * has run a timer and the writer thread has, since the last time, ended a
 * batch. When there is nothing to write, an empty batch is asked for. So a loop
 * that hangs, a writer that hangs and a disk that does not answer all end the
 * pings, and systemd ends the process.
 *
 * A busy daemon whose queue is full still ends batches, and a full disk is
 * answered by the writer too: neither is taken for death. */
#ifndef BIHUAN_DAEMON_WATCHDOG_H
#define BIHUAN_DAEMON_WATCHDOG_H

#include <uv.h>

#include "daemon/engine/engine.h"

struct watchdog {
    uv_timer_t timer;
    struct engine *engine;
    struct lane lane;
    struct job probe; /* the empty batch */
    bool asked;       /* it has not been answered */
    bool pings;       /* systemd waits for them */
    int64_t turns;    /* batches that had ended at the last ping */
};

void watchdog_init(struct watchdog *w, uv_loop_t *loop, struct engine *engine);
/* Does nothing if nobody listens. Half of what systemd allows lies between two
 * pings; every STATUS_MS at least it is told what the daemon does. */
void watchdog_start(struct watchdog *w);
/* Closes the handle. The engine must have answered all its jobs. */
void watchdog_stop(struct watchdog *w);
#endif
