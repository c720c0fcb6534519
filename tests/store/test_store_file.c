/* What only a file can show: the lock, readers beside the writer, versions of
 * the schema, the log's bound, room on the disk, backups. */
#include "store/maker.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "daemon/store/internal.h"
#include "daemon/store/migrate.h"
#include "daemon/store/verify.h"

static int setup(void **state)
{
    *state = (void *)(uintptr_t)&makers[0];
    return world_setup(state);
}

static int64_t size_of(const char *path, const char *suffix)
{
    char name[700];
    struct stat file;
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return stat(name, &file) == 0 ? (int64_t)file.st_size : -1;
}

static void remove_with(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".ballast"};
    char name[700];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

/* -- opening ------------------------------------------------------------------
 */

static void test_one_writer(void **state)
{
    struct world *w = *state;
    struct store *other = NULL;
    struct problem p = {0};
    assert_int_equal(store_open(w->path, STORE_WRITE, &other, &p), ERR_BUSY);
    assert_non_null(strstr(p.detail, "another process"));
    assert_null(other);
    store_close(w->s);
    assert_int_equal(store_open(w->path, STORE_CREATE, &other, &p), ERR_EXISTS);
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, &p), OK);
}

static void test_not_a_store(void **state)
{
    struct world *w = *state;
    struct store *s = NULL;
    struct problem p = {0};
    char name[600];
    snprintf(name, sizeof name, "%s.no", w->path);
    assert_int_equal(store_open(name, STORE_WRITE, &s, &p), ERR_NOT_FOUND);
    assert_int_equal(store_open(name, STORE_READ, &s, &p), ERR_NOT_FOUND);
    FILE *f = fopen(name, "w");
    assert_non_null(f);
    for (int i = 0; i < 1000; i++) {
        fputs("this is no database at all\n", f);
    }
    fclose(f);
    assert_int_equal(store_open(name, STORE_READ, &s, &p), ERR_CORRUPT);
    assert_int_equal(store_open(name, STORE_WRITE, &s, &p), ERR_CORRUPT);
    assert_int_equal(store_open(name, STORE_CREATE, &s, &p), ERR_CORRUPT);
    remove_with(name);
    /* another program's database */
    sqlite3 *db;
    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL);
    sqlite3_close(db);
    assert_int_equal(store_open(name, STORE_CREATE, &s, &p), ERR_EXISTS);
    assert_int_equal(store_open(name, STORE_WRITE, &s, &p), ERR_CORRUPT);
    assert_null(s);
    remove_with(name);
}

static void test_newer_is_refused(void **state)
{
    struct world *w = *state;
    struct problem p = {0};
    store_close(w->s);
    w->s = NULL;
    tamper(w, "PRAGMA user_version = 999");
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, &p),
                     ERR_UNSUPPORTED);
    assert_int_equal(store_open(w->path, STORE_READ, &w->s, &p),
                     ERR_UNSUPPORTED);
    assert_null(w->s);
}

/* -- readers --------------------------------------------------------------- */

static void test_reader_cannot_write(void **state)
{
    struct world *w = *state;
    struct store *reader;
    file_ticket(w, NULL);
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    struct rows r;
    enum err err = rows_begin_text(reader, "DELETE FROM journal", NULL, 0, &r);
    if (err == OK) {
        assert_false(rows_next(&r));
        err = rows_end(&r);
    }
    assert_int_not_equal(err, OK);
    store_close(reader);
    assert_int_equal(count(w->s, "SELECT count(*) FROM journal"), 1);
}

static void test_snapshot(void **state)
{
    struct world *w = *state;
    struct store *reader;
    file_ticket(w, NULL);
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    assert_int_equal(store_snapshot(reader), OK);
    assert_int_equal(store_head(reader), 1);
    file_ticket(w, NULL);
    assert_int_equal(store_head(reader), 1);
    store_release(reader);
    assert_int_equal(store_head(reader), 2);
    store_close(reader);
}

/* A reader that leaves last copies nothing back: only the writer may. */
static void test_reader_leaves_the_log(void **state)
{
    struct world *w = *state;
    struct store *reader;
    file_ticket(w, NULL);
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    assert_int_equal(store_head(reader), 1);
    store_close(w->s); /* cannot take the log away, a reader is in */
    int64_t log = size_of(w->path, "-wal");
    int64_t file = size_of(w->path, "");
    store_close(reader);
    assert_true(log > 0);
    assert_int_equal(size_of(w->path, "-wal"), log);
    assert_int_equal(size_of(w->path, ""), file);
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, NULL), OK);
    assert_int_equal(store_head(w->s), 1);
}

