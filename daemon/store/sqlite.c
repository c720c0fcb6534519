/* The prepared statements, and what SQLite's results mean. */
#include "daemon/store/internal.h"
#include "daemon/store/sqlite_err.h"

static const char *const statements[STMT_COUNT] = {
#define STATEMENT(id, ...) [STMT_##id] = __VA_ARGS__,
#include "daemon/store/statements.def"
#undef STATEMENT
};

enum err store_failed(struct store *s, enum err err)
{
    if (err == OK || err == ERR_EXISTS) {
        return err;
    }
    if (sqlite_flush_failed(sqlite3_extended_errcode(s->db))) {
        s->flush_failed = true;
    }
    if (err == ERR_DISK_FULL) {
        space_full(s);
    }
    /* SQLite may have rolled back by itself, or kept half of it: whatever it
     * did, this transaction must not be committed. */
    if (s->in_transaction && s->mode != STORE_READ && s->lost == OK) {
        s->lost = err;
    }
    return err;
}

enum err store_result(struct store *s, int rc)
{
    return store_failed(s, sqlite_err(rc));
}

enum err store_statement(struct store *s, enum statement id, sqlite3_stmt **ret)
{
    if (s->lost != OK) {
        /* SQLite may have ended the transaction: whatever ran now would be
         * committed by itself */
        return s->lost;
    }
    if (s->stmts[id] == NULL) {
        int rc =
            sqlite3_prepare_v3(s->db, statements[id], -1,
                               SQLITE_PREPARE_PERSISTENT, &s->stmts[id], NULL);
        if (rc != SQLITE_OK) {
            return store_result(s, rc);
        }
    }
    *ret = s->stmts[id];
    return OK;
}

static int bind_all(sqlite3_stmt *stmt, const struct cell *binds, int n)
{
    int rc = SQLITE_OK;
    for (int i = 0; rc == SQLITE_OK && i < n; i++) {
        rc = cell_bind(stmt, i + 1, &binds[i]);
    }
    return rc;
}

enum err store_run(struct store *s, enum statement id, const struct cell *binds,
                   int n)
{
    sqlite3_stmt *stmt = NULL;
    enum err err = store_statement(s, id, &stmt);
    if (err != OK) {
        return err;
    }
    int rc = bind_all(stmt, binds, n);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    err = store_result(s, rc);
    sqlite3_reset(stmt);
    return err;
}

enum err store_exec(struct store *s, const char *sql)
{
    return store_result(s, sqlite3_exec(s->db, sql, NULL, NULL, NULL));
}
