/* The parts of a workbook (ECMA-376 part 1 chapter 12, part 2): from the
 * package's relations to the workbook, from there to its sheets, its shared
 * texts and its styles. Only what a table of texts needs is looked at. */
#include "client/cli/sheet/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"

enum {
    PART_SIZE = 512,
    RELATIONS_MAX = 256,
    FORMATS_MAX = 1024,
    STYLES_MAX = 65536,
    BUILT_IN_FORMATS = 164
};

struct relation {
    char *id;
    char *type;
    char *target;
};

struct table {
    char *name;
    char part[PART_SIZE];
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
    char workbook[PART_SIZE]; /* its part's name */
    size_t n_relations;
    struct relation relations[RELATIONS_MAX];
    size_t n_formats;
    unsigned formats[FORMATS_MAX]; /* numbers of the formats of dates */
    bool in_cell_styles;
    bool in_text;
    int in_phonetic;
};

static char *copy(const char *text)
{
    size_t len = strlen(text) + 1;
    char *out = must_alloc(len);
    memcpy(out, text, len);
    return out;
}

/* -- relations ---------------------------------------------------------------
 */

static void start_relations(struct sheet_xml *x, const char *name,
                            const char **attrs)
{
    struct opening *o = x->user;
    const char *id = sheet_xml_attr(attrs, "Id");
    const char *type = sheet_xml_attr(attrs, "Type");
    const char *target = sheet_xml_attr(attrs, "Target");
    if (strcmp(name, "Relationship") == 0 && id != NULL && type != NULL &&
        target != NULL && o->n_relations < RELATIONS_MAX) {
        o->relations[o->n_relations++] =
            (struct relation){copy(id), copy(type), copy(target)};
    }
}

static void forget_relations(struct opening *o)
{
    for (size_t i = 0; i < o->n_relations; i++) {
        free(o->relations[i].id);
        free(o->relations[i].type);
        free(o->relations[i].target);
    }
    o->n_relations = 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t tail = strlen(end);
    return len >= tail && strcmp(text + len - tail, end) == 0;
}

static const char *target_of_type(const struct opening *o, const char *type)
{
    for (size_t i = 0; i < o->n_relations; i++) {
        if (ends_with(o->relations[i].type, type)) {
            return o->relations[i].target;
        }
    }
    return NULL;
}

static const char *target_of_id(const struct opening *o, const char *id)
{
    for (size_t i = 0; i < o->n_relations; i++) {
        if (strcmp(o->relations[i].id, id) == 0) {
            return o->relations[i].target;
        }
    }
    return NULL;
}

/* How much of the first `len` bytes of a path is its folder, slash and all. */
static size_t folder_len(const char *path, size_t len)
{
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    return len;
}

/* A target is meant from the folder of the part that names it. */
static void part_of(const char *from, const char *target, char out[PART_SIZE])
{
    size_t folder = folder_len(from, strlen(from));
    if (target[0] == '/') {
        folder = 0;
        target++;
    }
    while (strncmp(target, "../", 3) == 0) {
        target += 3;
        folder = folder == 0 ? 0 : folder_len(from, folder - 1);
    }
    (void)snprintf(out, PART_SIZE, "%.*s%s", (int)folder, from, target);
}

/* The relations of a part stand beside it in _rels; none is no fault. */
static enum err read_relations(struct opening *o, const char *part)
{
    char name[PART_SIZE + 16];
    int folder = (int)folder_len(part, strlen(part));
    (void)snprintf(name, sizeof name, "%.*s_rels/%s.rels", folder, part,
                   part + folder);
    struct sheet_xml x = {.p = o->p, .user = o, .start = start_relations};
    forget_relations(o);
    enum err err = sheet_zip_read(&o->book->zip, name, &x);
    return err == ERR_NOT_FOUND ? OK : err;
}

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
    const char *target = id == NULL ? NULL : target_of_id(o, id);
    if (target != NULL && (state == NULL || strcmp(state, "visible") == 0)) {
        struct table *t = &b->tables[b->n_tables++];
        t->name = copy(title == NULL ? "" : title);
        part_of(o->workbook, target, t->part);
    }
}

static enum err read_workbook(struct opening *o)
{
    enum err err = read_relations(o, "");
    const char *target = target_of_type(o, "/officeDocument");
    part_of("", target == NULL ? "xl/workbook.xml" : target, o->workbook);
    if (err == OK) {
        err = read_relations(o, o->workbook);
    }
    struct sheet_xml x = {.p = o->p, .user = o, .start = start_workbook};
    if (err == OK) {
        err = sheet_zip_read(&o->book->zip, o->workbook, &x);
    }
    if (err == ERR_NOT_FOUND || (err == OK && o->book->n_tables == 0)) {
        return problem_set(o->p, ERR_BAD_PARAM, "file",
                           "a CSV or XLSX file with one row a line",
                           "there is no sheet in it");
    }
    return err;
}

