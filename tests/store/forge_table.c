/* Forgeries of the tables: the journal is whole and folded, a row beside it is
 * not what it says. Each is made on a savepoint and undone. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/forge.h"

/* The row that is touched, as it was and as it is. */
struct touched {
    const struct table_def *def;
    enum table table;
    int64_t key[KEYS_MAX];
    struct owner *owner;
    char where[200]; /* "k1 = 1 AND k2 = 2" */
};

static void run(struct forge *f, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(f->world->s->db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
}

static int64_t number(struct forge *f, const char *sql)
{
    return count(f->world->s, sql);
}

/* -- one row ------------------------------------------------------------------
 */

static void read_key(struct forge *f, struct touched *t, int64_t skip)
{
    char sql[200];
    struct rows rows;
    int len = 0;
    snprintf(sql, sizeof sql, "SELECT * FROM %s LIMIT 1 OFFSET %" PRId64,
             t->def->name, skip);
    assert_int_equal(rows_begin_text(f->world->s, sql, NULL, 0, &rows), OK);
    assert_true(rows_next(&rows));
    for (int i = 0; i < t->def->keys; i++) {
        t->key[i] = rows_int(&rows, i);
        len += snprintf(t->where + len, sizeof t->where - (size_t)len,
                        "%s%s = %" PRId64, i == 0 ? "" : " AND ",
                        t->def->columns[i].name, t->key[i]);
    }
    assert_int_equal(rows_end(&rows), OK);
}

static void choose(struct forge *f, enum table table, struct touched *t)
{
    char sql[100];
    *t = (struct touched){.def = &f->world->s->putter.tables[table],
                          .table = table};
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", t->def->name);
    int64_t there = number(f, sql);
    read_key(f, t, (int64_t)forge_chance(f, (uint64_t)there));
    t->owner = forge_owner(f, table, t->key);
    assert_non_null(t->owner);
}

static bool is_seq(const char *column)
{
    size_t len = strlen(column);
    return len >= 3 && strcmp(column + len - 3, "seq") == 0;
}

/* The latest record that the row where `where` speaks of. */
static int64_t spoken_of(struct forge *f, const struct touched *t,
                         const char *where)
{
    int64_t latest = 0;
    for (int i = 0; i < t->def->n; i++) {
        char sql[500];
        if (is_seq(t->def->columns[i].name)) {
            snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE %s",
                     t->def->columns[i].name, t->def->name, where);
            int64_t seq = number(f, sql);
            latest = seq > latest ? seq : latest;
        }
    }
    return latest;
}

/* What comes after the end lies at the first record that is not there; what a
 * record put, there; what none did, where the row says. */
static int64_t expected(const struct forge *f, int64_t put, int64_t says)
{
    int64_t seq = put == 0 ? says : put;
    return says > f->n || seq == 0 ? f->n + 1 : seq;
}

/* -- the forgeries ------------------------------------------------------------
 */

static const char *other_value(struct forge *f, const struct column *column,
                               bool null)
{
    static char out[100];
    const char *name = column->name;
    if (null) {
        snprintf(out, sizeof out, column->type == CELL_INT ? "%d" : "'x%d'",
                 1 + (int)forge_chance(f, 1000));
    } else if (!column->required && !column->implied &&
               forge_chance(f, 4) == 0) {
        snprintf(out, sizeof out, "NULL");
    } else if (column->type == CELL_INT) {
        snprintf(out, sizeof out, "%s + %d", name,
                 1 + (int)forge_chance(f, 1000));
    } else if (column->type == CELL_TEXT) {
        snprintf(out, sizeof out, "%s || 'x'", name);
    } else {
        snprintf(out, sizeof out, "randomblob(32)");
    }
    return out;
}

static bool is_null(struct forge *f, const struct touched *t,
                    const char *column)
{
    char sql[400];
    snprintf(sql, sizeof sql, "SELECT %s IS NULL FROM %s WHERE %s", column,
             t->def->name, t->where);
    return number(f, sql) == 1;
}

