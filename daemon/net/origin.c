#include "daemon/net/origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* The half of an address that the subscriber chooses says nothing of who. */
static void of_six(const struct in6_addr *six, char ret[SOURCE_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "";
    if (IN6_IS_ADDR_V4MAPPED(six)) {
        inet_ntop(AF_INET, &six->s6_addr[12], text, sizeof text);
        snprintf(ret, SOURCE_SIZE, "%s", text);
        return;
    }
    if (IN6_IS_ADDR_LOOPBACK(six)) {
        snprintf(ret, SOURCE_SIZE, "::1");
        return;
    }
    struct in6_addr net = *six;
    memset(&net.s6_addr[8], 0, 8);
    inet_ntop(AF_INET6, &net, text, sizeof text);
    snprintf(ret, SOURCE_SIZE, "%s/64", text);
}

void origin_of_address(const struct sockaddr *address, struct origin *ret)
{
    *ret = (struct origin){.peer = ""};
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, address, sizeof six);
        of_six(&six.sin6_addr, ret->source);
    } else if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, ret->source, SOURCE_SIZE);
    } else {
        snprintf(ret->source, SOURCE_SIZE, "unknown");
    }
}

void origin_of_tcp(const uv_tcp_t *tcp, struct origin *ret)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    int size = sizeof address;
    /* one that has hung up already has no address, and will ask nothing */
    (void)uv_tcp_getpeername(tcp, (struct sockaddr *)&address, &size);
    origin_of_address((const struct sockaddr *)&address, ret);
}

static const char *account_of(const struct settings *s, uid_t uid)
{
    for (int i = 0; i < s->n_peers; i++) {
        if (s->peers[i].uid == uid) {
            return s->peers[i].account;
        }
    }
    return "";
}

void origin_of_pipe(const uv_pipe_t *pipe, const struct settings *settings,
                    struct origin *ret)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    uv_os_fd_t fd;
    *ret = (struct origin){.peer = ""};
    if (uv_fileno((const uv_handle_t *)pipe, &fd) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        snprintf(ret->source, SOURCE_SIZE, "unix:unknown");
        return;
    }
    snprintf(ret->source, SOURCE_SIZE, "unix:%u", (unsigned)peer.uid);
    snprintf(ret->peer, CODE_SIZE, "%s", account_of(settings, peer.uid));
}
