/* Framing: bytes come in any pieces, whole lines go out. Pure and incremental;
 * holds at most LINE_BYTES_MAX bytes. A line that is too long is swallowed up
 * to its end and reported once, so that the connection lives on. */
#ifndef BIHUAN_PROTO_LINE_H
#define BIHUAN_PROTO_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

struct line_reader {
    char *bytes; /* heap, grows up to the limit */
    size_t len;
    size_t room;
    size_t scanned;
    size_t max;
    bool skipping; /* inside a line that was too long */
};

void line_init(struct line_reader *r, size_t max);
void line_done(struct line_reader *r);

enum line_result {
    LINE_NONE,     /* no whole line yet */
    LINE_WHOLE,    /* *ret_line, *ret_len: without \n and one \r before it */
    LINE_TOO_LONG, /* one line was over the limit and is gone */
};

/* Adds bytes. ERR_NO_MEMORY leaves the reader as it was. */
enum err line_feed(struct line_reader *r, const char *bytes, size_t len);
/* Takes the next line; it stays valid until the next feed or take. */
enum line_result line_take(struct line_reader *r, const char **ret_line,
                           size_t *ret_len);

#endif
