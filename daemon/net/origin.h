/* Where a connection comes from: what limits, lockouts and the audit record go
 * by. TCP: the peer's address, of IPv6 the /64 that one subscriber has; a local
 * socket: the peer's user as the kernel knows it, and whose account that is by
 * the configuration. */
#ifndef BIHUAN_DAEMON_NET_ORIGIN_H
#define BIHUAN_DAEMON_NET_ORIGIN_H

#include <sys/socket.h>
#include <uv.h>

#include "daemon/engine/engine.h"
#include "daemon/settings/settings.h"

/* "10.1.2.3", "2001:db8:1:2::/64"; an IPv4 address inside IPv6 is itself. */
void origin_of_address(const struct sockaddr *address, struct origin *ret);
void origin_of_tcp(const uv_tcp_t *tcp, struct origin *ret);
/* "unix:1000" */
void origin_of_pipe(const uv_pipe_t *pipe, const struct settings *settings,
                    struct origin *ret);

#endif
