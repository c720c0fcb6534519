#include "daemon/net/tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/net/pair.h"

/* Forward secrecy and authenticated ciphers only: no static RSA, no CBC. */
static const char priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-MAC-ALL:+AEAD"
    ":%SERVER_PRECEDENCE";

enum {
    OUT_FIRST = 2048
};

struct tls {
    gnutls_priority_t priority;
    struct pair *pair; /* in force; has a reference of its own */
};

struct tls_stream {
    gnutls_session_t session;
    struct pair *pair;
    const char *in; /* borrowed: what came and is not yet read */
    size_t in_len;
    char *out; /* what is to go */
    size_t out_len;
    size_t out_room;
    int failure; /* of GnuTLS */
};

/* -- all --------------------------------------------------------------------
 */

enum err tls_open(const char *certificate, const char *key, struct tls **ret,
                  instant *ret_ends, struct problem *p)
{
    struct tls *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    enum err err = tls_replace(t, certificate, key, ret_ends, p);
    if (err == OK &&
        gnutls_priority_init(&t->priority, priorities, NULL) != 0) {
        err =
            problem_set(p, ERR_INTERNAL, "", "", "GnuTLS refuses its options");
    }
    if (err != OK) {
        tls_close(t);
        return err;
    }
    *ret = t;
    return OK;
}

enum err tls_replace(struct tls *t, const char *certificate, const char *key,
                     instant *ret_ends, struct problem *p)
{
    struct pair *fresh = NULL;
    enum err err = pair_load(certificate, key, &fresh, p);
    if (err == OK) {
        pair_drop(t->pair);
        t->pair = fresh;
        if (ret_ends != NULL) {
            *ret_ends = pair_ends(fresh);
        }
    }
    return err;
}

void tls_close(struct tls *t)
{
    if (t != NULL) {
        if (t->priority != NULL) {
            gnutls_priority_deinit(t->priority);
        }
        pair_drop(t->pair);
        free(t);
    }
}

/* -- to and from GnuTLS -----------------------------------------------------
 */

static ssize_t on_pull(gnutls_transport_ptr_t user, void *out, size_t room)
{
    struct tls_stream *s = user;
    size_t n = s->in_len < room ? s->in_len : room;
    if (n == 0) {
        gnutls_transport_set_errno(s->session, EAGAIN);
        return -1;
    }
    memcpy(out, s->in, n);
    s->in += n;
    s->in_len -= n;
    return (ssize_t)n;
}

/* We have all bytes before we ask for any: there is nothing to wait for. */
static int on_pull_timeout(gnutls_transport_ptr_t user, unsigned ms)
{
    struct tls_stream *s = user;
    (void)ms;
    return s->in_len > 0;
}

static bool make_room(struct tls_stream *s, size_t len)
{
    size_t room = s->out_room == 0 ? OUT_FIRST : s->out_room;
    while (room - s->out_len < len) {
        room *= 2;
    }
    if (room > s->out_room) {
        char *out = realloc(s->out, room);
        if (out == NULL) {
            return false;
        }
        s->out = out;
        s->out_room = room;
    }
    return true;
}

static ssize_t on_push(gnutls_transport_ptr_t user, const void *bytes,
                       size_t len)
{
    struct tls_stream *s = user;
    if (!make_room(s, len)) {
        gnutls_transport_set_errno(s->session, ENOMEM);
        return -1;
    }
    memcpy(s->out + s->out_len, bytes, len);
    s->out_len += len;
    return (ssize_t)len;
}

char *tls_take(struct tls_stream *s, size_t *ret_len)
{
    char *out = s->out_len == 0 ? NULL : s->out;
    *ret_len = s->out_len;
    if (out != NULL) {
        s->out = NULL;
        s->out_len = 0;
        s->out_room = 0;
    }
    return out;
}

void tls_feed(struct tls_stream *s, const char *bytes, size_t len)
{
    s->in = bytes;
    s->in_len = len;
}

