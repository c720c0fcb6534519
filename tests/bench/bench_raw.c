/* The peer of bench_load: applies the very rows that the daemon wrote, with
 * SQLite and prepared statements alone, no socket, no JSON, no rules. The rows
 * are taken from the daemon's own journal; decoding them is not timed.
 *
 *   bench_raw BACKUP.db LIVE.db BATCH
 *
 * BACKUP.db is a copy from before the load; records of LIVE.db that it does
 * not have are applied to it, BATCH to a transaction (WAL, synchronous=FULL).
 * Prints: records, rows, records/s. */
#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    COLUMNS_LIMIT = 40,
    STATEMENTS_LIMIT = 256,
    SQL_SIZE = 2048
};

/* One row to write: the statements to try and the values in order. */
struct row {
    sqlite3_stmt *update;
    sqlite3_stmt *insert;
    json_t *values[COLUMNS_LIMIT];
    int n;
    int keys;
};
struct record {
    struct row *rows;
    size_t n;
    int64_t seq;
    char *text;
};

static const struct {
    const char *table;
    int keys;
} tables[] = {{"ticket", 1},     {"dispatch", 2}, {"clock", 3},
              {"escalation", 3}, {"notice", 1},   {"text", 1},
              {"register", 2},   {"relation", 1}};

static sqlite3 *db;
static struct {
    char sql[SQL_SIZE];
    sqlite3_stmt *statement;
} cache[STATEMENTS_LIMIT];

static void die(const char *what)
{
    fprintf(stderr, "bench_raw: %s: %s\n", what,
            db == NULL ? "" : sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *prepared(const char *sql)
{
    for (int i = 0; i < STATEMENTS_LIMIT; i++) {
        if (cache[i].statement == NULL) {
            snprintf(cache[i].sql, SQL_SIZE, "%s", sql);
            if (sqlite3_prepare_v2(db, sql, -1, &cache[i].statement, NULL)) {
                die(sql);
            }
        }
        if (strcmp(cache[i].sql, sql) == 0) {
            return cache[i].statement;
        }
    }
    die("too many statements");
    return NULL;
}

static int keys_of(const char *table)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i].table, table) == 0) {
            return tables[i].keys;
        }
    }
    die(table);
    return 0;
}

static void decode_row(json_t *put, struct row *ret)
{
    const char *table = json_string_value(json_array_get(put, 0));
    char set[SQL_SIZE] = "";
    char where[SQL_SIZE] = "";
    char names[SQL_SIZE] = "";
    char marks[SQL_SIZE] = "";
    char sql[SQL_SIZE];
    const char *name;
    json_t *value;
    *ret = (struct row){.keys = keys_of(table)};
    json_object_foreach(json_array_get(put, 1), name, value)
    {
        int at = ++ret->n;
        char *part = at <= ret->keys ? where : set;
        size_t len = strlen(part);
        snprintf(part + len, SQL_SIZE - len, "%s%s=?%d",
                 len == 0        ? ""
                 : part == where ? " AND "
                                 : ",",
                 name, at);
        len = strlen(names);
        snprintf(names + len, SQL_SIZE - len, "%s%s", at > 1 ? "," : "", name);
        len = strlen(marks);
        snprintf(marks + len, SQL_SIZE - len, "%s?%d", at > 1 ? "," : "", at);
        ret->values[at - 1] = value;
    }
    if (ret->n > ret->keys) {
        snprintf(sql, sizeof sql, "UPDATE %.60s SET %.900s WHERE %.900s", table,
                 set, where);
        ret->update = prepared(sql);
    }
    snprintf(sql, sizeof sql, "INSERT INTO %.60s (%.900s) VALUES (%.900s)",
             table, names, marks);
    ret->insert = NULL;
    char *kept = strdup(sql);
    ret->values[COLUMNS_LIMIT - 1] = (json_t *)(void *)kept;
}

