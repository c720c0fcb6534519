/* libcurl on libuv: see curl_loop.h. */
#include "daemon/notify/curl_loop.h"

#include <stdlib.h>

/* One socket of curl's. It lives until its handle is closed. */
struct watch {
    uv_poll_t poll;
    struct curl_loop *of;
    curl_socket_t socket;
};

struct curl_loop {
    uv_loop_t *loop;
    CURLM *multi;
    uv_timer_t timer;
    int watches; /* not yet closed */
    void (*finished)(void *private, CURLcode code);
    void (*closed)(void *user);
    void *closed_user;
};

static void take_finished(struct curl_loop *l)
{
    CURLMsg *message;
    int left = 0;
    while ((message = curl_multi_info_read(l->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            void *private = NULL;
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
            l->finished(private, code);
        }
    }
}

/* -- curl's wishes ----------------------------------------------------------
 */

static void on_timer(uv_timer_t *timer)
{
    struct curl_loop *l = timer->data;
    int running = 0;
    curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    take_finished(l);
}

/* Never at once from here: curl must not be called from its own call. */
static int on_wish_time(CURLM *multi, long ms, void *user)
{
    struct curl_loop *l = user;
    (void)multi;
    if (ms < 0) {
        uv_timer_stop(&l->timer);
    } else {
        uv_timer_start(&l->timer, on_timer, (uint64_t)ms, 0);
    }
    return 0;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *w = poll->data;
    struct curl_loop *l = w->of;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    int running = 0;
    flags |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    flags |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    curl_multi_socket_action(l->multi, w->socket, flags, &running);
    take_finished(l);
}

static void try_closed(struct curl_loop *l)
{
    if (l->closed == NULL || l->watches > 0 || l->timer.data != NULL) {
        return;
    }
    void (*closed)(void *) = l->closed;
    void *user = l->closed_user;
    free(l);
    closed(user);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    struct curl_loop *l = w->of;
    free(w);
    l->watches--;
    try_closed(l);
}

static struct watch *watch_new(struct curl_loop *l, curl_socket_t socket)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return NULL;
    }
    w->of = l;
    w->socket = socket;
    if (uv_poll_init_socket(l->loop, &w->poll, socket) != 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    l->watches++;
    curl_multi_assign(l->multi, socket, w);
    return w;
}

static void watch_end(struct curl_loop *l, curl_socket_t socket,
                      struct watch *w)
{
    if (w != NULL) {
        uv_poll_stop(&w->poll);
        uv_close((uv_handle_t *)&w->poll, on_watch_closed);
        curl_multi_assign(l->multi, socket, NULL);
    }
}

/* Without memory for a watch the transfer ends by its time limit. */
static int on_wish_socket(CURL *easy, curl_socket_t socket, int what,
                          void *user, void *of_socket)
{
    struct curl_loop *l = user;
    struct watch *w = of_socket;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        watch_end(l, socket, w);
        return 0;
    }
    if (w == NULL) {
        w = watch_new(l, socket);
    }
    int events = 0;
    events |= (what & CURL_POLL_IN) != 0 ? UV_READABLE : 0;
    events |= (what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0;
    return w != NULL && uv_poll_start(&w->poll, events, on_ready) == 0 ? 0 : -1;
}

/* -- transfers --------------------------------------------------------------
 */

bool curl_loop_add(struct curl_loop *l, CURL *easy)
{
    return curl_multi_add_handle(l->multi, easy) == CURLM_OK;
}

void curl_loop_remove(struct curl_loop *l, CURL *easy)
{
    curl_multi_remove_handle(l->multi, easy);
}

/* -- begin and end ----------------------------------------------------------
 */

enum err curl_loop_open(uv_loop_t *loop,
                        void (*finished)(void *private, CURLcode code),
                        struct curl_loop **ret)
{
    struct curl_loop *l = calloc(1, sizeof *l);
    if (l == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(l);
        return ERR_NO_MEMORY;
    }
    l->multi = curl_multi_init();
    if (l->multi == NULL) {
        free(l);
        return ERR_NO_MEMORY;
    }
    l->loop = loop;
    l->finished = finished;
    uv_timer_init(loop, &l->timer);
    l->timer.data = l;
    curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, on_wish_socket);
    curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l);
    curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_wish_time);
    curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l);
    *ret = l;
    return OK;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct curl_loop *l = handle->data;
    handle->data = NULL;
    try_closed(l);
}

/* The cleanup still gives back sockets of kept connections, hence before the
 * timer. */
void curl_loop_close(struct curl_loop *l, void (*closed)(void *user),
                     void *user)
{
    l->closed = closed;
    l->closed_user = user;
    curl_multi_cleanup(l->multi);
    uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}