/* -- migrations ------------------------------------------------------------ */

static int pragma(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int n = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return n;
}

/* The first step makes the newest version, the others lead from one to the
 * next. */
static void test_migrations(void **state)
{
    (void)state;
    static const struct migration first[] = {
        {1, "CREATE TABLE a (x); INSERT INTO a VALUES (1)"},
    };
    static const struct migration steps[] = {
        {3, "CREATE TABLE a (x, y, z)"},
        {2, "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1"},
        {3, "ALTER TABLE a ADD COLUMN z; UPDATE a SET z = y + 1"},
    };
    static const struct migration broken[] = {
        {4, "CREATE TABLE a (x, y, z)"},
        {4, "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"},
    };
    static const struct migration gap[] = {{9, "CREATE TABLE a (x)"},
                                           {9, "CREATE TABLE b (x)"}};
    sqlite3 *db;
    struct problem p = {0};
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(migrate_run(db, first, 1, &p), OK);
    assert_int_equal(pragma(db, "PRAGMA user_version"), 1);
    assert_int_equal(migrate_run(db, steps, 3, &p), OK);
    assert_int_equal(pragma(db, "PRAGMA user_version"), 3);
    assert_int_equal(migrate_run(db, steps, 3, &p), OK); /* nothing to do */
    assert_int_equal(pragma(db, "SELECT z FROM a"), 3);
    /* a step that fails leaves the version before it, whole */
    assert_int_not_equal(migrate_run(db, broken, 2, &p), OK);
    assert_string_equal(p.detail, "no such table: nowhere");
    assert_int_equal(pragma(db, "PRAGMA user_version"), 3);
    assert_int_equal(
        pragma(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
    assert_int_equal(migrate_run(db, first, 1, &p), ERR_UNSUPPORTED);
    assert_int_equal(migrate_run(db, gap, 2, &p), ERR_UNSUPPORTED);
    assert_int_equal(pragma(db, "PRAGMA user_version"), 3);
    sqlite3_close(db);
    /* a new file is made whole, by the first step alone */
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(migrate_run(db, steps, 3, &p), OK);
    assert_int_equal(pragma(db, "PRAGMA user_version"), 3);
    assert_int_equal(pragma(db, "SELECT count(*) FROM a"), 0);
    sqlite3_close(db);
}

/* The settings that the promises rest on. */
static void test_settings(void **state)
{
    struct world *w = *state;
    struct store *reader;
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    struct store *both[] = {w->s, reader};
    for (int i = 0; i < 2; i++) {
        sqlite3 *db = both[i]->db;
        int on = -1;
        assert_int_equal(pragma(db, "PRAGMA trusted_schema"), 0);
        assert_int_equal(pragma(db, "PRAGMA foreign_keys"), 0);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, -1, &on);
        assert_int_equal(on, 1);
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, -1, &on);
        assert_int_equal(on, both[i] == reader);
    }
    assert_int_equal(pragma(w->s->db, "PRAGMA synchronous"), 2);
    assert_int_equal(
        pragma(w->s->db,
               "SELECT journal_mode = 'wal' FROM pragma_journal_mode"),
        1);
    store_close(reader);
}

/* -- the log --------------------------------------------------------------- */

static void churn(struct world *w, int batches, int64_t *ret_peak)
{
    static char text[TEXT_BYTES_MAX];
    memset(text, 'x', sizeof text);
    *ret_peak = 0;
    for (int i = 0; i < batches; i++) {
        begin(w);
        for (int k = 0; k < 8; k++) {
            int64_t id;
            open_record(w, "note", 0);
            assert_int_equal(
                store_text_add(w->s, TEXT_NOTE, text, sizeof text, &id), OK);
            close_record(w);
        }
        commit(w);
        assert_int_equal(store_checkpoint(w->s), OK);
        int64_t size = size_of(w->path, "-wal");
        *ret_peak = size > *ret_peak ? size : *ret_peak;
    }
}

