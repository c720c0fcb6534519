/* Where a delivery may go. An address of a webhook is typed by a person and
 * called by the daemon, which stands where the person does not: else it would
 * be a way to the machine's own services and its neighbours' (SSRF).
 *
 * Pure. What is not globally reachable stands in the registries of IANA
 * (iana-ipv4-special-registry, iana-ipv6-special-registry); the metadata
 * addresses in the papers of the clouds. */
#ifndef BIHUAN_DAEMON_NOTIFY_REACH_H
#define BIHUAN_DAEMON_NOTIFY_REACH_H

#include <stdbool.h>

struct sockaddr;

/* What is said of a delivery that may not go where it should. */
#define REACH_TEXT                                                        \
    "the address is of this machine or its own network (notify.private)," \
    " or link-local"

enum reach {
    REACH_PUBLIC,
    REACH_INSIDE, /* this machine or its own network: if the site says so */
    REACH_NEVER   /* link-local, metadata of a cloud, multicast, none at all */
};

/* An IPv6 address that carries an IPv4 address (mapped, compatible, NAT64,
 * 6to4, Teredo) is as far as that one. Other families: NEVER. */
enum reach reach_of(const struct sockaddr *address);

/* By what the address says, before anybody has resolved it: an IPv4 address in
 * any form that resolvers take (decimal, octal, hexadecimal, fewer than four
 * parts), an IPv6 address in brackets, localhost. Another name is PUBLIC till
 * its addresses are known.
 *
 * False: not http:// or https:// with a host; or it has a user, a blank, a
 * fragment, a percent sign in the host, a zone, a port that is none. */
bool reach_of_url(const char *url, enum reach *ret);

#endif
