/* The engine's clock: the system's or a simulator's, made never to go back, so
 * that what is recorded later is never dated earlier. Any thread. */
#ifndef BIHUAN_DAEMON_CLOCKPORT_H
#define BIHUAN_DAEMON_CLOCKPORT_H

#include <uv.h>

#include "core/err.h"
#include "core/instant.h"

/* Seconds since 1970. */
typedef instant (*clock_now)(void *user);

struct clockport {
    clock_now now;
    void *user;
    uv_mutex_t lock;
    instant last;
};

/* `now` NULL: the system's clock. `last`: no time before it is ever told. */
enum err clockport_init(struct clockport *c, clock_now now, void *user,
                        instant last);
/* Seconds by which the clock itself is behind the last instant given or, at the
 * start, recorded; 0 when it is not. As long as it is, time stands still. */
int64_t clockport_behind(struct clockport *c);
void clockport_done(struct clockport *c);
instant clockport_now(struct clockport *c);

#endif
