/* A table as offices have it, row by row: CSV in UTF-8, UTF-16 or GB18030,
 * separated by commas, semicolons or tabs; or XLSX (ECMA-376) as Excel, WPS and
 * LibreOffice write it. Every size is bounded by core/limits.h.
 *
 * What is read is what the file says. What a row means is the caller's matter.
 */
#ifndef BIHUAN_CLIENT_CLI_SHEET_SHEET_H
#define BIHUAN_CLIENT_CLI_SHEET_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

/* Of CSV everything is TEXT. A NUMBER of a workbook is as its cell holds it:
 * whole ones below 10^15 in full, larger ones as 9.13502E+17, since a
 * spreadsheet keeps fifteen digits. A DATE is 2026-11-20 or 2026-11-20
 * 08:30:00.
 */
enum sheet_kind {
    SHEET_TEXT,
    SHEET_NUMBER,
    SHEET_DATE
};

struct sheet_cell {
    const char *text; /* UTF-8, NUL-ended, "" for an empty cell */
    enum sheet_kind kind;
};

/* One row in which something stands; empty ones are left out. */
struct sheet_row {
    int64_t line; /* of the file where it begins, or the workbook's row */
    int n;        /* at most SHEET_COLUMNS_MAX */
    const struct sheet_cell *cells;
};

struct sheet_sink {
    void *user;
    /* The row is borrowed for the call; false ends the reading. */
    bool (*row)(void *user, const struct sheet_row *row);
};

struct sheet_book;

/* Borrows `bytes` until sheet_close(). *ret is written on success only.
 * UNSUPPORTED: an old .xls, a workbook with a password, UTF-32; BAD_UTF8: no
 * encoding fits, with the line; NUL_BYTE; BAD_PARAM: a damaged workbook; LIMIT:
 * one of the bounds, named. p->param is "file". */
enum err sheet_open(const char *bytes, size_t len, struct sheet_book **ret,
                    struct problem *p);
void sheet_close(struct sheet_book *book);

/* A CSV file is one sheet without a name; of a workbook the hidden sheets are
 * left out. */
int sheet_count(const struct sheet_book *book);
const char *sheet_name(const struct sheet_book *book, int i);

/* All rows of sheet `i`, or until the sink has enough. A cell merged over
 * several rows counts in each of them. Errors as above, found on the way: rows
 * before it were given. */
enum err sheet_read(struct sheet_book *book, int i,
                    const struct sheet_sink *sink, struct problem *p);

#endif
