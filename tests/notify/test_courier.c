/* Where the courier really connects to: names that mean another address than
 * they did when they were registered, or several. The resolver is ours: it
 * stands in front of libc's for all of this program, curl included. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "daemon/notify/courier.h"
#include "daemon/notify/reach.h"

/* -- the resolver ------------------------------------------------------------
 */

struct name {
    const char *host;
    const char *addresses[3];
};

static const struct name names[] = {
    {"rebind.example.cn", {"127.0.0.1"}},
    {"metadata.example.cn", {"169.254.169.254"}},
    {"mapped.example.cn", {"::ffff:127.0.0.1"}},
    {"both.example.cn", {"10.255.255.1", "127.0.0.1"}},
    {"proxy.example.cn", {"127.0.0.1"}},
};

static int asked; /* how often; curl asks from a thread of its own */

/* As libc makes them: freeaddrinfo() gives back each one by itself. */
static struct addrinfo *make(const char *text, int port, struct addrinfo *next)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons((uint16_t)port)};
    bool is4 = inet_pton(AF_INET, text, &v4.sin_addr) == 1;
    size_t len = is4 ? sizeof v4 : sizeof v6;
    struct addrinfo *info = calloc(1, sizeof *info + sizeof v6);
    if (info == NULL ||
        (!is4 && inet_pton(AF_INET6, text, &v6.sin6_addr) != 1)) {
        abort();
    }
    info->ai_family = is4 ? AF_INET : AF_INET6;
    info->ai_socktype = SOCK_STREAM;
    info->ai_protocol = IPPROTO_TCP;
    info->ai_addrlen = (socklen_t)len;
    info->ai_addr = (struct sockaddr *)(info + 1);
    memcpy(info->ai_addr, is4 ? (void *)&v4 : (void *)&v6, len);
    info->ai_next = next;
    return info;
}

int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **ret)
{
    int port = service == NULL ? 0 : (int)strtol(service, NULL, 10);
    (void)hints;
    *ret = NULL;
    __atomic_fetch_add(&asked, 1, __ATOMIC_RELAXED);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(host, names[i].host) == 0) {
            for (int j = 2; j >= 0; j--) {
                const char *text = names[i].addresses[j];
                *ret = text == NULL ? *ret : make(text, port, *ret);
            }
            return 0;
        }
    }
    return EAI_NONAME;
}

/* -- a receiver --------------------------------------------------------------
 */

static int listener; /* on 127.0.0.1; who connects waits in its queue */

static int listen_on_loopback(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &len), 0);
    return ntohs(at.sin_port);
}

static bool somebody_came(void)
{
    int peer = accept(listener, NULL, NULL);
    if (peer < 0) {
        assert_int_equal(errno, EAGAIN);
        return false;
    }
    static const char ok[] = "HTTP/1.1 204 x\r\nConnection: close\r\n\r\n";
    assert_int_equal(send(peer, ok, sizeof ok - 1, MSG_NOSIGNAL),
                     sizeof ok - 1);
    shutdown(peer, SHUT_WR);
    return true; /* the socket ends with the program */
}

/* -- a delivery --------------------------------------------------------------
 */

struct arrival {
    bool done;
    bool barred;
    int64_t status;
    bool came;
    char error[OUTBOX_ERROR_SIZE];
};

static void on_done(struct errand *errand, const struct answer *answer)
{
    struct arrival *o = errand->user;
    o->done = true;
    o->barred = answer->barred;
    o->status = answer->status;
    snprintf(o->error, sizeof o->error, "%s", answer->error);
}

static void on_closed(void *user)
{
    *(bool *)user = true;
}

