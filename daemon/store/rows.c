/* Cursors over what a statement finds. */
#include <assert.h>

#include "daemon/store/internal.h"

static enum err begin(struct store *s, sqlite3_stmt *stmt,
                      const struct cell *binds, int n, struct rows *ret)
{
    assert(sqlite3_bind_parameter_count(stmt) <= n);
    int rc = SQLITE_OK;
    int wanted = sqlite3_bind_parameter_count(stmt);
    for (int i = 0; rc == SQLITE_OK && i < wanted; i++) {
        rc = cell_bind(stmt, i + 1, &binds[i]);
    }
    *ret = (struct rows){.store = s,
                         .handle = stmt,
                         .statement = STMT_COUNT,
                         .err = store_result(s, rc)};
    return ret->err;
}

/* Nothing is open: rows_next() finds none, rows_end() tells why. */
static enum err not_begun(struct store *s, enum err err, struct rows *ret)
{
    *ret = (struct rows){.store = s, .err = err};
    return err;
}

static enum err begin_text(struct store *s, const char *sql,
                           const struct cell *binds, int n, struct rows *ret)
{
    sqlite3_stmt *stmt = NULL;
    if (s->lost != OK) {
        return not_begun(s, s->lost, ret);
    }
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) {
        return not_begun(s, store_result(s, rc), ret);
    }
    enum err err = begin(s, stmt, binds, n, ret);
    if (err != OK) {
        sqlite3_finalize(stmt);
        ret->handle = NULL;
    }
    return err;
}

enum err rows_begin_text(struct store *s, const char *sql,
                         const struct cell *binds, int n, struct rows *ret)
{
    return begin_text(s, sql, binds, n, ret);
}

enum err rows_begin(struct store *s, enum statement statement,
                    const struct cell *binds, int n, struct rows *ret)
{
    sqlite3_stmt *stmt;
    enum err err = store_statement(s, statement, &stmt);
    if (err != OK) {
        return not_begun(s, err, ret);
    }
    if (s->busy[statement]) { /* a cursor inside a cursor of the same kind */
        return begin_text(s, sqlite3_sql(stmt), binds, n, ret);
    }
    err = begin(s, stmt, binds, n, ret);
    ret->statement = statement;
    s->busy[statement] = err == OK;
    ret->handle = err == OK ? stmt : NULL;
    return err;
}

bool rows_next(struct rows *r)
{
    if (r->err != OK) {
        return false;
    }
    int rc = sqlite3_step(r->handle);
    r->err = store_result(r->store, rc);
    return r->err == OK && rc == SQLITE_ROW;
}

enum err rows_end(struct rows *r)
{
    if (r->handle == NULL) {
        return r->err;
    }
    if (r->statement == STMT_COUNT) {
        sqlite3_finalize(r->handle);
    } else {
        sqlite3_reset(r->handle);
        r->store->busy[r->statement] = false;
    }
    r->handle = NULL;
    return r->err;
}

bool rows_null(const struct rows *r, int column)
{
    return sqlite3_column_type(r->handle, column) == SQLITE_NULL;
}

int64_t rows_int(const struct rows *r, int column)
{
    return sqlite3_column_int64(r->handle, column);
}

int64_t rows_int_or(const struct rows *r, int column, int64_t null)
{
    return rows_null(r, column) ? null : rows_int(r, column);
}

const char *rows_text(const struct rows *r, int column)
{
    const unsigned char *text = sqlite3_column_text(r->handle, column);
    return text == NULL ? "" : (const char *)text;
}

enum err rows_number(struct store *s, enum statement statement,
                     const struct cell *binds, int n, int64_t none,
                     int64_t *ret)
{
    struct rows rows;
    rows_begin(s, statement, binds, n, &rows);
    int64_t number = rows_next(&rows) ? rows_int_or(&rows, 0, none) : none;
    enum err err = rows_end(&rows);
    if (err == OK) {
        *ret = number;
    }
    return err;
}
