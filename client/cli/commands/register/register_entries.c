/* The headings are looked for among the first rows: the one that names most
 * fields wins, so that a title that happens to be a field's name does not. */
#include "client/cli/commands/register/register_entries.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/commands/register/register_value.h"
#include "client/cli/files/file.h"
#include "client/cli/language/lang.h"
#include "client/cli/show/complain.h"
#include "client/cli/show/width.h"

/* -- what is told ------------------------------------------------------------
 */

void entries_tell(struct entries *entries, int64_t line, const char *heading,
                  const struct bihuan_error *error)
{
    struct bihuan_error e = *error;
    char *clean = text_clean(heading, false);
    if (heading[0] != '\0') { /* says it in the file's own words */
        e.param[0] = '\0';
    }
    entries->bad++;
    (void)fprintf(stderr, "%s%" PRId64 "%s%s%s%s", either("第 ", "line "), line,
                  either(" 行", ""), clean[0] == '\0' ? "" : ", ", clean,
                  either("：", ": "));
    complain_short(stderr, &e);
    (void)fputc('\n', stderr);
    free(clean);
}

const char *entry_heading(const struct entries *entries, const struct entry *e,
                          const struct bihuan_error *error)
{
    int n = 0;
    const struct field *fields = fields_of(entries->kind, &n);
    for (int i = 0; i < n; i++) {
        bool person = e != NULL && strcmp(error->param, "person") == 0 &&
                      strcmp(fields[i].param, "as") != 0 && i == e->person;
        if ((person || strcmp(fields[i].param, error->param) == 0) &&
            entries->headings[i] != NULL) {
            return entries->headings[i];
        }
    }
    return "";
}

static void tell(struct entries *entries, int64_t line, const struct problem *p)
{
    struct bihuan_error error = error_of(p);
    entries_tell(entries, line, entry_heading(entries, NULL, &error), &error);
}

/* -- headings ----------------------------------------------------------------
 */

struct search {
    struct entries *entries;
    int rows;
    int best;
};

static void take_headings(struct entries *entries, const struct sheet_row *row,
                          const int *columns)
{
    int n = 0;
    (void)fields_of(entries->kind, &n);
    entries->heading_line = row->line;
    for (int i = 0; i < n; i++) {
        free(entries->headings[i]);
        entries->columns[i] = columns[i];
        entries->headings[i] =
            columns[i] < 0 ? NULL : must_copy(row->cells[columns[i]].text);
    }
}

static bool look_at_row(void *user, const struct sheet_row *row)
{
    struct search *s = user;
    int columns[FIELDS_MAX];
    int found = fields_match(s->entries->kind, row, columns);
    if (found > s->best) {
        s->best = found;
        take_headings(s->entries, row, columns);
    }
    return ++s->rows < HEADING_ROWS;
}

static enum err no_headings(const struct entries *entries, struct problem *p)
{
    char needed[PROBLEM_TEXT_SIZE / 2];
    char expected[PROBLEM_TEXT_SIZE];
    fields_needed(entries->kind, needed, sizeof needed);
    (void)snprintf(expected, sizeof expected,
                   "a row of headings with at least '%s'", needed);
    return problem_set(p, ERR_BAD_PARAM, "file", expected,
                       "none of the first 20 rows has them");
}

/* *ret: the sheet that has them. */
static enum err find_headings(struct entries *entries, struct sheet_book *book,
                              int *ret, struct problem *p)
{
    for (int i = 0; i < sheet_count(book); i++) {
        struct search search = {.entries = entries};
        struct sheet_sink sink = {&search, look_at_row};
        enum err err = sheet_read(book, i, &sink, p);
        if (err != OK || search.best > 0) {
            *ret = i;
            return err;
        }
    }
    return no_headings(entries, p);
}

/* -- rows --------------------------------------------------------------------
 */

static const struct sheet_cell *cell_of(const struct entries *entries,
                                        const struct sheet_row *row, int field)
{
    static const struct sheet_cell none = {"", SHEET_TEXT};
    int column = entries->columns[field];
    return column < 0 || column >= row->n ? &none : &row->cells[column];
}

/* Numbered lines that nobody has filled in, and remarks below the table. */
static bool says_nothing(const struct entries *entries,
                         const struct sheet_row *row)
{
    static const char *const remarks[] = {"注",   "备注", "说明", "合计",
                                          "总计", "填表", "制表", "单位盖章"};
    int n = 0;
    const struct field *fields = fields_of(entries->kind, &n);
    for (int i = 0; i < n; i++) {
        const char *text = cell_of(entries, row, i)->text;
        if (fields[i].need != NEED_NOT &&
            text[strspn(text, " \t\r\n")] != '\0') {
            n = 0;
        }
    }
    bool remark = false;
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        remark = remark || strncmp(row->cells[0].text, remarks[i],
                                   strlen(remarks[i])) == 0;
    }
    return n > 0 || (remark && row->n <= 2);
}

