/* The cells of one sheet of a workbook: <row r="5"><c r="B5" t="s"><v>17</v>.
 * Rows and cells may leave their places out; then each follows the one before.
 */
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/sheet/sheet_parts.h"

enum {
    ROW_MAX = 1048576,
    TYPE_SIZE = 16
};

/* Cells of a column merged over several rows: the first one's value is that of
 * all. */
struct merge {
    int64_t first;
    int64_t last;
    int column;
};

/* A merge that the rows are in: its value. */
struct carried {
    int64_t last;
    enum sheet_kind kind;
    char *text;
};

struct cells {
    const struct sheet_shared *shared;
    struct sheet_line line;
    int64_t row;
    int column;
    char type[TYPE_SIZE];
    size_t style;
    bool in_row;
    bool in_value;
    int in_phonetic;
    struct sheet_bytes value;
    struct merge *merges;
    size_t n_merges;
    struct carried carried[SHEET_COLUMNS_MAX];
};

/* -- places ------------------------------------------------------------------
 */

/* "AB12": column 27, row 12. Columns beyond ours come out as the first that is
 * too far. Returns what follows. */
static const char *place_of(const char *text, int64_t *ret_row, int *ret_column)
{
    int column = 0;
    int64_t row = 0;
    for (; *text >= 'A' && *text <= 'Z'; text++) {
        column = column * 26 + (*text - 'A' + 1);
        column = column > SHEET_COLUMNS_MAX ? SHEET_COLUMNS_MAX + 1 : column;
    }
    for (; *text >= '0' && *text <= '9'; text++) {
        row = row * 10 + (*text - '0');
        row = row > ROW_MAX ? ROW_MAX + 1 : row;
    }
    *ret_row = row;
    *ret_column = column - 1;
    return text;
}

static void damaged(struct sheet_xml *x, const char *detail)
{
    sheet_xml_fail(x, ERR_BAD_PARAM,
                   "a sound workbook: open it and save it anew", detail);
}

/* -- merged cells ------------------------------------------------------------
 */

/* "A2:A5"; one of a single row says nothing here. */
static void take_merge(struct sheet_xml *x, const char **attrs)
{
    struct cells *c = x->user;
    const char *ref = sheet_xml_attr(attrs, "ref");
    struct merge m;
    int last_column = 0;
    if (ref == NULL) {
        return;
    }
    const char *rest = place_of(ref, &m.first, &m.column);
    if (*rest != ':') {
        return;
    }
    (void)place_of(rest + 1, &m.last, &last_column);
    if (m.first < 1 || m.last <= m.first || m.column < 0 ||
        m.column >= SHEET_COLUMNS_MAX) {
        return;
    }
    if (c->n_merges == SHEET_MERGES_MAX) {
        sheet_xml_fail(x, ERR_LIMIT, "at most 10000 merged cells", "");
        return;
    }
    if (c->n_merges % 64 == 0) {
        c->merges =
            must_realloc(c->merges, (c->n_merges + 64) * sizeof *c->merges);
    }
    c->merges[c->n_merges++] = m;
}

static void start_merge(struct sheet_xml *x, const char *name,
                        const char **attrs)
{
    if (strcmp(name, "mergeCell") == 0) {
        take_merge(x, attrs);
    }
}

static int compare_merges(const void *a, const void *b)
{
    const struct merge *x = a;
    const struct merge *y = b;
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return x->column - y->column;
}

static void carry(struct cells *c, const char *text, size_t len,
                  enum sheet_kind kind)
{
    struct merge key = {.first = c->row, .column = c->column};
    const struct merge *m = c->n_merges == 0
                                ? NULL
                                : bsearch(&key, c->merges, c->n_merges,
                                          sizeof *c->merges, compare_merges);
    if (m == NULL) {
        return;
    }
    struct carried *to = &c->carried[c->column];
    free(to->text);
    to->last = m->last;
    to->kind = kind;
    to->text = must_alloc(len + 1);
    memcpy(to->text, text, len);
    to->text[len] = '\0';
}

/* A row in which nothing else stands stays empty. */
static enum err fill_merged(struct cells *c)
{
    enum err err = OK;
    bool any = c->line.n > 0;
    for (int i = 0; err == OK && any && i < SHEET_COLUMNS_MAX; i++) {
        struct carried *from = &c->carried[i];
        if (from->text != NULL && from->last >= c->row && !c->line.set[i]) {
            err = sheet_line_set(&c->line, i, from->text, strlen(from->text),
                                 from->kind);
        }
    }
    return err;
}

/* -- values ------------------------------------------------------------------
 */

/* A shared string by its index, NULL if there is none. */
static const char *shared_string(const struct sheet_shared *s,
                                 const char *index)
{
    char *end = NULL;
    unsigned long i = strtoul(index, &end, 10);
    return end == index || *end != '\0' || i >= s->n_strings
               ? NULL
               : s->strings.at + s->starts[i];
}

static bool is_date(const struct cells *c)
{
    return c->style < c->shared->n_styles && c->shared->dates[c->style];
}

