/* A growing text of bounded size: see buffer.h. */
#include "daemon/store/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "proto/hex.h"

enum {
    BUFFER_START = 4096,
    BUFFER_KEPT = 1 << 20, /* what stays allocated between records */
};

void buffer_done(struct buffer *b)
{
    free(b->bytes);
    *b = (struct buffer){0};
}

void buffer_clear(struct buffer *b)
{
    if (b->size > BUFFER_KEPT) {
        buffer_done(b);
    }
    b->len = 0;
    b->err = OK;
}

static void grow(struct buffer *b, size_t need)
{
    if (need > RECORD_BYTES_MAX) {
        b->err = ERR_LIMIT;
        return;
    }
    size_t size = b->size == 0 ? BUFFER_START : b->size;
    while (size < need) {
        size *= 2;
    }
    char *bytes = realloc(b->bytes, size);
    if (bytes == NULL) {
        b->err = ERR_NO_MEMORY;
        return;
    }
    b->bytes = bytes;
    b->size = size;
}

void buffer_add(struct buffer *b, const void *bytes, size_t len)
{
    if (b->err == OK && len > b->size - b->len) {
        grow(b, b->len + len);
    }
    if (b->err == OK && len > 0) {
        memcpy(b->bytes + b->len, bytes, len);
        b->len += len;
    }
}

void buffer_text(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}

/* By hand: a record has some forty numbers, and printf took a fifteenth of the
 * whole of a command. */
void buffer_int(struct buffer *b, int64_t number)
{
    char text[24];
    char *end = text + sizeof text;
    char *at = end;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    buffer_add(b, at, (size_t)(end - at));
}

static void json_escape(struct buffer *b, unsigned char c)
{
    if (c == '"' || c == '\\') {
        buffer_add(b, (char[]){'\\', (char)c}, 2);
    } else if (c == '\n') {
        buffer_add(b, "\\n", 2);
    } else {
        char text[] = "\\u0000";
        hex_encode(&c, 1, text + 4);
        buffer_add(b, text, 6);
    }
}

void buffer_json(struct buffer *b, const char *text, size_t len)
{
    buffer_add(b, "\"", 1);
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            buffer_add(b, text + from, i - from);
            json_escape(b, c);
            from = i + 1;
        }
    }
    buffer_add(b, text + from, len - from);
    buffer_add(b, "\"", 1);
}

void buffer_hex(struct buffer *b, const uint8_t *bytes, size_t len)
{
    buffer_add(b, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        char pair[HEX_SIZE(1)];
        hex_encode(bytes + i, 1, pair);
        buffer_add(b, pair, 2);
    }
    buffer_add(b, "\"", 1);
}
