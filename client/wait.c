/* See wait.h. */
#include "client/wait.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

int64_t wait_clock(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum err wait_ready(int fd, short events, int64_t until)
{
    for (;;) {
        int64_t left = until - wait_clock();
        struct pollfd wait = {.fd = fd, .events = events};
        int n = left <= 0 ? 0 : poll(&wait, 1, (int)left);
        if (n > 0) {
            return OK;
        }
        if (n == 0 || errno != EINTR) {
            errno = n == 0 ? ETIMEDOUT : errno;
            return ERR_CONNECTION;
        }
    }
}
