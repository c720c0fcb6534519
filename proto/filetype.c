/* What a file is: see filetype.h. Each form is told by what its own standard
 * puts at its beginning, and by its end where that shows that it is whole. */
#include "proto/filetype.h"

#include <stdint.h>
#include <string.h>

#include "core/limits.h"
#include "proto/utf8.h"

enum {
    PDF_END_BYTES = 8192, /* some programs add to what they have written */
    EXTENSION_SIZE = 8
};

const char *file_type_name(enum file_type type)
{
    static const char *const names[FILE_TYPE_COUNT] = {
#define X(id, name, extensions) [FILE_TYPE_##id] = (name),
        FILE_TYPE_MAP(X)
#undef X
    };
    return type < FILE_TYPE_COUNT ? names[type] : "";
}

/* -- forms -------------------------------------------------------------------
 */

struct bytes {
    const unsigned char *at;
    size_t len;
};

static bool has(struct bytes b, size_t from, const char *what, size_t n)
{
    return b.len >= from && b.len - from >= n &&
           memcmp(b.at + from, what, n) == 0;
}

/* ISO 32000: the header, and near the end the mark of the end. */
static bool is_pdf(struct bytes b)
{
    if (!has(b, 0, "%PDF-1.", 7) && !has(b, 0, "%PDF-2.", 7)) {
        return false;
    }
    size_t from = b.len > PDF_END_BYTES ? b.len - PDF_END_BYTES : 0;
    for (size_t i = from; i < b.len; i++) {
        if (has(b, i, "%%EOF", 5)) {
            return true;
        }
    }
    return false;
}

/* ITU T.81: start of image, then a segment that lies inside. */
static bool is_jpeg(struct bytes b)
{
    if (!has(b, 0, "\xFF\xD8\xFF", 3) || b.len < 6 || b.at[3] < 0xC0 ||
        b.at[3] == 0xFF || (b.at[3] >= 0xD0 && b.at[3] <= 0xD9)) {
        return false;
    }
    size_t segment = (size_t)b.at[4] << 8 | b.at[5];
    return segment >= 2 && segment <= b.len - 4;
}

