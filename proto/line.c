/* Framing of lines. */
#include "proto/line.h"

#include <string.h>

#include "proto/wipe.h"

enum {
    ROOM_FIRST = 1024,
    /* An empty reader keeps no more than this: thousands of idle connections
     * must not each hold the longest line they ever sent. */
    ROOM_KEPT = 16384
};

void line_init(struct line_reader *r, size_t max)
{
    *r = (struct line_reader){.max = max};
}

void line_done(struct line_reader *r)
{
    wipe_free(r->bytes, r->len);
    line_init(r, r->max);
}

static void move_to_front(struct line_reader *r)
{
    if (r->start > 0) {
        size_t left = r->len - r->start;
        memmove(r->bytes, r->bytes + r->start, left);
        wipe(r->bytes + left, r->start);
        r->len = left;
        r->scanned -= r->start;
        r->start = 0;
    }
}

static enum err make_room(struct line_reader *r, size_t len)
{
    size_t room = r->room == 0 ? ROOM_FIRST : r->room;
    while (room - r->len < len) {
        room *= 2;
    }
    if (room > r->room) {
        char *bytes = wipe_grow(r->bytes, r->len, room);
        if (bytes == NULL) {
            return ERR_NO_MEMORY;
        }
        r->bytes = bytes;
        r->room = room;
    }
    return OK;
}

enum err line_feed(struct line_reader *r, const char *bytes, size_t len)
{
    if (len == 0) {
        return OK;
    }
    move_to_front(r);
    enum err err = make_room(r, len);
    if (err == OK) {
        memcpy(r->bytes + r->len, bytes, len);
        r->len += len;
    }
    return err;
}

static void forget_empty(struct line_reader *r)
{
    wipe(r->bytes, r->len);
    r->start = 0;
    r->scanned = 0;
    r->len = 0;
    if (r->room > ROOM_KEPT) {
        free(r->bytes); /* wiped */
        r->bytes = NULL;
        r->room = 0;
    }
}

/* No \n in what is left: keep it as a beginning, unless it is too long. */
static enum line_result take_none(struct line_reader *r)
{
    bool too_long = !r->skipping && r->len - r->start > r->max;
    if (too_long) {
        r->skipping = true;
    }
    r->scanned = r->len;
    if (r->skipping || r->start == r->len) {
        forget_empty(r);
    }
    return too_long ? LINE_TOO_LONG : LINE_NONE;
}

enum line_result line_take(struct line_reader *r, const char **ret_line,
                           size_t *ret_len)
{
    for (;;) {
        size_t left = r->len - r->scanned;
        char *from = left == 0 ? NULL : r->bytes + r->scanned;
        char *end = left == 0 ? NULL : memchr(from, '\n', left);
        if (end == NULL) {
            return take_none(r);
        }
        const char *line = r->bytes + r->start;
        size_t len = (size_t)(end - line);
        r->start += len + 1;
        r->scanned = r->start;
        if (r->skipping) {
            r->skipping = false;
            continue;
        }
        if (len > r->max) {
            return LINE_TOO_LONG;
        }
        *ret_line = line;
        *ret_len = len > 0 && line[len - 1] == '\r' ? len - 1 : len;
        return LINE_WHOLE;
    }
}
