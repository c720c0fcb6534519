/* The engine: takes parsed requests, gathers writes into batches, runs one
 * batch at a time on the writer thread, answers after the commit and in the
 * order of each connection's requests; runs reads on read-only handles in
 * libuv's pool; keeps the one timer for all deadlines.
 *
 *   session -> engine_submit -> [batch | read] -> done callback on the loop
 */
#ifndef BIHUAN_DAEMON_ENGINE_H
#define BIHUAN_DAEMON_ENGINE_H

#include <uv.h>

#include "core/err.h"
#include "daemon/call.h"
#include "proto/message.h"

struct engine;

/* The clock port: seconds since 1970; a simulator gives its own. */
typedef instant (*clock_now)(void *user);

struct engine_config {
    const char *data; /* folder, or ":memory:" for tests */
    clock_now now;    /* NULL: the system's, never going back */
    void *now_user;
};

enum err engine_open(uv_loop_t *loop, const struct engine_config *config,
                     struct engine **ret, struct problem *p);
/* Stops taking work, lets the running batch finish, then calls done. */
void engine_close(struct engine *e, void (*done)(void *), void *user);

/* A request in the engine's hands. The session owns it until done is called;
 * replies of one session are delivered in the order of submission. */
struct job {
    struct request request;
    int64_t session;     /* which connection: ordering and read-your-writes */
    void (*done)(struct job *job); /* on the loop, after the commit */
    void *user;
    /* filled before done: */
    enum err err;
    json_t *result;      /* on OK; the session takes it */
    char *kept;          /* instead of result: first answer of a repeated key */
    int64_t seq;         /* -1 for reads */
    struct problem problem;
    struct job *next;    /* the engine's */
};
void engine_submit(struct engine *e, struct job *job);

#endif
