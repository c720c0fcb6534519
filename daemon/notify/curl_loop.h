/* libcurl's multi interface on a libuv loop: curl says which sockets it wants
 * watched and when it wants to be called; what is ready is told to curl, and
 * what curl has finished is told to who added it. Knows nothing of what is
 * sent.
 *
 * All functions belong to the loop's thread. */
#ifndef BIHUAN_DAEMON_NOTIFY_CURL_LOOP_H
#define BIHUAN_DAEMON_NOTIFY_CURL_LOOP_H

#include <curl/curl.h>
#include <stdbool.h>
#include <uv.h>

#include "core/err.h"

struct curl_loop;

/* `finished` is called once for each transfer that has ended by itself, with
 * its CURLOPT_PRIVATE, never from inside curl_loop_add(). It may remove it. */
enum err curl_loop_open(uv_loop_t *loop,
                        void (*finished)(void *private, CURLcode code),
                        struct curl_loop **ret);
/* Begins a transfer; false: no memory. */
bool curl_loop_add(struct curl_loop *l, CURL *easy);
/* Ends it, finished or not. */
void curl_loop_remove(struct curl_loop *l, CURL *easy);
/* Expects no transfer; frees itself, then calls `closed`. */
void curl_loop_close(struct curl_loop *l, void (*closed)(void *user),
                     void *user);

#endif
