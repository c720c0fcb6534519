#include "proto/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    LABEL_BYTES_MAX = 63, /* between two dots of a name: RFC 1035 */
    NAME_BYTES_MAX = 253,
    PORT_MAX = 65535,
    PORT_DIGITS_MAX = 5
};

static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";

static enum err bad(struct problem *p, const char *detail)
{
    return problem_set(p, ERR_BAD_PARAM, "",
                       "unix:PATH, tcp:HOST:PORT, tls:HOST:PORT or "
                       "plain:HOST:PORT",
                       detail);
}

/* -- local ------------------------------------------------------------------
 */

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f) {
            return true;
        }
    }
    return false;
}

static enum err parse_path(const char *path, struct address *ret,
                           struct problem *p)
{
    size_t len = strlen(path);
    if (len == 0) {
        return bad(p, "the path is missing");
    }
    if (len >= sizeof ret->path) {
        return bad(p, "the path has more than 107 bytes");
    }
    if (has_control(path)) {
        return bad(p, "a control character in the path");
    }
    memcpy(ret->path, path, len + 1);
    return OK;
}

/* -- host -------------------------------------------------------------------
 */

/* Letters, digits, '-' and '_', no '-' at either end. */
static bool is_label(const char *text, size_t len)
{
    if (len == 0 || len > LABEL_BYTES_MAX || text[0] == '-' ||
        text[len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (strchr(letters, c) == NULL && strchr(digits, c) == NULL &&
            c != '-' && c != '_') {
            return false;
        }
    }
    return true;
}

/* Resolvers take "127.1", "0x7f.1" and "2130706433" for IPv4 addresses. */
static bool is_number(const char *label)
{
    size_t len = strspn(label, digits);
    return label[len] == '\0' || (len == 1 && label[0] == '0' &&
                                  (label[1] == 'x' || label[1] == 'X'));
}

static bool is_name(const char *host)
{
    const char *label = host;
    for (;;) {
        size_t len = strcspn(label, ".");
        if (!is_label(label, len)) {
            return false;
        }
        if (label[len] == '\0') {
            return strlen(host) <= NAME_BYTES_MAX && !is_number(label);
        }
        label += len + 1;
    }
}

static enum err check_host(struct address *a, bool brackets, struct problem *p)
{
    struct in6_addr six;
    struct in_addr four;
    if (brackets) {
        bool good = inet_pton(AF_INET6, a->host, &six) == 1;
        a->loopback = good && IN6_IS_ADDR_LOOPBACK(&six);
        return good ? OK : bad(p, "no IPv6 address in the brackets");
    }
    if (inet_pton(AF_INET, a->host, &four) == 1) {
        a->loopback = ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET;
        return OK;
    }
    a->loopback = strcasecmp(a->host, "localhost") == 0;
    return is_name(a->host)
               ? OK
               : bad(p, "the host is neither a name nor an address");
}

/* -- host and port ----------------------------------------------------------
 */

static enum err parse_port(const char *port, struct address *ret,
                           struct problem *p)
{
    size_t len = strspn(port, digits);
    bool good = len > 0 && len <= PORT_DIGITS_MAX && port[len] == '\0' &&
                (port[0] != '0' || len == 1) &&
                strtol(port, NULL, 10) <= PORT_MAX;
    if (!good) {
        return bad(p, "the port is not a number from 0 to 65535");
    }
    memcpy(ret->port, port, len + 1);
    return OK;
}

static enum err parse_host(const char *text, struct address *ret,
                           struct problem *p)
{
    bool brackets = *text == '[';
    const char *host = text + brackets;
    size_t len = strcspn(host, brackets ? "]" : ":");
    const char *rest = host + len;
    if (brackets && *rest++ != ']') {
        return bad(p, "the bracket of an IPv6 address does not close");
    }
    if (*rest != ':') {
        return bad(p, "the port is missing");
    }
    if (!brackets && strchr(rest + 1, ':') != NULL) {
        return bad(p, "an IPv6 address must stand in brackets");
    }
    if (len == 0 || len >= sizeof ret->host) {
        return bad(p, "the host is neither a name nor an address");
    }
    memcpy(ret->host, host, len);
    ret->host[len] = '\0';
    enum err err = check_host(ret, brackets, p);
    return err == OK ? parse_port(rest + 1, ret, p) : err;
}

/* -- all of it --------------------------------------------------------------
 */

/* What stands behind the prefix, NULL if it is another. */
static const char *behind(const char *text, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static enum err parse_net(const char *text, struct address *ret,
                          struct problem *p)
{
    const char *rest = NULL;
    bool by_host = false;
    if ((rest = behind(text, "tcp:")) != NULL) {
        by_host = true;
    } else if ((rest = behind(text, "tls:")) != NULL) {
        ret->kind = ADDRESS_TLS;
    } else if ((rest = behind(text, "plain:")) != NULL) {
        ret->kind = ADDRESS_PLAIN;
    } else {
        return bad(p, "another kind of address");
    }
    enum err err = parse_host(rest, ret, p);
    if (err == OK && by_host) {
        ret->kind = ret->loopback ? ADDRESS_PLAIN : ADDRESS_TLS;
    }
    return err;
}

enum err address_parse(const char *text, struct address *ret, struct problem *p)
{
    const char *path = behind(text, "unix:");
    *ret = (struct address){.kind = ADDRESS_UNIX};
    return path != NULL ? parse_path(path, ret, p) : parse_net(text, ret, p);
}
