/* The readers of tables: what CSV and XLSX as offices have them come out as,
 * and what is refused. Expectations are written by hand; encodings are given as
 * bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/book.h"
#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet.h"
#include "client/cli/sheet/sheet_parts.h"

/* Rows as "line|cell|cell\n"; a number is marked #, a date @, and what would
 * be mistaken for the marks' own signs is not in the tests. */
struct paper {
    char text[8192];
    size_t len;
    int rows;
    int enough; /* after so many the sink wants no more; 0: never */
};

static void put(struct paper *p, const char *text)
{
    size_t len = strlen(text);
    assert_true(p->len + len < sizeof p->text);
    memcpy(p->text + p->len, text, len + 1);
    p->len += len;
}

static bool take_row(void *user, const struct sheet_row *row)
{
    static const char *const marks[] = {"", "#", "@"};
    struct paper *p = user;
    char number[32];
    (void)snprintf(number, sizeof number, "%ld", (long)row->line);
    put(p, number);
    for (int i = 0; i < row->n; i++) {
        put(p, "|");
        put(p, marks[row->cells[i].kind]);
        put(p, row->cells[i].text);
    }
    put(p, "\n");
    p->rows++;
    return p->enough == 0 || p->rows < p->enough;
}

static void read_bytes(const char *bytes, size_t len, struct paper *paper,
                       struct problem *p)
{
    struct sheet_book *book = NULL;
    struct sheet_sink sink = {paper, take_row};
    *p = (struct problem){.err = OK};
    enum err err = sheet_open(bytes, len, &book, p);
    if (err == OK) {
        err = sheet_read(book, 0, &sink, p);
        sheet_close(book);
    }
    assert_int_equal(err, p->err);
}

static void bytes_are(const char *bytes, size_t len, const char *rows)
{
    struct paper paper = {.len = 0};
    struct problem p;
    char *exact = must_alloc(len); /* ASan sees a read past its end */
    memcpy(exact, bytes, len);
    read_bytes(exact, len, &paper, &p);
    free(exact);
    if (p.err != OK) {
        fail_msg("%s: %s", err_name(p.err), p.detail);
    }
    assert_string_equal(paper.text, rows);
}

static void csv_is(const char *text, const char *rows)
{
    bytes_are(text, strlen(text), rows);
}

static void refused_as(const char *bytes, size_t len, enum err err,
                       const char *detail)
{
    struct paper paper = {.len = 0};
    struct problem p;
    read_bytes(bytes, len, &paper, &p);
    assert_string_equal(err_name(p.err), err_name(err));
    assert_string_equal(p.detail, detail);
    assert_string_equal(p.param, "file");
}

/* -- CSV ---------------------------------------------------------------------
 */

static void test_csv_fields(void **state)
{
    (void)state;
    csv_is("", "");
    csv_is("a,b\n1,2\n", "1|a|b\n2|1|2\n");
    csv_is("a,b\r\n1,2", "1|a|b\n2|1|2\n");
    csv_is("a,b\r1,2\r", "1|a|b\n2|1|2\n");
    csv_is("a,\"b,\"\"c\"\"\"\n", "1|a|b,\"c\"\n");
    csv_is("\"two\r\nlines\",b\nc\n", "1|two\nlines|b\n3|c\n");
    csv_is("a,,c,\n", "1|a||c\n");
    csv_is("\n\n , \na\n,,\nb\n", "4|a\n6|b\n");
    csv_is("=\"0086\",\"=\"\"007\"\"\"\n", "1|0086|007\n");
    csv_is("12\" pipe,b\n", "1|12\" pipe|b\n");
    csv_is("\"a\"b,c\n", "1|ab|c\n");
}

static void test_csv_separators(void **state)
{
    (void)state;
    csv_is("a;b,c\n1;2\n3;4\n", "1|a|b,c\n2|1|2\n3|3|4\n");
    csv_is("a\tb\n1\t2,5\n", "1|a|b\n2|1|2,5\n");
    csv_is("sep=;\na,1,1;b,2,2\n", "2|a,1,1|b,2,2\n");
    csv_is("\"a,b,c\";d\n\"e,f,g\";h\n", "1|a,b,c|d\n2|e,f,g|h\n");
    csv_is("alone\nstill\n", "1|alone\n2|still\n");
}

static void test_csv_encodings(void **state)
{
    (void)state;
    /* 企业,码: UTF-8 with and without its mark, GB18030, UTF-16 */
    static const char rows[] = "1|企业|码\n";
    csv_is("\xEF\xBB\xBF企业,码\n", rows);
    csv_is("企业,码\n", rows);
    csv_is("\xC6\xF3\xD2\xB5,\xC2\xEB\n", rows);
    bytes_are("\xFF\xFE\x01\x4F\x1A\x4E\t\0\x01\x78\n\0", 12, rows);
    bytes_are("\xFE\xFF\x4F\x01\x4E\x1A\0\t\x78\x01\0\n", 12, rows);
    /* U+20B9F in four bytes of GB18030, U+3400 too */
    csv_is("\x95\x34\xB0\x31,\x81\x39\xEE\x39\n", "1|𠮟|㐀\n");
}

