/* Where a delivery may go: addresses by hand from IANA's registries of special
 * purposes, all /8 of IPv4, and what people write to get round a list of
 * them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cmocka.h>

#include "daemon/notify/reach.h"

static const char *const names[] = {"public", "inside", "never"};

struct row {
    const char *text;
    enum reach reach;
};

static const struct row addresses[] = {
    {"1.1.1.1", REACH_PUBLIC},
    {"9.255.255.255", REACH_PUBLIC},
    {"10.0.0.0", REACH_INSIDE},
    {"10.255.255.255", REACH_INSIDE},
    {"11.0.0.0", REACH_PUBLIC},
    {"0.0.0.0", REACH_NEVER},
    {"0.1.2.3", REACH_NEVER},
    {"100.63.255.255", REACH_PUBLIC},
    {"100.64.0.0", REACH_INSIDE},
    {"100.127.255.255", REACH_INSIDE},
    {"100.128.0.0", REACH_PUBLIC},
    {"100.100.100.200", REACH_NEVER},
    {"126.255.255.255", REACH_PUBLIC},
    {"127.0.0.1", REACH_INSIDE},
    {"127.255.255.255", REACH_INSIDE},
    {"128.0.0.0", REACH_PUBLIC},
    {"168.63.129.16", REACH_NEVER},
    {"169.253.255.255", REACH_PUBLIC},
    {"169.254.0.0", REACH_NEVER},
    {"169.254.169.254", REACH_NEVER},
    {"169.254.255.255", REACH_NEVER},
    {"169.255.0.0", REACH_PUBLIC},
    {"172.15.255.255", REACH_PUBLIC},
    {"172.16.0.0", REACH_INSIDE},
    {"172.31.255.255", REACH_INSIDE},
    {"172.32.0.0", REACH_PUBLIC},
    {"192.0.0.1", REACH_INSIDE},
    {"192.0.0.192", REACH_NEVER},
    {"192.0.2.1", REACH_INSIDE},
    {"192.0.3.0", REACH_PUBLIC},
    {"192.167.255.255", REACH_PUBLIC},
    {"192.168.0.0", REACH_INSIDE},
    {"192.168.255.255", REACH_INSIDE},
    {"192.169.0.0", REACH_PUBLIC},
    {"198.17.255.255", REACH_PUBLIC},
    {"198.18.0.0", REACH_INSIDE},
    {"198.19.255.255", REACH_INSIDE},
    {"198.20.0.0", REACH_PUBLIC},
    {"198.51.100.7", REACH_INSIDE},
    {"203.0.113.7", REACH_INSIDE},
    {"223.255.255.255", REACH_PUBLIC},
    {"224.0.0.1", REACH_NEVER},
    {"240.0.0.1", REACH_NEVER},
    {"255.255.255.255", REACH_NEVER},
    {"::", REACH_NEVER},
    {"::1", REACH_INSIDE},
    {"::2", REACH_NEVER},
    {"::127.0.0.1", REACH_INSIDE},
    {"::ffff:127.0.0.1", REACH_INSIDE},
    {"::ffff:169.254.169.254", REACH_NEVER},
    {"::ffff:10.1.2.3", REACH_INSIDE},
    {"::ffff:1.1.1.1", REACH_PUBLIC},
    {"::ffff:0:10.1.2.3", REACH_INSIDE},
    {"64:ff9b::7f00:1", REACH_INSIDE},
    {"64:ff9b::a9fe:a9fe", REACH_NEVER},
    {"64:ff9b::1.1.1.1", REACH_PUBLIC},
    {"64:ff9b:1::1", REACH_INSIDE},
    {"100::1", REACH_NEVER},
    /* Teredo: the client's address with all its bits turned */
    {"2001:0:1:2:3:4:80ff:fffe", REACH_INSIDE},
    {"2001:0:1:2:3:4:5601:5601", REACH_NEVER},
    {"2001:db8::1", REACH_INSIDE},
    {"2001:4860:4860::8888", REACH_PUBLIC},
    {"2002:7f00:1::", REACH_INSIDE},
    {"2002:a9fe:a9fe::1", REACH_NEVER},
    {"2002:101:101::1", REACH_PUBLIC},
    {"2400:3200::1", REACH_PUBLIC},
    {"3fff::1", REACH_INSIDE},
    {"3fff:1000::1", REACH_PUBLIC},
    {"fbff::1", REACH_PUBLIC},
    {"fc00::1", REACH_INSIDE},
    {"fdff:ffff::1", REACH_INSIDE},
    {"fd00:ec2::254", REACH_NEVER},
    {"fd20:ce::254", REACH_NEVER},
    {"fe80::1", REACH_NEVER},
    {"febf::1", REACH_NEVER},
    {"fec0::1", REACH_INSIDE},
    {"ff02::1", REACH_NEVER},
};

static enum reach reach_text(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        return reach_of((const struct sockaddr *)&v4);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return reach_of((const struct sockaddr *)&v6);
}

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        enum reach got = reach_text(addresses[i].text);
        if (got != addresses[i].reach) {
            fail_msg("%s: %s", addresses[i].text, names[got]);
        }
    }
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    assert_int_equal(reach_of((const struct sockaddr *)&local), REACH_NEVER);
}

