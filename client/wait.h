/* Waiting that has an end. Internal to the library. */
#ifndef BIHUAN_CLIENT_WAIT_H
#define BIHUAN_CLIENT_WAIT_H

#include <stdint.h>

#include "core/err.h"

/* Milliseconds of the monotonic clock, in which ends of waiting are told. */
int64_t wait_clock(void);
/* Waits until the socket is ready for `events` of poll(). CONNECTION, with
 * errno: it is not by `until`, or is broken. */
enum err wait_ready(int fd, short events, int64_t until);

#endif