/* Binds and steps; true if a row was changed. */
static bool apply(sqlite3_stmt *s, const struct row *row)
{
    for (int i = 0; i < row->n; i++) {
        const json_t *v = row->values[i];
        if (json_is_integer(v)) {
            sqlite3_bind_int64(s, i + 1, json_integer_value(v));
        } else if (json_is_string(v)) {
            sqlite3_bind_text(s, i + 1, json_string_value(v), -1,
                              SQLITE_STATIC);
        } else {
            sqlite3_bind_null(s, i + 1);
        }
    }
    int rc = sqlite3_step(s);
    sqlite3_reset(s);
    if (rc != SQLITE_DONE) {
        die("step");
    }
    return sqlite3_changes(db) > 0;
}

static void apply_record(const struct record *record)
{
    for (size_t i = 0; i < record->n; i++) {
        const struct row *row = &record->rows[i];
        if (row->update == NULL || !apply(row->update, row)) {
            apply(
                prepared(
                    (const char *)(const void *)row->values[COLUMNS_LIMIT - 1]),
                row);
        }
    }
    sqlite3_stmt *s = prepared("INSERT INTO journal (seq, record, hash) "
                               "VALUES (?1, ?2, zeroblob(32))");
    sqlite3_bind_int64(s, 1, record->seq);
    sqlite3_bind_text(s, 2, record->text, -1, SQLITE_STATIC);
    if (sqlite3_step(s) != SQLITE_DONE) {
        die("journal");
    }
    sqlite3_reset(s);
}

static size_t load(const char *live, int64_t from, struct record **ret)
{
    sqlite3 *source;
    sqlite3_stmt *s;
    size_t n = 0;
    size_t room = 0;
    *ret = NULL;
    if (sqlite3_open_v2(live, &source, SQLITE_OPEN_READONLY, NULL) ||
        sqlite3_prepare_v2(source,
                           "SELECT seq, record FROM journal WHERE seq > ?1", -1,
                           &s, NULL)) {
        die(live);
    }
    sqlite3_bind_int64(s, 1, from);
    while (sqlite3_step(s) == SQLITE_ROW) {
        if (n == room) {
            room = room == 0 ? 1024 : room * 2;
            *ret = realloc(*ret, room * sizeof **ret);
        }
        struct record *r = &(*ret)[n++];
        r->seq = sqlite3_column_int64(s, 0);
        r->text = strdup((const char *)sqlite3_column_text(s, 1));
        json_t *root = json_loads(r->text, 0, NULL); /* kept: rows borrow */
        json_t *puts = json_object_get(root, "put");
        r->n = json_array_size(puts);
        r->rows = calloc(r->n, sizeof *r->rows);
        for (size_t i = 0; i < r->n; i++) {
            decode_row(json_array_get(puts, i), &r->rows[i]);
        }
    }
    sqlite3_finalize(s);
    sqlite3_close(source);
    return n;
}

int main(int argc, char **argv)
{
    long batch = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    if (batch < 1) {
        fprintf(stderr, "usage: bench_raw BACKUP.db LIVE.db BATCH\n");
        return 2;
    }
    sqlite3_stmt *s;
    if (sqlite3_open(argv[1], &db) ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "PRAGMA cache_size=-65536; PRAGMA "
                     "wal_autocheckpoint=10000",
                     NULL, NULL, NULL) ||
        sqlite3_prepare_v2(db, "SELECT max(seq) FROM journal", -1, &s, NULL) ||
        sqlite3_step(s) != SQLITE_ROW) {
        die(argv[1]);
    }
    int64_t head = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    struct record *records;
    size_t n = load(argv[2], head, &records);
    size_t rows = 0;
    struct timespec a;
    struct timespec b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (size_t i = 0; i < n; i++) {
        if (i % (size_t)batch == 0) {
            sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        }
        apply_record(&records[i]);
        rows += records[i].n + 1;
        if ((i + 1) % (size_t)batch == 0 || i + 1 == n) {
            if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL)) {
                die("commit");
            }
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    double took =
        (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
    printf("raw SQLite: batch=%ld records=%zu rows=%zu records/s=%.0f\n", batch,
           n, rows, (double)n / took);
    return 0;
}
