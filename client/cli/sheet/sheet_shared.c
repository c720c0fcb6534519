/* What the cells of a workbook refer to: its shared texts (ECMA-376 part 1,
 * 18.4) and its styles (18.8), of which only "is it a date" is kept. */
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"

enum {
    FORMATS_MAX = 1024,
    STYLES_MAX = 65536,
    BUILT_IN_FORMATS = 164
};

/* -- texts -------------------------------------------------------------------
 */

struct strings {
    struct sheet_shared *shared;
    bool in_text;
    int in_phonetic; /* how a text is pronounced is none of it */
};

static void start_strings(struct sheet_xml *x, const char *name,
                          const char **attrs)
{
    struct strings *t = x->user;
    struct sheet_shared *s = t->shared;
    (void)attrs;
    if (strcmp(name, "si") == 0) {
        if (s->n_strings == s->room) {
            s->room = s->room * 2 + 256;
            s->starts = must_realloc(s->starts, s->room * sizeof *s->starts);
        }
        s->starts[s->n_strings++] = s->strings.len;
    } else if (strcmp(name, "t") == 0) {
        t->in_text = t->in_phonetic == 0 && s->n_strings > 0;
    } else if (strcmp(name, "rPh") == 0) {
        t->in_phonetic++;
    }
}

static void end_strings(struct sheet_xml *x, const char *name)
{
    struct strings *t = x->user;
    if (strcmp(name, "si") == 0) {
        sheet_bytes_add(&t->shared->strings, "", 1);
    } else if (strcmp(name, "t") == 0) {
        t->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        t->in_phonetic--;
    }
}

static void text_of_strings(struct sheet_xml *x, const char *text, size_t len)
{
    struct strings *t = x->user;
    if (t->in_text) {
        sheet_bytes_add(&t->shared->strings, text, len);
    }
}

/* -- styles ------------------------------------------------------------------
 */

struct styles {
    struct sheet_shared *shared;
    size_t n_formats;
    unsigned formats[FORMATS_MAX]; /* numbers of the formats of dates */
    bool in_cell_styles;
};

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

static bool is_date_format(const struct styles *y, unsigned long format)
{
    for (size_t i = 0; i < y->n_formats; i++) {
        if (y->formats[i] == format) {
            return true;
        }
    }
    return format < BUILT_IN_FORMATS && built_in_date(format);
}

static void add_style(struct styles *y, bool date)
{
    struct sheet_shared *s = y->shared;
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
    struct styles *y = x->user;
    unsigned long format = number_attr(attrs, "numFmtId");
    if (strcmp(name, "numFmt") == 0) {
        const char *code = sheet_xml_attr(attrs, "formatCode");
        if (code != NULL && sheet_date_format(code) &&
            y->n_formats < FORMATS_MAX) {
            y->formats[y->n_formats++] = (unsigned)format;
        }
    } else if (strcmp(name, "cellXfs") == 0) {
        y->in_cell_styles = true;
    } else if (strcmp(name, "xf") == 0 && y->in_cell_styles) {
        add_style(y, is_date_format(y, format));
    }
}

static void end_styles(struct sheet_xml *x, const char *name)
{
    struct styles *y = x->user;
    if (strcmp(name, "cellXfs") == 0) {
        y->in_cell_styles = false;
    }
}

/* -- the parts ---------------------------------------------------------------
 */

/* A part that the workbook names by this type of relation; none is no fault. */
static enum err read_named(struct sheet_zip *zip,
                           const struct sheet_relations *relations,
                           const char *type, struct sheet_xml *x)
{
    char part[SHEET_PART_SIZE];
    if (!sheet_part_of_type(relations, type, part)) {
        return OK;
    }
    enum err err = sheet_zip_read(zip, part, x);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err sheet_shared_read(struct sheet_zip *zip,
                           const struct sheet_relations *relations,
                           struct sheet_shared *shared, struct problem *p)
{
    struct strings t = {.shared = shared};
    struct styles y = {.shared = shared};
    struct sheet_xml strings = {.p = p,
                                .user = &t,
                                .start = start_strings,
                                .end = end_strings,
                                .text = text_of_strings};
    struct sheet_xml styles = {
        .p = p, .user = &y, .start = start_styles, .end = end_styles};
    enum err err = read_named(zip, relations, "/sharedStrings", &strings);
    return err == OK ? read_named(zip, relations, "/styles", &styles) : err;
}

void sheet_shared_done(struct sheet_shared *shared)
{
    sheet_bytes_done(&shared->strings);
    free(shared->starts);
    free(shared->dates);
}
