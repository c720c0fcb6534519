/* Whether a delivery goes through a proxy. curl would find that out by itself,
 * but does not say: and what is connected to must be known, to be judged. */
#ifndef BIHUAN_DAEMON_NOTIFY_PROXY_H
#define BIHUAN_DAEMON_NOTIFY_PROXY_H

/* The proxy for a URL that reach_of_url() takes: `configured`, or if that is ""
 * what the environment says for its scheme (http_proxy; https_proxy,
 * HTTPS_PROXY), else all_proxy, ALL_PROXY; "" if there is none or no_proxy,
 * NO_PROXY names the host: itself, a domain that it is in, a network
 * (10.0.0.0/8) or '*', parted by commas or blanks. Borrowed. */
const char *proxy_for(const char *configured, const char *url);

#endif
