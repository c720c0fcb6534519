/* A file of tables, whichever it is; of a workbook (ECMA-376 part 1 chapter 12)
 * from the package's relations to the workbook, from there to its sheets. Only
 * what a table of texts needs is looked at. */
#include "client/cli/sheet/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"

struct table {
    char *name;
    char part[SHEET_PART_SIZE];
};

struct sheet_book {
    char *text; /* of a CSV file, NULL for a workbook */
    size_t text_len;
    struct sheet_zip zip;
    struct sheet_shared shared;
    int n_tables;
    struct table tables[SHEET_TABLES_MAX];
};

/* A workbook while it is opened. */
struct opening {
    struct sheet_book *book;
    struct problem *p;
    struct sheet_relations relations; /* the package's, then the workbook's */
};

/* -- the workbook ------------------------------------------------------------
 */

static void start_workbook(struct sheet_xml *x, const char *name,
                           const char **attrs)
{
    struct opening *o = x->user;
    struct sheet_book *b = o->book;
    if (strcmp(name, "workbookPr") == 0) {
        const char *from = sheet_xml_attr(attrs, "date1904");
        b->shared.from_1904 = from != NULL && (strcmp(from, "1") == 0 ||
                                               strcmp(from, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0 || b->n_tables == SHEET_TABLES_MAX) {
        return;
    }
    const char *state = sheet_xml_attr(attrs, "state");
    const char *title = sheet_xml_attr(attrs, "name");
    const char *id = sheet_xml_attr(attrs, "id");
    struct table *t = &b->tables[b->n_tables];
    if (id != NULL && (state == NULL || strcmp(state, "visible") == 0) &&
        sheet_part_of_id(&o->relations, id, t->part)) {
        t->name = must_copy(title == NULL ? "" : title);
        b->n_tables++;
    }
}

static enum err read_workbook(struct opening *o)
{
    char workbook[SHEET_PART_SIZE] = "xl/workbook.xml";
    struct sheet_zip *zip = &o->book->zip;
    enum err err = sheet_relations_read(zip, "", &o->relations, o->p);
    if (err == OK) {
        (void)sheet_part_of_type(&o->relations, "/officeDocument", workbook);
        err = sheet_relations_read(zip, workbook, &o->relations, o->p);
    }
    struct sheet_xml x = {.p = o->p, .user = o, .start = start_workbook};
    if (err == OK) {
        err = sheet_zip_read(zip, workbook, &x);
    }
    if (err == ERR_NOT_FOUND || (err == OK && o->book->n_tables == 0)) {
        return problem_set(o->p, ERR_BAD_PARAM, "file",
                           "a CSV or XLSX file with one row a line",
                           "there is no sheet in it");
    }
    return err;
}

/* -- the file ----------------------------------------------------------------
 */

static enum err open_workbook(struct sheet_book *book, const char *bytes,
                              size_t len, struct problem *p)
{
    enum err err = sheet_zip_open(bytes, len, &book->zip, p);
    if (err != OK) {
        return err;
    }
    struct opening *o = must_alloc(sizeof *o);
    *o = (struct opening){.book = book, .p = p};
    err = read_workbook(o);
    if (err == OK) {
        err = sheet_shared_read(&book->zip, &o->relations, &book->shared, p);
    }
    sheet_relations_forget(&o->relations);
    free(o);
    return err;
}

static enum err open_any(struct sheet_book *book, const char *bytes, size_t len,
                         struct problem *p)
{
    if (len >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0) {
        return open_workbook(book, bytes, len, p);
    }
    if (len >= 4 && memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0) {
        return problem_set(p, ERR_UNSUPPORTED, "file",
                           "a workbook saved as .xlsx without a password",
                           "an old .xls workbook, or one with a password");
    }
    book->n_tables = 1;
    book->tables[0].name = must_copy("");
    return sheet_decode(bytes, len, &book->text, &book->text_len, p);
}

enum err sheet_open(const char *bytes, size_t len, struct sheet_book **ret,
                    struct problem *p)
{
    struct sheet_book *book = must_alloc(sizeof *book);
    *book = (struct sheet_book){.text = NULL};
    enum err err = open_any(book, bytes, len, p);
    if (err != OK) {
        sheet_close(book);
        return err;
    }
    *ret = book;
    return OK;
}

void sheet_close(struct sheet_book *book)
{
    for (int i = 0; i < book->n_tables; i++) {
        free(book->tables[i].name);
    }
    if (book->zip.zip != NULL) {
        sheet_zip_close(&book->zip);
    }
    sheet_shared_done(&book->shared);
    free(book->text);
    free(book);
}

int sheet_count(const struct sheet_book *book)
{
    return book->n_tables;
}

const char *sheet_name(const struct sheet_book *book, int i)
{
    return book->tables[i].name;
}

/* Where sheet_cells() gets its document from. */
struct source {
    struct sheet_zip *zip;
    const char *part;
};

static enum err read_part(void *user, struct sheet_xml *x)
{
    const struct source *s = user;
    enum err err = sheet_zip_read(s->zip, s->part, x);
    return err == ERR_NOT_FOUND
               ? problem_set(x->p, ERR_BAD_PARAM, "file",
                             "a sound workbook: open it and save it anew",
                             "a sheet is missing")
               : err;
}

enum err sheet_read(struct sheet_book *book, int i,
                    const struct sheet_sink *sink, struct problem *p)
{
    if (book->text != NULL) {
        return sheet_csv(book->text, book->text_len, sink, p);
    }
    struct source source = {&book->zip, book->tables[i].part};
    return sheet_cells(&book->shared, sink, read_part, &source, p);
}
