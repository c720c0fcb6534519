/* Why send() may answer 0: the daemon stops reading from who does not read its
 * answers. A client that blocked in send while many answers wait would then
 * wait for ever, so it is told to receive first. */
#include "client/socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct link {
    int fd;
};

static ptrdiff_t link_send(void *user, const char *bytes, size_t len)
{
    const struct link *link = user;
    for (;;) {
        ssize_t n = send(link->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0) {
            return n;
        }
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
            return -1;
        }
        struct pollfd wait = {.fd = link->fd, .events = POLLIN | POLLOUT};
        if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
            return -1;
        }
        if ((wait.revents & POLLOUT) == 0 && (wait.revents & POLLIN) != 0) {
            return 0;
        }
    }
}

static ptrdiff_t link_recv(void *user, char *bytes, size_t room)
{
    const struct link *link = user;
    ssize_t n;
    do {
        n = recv(link->fd, bytes, room, 0);
    } while (n < 0 && errno == EINTR);
    return n;
}

static void link_close(void *user)
{
    struct link *link = user;
    (void)close(link->fd);
    free(link);
}

static enum err connect_unix(const char *path, int *ret, struct problem *p)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof address.sun_path) {
        return problem_set(p, ERR_BAD_PARAM, "server",
                           "unix:PATH with a path of 1 to 107 bytes", "");
    }
    memcpy(address.sun_path, path, len);

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 ||
        connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        char detail[PROBLEM_TEXT_SIZE];
        (void)snprintf(detail, sizeof detail, "%s: %s", path, strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return problem_set(p, ERR_CONNECTION, "server",
                           "a running bihuand listening there", detail);
    }
    *ret = fd;
    return OK;
}

enum err socket_open(const char *server, struct bihuan_io *ret,
                     struct problem *p)
{
    if (strncmp(server, "tcp:", 4) == 0) {
        return problem_set(p, ERR_UNSUPPORTED, "server", "unix:PATH",
                           "tcp:HOST:PORT is not offered yet");
    }
    if (strncmp(server, "unix:", 5) != 0) {
        return problem_set(p, ERR_BAD_PARAM, "server", "unix:PATH", server);
    }
    int fd = -1;
    enum err err = connect_unix(server + 5, &fd, p);
    if (err != OK) {
        return err;
    }
    struct link *link = malloc(sizeof *link);
    if (link == NULL) {
        (void)close(fd);
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    link->fd = fd;
    *ret = (struct bihuan_io){.user = link,
                              .send = link_send,
                              .recv = link_recv,
                              .close = link_close};
    return OK;
}
