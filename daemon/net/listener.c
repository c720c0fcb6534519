#include "daemon/net/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/limits.h"

enum {
    BACKLOG = CONNECTIONS_MAX /* a burst waits, it is not refused */
};

/* -- a local socket ---------------------------------------------------------
 */

/* ERR_BAD_PARAM if the path is too long for a socket. */
static enum err address_of(const char *path, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t len = strlen(path);
    if (len >= sizeof ret->sun_path) {
        return ERR_BAD_PARAM;
    }
    memcpy(ret->sun_path, path, len);
    return OK;
}

/* Whether somebody answers there. */
static bool is_live(const struct sockaddr_un *address)
{
    /* one whose queue is full would keep us waiting: it is live */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return true; /* not known: better not to take it away */
    }
    int rc = connect(fd, (const struct sockaddr *)address,
                     (socklen_t)sizeof *address);
    bool live = rc == 0 || errno != ECONNREFUSED;
    close(fd);
    return live;
}

static enum err clear_path(const char *path, struct problem *p)
{
    struct stat info;
    struct sockaddr_un address;
    if (address_of(path, &address) != OK) {
        return problem_set(p, ERR_BAD_PARAM, path,
                           "a path of at most 107 bytes", "");
    }
    if (lstat(path, &info) != 0) {
        return OK;
    }
    if (!S_ISSOCK(info.st_mode)) {
        return problem_set(p, ERR_EXISTS, path, "", "it is not a socket");
    }
    if (is_live(&address)) {
        return problem_set(p, ERR_EXISTS, path, "",
                           "another process serves there");
    }
    return unlink(path) == 0
               ? OK
               : problem_set(p, ERR_IO, path, "", strerror(errno));
}

static enum err open_pipe(struct listener *l, uv_loop_t *loop, const char *path,
                          mode_t mode, uv_connection_cb on_connection,
                          struct problem *p)
{
    uv_pipe_init(loop, &l->uv.pipe, 0);
    snprintf(l->text, sizeof l->text, "unix:%s", path);
    enum err err = clear_path(path, p);
    if (err != OK) {
        return err;
    }
    int rc = uv_pipe_bind(&l->uv.pipe, path);
    if (rc == 0 && chmod(path, mode) != 0) {
        rc = uv_translate_sys_error(errno);
    }
    if (rc == 0) {
        rc = uv_listen(&l->uv.stream, BACKLOG, on_connection);
    }
    return rc == 0 ? OK : problem_set(p, ERR_IO, path, "", uv_strerror(rc));
}

/* -- TCP --------------------------------------------------------------------
 */

static bool is_loopback(const struct sockaddr_storage *address)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    if (address->ss_family == AF_INET) {
        memcpy(&four, address, sizeof four);
        return ntohl(four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    memcpy(&six, address, sizeof six);
    return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
}

static enum err resolve(const struct address *a, struct sockaddr_storage *ret,
                        struct problem *p)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    int rc = getaddrinfo(a->host, a->port, &hints, &found);
    if (rc != 0) {
        return problem_set(p, ERR_IO, a->host, "", gai_strerror(rc));
    }
    memset(ret, 0, sizeof *ret);
    memcpy(ret, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (a->loopback && !is_loopback(ret)) {
        return problem_set(p, ERR_BAD_PARAM, a->host, "a loopback address",
                           "this machine gives that name to another one");
    }
    return OK;
}

/* With the port that it got, if any would do. */
static void name_it(struct listener *l, const struct address *a)
{
    struct sockaddr_storage address;
    int size = sizeof address;
    char port[ADDRESS_PORT_SIZE] = "";
    bool six = strchr(a->host, ':') != NULL;
    if (uv_tcp_getsockname(&l->uv.tcp, (struct sockaddr *)&address, &size) ==
        0) {
        getnameinfo((const struct sockaddr *)&address, (socklen_t)size, NULL, 0,
                    port, sizeof port, NI_NUMERICSERV);
    }
    snprintf(l->text, sizeof l->text, "%s:%s%s%s:%s",
             a->kind == ADDRESS_TLS ? "tls"
             : a->loopback          ? "tcp"
                                    : "plain",
             six ? "[" : "", a->host, six ? "]" : "", port);
}

static enum err open_tcp(struct listener *l, uv_loop_t *loop,
                         const struct address *a,
                         uv_connection_cb on_connection, struct problem *p)
{
    struct sockaddr_storage address;
    uv_tcp_init(loop, &l->uv.tcp);
    enum err err = resolve(a, &address, p);
    if (err != OK) {
        return err;
    }
    int rc = uv_tcp_bind(&l->uv.tcp, (const struct sockaddr *)&address, 0);
    if (rc == 0) {
        rc = uv_listen(&l->uv.stream, BACKLOG, on_connection);
    }
    name_it(l, a);
    return rc == 0 ? OK : problem_set(p, ERR_IO, l->text, "", uv_strerror(rc));
}

enum err listener_open(struct listener *l, uv_loop_t *loop,
                       const struct address *address, mode_t mode,
                       uv_connection_cb on_connection, struct problem *p)
{
    l->kind = address->kind;
    enum err err =
        address->kind == ADDRESS_UNIX
            ? open_pipe(l, loop, address->path, mode, on_connection, p)
            : open_tcp(l, loop, address, on_connection, p);
    l->uv.handle.data = l;
    return err;
}
