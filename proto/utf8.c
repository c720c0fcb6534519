/* UTF-8 by the character. */
#include "proto/utf8.h"

/* The bytes of a sequence by its first byte, and the least character that may
 * be written so long. */
static size_t sequence(unsigned char first, uint32_t *least)
{
    if (first >= 0xC2 && first <= 0xDF) {
        *least = 0x80;
        return 2;
    }
    if ((first & 0xF0U) == 0xE0) {
        *least = 0x800;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *least = 0x10000;
        return 4;
    }
    return 0;
}

uint32_t utf8_next(const char *text, size_t len, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text + *at;
    uint32_t least = 0;
    if (bytes[0] < 0x80) {
        *at += 1;
        return bytes[0];
    }
    size_t n = sequence(bytes[0], &least);
    if (n == 0 || n > len - *at) {
        *at += 1;
        return UTF8_BAD;
    }
    uint32_t c = bytes[0] & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((bytes[i] & 0xC0U) != 0x80) {
            *at += 1;
            return UTF8_BAD;
        }
        c = c << 6 | (bytes[i] & 0x3FU);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        *at += 1;
        return UTF8_BAD;
    }
    *at += n;
    return c;
}

bool utf8_ok(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (utf8_next(text, len, &i) == UTF8_BAD) {
            return false;
        }
    }
    return true;
}

size_t utf8_cut(const char *text, size_t len, size_t max)
{
    size_t cut = len < max ? len : max;
    while (cut > 0 && cut < len && ((unsigned char)text[cut] & 0xC0U) == 0x80) {
        cut--;
    }
    return cut;
}

bool utf8_is_han(uint32_t c)
{
    return c == 0x3007 || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x323AF);
}

bool utf8_is_invisible(uint32_t c)
{
    return c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
           c == 0xFEFF;
}
