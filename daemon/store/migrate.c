/* The schema and its numbered changes: see migrate.h. */
#include "daemon/store/migrate.h"

#include <stdio.h>

#include "daemon/store/sqlite_err.h"

extern const char schema_sql[];
extern const char migration_002_sql[];
extern const char migration_003_sql[];

const struct migration *migrations(int *ret_n)
{
    static const struct migration steps[] = {
        {3, schema_sql},
        {2, migration_002_sql},
        {3, migration_003_sql},
    };
    *ret_n = (int)(sizeof steps / sizeof steps[0]);
    return steps;
}

static enum err number(sqlite3 *db, const char *sql, int *ret)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    if (rc == SQLITE_ROW) {
        *ret = sqlite3_column_int(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return sqlite_err(rc);
}

enum err migrate_version(sqlite3 *db, int *ret)
{
    int id = 0;
    int version = 0;
    int tables = 0;
    enum err err = number(db, "PRAGMA application_id", &id);
    if (err == OK) {
        err = number(db, "PRAGMA user_version", &version);
    }
    if (err == OK) {
        err = number(db, "SELECT count(*) FROM sqlite_schema", &tables);
    }
    if (err == OK) {
        bool empty = id == 0 && version == 0 && tables == 0;
        *ret = empty || id == APPLICATION_ID ? version : -1;
    }
    return err;
}

static enum err step(sqlite3 *db, const struct migration *m, struct problem *p)
{
    char mark[96];
    snprintf(mark, sizeof mark,
             "PRAGMA user_version = %d; PRAGMA application_id = %d; COMMIT",
             m->to, APPLICATION_ID);
    int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(db, m->sql, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(db, mark, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK) {
        return OK;
    }
    /* before the rollback, which went well */
    enum err err =
        problem_set(p, sqlite_err(rc), "data", "", sqlite3_errmsg(db));
    if (sqlite3_get_autocommit(db) == 0) {
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    return err;
}

/* The step that leads on from a version, or NULL. */
static const struct migration *next_step(const struct migration *steps, int n,
                                         int version)
{
    if (version == 0) {
        return &steps[0];
    }
    for (int i = 1; i < n; i++) {
        if (steps[i].to == version + 1) {
            return &steps[i];
        }
    }
    return NULL;
}

static enum err run_steps(sqlite3 *db, const struct migration *steps, int n,
                          int version, struct problem *p)
{
    while (version != steps[0].to) {
        const struct migration *next = next_step(steps, n, version);
        if (next == NULL) {
            return problem_set(p, ERR_UNSUPPORTED, "data", "a newer database",
                               "this program cannot bring it up to date");
        }
        enum err err = step(db, next, p);
        if (err != OK) {
            return err;
        }
        version = next->to;
    }
    return OK;
}

enum err migrate_run(sqlite3 *db, const struct migration *steps, int n,
                     struct problem *p)
{
    int version = 0;
    enum err err = migrate_version(db, &version);
    if (err != OK) {
        return problem_set(p, err, "data", "a readable database",
                           sqlite3_errmsg(db));
    }
    if (version < 0) {
        return problem_set(p, ERR_CORRUPT, "data", "a database of Bihuan",
                           "the file belongs to another program");
    }
    if (version > steps[0].to) {
        return problem_set(p, ERR_UNSUPPORTED, "data", "a newer program",
                           "the database was written by a newer version");
    }
    return run_steps(db, steps, n, version, p);
}
