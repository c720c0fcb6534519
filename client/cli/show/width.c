/* Widths are wcwidth()'s. The characters on which terminals disagree (curly
 * quotes, dashes, dots, circled numbers) are simply not used by our own words.
 */
#include "client/cli/show/width.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "client/cli/files/file.h"
#include "proto/utf8.h"

/* Declared here because glibc shows it only to who asks for all of X/Open,
 * and the first header is force-included before anyone can ask. */
int wcwidth(wchar_t c);

/* Without a usable locale wcwidth() knows ASCII only; what is not ASCII here
 * is Chinese. */
static int char_width(uint32_t c)
{
    int width = c == UTF8_BAD ? 1 : wcwidth((wchar_t)c);
    if (width < 0) {
        width = c < 0x1100 ? 0 : 2;
    }
    return width;
}

size_t text_fit(const char *text, int columns, int *ret_width)
{
    size_t len = strlen(text);
    size_t at = 0;
    int width = 0;
    while (at < len) {
        size_t next = at;
        int more = char_width(utf8_next(text, len, &next));
        if (width > columns - more) {
            break;
        }
        width += more;
        at = next;
    }
    *ret_width = width;
    return at;
}

int text_width(const char *text)
{
    int width;
    (void)text_fit(text, INT_MAX / 2, &width);
    return width;
}

size_t text_line(const char *text, int columns)
{
    int width;
    size_t len = text_fit(text, columns, &width);
    if (text[len] == '\0') {
        return len;
    }
    if (len == 0) {
        return strlen(text);
    }
    size_t blank = 0;
    for (size_t at = len; at > len / 2; at--) {
        if (text[at] == ' ' && text[at + 1] == ' ') {
            return at;
        }
        blank = blank == 0 && text[at] == ' ' ? at : blank;
    }
    return blank == 0 ? len : blank;
}

/* Joiners make emoji and are part of some scripts. */
static bool disguises(uint32_t c)
{
    return utf8_is_invisible(c) && c != 0x200C && c != 0x200D;
}

char *text_clean(const char *text, bool keep_lines)
{
    size_t len = strlen(text);
    /* the longest for its bytes is <U+00AD> for two */
    char *clean = must_alloc(4 * len + 1);
    size_t to = 0;
    for (size_t at = 0; at < len;) {
        char name[UTF8_NAME_SIZE];
        size_t next = at;
        uint32_t c = utf8_next(text, len, &next);
        if (c == UTF8_BAD) {
            clean[to++] = '?';
        } else if (utf8_is_control(c) && !(keep_lines && c == '\n')) {
            clean[to++] = ' ';
        } else if (disguises(c)) {
            to += (size_t)snprintf(clean + to, 4 * len + 1 - to, "<%s>",
                                   utf8_name(c, name));
        } else {
            memcpy(clean + to, text + at, next - at);
            to += next - at;
        }
        at = next;
    }
    clean[to] = '\0';
    return clean;
}
