/* Addresses by a table written by hand; what is loopback goes by RFC 6761 and
 * RFC 1122, what is a name by RFC 1035, IPv6 by RFC 4291. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/address.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define P100                                            \
    "/234567890123456789012345678901234567890123456789" \
    "01234567890123456789012345678901234567890123456789X"

struct good {
    const char *text;
    enum address_kind kind;
    bool loopback;
    const char *host; /* or the path */
    const char *port;
};

/* clang-format off */
static const struct good goods[] = {
    {"unix:/run/bihuan/sock",   ADDRESS_UNIX,  false, "/run/bihuan/sock", ""},
    {"unix:sock",               ADDRESS_UNIX,  false, "sock", ""},
    {"unix:tcp:a:1",            ADDRESS_UNIX,  false, "tcp:a:1", ""},
    {"unix:/数据/sock",         ADDRESS_UNIX,  false, "/数据/sock", ""},
    {"unix:" P100 "1234567",    ADDRESS_UNIX,  false, P100 "1234567", ""},
    {"tcp:127.0.0.1:7070",      ADDRESS_PLAIN, true,  "127.0.0.1", "7070"},
    {"tcp:127.255.255.254:1",   ADDRESS_PLAIN, true,  "127.255.255.254", "1"},
    {"tcp:localhost:0",         ADDRESS_PLAIN, true,  "localhost", "0"},
    {"tcp:LocalHost:65535",     ADDRESS_PLAIN, true,  "LocalHost", "65535"},
    {"tcp:[::1]:7070",          ADDRESS_PLAIN, true,  "::1", "7070"},
    {"tcp:[0:0:0:0:0:0:0:1]:9", ADDRESS_PLAIN, true,  "0:0:0:0:0:0:0:1", "9"},
    {"tcp:126.0.0.1:1",         ADDRESS_TLS,   false, "126.0.0.1", "1"},
    {"tcp:128.0.0.1:1",         ADDRESS_TLS,   false, "128.0.0.1", "1"},
    {"tcp:0.0.0.0:7071",        ADDRESS_TLS,   false, "0.0.0.0", "7071"},
    {"tcp:[::]:7071",           ADDRESS_TLS,   false, "::", "7071"},
    {"tcp:[::ffff:127.0.0.1]:1", ADDRESS_TLS,  false, "::ffff:127.0.0.1", "1"},
    {"tcp:[2001:db8::1]:7071",  ADDRESS_TLS,   false, "2001:db8::1", "7071"},
    {"tcp:bihuan.example.cn:1", ADDRESS_TLS,   false, "bihuan.example.cn", "1"},
    {"tcp:localhost.example:1", ADDRESS_TLS,   false, "localhost.example", "1"},
    {"tcp:127.0.0.1.example:1", ADDRESS_TLS,   false, "127.0.0.1.example", "1"},
    {"tcp:a:1",                 ADDRESS_TLS,   false, "a", "1"},
    {"tcp:xn--fiqs8s.cn:1",     ADDRESS_TLS,   false, "xn--fiqs8s.cn", "1"},
    {"tcp:db_1.lan:1",          ADDRESS_TLS,   false, "db_1.lan", "1"},
    {"tcp:" L63 ".cn:1",        ADDRESS_TLS,   false, L63 ".cn", "1"},
    {"tls:127.0.0.1:7071",      ADDRESS_TLS,   true,  "127.0.0.1", "7071"},
    {"tls:localhost:7071",      ADDRESS_TLS,   true,  "localhost", "7071"},
    {"tls:[::1]:7071",          ADDRESS_TLS,   true,  "::1", "7071"},
    {"tls:10.1.2.3:7071",       ADDRESS_TLS,   false, "10.1.2.3", "7071"},
    {"plain:127.0.0.1:7070",    ADDRESS_PLAIN, true,  "127.0.0.1", "7070"},
    {"plain:10.1.2.3:7070",     ADDRESS_PLAIN, false, "10.1.2.3", "7070"},
    {"plain:[fe80::1]:7070",    ADDRESS_PLAIN, false, "fe80::1", "7070"},
};

