/* Where a server is, in words: one rule for the daemon's --listen and the
 * client's --server.
 *
 *   unix:PATH         a local socket
 *   tcp:HOST:PORT     plain on a loopback address, TLS everywhere else
 *   tls:HOST:PORT     TLS, on a loopback address too
 *   plain:HOST:PORT   no TLS: off loopback the daemon takes it only if its
 *                     configuration says so in words, the client only when told
 *
 * HOST is a name, an IPv4 address, or an IPv6 address in brackets; "localhost",
 * 127.0.0.0/8 and ::1 are loopback, a name is never looked up to find out. */
#ifndef BIHUAN_PROTO_ADDRESS_H
#define BIHUAN_PROTO_ADDRESS_H

#include <stdbool.h>

#include "core/err.h"

enum address_kind {
    ADDRESS_UNIX,
    ADDRESS_PLAIN,
    ADDRESS_TLS
};

enum {
    ADDRESS_PATH_SIZE = 108, /* of sockaddr_un */
    ADDRESS_HOST_SIZE = 256,
    ADDRESS_PORT_SIZE = 6
};

struct address {
    enum address_kind kind;
    bool loopback;                /* of PLAIN and TLS */
    char path[ADDRESS_PATH_SIZE]; /* of UNIX */
    char host[ADDRESS_HOST_SIZE]; /* without brackets */
    char port[ADDRESS_PORT_SIZE]; /* 1 to 65535 as digits; 0: any, to listen */
};

/* BAD_PARAM with what is expected in p; p->param is left to the caller. */
enum err address_parse(const char *text, struct address *ret,
                       struct problem *p);

#endif