static enum err deliver(const struct courier_config *config, const char *url,
                        struct arrival *ret)
{
    uv_loop_t loop;
    struct courier *c = NULL;
    bool closed = false;
    *ret = (struct arrival){.done = false};
    struct errand errand = {
        .url = url, .body = "{}", .len = 2, .done = on_done, .user = ret};
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(courier_open(&loop, config, &c), OK);
    enum err err = courier_send(c, &errand);
    while (err == OK && !ret->done) {
        uv_run(&loop, UV_RUN_ONCE);
        ret->came = somebody_came() || ret->came;
    }
    ret->came = somebody_came() || ret->came;
    courier_close(c, on_closed, &closed);
    while (!closed) {
        uv_run(&loop, UV_RUN_ONCE);
    }
    uv_run(&loop, UV_RUN_NOWAIT);
    assert_int_equal(uv_loop_close(&loop), 0);
    return err;
}

static const struct courier_config outside = {"", "", false};
static const struct courier_config inside = {"", "", true};

static const char *url_of(const char *host, int port)
{
    static char url[200];
    snprintf(url, sizeof url, "http://%s:%d/x", host, port);
    return url;
}

/* By its text the name is anybody's; by its address it is this machine. */
static void test_rebinding(void **state)
{
    static const char *const hosts[] = {"rebind.example.cn",
                                        "mapped.example.cn", "both.example.cn"};
    int port = *(int *)*state;
    struct arrival o;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        const char *url = url_of(hosts[i], port);
        enum reach reach = REACH_NEVER;
        assert_true(reach_of_url(url, &reach));
        assert_int_equal(reach, REACH_PUBLIC);
        asked = 0;
        assert_int_equal(deliver(&outside, url, &o), OK);
        assert_true(asked > 0);
        assert_true(o.barred);
        assert_false(o.came);
        assert_int_equal(o.status, 0);
        assert_string_equal(o.error, REACH_TEXT);
    }
    assert_int_equal(deliver(&inside, url_of(hosts[0], port), &o), OK);
    assert_true(o.came);
    assert_false(o.barred);
    assert_int_equal(o.status, 204);
}

/* Whatever the site says. */
static void test_never(void **state)
{
    struct arrival o;
    (void)state;
    assert_int_equal(
        deliver(&inside, "http://metadata.example.cn/latest/meta-data", &o),
        OK);
    assert_true(o.barred);
    assert_int_equal(deliver(&inside, "http://169.254.169.254/", &o),
                     ERR_FORBIDDEN);
    assert_int_equal(deliver(&inside, "http://[fe80::1]/", &o), ERR_FORBIDDEN);
    assert_false(o.done);
}

/* Without asking any resolver. */
static void test_by_text(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "127.1",     "2130706433",
                                        "0x7f.1",    "localhost", "[::1]"};
    int port = *(int *)*state;
    struct arrival o;
    asked = 0;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        assert_int_equal(deliver(&outside, url_of(hosts[i], port), &o),
                         ERR_FORBIDDEN);
        assert_false(o.came);
    }
    assert_int_equal(asked, 0);
    assert_int_equal(deliver(&inside, url_of("127.0.0.1", port), &o), OK);
    assert_true(o.came);
}

/* A name that is not there is no refusal: it may be there later. */
static void test_unknown(void **state)
{
    struct arrival o;
    assert_int_equal(
        deliver(&outside, url_of("gone.example.cn", *(int *)*state), &o), OK);
    assert_false(o.barred);
    assert_int_equal(o.status, 0);
}

/* The site's proxy may stand inside; what the URL says is judged all the
 * same. */
static void test_proxy(void **state)
{
    char proxy[100];
    struct arrival o;
    snprintf(proxy, sizeof proxy, "http://proxy.example.cn:%d", *(int *)*state);
    struct courier_config config = {proxy, "", false};
    assert_int_equal(deliver(&config, "http://rebind.example.cn/x", &o), OK);
    assert_true(o.came);
    assert_int_equal(o.status, 204);
    assert_int_equal(deliver(&config, "http://10.0.0.1/x", &o), ERR_FORBIDDEN);
}

static int setup(void **state)
{
    static int port;
    static const char *const known[] = {
        "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
        "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        unsetenv(known[i]);
    }
    port = listen_on_loopback();
    *state = &port;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rebinding), cmocka_unit_test(test_never),
        cmocka_unit_test(test_by_text),   cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_proxy),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
