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
    int rc;
    if (r->statement == STMT_COUNT) {
        rc = sqlite3_finalize(r->handle);
    } else {
        rc = sqlite3_reset(r->handle);
        r->store->busy[r->statement] = false;
    }
    r->handle = NULL;
    if (r->err == OK) { /* a value of the last row may have found no memory */
        r->err = store_result(r->store, rc);
    }
    if (r->store->misread) {
        r->store->misread = false;
        r->err = r->err == OK ? ERR_CORRUPT : r->err;
    }
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

int rows_enum(const struct rows *r, int column, int count)
{
    int64_t n = rows_int(r, column);
    if (n >= 0 && n < count && !rows_null(r, column)) {
        return (int)n;
    }
    r->store->misread = true;
    return 0;
}

int rows_enum_or(const struct rows *r, int column, int count, int null)
{
    return rows_null(r, column) ? null : rows_enum(r, column, count);
}

instant rows_instant(const struct rows *r, int column)
{
    int64_t at = rows_int_or(r, column, INSTANT_NONE);
    if (at == INSTANT_NONE && rows_null(r, column)) {
        return INSTANT_NONE;
    }
    if (at < INSTANT_MIN || at > INSTANT_MAX) {
        r->store->misread = true;
        return INSTANT_MIN;
    }
    return at;
}

struct limit rows_limit(const struct rows *r, int column)
{
    int64_t n = rows_int(r, column);
    struct limit limit = {.n = n >= 0 && n <= INT32_MAX ? (int32_t)n : -1,
                          .unit = (enum limit_unit)rows_enum_or(
                              r, column + 1, LIMIT_UNTIL + 1, LIMIT_NONE),
                          .until = rows_int(r, column + 2)};
    if (rows_null(r, column + 1) || limit_ok(limit)) {
        return limit;
    }
    r->store->misread = true;
    return (struct limit){.unit = LIMIT_NONE};
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

enum err rows_one(struct store *s, enum statement statement,
                  const struct cell *binds, int n,
                  void (*read)(const struct rows *r, void *ret), void *ret)
{
    struct rows r;
    enum err err = rows_begin(s, statement, binds, n, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    if (there) {
        read(&r, ret);
    }
    err = rows_end(&r);
    return err == OK && !there ? ERR_NOT_FOUND : err;
}
