/* Framing: bytes come in any pieces, whole lines go out. Pure and incremental.
 * A line that is too long is reported once, as soon as that is known, and
 * swallowed up to its end, so that the connection lives on.
 *
 * Holds the lines not yet taken and at most `max` bytes of an unfinished one:
 * who takes until LINE_NONE before feeding again bounds it by max and one
 * feed. What lines come out does not depend on how the bytes were cut. A line
 * may hold a password: it is wiped when all that came is taken, or else by the
 * next feed. */
#ifndef BIHUAN_PROTO_LINE_H
#define BIHUAN_PROTO_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

struct line_reader {
    char *bytes; /* heap; given back when it is large and empty */
    size_t room;
    size_t start;   /* of the first line not yet taken */
    size_t scanned; /* there is no \n in start..scanned */
    size_t len;
    size_t max;
    bool skipping; /* inside a line that was too long */
};

void line_init(struct line_reader *r, size_t max);
void line_done(struct line_reader *r);

enum line_result {
    LINE_NONE,     /* no whole line yet */
    LINE_WHOLE,    /* *ret_line, *ret_len: without \n and one \r before it */
    LINE_TOO_LONG, /* one line has more than max bytes before its \n */
};

/* Adds bytes. ERR_NO_MEMORY leaves the reader as it was. */
enum err line_feed(struct line_reader *r, const char *bytes, size_t len);
/* Takes the next line; it stays valid until the next feed or take. */
enum line_result line_take(struct line_reader *r, const char **ret_line,
                           size_t *ret_len);
#endif
