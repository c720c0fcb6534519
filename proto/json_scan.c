/* One pass over a raw JSON text. It knows strings, brackets and runs of other
 * characters; the grammar is the parser's. */
#include "proto/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "proto/utf8.h"

/* Adds a name to a path as far as it fits; returns the path's new length. */
static size_t add_name(const struct json_scan *s, struct json_span span,
                       char out[PROBLEM_PARAM_SIZE], size_t used)
{
    const char *name = s->text + span.at;
    size_t room = PROBLEM_PARAM_SIZE - 1 - used;
    if (span.len == 0 || room < 2) {
        return used;
    }
    if (used > 0) {
        out[used++] = '.';
        room--;
    }
    size_t len = utf8_cut(name, span.len, room);
    memcpy(out + used, name, len);
    return used + len;
}

static bool is_params(const struct json_scan *s)
{
    struct json_span span = s->keys[1];
    return span.len == 6 && memcmp(s->text + span.at, "params", 6) == 0;
}

void json_scan_path(const struct json_scan *s, bool last,
                    char out[PROBLEM_PARAM_SIZE])
{
    int levels = s->depth < JSON_DEPTH_MAX ? s->depth : JSON_DEPTH_MAX;
    bool inside = last || (levels >= 2 && s->keys[2].len > 0);
    size_t used = 0;
    for (int d = inside && is_params(s) ? 2 : 1; d <= levels; d++) {
        used = add_name(s, s->keys[d], out, used);
    }
    if (last) {
        used = add_name(s, s->last, out, used);
    }
    out[used] = '\0';
}

static void fault(struct json_scan *s, enum err err)
{
    if (s->err == OK) {
        s->err = err;
        s->fault_at = s->at;
        json_scan_path(s, false, s->path);
    }
}

static void count_value(struct json_scan *s)
{
    /* a key is a token too, and each has its colon */
    s->tokens++;
    if (s->tokens > s->values_max + s->colons) {
        fault(s, ERR_TOO_MANY);
    }
}

static void open_level(struct json_scan *s)
{
    count_value(s);
    s->depth++;
    if (s->depth > JSON_DEPTH_MAX) {
        fault(s, ERR_TOO_DEEP);
    } else {
        s->keys[s->depth].len = 0;
    }
}

/* The byte at s->at, inside a string or out of place: moves behind it. */
static void scan_char(struct json_scan *s)
{
    size_t next = s->at;
    if (s->text[s->at] == '\0') {
        fault(s, ERR_NUL_BYTE);
    }
    if (utf8_next(s->text, s->len, &next) == UTF8_BAD) {
        fault(s, ERR_BAD_UTF8);
    }
    s->at = next;
}

static void scan_escape(struct json_scan *s)
{
    if (s->len - s->at >= 6 && memcmp(s->text + s->at, "\\u0000", 6) == 0) {
        fault(s, ERR_NUL_BYTE);
    }
    s->at++;
    if (s->at < s->len) {
        scan_char(s);
    }
}

static void scan_string(struct json_scan *s)
{
    count_value(s);
    s->at++;
    s->last = (struct json_span){.at = s->at};
    while (s->at < s->len && s->text[s->at] != '"') {
        if (s->text[s->at] == '\\') {
            scan_escape(s);
        } else {
            scan_char(s);
        }
    }
    s->last.len = s->at - s->last.at;
    if (s->at < s->len) {
        s->at++;
    }
}

static void after_colon(struct json_scan *s)
{
    s->colons++;
    s->at++;
    if (s->depth >= 1 && s->depth <= JSON_DEPTH_MAX) {
        s->keys[s->depth] = s->last;
    }
    if (s->depth == 1 && s->text[0] != '[' && s->last.len == 2 &&
        memcmp(s->text + s->last.at, "id", 2) == 0) {
        s->ids++;
        s->id_at = s->at;
    }
}

/* A number, a word or rubbish, up to where something else can begin. */
static void scan_run(struct json_scan *s)
{
    count_value(s);
    while (s->at < s->len &&
           memchr(" \t\r\n,:{}[]\"", s->text[s->at], 11) == NULL) {
        scan_char(s);
    }
}

static void scan_token(struct json_scan *s)
{
    switch (s->text[s->at]) {
    case '"':
        scan_string(s);
        break;
    case '{':
    case '[':
        open_level(s);
        s->at++;
        break;
    case '}':
    case ']':
        s->depth -= s->depth > 0;
        s->at++;
        break;
    case ':':
        after_colon(s);
        break;
    case ',':
        if (s->depth <= JSON_DEPTH_MAX) {
            s->keys[s->depth].len = 0;
        }
        s->at++;
        break;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        s->at++;
        break;
    default:
        scan_run(s);
        break;
    }
}

enum err json_scan_run(struct json_scan *s, const char *text, size_t len,
                       size_t values_max)
{
    *s = (struct json_scan){
        .text = text, .len = len, .values_max = values_max, .err = OK};
    while (s->at < len) {
        scan_token(s);
    }
    return s->err;
}
