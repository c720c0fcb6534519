/* The schema and its numbered changes. */
#ifndef BIHUAN_STORE_MIGRATE_H
#define BIHUAN_STORE_MIGRATE_H

#include <sqlite3.h>

#include "core/err.h"

/* In the header of the file: "Bihn". A file with another is not ours. */
#define APPLICATION_ID 0x4269686e

/* One step, to version `to`. The first of a list makes the newest version in an
 * empty file; the others each bring a file of the version before to theirs. */
struct migration {
    int to;
    const char *sql;
};

/* The program's own: the whole schema, then the changes, ascending. */
const struct migration *migrations(int *ret_n);

/* Brings a database to the newest version, each step in a transaction of its
 * own together with its new PRAGMA user_version, so that a crash leaves the old
 * or the new and nothing between. UNSUPPORTED if the file is newer than the
 * steps, or so old that no step leads on from it; CORRUPT if it is not a
 * database of ours. */
enum err migrate_run(sqlite3 *db, const struct migration *steps, int n,
                     struct problem *p);

/* Version of the open file; -1: not ours. 0: empty. */
enum err migrate_version(sqlite3 *db, int *ret);

#endif
