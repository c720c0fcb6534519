/* See proxy.h; the rules are those of curl's documentation (CURLOPT_PROXY,
 * CURLOPT_NOPROXY). */
#include "daemon/notify/proxy.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    HOST_SIZE = 256,
    ADDRESS_BYTES = 16
};

static const char *environment(const char *name, const char *other)
{
    const char *value = getenv(name);
    if (value == NULL && other != NULL) {
        value = getenv(other);
    }
    return value == NULL ? "" : value;
}

/* The host of a URL without its brackets, port and last dot. */
static void host_of(const char *url, char out[HOST_SIZE])
{
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    bool bracket = host[0] == '[';
    host += bracket ? 1 : 0;
    size_t len = strcspn(host, bracket ? "]" : ":/?");
    len = len < HOST_SIZE ? len : HOST_SIZE - 1;
    len -= len > 1 && host[len - 1] == '.' ? 1 : 0;
    memcpy(out, host, len);
    out[len] = '\0';
}

/* -- no_proxy -------------------------------------------------------------- */

static bool in_domain(const char *host, const char *domain)
{
    domain += domain[0] == '.' ? 1 : 0;
    size_t len = strlen(host);
    size_t n = strlen(domain);
    n -= n > 1 && domain[n - 1] == '.' ? 1 : 0;
    return n > 0 && n <= len && strncasecmp(host + len - n, domain, n) == 0 &&
           (n == len || host[len - n - 1] == '.');
}

/* 10.0.0.0/8, fd00::/8, or an address alone. */
static bool in_network(const char *host, char *network)
{
    unsigned char a[ADDRESS_BYTES];
    unsigned char b[ADDRESS_BYTES];
    char *slash = strchr(network, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    int family = strchr(host, ':') == NULL ? AF_INET : AF_INET6;
    int width = family == AF_INET ? 32 : 128;
    if (inet_pton(family, host, a) != 1 || inet_pton(family, network, b) != 1) {
        return false;
    }
    char *end = NULL;
    long bits = slash == NULL ? width : strtol(slash + 1, &end, 10);
    if ((end != NULL && *end != '\0') || bits < 0 || bits > width) {
        return false;
    }
    size_t whole = (size_t)bits / 8;
    int rest = (int)bits % 8;
    return memcmp(a, b, whole) == 0 &&
           (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

static bool excepted(const char *host, const char *list)
{
    char item[HOST_SIZE];
    while (*list != '\0') {
        list += strspn(list, ", \t");
        size_t len = strcspn(list, ", \t");
        if (len > 0 && len < sizeof item) {
            memcpy(item, list, len);
            item[len] = '\0';
            if (strcmp(item, "*") == 0 || in_domain(host, item) ||
                in_network(host, item)) {
                return true;
            }
        }
        list += len;
    }
    return false;
}

const char *proxy_for(const char *configured, const char *url)
{
    char host[HOST_SIZE];
    const char *proxy = configured;
    if (proxy[0] == '\0') {
        proxy = strncmp(url, "https:", 6) == 0
                    ? environment("https_proxy", "HTTPS_PROXY")
                    : environment("http_proxy", NULL); /* not upper case: CGI */
    }
    if (proxy[0] == '\0') {
        proxy = environment("all_proxy", "ALL_PROXY");
    }
    host_of(url, host);
    return excepted(host, environment("no_proxy", "NO_PROXY")) ? "" : proxy;
}
