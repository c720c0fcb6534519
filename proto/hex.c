/* Bytes as digits: see hex.h. */
#include "proto/hex.h"

static const char digits[] = "0123456789abcdef";

void hex_encode(const void *bytes, size_t len, char *out)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i++) {
        *out++ = digits[at[i] >> 4];
        *out++ = digits[at[i] & 15U];
    }
    *out = '\0';
}

static int value_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(const char *text, size_t len, void *out)
{
    unsigned char *to = out;
    for (size_t i = 0; i + 1 < len; i += 2) {
        int high = value_of(text[i]);
        int low = value_of(text[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        to[i / 2] = (unsigned char)(high << 4 | low);
    }
    return len % 2 == 0;
}
