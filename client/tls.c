/* What the kernel takes as readable need not be an answer: a session ticket or
 * a new key of TLS is none. So before send() says "receive first" a piece of an
 * answer is really there, kept in `in`. */
#include "client/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/wait.h"

enum {
    RECORD_BYTES = 16384 /* the most that one record carries */
};

struct tls {
    int fd;
    gnutls_session_t session;
    gnutls_certificate_credentials_t trust;
    gnutls_typed_vdata_st expected[2]; /* of the certificate: see expect() */
    bool half;  /* a record is half sent; its bytes are not told as taken yet */
    bool ended; /* the other side said so, or broke off */
    size_t at;  /* what of `in` was given out */
    size_t len;
    char in[RECORD_BYTES];
};

/* -- bytes ------------------------------------------------------------------
 */

/* Neither broken nor done: to be tried again. */
static bool again(ssize_t n)
{
    return n < 0 && gnutls_error_is_fatal((int)n) == 0;
}

/* Takes what is there without waiting; false: nothing is. */
static bool fill(struct tls *t)
{
    ssize_t n;
    if (t->at < t->len || t->ended) {
        return true;
    }
    do {
        n = gnutls_record_recv(t->session, t->in, sizeof t->in);
        if (n == GNUTLS_E_AGAIN) {
            return false;
        }
    } while (again(n));
    t->at = 0;
    t->len = n > 0 ? (size_t)n : 0;
    t->ended = n <= 0;
    return true;
}

/* What is left of a record that was begun is sent on without its text: GnuTLS
 * has it. */
static ssize_t send_record(struct tls *t, const char *bytes, size_t len)
{
    ssize_t n;
    do {
        n = gnutls_record_send(t->session, t->half ? NULL : bytes,
                               t->half ? 0 : len);
        t->half = again(n);
    } while (t->half && n != GNUTLS_E_AGAIN);
    return n;
}

static ptrdiff_t tls_send(void *user, const char *bytes, size_t len)
{
    struct tls *t = user;
    size_t piece = len < RECORD_BYTES ? len : RECORD_BYTES;
    for (;;) {
        ssize_t n = send_record(t, bytes, piece);
        if (n > 0) {
            return n;
        }
        if (n != GNUTLS_E_AGAIN) {
            return -1;
        }
        struct pollfd wait = {.fd = t->fd, .events = POLLIN | POLLOUT};
        if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
            return -1;
        }
        if ((wait.revents & POLLOUT) == 0 && wait.revents != 0 && fill(t)) {
            return 0;
        }
    }
}

static ptrdiff_t tls_recv(void *user, char *bytes, size_t room)
{
    struct tls *t = user;
    while (!fill(t)) {
        struct pollfd wait = {.fd = t->fd, .events = POLLIN};
        if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
            return -1;
        }
    }
    size_t len = t->len - t->at;
    len = len < room ? len : room;
    memcpy(bytes, t->in + t->at, len);
    t->at += len;
    return (ptrdiff_t)len; /* 0: it has ended */
}

static void forget(struct tls *t)
{
    if (t->session != NULL) {
        gnutls_deinit(t->session);
    }
    if (t->trust != NULL) {
        gnutls_certificate_free_credentials(t->trust);
    }
    gnutls_memset(t->in, 0, sizeof t->in);
    free(t);
}

static void tls_close(void *user)
{
    struct tls *t = user;
    int fd = t->fd;
    if (!t->ended && !t->half) {
        (void)gnutls_bye(t->session, GNUTLS_SHUT_WR);
    }
    forget(t);
    (void)close(fd);
}

/* -- the handshake ----------------------------------------------------------
 */

static enum err trust(struct tls *t, const struct tls_wish *wish,
                      struct problem *p)
{
    if (wish->ca_file == NULL) {
        /* none at all is told when the certificate has no authority */
        (void)gnutls_certificate_set_x509_system_trust(t->trust);
        return OK;
    }
    int n = gnutls_certificate_set_x509_trust_file(t->trust, wish->ca_file,
                                                   GNUTLS_X509_FMT_PEM);
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail,
                   "'%s' cannot be read or holds no certificate",
                   wish->ca_file);
    return n > 0 ? OK
                 : problem_set(p, ERR_BAD_PARAM, "ca",
                               "a file with an authority's certificate as PEM",
                               detail);
}

static bool is_number(const char *host)
{
    unsigned char out[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, out) == 1 ||
           inet_pton(AF_INET6, host, out) == 1;
}

/* The certificate must be for `host`, and for servers, where it says for what:
 * an authority makes others too, for people. GnuTLS keeps the place and not the
 * texts. */
static void expect(gnutls_typed_vdata_st wanted[2], const char *host)
{
    wanted[0] = (gnutls_typed_vdata_st){.type = GNUTLS_DT_DNS_HOSTNAME,
                                        .data = (unsigned char *)host};
    wanted[1] = (gnutls_typed_vdata_st){
        .type = GNUTLS_DT_KEY_PURPOSE_OID,
        .data = (unsigned char *)GNUTLS_KP_TLS_WWW_SERVER};
}

