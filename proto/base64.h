/* Bytes as text (RFC 4648 section 4): how a file travels in a line. */
#ifndef BIHUAN_PROTO_BASE64_H
#define BIHUAN_PROTO_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters for so many bytes, without a NUL. */
#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* Writes BASE64_LEN(len) characters and a NUL. */
void base64_encode(const void *bytes, size_t len, char *out);

/* The one form that base64_encode() gives: padded, no blanks, no bits left
 * over. `out` has room for len / 4 * 3 bytes. False: it is not that form. */
bool base64_decode(const char *text, size_t len, void *out, size_t *ret_len);

#endif