static struct entry *add_entry(struct entries *entries, int64_t line,
                               json_t *params)
{
    if (entries->n == entries->room) {
        entries->room = entries->room * 2 + 64;
        entries->list =
            must_realloc(entries->list, entries->room * sizeof *entries->list);
    }
    struct entry *e = &entries->list[entries->n++];
    *e = (struct entry){.line = line, .params = params, .person = -1};
    return e;
}

static enum err missing(const struct field *field, struct problem *p)
{
    return problem_set(p, ERR_BAD_PARAM, field->param, "a value",
                       "the cell is empty");
}

/* Every field that has a value; a refused one ends the row. */
static enum err read_values(const struct entries *entries,
                            const struct sheet_row *row, json_t *values,
                            struct problem *p)
{
    int n = 0;
    enum err err = OK;
    const struct field *fields = fields_of(entries->kind, &n);
    for (int i = 0; err == OK && i < n; i++) {
        char *text = NULL;
        err = field_value(&fields[i], cell_of(entries, row, i), &text, p);
        if (err == OK && text != NULL) {
            (void)json_object_set_new(values, fields[i].param,
                                      json_string(text));
        } else if (err == OK && fields[i].need == NEED_EACH) {
            err = missing(&fields[i], p);
        }
        free(text);
    }
    return err;
}

/* One row may name the steward, the specialist, or both; or one person and
 * which of the two they are. */
static int add_guides(struct entries *entries, int64_t line, json_t *values)
{
    static const struct {
        const char *field;
        const char *as;
    } ways[] = {
        {"person", NULL}, {"steward", "steward"}, {"specialist", "specialist"}};
    int added = 0;
    int n = 0;
    const struct field *fields = fields_of(ROWS_GUIDES, &n);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        json_t *person = json_object_get(values, ways[i].field);
        json_t *as = ways[i].as == NULL ? json_object_get(values, "as") : NULL;
        if (person == NULL) {
            continue;
        }
        struct entry *e =
            add_entry(entries, line,
                      json_pack("{s:O, s:O, s:s}", "enterprise",
                                json_object_get(values, "enterprise"), "person",
                                person, "as",
                                as != NULL           ? json_string_value(as)
                                : ways[i].as != NULL ? ways[i].as
                                                     : "steward"));
        added++;
        for (int field = 0; field < n; field++) {
            e->person = strcmp(fields[field].param, ways[i].field) == 0
                            ? field
                            : e->person;
        }
    }
    return added;
}

static bool take_row(void *user, const struct sheet_row *row)
{
    struct entries *entries = user;
    struct problem p;
    if (row->line <= entries->heading_line || says_nothing(entries, row)) {
        return true;
    }
    json_t *values = json_object();
    entries->rows++;
    enum err err = read_values(entries, row, values, &p);
    if (err == OK && entries->kind != ROWS_GUIDES) {
        (void)add_entry(entries, row->line, json_incref(values));
    } else if (err == OK && add_guides(entries, row->line, values) == 0) {
        err = problem_set(&p, ERR_BAD_PARAM, "person", "a value",
                          "the cell is empty");
    }
    if (err != OK) {
        tell(entries, row->line, &p);
    }
    json_decref(values);
    return true;
}

enum err entries_read(struct entries *entries, enum register_rows kind,
                      const char *bytes, size_t len, struct problem *p)
{
    struct sheet_book *book = NULL;
    struct sheet_sink sink = {entries, take_row};
    int sheet = 0;
    *entries = (struct entries){.kind = kind};
    enum err err = sheet_open(bytes, len, &book, p);
    if (err != OK) {
        return err;
    }
    err = find_headings(entries, book, &sheet, p);
    if (err == OK && sheet_count(book) > 1) {
        char *name = text_clean(sheet_name(book, sheet), false);
        (void)fprintf(stderr, "bihuan: %s%s%s\n", tr("sheet"),
                      either("：", ": "), name);
        free(name);
    }
    if (err == OK) {
        err = sheet_read(book, sheet, &sink, p);
    }
    sheet_close(book);
    return err;
}

void entries_done(struct entries *entries)
{
    for (size_t i = 0; i < entries->n; i++) {
        json_decref(entries->list[i].params);
    }
    for (int i = 0; i < FIELDS_MAX; i++) {
        free(entries->headings[i]);
    }
    free(entries->list);
    *entries = (struct entries){.n = 0};
}
