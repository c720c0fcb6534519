/* See wire.h. */
#include "client/wire.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "proto/wipe.h"

void wire_init(struct wire *w, const struct bihuan_io *io)
{
    memset(w, 0, sizeof *w);
    w->io = *io;
    line_init(&w->lines, REPLY_BYTES_MAX);
    w->last = &w->first;
}

void wire_line_free(struct wire_line *l)
{
    wipe_free(l, sizeof *l + l->len);
}

enum err wire_lost(struct wire *w, struct problem *p, const char *detail)
{
    w->lost = true;
    return problem_set(p, ERR_CONNECTION, "", "", detail);
}

/* -- in ------------------------------------------------------------------- */

static enum err keep_line(struct wire *w, const char *line, size_t len)
{
    size_t bytes = line == NULL ? 0 : len;
    struct wire_line *l = malloc(sizeof *l + bytes);
    if (l == NULL) {
        return ERR_NO_MEMORY;
    }
    l->next = NULL;
    l->too_long = line == NULL;
    l->len = bytes;
    if (bytes > 0) {
        memcpy(l->text, line, bytes);
    }
    *w->last = l;
    w->last = &l->next;
    return OK;
}

static enum err keep_lines(struct wire *w)
{
    const char *line;
    size_t len;
    for (;;) {
        switch (line_take(&w->lines, &line, &len)) {
        case LINE_NONE:
            return OK;
        case LINE_TOO_LONG:
            line = NULL;
            break;
        case LINE_WHOLE:
            break;
        }
        enum err err = keep_line(w, line, len);
        if (err != OK) {
            return err;
        }
    }
}

/* Waits for bytes and takes in the whole lines among them. Bytes that cannot
 * be kept are bytes lost, so no memory ends the connection. */
static enum err read_some(struct wire *w, struct problem *p)
{
    ptrdiff_t n = w->io.recv(w->io.user, w->in, sizeof w->in);
    if (n == 0) {
        return wire_lost(w, p, "the server closed the connection");
    }
    if (n < 0 || (size_t)n > sizeof w->in) {
        return wire_lost(w, p, "the connection broke while receiving");
    }
    bool kept =
        line_feed(&w->lines, w->in, (size_t)n) == OK && keep_lines(w) == OK;
    wipe(w->in, (size_t)n);
    return kept ? OK : wire_lost(w, p, "no memory for the answer");
}

static struct wire_line *take_first(struct wire *w)
{
    struct wire_line *l = w->first;
    if (l != NULL) {
        w->first = l->next;
        if (w->first == NULL) {
            w->last = &w->first;
        }
    }
    return l;
}

void wire_done(struct wire *w)
{
    if (w->io.close != NULL) {
        w->io.close(w->io.user);
    }
    for (struct wire_line *l = take_first(w); l != NULL; l = take_first(w)) {
        wire_line_free(l);
    }
    line_done(&w->lines);
    wipe_free(w->out, w->out_len);
}

/* -- out ------------------------------------------------------------------ */

static enum err send_all(struct wire *w, struct problem *p)
{
    size_t sent = 0;
    enum err err = OK;
    while (err == OK && sent < w->out_len) {
        size_t left = w->out_len - sent;
        ptrdiff_t n = w->io.send(w->io.user, w->out + sent, left);
        if (n > 0 && (size_t)n <= left) {
            sent += (size_t)n;
        } else if (n == 0) {
            err = read_some(w, p);
        } else {
            err = wire_lost(w, p, "the connection broke while sending");
        }
    }
    wipe(w->out, w->out_len); /* passwords and tokens */
    w->out_len = 0;
    return err;
}

enum err wire_flush(struct wire *w, struct problem *p)
{
    return w->lost ? wire_lost(w, p, "the connection was lost before")
                   : send_all(w, p);
}

enum err wire_queue(struct wire *w, const char *line, size_t len)
{
    if (w->out_len + len > w->out_room) {
        size_t room = w->out_len + len + WIRE_BYTES;
        char *out = wipe_grow(w->out, w->out_len, room);
        if (out == NULL) {
            return ERR_NO_MEMORY;
        }
        w->out = out;
        w->out_room = room;
    }
    memcpy(w->out + w->out_len, line, len);
    w->out_len += len;
    return OK;
}

bool wire_full(const struct wire *w)
{
    return w->out_len >= WIRE_BYTES;
}

enum err wire_receive(struct wire *w, struct wire_line **ret, struct problem *p)
{
    enum err err = wire_flush(w, p);
    while (err == OK && w->first == NULL) {
        err = read_some(w, p);
    }
    *ret = take_first(w);
    return *ret == NULL ? err : OK;
}