static int64_t change_column(struct forge *f, struct touched *t)
{
    const struct table_def *def = t->def;
    char sql[600];
    if (def->n == def->keys) {
        fail_msg("%s has its key alone", def->name);
    }
    int i = def->keys + (int)forge_chance(f, (uint64_t)(def->n - def->keys));
    const struct column *column = &def->columns[i];
    bool null = is_null(f, t, column->name);
    snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s WHERE %s", def->name,
             column->name, other_value(f, column, null), t->where);
    run(f, sql);
    int64_t seq = expected(f, t->owner->columns[i], spoken_of(f, t, t->where));
    if (t->table == TABLE_TEXT && strcmp(column->name, "redacted_seq") == 0 &&
        is_null(f, t, column->name)) {
        /* and its text is no text of that digest either */
        seq = t->owner->columns[table_column(def, "digest", 6, 0)];
    }
    return seq;
}

static int64_t remove_row(struct forge *f, struct touched *t)
{
    char sql[400];
    snprintf(sql, sizeof sql, "DELETE FROM %s WHERE %s", t->def->name,
             t->where);
    run(f, sql);
    return t->owner->any;
}

/* The same row under another key; texts are made others, some are unique. */
static int64_t add_row(struct forge *f, struct touched *t)
{
    const struct table_def *def = t->def;
    char sql[3000];
    char where[100];
    int64_t key = 2000000000000 + ++f->serial;
    int len = snprintf(sql, sizeof sql, "INSERT INTO %s (", def->name);
    for (int i = 0; i < def->n; i++) {
        len += snprintf(sql + len, sizeof sql - (size_t)len, "%s%s",
                        i == 0 ? "" : ", ", def->columns[i].name);
    }
    len +=
        snprintf(sql + len, sizeof sql - (size_t)len, ") SELECT %" PRId64, key);
    for (int i = 1; i < def->n; i++) {
        const struct column *column = &def->columns[i];
        len += snprintf(sql + len, sizeof sql - (size_t)len, ", %s%s",
                        column->name,
                        column->type == CELL_TEXT ? " || 'added'" : "");
    }
    snprintf(sql + len, sizeof sql - (size_t)len, " FROM %s WHERE %s",
             def->name, t->where);
    run(f, sql);
    snprintf(where, sizeof where, "%s = %" PRId64, def->columns[0].name, key);
    return expected(f, 0, spoken_of(f, t, where));
}

/* Whatever it becomes, it is not what was recorded. */
static int64_t change_text(struct forge *f, struct touched *t)
{
    static const char *const sets[] = {"body = body || 'x'",
                                       "body = 'X' || substr(body, 2) || ' '",
                                       "body = NULL", "salt = randomblob(16)",
                                       "body = 'y' || body, salt = NULL"};
    char sql[400];
    bool redacted = !is_null(f, t, "redacted_seq");
    snprintf(sql, sizeof sql, "UPDATE text SET %s WHERE %s",
             sets[forge_chance(f, sizeof sets / sizeof sets[0])], t->where);
    run(f, sql);
    const char *column = redacted ? "redacted_seq" : "digest";
    return t->owner->columns[table_column(t->def, column, strlen(column), 0)];
}

static int64_t make(struct forge *f, enum forgery kind, struct touched *t)
{
    switch (kind) {
    case FORGE_CHANGE:
        return change_column(f, t);
    case FORGE_REMOVE:
        return remove_row(f, t);
    case FORGE_ADD:
        return add_row(f, t);
    default:
        return change_text(f, t);
    }
}

void forge_table(struct forge *f, enum forgery kind, enum table table)
{
    struct verdict_report report = f->report;
    struct touched t;
    choose(f, kind == FORGE_TEXT ? TABLE_TEXT : table, &t);
    run(f, "SAVEPOINT forged");
    int64_t seq = make(f, kind, &t);
    f->fold.n = 0;
    f->report.redacted = 0;
    enum err err = fold_compare(&f->fold);
    if (err == OK && f->fold.n > 0) {
        err = fold_name(&f->fold);
    }
    if (err != ERR_CORRUPT || f->report.bad_seq != seq) {
        fail_msg("%s of %s where %s: %s, named %" PRId64 " (%s), not %" PRId64,
                 forgery_names[kind], t.def->name, t.where, err_name(err),
                 f->report.bad_seq, f->report.reason, seq);
    }
    run(f, "ROLLBACK TO forged");
    run(f, "RELEASE forged");
    f->report = report;
    f->done[kind]++;
}
