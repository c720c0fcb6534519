/* What systemd is told, over the socket that it names in NOTIFY_SOCKET: a line
 * of text is all there is to it, so there is no library for it. */
#ifndef BIHUAN_DAEMON_SYSTEMD_H
#define BIHUAN_DAEMON_SYSTEMD_H

#include <stdbool.h>
#include <stdint.h>

/* Whether anybody is there to be told. */
bool systemd_listens(void);
/* "READY=1", "STATUS=..."; several with line ends between. */
void systemd_tell(const char *state);
/* Milliseconds within which WATCHDOG=1 must come, 0: nobody waits for it. */
uint64_t systemd_watchdog_ms(void);

#endif
