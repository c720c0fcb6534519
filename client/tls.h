/* The way of travel with TLS 1.2 or 1.3, by GnuTLS over a connected socket that
 * does not block. Internal to the library. */
#ifndef BIHUAN_CLIENT_TLS_H
#define BIHUAN_CLIENT_TLS_H

#include <stdint.h>

#include "client/bihuan.h"
#include "core/err.h"

struct tls_wish {
    const char *host;    /* who the certificate must be for: a name or IP */
    const char *ca_file; /* PEM; NULL: the system's authorities */
    int64_t until;       /* of wait_clock(): the handshake must be over */
};

/* Shakes hands and checks the certificate: its chain, its time, its names. The
 * socket stays the caller's on any failure. BAD_PARAM: the CA file;
 * CONNECTION: anything else, with what to do about it. */
enum err tls_io(int fd, const struct tls_wish *wish, struct bihuan_io *ret,
                struct problem *p);

#endif
