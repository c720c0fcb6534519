/* Every address of a name is tried in the order the system gives (IPv6 and
 * IPv4), each for a fair share of the time that is left, so that one that
 * swallows everything does not hide one that works. */
#include "client/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/socket.h"
#include "client/tls.h"
#include "client/wait.h"
#include "proto/address.h"

enum {
    TIMEOUT_MS = 10000,
    RETRY_MS = 20
};

static enum err nobody(struct problem *p, const char *where, const char *why)
{
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail, "%.160s: %.80s", where, why);
    return problem_set(p, ERR_CONNECTION, "server",
                       "a running bihuand listening there; --server or "
                       "BIHUAN_SERVER says where",
                       detail);
}

/* A socket that neither blocks nor is inherited, connected by `until`; -1 and
 * errno otherwise. */
static int connect_by(const struct sockaddr *address, socklen_t size,
                      int64_t until)
{
    int fd = socket(address->sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error = 0;
    socklen_t error_size = sizeof error;
    if (fd < 0) {
        return -1;
    }
    if (connect(fd, address, size) == 0) {
        return fd;
    }
    bool begun = errno == EINPROGRESS || errno == EINTR;
    if (!begun || wait_ready(fd, POLLOUT, until) != OK ||
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_size) != 0) {
        error = errno;
    }
    if (error != 0) {
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static enum err dial_unix(const char *path, int64_t until, int *ret,
                          struct problem *p)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path)); /* it fits: address.h */
    const struct sockaddr *any = (const struct sockaddr *)&address;
    *ret = connect_by(any, sizeof address, until);
    while (*ret < 0 && errno == EAGAIN && wait_clock() < until) {
        (void)poll(NULL, 0, RETRY_MS); /* the server's queue is full */
        *ret = connect_by(any, sizeof address, until);
    }
    return *ret < 0 ? nobody(p, path, strerror(errno)) : OK;
}

static int count(const struct addrinfo *list)
{
    int n = 0;
    for (; list != NULL; list = list->ai_next) {
        n++;
    }
    return n;
}

/* Small requests must not wait for more, and a peer that is gone without a word
 * must be noticed some day. */
static void tune(int fd)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/* The addresses of a name, to be freed. How long this takes is the system's:
 * getaddrinfo() knows no end of waiting. A number asks nobody. */
static enum err look_up(const struct address *a, const char *where,
                        struct addrinfo **ret, struct problem *p)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICSERV};
    int found = getaddrinfo(a->host, a->port, &hints, ret);
    return found == 0 ? OK
                      : nobody(p, where,
                               found == EAI_SYSTEM   ? strerror(errno)
                               : found == EAI_NONAME ? "no such host is known"
                                                     : gai_strerror(found));
}

/* *ret_until is later than `time_ms` from now by what looking up took. */
static enum err dial_host(const struct address *a, int64_t time_ms, int *ret,
                          int64_t *ret_until, struct problem *p)
{
    char where[ADDRESS_HOST_SIZE + ADDRESS_PORT_SIZE + 4];
    struct addrinfo *list = NULL;
    bool v6 = strchr(a->host, ':') != NULL;
    (void)snprintf(where, sizeof where, "%s%s%s:%s", v6 ? "[" : "", a->host,
                   v6 ? "]" : "", a->port);
    enum err err = look_up(a, where, &list, p);
    if (err != OK) {
        return err;
    }
    int64_t until = wait_clock() + time_ms;
    int fd = -1;
    int left = count(list);
    for (struct addrinfo *one = list; fd < 0 && one != NULL;
         one = one->ai_next, left--) {
        int64_t now = wait_clock();
        fd = connect_by(one->ai_addr, one->ai_addrlen,
                        now + (until - now) / left);
    }
    int error = errno;
    freeaddrinfo(list);
    if (fd < 0) {
        return nobody(p, where, strerror(error));
    }
    tune(fd);
    *ret = fd;
    *ret_until = until;
    return OK;
}

static enum err travel(int fd, const struct address *a,
                       const struct tls_wish *wish, struct bihuan_io *ret,
                       struct problem *p)
{
    enum err err =
        a->kind == ADDRESS_TLS ? tls_io(fd, wish, ret, p) : socket_io(fd, ret);
    if (err == ERR_NO_MEMORY) {
        (void)problem_set(p, err, "", "", "");
    }
    if (err != OK) {
        (void)close(fd);
    }
    return err;
}

enum err dial(const char *server, const struct bihuan_options *options,
              struct bihuan_io *ret, struct problem *p)
{
    struct address a;
    int fd = -1;
    int64_t time_ms =
        options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS;
    int64_t until = wait_clock() + time_ms;
    enum err err = address_parse(server, &a, p);
    if (err != OK) {
        (void)snprintf(p->param, sizeof p->param, "server");
        return err;
    }
    err = a.kind == ADDRESS_UNIX ? dial_unix(a.path, until, &fd, p)
                                 : dial_host(&a, time_ms, &fd, &until, p);
    struct tls_wish wish = {
        .host = a.host, .ca_file = options->ca_file, .until = until};
    return err == OK ? travel(fd, &a, &wish, ret, p) : err;
}