/* ISO 15948: the signature, then the header chunk of 13 bytes. */
static bool is_png(struct bytes b)
{
    return has(b, 0, "\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16) && b.len >= 57;
}

/* RFC 9649: RIFF, its size, the first chunk. */
static bool is_webp(struct bytes b)
{
    if (!has(b, 0, "RIFF", 4) || !has(b, 8, "WEBPVP8", 7) || b.len < 20) {
        return false;
    }
    uint64_t size = (uint64_t)b.at[4] | (uint64_t)b.at[5] << 8 |
                    (uint64_t)b.at[6] << 16 | (uint64_t)b.at[7] << 24;
    bool kind = b.at[15] == ' ' || b.at[15] == 'L' || b.at[15] == 'X';
    return kind && size >= 12 && size <= b.len - 8;
}

/* -- text --------------------------------------------------------------------
 */

/* What a text may hold besides characters: tab, line ends, form feed. */
static bool is_text_byte(unsigned char c)
{
    return (c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n' || c == '\r' ||
           c == '\f';
}

static bool is_utf8(struct bytes b)
{
    const char *text = (const char *)b.at;
    for (size_t i = 0; i < b.len;) {
        uint32_t c = utf8_next(text, b.len, &i);
        if (c == UTF8_BAD || (c >= 0x80 && c < 0xA0) ||
            (c < 0x80 && !is_text_byte((unsigned char)c))) {
            return false;
        }
    }
    return true;
}

static bool between(unsigned char c, unsigned low, unsigned high)
{
    return c >= low && c <= high;
}

/* Bytes of the GB18030 character at *at, 0: there is none. */
static size_t gb18030_next(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80) {
        return is_text_byte(at[0]) ? 1 : 0;
    }
    if (left < 2 || !between(at[0], 0x81, 0xFE)) {
        return 0;
    }
    if (between(at[1], 0x40, 0xFE) && at[1] != 0x7F) {
        return 2;
    }
    bool four = left >= 4 && between(at[1], '0', '9') &&
                between(at[2], 0x81, 0xFE) && between(at[3], '0', '9');
    return four ? 4 : 0;
}

static bool is_gb18030(struct bytes b)
{
    for (size_t i = 0; i < b.len;) {
        size_t n = gb18030_next(b.at + i, b.len - i);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return true;
}

enum file_type file_type_of(const void *bytes, size_t len)
{
    struct bytes b = {bytes, len};
    if (len == 0) {
        return FILE_TYPE_COUNT;
    }
    if (has(b, 0, "%PDF-", 5)) { /* half a PDF is not a text */
        return is_pdf(b) ? FILE_TYPE_PDF : FILE_TYPE_COUNT;
    }
    if (is_jpeg(b)) {
        return FILE_TYPE_JPEG;
    }
    if (is_png(b)) {
        return FILE_TYPE_PNG;
    }
    if (is_webp(b)) {
        return FILE_TYPE_WEBP;
    }
    if (has(b, 0, "PK\3\4", 4)) {
        return file_type_of_zip(b.at, b.len);
    }
    return is_utf8(b) || is_gb18030(b) ? FILE_TYPE_TEXT : FILE_TYPE_COUNT;
}

/* -- names -------------------------------------------------------------------
 */

static const char *const extensions[FILE_TYPE_COUNT] = {
#define X(id, name, list) [FILE_TYPE_##id] = (list),
    FILE_TYPE_MAP(X)
#undef X
};

/* The extension in lower case; "" if there is none, or it is none of ours. */
static void extension_of(const char *name, char out[EXTENSION_SIZE])
{
    const char *dot = strrchr(name, '.');
    out[0] = '\0';
    if (dot == NULL || strlen(dot + 1) >= EXTENSION_SIZE) {
        return;
    }
    size_t n = strlen(dot + 1);
    for (size_t i = 0; i <= n; i++) {
        char c = dot[1 + i];
        out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
}

/* Is the word one of those in "a|b"? */
static bool listed(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; len > 0;) {
        size_t n = strcspn(at, "|");
        if (n == len && memcmp(at, word, n) == 0) {
            return true;
        }
        if (at[n] == '\0') {
            break;
        }
        at += n + 1;
    }
    return false;
}

bool file_name_fits(const char *name, enum file_type type)
{
    char extension[EXTENSION_SIZE];
    extension_of(name, extension);
    return type < FILE_TYPE_COUNT && listed(extensions[type], extension);
}

static bool has_known_extension(const char *name)
{
    for (int i = 0; i < FILE_TYPE_COUNT; i++) {
        if (file_name_fits(name, (enum file_type)i)) {
            return true;
        }
    }
    return false;
}

/* What may not stand in a name, written to `fault`; else "" and how many
 * characters it has. */
static void find_fault(const char *name, size_t len,
                       char fault[PROBLEM_TEXT_SIZE], size_t *ret_chars)
{
    char detail[PROBLEM_TEXT_SIZE] = "";
    char number[UTF8_NAME_SIZE];
    size_t chars = 0;
    for (size_t i = 0; detail[0] == '\0' && i < len; chars++) {
        uint32_t c = utf8_next(name, len, &i);
        if (c == '/' || c == '\\') {
            snprintf(detail, sizeof detail, "it has a path in it");
        } else if (!utf8_fits(c, UTF8_LINE)) {
            snprintf(detail, sizeof detail,
                     "the character '%s' may not stand in it",
                     utf8_name(c, number));
        }
    }
    memcpy(fault, detail, sizeof detail);
    *ret_chars = chars;
}

enum err file_name_check(const char *name, size_t len, struct problem *p)
{
    static const char expected[] =
        "a file's name, without a path, of 1 to 120 characters";
    char detail[PROBLEM_TEXT_SIZE];
    size_t chars = 0;
    find_fault(name, len, detail, &chars);
    const char *fault = detail;
    if (detail[0] == '\0' && (chars == 0 || chars > FILE_NAME_CHARS_MAX)) {
        fault = "it is empty or too long";
    } else if (detail[0] == '\0' && (strchr(". ", name[0]) != NULL ||
                                     strchr(". ", name[len - 1]) != NULL)) {
        fault = "it begins or ends with a dot or a blank";
    }
    if (fault[0] != '\0') {
        return problem_set(p, ERR_BAD_PARAM, "name", expected, fault);
    }
    return has_known_extension(name)
               ? OK
               : problem_set(p, ERR_BAD_PARAM, "name", FILE_TYPES_TAKEN,
                             "files of this extension are not taken");
}
