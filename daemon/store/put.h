/* Puts rows into FOLD tables: one cached statement for each (table, set of
 * columns). The live store and verify's fold use the same code, so that a
 * record means the same to both. */
#ifndef BIHUAN_STORE_PUT_H
#define BIHUAN_STORE_PUT_H

#include <sqlite3.h>
#include <stdint.h>

#include "daemon/store/tables.h"

enum {
    PUT_CACHE = 256
};

struct put_entry {
    uint64_t columns; /* bit i: column i is given */
    enum table table;
    sqlite3_stmt *stmt;
};

struct putter {
    sqlite3 *db;
    struct table_def tables[TABLE_COUNT];
    struct put_entry cache[PUT_CACHE];
};

enum err putter_init(struct putter *p, sqlite3 *db);
void putter_done(struct putter *p);

/* As store_put(). CORRUPT when a cell does not fit the table: an unknown or
 * repeated column, a key that is not first, a wrong type, or an update of a row
 * that is not there. Other errors as sqlite_err(). */
enum err putter_put(struct putter *p, enum table table,
                    const struct cell *cells, int n);

/* Binds a cell to parameter `i` of a statement; the bytes are borrowed. */
int cell_bind(sqlite3_stmt *stmt, int i, const struct cell *cell);

#endif