static void test_csv_refused(void **state)
{
    (void)state;
    static const char broken[] = "企业名称,码\n好好好好,\xFF\n";
    refused_as(broken, sizeof broken - 1, ERR_BAD_UTF8,
               "line 2 is neither UTF-8 nor GB18030");
    refused_as("\xEF\xBB\xBFok\n\xC6\xF3\n", 9, ERR_BAD_UTF8,
               "line 2 is neither UTF-8 nor GB18030");
    refused_as("a\nb\n\xC6\xF3\xFF\xFF\n", 9, ERR_BAD_UTF8,
               "line 3 is neither UTF-8 nor GB18030");
    refused_as("a\nb\0c\n", 6, ERR_NUL_BYTE, "line 2");
    refused_as("a\nb,\"c\nd\n", 9, ERR_BAD_PARAM, "line 2");
    refused_as("\xD0\xCF\x11\xE0\xA1\xB1", 6, ERR_UNSUPPORTED,
               "an old .xls workbook, or one with a password");
}

static void test_csv_bounds(void **state)
{
    (void)state;
    size_t room = SHEET_CELL_BYTES_MAX + 2;
    char *text = must_alloc(room);
    memset(text, 'a', room);
    text[SHEET_CELL_BYTES_MAX] = '\n';
    struct problem p;
    struct sheet_line l = {.sink = NULL, .p = &p};
    sheet_line_begin(&l);
    assert_int_equal(sheet_line_set(&l, SHEET_COLUMNS_MAX - 1, text,
                                    SHEET_CELL_BYTES_MAX, SHEET_TEXT),
                     OK);
    assert_int_equal(
        sheet_line_set(&l, 0, text, SHEET_CELL_BYTES_MAX + 1, SHEET_TEXT),
        ERR_LIMIT);
    assert_int_equal(sheet_line_set(&l, SHEET_COLUMNS_MAX, "a", 1, SHEET_TEXT),
                     ERR_LIMIT);
    assert_int_equal(sheet_line_set(&l, SHEET_COLUMNS_MAX, "", 0, SHEET_TEXT),
                     OK);
    l.given = SHEET_ROWS_MAX;
    assert_int_equal(sheet_line_give(&l, 1), ERR_LIMIT);
    sheet_line_done(&l);
    free(text);
}

static void test_enough(void **state)
{
    (void)state;
    struct paper paper = {.enough = 2};
    struct problem p;
    read_bytes("a\nb\nc\n", 6, &paper, &p);
    assert_string_equal(paper.text, "1|a\n2|b\n");
}

/* -- XLSX --------------------------------------------------------------------
 */

static void book_is(const struct book_part *parts, size_t n, const char *rows)
{
    size_t len = 0;
    char *bytes = book_make(parts, n, &len);
    bytes_are(bytes, len, rows);
    free(bytes);
}

static void book_refused(const struct book_part *parts, size_t n, enum err err,
                         const char *detail)
{
    size_t len = 0;
    char *bytes = book_make(parts, n, &len);
    refused_as(bytes, len, err, detail);
    free(bytes);
}

static void test_book_cells(void **state)
{
    (void)state;
    book_is(
        (struct book_part[]){
            BOOK_WORKBOOK,
            {"xl/sharedStrings.xml",
             "<sst><si><t>名称</t></si>"
             "<si><r><t>代</t></r><r><t xml:space='preserve'>码 </t></r>"
             "<rPh sb='0' eb='1'><t>ma</t></rPh></si></sst>"},
            {"xl/styles.xml",
             "<styleSheet><numFmts><numFmt numFmtId='176' "
             "formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/></numFmts>"
             "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
             "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
             "<xf numFmtId='176'/></cellXfs></styleSheet>"},
            {"xl/worksheets/sheet1.xml",
             "<x:worksheet xmlns:x='m'><x:sheetData><x:row r='2'>"
             "<x:c r='A2' t='s'><x:v>0</x:v></x:c>"
             "<x:c r='C2' t='s'><x:v>1</x:v></x:c></x:row>"
             "<x:row r='3'/><x:row r='5'>"
             "<x:c r='A5'><x:v>13800138000</x:v></x:c>"
             "<x:c r='B5'><x:v>9.1350200776049651E+17</x:v></x:c>"
             "<x:c r='C5' s='1'><x:v>46346</x:v></x:c>"
             "<x:c r='D5' s='2'><x:v>46346.354166666664</x:v></x:c>"
             "<x:c r='E5'><x:v>1.50</x:v></x:c>"
             "<x:c r='F5' t='b'><x:v>1</x:v></x:c>"
             "<x:c r='G5' t='inlineStr'><x:is><x:t>自&amp;己</x:t></x:is></x:c>"
             "<x:c r='H5' t='str'><x:f>A1&amp;B1</x:f><x:v>算</x:v></x:c>"
             "<x:c r='I5' t='e'><x:v>#N/A</x:v></x:c></x:row>"
             "</x:sheetData></x:worksheet>"}},
        4,
        "2|名称||代码 \n"
        "5|#13800138000|#9.13502E+17|@2026-11-20|@2026-11-20 08:30:00|#1.5|"
        "TRUE|自&己|算|#N/A\n");
}

