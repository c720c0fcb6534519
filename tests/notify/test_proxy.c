/* Which proxy, by the rules of curl's documentation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/notify/proxy.h"

static const char *const known[] = {"http_proxy",  "HTTP_PROXY", "https_proxy",
                                    "HTTPS_PROXY", "all_proxy",  "ALL_PROXY",
                                    "no_proxy",    "NO_PROXY"};

static int forget(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        unsetenv(known[i]);
    }
    return 0;
}

static void is(const char *url, const char *expected)
{
    assert_string_equal(proxy_for("", url), expected);
}

static void test_scheme(void **state)
{
    (void)state;
    is("http://a.cn/", "");
    setenv("HTTP_PROXY", "http://cgi", 1); /* a request's header could set it */
    is("http://a.cn/", "");
    setenv("ALL_PROXY", "http://all", 1);
    is("http://a.cn/", "http://all");
    is("https://a.cn/", "http://all");
    setenv("http_proxy", "http://plain", 1);
    setenv("HTTPS_PROXY", "http://upper", 1);
    is("http://a.cn/", "http://plain");
    is("https://a.cn/", "http://upper");
    setenv("https_proxy", "http://lower", 1);
    is("https://a.cn/", "http://lower");
    assert_string_equal(proxy_for("http://ours", "https://a.cn/"),
                        "http://ours");
}

struct row {
    const char *list;
    const char *url;
    int direct;
};

static const struct row rows[] = {
    {"a.cn", "http://a.cn/", 1},
    {"a.cn", "http://A.CN:8080/x", 1},
    {"a.cn", "http://www.a.cn?x", 1},
    {".a.cn", "http://www.a.cn/", 1},
    {".a.cn", "http://a.cn/", 1},
    {"a.cn.", "http://a.cn/", 1},
    {"a.cn", "http://a.cn./", 1},
    {"a.cn", "http://ba.cn/", 0},
    {"a.cn", "http://a.cn.evil.org/", 0},
    {"b.cn, a.cn", "http://a.cn/", 1},
    {"b.cn a.cn", "http://a.cn/", 1},
    {",, ,", "http://a.cn/", 0},
    {"*", "http://a.cn/", 1},
    {"127.0.0.1", "http://127.0.0.1:80/", 1},
    {"127.0.0.1", "http://127.0.0.11/", 0},
    {"10.0.0.0/8", "http://10.9.8.7/", 1},
    {"10.0.0.0/8", "http://11.0.0.1/", 0},
    {"172.16.0.0/12", "http://172.31.0.1/", 1},
    {"172.16.0.0/12", "http://172.32.0.1/", 0},
    {"0.0.0.0/0", "http://1.2.3.4/", 1},
    {"10.0.0.0/33", "http://10.0.0.0/", 0},
    {"10.0.0.0/8x", "http://10.0.0.0/", 0},
    {"10.0.0.0/8", "http://[fd00::1]/", 0},
    {"fd00::/8", "http://[fd00::1]:80/", 1},
    {"fd00::/8", "http://[fe80::1]/", 0},
    {"::1", "http://[::1]/", 1},
};

static void test_exceptions(void **state)
{
    (void)state;
    setenv("all_proxy", "http://p", 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        setenv(i % 2 == 0 ? "no_proxy" : "NO_PROXY", rows[i].list, 1);
        if ((proxy_for("", rows[i].url)[0] == '\0') != rows[i].direct ||
            (proxy_for("http://q", rows[i].url)[0] == '\0') != rows[i].direct) {
            fail_msg("%s: %s", rows[i].list, rows[i].url);
        }
        unsetenv("no_proxy");
        unsetenv("NO_PROXY");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_scheme, forget),
        cmocka_unit_test_setup(test_exceptions, forget),
    };
    return cmocka_run_group_tests(tests, forget, forget);
}
