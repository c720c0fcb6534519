/* A line is built whole and written once, so that the lines of two threads
 * never mix. */
#include "daemon/log.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/instant.h"
#include "proto/utf8.h"

enum {
    LINE_SIZE = 4096,           /* PIPE_BUF: one write to a pipe stays whole */
    VALUE_BYTES = 700,          /* of one field, escapes counted */
    ESCAPE_BYTES = 12,          /* the longest escape: a pair of surrogates */
    BODY_BYTES = LINE_SIZE - 64 /* what closes a line always has room */
};

static enum log_format log_format = LOG_FORMAT_TEXT;
static _Atomic int log_level = LOG_PRIORITY_INFO;

struct line {
    char text[LINE_SIZE];
    size_t len;
};

void log_set_format(enum log_format format)
{
    log_format = format;
}

void log_set_level(enum log_priority priority)
{
    atomic_store(&log_level, (int)priority);
}

/* -- characters -------------------------------------------------------------
 */

/* Characters that are not seen or that change how others are seen: the controls
 * beyond ASCII, soft hyphen, marks and overrides of direction, zero width,
 * separators of lines, tags. */
static bool is_hidden(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0x7f, 0x9f},     {0xad, 0xad},      {0x61c, 0x61c},   {0x180e, 0x180e},
        {0x200b, 0x200f}, {0x2028, 0x202e},  {0x2060, 0x206f}, {0xfeff, 0xfeff},
        {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

/* Ours: never escaped. */
static void add_plain(struct line *l, const char *text)
{
    size_t len = strlen(text);
    if (len < LINE_SIZE - 1 - l->len) {
        memcpy(l->text + l->len, text, len);
        l->len += len;
    }
}

/* JSON has no \x; beyond the first plane it wants two halves. */
static void add_escape(struct line *l, uint32_t c)
{
    char out[2 * ESCAPE_BYTES];
    if (log_format == LOG_FORMAT_TEXT) {
        snprintf(out, sizeof out, c < 0x100 ? "\\x%02x" : "\\u{%x}",
                 (unsigned)c);
    } else if (c < 0x10000) {
        snprintf(out, sizeof out, "\\u%04x", (unsigned)c);
    } else {
        snprintf(out, sizeof out, "\\u%04x\\u%04x",
                 (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
                 (unsigned)(0xdc00 + (c & 0x3ff)));
    }
    add_plain(l, out);
}

/* A byte that is no character: itself in the text, in JSON what stands for it.
 */
static void add_broken(struct line *l, unsigned char byte)
{
    add_escape(l, log_format == LOG_FORMAT_TEXT ? byte : 0xfffd);
}

static void add_character(struct line *l, const char *text, size_t len,
                          uint32_t c)
{
    if (c == '\\') {
        add_plain(l, "\\\\");
    } else if (c == '"' && log_format == LOG_FORMAT_JSON) {
        add_plain(l, "\\\"");
    } else if (c < 0x20 || is_hidden(c)) {
        add_escape(l, c);
    } else {
        memcpy(l->text + l->len, text, len);
        l->len += len;
    }
}

/* Somebody's text, at most VALUE_BYTES of it. */
static void add(struct line *l, const char *text)
{
    size_t len = strlen(text);
    size_t at = 0;
    size_t end =
        l->len + VALUE_BYTES < BODY_BYTES ? l->len + VALUE_BYTES : BODY_BYTES;
    while (at < len) {
        if (l->len + ESCAPE_BYTES + 3 > end) {
            add_plain(l, "...");
            return;
        }
        size_t start = at;
        uint32_t c = utf8_next(text, len, &at);
        if (c == UTF8_BAD) {
            add_broken(l, (unsigned char)text[start]);
            at = start + 1;
        } else {
            add_character(l, text + start, at - start, c);
        }
    }
}

/* -- lines ------------------------------------------------------------------
 */

static void put(struct line *l)
{
    l->text[l->len++] = '\n';
    /* There is nobody to tell when this fails. */
    ssize_t n = write(STDERR_FILENO, l->text, l->len);
    (void)n;
}

static void add_prefix(struct line *l, enum log_priority priority)
{
    if (log_format == LOG_FORMAT_TEXT || getenv("JOURNAL_STREAM") != NULL) {
        char text[8];
        snprintf(text, sizeof text, "<%d>", (int)priority);
        add_plain(l, text);
    }
}

static const char *level_name(enum log_priority priority)
{
    switch (priority) {
    case LOG_PRIORITY_ERROR:
        return "error";
    case LOG_PRIORITY_WARNING:
        return "warning";
    case LOG_PRIORITY_INFO:
        return "info";
    }
    return "";
}

static void add_member(struct line *l, const char *name, const char *text)
{
    add_plain(l, l->text[l->len - 1] == '{' ? "\"" : ",\"");
    add_plain(l, name);
    add_plain(l, "\":\"");
    add(l, text);
    add_plain(l, "\"");
}

static void begin(struct line *l, enum log_priority priority, const char *what)
{
    add_prefix(l, priority);
    if (log_format == LOG_FORMAT_TEXT) {
        add(l, what);
        return;
    }
    char now[INSTANT_TEXT_SIZE];
    add_plain(l, "{");
    add_member(l, "time", instant_format((instant)time(NULL), now));
    add_member(l, "level", level_name(priority));
    add_member(l, "what", what);
}

/* What the line has no room for is left out. */
static void add_field(struct line *l, const struct log_field *f)
{
    size_t name = f->name == NULL ? 0 : strlen(f->name);
    if (l->len + name + (size_t)2 * ESCAPE_BYTES > BODY_BYTES) {
        return;
    }
    if (log_format == LOG_FORMAT_JSON) {
        add_member(l, f->name == NULL ? "text" : f->name, f->text);
        return;
    }
    add_plain(l, ": ");
    if (f->name != NULL) {
        add_plain(l, f->name);
        add_plain(l, "=");
    }
    add(l, f->text);
}

void log_fields(enum log_priority priority, const char *what,
                const struct log_field *fields, int n)
{
    struct line l = {.len = 0};
    if ((int)priority > atomic_load(&log_level)) {
        return;
    }
    begin(&l, priority, what);
    for (int i = 0; i < n; i++) {
        if (fields[i].text != NULL && fields[i].text[0] != '\0') {
            add_field(&l, &fields[i]);
        }
    }
    add_plain(&l, log_format == LOG_FORMAT_JSON ? "}" : "");
    put(&l);
}

void log_text(enum log_priority priority, const char *what, const char *text)
{
    log_fields(priority, what, &(struct log_field){NULL, text}, 1);
}

void log_problem(enum log_priority priority, const char *what,
                 const struct problem *p)
{
    const struct log_field fields[] = {{"error", err_name(p->err)},
                                       {"param", p->param},
                                       {"expected", p->expected},
                                       {"detail", p->detail}};
    log_fields(priority, what, fields, sizeof fields / sizeof *fields);
}
