/* See reach.h. */
#include "daemon/notify/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* -- IPv4 ------------------------------------------------------------------ */

struct block4 {
    uint32_t first;
    int bits;
    enum reach reach;
};

#define IP4(a, b, c, d)                                               \
    ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | \
     (uint32_t)(d))

/* The first that holds. */
static const struct block4 blocks4[] = {
    {IP4(0, 0, 0, 0), 8, REACH_NEVER},
    {IP4(169, 254, 0, 0), 16, REACH_NEVER},     /* with 169.254.169.254 */
    {IP4(100, 100, 100, 200), 32, REACH_NEVER}, /* metadata: Alibaba Cloud */
    {IP4(192, 0, 0, 192), 32, REACH_NEVER},     /* and Oracle's */
    {IP4(168, 63, 129, 16), 32, REACH_NEVER},   /* and Azure's host */
    {IP4(224, 0, 0, 0), 4, REACH_NEVER},        /* multicast */
    {IP4(240, 0, 0, 0), 4, REACH_NEVER},        /* reserved, broadcast */
    {IP4(10, 0, 0, 0), 8, REACH_INSIDE},
    {IP4(100, 64, 0, 0), 10, REACH_INSIDE},
    {IP4(127, 0, 0, 0), 8, REACH_INSIDE},
    {IP4(172, 16, 0, 0), 12, REACH_INSIDE},
    {IP4(192, 0, 0, 0), 24, REACH_INSIDE},
    {IP4(192, 0, 2, 0), 24, REACH_INSIDE},
    {IP4(192, 168, 0, 0), 16, REACH_INSIDE},
    {IP4(198, 18, 0, 0), 15, REACH_INSIDE},
    {IP4(198, 51, 100, 0), 24, REACH_INSIDE},
    {IP4(203, 0, 113, 0), 24, REACH_INSIDE},
};

static enum reach reach_of_4(uint32_t address)
{
    for (size_t i = 0; i < sizeof blocks4 / sizeof blocks4[0]; i++) {
        if ((address ^ blocks4[i].first) >> (32 - blocks4[i].bits) == 0) {
            return blocks4[i].reach;
        }
    }
    return REACH_PUBLIC;
}

/* -- IPv6 ------------------------------------------------------------------ */

struct block6 {
    unsigned char first[16];
    int bits;
    int carries;        /* where an IPv4 address begins in it, 0: none */
    unsigned char flip; /* it is written with these bits turned */
    enum reach reach;
};

static const struct block6 blocks6[] = {
    {{0}, 128, 0, 0, REACH_NEVER},
    {{[15] = 1}, 128, 0, 0, REACH_INSIDE},
    {{[10] = 0xFF, 0xFF}, 96, 12, 0, REACH_PUBLIC}, /* mapped */
    {{0}, 96, 12, 0, REACH_PUBLIC},                 /* compatible */
    {{[8] = 0xFF, 0xFF}, 96, 12, 0, REACH_PUBLIC},  /* SIIT */
    {{0x00, 0x64, 0xFF, 0x9B}, 96, 12, 0, REACH_PUBLIC},
    {{0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01}, 48, 0, 0, REACH_INSIDE},
    {{0x01}, 64, 0, 0, REACH_NEVER},                        /* discard */
    {{0x20, 0x01, 0x00, 0x00}, 32, 12, 0xFF, REACH_PUBLIC}, /* Teredo */
    {{0x20, 0x01, 0x0D, 0xB8}, 32, 0, 0, REACH_INSIDE},
    {{0x3F, 0xFF}, 20, 0, 0, REACH_INSIDE},
    {{0x20, 0x02}, 16, 2, 0, REACH_PUBLIC},            /* 6to4 */
    {{0xFD, 0x00, 0x0E, 0xC2}, 32, 0, 0, REACH_NEVER}, /* metadata: AWS */
    {{0xFD, 0x20, 0x00, 0xCE}, 32, 0, 0, REACH_NEVER}, /* and Google */
    {{0xFC}, 7, 0, 0, REACH_INSIDE},
    {{0xFE, 0x80}, 10, 0, 0, REACH_NEVER},
    {{0xFE, 0xC0}, 10, 0, 0, REACH_INSIDE},
    {{0xFF}, 8, 0, 0, REACH_NEVER},
};

static bool within(const unsigned char *address, const struct block6 *b)
{
    int whole = b->bits / 8;
    int rest = b->bits % 8;
    return memcmp(address, b->first, (size_t)whole) == 0 &&
           (rest == 0 || (address[whole] ^ b->first[whole]) >> (8 - rest) == 0);
}

static enum reach carried(const unsigned char *address, const struct block6 *b)
{
    const unsigned char *at = address + b->carries;
    unsigned char f = b->flip;
    return reach_of_4(IP4(at[0] ^ f, at[1] ^ f, at[2] ^ f, at[3] ^ f));
}

