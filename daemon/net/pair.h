/* A certificate chain and its key, read from files, shared by the connections
 * that began with it. */
#ifndef BIHUAN_DAEMON_NET_PAIR_H
#define BIHUAN_DAEMON_NET_PAIR_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

#include "core/err.h"
#include "core/instant.h"

struct pair;

/* See tls_open(). With one reference. */
enum err pair_load(const char *certificate, const char *key, struct pair **ret,
                   struct problem *p);
struct pair *pair_take(struct pair *pair); /* one more */
void pair_drop(struct pair *pair);         /* one less; NULL is fine */
bool pair_use(struct pair *pair, gnutls_session_t session);
/* When the certificate is no longer valid. */
instant pair_ends(const struct pair *pair);

#endif
