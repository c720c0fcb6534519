/* TLS 1.2 and 1.3 as a filter between two memories: what came from the network
 * is fed in, what is to go there is taken out, and no socket is known here.
 * GnuTLS by its push and pull callbacks: the same library that libcurl brings.
 *
 * The pair, certificate chain and key, may be replaced at any time; connections
 * that have begun with the old one go on with it. */
#ifndef BIHUAN_DAEMON_NET_TLS_H
#define BIHUAN_DAEMON_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "core/instant.h"

struct tls;        /* what all connections share */
struct tls_stream; /* one connection */

enum {
    TLS_RECORD_BYTES = 16384, /* of plain text in one record, at most */
    TLS_WHY_SIZE = 160
};

/* -- the pair ---------------------------------------------------------------
 */

/* Both are PEM files of this machine; the key must belong to us or root and
 * nobody else may read it. IO, FORBIDDEN, BAD_PARAM (they do not fit, or are
 * no such files); p->param names the file. *ret_ends (may be NULL): when the
 * certificate does. */
enum err tls_open(const char *certificate, const char *key, struct tls **ret,
                  instant *ret_ends, struct problem *p);
/* Reads another pair. On failure the one in force stays. */
enum err tls_replace(struct tls *t, const char *certificate, const char *key,
                     instant *ret_ends, struct problem *p);
/* After the last of its streams; NULL is fine. */
void tls_close(struct tls *t);

/* -- one connection ---------------------------------------------------------
 */

enum tls_result {
    TLS_AGAIN,  /* more must come from the network first */
    TLS_DONE,   /* the handshake is done, or plain bytes are there */
    TLS_END,    /* the peer says that it sends no more */
    TLS_FAILED, /* see tls_why() */
};

struct tls_stream *tls_begin(struct tls *t); /* NULL: no memory */
void tls_end(struct tls_stream *s);          /* NULL is fine */

/* What came; borrowed until tls_handshake() or tls_read() says TLS_AGAIN. */
void tls_feed(struct tls_stream *s, const char *bytes, size_t len);
enum tls_result tls_handshake(struct tls_stream *s);
enum tls_result tls_read(struct tls_stream *s, char *out, size_t room,
                         size_t *ret_len);
/* False: no memory, or the stream has failed. */
bool tls_write(struct tls_stream *s, const char *bytes, size_t len);
/* Small writes between these two share records. */
void tls_hold(struct tls_stream *s);
bool tls_let_go(struct tls_stream *s);
/* Says that we send no more. */
void tls_bye(struct tls_stream *s);

/* Takes what is to go to the network; heap, NULL: nothing. */
char *tls_take(struct tls_stream *s, size_t *ret_len);

/* Why it failed, for the log: the peer's alert is in it. */
const char *tls_why(const struct tls_stream *s, char out[TLS_WHY_SIZE]);

#endif