/* Text and kind of the value that was read; NULL: it refers to nothing. */
static const char *make_value(struct cells *c, char out[SHEET_NUMBER_SIZE],
                              enum sheet_kind *ret_kind)
{
    const char *text = c->value.at;
    *ret_kind = SHEET_TEXT;
    if (strcmp(c->type, "s") == 0) {
        return shared_string(c->shared, text);
    }
    if (strcmp(c->type, "b") == 0) {
        return strcmp(text, "0") == 0 ? "FALSE" : "TRUE";
    }
    if (strcmp(c->type, "d") == 0) {
        *ret_kind = SHEET_DATE;
        return text;
    }
    if (c->type[0] != '\0' && strcmp(c->type, "n") != 0) {
        return text; /* str, inlineStr, e */
    }
    if (strlen(text) >= SHEET_NUMBER_SIZE) {
        return text;
    }
    if (is_date(c) && sheet_date(text, c->shared->from_1904, out)) {
        *ret_kind = SHEET_DATE;
        return out;
    }
    *ret_kind = SHEET_NUMBER;
    sheet_number(text, out);
    return out;
}

static void end_cell(struct sheet_xml *x)
{
    struct cells *c = x->user;
    char out[SHEET_NUMBER_SIZE];
    enum sheet_kind kind;
    if (c->value.len == 0 || c->column < 0) {
        return;
    }
    sheet_bytes_add(&c->value, "", 1);
    const char *text = make_value(c, out, &kind);
    if (text == NULL) {
        damaged(x, "a cell refers to a text that is not there");
        return;
    }
    size_t len = strlen(text);
    enum err err = sheet_line_set(&c->line, c->column, text, len, kind);
    if (err != OK) {
        sheet_xml_stop(x, err);
    } else if (len > 0 && c->column < SHEET_COLUMNS_MAX) {
        carry(c, text, len, kind);
    }
}

/* -- rows --------------------------------------------------------------------
 */

static void start_row(struct sheet_xml *x, const char **attrs)
{
    struct cells *c = x->user;
    const char *r = sheet_xml_attr(attrs, "r");
    int64_t row = c->row + 1;
    int column = 0;
    if (r != NULL) {
        (void)place_of(r, &row, &column);
    }
    if (c->in_row || row <= c->row || row > ROW_MAX) {
        damaged(x, "its rows are out of order");
        return;
    }
    c->in_row = true;
    c->row = row;
    c->column = -1;
    sheet_line_begin(&c->line);
}

static void end_row(struct sheet_xml *x)
{
    struct cells *c = x->user;
    enum err err = fill_merged(c);
    c->in_row = false;
    if (err == OK) {
        err = sheet_line_give(&c->line, c->row);
    }
    if (err != OK || c->line.enough) {
        sheet_xml_stop(x, err);
    }
}

static void start_cell(struct sheet_xml *x, const char **attrs)
{
    struct cells *c = x->user;
    const char *r = sheet_xml_attr(attrs, "r");
    const char *type = sheet_xml_attr(attrs, "t");
    const char *style = sheet_xml_attr(attrs, "s");
    int64_t row = c->row;
    int column = c->column + 1;
    if (r != NULL) {
        (void)place_of(r, &row, &column);
    }
    if (column <= c->column && c->column < SHEET_COLUMNS_MAX) {
        damaged(x, "its cells are out of order");
        return;
    }
    c->column = column > SHEET_COLUMNS_MAX ? SHEET_COLUMNS_MAX : column;
    c->style = style == NULL ? 0 : strtoul(style, NULL, 10);
    size_t len = type == NULL ? 0 : strlen(type);
    len = len < sizeof c->type ? len : sizeof c->type - 1;
    memcpy(c->type, type == NULL ? "" : type, len);
    c->type[len] = '\0';
    c->value.len = 0;
    c->in_value = false;
}

/* -- elements ----------------------------------------------------------------
 */

static void start_cells(struct sheet_xml *x, const char *name,
                        const char **attrs)
{
    struct cells *c = x->user;
    if (strcmp(name, "row") == 0) {
        start_row(x, attrs);
    } else if (strcmp(name, "c") == 0) {
        start_cell(x, attrs);
    } else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        c->in_value = c->in_phonetic == 0;
    } else if (strcmp(name, "rPh") == 0) {
        c->in_phonetic++;
    }
}

static void end_cells(struct sheet_xml *x, const char *name)
{
    struct cells *c = x->user;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        c->in_value = false;
    } else if (strcmp(name, "rPh") == 0) {
        c->in_phonetic--;
    } else if (strcmp(name, "c") == 0) {
        end_cell(x);
        c->value.len = 0;
    } else if (strcmp(name, "row") == 0) {
        end_row(x);
    }
}

static void text_of_cells(struct sheet_xml *x, const char *text, size_t len)
{
    struct cells *c = x->user;
    if (c->in_value && c->value.len <= SHEET_CELL_BYTES_MAX) {
        sheet_bytes_add(&c->value, text, len);
    }
}

static void cells_done(struct cells *c)
{
    for (int i = 0; i < SHEET_COLUMNS_MAX; i++) {
        free(c->carried[i].text);
    }
    free(c->merges);
    sheet_bytes_done(&c->value);
    sheet_line_done(&c->line);
    free(c);
}

enum err sheet_cells(const struct sheet_shared *shared,
                     const struct sheet_sink *sink,
                     enum err (*read)(void *user, struct sheet_xml *x),
                     void *user, struct problem *p)
{
    struct cells *c = must_alloc(sizeof *c);
    *c = (struct cells){.shared = shared, .line = {.sink = sink, .p = p}};
    struct sheet_xml merges = {.p = p, .user = c, .start = start_merge};
    struct sheet_xml rows = {.p = p,
                             .user = c,
                             .start = start_cells,
                             .end = end_cells,
                             .text = text_of_cells};
    enum err err = read(user, &merges);
    if (err == OK && c->n_merges > 0) {
        qsort(c->merges, c->n_merges, sizeof *c->merges, compare_merges);
    }
    if (err == OK) {
        err = read(user, &rows);
    }
    cells_done(c);
    return err;
}
