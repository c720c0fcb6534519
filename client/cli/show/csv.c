/* See csv.h for the one departure from the RFC. */
#include "client/cli/show/csv.h"

#include <stdbool.h>
#include <string.h>

#include "client/cli/show/cell.h"

/* -1, +3.5, 1e9: what a spreadsheet may rightly take as a number. */
static bool plain_number(const char *text)
{
    static const char digits[] = "0123456789";
    const char *at = text + strspn(text, "+-");
    size_t whole = strspn(at, digits);
    if (at > text + 1 || whole == 0) {
        return false;
    }
    at += whole;
    if (*at == '.') {
        at += 1 + strspn(at + 1, digits);
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '+' || *at == '-' ? 1 : 0;
        size_t exponent = strspn(at, digits);
        if (exponent == 0) {
            return false;
        }
        at += exponent;
    }
    return *at == '\0';
}

static bool formula(const char *text)
{
    static const char *const starts[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                         "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (strncmp(text, starts[i], strlen(starts[i])) == 0) {
            return !plain_number(text);
        }
    }
    return false;
}

void csv_field(FILE *out, const char *text)
{
    const char *guard = formula(text) ? "'" : "";
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fprintf(out, "%s%s", guard, text);
        return;
    }
    (void)fprintf(out, "\"%s", guard);
    for (; *text != '\0'; text++) {
        (void)fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, out);
    }
    (void)fputc('"', out);
}

static void csv_value(FILE *out, const json_t *value)
{
    if (json_is_string(value)) {
        csv_field(out, json_string_value(value));
    } else if (!json_is_null(value)) {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        csv_field(out, text == NULL ? "" : text);
        json_give_back(text);
    }
}

static void csv_row(FILE *out, const json_t *values)
{
    size_t i;
    const json_t *value;
    json_array_foreach(values, i, value)
    {
        if (i > 0) {
            (void)fputc(',', out);
        }
        csv_value(out, value);
    }
    (void)fputs("\r\n", out);
}

void csv_table(FILE *out, const json_t *table)
{
    csv_row(out, json_object_get(table, "columns"));
    csv_rows(out, table);
}

void csv_rows(FILE *out, const json_t *table)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(table, "rows"), i, row)
    {
        csv_row(out, row);
    }
}

void csv_members(FILE *out, json_t *object)
{
    const char *name;
    json_t *value;
    const char *comma = "";
    json_object_foreach(object, name, value)
    {
        (void)fputs(comma, out);
        csv_field(out, name);
        comma = ",";
    }
    (void)fputs("\r\n", out);
    comma = "";
    json_object_foreach(object, name, value)
    {
        (void)fputs(comma, out);
        csv_value(out, value);
        comma = ",";
    }
    (void)fputs("\r\n", out);
}
