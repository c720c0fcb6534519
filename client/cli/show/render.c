/* Nothing here knows a command: who adds one gets its output for nothing. */
#include "client/cli/show/render.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/words.h"
#include "client/cli/show/cell.h"
#include "client/cli/show/csv.h"
#include "client/cli/show/facts.h"
#include "client/cli/show/table.h"
#include "client/cli/show/totals.h"
#include "client/cli/show/width.h"

static bool is_table(const json_t *value)
{
    return json_is_array(json_object_get(value, "columns")) &&
           json_array_size(json_object_get(value, "columns")) > 0 &&
           json_is_array(json_object_get(value, "rows"));
}

/* A line has room for it. */
static bool is_line(const char *name, const json_t *value)
{
    return cell_is_list(name, value) ||
           (!json_is_object(value) && !json_is_array(value));
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

/* -- what people read ---------------------------------------------------------
 */

/* Where it goes, and the names of the regulation's codes in it
 * (daemon/commands/words.h), NULL if there are none. */
struct paper {
    const struct screen *screen;
    const json_t *words;
};

/* The name of a code in the reader's language, else the value itself. */
static const json_t *named(const struct paper *p, const char *name,
                           const json_t *value)
{
    const json_t *names =
        json_object_get(json_object_get(p->words, name),
                        json_is_string(value) ? json_string_value(value) : "");
    const json_t *said = json_array_get(names, lang_now() == LANG_ZH ? 0 : 1);
    return json_is_string(said) ? said : value;
}

/* Nothing a reader would miss. */
static bool is_nothing(const json_t *value)
{
    const char *text = json_string_value(value);
    return value == NULL || json_is_null(value) || json_is_false(value) ||
           (text != NULL && (text[0] == '\0' || strcmp(text, "none") == 0));
}

/* As good as not there: no extension, no dispatch, no mark on the ticket. */
static bool is_absent(const char *name, const json_t *value)
{
    static const char *const names[] = {
        "turn",    "extensions",   "dispatch", "imported",
        "special", "confidential", "light",    "group"};
    bool zero = json_is_integer(value) && json_integer_value(value) == 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return zero || is_nothing(value);
        }
    }
    return value == NULL || json_is_null(value);
}

static bool column_silent(const char *name, const json_t *rows, size_t column)
{
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (!is_absent(name, json_array_get(row, column)) &&
            !is_nothing(json_array_get(row, column))) {
            return false;
        }
    }
    return true;
}

/* Who acted for somebody away is read with whom: columns `who` and `for`. */
static size_t column_find(const json_t *columns, const char *name)
{
    size_t i = 0;
    while (i < json_array_size(columns) &&
           strcmp(column_name(columns, i), name) != 0) {
        i++;
    }
    return i;
}

static bool is_deputy(const json_t *columns, const char *name)
{
    return strcmp(name, "for") == 0 &&
           column_find(columns, "who") < json_array_size(columns);
}

/* New reference: "B for A", or the value itself. */
static json_t *with_deputy(const json_t *columns, const json_t *row,
                           const char *name, json_t *value)
{
    const json_t *away = json_array_get(row, column_find(columns, "for"));
    if (strcmp(name, "who") != 0 || is_nothing(away) || is_nothing(value) ||
        !json_is_string(away)) {
        return json_incref(value);
    }
    json_t *both = json_sprintf("%s%s%s%s", json_string_value(value),
                                either("(代", " for "), json_string_value(away),
                                either(")", ""));
    return both != NULL ? both : json_incref(value);
}

/* Columns that are given a place: those in which something is said, or all, if
 * nothing is. Returns how many. */
static size_t choose(const json_t *columns, const json_t *rows, bool *ret)
{
    size_t n = json_array_size(columns);
    size_t shown = 0;
    for (size_t i = 0; i < n; i++) {
        const char *name = column_name(columns, i);
        ret[i] = !column_silent(name, rows, i) && !is_deputy(columns, name);
        shown += ret[i] ? 1 : 0;
    }
    for (size_t i = 0; shown == 0 && i < n; i++) {
        ret[i] = true;
    }
    return shown == 0 ? n : shown;
}

