/* See register_text.h. Tables come with blanks to fill names up, and with what
 * a Chinese keyboard writes for letters and digits. */
#include "client/cli/commands/register/register_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/arguments/typed.h"
#include "client/cli/files/file.h"
#include "proto/utf8.h"

static bool is_blank(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0x3000 || c == 0xFEFF ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069);
}

/* A copy without blanks; with `inner` one stays between two words of letters.
 */
static char *without_blanks(const char *text, bool inner)
{
    size_t len = strlen(text);
    char *out = must_alloc(len + 2);
    size_t to = 0;
    bool gap = false;
    bool wide = true; /* the last character that was put */
    for (size_t at = 0; at < len;) {
        size_t from = at;
        uint32_t c = utf8_next(text, len, &at);
        if (is_blank(c)) {
            gap = to > 0;
            continue;
        }
        if (gap && inner && !wide && c < 0x80) {
            out[to++] = ' ';
        }
        gap = false;
        wide = c >= 0x80;
        memcpy(out + to, text + from, at - from);
        to += at - from;
    }
    out[to] = '\0';
    return out;
}

/* Full-width letters and digits of a name as ASCII; its brackets stay. */
static char *half_width(const char *text)
{
    size_t size = strlen(text) + 1;
    char *out = must_alloc(size);
    size_t to = 0;
    for (size_t at = 0; at + 1 < size;) {
        size_t from = at;
        uint32_t c = utf8_next(text, size - 1, &at);
        uint32_t plain = c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : 0;
        bool sign = plain < '0' || (plain > '9' && plain < 'A') ||
                    (plain > 'Z' && plain < 'a') || plain > 'z';
        if (plain != 0 && !sign) {
            out[to++] = (char)plain;
        } else {
            memcpy(out + to, text + from, at - from);
            to += at - from;
        }
    }
    out[to] = '\0';
    return out;
}

char *text_code(const char *text)
{
    char *plain = typed_plain(text);
    if (plain == NULL) {
        return must_alloc(0); /* ends the program */
    }
    char *out = without_blanks(plain, false);
    free(plain);
    return out;
}

char *text_name(const char *text)
{
    char *plain = half_width(text);
    char *out = without_blanks(plain, true);
    free(plain);
    return out;
}

char *text_folded(const char *text)
{
    char *out = text_code(text);
    for (char *at = out; *at != '\0'; at++) {
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    }
    return out;
}

int text_place(const char *list, const char *text)
{
    size_t len = strlen(text);
    int place = 0;
    for (const char *at = list; at != NULL && len > 0; place++) {
        size_t n = strcspn(at, "|");
        if (n == len && memcmp(at, text, len) == 0) {
            return place;
        }
        at = at[n] == '|' ? at + n + 1 : NULL;
    }
    return -1;
}
