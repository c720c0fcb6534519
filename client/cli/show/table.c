/* Columns are as wide as their widest cell; see table.h for the shape. */
#include "client/cli/show/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/show/width.h"

enum {
    GAP = 2,
    COLUMN_LEAST = 8,   /* of a column that is cut, */
    COLUMN_ENOUGH = 14, /* and where there is room for six of them */
    INDENT = 4,
    HIDDEN = -1 /* the width of a column whose texts stand below */
};

void table_init(struct table *t, size_t columns)
{
    assert(columns > 0);
    *t = (struct table){.columns = columns};
}

void table_done(struct table *t)
{
    for (size_t i = 0; i < t->filled; i++) {
        free(t->cells[i].text);
    }
    free(t->cells);
    *t = (struct table){.columns = t->columns};
}

void table_put(struct table *t, char *text, enum paint paint, bool number)
{
    if (t->filled == t->room) {
        t->room = t->room == 0 ? 64 : t->room * 2;
        t->cells = must_realloc(t->cells, t->room * sizeof *t->cells);
    }
    t->cells[t->filled++] =
        (struct cell){.text = text, .paint = paint, .number = number};
    t->rows = t->filled / t->columns;
}

void table_put_text(struct table *t, const char *text)
{
    table_put(t, text_clean(text, false), PAINT_NONE, false);
}

void table_put_below(struct table *t, const char *text)
{
    table_put_text(t, text);
    t->cells[t->filled - 1].below = true;
}

static const struct cell *cell_at(const struct table *t, size_t row,
                                  size_t column)
{
    return &t->cells[row * t->columns + column];
}

static int natural_width(const struct table *t, size_t column)
{
    int width = 0;
    for (size_t row = 0; row < t->rows; row++) {
        int w = text_width(cell_at(t, row, column)->text);
        width = w > width ? w : width;
    }
    return width;
}

/* Numbers and instants are not cut: half of one says something else. */
static bool is_fixed(const struct table *t, size_t column)
{
    for (size_t row = 1; row < t->rows; row++) {
        const char *text = cell_at(t, row, column)->text;
        if (text[strspn(text, "0123456789.-: ")] != '\0') {
            return false;
        }
    }
    return true;
}

/* Three characters of a title say nothing; on a wide screen what is cut keeps
 * more, and other columns stand below. */
static int least_width(int room)
{
    int least = room / 6;
    return least < COLUMN_LEAST    ? COLUMN_LEAST
           : least > COLUMN_ENOUGH ? COLUMN_ENOUGH
                                   : least;
}

/* The widest of those wider than `most` that may be cut; n if there is none. */
static size_t widest(const struct table *t, const int *widths, int most)
{
    size_t best = t->columns;
    for (size_t i = 0; i < t->columns; i++) {
        if (widths[i] > most && !is_fixed(t, i)) {
            best = i;
            most = widths[i];
        }
    }
    return best;
}

static int total_width(const int *widths, size_t n)
{
    int total = -GAP;
    for (size_t i = 0; i < n; i++) {
        total += widths[i] == HIDDEN ? 0 : widths[i] + GAP;
    }
    return total;
}

/* All widths with the long texts and the last `n` of the others hidden; the
 * first column always stays. */
static void hide(const struct table *t, size_t n, int *widths)
{
    for (size_t i = t->columns; i-- > 0;) {
        bool below = cell_at(t, 0, i)->below || (n > 0 && i > 0);
        n -= !cell_at(t, 0, i)->below && n > 0 && i > 0 ? 1 : 0;
        widths[i] = below ? HIDDEN : natural_width(t, i);
    }
}

/* Takes from the widest, a cell at a time, as long as that helps. */
static bool make_fit(const struct table *t, int *widths, int room)
{
    int total = total_width(widths, t->columns);
    while (total > room) {
        size_t i = widest(t, widths, least_width(room));
        if (i == t->columns) {
            return false;
        }
        widths[i]--;
        total--;
    }
    return true;
}

static void print_blanks(FILE *out, int n)
{
    (void)fprintf(out, "%*s", n > 0 ? n : 0, "");
}

