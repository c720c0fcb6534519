/* Reads one journal record: see effects.h. */
#include "daemon/store/effects.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/hex.h"

/* -- pieces ------------------------------------------------------------------
 */

static bool take(struct effects *e, const char *text)
{
    size_t len = strlen(text);
    if ((size_t)(e->end - e->next) < len || memcmp(e->next, text, len) != 0) {
        return false;
    }
    e->next += len;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* As our writer writes it: no plus, no leading zero, no fraction. */
static bool take_int(struct effects *e, int64_t *ret)
{
    bool minus = take(e, "-");
    const char *from = e->next;
    uint64_t number = 0;
    while (e->next < e->end && is_digit(*e->next) && e->next - from < 19) {
        number = number * 10 + (uint64_t)(*e->next++ - '0');
    }
    if (e->next == from || (*from == '0' && (e->next - from > 1 || minus)) ||
        (e->next < e->end && is_digit(*e->next)) || number > INT64_MAX) {
        return false;
    }
    *ret = minus ? -(int64_t)number : (int64_t)number;
    return true;
}

/* What stands behind a backslash. */
static bool take_escape(struct effects *e, char *ret)
{
    if (take(e, "n")) {
        *ret = '\n';
        return true;
    }
    if (take(e, "\"") || take(e, "\\")) {
        *ret = e->next[-1];
        return true;
    }
    if (!take(e, "u00") || e->end - e->next < 2) {
        return false;
    }
    unsigned char c;
    if (!hex_decode(e->next, 2, &c) || c >= 0x20) {
        return false;
    }
    e->next += 2;
    *ret = (char)c;
    return c != '\n' && c != '\0';
}

/* Appends to the room, which begin() has made as large as the record: no text
 * grows when it is unescaped. */
static bool take_text(struct effects *e, const char **ret, size_t *ret_len)
{
    if (!take(e, "\"")) {
        return false;
    }
    char *out = e->room + e->room_used;
    size_t len = 0;
    for (;;) {
        if (e->next == e->end || (unsigned char)*e->next < 0x20) {
            return false;
        }
        char c = *e->next++;
        if (c == '"') {
            break;
        }
        if (c == '\\' && !take_escape(e, &c)) {
            return false;
        }
        out[len++] = c;
    }
    out[len] = '\0';
    e->room_used += len + 1;
    *ret = out;
    *ret_len = len;
    return true;
}

/* -- the header ---------------------------------------------------------------
 */

static bool take_header(struct effects *e)
{
    const char *text;
    size_t len;
    e->ticket = 0;
    return take(e, "{\"v\":1,\"seq\":") && take_int(e, &e->seq) &&
           take(e, ",\"at\":") && take_int(e, &e->at) &&
           take(e, ",\"recorded\":") && take_int(e, &e->recorded) &&
           take(e, ",\"by\":") && take_text(e, &text, &len) &&
           take(e, ",\"method\":") && take_text(e, &text, &len) &&
           (!take(e, ",\"ticket\":") || take_int(e, &e->ticket)) &&
           (!take(e, ",\"imported\":") || take_text(e, &text, &len)) &&
           take(e, ",\"put\":[");
}

enum err effects_begin(struct effects *e, const struct table_def *tables,
                       const char *record, size_t len)
{
    if (e->room_size < len) {
        char *room = realloc(e->room, len);
        if (room == NULL) {
            return ERR_NO_MEMORY;
        }
        e->room = room;
        e->room_size = len;
    }
    e->room_used = 0;
    e->tables = tables;
    e->next = record;
    e->end = record + len;
    return take_header(e) ? OK : ERR_CORRUPT;
}

void effects_done(struct effects *e)
{
    free(e->room);
    *e = (struct effects){0};
}

/* -- puts ------------------------------------------------------------------ */

/* Hexadecimal digits become bytes in their own place. */
static bool unhex(struct cell *cell)
{
    char *text = (char *)(uintptr_t)cell->bytes;
    if (!hex_decode(text, cell->len, text)) {
        return false;
    }
    cell->len /= 2;
    cell->type = CELL_BLOB;
    return true;
}

static bool take_cell(struct effects *e, const struct table_def *def, int hint,
                      struct cell *cell)
{
    size_t len;
    *cell = (struct cell){.type = CELL_NULL};
    if (!take_text(e, &cell->column, &len) || !take(e, ":")) {
        return false;
    }
    if (take(e, "null")) {
        return true;
    }
    const char *text;
    if (take_text(e, &text, &cell->len)) {
        int column = table_column(def, cell->column, len, hint);
        cell->bytes = text;
        cell->type = CELL_TEXT;
        return column >= 0 &&
               (def->columns[column].type != CELL_BLOB || unhex(cell));
    }
    cell->type = CELL_INT;
    return take_int(e, &cell->number);
}

static bool is_named(const struct cell *cell, const char *column)
{
    return strcmp(cell->column, column) == 0;
}

/* A record older than a column of the key does not name it: it means the
 * default. Whatever else is wrong with the key, putter_put() refuses. */
static void complete_key(const struct table_def *def, struct put_effect *put)
{
    for (int i = 0; i < def->keys && put->n < COLUMNS_MAX; i++) {
        const struct column *key = &def->columns[i];
        if (!key->implied ||
            (i < put->n && is_named(&put->cells[i], key->name))) {
            continue;
        }
        if (put->n < i) {
            return;
        }
        memmove(&put->cells[i + 1], &put->cells[i],
                (size_t)(put->n - i) * sizeof put->cells[0]);
        put->cells[i] = cell_int(key->name, key->standard);
        put->n++;
    }
}

static bool take_put(struct effects *e, struct put_effect *ret)
{
    const char *name;
    size_t len;
    if (!take(e, "[") || !take_text(e, &name, &len) || !take(e, ",{")) {
        return false;
    }
    ret->table = table_find(name, len);
    ret->n = 0;
    if (ret->table == TABLE_COUNT) {
        return false;
    }
    const struct table_def *def = &e->tables[ret->table];
    do {
        if (ret->n == COLUMNS_MAX ||
            !take_cell(e, def, ret->n, &ret->cells[ret->n])) {
            return false;
        }
        ret->n++;
    } while (take(e, ","));
    complete_key(def, ret);
    return take(e, "}]");
}

enum err effects_next(struct effects *e, struct put_effect *ret,
                      bool *ret_there)
{
    if (take(e, "]}")) {
        *ret_there = false;
        return e->next == e->end ? OK : ERR_CORRUPT;
    }
    bool first = e->next[-1] == '[';
    if (!first && !take(e, ",")) {
        return ERR_CORRUPT;
    }
    *ret_there = true;
    return take_put(e, ret) ? OK : ERR_CORRUPT;
}
