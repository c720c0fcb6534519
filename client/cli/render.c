/* Nothing here knows a command: who adds one gets its output for nothing. */
#include "client/cli/render.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/cell.h"
#include "client/cli/csv.h"
#include "client/cli/file.h"
#include "client/cli/lang.h"
#include "client/cli/table.h"
#include "client/cli/width.h"
#include "client/cli/words.h"

static bool is_table(const json_t *value)
{
    return json_is_array(json_object_get(value, "columns")) &&
           json_array_size(json_object_get(value, "columns")) > 0 &&
           json_is_array(json_object_get(value, "rows"));
}

static bool is_scalar(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static json_t *main_table(json_t *result)
{
    if (is_table(result)) {
        return result;
    }
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        if (is_table(value)) {
            return value;
        }
    }
    return NULL;
}

static const char *column_name(const json_t *columns, size_t i)
{
    const char *name = json_string_value(json_array_get(columns, i));
    return name == NULL ? "" : name;
}

static void fill_row(struct table *t, const json_t *columns, const json_t *row,
                     bool dot)
{
    for (size_t i = 0; i < t->columns; i++) {
        const json_t *value = json_array_get(row, i);
        if (value == NULL) {
            table_put_text(t, "");
            continue;
        }
        struct cell cell = cell_make(column_name(columns, i), value, dot);
        table_put(t, cell.text, cell.paint, cell.number);
    }
}

/* A heading stands over numbers at their side. */
static void fill_headings(struct table *t, const json_t *columns,
                          const json_t *first)
{
    char out[WORD_SIZE];
    for (size_t i = 0; i < t->columns; i++) {
        const char *text = heading(column_name(columns, i), out);
        table_put(t, text_clean(text, false), PAINT_NONE,
                  json_is_number(json_array_get(first, i)));
    }
}

static void print_table(const json_t *value, const struct screen *screen)
{
    const json_t *columns = json_object_get(value, "columns");
    const json_t *rows = json_object_get(value, "rows");
    if (json_array_size(rows) == 0) {
        (void)fprintf(screen->out, "%s\n", tr("(none)"));
        return;
    }
    struct table t;
    table_init(&t, json_array_size(columns));
    fill_headings(&t, columns, json_array_get(rows, 0));
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        fill_row(&t, columns, row, screen->terminal);
    }
    table_print(&t, screen);
    table_done(&t);
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

static void print_scalar(const char *name, const json_t *value,
                         const struct screen *screen)
{
    char out[WORD_SIZE];
    (void)fprintf(screen->out, "%s%s", heading(name, out), either("：", ": "));
    const char *text = json_string_value(value);
    if (text != NULL && strchr(text, '\n') != NULL) {
        print_text(text, screen);
        return;
    }
    struct cell cell = cell_make(name, value, screen->terminal);
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

static size_t print_scalars(json_t *result, const struct screen *screen)
{
    size_t others = 0;
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        if (!is_scalar(value)) {
            others++;
        } else if (!json_is_null(value)) {
            print_scalar(name, value, screen);
        }
    }
    return others;
}

static void print_titled(const char *name, const json_t *value,
                         const struct screen *screen)
{
    char out[WORD_SIZE];
    (void)fprintf(screen->out, "%s%s\n", heading(name, out), either("：", ":"));
    if (is_table(value)) {
        print_table(value, screen);
    } else {
        print_other(value, screen);
    }
}

void render_table(json_t *result, const struct screen *screen)
{
    if (!json_is_object(result)) {
        print_other(result, screen);
        return;
    }
    if (is_table(result)) {
        print_table(result, screen);
        return;
    }
    size_t others = print_scalars(result, screen);
    bool scalars = json_object_size(result) > others;
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        if (is_scalar(value)) {
            continue;
        }
        if (scalars) {
            (void)fputc('\n', screen->out);
        }
        scalars = true;
        if (others == 1 && is_table(value)) {
            print_table(value, screen);
        } else {
            print_titled(name, value, screen);
        }
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
    const json_t *table = main_table(result);
    if (table != NULL) {
        csv_table(screen->out, table);
    } else if (json_is_object(result)) {
        csv_members(screen->out, result);
    }
}

const char *render_next(json_t *result)
{
    return json_string_value(json_object_get(main_table(result), "next"));
}
