/* A name that the system is slow to look up: who stands there is reached all
 * the same. getaddrinfo() is ours here, and slower than the time to connect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/dial.h"
#include "client/wait.h"

enum {
    SLOW_MS = 400,
    TIMEOUT_MS = 200
};

static struct sockaddr_in place;
static struct addrinfo found;
static int asked;

int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **ret)
{
    assert_string_equal(name, "slow.example");
    assert_int_equal(strtol(service, NULL, 10), ntohs(place.sin_port));
    asked++;
    (void)poll(NULL, 0, SLOW_MS);
    found = (struct addrinfo){.ai_family = AF_INET,
                              .ai_socktype = hints->ai_socktype,
                              .ai_addr = (struct sockaddr *)&place,
                              .ai_addrlen = sizeof place};
    *ret = &found;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    assert_ptr_equal(list, &found);
}

/* Listens; nobody accepts, which connect() does not notice. */
static int serve(void)
{
    socklen_t size = sizeof place;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    place = (struct sockaddr_in){.sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(bind(fd, (struct sockaddr *)&place, sizeof place), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&place, &size), 0);
    return fd;
}

static enum err dial_slow(const char *kind, struct bihuan_io *ret)
{
    char server[64];
    struct bihuan_options options = {.timeout_ms = TIMEOUT_MS};
    struct problem p;
    snprintf(server, sizeof server, "%s:slow.example:%d", kind,
             ntohs(place.sin_port));
    return dial(server, &options, ret, &p);
}

static void test_reached(void **state)
{
    (void)state;
    struct bihuan_io io;
    int fd = serve();
    assert_int_equal(dial_slow("plain", &io), OK);
    io.close(io.user);
    assert_int_equal(asked, 1);
    close(fd);
}

/* What comes after the name is bounded: the handshake with one who says
 * nothing. */
static void test_silent(void **state)
{
    (void)state;
    struct bihuan_io io;
    int fd = serve();
    int64_t began = wait_clock();
    assert_int_equal(dial_slow("tls", &io), ERR_CONNECTION);
    int64_t took = wait_clock() - began;
    assert_in_range(took, SLOW_MS + TIMEOUT_MS, SLOW_MS + 20 * TIMEOUT_MS);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reached),
        cmocka_unit_test(test_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
