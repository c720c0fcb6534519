/* Columns are as wide as their widest cell; see table.h for the shape. */
#include "client/cli/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/file.h"
#include "client/cli/width.h"

enum {
    GAP = 2,
    COLUMN_LEAST = 8
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

static size_t widest(const int *widths, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        best = widths[i] > widths[best] ? i : best;
    }
    return best;
}

/* Takes from the widest, a column at a time, as long as that helps. */
static void make_fit(int *widths, size_t n, int room)
{
    int total = GAP * ((int)n - 1);
    for (size_t i = 0; i < n; i++) {
        total += widths[i];
    }
    while (total > room) {
        size_t i = widest(widths, n);
        if (widths[i] <= COLUMN_LEAST) {
            return;
        }
        widths[i]--;
        total--;
    }
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
static bool ends_row(const struct table *t, size_t row, size_t column)
{
    for (size_t i = column + 1; i < t->columns; i++) {
        if (cell_at(t, row, i)->text[0] != '\0') {
            return false;
        }
    }
    return true;
}

static void print_row(const struct table *t, const struct screen *screen,
                      size_t row, const int *widths)
{
    for (size_t i = 0; i < t->columns; i++) {
        bool last = ends_row(t, row, i);
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
    for (size_t i = 0; i < t->columns; i++) {
        for (int n = 0; n < widths[i]; n++) {
            (void)fputc('-', screen->out);
        }
        print_blanks(screen->out, i + 1 < t->columns ? GAP : 0);
    }
    (void)fputc('\n', screen->out);
}

void table_print(const struct table *t, const struct screen *screen)
{
    assert(t->rows > 0 && t->filled == t->rows * t->columns);
    int *widths = must_alloc(t->columns * sizeof *widths);
    for (size_t i = 0; i < t->columns; i++) {
        widths[i] = natural_width(t, i);
    }
    if (screen->width > 0) {
        make_fit(widths, t->columns, screen->width);
    }
    print_row(t, screen, 0, widths);
    print_rule(t, screen, widths);
    for (size_t row = 1; row < t->rows; row++) {
        print_row(t, screen, row, widths);
    }
    free(widths);
}