/* Every mapped address is as far as the one in it. */
static void test_mapped(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 1 << 16; i++) {
        char plain[INET_ADDRSTRLEN];
        char mapped[INET6_ADDRSTRLEN];
        snprintf(plain, sizeof plain, "%u.%u.7.%u", i >> 8, i & 0xFF, i % 251);
        snprintf(mapped, sizeof mapped, "::ffff:%s", plain);
        assert_int_equal(reach_text(plain), reach_text(mapped));
    }
}

enum {
    BAD = -1
};

struct url {
    const char *text;
    int reach;
};

/* The numbers of one part are of Python's socket.inet_aton. */
static const struct url urls[] = {
    {"https://oa.example.gov.cn/bihuan", REACH_PUBLIC},
    {"http://oa.example.gov.cn:8080?x=1@2", REACH_PUBLIC},
    {"http://1.1.1.1/", REACH_PUBLIC},
    {"http://[2400:3200::1]:80/", REACH_PUBLIC},
    {"http://127.0.0.1:9/", REACH_INSIDE},
    {"http://127.0.0.1./", REACH_INSIDE},
    {"http://127.1/", REACH_INSIDE},
    {"http://2130706433/", REACH_INSIDE},
    {"http://0x7f000001/", REACH_INSIDE},
    {"http://0X7F.1/", REACH_INSIDE},
    {"http://017700000001/", REACH_INSIDE},
    {"http://00000000000000000000177.1/", REACH_INSIDE},
    {"http://0x00000000000000007f.1/", REACH_INSIDE},
    {"http://0x7f.0.0.01/", REACH_INSIDE},
    {"http://2852039166/", REACH_NEVER},
    {"http://0xa9fea9fe/latest/meta-data", REACH_NEVER},
    {"http://0251.0376.0251.0376/", REACH_NEVER},
    {"http://169.254.43518/", REACH_NEVER},
    {"http://0/", REACH_NEVER},
    {"http://[::1]/", REACH_INSIDE},
    {"http://[::]/", REACH_NEVER},
    {"http://[::ffff:169.254.169.254]/", REACH_NEVER},
    {"http://[::ffff:7f00:1]:80/", REACH_INSIDE},
    {"http://[fe80::1]/", REACH_NEVER},
    {"http://localhost/", REACH_INSIDE},
    {"http://LocalHost.:80/", REACH_INSIDE},
    {"http://a.localhost/", REACH_INSIDE},
    {"http://notlocalhost/", REACH_PUBLIC},
    /* names, to whom resolves them */
    {"http://08/", REACH_PUBLIC},
    {"http://1.2.3.4.5/", REACH_PUBLIC},
    {"http://256.1/", REACH_PUBLIC},
    {"http://4294967296/", REACH_PUBLIC},
    {"http://0x/", REACH_PUBLIC},
    /* none at all */
    {"", BAD},
    {"http://", BAD},
    {"http:///path", BAD},
    {"http://:80/", BAD},
    {"http://./", BAD},
    {"ftp://example.org/", BAD},
    {"file:///etc/passwd", BAD},
    {"gopher://127.0.0.1:25/x", BAD},
    {"HTTP://example.org/", BAD},
    {"//example.org/", BAD},
    {"http://user@example.org/", BAD},
    {"http://user:pass@example.org/", BAD},
    {"http://example.org@127.0.0.1/", BAD},
    {"http://exa mple.org/", BAD},
    {"http://example.org/a b", BAD},
    {"http://example.org/#x", BAD},
    {"http://example.org\\@127.0.0.1/", BAD},
    {"http://%31%32%37.0.0.1/", BAD},
    {"http://example.org%00.x/", BAD},
    {"http://[fe80::1%25eth0]/", BAD},
    {"http://[::1/", BAD},
    {"http://[::1]x/", BAD},
    {"http://[127.0.0.1]/", BAD},
    {"http://example.org:/", BAD},
    {"http://example.org:0/", BAD},
    {"http://example.org:65536/", BAD},
    {"http://example.org:80:80/", BAD},
    {"http://①②⑦.0.0.1/", BAD},
    {"http://example。org/", BAD},
    {"http://a\r\nHost: b/", BAD},
};

static void test_urls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        enum reach reach = REACH_NEVER;
        bool good = reach_of_url(urls[i].text, &reach);
        if (good != (urls[i].reach != BAD) ||
            (good && (int)reach != urls[i].reach)) {
            fail_msg("%s: %s", urls[i].text, good ? names[reach] : "bad");
        }
    }
}

/* A host as long as it may be, and longer. */
static void test_long(void **state)
{
    char url[400];
    enum reach reach = REACH_NEVER;
    (void)state;
    for (int n = 1; n < 380; n++) {
        snprintf(url, sizeof url, "http://%0*d/", n, 0);
        memset(url + 7, 'a', (size_t)n);
        assert_int_equal(reach_of_url(url, &reach), n < 256);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_mapped),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
