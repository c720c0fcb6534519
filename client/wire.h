/* Bytes out and whole lines in, over a struct bihuan_io. What is to go out
 * gathers until there is enough; lines that have come wait in a queue, because
 * one may have to be read before more can be sent (send returning 0). What went
 * either way is wiped: passwords and tokens. Internal to the library. */
#ifndef BIHUAN_CLIENT_WIRE_H
#define BIHUAN_CLIENT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/bihuan.h"
#include "core/err.h"
#include "proto/line.h"

enum {
    WIRE_BYTES = 65536 /* of one receive, and of what is worth a send */
};

/* A line that has come, without its end. */
struct wire_line {
    struct wire_line *next;
    bool too_long; /* and is gone: len 0 */
    size_t len;
    char text[];
};

/* Big: keep it on the heap. */
struct wire {
    struct bihuan_io io;
    struct line_reader lines;
    char *out;
    size_t out_len;
    size_t out_room;
    struct wire_line *first;
    struct wire_line **last;
    bool lost; /* once and for good */
    char in[WIRE_BYTES];
};

/* *io is copied. */
void wire_init(struct wire *w, const struct bihuan_io *io);
/* Closes the I/O, forgets what waits. */
void wire_done(struct wire *w);

/* NO_MEMORY: nothing was taken. */
enum err wire_queue(struct wire *w, const char *line, size_t len);
/* There is enough to be sent. */
bool wire_full(const struct wire *w);
/* Sends what has gathered; CONNECTION when the connection is lost. */
enum err wire_flush(struct wire *w, struct problem *p);

/* Sends what has gathered and waits for the oldest line; the caller frees it.
 * One that came before the connection was lost is still given; then
 * CONNECTION. */
enum err wire_receive(struct wire *w, struct wire_line **ret,
                      struct problem *p);
void wire_line_free(struct wire_line *l);

/* From now on it is lost: the other side does not keep to the protocol. */
enum err wire_lost(struct wire *w, struct problem *p, const char *detail);

#endif
