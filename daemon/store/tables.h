/* The FOLD tables as the schema declares them: read from the database itself,
 * so that schema.sql is the only place that lists columns. */
#ifndef BIHUAN_STORE_TABLES_H
#define BIHUAN_STORE_TABLES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "daemon/store/store.h"

enum {
    COLUMNS_MAX = 40,
    KEYS_MAX = 4,
    COLUMN_NAME_SIZE = 24
};

struct column {
    char name[COLUMN_NAME_SIZE];
    enum cell_type type; /* INT, TEXT or BLOB */
    bool required;       /* NOT NULL without a default */
    bool implied;        /* an INT with a default: */
    int64_t standard;    /* the default, what a new row has unsaid */
};

struct table_def {
    const char *name;
    int n;
    int keys; /* the first so many columns are the key */
    struct column columns[COLUMNS_MAX];
};

/* Reads every FOLD table's columns. CORRUPT if one is not there or its key is
 * not its first columns. text.salt and text.body are left out: they are not in
 * the fold. */
enum err tables_read(sqlite3 *db, struct table_def ret[TABLE_COUNT]);

const char *table_name(enum table table);
/* By name; TABLE_COUNT if there is none. */
enum table table_find(const char *name, size_t len);
/* Index of a column, or -1. `hint` is where to look first: cells mostly come in
 * the order of the columns. */
int table_column(const struct table_def *def, const char *name, size_t len,
                 int hint);

#endif
