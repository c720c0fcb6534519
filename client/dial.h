/* From a server's name to a connection that stands. Internal to the library. */
#ifndef BIHUAN_CLIENT_DIAL_H
#define BIHUAN_CLIENT_DIAL_H

#include "client/bihuan.h"
#include "core/err.h"

/* Connects to a server of proto/address.h and fills *ret, whose close() frees
 * everything. BAD_PARAM for a name of another form or an unusable CA file,
 * CONNECTION if nobody answers in time or its certificate is not right; *ret is
 * written on success only. The time, options->timeout_ms, holds for connecting
 * and for the handshake of TLS together; it begins when the name's addresses
 * are known. Looking up a name is not bounded by us: the system's resolver asks
 * for as long as it is set to (resolv.conf(5), "timeout" and "attempts"). A
 * number is not looked up. */
enum err dial(const char *server, const struct bihuan_options *options,
              struct bihuan_io *ret, struct problem *p);

#endif
