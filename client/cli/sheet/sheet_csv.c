/* CSV as spreadsheets write it: RFC 4180, and beyond it any of three
 * separators, any line end, "sep=;" as a first line, and ="0086" for a text
 * that looks like a number. */
#include <stdio.h>
#include <string.h>

#include "client/cli/sheet/sheet_parts.h"

enum {
    LOOKED_AT_LINES = 20
};

struct csv {
    struct sheet_line *line;
    struct problem *p;
    const char *at;
    const char *end;
    char separator;
    int64_t number; /* of the line that `at` stands in */
    struct sheet_bytes field;
};

/* -- the separator -----------------------------------------------------------
 */

/* How often each stands outside quotes in the first lines. */
static void count(const char *at, const char *end, const char *candidates,
                  long *ret)
{
    bool quoted = false;
    for (int lines = 0; at < end && lines < LOOKED_AT_LINES; at++) {
        const char *found = strchr(candidates, *at);
        quoted = *at == '"' ? !quoted : quoted;
        if (quoted || *at == '\0') {
            continue;
        }
        lines += *at == '\n' || *at == '\r' ? 1 : 0;
        if (found != NULL) {
            ret[found - candidates]++;
        }
    }
}

static char separator_of(const char *at, const char *end)
{
    static const char candidates[] = ",;\t";
    long counts[sizeof candidates] = {0};
    size_t best = 0;
    count(at, end, candidates, counts);
    for (size_t i = 1; candidates[i] != '\0'; i++) {
        best = counts[i] > counts[best] ? i : best;
    }
    return candidates[best];
}

/* "sep=;" says it outright. */
static void find_separator(struct csv *c)
{
    bool said = c->end - c->at >= 5 && memcmp(c->at, "sep=", 4) == 0 &&
                c->at[4] != '\0' && strchr(",;\t|", c->at[4]) != NULL;
    c->separator = said ? c->at[4] : separator_of(c->at, c->end);
    if (said) {
        c->at += 5;
    }
}

/* -- fields ------------------------------------------------------------------
 */

static bool at_line_end(const struct csv *c)
{
    return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

/* Steps over one line end of any kind. */
static void next_line(struct csv *c)
{
    if (c->at < c->end) {
        bool two = *c->at == '\r' && c->end - c->at > 1 && c->at[1] == '\n';
        c->at += two ? 2 : 1;
        c->number++;
    }
}

/* What stands between quotes, with "" for a quote; line ends belong to it. */
static enum err quoted(struct csv *c)
{
    int64_t began = c->number;
    for (c->at++; c->at < c->end;) {
        if (*c->at == '"' && c->end - c->at > 1 && c->at[1] == '"') {
            sheet_bytes_add(&c->field, "\"", 1);
            c->at += 2;
        } else if (*c->at == '"') {
            c->at++;
            return OK;
        } else if (at_line_end(c)) {
            sheet_bytes_add(&c->field, "\n", 1);
            next_line(c);
        } else {
            sheet_bytes_add(&c->field, c->at++, 1);
        }
    }
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail, "line %ld", (long)began);
    return problem_set(c->p, ERR_BAD_PARAM, "file",
                       "a closing quote for every opening one", detail);
}

static enum err read_field(struct csv *c)
{
    enum err err = OK;
    c->field.len = 0;
    if (c->at < c->end && *c->at == '"') {
        err = quoted(c);
    }
    while (err == OK && !at_line_end(c) && *c->at != c->separator) {
        sheet_bytes_add(&c->field, c->at++, 1);
    }
    return err;
}

/* ="0086" is how a text that looks like a number is kept one. */
static enum err put_field(struct csv *c, int column)
{
    const char *text = c->field.at;
    size_t len = c->field.len;
    if (len >= 3 && memcmp(text, "=\"", 2) == 0 && text[len - 1] == '"') {
        text += 2;
        len -= 3;
    }
    return sheet_line_set(c->line, column, text, len, SHEET_TEXT);
}

static enum err read_row(struct csv *c)
{
    int64_t number = c->number;
    enum err err = OK;
    sheet_line_begin(c->line);
    for (int column = 0; err == OK; column++) {
        err = read_field(c);
        if (err == OK) {
            err = put_field(c, column);
        }
        if (err != OK || at_line_end(c)) {
            break;
        }
        c->at++; /* the separator */
    }
    next_line(c);
    return err == OK ? sheet_line_give(c->line, number) : err;
}

enum err sheet_csv(const char *text, size_t len, const struct sheet_sink *sink,
                   struct problem *p)
{
    struct sheet_line line = {.sink = sink, .p = p};
    struct csv c = {
        .line = &line, .p = p, .at = text, .end = text + len, .number = 1};
    enum err err = OK;
    find_separator(&c);
    while (err == OK && c.at < c.end && !line.enough) {
        err = read_row(&c);
    }
    sheet_bytes_done(&c.field);
    sheet_line_done(&line);
    return err;
}
