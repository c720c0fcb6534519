/* Why send() may answer 0: the daemon stops reading from who does not read its
 * answers. A client that blocked in send while many answers wait would then
 * wait for ever, so it is told to receive first. */
#include "client/socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
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
    for (;;) {
        ssize_t n = recv(link->fd, bytes, room, MSG_DONTWAIT);
        if (n >= 0 ||
            (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)) {
            return n;
        }
        struct pollfd wait = {.fd = link->fd, .events = POLLIN};
        if (poll(&wait, 1, -1) < 0 && errno != EINTR) {
            return -1;
        }
    }
}

static void link_close(void *user)
{
    struct link *link = user;
    (void)close(link->fd);
    free(link);
}

enum err socket_io(int fd, struct bihuan_io *ret)
{
    struct link *link = malloc(sizeof *link);
    if (link == NULL) {
        return ERR_NO_MEMORY;
    }
    link->fd = fd;
    *ret = (struct bihuan_io){.user = link,
                              .send = link_send,
                              .recv = link_recv,
                              .close = link_close};
    return OK;
}
