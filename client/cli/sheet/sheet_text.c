/* Which encoding a text file has. A byte order mark says it; without one a file
 * that is UTF-8 throughout is UTF-8 (GB18030 hardly ever is by chance), and any
 * other is GB18030. Nearly UTF-8 is a broken file, not GB18030: read as that it
 * would be another text. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"
#include "proto/utf8.h"

/* The line in which the byte stands. */
static long line_of(const char *bytes, size_t at)
{
    long line = 1;
    for (size_t i = 0; i < at; i++) {
        bool alone = bytes[i] == '\r' && (i + 1 == at || bytes[i + 1] != '\n');
        line += bytes[i] == '\n' || alone ? 1 : 0;
    }
    return line;
}

static enum err no_encoding(const char *bytes, size_t at, struct problem *p)
{
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail,
                   "line %ld is neither UTF-8 nor GB18030", line_of(bytes, at));
    return problem_set(p, ERR_BAD_UTF8, "file",
                       "a file saved as 'CSV UTF-8' or in GB18030", detail);
}

/* How many characters of several bytes there are, and how many bytes are none;
 * *ret_bad is where the first of these stands. */
static void weigh(const char *bytes, size_t len, size_t *ret_good,
                  size_t *ret_wrong, size_t *ret_bad)
{
    *ret_good = 0;
    *ret_wrong = 0;
    *ret_bad = len;
    for (size_t at = 0; at < len;) {
        size_t before = at;
        uint32_t c = utf8_next(bytes, len, &at);
        if (c == UTF8_BAD) {
            *ret_bad = *ret_wrong == 0 ? before : *ret_bad;
            (*ret_wrong)++;
        } else if (c >= 0x80) {
            (*ret_good)++;
        }
    }
}

static enum err no_nul(const char *text, size_t len, struct problem *p)
{
    const char *nul = memchr(text, '\0', len);
    char detail[PROBLEM_TEXT_SIZE];
    if (nul == NULL) {
        return OK;
    }
    (void)snprintf(detail, sizeof detail, "line %ld",
                   line_of(text, (size_t)(nul - text)));
    return problem_set(p, ERR_NUL_BYTE, "file",
                       "a CSV or XLSX file with one row a line", detail);
}

static enum err take_utf8(const char *bytes, size_t len, char **ret,
                          size_t *ret_len, struct problem *p)
{
    size_t at = 0;
    while (at < len) {
        size_t before = at;
        if (utf8_next(bytes, len, &at) == UTF8_BAD) {
            return no_encoding(bytes, before, p);
        }
    }
    enum err err = no_nul(bytes, len, p);
    if (err != OK) {
        return err;
    }
    char *text = must_alloc(len + 1);
    memcpy(text, bytes, len);
    text[len] = '\0';
    *ret = text;
    *ret_len = len;
    return OK;
}

/* No character of these encodings becomes more than twice as long. */
static enum err convert(const char *from, const char *bytes, size_t len,
                        char **ret, size_t *ret_len, struct problem *p)
{
    iconv_t way = iconv_open("UTF-8", from);
    if (way == (iconv_t)-1) {
        return problem_set(p, ERR_UNSUPPORTED, "file",
                           "a file saved as 'CSV UTF-8'",
                           "this system cannot convert the file's encoding");
    }
    char *in = (char *)(uintptr_t)bytes; /* iconv only reads there */
    size_t in_left = len;
    size_t room = 2 * len + 16;
    char *text = must_alloc(room);
    char *out = text;
    size_t out_left = room;
    size_t status = iconv(way, &in, &in_left, &out, &out_left);
    (void)iconv_close(way);
    enum err err = status == (size_t)-1 || in_left > 0
                       ? no_encoding(bytes, len - in_left, p)
                       : no_nul(text, room - out_left, p);
    if (err != OK) {
        free(text);
        return err;
    }
    *ret = text;
    *ret_len = room - out_left;
    return OK;
}

static bool begins(const char *bytes, size_t len, const char *mark, size_t n)
{
    return len >= n && memcmp(bytes, mark, n) == 0;
}

enum err sheet_decode(const char *bytes, size_t len, char **ret,
                      size_t *ret_len, struct problem *p)
{
    size_t good;
    size_t wrong;
    size_t bad;
    if (begins(bytes, len, "\xEF\xBB\xBF", 3)) {
        return take_utf8(bytes + 3, len - 3, ret, ret_len, p);
    }
    if (begins(bytes, len, "\xFF\xFE", 2)) { /* Excel's "Unicode text" */
        return convert("UTF-16LE", bytes + 2, len - 2, ret, ret_len, p);
    }
    if (begins(bytes, len, "\xFE\xFF", 2)) {
        return convert("UTF-16BE", bytes + 2, len - 2, ret, ret_len, p);
    }
    weigh(bytes, len, &good, &wrong, &bad);
    if (wrong == 0) {
        return take_utf8(bytes, len, ret, ret_len, p);
    }
    if (good > 2 * wrong) {
        return no_encoding(bytes, bad, p);
    }
    return convert("GB18030", bytes, len, ret, ret_len, p);
}
