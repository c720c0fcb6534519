/* The unified social credit code of GB 32100-2015: 18 characters of a 31-letter
 * alphabet. Characters 9 to 17 are an organisation code (GB 11714) with a check
 * character of its own; the 18th checks all before it. */
#include "proto/command.h"

#include <string.h>

enum {
    CREDIT_LEN = 18,
    ORGANISATION_FROM = 8, /* index of its first of 8 characters */
    ORGANISATION_CHECK = 16
};

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* Full-width forms U+FF01..U+FF5E stand for ASCII 0x21..0x7E. Reads one
 * character at *at and moves on; 0 for a blank, -1 for anything that cannot be
 * part of a code. */
static int next_char(const unsigned char *text, size_t len, size_t *at)
{
    unsigned char c = text[*at];
    if (c < 0x80) {
        *at += 1;
        /* pasted from a table, a code brings tabs and line ends along */
        return c == ' ' || (c >= '\t' && c <= '\r') ? 0 : c;
    }
    if (c == 0xC2 && len - *at >= 2 && text[*at + 1] == 0xA0) {
        *at += 2; /* no-break space */
        return 0;
    }
    if (len - *at < 3) {
        return -1;
    }
    unsigned wide = (unsigned)(c & 0x0FU) << 12 |
                    (unsigned)(text[*at + 1] & 0x3FU) << 6 |
                    (unsigned)(text[*at + 2] & 0x3FU);
    *at += 3;
    if (c == 0xE3 && wide == 0x3000) {
        return 0;
    }
    if (c == 0xEF && wide >= 0xFF01 && wide <= 0xFF5E) {
        return (int)(wide - 0xFF00 + 0x20);
    }
    return -1;
}

static bool normalise(const char *text, size_t len, char out[CODE_SIZE])
{
    size_t at = 0;
    int n = 0;
    while (at < len) {
        int c = next_char((const unsigned char *)text, len, &at);
        if (c == 0) {
            continue;
        }
        if (c >= 'a' && c <= 'z') {
            c += 'A' - 'a';
        }
        if (c < 0 || n == CREDIT_LEN || strchr(alphabet, c) == NULL) {
            return false;
        }
        out[n++] = (char)c;
    }
    out[n] = '\0';
    return n == CREDIT_LEN;
}

/* The last character: weights 3^i mod 31, and the sum with it is 0 mod 31. */
static bool whole_agrees(const char code[CODE_SIZE])
{
    int weight = 1;
    int sum = 0;
    for (int i = 0; i < CREDIT_LEN; i++) {
        sum += (int)(strchr(alphabet, code[i]) - alphabet) * weight % 31;
        weight = i == CREDIT_LEN - 2 ? 1 : weight * 3 % 31;
    }
    return sum % 31 == 0;
}

/* GB 11714: letters count from A = 10 with none left out. */
static bool organisation_agrees(const char code[CODE_SIZE])
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        char c = code[ORGANISATION_FROM + i];
        sum += weights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
    }
    int check = 11 - sum % 11;
    char want = check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
    return code[ORGANISATION_CHECK] == want;
}

enum err credit_code_check(const char *text, size_t len, char out[CODE_SIZE],
                           bool *ret_valid)
{
    char code[CODE_SIZE];
    if (!normalise(text, len, code)) {
        return ERR_BAD_CODE;
    }
    memcpy(out, code, CREDIT_LEN + 1);
    *ret_valid = whole_agrees(code) && organisation_agrees(code);
    return OK;
}
