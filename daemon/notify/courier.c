/* libcurl on libuv: see courier.h. curl says which sockets it wants watched and
 * when it wants to be called; what is ready is told to curl, and what curl has
 * finished is told to who sent it. */
#include "daemon/notify/courier.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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

/* One socket of curl's. It lives until its handle is closed. */
struct watch {
    uv_poll_t poll;
    struct courier *courier;
    curl_socket_t socket;
};

struct courier {
    uv_loop_t *loop;
    CURLM *multi;
    struct courier_config config;
    uv_timer_t timer;
    struct transfer *all;
    int watches; /* not yet closed */
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
        curl_multi_remove_handle(c->multi, t->easy);
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

static void finish(struct transfer *t, CURLcode code)
{
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

static void take_finished(struct courier *c)
{
    CURLMsg *message;
    int left = 0;
    while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            struct transfer *t = NULL;
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
            finish(t, code);
        }
    }
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

/* -- curl's wishes ----------------------------------------------------------
 */

static void on_timer(uv_timer_t *timer)
{
    struct courier *c = timer->data;
    int running = 0;
    curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    take_finished(c);
}

/* Never at once from here: curl must not be called from its own call. */
static int on_wish_time(CURLM *multi, long ms, void *user)
{
    struct courier *c = user;
    (void)multi;
    if (ms < 0) {
        uv_timer_stop(&c->timer);
    } else {
        uv_timer_start(&c->timer, on_timer, (uint64_t)ms, 0);
    }
    return 0;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *w = poll->data;
    struct courier *c = w->courier;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    int running = 0;
    flags |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    flags |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    curl_multi_socket_action(c->multi, w->socket, flags, &running);
    take_finished(c);
}

static void try_closed(struct courier *c)
{
    if (c->closed == NULL || c->watches > 0 || c->timer.data != NULL) {
        return;
    }
    void (*closed)(void *) = c->closed;
    void *user = c->closed_user;
    free(c);
    closed(user);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    struct courier *c = w->courier;
    free(w);
    c->watches--;
    try_closed(c);
}

static struct watch *watch_new(struct courier *c, curl_socket_t socket)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return NULL;
    }
    w->courier = c;
    w->socket = socket;
    if (uv_poll_init_socket(c->loop, &w->poll, socket) != 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    c->watches++;
    curl_multi_assign(c->multi, socket, w);
    return w;
}

static void watch_end(struct courier *c, curl_socket_t socket, struct watch *w)
{
    if (w != NULL) {
        uv_poll_stop(&w->poll);
        uv_close((uv_handle_t *)&w->poll, on_watch_closed);
        curl_multi_assign(c->multi, socket, NULL);
    }
}

/* Without memory for a watch the transfer ends by its time limit. */
static int on_wish_socket(CURL *easy, curl_socket_t socket, int what,
                          void *user, void *of_socket)
{
    struct courier *c = user;
    struct watch *w = of_socket;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        watch_end(c, socket, w);
        return 0;
    }
    if (w == NULL) {
        w = watch_new(c, socket);
    }
    int events = 0;
    events |= (what & CURL_POLL_IN) != 0 ? UV_READABLE : 0;
    events |= (what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0;
    return w != NULL && uv_poll_start(&w->poll, events, on_ready) == 0 ? 0 : -1;
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
    return curl_multi_add_handle(t->courier->multi, t->easy) == CURLM_OK;
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
    if (c == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(c);
        return ERR_NO_MEMORY;
    }
    c->multi = curl_multi_init();
    if (c->multi == NULL) {
        free(c);
        return ERR_NO_MEMORY;
    }
    c->loop = loop;
    c->config = *config;
    uv_timer_init(loop, &c->timer);
    c->timer.data = c;
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_wish_socket);
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_wish_time);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
    *ret = c;
    return OK;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct courier *c = handle->data;
    handle->data = NULL;
    try_closed(c);
}

/* The cleanup still gives back sockets of kept connections, hence before the
 * timer. */
void courier_close(struct courier *c, void (*closed)(void *user), void *user)
{
    c->closed = closed;
    c->closed_user = user;
    curl_multi_cleanup(c->multi);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
