/* CSV as RFC 4180 has it, safe to open in a spreadsheet.
 *
 * A field that begins with = + - @, their full-width forms, TAB or CR, and is
 * not a plain number, could run as a formula there: it gets an apostrophe in
 * front, which spreadsheets take as "this is text". Who reads the CSV with a
 * program takes that apostrophe off again, or uses --format json. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_CSV_H
#define BIHUAN_CLIENT_CLI_SHOW_CSV_H

#include <jansson.h>
#include <stdio.h>

/* One field, quoted where it must be. */
void csv_field(FILE *out, const char *text);

/* A table's rows under its wire names, or, from a result without a table, one
 * row of its members. Values are the wire's. Lines end in CR LF. */
void csv_table(FILE *out, const json_t *table);
/* The rows alone: a later page of the same table. */
void csv_rows(FILE *out, const json_t *table);
void csv_members(FILE *out, json_t *object);

#endif
