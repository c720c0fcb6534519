/* Bytes as text: see base64.h. */
#include "proto/base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *bytes, size_t len, char *out)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t bits = (uint32_t)at[i] << 16;
        bits |= n > 1 ? (uint32_t)at[i + 1] << 8 : 0;
        bits |= n > 2 ? at[i + 2] : 0;
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63U];
        *out++ = '=';
        *out++ = '=';
        if (n > 1) {
            out[-2] = digits[bits >> 6 & 63U];
        }
        if (n > 2) {
            out[-1] = digits[bits & 63U];
        }
    }
    *out = '\0';
}

/* 0..63, or 64 for what is no digit. */
static uint32_t value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (uint32_t)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0') + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* Four characters, the last `pad` of them '='. */
static bool decode_four(const char *text, size_t pad, unsigned char *out)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        uint32_t value = i < 4 - pad ? value_of(text[i]) : 0;
        if (value == 64) {
            return false;
        }
        bits = bits << 6 | value;
    }
    if ((bits & (pad == 2 ? 0xFFFFU : pad == 1 ? 0xFFU : 0)) != 0) {
        return false; /* bits left over */
    }
    for (size_t i = 0; i < 3 - pad; i++) {
        out[i] = (unsigned char)(bits >> (16 - 8 * i));
    }
    return true;
}

bool base64_decode(const char *text, size_t len, void *out, size_t *ret_len)
{
    unsigned char *to = out;
    if (len % 4 != 0) {
        return false;
    }
    size_t pad = 0;
    while (pad < 2 && pad < len && text[len - 1 - pad] == '=') {
        pad++;
    }
    for (size_t i = 0; i < len; i += 4) {
        if (!decode_four(text + i, i + 4 == len ? pad : 0, to + i / 4 * 3)) {
            return false;
        }
    }
    *ret_len = len / 4 * 3 - pad;
    return true;
}
