/* What is sent, how and where to: see courier.h. */
#include "daemon/notify/courier.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/notify/curl_loop.h"
#include "daemon/notify/proxy.h"
#include "daemon/notify/reach.h"

struct transfer {
    struct transfer *next;
    struct transfer *before;
    struct courier *courier;
    struct errand *errand;
    CURL *easy;
    struct curl_slist *headers;
    const char *proxy; /* "": none */
    bool barred;       /* an address was refused */
    bool tried;        /* one was not */
    char error[CURL_ERROR_SIZE];
    size_t taken; /* of the answer; of that is kept */
    size_t len;
    char body[ANSWER_BYTES_MAX + 1];
};

struct courier {
    struct curl_loop *curl;
    struct courier_config config;
    struct transfer *all;
    void (*closed)(void *user);
    void *closed_user;
};

/* -- transfers --------------------------------------------------------------
 */

static void transfer_free(struct transfer *t)
{
    struct courier *c = t->courier;
    if (t->next != NULL) {
        t->next->before = t->before;
    }
    if (t->before != NULL) {
        t->before->next = t->next;
    } else if (c->all == t) {
        c->all = t->next;
    }
    if (t->easy != NULL) {
        curl_loop_remove(c->curl, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->headers);
    free(t);
}

static bool is_barred(const struct transfer *t)
{
    return t->barred && !t->tried;
}

static const char *error_of(const struct transfer *t, CURLcode code)
{
    if (is_barred(t)) {
        return REACH_TEXT;
    }
    return t->error[0] != '\0' ? t->error : curl_easy_strerror(code);
}

static void on_finished(void *private, CURLcode code)
{
    struct transfer *t = private;
    long status = 0;
    curl_off_t retry_after = 0;
    struct errand *errand = t->errand;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry_after);
    t->body[t->len] = '\0';
    struct answer answer = {.status = code == CURLE_OK ? status : 0,
                            .error = error_of(t, code),
                            .barred = is_barred(t),
                            .retry_after = retry_after,
                            .body = t->body,
                            .len = t->len};
    errand->transfer = NULL;
    errand->done(errand, &answer);
    transfer_free(t);
}

/* What is too much to keep is forgotten. An answer without end would keep the
 * loop busy: it is none. */
static size_t on_body(char *data, size_t size, size_t n, void *user)
{
    struct transfer *t = user;
    size_t len = size * n;
    t->taken += len;
    if (t->taken > ANSWER_TAKEN_MAX) {
        snprintf(t->error, sizeof t->error, "an answer of more than 1 MiB");
        return CURL_WRITEFUNC_ERROR;
    }
    size_t room = ANSWER_BYTES_MAX - t->len;
    size_t kept = len < room ? len : room;
    memcpy(t->body + t->len, data, kept);
    t->len += kept;
    return len;
}

/* -- where to ---------------------------------------------------------------
 */

static bool may_reach(const struct courier *c, enum reach reach)
{
    return reach == REACH_PUBLIC || (reach == REACH_INSIDE && c->config.inside);
}

/* Called for each connection, with the address that is to be connected to. Of
 * several the next one is tried. */
static curl_socket_t on_open_socket(void *user, curlsocktype purpose,
                                    struct curl_sockaddr *address)
{
    struct transfer *t = user;
    (void)purpose;
    if (t->proxy[0] == '\0' &&
        !may_reach(t->courier, reach_of(&address->addr))) {
        t->barred = true;
        return CURL_SOCKET_BAD;
    }
    t->tried = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/* -- sending ----------------------------------------------------------------
 */

static bool add_header(struct transfer *t, const char *header)
{
    struct curl_slist *list = curl_slist_append(t->headers, header);
    if (list == NULL) {
        return false;
    }
    t->headers = list;
    return true;
}

static bool add_headers(struct transfer *t)
{
    bool good =
        add_header(t, "Content-Type: application/json; charset=utf-8") &&
        add_header(t, "Expect:");
    for (int i = 0; good && i < ERRAND_HEADERS; i++) {
        const char *header = t->errand->headers[i];
        good = header[0] == '\0' || add_header(t, header);
    }
    return good;
}

/* What is sent. */
static bool set_request(struct transfer *t)
{
    CURL *e = t->easy;
    const struct errand *p = t->errand;
    const char *ca = t->courier->config.ca;
    return curl_easy_setopt(e, CURLOPT_PROXY, t->proxy) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOPROXY, "") == CURLE_OK &&
           (ca[0] == '\0' ||
            curl_easy_setopt(e, CURLOPT_CAINFO, ca) == CURLE_OK) &&
           curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https") ==
               CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_URL, p->url) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t)p->len) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_POSTFIELDS, p->body) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_USERAGENT, "bihuan/" BIHUAN_VERSION) ==
               CURLE_OK;
}

/* How. Certificates are checked by default; it is said all the same.
 * QUICK_EXIT: a name server that hangs must not hold the loop when its time is
 * up. */
static void set_manner(struct transfer *t)
{
    CURL *e = t->easy;
    curl_easy_setopt(e, CURLOPT_PRIVATE, t);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(e, CURLOPT_TIMEOUT, (long)TOTAL_S);
}

static bool prepare(struct transfer *t)
{
    t->easy = curl_easy_init();
    if (t->easy == NULL || !add_headers(t) || !set_request(t)) {
        return false;
    }
    set_manner(t);
    return curl_loop_add(t->courier->curl, t->easy);
}

enum err courier_send(struct courier *c, struct errand *errand)
{
    enum reach reach = REACH_NEVER;
    if (!reach_of_url(errand->url, &reach) || !may_reach(c, reach)) {
        return ERR_FORBIDDEN;
    }
    struct transfer *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return ERR_NO_MEMORY;
    }
    t->courier = c;
    t->errand = errand;
    t->proxy = proxy_for(c->config.proxy, errand->url);
    t->next = c->all;
    if (c->all != NULL) {
        c->all->before = t;
    }
    c->all = t;
    if (!prepare(t)) {
        transfer_free(t);
        return ERR_NO_MEMORY;
    }
    errand->transfer = t;
    return OK;
}

void courier_drop_all(struct courier *c)
{
    struct transfer *next = NULL;
    for (struct transfer *t = c->all; t != NULL; t = next) {
        next = t->next;
        t->errand->transfer = NULL;
        transfer_free(t);
    }
}

/* -- begin and end ----------------------------------------------------------
 */

enum err courier_open(uv_loop_t *loop, const struct courier_config *config,
                      struct courier **ret)
{
    struct courier *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err = curl_loop_open(loop, on_finished, &c->curl);
    if (err != OK) {
        free(c);
        return err;
    }
    c->config = *config;
    *ret = c;
    return OK;
}

static void on_closed(void *user)
{
    struct courier *c = user;
    void (*closed)(void *) = c->closed;
    void *closed_user = c->closed_user;
    free(c);
    closed(closed_user);
}

void courier_close(struct courier *c, void (*closed)(void *user), void *user)
{
    c->closed = closed;
    c->closed_user = user;
    curl_loop_close(c->curl, on_closed, c);
}