/* -- one connection ---------------------------------------------------------
 */

static bool begin(struct tls_stream *s, struct tls *t)
{
    unsigned flags = GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;
    if (gnutls_init(&s->session, flags) != 0) {
        s->session = NULL;
        return false;
    }
    gnutls_transport_set_ptr(s->session, s);
    gnutls_transport_set_pull_function(s->session, on_pull);
    gnutls_transport_set_pull_timeout_function(s->session, on_pull_timeout);
    gnutls_transport_set_push_function(s->session, on_push);
    /* who waits too long is seen to by the connection, not by GnuTLS */
    gnutls_handshake_set_timeout(s->session, GNUTLS_INDEFINITE_TIMEOUT);
    gnutls_certificate_server_set_request(s->session, GNUTLS_CERT_IGNORE);
    return gnutls_priority_set(s->session, t->priority) == 0 &&
           pair_use(t->pair, s->session);
}

struct tls_stream *tls_begin(struct tls *t)
{
    struct tls_stream *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    s->pair = pair_take(t->pair);
    if (!begin(s, t)) {
        tls_end(s);
        return NULL;
    }
    return s;
}

void tls_end(struct tls_stream *s)
{
    if (s != NULL) {
        if (s->session != NULL) {
            gnutls_deinit(s->session);
        }
        pair_drop(s->pair);
        free(s->out);
        free(s);
    }
}

/* A wish for another handshake inside TLS 1.2 has no use here, and has been
 * one for attackers. */
static enum tls_result result_of(struct tls_stream *s, ssize_t rc)
{
    if (rc == GNUTLS_E_AGAIN) {
        return TLS_AGAIN;
    }
    s->failure = (int)rc;
    return TLS_FAILED;
}

static bool asks_again(ssize_t rc)
{
    return rc == GNUTLS_E_INTERRUPTED || rc == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

enum tls_result tls_handshake(struct tls_stream *s)
{
    int rc;
    do {
        rc = gnutls_handshake(s->session);
    } while (asks_again(rc));
    if (rc == GNUTLS_E_SUCCESS) {
        return TLS_DONE;
    }
    enum tls_result result = result_of(s, rc);
    if (result == TLS_FAILED) {
        /* the peer should learn why; if it cannot, it learns by the end */
        (void)gnutls_alert_send_appropriate(s->session, rc);
    }
    return result;
}

enum tls_result tls_read(struct tls_stream *s, char *out, size_t room,
                         size_t *ret_len)
{
    ssize_t rc;
    do {
        rc = gnutls_record_recv(s->session, out, room);
    } while (asks_again(rc));
    if (rc < 0) {
        return result_of(s, rc);
    }
    *ret_len = (size_t)rc;
    return rc == 0 ? TLS_END : TLS_DONE;
}

bool tls_write(struct tls_stream *s, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t rc = gnutls_record_send(s->session, bytes, len);
        if (rc < 0) {
            s->failure = (int)rc;
            return false;
        }
        bytes += rc;
        len -= (size_t)rc;
    }
    return true;
}

void tls_hold(struct tls_stream *s)
{
    gnutls_record_cork(s->session);
}

bool tls_let_go(struct tls_stream *s)
{
    int rc = gnutls_record_uncork(s->session, 0);
    s->failure = rc < 0 ? rc : s->failure;
    return rc >= 0;
}

void tls_bye(struct tls_stream *s)
{
    (void)gnutls_bye(s->session, GNUTLS_SHUT_WR);
}

const char *tls_why(const struct tls_stream *s, char out[TLS_WHY_SIZE])
{
    const char *alert = NULL;
    if (s->failure == GNUTLS_E_FATAL_ALERT_RECEIVED) {
        alert = gnutls_alert_get_name(gnutls_alert_get(s->session));
    }
    snprintf(out, TLS_WHY_SIZE, "%s%s%s", gnutls_strerror(s->failure),
             alert == NULL ? "" : " ", alert == NULL ? "" : alert);
    return out;
}
