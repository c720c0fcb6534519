/* Workbooks for the tests, put together part by part. */
#ifndef BIHUAN_TESTS_BOOK_H
#define BIHUAN_TESTS_BOOK_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "client/cli/files/file.h"

struct book_part {
    const char *name;
    const char *text;
};

/* A workbook of one sheet, by the usual names; its relations go in by
 * themselves when it is one of the parts. */
#define BOOK_WORKBOOK                                                        \
    {                                                                        \
        "xl/workbook.xml",                                                   \
            "<workbook xmlns:r='x'><sheets><sheet name='Sheet1' sheetId='1'" \
            " r:id='rId1'/></sheets></workbook>"                             \
    }

static const char book_relations[] =
    "<Relationships>"
    "<Relationship Id='rId1' Type='http://o/relationships/worksheet'"
    " Target='worksheets/sheet1.xml'/>"
    "<Relationship Id='rId2' Type='http://o/relationships/sharedStrings'"
    " Target='sharedStrings.xml'/>"
    "<Relationship Id='rId3' Type='http://o/relationships/styles'"
    " Target='styles.xml'/></Relationships>";

static void book_add(zip_t *zip, const char *name, const char *text)
{
    zip_source_t *source =
        zip_source_buffer(zip, text, strlen(text), 0 /* borrowed */);
    assert_true(zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) >= 0);
}

/* The bytes of the file, heap. */
static inline char *book_make(const struct book_part *parts, size_t n,
                              size_t *ret_len)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    bool relations = false;
    assert_non_null(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < n; i++) {
        book_add(zip, parts[i].name, parts[i].text);
        relations = relations ||
                    strcmp(parts[i].name, "xl/_rels/workbook.xml.rels") == 0;
    }
    if (!relations) {
        book_add(zip, "xl/_rels/workbook.xml.rels", book_relations);
    }
    assert_int_equal(zip_close(zip), 0);
    zip_stat_t stat;
    assert_int_equal(zip_source_stat(source, &stat), 0);
    char *bytes = must_alloc(stat.size);
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_read(source, bytes, stat.size),
                     (zip_int64_t)stat.size);
    (void)zip_source_close(source);
    zip_source_free(source);
    *ret_len = stat.size;
    return bytes;
}

#endif
