/* A growing text of bounded size, for journal records and SQL: appends never
 * fail one by one; whoever is done asks once whether all of it is there. */
#ifndef BIHUAN_STORE_BUFFER_H
#define BIHUAN_STORE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

struct buffer {
    char *bytes; /* not NUL-ended */
    size_t len;
    size_t size;
    enum err err; /* NO_MEMORY or LIMIT, once an append has failed */
};

void buffer_done(struct buffer *b);
/* Empties it and forgives; a very large block is given back. */
void buffer_clear(struct buffer *b);
void buffer_add(struct buffer *b, const void *bytes, size_t len);
void buffer_text(struct buffer *b, const char *text);
void buffer_int(struct buffer *b, int64_t number);
/* A JSON string in quotes: what JSON wants escaped is escaped, all else stands
 * as it is (valid UTF-8 is the caller's promise). */
void buffer_json(struct buffer *b, const char *text, size_t len);
/* A JSON string of hexadecimal digits. */
void buffer_hex(struct buffer *b, const uint8_t *bytes, size_t len);

#endif
