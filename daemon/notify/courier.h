/* HTTP requests on the loop (curl_loop.h). It waits CONNECT_S for a connection
 * and TOTAL_S for the whole, follows no redirect, checks certificates, speaks
 * http and https only, keeps ANSWER_BYTES_MAX of an answer, and takes none of
 * more than ANSWER_TAKEN_MAX. Without a proxy of ours one is taken from the
 * environment: proxy.h.
 *
 * Each address that a connection would be made to is judged (reach.h) when it
 * is about to be made, so it does not matter what a name meant before. Through
 * a proxy the address is the proxy's, which the site has chosen; only what the
 * URL itself says is judged then.
 *
 * All functions belong to the loop's thread. */
#ifndef BIHUAN_DAEMON_NOTIFY_COURIER_H
#define BIHUAN_DAEMON_NOTIFY_COURIER_H

#include <stdbool.h>
#include <uv.h>

#include "core/err.h"
#include "daemon/notify/outcome.h"

enum {
    CONNECT_S = 5,
    TOTAL_S = 15,
    ERRAND_HEADERS = 3,
    ERRAND_HEADER_SIZE = 160
};

struct courier;

struct courier_config {
    const char *proxy; /* as curl takes it, "": as the environment says */
    const char *ca;    /* a file of certificates (PEM) that are trusted beside
                          the system's, "": none */
    bool inside;       /* this machine and its own network may be called */
};

/* The texts are borrowed. */
enum err courier_open(uv_loop_t *loop, const struct courier_config *config,
                      struct courier **ret);

/* One POST of a JSON body. The caller keeps it until `done`, which comes once,
 * on the loop and never from inside courier_send(). */
struct errand {
    const char *url;
    const char *body;
    size_t len;
    char headers[ERRAND_HEADERS][ERRAND_HEADER_SIZE]; /* "" for none */
    void (*done)(struct errand *errand, const struct answer *answer);
    void *user;
    struct transfer *transfer; /* the courier's own */
};
/* FORBIDDEN: the URL itself says that it goes where nothing may go, or is none;
 * NO_MEMORY. It was not sent then, and done does not come. */
enum err courier_send(struct courier *c, struct errand *errand);

/* Ends all that is on its way: `done` does not come for it. */
void courier_drop_all(struct courier *c);
/* Expects nothing on its way; frees itself, then calls `closed`. */
void courier_close(struct courier *c, void (*closed)(void *user), void *user);

#endif