static enum reach reach_of_6(const unsigned char *address)
{
    for (size_t i = 0; i < sizeof blocks6 / sizeof blocks6[0]; i++) {
        if (within(address, &blocks6[i])) {
            return blocks6[i].carries == 0 ? blocks6[i].reach
                                           : carried(address, &blocks6[i]);
        }
    }
    return REACH_PUBLIC;
}

enum reach reach_of(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return reach_of_4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return reach_of_6(v6.sin6_addr.s6_addr);
    }
    return REACH_NEVER;
}

/* -- by what a URL says ---------------------------------------------------- */

enum {
    HOST_SIZE = 256,
    PARTS_MAX_4 = 4
};

/* One part of an IPv4 address: 10, 012, 0xA. NULL if it is none; more than an
 * address can be stays more. */
static const char *read_part(const char *text, uint64_t *ret)
{
    static const char all[] = "0123456789abcdef";
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    unsigned base = hex ? 16 : text[0] == '0' ? 8 : 10;
    const char *at = hex ? text + 2 : text;
    const char *from = at;
    *ret = 0;
    for (; *at != '\0'; at++) {
        const char *digit =
            strchr(all, *at >= 'A' && *at <= 'F' ? *at - 'A' + 'a' : *at);
        if (digit == NULL || (unsigned)(digit - all) >= base) {
            break;
        }
        *ret = *ret > UINT32_MAX ? *ret : *ret * base + (unsigned)(digit - all);
    }
    return at == from ? NULL : at;
}

/* a, a.b, a.b.c, a.b.c.d, the last one as wide as what is left. */
static bool read_numeric(const char *host, uint32_t *ret)
{
    uint64_t parts[PARTS_MAX_4];
    uint64_t address = 0;
    int n = 0;
    for (;;) {
        host = n < PARTS_MAX_4 ? read_part(host, &parts[n]) : NULL;
        if (host == NULL || (*host != '.' && *host != '\0')) {
            return false;
        }
        n++;
        if (*host++ == '\0') {
            break;
        }
    }
    for (int i = 0; i + 1 < n; i++) {
        if (parts[i] > 0xFF) {
            return false;
        }
        address |= parts[i] << (24 - 8 * i);
    }
    if (parts[n - 1] > UINT32_MAX >> (8 * (n - 1))) {
        return false;
    }
    *ret = (uint32_t)(address | parts[n - 1]);
    return true;
}

static bool is_localhost(const char *host)
{
    static const char name[] = "localhost";
    size_t len = strlen(host);
    size_t n = sizeof name - 1;
    return len >= n && strcasecmp(host + len - n, name) == 0 &&
           (len == n || host[len - n - 1] == '.');
}

static bool reach_of_name(char *host, enum reach *ret)
{
    static const char taken[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    uint32_t address = 0;
    size_t len = strlen(host);
    if (len > 1 && host[len - 1] == '.') {
        host[--len] = '\0';
    }
    if (len == 0 || host[0] == '.' || strspn(host, taken) != len) {
        return false;
    }
    *ret = read_numeric(host, &address) ? reach_of_4(address)
           : is_localhost(host)         ? REACH_INSIDE
                                        : REACH_PUBLIC;
    return true;
}

static bool is_port(const char *text)
{
    size_t n = strspn(text, "0123456789");
    long port = n > 0 && n <= 5 ? strtol(text, NULL, 10) : 0;
    return text[n] == '\0' && port >= 1 && port <= 65535;
}

static bool reach_of_host(char *host, enum reach *ret)
{
    char *port = NULL;
    if (host[0] == '[') {
        struct in6_addr address;
        char *end = strchr(host, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            return false;
        }
        port = end[1] == ':' ? end + 2 : NULL;
        *end = '\0';
        if (inet_pton(AF_INET6, host + 1, &address) != 1) {
            return false;
        }
        *ret = reach_of_6(address.s6_addr);
        return port == NULL || is_port(port);
    }
    port = strchr(host, ':');
    if (port != NULL) {
        *port++ = '\0';
    }
    return (port == NULL || is_port(port)) && reach_of_name(host, ret);
}

bool reach_of_url(const char *url, enum reach *ret)
{
    char host[HOST_SIZE];
    size_t scheme = strncmp(url, "https://", 8) == 0  ? 8
                    : strncmp(url, "http://", 7) == 0 ? 7
                                                      : 0;
    size_t len = strcspn(url + scheme, "/?");
    if (scheme == 0 || len >= sizeof host) {
        return false;
    }
    for (const char *p = url; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f ||
            *p == '#' || *p == '\\') {
            return false;
        }
    }
    memcpy(host, url + scheme, len);
    host[len] = '\0';
    return reach_of_host(host, ret);
}