/* -- shared texts ------------------------------------------------------------
 */

static void start_strings(struct sheet_xml *x, const char *name,
                          const char **attrs)
{
    struct opening *o = x->user;
    struct sheet_shared *s = &o->book->shared;
    (void)attrs;
    if (strcmp(name, "si") == 0) {
        if (s->n_strings == s->room) {
            s->room = s->room * 2 + 256;
            s->starts = must_realloc(s->starts, s->room * sizeof *s->starts);
        }
        s->starts[s->n_strings++] = s->strings.len;
    } else if (strcmp(name, "t") == 0) {
        o->in_text = o->in_phonetic == 0 && s->n_strings > 0;
    } else if (strcmp(name, "rPh") == 0) {
        o->in_phonetic++;
    }
}

static void end_strings(struct sheet_xml *x, const char *name)
{
    struct opening *o = x->user;
    if (strcmp(name, "si") == 0) {
        sheet_bytes_add(&o->book->shared.strings, "", 1);
    } else if (strcmp(name, "t") == 0) {
        o->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        o->in_phonetic--;
    }
}

static void text_of_strings(struct sheet_xml *x, const char *text, size_t len)
{
    struct opening *o = x->user;
    if (o->in_text) {
        sheet_bytes_add(&o->book->shared.strings, text, len);
    }
}

/* -- styles ------------------------------------------------------------------
 */

/* The numbers that stand for dates without being listed (18.8.30), those of
 * Chinese spreadsheets among them. */
static bool built_in_date(unsigned long format)
{
    return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) ||
           (format >= 45 && format <= 47) || (format >= 50 && format <= 58);
}

static unsigned long number_attr(const char **attrs, const char *name)
{
    const char *text = sheet_xml_attr(attrs, name);
    return text == NULL ? 0 : strtoul(text, NULL, 10);
}

static bool is_date_format(const struct opening *o, unsigned long format)
{
    for (size_t i = 0; i < o->n_formats; i++) {
        if (o->formats[i] == format) {
            return true;
        }
    }
    return format < BUILT_IN_FORMATS && built_in_date(format);
}

static void add_style(struct opening *o, bool date)
{
    struct sheet_shared *s = &o->book->shared;
    if (s->n_styles < STYLES_MAX) {
        if (s->n_styles % 256 == 0) {
            s->dates = must_realloc(s->dates, (s->n_styles + 256));
        }
        s->dates[s->n_styles++] = date;
    }
}

static void start_styles(struct sheet_xml *x, const char *name,
                         const char **attrs)
{
    struct opening *o = x->user;
    unsigned long format = number_attr(attrs, "numFmtId");
    if (strcmp(name, "numFmt") == 0) {
        const char *code = sheet_xml_attr(attrs, "formatCode");
        if (code != NULL && sheet_date_format(code) &&
            o->n_formats < FORMATS_MAX) {
            o->formats[o->n_formats++] = (unsigned)format;
        }
    } else if (strcmp(name, "cellXfs") == 0) {
        o->in_cell_styles = true;
    } else if (strcmp(name, "xf") == 0 && o->in_cell_styles) {
        add_style(o, is_date_format(o, format));
    }
}

static void end_styles(struct sheet_xml *x, const char *name)
{
    struct opening *o = x->user;
    if (strcmp(name, "cellXfs") == 0) {
        o->in_cell_styles = false;
    }
}

/* A part that the workbook names by this type of relation; none is no fault. */
static enum err read_named(struct opening *o, const char *type,
                           struct sheet_xml *x)
{
    char part[PART_SIZE];
    const char *target = target_of_type(o, type);
    if (target == NULL) {
        return OK;
    }
    part_of(o->workbook, target, part);
    enum err err = sheet_zip_read(&o->book->zip, part, x);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err read_shared(struct opening *o)
{
    struct sheet_xml strings = {.p = o->p,
                                .user = o,
                                .start = start_strings,
                                .end = end_strings,
                                .text = text_of_strings};
    struct sheet_xml styles = {
        .p = o->p, .user = o, .start = start_styles, .end = end_styles};
    enum err err = read_named(o, "/sharedStrings", &strings);
    return err == OK ? read_named(o, "/styles", &styles) : err;
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
        err = read_shared(o);
    }
    forget_relations(o);
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
    book->tables[0].name = copy("");
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
    sheet_bytes_done(&book->shared.strings);
    free(book->shared.starts);
    free(book->shared.dates);
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
