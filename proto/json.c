/* Reading JSON so that what comes back is what was sent, or an error. */
#include "proto/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "proto/json_scan.h"
#include "proto/latch.h"
#include "proto/message.h"
#include "proto/wipe.h"

/* What is said of each fault: what would have been right. */
static void expected_of(enum err err, const struct json_text *source, char *out)
{
    enum {
        SIZE = PROBLEM_TEXT_SIZE
    };
    out[0] = '\0';
    if (err == ERR_TOO_LONG) {
        snprintf(out, SIZE, "at most %zu bytes", source->len_max);
    } else if (err == ERR_TOO_DEEP) {
        snprintf(out, SIZE, "at most %d levels", JSON_DEPTH_MAX);
    } else if (err == ERR_TOO_MANY) {
        snprintf(out, SIZE, "at most %zu values", source->values_max);
    } else if (err == ERR_BAD_UTF8) {
        snprintf(out, SIZE, "UTF-8");
    } else if (err == ERR_NUL_BYTE) {
        snprintf(out, SIZE, "text without NUL");
    } else if (err == ERR_DUPLICATE_KEY) {
        snprintf(out, SIZE, "each name once");
    } else if (err == ERR_NUMBER_RANGE) {
        snprintf(out, SIZE, "an integer of 64 bits, or a finite number");
    } else if (err == ERR_PARSE) {
        snprintf(out, SIZE, "JSON (RFC 8259)");
    }
}

static enum err refused(const struct json_text *source, enum err err,
                        const char *path, size_t at, struct problem *p)
{
    char expected[PROBLEM_TEXT_SIZE];
    char detail[PROBLEM_TEXT_SIZE];
    expected_of(err, source, expected);
    snprintf(detail, sizeof detail, "at byte %zu", at);
    return problem_set(p, err, path, expected, detail);
}

/* -- the parser ------------------------------------------------------------ */

struct feed {
    const char *text;
    size_t len;
    size_t at;
};

/* jansson's buffer is 1024 bytes: so soon after a failed allocation it sees
 * the end of its input. */
static size_t feed_piece(void *buffer, size_t size, void *user)
{
    struct feed *feed = user;
    size_t left = feed->len - feed->at;
    size_t n = latch_tripped() ? 0 : left < size ? left : size;
    memcpy(buffer, feed->text + feed->at, n);
    feed->at += n;
    return n;
}

/* *ret is NULL if the text was refused; NO_MEMORY if it was not read. */
static enum err parse(const struct json_text *source, json_t **ret,
                      json_error_t *error)
{
    struct feed feed = {source->text, source->len, 0};
    enum err err = latch_enter();
    if (err != OK) {
        return err;
    }
    json_t *root = json_load_callback(
        feed_piece, &feed, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, error);
    if (latch_tripped()) {
        json_decref(root);
        root = NULL;
        err = ERR_NO_MEMORY;
    }
    latch_leave();
    wipe_stack();
    *ret = root;
    return err;
}

static enum err err_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return ERR_DUPLICATE_KEY;
    case json_error_numeric_overflow:
        return ERR_NUMBER_RANGE;
    case json_error_null_byte_in_key:
    case json_error_null_character:
        return ERR_NUL_BYTE;
    case json_error_invalid_utf8:
        return ERR_BAD_UTF8;
    case json_error_stack_overflow:
        return ERR_TOO_DEEP;
    case json_error_out_of_memory:
        return ERR_NO_MEMORY;
    default:
        return ERR_PARSE;
    }
}

/* The parser says only at which byte it stopped; what lies before it tells the
 * names on the way there. */
static enum err parser_refused(const struct json_text *source,
                               const json_error_t *error, struct problem *p)
{
    struct json_scan before;
    char path[PROBLEM_PARAM_SIZE] = "";
    enum err err = err_of(error);
    size_t at = error->position < 0 ? 0 : (size_t)error->position;
    if (err != ERR_PARSE && at <= source->len) {
        json_scan_run(&before, source->text, at, source->values_max);
        json_scan_path(&before, err == ERR_DUPLICATE_KEY, path);
    }
    return refused(source, err, path, at, p);
}

/* -- the id of a line that was refused ------------------------------------- */

static bool has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ') {
            return true;
        }
    }
    return false;
}

static json_t *id_text(const char *text, size_t len)
{
    const char *end = memchr(text, '"', len);
    size_t n = end == NULL ? len : (size_t)(end - text);
    if (n > ID_BYTES_MAX || n == len || memchr(text, '\\', n) != NULL ||
        has_control(text, n)) {
        return NULL;
    }
    return json_stringn(text, n);
}

enum {
    DIGITS_MAX = 18
}; /* any such number is an int64 */

static json_t *id_number(const char *text, size_t len)
{
    size_t at = len > 0 && text[0] == '-';
    json_int_t n = 0;
    size_t from = at;
    while (at < len && text[at] >= '0' && text[at] <= '9') {
        if (at - from == DIGITS_MAX) {
            return NULL;
        }
        n = n * 10 + (text[at++] - '0');
    }
    if (at == from || at == len || memchr(" \t\r,}", text[at], 5) == NULL) {
        return NULL;
    }
    return json_integer(from == 0 ? n : -n);
}

static json_t *find_id(const struct json_scan *s)
{
    size_t at = s->id_at;
    while (at < s->len && (s->text[at] == ' ' || s->text[at] == '\t')) {
        at++;
    }
    if (s->ids != 1 || at == s->len) {
        return NULL;
    }
    if (s->text[at] == '"') {
        return id_text(s->text + at + 1, s->len - at - 1);
    }
    return id_number(s->text + at, s->len - at);
}

/* -- both ------------------------------------------------------------------ */

enum err json_read(const struct json_text *source, json_t **ret,
                   json_t **ret_id, struct problem *p)
{
    struct json_scan scan;
    json_error_t error;
    json_t *root = NULL;
    enum err err = OK;

    if (ret_id != NULL) {
        *ret_id = NULL;
    }
    if (source->len > source->len_max) {
        return refused(source, ERR_TOO_LONG, "", source->len, p);
    }
    err = json_scan_run(&scan, source->text, source->len, source->values_max);
    if (err != OK) {
        refused(source, err, scan.path, scan.fault_at, p);
    } else {
        err = parse(source, &root, &error);
        if (err != OK) {
            problem_set(p, err, "", "", "");
        } else if (root == NULL) {
            err = parser_refused(source, &error, p);
        }
    }
    if (err == OK) {
        *ret = root;
    } else if (err != ERR_PARSE && ret_id != NULL) {
        *ret_id = find_id(&scan);
    }
    return err;
}

static struct json_text text_of(const char *text, size_t len)
{
    return (struct json_text){text, len, LINE_BYTES_MAX, JSON_VALUES_MAX};
}

enum err json_scan(const char *text, size_t len, struct problem *p)
{
    struct json_scan scan;
    struct json_text source = text_of(text, len);
    enum err err = json_scan_run(&scan, text, len, JSON_VALUES_MAX);
    return err == OK ? OK : refused(&source, err, scan.path, scan.fault_at, p);
}

enum err json_parse(const char *text, size_t len, json_t **ret,
                    struct problem *p)
{
    struct json_text source = text_of(text, len);
    return json_read(&source, ret, NULL, p);
}