static const char *const bads[] = {
    "", ":", "unix", "unix:", "tcp", "tcp:", "tls:", "plain:", "http://a:1",
    "UNIX:/a", "TCP:a:1", " tcp:a:1", "udp:a:1", "/run/sock", "localhost:1",
    "unix:" P100 "12345678", "unix:/a\nb", "unix:/a\033[2J", "unix:/a\177",
    /* ports */
    "tcp:a", "tcp:a:", "tcp:a: 1", "tcp:a:1 ", "tcp:a:-1", "tcp:a:+1",
    "tcp:a:65536", "tcp:a:99999", "tcp:a:100000", "tcp:a:080", "tcp:a:00",
    "tcp:a:0x50", "tcp:a:http", "tcp:a:1\n", "tcp:a:1:2", "tcp:a:１",
    "tcp:a:99999999999999999999999999",
    /* IPv6 and its brackets */
    "tcp:::1:7070", "tcp:2001:db8::1:7070", "tcp:[::1]", "tcp:[::1]7070",
    "tcp:[::1", "tcp:[]:1", "tcp:[:1", "tcp:::1]:1", "tcp:[[::1]]:1",
    "tcp:[127.0.0.1]:1", "tcp:[localhost]:1", "tcp:[::g]:1", "tcp:[::1%lo]:1",
    "tcp:[1:2:3:4:5:6:7:8:9]:1", "tcp:[::1] :1", "tcp:[ ::1]:1",
    /* hosts */
    "tcp::1", "tcp: a:1", "tcp:a b:1", "tcp:-a:1", "tcp:a-:1", "tcp:.a:1",
    "tcp:a.:1", "tcp:a..b:1", "tcp:a/b:1", "tcp:a@b:1", "tcp:*:1", "tcp:a\nb:1",
    "tcp:\342\200\256a:1", "tcp:主机:1", "tcp:a\377:1", "tcp:" L63 "a.cn:1",
    "tcp:" L63 "." L63 "." L63 "." L63 ":1",
    "tcp:" L63 "." L63 "." L63 "." L63 "." L63 ":1",
    /* what a resolver would read as an IPv4 address, and we do not */
    "tcp:127.1:1", "tcp:2130706433:1", "tcp:0x7f000001:1", "tcp:0x7f.1:1",
    "tcp:1.0x7f:1", "tcp:0177.0.0.1:1", "tcp:256.0.0.1:1", "tcp:1.2.3.4.5:1",
    "plain:127.0.0.01:1", "tcp:a.1:1",
};
/* clang-format on */

static void check_good(const struct good *row)
{
    struct address a;
    struct problem p = {.err = OK};
    enum err err = address_parse(row->text, &a, &p);
    if (err != OK) {
        print_error("%s: refused: %s\n", row->text, p.detail);
    }
    assert_int_equal(err, OK);
    assert_int_equal(a.kind, row->kind);
    assert_int_equal(a.loopback, row->loopback);
    assert_string_equal(a.kind == ADDRESS_UNIX ? a.path : a.host, row->host);
    assert_string_equal(a.port, row->port);
    assert_string_equal(a.kind == ADDRESS_UNIX ? a.host : a.path, "");
}

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        check_good(&goods[i]);
    }
}

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        struct address a;
        struct problem p = {.err = OK};
        if (address_parse(bads[i], &a, &p) == OK) {
            fail_msg("taken: '%s'", bads[i]);
        }
        assert_int_equal(p.err, ERR_BAD_PARAM);
        assert_string_not_equal(p.detail, "");
        assert_non_null(strstr(p.expected, "tls:HOST:PORT"));
        assert_int_equal(address_parse(bads[i], &a, NULL), ERR_BAD_PARAM);
    }
}

/* Every text that differs in one byte from a good one is answered, without a
 * byte beyond it being read: the sanitizers look on. */
static void test_every_byte(void **state)
{
    (void)state;
    static const char *const texts[] = {"tls:[2001:db8::1]:7071", "unix:/a/b",
                                        "plain:10.1.2.3:80", "tcp:a.cn:443"};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        for (size_t i = 0; i < strlen(texts[t]); i++) {
            for (int c = 0; c < 256; c++) {
                char text[32];
                struct address a;
                snprintf(text, sizeof text, "%s", texts[t]);
                text[i] = (char)c;
                enum err err = address_parse(text, &a, NULL);
                assert_true(err == OK || err == ERR_BAD_PARAM);
                if (err == OK && a.kind != ADDRESS_UNIX) {
                    assert_null(strpbrk(a.host, " \t\r\n/@%"));
                    assert_int_equal(strspn(a.port, "0123456789"),
                                     strlen(a.port));
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
