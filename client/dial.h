/* From a server's name to a connection that stands. Internal to the library. */
#ifndef BIHUAN_CLIENT_DIAL_H
#define BIHUAN_CLIENT_DIAL_H

#include "client/bihuan.h"
#include "core/err.h"

/* Connects to a server of proto/address.h and fills *ret, whose close() frees
 * everything. BAD_PARAM for a name of another form or an unusable CA file,
 * CONNECTION if nobody answers in time or its certificate is not right; *ret is
 * written on success only. */
enum err dial(const char *server, const struct bihuan_options *options,
              struct bihuan_io *ret, struct problem *p);

#endif