static void test_log_is_bounded(void **state)
{
    struct world *w = *state;
    int64_t peak;
    w->s->stride = 1 << 20;
    churn(w, 60, &peak); /* about 10 MiB in all */
    assert_true(size_of(w->path, "") > 7 << 20);
    assert_true(peak < 2 << 20);
}

/* A reader that stays keeps the log growing; when it has gone, the log begins
 * anew. */
static void test_log_with_a_reader(void **state)
{
    struct world *w = *state;
    struct store *reader;
    int64_t peak;
    w->s->stride = 1 << 20;
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    assert_int_equal(store_snapshot(reader), OK);
    assert_int_equal(store_head(reader), 0);
    churn(w, 30, &peak);
    assert_true(peak > 4 << 20);
    store_release(reader);
    churn(w, 10, &peak);
    assert_true(w->s->wal_pages * (w->s->page_size + 24) < 3 << 20);
    store_close(reader);
}

/* -- room
 * ------------------------------------------------------------------------------
 */

static void test_ballast(void **state)
{
    struct world *w = *state;
    assert_int_equal(size_of(w->path, ".ballast"), 4096);
    space_full(w->s); /* as when SQLite says that the disk is full */
    assert_int_equal(size_of(w->path, ".ballast"), -1);
    assert_int_equal(store_begin(w->s), ERR_DISK_FULL);
    assert_int_equal(count(w->s, "SELECT count(*) FROM journal"), 0);
    assert_true(store_space_ok(w->s));
    assert_int_equal(size_of(w->path, ".ballast"), 4096);
    file_ticket(w, NULL);
    /* more free than any disk has: refused before anything is written */
    store_set_space(w->s, INT64_MAX / 2, 4096);
    assert_int_equal(store_begin(w->s), ERR_DISK_FULL);
    assert_false(store_space_ok(w->s));
    store_set_space(w->s, 0, 4096);
    file_ticket(w, NULL);
}

/* -- backups
 * -----------------------------------------------------------------------------
 */

static void test_backup(void **state)
{
    struct world *w = *state;
    char name[600];
    struct store *reader;
    struct store *copy;
    struct problem p = {0};
    struct verdict_report report;
    int64_t head = -1;
    snprintf(name, sizeof name, "%s.bak", w->path);
    for (int i = 0; i < 5; i++) {
        file_ticket(w, NULL);
    }
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    assert_int_equal(store_backup(reader, name, &head, &p), OK);
    assert_int_equal(head, 5);
    assert_int_equal(store_backup(reader, name, &head, &p), ERR_EXISTS);
    assert_int_equal(size_of(name, ".part"), -1);
    assert_int_equal(size_of(name, "-wal"), -1);
    file_ticket(w, NULL);
    assert_int_equal(store_verify(name, &report, NULL, NULL, NULL), OK);
    assert_int_equal(report.records, 5);
    assert_int_equal(store_open(name, STORE_WRITE, &copy, &p), OK);
    assert_int_equal(store_head(copy), 5);
    store_close(copy);
    remove_with(name);
    assert_int_equal(store_backup(reader, "/nowhere/b.db", &head, &p),
                     ERR_STORE);
    store_close(reader);
}

/* A copy of what is damaged is not given a name. */
static void test_backup_checks(void **state)
{
    struct world *w = *state;
    char name[600];
    struct store *reader;
    int64_t head;
    snprintf(name, sizeof name, "%s.bak", w->path);
    file_ticket(w, NULL);
    store_close(w->s);
    tamper(w, "UPDATE journal SET record = record || ' '");
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, NULL), OK);
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    assert_int_equal(store_backup(reader, name, &head, NULL), ERR_CORRUPT);
    assert_int_equal(size_of(name, ""), -1);
    assert_int_equal(size_of(name, ".part"), -1);
    store_close(reader);
}

#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(test_one_writer),       FILE_TEST(test_not_a_store),
        FILE_TEST(test_newer_is_refused), FILE_TEST(test_reader_cannot_write),
        FILE_TEST(test_snapshot),         FILE_TEST(test_reader_leaves_the_log),
        FILE_TEST(test_migrations),       FILE_TEST(test_settings),
        FILE_TEST(test_log_is_bounded),   FILE_TEST(test_log_with_a_reader),
        FILE_TEST(test_ballast),          FILE_TEST(test_backup),
        FILE_TEST(test_backup_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
