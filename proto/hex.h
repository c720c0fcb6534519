/* Bytes as digits (RFC 4648 section 8, but in small letters): hashes and
 * identifiers that people compare, and bytes in the journal. */
#ifndef BIHUAN_PROTO_HEX_H
#define BIHUAN_PROTO_HEX_H

#include <stdbool.h>
#include <stddef.h>

/* Room for so many bytes as text, with its NUL. */
#define HEX_SIZE(n) (2 * (n) + 1)

/* Writes two digits a byte and a NUL: HEX_SIZE(len) characters. */
void hex_encode(const void *bytes, size_t len, char *out);

/* The one form that hex_encode() gives: capital letters are refused, and a
 * digit left over. `out` has room for len / 2 bytes and may be where the text
 * is. False: it is not that form, and what `out` holds means nothing. */
bool hex_decode(const char *text, size_t len, void *out);

#endif