/* GnuTLS checks the certificate in the midst of the handshake: nothing is sent
 * to who could not prove to be `host`. */
static enum err prepare(struct tls *t, const struct tls_wish *wish)
{
    static const char *const versions =
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
    int n = gnutls_init(&t->session,
                        GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    if (n == 0) {
        n = gnutls_priority_set_direct(t->session, versions, NULL);
    }
    if (n == 0) {
        n = gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE,
                                   t->trust);
    }
    if (n == 0 && !is_number(wish->host)) {
        n = gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, wish->host,
                                   strlen(wish->host));
    }
    if (n == 0) {
        expect(t->expected, wish->host);
        gnutls_session_set_verify_cert2(t->session, t->expected, 2, 0);
        gnutls_transport_set_int(t->session, t->fd);
        gnutls_handshake_set_timeout(t->session, GNUTLS_INDEFINITE_TIMEOUT);
    }
    return n == 0 ? OK : ERR_NO_MEMORY;
}

/* A certificate that does not do: the first reason that a person can act on. */
static enum err distrust(struct tls *t, const struct tls_wish *wish,
                         struct problem *p)
{
    unsigned int why = gnutls_session_get_verify_cert_status(t->session);
    char detail[PROBLEM_TEXT_SIZE];
    if ((why & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)) !=
        0) {
        return problem_set(
            p, ERR_CONNECTION, "server",
            "the site's own authority: --ca FILE or BIHUAN_CA",
            "no trusted authority vouches for the server's certificate");
    }
    if ((why & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED)) != 0) {
        bool over = (why & GNUTLS_CERT_EXPIRED) != 0;
        return problem_set(p, ERR_CONNECTION, "server",
                           "a renewed certificate: tell who runs the server; "
                           "or this computer's clock is wrong",
                           over ? "the server's certificate has expired"
                                : "the server's certificate is not valid yet");
    }
    if ((why & GNUTLS_CERT_UNEXPECTED_OWNER) != 0) {
        (void)snprintf(detail, sizeof detail,
                       "the certificate of the server is not for '%s'",
                       wish->host);
        return problem_set(p, ERR_CONNECTION, "server",
                           "the name that stands in the certificate; if that "
                           "is what you typed, somebody else answers",
                           detail);
    }
    return problem_set(p, ERR_CONNECTION, "server",
                       "a sound certificate: tell who runs the server",
                       "the server's certificate is not in order");
}

static enum err no_tls(struct problem *p, const char *detail)
{
    return problem_set(p, ERR_CONNECTION, "server",
                       "a server that speaks TLS; one without it is named "
                       "plain:HOST:PORT",
                       detail);
}

static enum err explain(struct tls *t, const struct tls_wish *wish, int n,
                        struct problem *p)
{
    switch (n) {
    case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
        return distrust(t, wish, p);
    case GNUTLS_E_UNEXPECTED_PACKET:
    case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
    case GNUTLS_E_RECORD_OVERFLOW:
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
        return no_tls(p, "what it answers is not TLS 1.2 or 1.3");
    case GNUTLS_E_TIMEDOUT:
        return no_tls(p, "it does not answer in TLS");
    case GNUTLS_E_PREMATURE_TERMINATION:
    case GNUTLS_E_PULL_ERROR:
    case GNUTLS_E_PUSH_ERROR:
        return no_tls(p, "it broke off in the midst of the TLS handshake");
    case GNUTLS_E_MEMORY_ERROR:
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    default:
        return problem_set(p, ERR_CONNECTION, "server",
                           "a server with TLS 1.2 or 1.3", gnutls_strerror(n));
    }
}

static enum err shake_hands(struct tls *t, const struct tls_wish *wish,
                            struct problem *p)
{
    int n;
    do {
        n = gnutls_handshake(t->session);
        if (n == GNUTLS_E_AGAIN) {
            bool out = gnutls_record_get_direction(t->session) != 0;
            if (wait_ready(t->fd, out ? POLLOUT : POLLIN, wish->until) != OK) {
                n = errno == ETIMEDOUT ? GNUTLS_E_TIMEDOUT
                                       : GNUTLS_E_PULL_ERROR;
            }
        } else if (again(n) && wait_clock() >= wish->until) {
            n = GNUTLS_E_TIMEDOUT; /* warnings without end */
        }
    } while (again(n));
    return n == 0 ? OK : explain(t, wish, n, p);
}

enum err tls_io(int fd, const struct tls_wish *wish, struct bihuan_io *ret,
                struct problem *p)
{
    struct tls *t = calloc(1, sizeof *t);
    if (t == NULL || gnutls_certificate_allocate_credentials(&t->trust) != 0) {
        free(t);
        return ERR_NO_MEMORY;
    }
    t->fd = fd;
    enum err err = trust(t, wish, p);
    if (err == OK) {
        err = prepare(t, wish);
    }
    if (err == OK) {
        err = shake_hands(t, wish, p);
    }
    if (err != OK) {
        forget(t);
        return err;
    }
    *ret = (struct bihuan_io){
        .user = t, .send = tls_send, .recv = tls_recv, .close = tls_close};
    return OK;
}
