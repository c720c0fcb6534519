/* The FOLD tables as the schema declares them: see tables.h. */
#include "daemon/store/tables.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/sqlite_err.h"

static const char *const names[TABLE_COUNT] = {
    [TABLE_TEXT] = "text",
    [TABLE_REGISTER] = "register",
    [TABLE_RELATION] = "relation",
    [TABLE_CALENDAR_DAY] = "calendar_day",
    [TABLE_CALENDAR_YEAR] = "calendar_year",
    [TABLE_REGULATION] = "regulation",
    [TABLE_TICKET] = "ticket",
    [TABLE_DISPATCH] = "dispatch",
    [TABLE_CLOCK] = "clock",
    [TABLE_ESCALATION] = "escalation",
    [TABLE_NOTICE] = "notice",
    [TABLE_TICKET_PERSON] = "ticket_person",
    [TABLE_MEETING] = "meeting",
    [TABLE_MEETING_UNIT] = "meeting_unit",
    [TABLE_MEETING_ITEM] = "meeting_item",
    [TABLE_DIGEST] = "digest",
    [TABLE_HOOK] = "hook",
    [TABLE_ATTACHMENT] = "attachment",
};

const char *table_name(enum table table)
{
    assert(table < TABLE_COUNT);
    return names[table];
}

enum table table_find(const char *name, size_t len)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
            return (enum table)i;
        }
    }
    return TABLE_COUNT;
}

static bool is_column(const struct column *column, const char *name, size_t len)
{
    return len < COLUMN_NAME_SIZE && memcmp(column->name, name, len) == 0 &&
           column->name[len] == '\0';
}

int table_column(const struct table_def *def, const char *name, size_t len,
                 int hint)
{
    for (int i = hint; i < def->n; i++) {
        if (is_column(&def->columns[i], name, len)) {
            return i;
        }
    }
    for (int i = 0; i < hint && i < def->n; i++) {
        if (is_column(&def->columns[i], name, len)) {
            return i;
        }
    }
    return -1;
}

static enum cell_type type_of(const char *declared)
{
    if (strcmp(declared, "TEXT") == 0) {
        return CELL_TEXT;
    }
    return strcmp(declared, "BLOB") == 0 ? CELL_BLOB : CELL_INT;
}

/* One row of pragma_table_info: name, type, notnull, default (NULL: none),
 * place in the key (0: none). */
static enum err add_column(struct table_def *def, sqlite3_stmt *row)
{
    const char *name = (const char *)sqlite3_column_text(row, 0);
    const char *type = (const char *)sqlite3_column_text(row, 1);
    int key = sqlite3_column_int(row, 4);
    if (name == NULL || type == NULL) {
        return ERR_NO_MEMORY;
    }
    if (strcmp(def->name, "text") == 0 &&
        (strcmp(name, "salt") == 0 || strcmp(name, "body") == 0)) {
        return OK;
    }
    if (def->n == COLUMNS_MAX || strlen(name) >= COLUMN_NAME_SIZE ||
        (key > 0 && (key != def->n + 1 || key > KEYS_MAX))) {
        return ERR_CORRUPT;
    }
    struct column *column = &def->columns[def->n++];
    snprintf(column->name, sizeof column->name, "%s", name);
    column->type = type_of(type);
    bool has_default = sqlite3_column_type(row, 3) != SQLITE_NULL;
    column->required =
        (sqlite3_column_int(row, 2) != 0 || key > 0) && !has_default;
    column->implied = has_default && column->type == CELL_INT;
    column->standard = sqlite3_column_int64(row, 3);
    def->keys += key > 0;
    return OK;
}

static enum err read_table(sqlite3_stmt *stmt, enum table table,
                           struct table_def *ret)
{
    *ret = (struct table_def){.name = names[table]};
    sqlite3_reset(stmt);
    sqlite3_bind_text(stmt, 1, names[table], -1, SQLITE_STATIC);
    enum err err = OK;
    int rc;
    while (err == OK && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
        err = rc == SQLITE_ROW ? add_column(ret, stmt) : sqlite_err(rc);
    }
    if (err == OK && (ret->n == 0 || ret->keys == 0)) {
        err = ERR_CORRUPT;
    }
    return err;
}

enum err tables_read(sqlite3 *db, struct table_def ret[TABLE_COUNT])
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT name, type, \"notnull\", dflt_value, pk"
                                " FROM pragma_table_info(?1) ORDER BY cid",
                                -1, &stmt, NULL);
    enum err err = sqlite_err(rc);
    for (int i = 0; err == OK && i < TABLE_COUNT; i++) {
        err = read_table(stmt, (enum table)i, &ret[i]);
    }
    sqlite3_finalize(stmt);
    return err;
}
