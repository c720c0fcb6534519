/* Tables of offices: whatever the bytes, what comes out keeps the promises of
 * client/cli/sheet/sheet.h. Input that begins with < is the XML of one sheet,
 * since few changes of a workbook come through its checksums. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "client/cli/sheet/sheet.h"
#include "client/cli/sheet/sheet_parts.h"
#include "proto/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    ROWS_ENOUGH = 5000
};

struct seen {
    int64_t line;
    int64_t rows;
};

static bool take_row(void *user, const struct sheet_row *row)
{
    struct seen *seen = user;
    bool any = false;
    assert(row->line > seen->line);
    assert(row->n >= 1 && row->n <= SHEET_COLUMNS_MAX);
    for (int i = 0; i < row->n; i++) {
        size_t len = strlen(row->cells[i].text);
        assert(len <= SHEET_CELL_BYTES_MAX);
        assert(utf8_ok(row->cells[i].text, len));
        assert(row->cells[i].kind <= SHEET_DATE);
        any = any || len > 0;
    }
    assert(any);
    seen->line = row->line;
    return ++seen->rows < ROWS_ENOUGH;
}

struct document {
    const char *bytes;
    size_t len;
};

static enum err read_document(void *user, struct sheet_xml *x)
{
    const struct document *d = user;
    return sheet_xml_bytes(x, d->bytes, d->len);
}

static enum err read_xml(const char *bytes, size_t len, struct sheet_sink *sink,
                         struct problem *p)
{
    size_t starts[] = {0, 2};
    bool dates[] = {false, true};
    char strings[] = "a\0企业";
    struct sheet_shared shared = {
        .strings = {.at = strings, .len = sizeof strings},
        .starts = starts,
        .n_strings = 2,
        .dates = dates,
        .n_styles = 2};
    struct document document = {bytes, len};
    return sheet_cells(&shared, sink, read_document, &document, p);
}

static enum err read_file(const char *bytes, size_t len,
                          struct sheet_sink *sink, struct problem *p)
{
    struct sheet_book *book = NULL;
    enum err err = sheet_open(bytes, len, &book, p);
    if (err != OK) {
        return err;
    }
    assert(sheet_count(book) >= 1 && sheet_count(book) <= SHEET_TABLES_MAX);
    for (int i = 0; err == OK && i < sheet_count(book); i++) {
        *(struct seen *)sink->user = (struct seen){.line = 0};
        assert(sheet_name(book, i) != NULL);
        err = sheet_read(book, i, sink, p);
    }
    sheet_close(book);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct problem p = {.err = OK};
    struct seen seen = {.line = 0};
    struct sheet_sink sink = {&seen, take_row};
    enum err err = size > 0 && bytes[0] == '<'
                       ? read_xml(bytes, size, &sink, &p)
                       : read_file(bytes, size, &sink, &p);
    assert(err == OK || (p.err == err && strcmp(p.param, "file") == 0 &&
                         p.expected[0] != '\0'));
    return 0;
}
