/* Puts rows into FOLD tables: see put.h. */
#include "daemon/store/put.h"

#include <assert.h>
#include <string.h>

#include "daemon/store/buffer.h"
#include "daemon/store/sqlite_err.h"

struct cell cell_int(const char *column, int64_t number)
{
    return (struct cell){.column = column, .type = CELL_INT, .number = number};
}

struct cell cell_int_or_null(const char *column, int64_t number, int64_t null)
{
    return number == null ? cell_null(column) : cell_int(column, number);
}

struct cell cell_text(const char *column, const char *text)
{
    if (text == NULL) {
        return cell_null(column);
    }
    return (struct cell){.column = column,
                         .type = CELL_TEXT,
                         .bytes = text,
                         .len = strlen(text)};
}

struct cell cell_blob(const char *column, const void *bytes, size_t len)
{
    return (struct cell){
        .column = column, .type = CELL_BLOB, .bytes = bytes, .len = len};
}

struct cell cell_null(const char *column)
{
    return (struct cell){.column = column, .type = CELL_NULL};
}

int cell_bind(sqlite3_stmt *stmt, int i, const struct cell *cell)
{
    switch (cell->type) {
    case CELL_NULL:
        return sqlite3_bind_null(stmt, i);
    case CELL_INT:
        return sqlite3_bind_int64(stmt, i, cell->number);
    case CELL_TEXT:
        return sqlite3_bind_text64(stmt, i, cell->bytes, cell->len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case CELL_BLOB:
        break;
    }
    return sqlite3_bind_blob64(stmt, i, cell->bytes, cell->len, SQLITE_STATIC);
}

enum err putter_init(struct putter *p, sqlite3 *db)
{
    *p = (struct putter){.db = db};
    return tables_read(db, p->tables);
}

void putter_done(struct putter *p)
{
    for (int i = 0; i < PUT_CACHE; i++) {
        sqlite3_finalize(p->cache[i].stmt);
        p->cache[i].stmt = NULL;
    }
}

/* Which columns the cells name, and the place of each. */
static enum err places_of(const struct table_def *def, const struct cell *cells,
                          int n, int places[COLUMNS_MAX], uint64_t *ret)
{
    if (n < def->keys || n > def->n) {
        return ERR_CORRUPT;
    }
    uint64_t columns = 0;
    int hint = 0;
    for (int i = 0; i < n; i++) {
        const char *name = cells[i].column;
        int at = table_column(def, name, strlen(name), hint);
        if (at < 0 || (columns >> at & 1U) != 0 || (i < def->keys && at != i) ||
            (cells[i].type != CELL_NULL &&
             cells[i].type != def->columns[at].type)) {
            return ERR_CORRUPT;
        }
        columns |= UINT64_C(1) << at;
        places[i] = at;
        hint = at + 1;
    }
    *ret = columns;
    return OK;
}

static bool can_insert(const struct table_def *def, uint64_t columns)
{
    for (int i = 0; i < def->n; i++) {
        if (def->columns[i].required && (columns >> i & 1U) == 0) {
            return false;
        }
    }
    return true;
}

enum list_form {
    LIST_NAME,
    LIST_PARAM,
    LIST_SET,
    LIST_EXCLUDED,
    LIST_WHERE
};

/* Writes columns from..to-1 that are given, in one form, with `between`. */
static void list(struct buffer *b, const struct table_def *def,
                 uint64_t columns, bool keys, enum list_form form)
{
    const char *between = form == LIST_WHERE ? " AND " : ", ";
    bool first = true;
    for (int i = keys ? 0 : def->keys;
         i < (form == LIST_WHERE ? def->keys : def->n); i++) {
        if ((columns >> i & 1U) == 0) {
            continue;
        }
        buffer_text(b, first ? "" : between);
        first = false;
        if (form != LIST_PARAM) {
            buffer_text(b, def->columns[i].name);
        }
        if (form == LIST_EXCLUDED) {
            buffer_text(b, " = excluded.");
            buffer_text(b, def->columns[i].name);
        } else if (form != LIST_NAME) {
            buffer_text(b, form == LIST_PARAM ? "?" : " = ?");
            buffer_int(b, i + 1);
        }
    }
}

/* A row that may be new is inserted or, on its key, updated. */
static void insert_sql(struct buffer *b, const struct table_def *def,
                       uint64_t columns)
{
    uint64_t keys = (UINT64_C(1) << def->keys) - 1;
    buffer_text(b, "INSERT INTO ");
    buffer_text(b, def->name);
    buffer_text(b, " (");
    list(b, def, columns, true, LIST_NAME);
    buffer_text(b, ") VALUES (");
    list(b, def, columns, true, LIST_PARAM);
    buffer_text(b, ") ON CONFLICT (");
    list(b, def, keys, true, LIST_NAME);
    buffer_text(b, columns == keys ? ") DO NOTHING" : ") DO UPDATE SET ");
    list(b, def, columns, false, LIST_EXCLUDED);
}

static void update_sql(struct buffer *b, const struct table_def *def,
                       uint64_t columns)
{
    buffer_text(b, "UPDATE ");
    buffer_text(b, def->name);
    buffer_text(b, " SET ");
    list(b, def, columns, false, LIST_SET);
    buffer_text(b, " WHERE ");
    list(b, def, columns, true, LIST_WHERE);
}

static enum err prepare(struct putter *p, enum table table, uint64_t columns,
                        sqlite3_stmt **ret)
{
    const struct table_def *def = &p->tables[table];
    struct buffer sql = {0};
    if (can_insert(def, columns)) {
        insert_sql(&sql, def, columns);
    } else if (columns >> def->keys == 0) {
        return ERR_CORRUPT; /* neither enough to insert nor anything to set */
    } else {
        update_sql(&sql, def, columns);
    }
    enum err err = sql.err;
    if (err == OK) {
        err = sqlite_err(sqlite3_prepare_v3(p->db, sql.bytes, (int)sql.len,
                                            SQLITE_PREPARE_PERSISTENT, ret,
                                            NULL));
    }
    buffer_done(&sql);
    return err;
}

/* A direct-mapped cache: two sets of columns that fall on one place take turns,
 * which costs time only. */
static enum err cached(struct putter *p, enum table table, uint64_t columns,
                       sqlite3_stmt **ret)
{
    uint64_t mixed =
        (columns ^ ((uint64_t)table << 58)) * UINT64_C(0x9E3779B97F4A7C15);
    struct put_entry *entry = &p->cache[mixed >> 56];
    if (entry->stmt != NULL && entry->table == table &&
        entry->columns == columns) {
        *ret = entry->stmt;
        return OK;
    }
    sqlite3_stmt *stmt;
    enum err err = prepare(p, table, columns, &stmt);
    if (err == OK) {
        sqlite3_finalize(entry->stmt);
        *entry = (struct put_entry){columns, table, stmt};
        *ret = stmt;
    }
    return err;
}

enum err putter_put(struct putter *p, enum table table,
                    const struct cell *cells, int n)
{
    const struct table_def *def = &p->tables[table];
    int places[COLUMNS_MAX];
    uint64_t columns;
    sqlite3_stmt *stmt = NULL;
    enum err err = places_of(def, cells, n, places, &columns);
    if (err == OK) {
        err = cached(p, table, columns, &stmt);
    }
    if (err != OK) {
        return err;
    }
    int rc = SQLITE_OK;
    for (int i = 0; rc == SQLITE_OK && i < n; i++) {
        rc = cell_bind(stmt, places[i] + 1, &cells[i]);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    err = sqlite_err(rc);
    if (err == OK && !can_insert(def, columns) && sqlite3_changes(p->db) == 0) {
        err = ERR_CORRUPT;
    }
    sqlite3_reset(stmt);
    return err;
}