/* One cell in a column of that width; the last of a line is not filled up. */
static void print_cell(const struct screen *screen, const struct cell *cell,
                       int width, bool last)
{
    int w = text_width(cell->text);
    char *cut = NULL;
    if (w > width) {
        size_t bytes = text_fit(cell->text, width - 2, &w);
        cut = must_alloc(bytes + 3);
        memcpy(cut, cell->text, bytes);
        memcpy(cut + bytes, "..", 3);
        w += 2;
    }
    if (cell->number) {
        print_blanks(screen->out, width - w);
    }
    screen_paint(screen, cell->paint, cut == NULL ? cell->text : cut);
    if (!cell->number && !last) {
        print_blanks(screen->out, width - w);
    }
    free(cut);
}

/* Nothing but blanks follows this cell in its row. */
static bool ends_row(const struct table *t, size_t row, size_t column,
                     const int *widths)
{
    for (size_t i = column + 1; i < t->columns; i++) {
        if (widths[i] != HIDDEN && cell_at(t, row, i)->text[0] != '\0') {
            return false;
        }
    }
    return true;
}

static void print_row(const struct table *t, const struct screen *screen,
                      size_t row, const int *widths)
{
    for (size_t i = 0; i < t->columns; i++) {
        if (widths[i] == HIDDEN) {
            continue;
        }
        bool last = ends_row(t, row, i, widths);
        print_cell(screen, cell_at(t, row, i), widths[i], last);
        if (last) {
            break;
        }
        print_blanks(screen->out, GAP);
    }
    (void)fputc('\n', screen->out);
}

static void print_rule(const struct table *t, const struct screen *screen,
                       const int *widths)
{
    bool first = true;
    for (size_t i = 0; i < t->columns; i++) {
        if (widths[i] == HIDDEN) {
            continue;
        }
        print_blanks(screen->out, first ? 0 : GAP);
        for (int n = 0; n < widths[i]; n++) {
            (void)fputc('-', screen->out);
        }
        first = false;
    }
    (void)fputc('\n', screen->out);
}

static void print_wrapped(const struct screen *screen, const char *text)
{
    for (const char *at = text; *at != '\0';) {
        size_t len = text_line(at, screen->width - INDENT);
        size_t said = len;
        while (said > 0 && at[said - 1] == ' ') {
            said--;
        }
        print_blanks(screen->out, INDENT);
        (void)fprintf(screen->out, "%.*s\n", (int)said, at);
        at += len;
        at += strspn(at, " ");
    }
}

/* Adds "heading: text" to what stands below a row. */
static void add_below(char **said, const char *title, const char *text)
{
    const char *before = *said == NULL ? "" : *said;
    const char *gap = before[0] == '\0' ? "" : "  ";
    const char *colon = either("：", ": ");
    size_t size = strlen(before) + strlen(title) + strlen(text) + 8;
    char *now = must_alloc(size);
    (void)snprintf(now, size, "%s%s%s%s%s", before, gap, title, colon, text);
    free(*said);
    *said = now;
}

static void print_said(const struct screen *screen, char **said)
{
    if (*said != NULL) {
        print_wrapped(screen, *said);
        free(*said);
        *said = NULL;
    }
}

/* What found no place in the columns: short texts together on a line, each
 * long one on its own. */
static void print_texts(const struct table *t, const struct screen *screen,
                        size_t row, const int *widths, bool lengthy)
{
    char *said = NULL;
    for (size_t i = 0; i < t->columns; i++) {
        const struct cell *title = cell_at(t, 0, i);
        const char *text = cell_at(t, row, i)->text;
        if (widths[i] == HIDDEN && title->below == lengthy && text[0] != '\0') {
            add_below(&said, title->text, text);
        }
        if (lengthy) {
            print_said(screen, &said);
        }
    }
    print_said(screen, &said);
}

static void lay_out(const struct table *t, const struct screen *screen,
                    int *widths)
{
    for (size_t i = 0; i < t->columns; i++) {
        widths[i] = natural_width(t, i);
    }
    if (screen->width <= 0 ||
        total_width(widths, t->columns) <= screen->width) {
        return;
    }
    for (size_t n = 0; n < t->columns; n++) {
        hide(t, n, widths);
        if (make_fit(t, widths, screen->width)) {
            return;
        }
    }
}

void table_print(const struct table *t, const struct screen *screen)
{
    assert(t->rows > 0 && t->filled == t->rows * t->columns);
    int *widths = must_alloc(t->columns * sizeof *widths);
    lay_out(t, screen, widths);
    print_row(t, screen, 0, widths);
    print_rule(t, screen, widths);
    for (size_t row = 1; row < t->rows; row++) {
        print_row(t, screen, row, widths);
        print_texts(t, screen, row, widths, false);
        print_texts(t, screen, row, widths, true);
    }
    free(widths);
}