/* Rows and cells without their places follow one another. */
static void test_book_places(void **state)
{
    (void)state;
    book_is((struct book_part[]){BOOK_WORKBOOK,
                                 {"xl/worksheets/sheet1.xml",
                                  "<worksheet><sheetData>"
                                  "<row><c t='str'><v>a</v></c>"
                                  "<c/><c t='str'><v>b</v></c></row>"
                                  "<row r='7'><c r='AA7' t='str'><v>c</v></c>"
                                  "</row><row><c r='ZZZ8'/></row>"
                                  "</sheetData></worksheet>"}},
            2, "1|a||b\n7|||||||||||||||||||||||||||c\n");
    book_is((struct book_part[]){BOOK_WORKBOOK,
                                 {"xl/worksheets/sheet1.xml",
                                  "<worksheet><sheetData>"
                                  "<c t='str'><v>x</v><row/></c>"
                                  "</sheetData></worksheet>"}},
            2, "");
}

/* What is merged over rows counts in each; over columns only in the first. */
static void test_book_merged(void **state)
{
    (void)state;
    book_is(
        (struct book_part[]){
            BOOK_WORKBOOK,
            {"xl/worksheets/sheet1.xml",
             "<worksheet><sheetData>"
             "<row r='1'><c r='A1' t='str'><v>title</v></c></row>"
             "<row r='2'><c r='A2' t='str'><v>x</v></c>"
             "<c r='B2' t='str'><v>1</v></c></row>"
             "<row r='3'><c r='B3' t='str'><v>2</v></c></row>"
             "<row r='4'><c r='A4'/></row>"
             "<row r='5'><c r='B5' t='str'><v>3</v></c></row>"
             "</sheetData><mergeCells><mergeCell ref='A2:A4'/>"
             "<mergeCell ref='A1:B1'/></mergeCells></worksheet>"}},
        2, "1|title\n2|x|1\n3|x|2\n5||3\n");
}

static void test_book_1904(void **state)
{
    (void)state;
    book_is(
        (struct book_part[]){
            {"xl/workbook.xml",
             "<workbook><workbookPr date1904='1'/><sheets>"
             "<sheet name='a' r:id='r1' xmlns:r='x'/></sheets></workbook>"},
            {"xl/_rels/workbook.xml.rels",
             "<Relationships><Relationship Id='r1' Type='t/worksheet' "
             "Target='/xl/s.xml'/><Relationship Id='r2' Type='t/styles' "
             "Target='../xl/st.xml'/></Relationships>"},
            {"xl/st.xml", "<styleSheet><cellXfs><xf numFmtId='22'/>"
                          "</cellXfs></styleSheet>"},
            {"xl/s.xml", "<worksheet><sheetData><row><c><v>0</v></c>"
                         "<c><v>1.5</v></c></row></sheetData></worksheet>"}},
        4, "1|@1904-01-01|@1904-01-02 12:00:00\n");
}

/* Hidden sheets are not shown to people either. */
static void test_book_sheets(void **state)
{
    (void)state;
    size_t len = 0;
    struct problem p;
    struct sheet_book *book = NULL;
    char *bytes = book_make(
        (struct book_part[]){
            {"xl/workbook.xml",
             "<workbook><sheets xmlns:r='x'><sheet name='说明' r:id='r1'/>"
             "<sheet name='藏' state='hidden' r:id='r2'/>"
             "<sheet name='名录' r:id='r3'/></sheets></workbook>"},
            {"xl/_rels/workbook.xml.rels",
             "<Relationships><Relationship Id='r1' Type='w' Target='a.xml'/>"
             "<Relationship Id='r2' Type='w' Target='b.xml'/>"
             "<Relationship Id='r3' Type='w' Target='c.xml'/>"
             "</Relationships>"},
            {"xl/c.xml", "<worksheet><sheetData><row><c t='str'><v>third</v>"
                         "</c></row></sheetData></worksheet>"}},
        3, &len);
    assert_int_equal(sheet_open(bytes, len, &book, &p), OK);
    assert_int_equal(sheet_count(book), 2);
    assert_string_equal(sheet_name(book, 0), "说明");
    assert_string_equal(sheet_name(book, 1), "名录");
    struct paper paper = {.len = 0};
    struct sheet_sink sink = {&paper, take_row};
    assert_int_equal(sheet_read(book, 1, &sink, &p), OK);
    assert_string_equal(paper.text, "1|third\n");
    assert_int_equal(sheet_read(book, 0, &sink, &p), ERR_BAD_PARAM);
    sheet_close(book);
    free(bytes);
}

