/* UTF-8 by the character: RFC 3629, no overlong forms, no surrogates. */
#ifndef BIHUAN_PROTO_UTF8_H
#define BIHUAN_PROTO_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What utf8_next() returns for bytes that are no character. */
#define UTF8_BAD UINT32_MAX

/* The character that begins at text[*at], *at < len; moves *at behind it, or
 * by one byte if it is bad. */
uint32_t utf8_next(const char *text, size_t len, size_t *at);

/* True if all of it is characters. */
bool utf8_ok(const char *text, size_t len);

/* How many of the first `max` bytes make whole characters. */
size_t utf8_cut(const char *text, size_t len, size_t max);

/* A Han character (CJK unified, extensions, compatibility, U+3007). */
bool utf8_is_han(uint32_t c);

/* One that shows nothing, or turns the direction of what follows. */
bool utf8_is_invisible(uint32_t c);

#endif
