/* Nothing here knows a command: who adds one gets its output for nothing. */
#include "client/cli/show/render.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/show/cell.h"
#include "client/cli/show/csv.h"
#include "client/cli/show/facts.h"
#include "client/cli/show/rows.h"
#include "client/cli/show/shape.h"
#include "client/cli/show/totals.h"
#include "client/cli/show/width.h"

/* It stands in the last line of the main table. */
static bool is_total(json_t *result, const json_t *value)
{
    const json_t *columns =
        json_object_get(shape_main_table(result), "columns");
    for (size_t i = 1; i < json_array_size(columns); i++) {
        if (totals_find(result, shape_column(columns, i)) == value) {
            return true;
        }
    }
    return false;
}

/* Lines after the first of a long text stand under its beginning. */
static void print_text(const char *text, const struct screen *screen)
{
    char *clean = text_clean(text, true);
    for (char *line = clean; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        (void)fprintf(screen->out, "%s%s\n", line == clean ? "" : "    ", line);
        line = end == NULL ? NULL : end + 1;
    }
    free(clean);
}

static void print_scalar(const struct page *page, const char *name,
                         const json_t *value)
{
    char out[WORD_SIZE];
    const struct screen *screen = page->screen;
    (void)fprintf(screen->out, "%s%s", heading(name, out), either("：", ": "));
    const char *text = json_string_value(value);
    if (text != NULL && strchr(text, '\n') != NULL) {
        print_text(text, screen);
        return;
    }
    struct cell cell =
        cell_make(name, page_named(page, name, value), screen->terminal);
    screen_paint(screen, cell.paint, cell.text);
    (void)fputc('\n', screen->out);
    free(cell.text);
}

/* A list of words on one line; any other structure as JSON. */
static void print_other(const json_t *value, const struct screen *screen)
{
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);
    if (text != NULL) {
        char *clean = text_clean(text, true);
        (void)fprintf(screen->out, "%s\n", clean);
        free(clean);
    }
    json_give_back(text);
}

/* Members that are printed in another place than their own. */
static bool elsewhere(json_t *result, const char *name, const json_t *value)
{
    return strcmp(name, "words") == 0 || strcmp(name, "next") == 0 ||
           is_total(result, value);
}

static size_t print_scalars(const struct page *page, json_t *result)
{
    size_t printed = 0;
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        if (elsewhere(result, name, value)) {
            continue;
        }
        if (shape_is_line(name, value) && !shape_is_absent(name, value)) {
            print_scalar(page, name, value);
            printed++;
        } else if (facts_are(value)) {
            facts_print(name, value, page->screen);
            printed++;
        }
    }
    return printed;
}

static void print_titled(const struct page *page, const char *name,
                         const json_t *value)
{
    char out[WORD_SIZE];
    (void)fprintf(page->screen->out, "%s%s\n", heading(name, out),
                  either("：", ":"));
    if (shape_is_table(value)) {
        rows_print(page, value, NULL);
    } else {
        print_other(value, page->screen);
    }
}

/* Tables, and what is more than a line. */
static bool stands_below(json_t *result, const char *name, json_t *value)
{
    return !shape_is_line(name, value) && !facts_are(value) &&
           !elsewhere(result, name, value);
}

static size_t count_structures(json_t *result)
{
    size_t n = 0;
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        n += stands_below(result, name, value) ? 1 : 0;
    }
    return n;
}

static void print_structures(const struct page *page, json_t *result,
                             bool behind)
{
    size_t n = count_structures(result);
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        bool empty = n > 1 && behind && shape_is_table(value) &&
                     json_array_size(json_object_get(value, "rows")) == 0;
        if (!stands_below(result, name, value) || empty) {
            continue;
        }
        if (behind) {
            (void)fputc('\n', page->screen->out);
        }
        behind = true;
        if (n == 1 && shape_is_table(value)) {
            rows_print(page, value, result);
        } else {
            print_titled(page, name, value);
        }
    }
}

static struct page page_of(json_t *result, const struct screen *screen)
{
    return (struct page){.screen = screen,
                         .words = json_object_get(result, "words")};
}

void render_table(json_t *result, const struct screen *screen)
{
    struct page page = page_of(result, screen);
    if (!json_is_object(result)) {
        print_other(result, screen);
        return;
    }
    if (shape_is_table(result)) {
        rows_print(&page, result, NULL);
        return;
    }
    bool behind = print_scalars(&page, result) > 0;
    print_structures(&page, result, behind);
}

void render_members(json_t *result, const struct screen *screen)
{
    struct page page = page_of(result, screen);
    (void)print_scalars(&page, result);
}

void render_member(json_t *result, const char *name,
                   const struct screen *screen)
{
    struct page page = page_of(result, screen);
    json_t *value = json_object_get(result, name);
    if (shape_is_table(value)) {
        rows_print(&page, value, NULL);
    }
}

void render_json(const char *text, json_t *result, const struct screen *screen)
{
    if (screen->terminal) {
        print_other(result, screen);
    } else {
        (void)fprintf(screen->out, "%s\n", text);
    }
}

void render_csv(json_t *result, const struct screen *screen)
{
    const json_t *table = shape_main_table(result);
    if (table != NULL) {
        csv_table(screen->out, table);
    } else if (json_is_object(result)) {
        csv_members(screen->out, result);
    }
}

void render_csv_more(json_t *result, const struct screen *screen)
{
    const json_t *table = shape_main_table(result);
    if (table != NULL) {
        csv_rows(screen->out, table);
    }
}

const char *render_next(json_t *result)
{
    return json_string_value(json_object_get(result, "next"));
}