#define SHEET(text)                                               \
    {                                                             \
        "xl/worksheets/sheet1.xml", "<worksheet><sheetData>" text \
    }

static void test_book_refused(void **state)
{
    (void)state;
    book_refused((struct book_part[]){BOOK_WORKBOOK, SHEET("<row></sheet")}, 2,
                 ERR_BAD_PARAM, "unclosed token");
    book_refused((struct book_part[]){BOOK_WORKBOOK,
                                      SHEET("<row><c t='s'><v>9</v></c></row>"
                                            "</sheetData></worksheet>")},
                 2, ERR_BAD_PARAM, "a cell refers to a text that is not there");
    book_refused(
        (struct book_part[]){BOOK_WORKBOOK, SHEET("<row r='2'/><row r='2'/>"
                                                  "</sheetData></worksheet>")},
        2, ERR_BAD_PARAM, "its rows are out of order");
    book_refused((struct book_part[]){BOOK_WORKBOOK,
                                      SHEET("<row><c r='B1'/><c r='A1'/></row>"
                                            "</sheetData></worksheet>")},
                 2, ERR_BAD_PARAM, "its cells are out of order");
    book_refused((struct book_part[]){BOOK_WORKBOOK}, 1, ERR_BAD_PARAM,
                 "a sheet is missing");
    book_refused(
        (struct book_part[]){
            BOOK_WORKBOOK,
            {"xl/worksheets/sheet1.xml",
             "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><worksheet>&b;</worksheet>"}},
        2, ERR_BAD_PARAM, "it declares entities");
    book_refused((struct book_part[]){{"xl/other.xml", "<a/>"}}, 1,
                 ERR_BAD_PARAM, "there is no sheet in it");
    book_refused((struct book_part[]){BOOK_WORKBOOK,
                                      SHEET("<row><c r='ZZ1' t='str'><v>far</v>"
                                            "</c></row></sheetData>"
                                            "</worksheet>")},
                 2, ERR_LIMIT, "");
}

/* 160 MiB of blanks in 160 kB: stopped on the way, not unpacked. */
static void test_book_bomb(void **state)
{
    (void)state;
    size_t len = (size_t)SHEET_BYTES_MAX + (1 << 20);
    char *blanks = must_alloc(len + 1);
    static const char head[] = "<worksheet>";
    memset(blanks, ' ', len);
    memcpy(blanks, head, sizeof head - 1);
    blanks[len] = '\0';
    book_refused((struct book_part[]){BOOK_WORKBOOK,
                                      {"xl/worksheets/sheet1.xml", blanks}},
                 2, ERR_LIMIT, "");
    free(blanks);
}

/* Every way to cut or bend a workbook is refused or read, never worse. */
static void test_book_damaged(void **state)
{
    (void)state;
    size_t len = 0;
    char *bytes = book_make(
        (struct book_part[]){BOOK_WORKBOOK,
                             SHEET("<row><c t='str'><v>x</v></c></row>"
                                   "</sheetData></worksheet>")},
        2, &len);
    for (size_t cut = 4; cut < len; cut += 7) {
        struct paper paper = {.len = 0};
        struct problem p;
        char *part = must_alloc(cut);
        memcpy(part, bytes, cut);
        read_bytes(part, cut, &paper, &p);
        assert_int_equal(p.err, ERR_BAD_PARAM);
        free(part);
    }
    for (size_t at = 0; at < len; at++) {
        struct paper paper = {.len = 0};
        struct problem p;
        bytes[at] = (char)(bytes[at] ^ 0x55);
        read_bytes(bytes, len, &paper, &p);
        bytes[at] = (char)(bytes[at] ^ 0x55);
    }
    bytes_are(bytes, len, "1|x\n");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_fields),
        cmocka_unit_test(test_csv_separators),
        cmocka_unit_test(test_csv_encodings),
        cmocka_unit_test(test_csv_refused),
        cmocka_unit_test(test_csv_bounds),
        cmocka_unit_test(test_enough),
        cmocka_unit_test(test_book_cells),
        cmocka_unit_test(test_book_places),
        cmocka_unit_test(test_book_merged),
        cmocka_unit_test(test_book_1904),
        cmocka_unit_test(test_book_sheets),
        cmocka_unit_test(test_book_refused),
        cmocka_unit_test(test_book_bomb),
        cmocka_unit_test(test_book_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
