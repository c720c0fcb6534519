/* UTF-8 by the character. */
#include "proto/utf8.h"

#include <stdio.h>

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

/* -- what may stand where ---------------------------------------------------
 */

struct span {
    uint32_t first;
    uint32_t last;
};

static bool listed(uint32_t c, const struct span *spans, size_t n)
{
    for (size_t i = 0; i < n && spans[i].first <= c; i++) {
        if (c <= spans[i].last) {
            return true;
        }
    }
    return false;
}

#define LISTED(c, spans) listed(c, spans, sizeof(spans) / sizeof((spans)[0]))

bool utf8_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == UTF8_BAD;
}

/* FDD0 to FDEF, and the last two of each plane. */
static bool is_nonchar(uint32_t c)
{
    return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFEU) == 0xFFFE;
}

/* Cf, Default_Ignorable_Code_Point, Zl, Zp of the Unicode Character Database,
 * joined where they touch; without the variation selectors 180B-180D, 180F,
 * FE00-FE0F, E0100-E01EF. In order. */
static const struct span invisible[] = {
    {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
    {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},
    {0x890, 0x891},     {0x8E2, 0x8E2},     {0x115F, 0x1160},
    {0x17B4, 0x17B5},   {0x180E, 0x180E},   {0x200B, 0x200F},
    {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE00FF},
    {0xE01F0, 0xE0FFF},
};

/* Embeddings and overrides, isolates, annotations, tags. */
static const struct span misleading[] = {
    {0x202A, 0x202E},   {0x2066, 0x2069},   {0xFFF9, 0xFFFB},
    {0xE0000, 0xE00FF}, {0xE01F0, 0xE0FFF},
};

static const struct span blanks[] = {
    {' ', ' '},       {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x202F, 0x202F}, {0x205F, 0x205F}, {0x2800, 0x2800}, {0x3000, 0x3000},
};

bool utf8_is_invisible(uint32_t c)
{
    return LISTED(c, invisible) || (c != UTF8_BAD && is_nonchar(c));
}

bool utf8_is_blank(uint32_t c)
{
    return LISTED(c, blanks);
}

bool utf8_fits(uint32_t c, enum utf8_use use)
{
    if (use == UTF8_LINE) {
        return !utf8_is_control(c) && !utf8_is_invisible(c);
    }
    return c == '\n' || c == '\t' ||
           (!utf8_is_control(c) && !LISTED(c, misleading) && !is_nonchar(c));
}

bool utf8_find_unfit(const char *text, size_t len, enum utf8_use use,
                     uint32_t *ret)
{
    for (size_t i = 0; i < len;) {
        uint32_t c = utf8_next(text, len, &i);
        if (!utf8_fits(c, use)) {
            *ret = c;
            return true;
        }
    }
    return false;
}

const char *utf8_name(uint32_t c, char out[UTF8_NAME_SIZE])
{
    if (c == UTF8_BAD) {
        snprintf(out, UTF8_NAME_SIZE, "a bad byte");
    } else {
        snprintf(out, UTF8_NAME_SIZE, "U+%04X", (unsigned)c);
    }
    return out;
}