static bool is_long(const char *name)
{
    static const char *const names[] = {"text", "internal", "measure",
                                        "public"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A table on its way to paper. */
struct layout {
    const struct paper *paper;
    const json_t *columns;
    bool *shown;
    bool deliveries; /* it is one of deliveries */
    struct table table;
};

static void fill_row(struct layout *l, const json_t *row)
{
    bool dot = l->paper->screen->terminal;
    for (size_t i = 0; i < json_array_size(l->columns); i++) {
        const char *name = column_name(l->columns, i);
        if (!l->shown[i]) {
            continue;
        }
        if (is_absent(name, json_array_get(row, i))) {
            table_put_text(&l->table,
                           strcmp(name, "group") == 0 ? tr("(none)") : "");
            continue;
        }
        json_t *value =
            with_deputy(l->columns, row, name, json_array_get(row, i));
        /* a delivery's state is another thing than a ticket's */
        const char *set =
            l->deliveries && strcmp(name, "state") == 0 ? "delivery" : name;
        struct cell cell = cell_make(set, named(l->paper, name, value), dot);
        table_put(&l->table, cell.text, cell.paint, cell.number);
        json_decref(value);
    }
}

/* A heading stands over numbers at their side. */
static void fill_headings(struct layout *l, const json_t *first)
{
    char out[WORD_SIZE];
    for (size_t i = 0; i < json_array_size(l->columns); i++) {
        const char *name = column_name(l->columns, i);
        bool number = cell_is_number(json_array_get(first, i));
        /* the same names say how many and when */
        const char *said = number && strcmp(name, "filed") == 0 ? "filed_count"
                           : !number && strcmp(name, "closed") == 0
                               ? "closed_at"
                               : name;
        const char *text = heading(said, out);
        if (!l->shown[i]) {
            continue;
        }
        if (is_long(name)) {
            table_put_below(&l->table, text);
        } else {
            table_put(&l->table, text_clean(text, false), PAINT_NONE, number);
        }
    }
}

/* It stands in the last line of the main table. */
static bool is_total(json_t *result, const json_t *value)
{
    const json_t *columns = json_object_get(main_table(result), "columns");
    for (size_t i = 1; i < json_array_size(columns); i++) {
        if (totals_find(result, column_name(columns, i)) == value) {
            return true;
        }
    }
    return false;
}

/* The last line of a table whose sums are members of the result. */
static void fill_totals(struct layout *l, const json_t *result)
{
    size_t n = json_array_size(l->columns);
    if (n < 2 || totals_find(result, column_name(l->columns, 1)) == NULL) {
        return;
    }
    table_put_text(&l->table, tr("Total"));
    for (size_t i = 1; i < n; i++) {
        const char *name = column_name(l->columns, i);
        const json_t *total = totals_find(result, name);
        if (l->shown[i] && total != NULL) {
            struct cell cell = cell_make(name, total, false);
            table_put(&l->table, cell.text, cell.paint, cell.number);
        } else if (l->shown[i]) {
            table_put_text(&l->table, "");
        }
    }
}

static bool has_column(const json_t *table, const char *name)
{
    const json_t *columns = json_object_get(table, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        if (strcmp(column_name(columns, i), name) == 0) {
            return true;
        }
    }
    return false;
}

static void print_table(const struct paper *paper, const json_t *value,
                        const json_t *result)
{
    const json_t *rows = json_object_get(value, "rows");
    struct layout l = {.paper = paper,
                       .columns = json_object_get(value, "columns"),
                       .deliveries = has_column(value, "hook")};
    if (json_array_size(rows) == 0) {
        (void)fprintf(paper->screen->out, "%s\n", tr("(none)"));
        return;
    }
    l.shown = must_alloc(json_array_size(l.columns) * sizeof *l.shown);
    table_init(&l.table, choose(l.columns, rows, l.shown));
    fill_headings(&l, json_array_get(rows, 0));
    size_t i;
    const json_t *row;
    json_array_foreach(rows, i, row)
    {
        fill_row(&l, row);
    }
    fill_totals(&l, result);
    table_print(&l.table, paper->screen);
    table_done(&l.table);
    free(l.shown);
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

static void print_scalar(const struct paper *paper, const char *name,
                         const json_t *value)
{
    char out[WORD_SIZE];
    const struct screen *screen = paper->screen;
    (void)fprintf(screen->out, "%s%s", heading(name, out), either("：", ": "));
    const char *text = json_string_value(value);
    if (text != NULL && strchr(text, '\n') != NULL) {
        print_text(text, screen);
        return;
    }
    struct cell cell =
        cell_make(name, named(paper, name, value), screen->terminal);
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

static size_t print_scalars(const struct paper *paper, json_t *result)
{
    size_t printed = 0;
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        if (elsewhere(result, name, value)) {
            continue;
        }
        if (is_line(name, value) && !is_absent(name, value)) {
            print_scalar(paper, name, value);
            printed++;
        } else if (facts_are(value)) {
            facts_print(name, value, paper->screen);
            printed++;
        }
    }
    return printed;
}

static void print_titled(const struct paper *paper, const char *name,
                         const json_t *value)
{
    char out[WORD_SIZE];
    (void)fprintf(paper->screen->out, "%s%s\n", heading(name, out),
                  either("：", ":"));
    if (is_table(value)) {
        print_table(paper, value, NULL);
    } else {
        print_other(value, paper->screen);
    }
}

/* Tables, and what is more than a line. */
static bool stands_below(json_t *result, const char *name, json_t *value)
{
    return !is_line(name, value) && !facts_are(value) &&
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

static void print_structures(const struct paper *paper, json_t *result,
                             bool behind)
{
    size_t n = count_structures(result);
    const char *name;
    json_t *value;
    json_object_foreach(result, name, value)
    {
        bool empty = n > 1 && behind && is_table(value) &&
                     json_array_size(json_object_get(value, "rows")) == 0;
        if (!stands_below(result, name, value) || empty) {
            continue;
        }
        if (behind) {
            (void)fputc('\n', paper->screen->out);
        }
        behind = true;
        if (n == 1 && is_table(value)) {
            print_table(paper, value, result);
        } else {
            print_titled(paper, name, value);
        }
    }
}

static struct paper paper_of(json_t *result, const struct screen *screen)
{
    return (struct paper){.screen = screen,
                          .words = json_object_get(result, "words")};
}

void render_table(json_t *result, const struct screen *screen)
{
    struct paper paper = paper_of(result, screen);
    if (!json_is_object(result)) {
        print_other(result, screen);
        return;
    }
    if (is_table(result)) {
        print_table(&paper, result, NULL);
        return;
    }
    bool behind = print_scalars(&paper, result) > 0;
    print_structures(&paper, result, behind);
}

void render_members(json_t *result, const struct screen *screen)
{
    struct paper paper = paper_of(result, screen);
    (void)print_scalars(&paper, result);
}

void render_member(json_t *result, const char *name,
                   const struct screen *screen)
{
    struct paper paper = paper_of(result, screen);
    json_t *value = json_object_get(result, name);
    if (is_table(value)) {
        print_table(&paper, value, NULL);
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

void render_csv_more(json_t *result, const struct screen *screen)
{
    const json_t *table = main_table(result);
    if (table != NULL) {
        csv_rows(screen->out, table);
    }
}

const char *render_next(json_t *result)
{
    return json_string_value(json_object_get(result, "next"));
}
