/* A row while it is put together: its texts in one buffer, one behind another,
 * with pointers to them made when it is whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"

/* The texts below name them. */
_Static_assert(SHEET_COLUMNS_MAX == 256, "at most 256 columns");
_Static_assert(SHEET_CELL_BYTES_MAX == 32768, "cells of at most 32768 bytes");
_Static_assert(SHEET_ROWS_MAX == 100000, "at most 100000 rows");

void sheet_bytes_add(struct sheet_bytes *b, const char *bytes, size_t len)
{
    if (b->room - b->len < len) {
        b->room = b->room * 2 + len + 256;
        b->at = must_realloc(b->at, b->room);
    }
    if (len > 0) {
        memcpy(b->at + b->len, bytes, len);
    }
    b->len += len;
}

void sheet_bytes_done(struct sheet_bytes *b)
{
    free(b->at);
    *b = (struct sheet_bytes){.at = NULL};
}

void sheet_line_begin(struct sheet_line *l)
{
    l->text.len = 0;
    l->n = 0;
    memset(l->set, 0, sizeof l->set);
}

enum err sheet_line_set(struct sheet_line *l, int column, const char *text,
                        size_t len, enum sheet_kind kind)
{
    if (len == 0) {
        return OK;
    }
    if (column >= SHEET_COLUMNS_MAX) {
        return problem_set(l->p, ERR_LIMIT, "file", "at most 256 columns", "");
    }
    if (len > SHEET_CELL_BYTES_MAX) {
        return problem_set(l->p, ERR_LIMIT, "file",
                           "cells of at most 32768 bytes", "");
    }
    l->set[column] = true;
    l->starts[column] = l->text.len;
    l->kinds[column] = kind;
    sheet_bytes_add(&l->text, text, len);
    sheet_bytes_add(&l->text, "", 1);
    l->n = column + 1 > l->n ? column + 1 : l->n;
    return OK;
}

static bool blank_row(const struct sheet_line *l)
{
    for (int i = 0; i < l->n; i++) {
        const char *text = l->set[i] ? l->text.at + l->starts[i] : "";
        if (text[strspn(text, " \t\r\n")] != '\0') {
            return false;
        }
    }
    return true;
}

enum err sheet_line_give(struct sheet_line *l, int64_t number)
{
    if (blank_row(l)) {
        return OK;
    }
    if (l->given == SHEET_ROWS_MAX) {
        return problem_set(l->p, ERR_LIMIT, "file", "at most 100000 rows", "");
    }
    for (int i = 0; i < l->n; i++) {
        l->cells[i] = l->set[i] ? (struct sheet_cell){l->text.at + l->starts[i],
                                                      l->kinds[i]}
                                : (struct sheet_cell){"", SHEET_TEXT};
    }
    struct sheet_row row = {.line = number, .n = l->n, .cells = l->cells};
    l->given++;
    l->enough = !l->sink->row(l->sink->user, &row);
    return OK;
}

void sheet_line_done(struct sheet_line *l)
{
    sheet_bytes_done(&l->text);
}
