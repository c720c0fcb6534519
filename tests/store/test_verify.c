/* Whatever is changed behind the store's back, verify finds it and names the
 * record. Only files: what is in memory nobody can reach. */
#include "store/maker.h"

#include <nettle/sm3.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/verify.h"

enum {
    TICKETS = 6,
    RECORDS = 3 * TICKETS + 1
};

/* Record 3i+1 files ticket i, 3i+2 accepts it (dispatch and sign), 3i+3 stops
 * its finish clock late; the last record registers a unit. */
static void fill(struct world *w)
{
    for (int i = 0; i < TICKETS; i++) {
        char ref[20];
        snprintf(ref, sizeof ref, "R-%d", i);
        struct ticket_row row = file_ticket(w, ref);
        accept_and_resolve(w, &row);
    }
    begin(w);
    int64_t seq = open_record(w, "unit.add", 0);
    struct cell cells[] = {
        cell_int("id", store_next_id(w->s, TABLE_REGISTER)),
        cell_int("from_seq", seq),
        cell_int("kind", 3),
        cell_text("code", "D\"\\\n\t\x01码"),
        cell_text("name", "经信局"),
        cell_int("from_at", w->now),
    };
    assert_int_equal(store_put(w->s, TABLE_REGISTER, cells, 6), OK);
    close_record(w);
    commit(w);
    store_close(w->s);
    w->s = NULL;
}

static int setup(void **state)
{
    *state = (void *)(uintptr_t)&makers[0];
    if (world_setup(state) != 0) {
        return -1;
    }
    fill(*state);
    return 0;
}

static void copy_file(const char *from, const char *to)
{
    char buffer[65536];
    size_t n;
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(buffer, 1, sizeof buffer, in)) > 0) {
        assert_int_equal(fwrite(buffer, 1, n, out), n);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* What verify says of a copy on which `sql` was run. */
static struct verdict_report verdict(struct world *w, const char *sql)
{
    struct world copy = *w;
    struct verdict_report report;
    char name[600];
    snprintf(copy.path, sizeof copy.path, "%.500s.x", w->path);
    copy_file(w->path, copy.path);
    tamper(&copy, sql);
    enum err err = store_verify(copy.path, &report, NULL, NULL, NULL);
    assert_int_equal(err, report.bad_seq == 0 ? OK : ERR_CORRUPT);
    assert_true(report.bad_seq == 0 || report.reason[0] != '\0');
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", copy.path, ends[i]);
        unlink(name);
    }
    return report;
}

static void test_untouched(void **state)
{
    struct world *w = *state;
    struct verdict_report report;
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL), OK);
    assert_int_equal(report.records, RECORDS);
    /* ticket, dispatch, two clocks, text for each; the unit */
    assert_int_equal(report.rows, TICKETS * 5 + 1);
    assert_int_equal(report.bad_seq, 0);
}

/* The third ticket: its records are 7, 8 and 9. */
static const struct {
    const char *sql;
    int64_t bad;
} mutations[] = {
    {"UPDATE journal SET record = replace(record, 'ticket.accept',"
     " 'ticket.accepT') WHERE seq = 8",
     8},
    {"UPDATE journal SET record = record || ' ' WHERE seq = 8", 8},
    {"UPDATE journal SET hash = zeroblob(32) WHERE seq = 8", 8},
    {"UPDATE journal SET hash = x'00' WHERE seq = 8", 8},
    {"UPDATE journal SET before = NULL WHERE seq = 8", 8},
    {"UPDATE journal SET before = 3 WHERE seq = 8", 8},
    {"DELETE FROM journal WHERE seq = 1", 1},
    {"DELETE FROM journal WHERE seq = 8", 8},
    {"DELETE FROM journal WHERE seq >= 19", 19},
    {"DELETE FROM journal WHERE seq >= 12", 12},
    {"DELETE FROM journal", 1},
    {"UPDATE journal SET seq = 100 WHERE seq = 8;"
     "UPDATE journal SET seq = 8 WHERE seq = 9;"
     "UPDATE journal SET seq = 9 WHERE seq = 100",
     8},
    {"INSERT INTO journal SELECT 20, before, record, hash FROM journal"
     " WHERE seq = 19",
     20},
    {"UPDATE ticket SET state = 5 WHERE ref = 'R-2'", 9},
    {"UPDATE ticket SET ref = 'r-2' WHERE ref = 'R-2'", 7},
    {"UPDATE ticket SET filed_at = filed_at - 1 WHERE ref = 'R-2'", 7},
    /* a default, which no record names */
    {"UPDATE ticket SET returns = 1 WHERE ref = 'R-2'", 7},
    {"UPDATE dispatch SET accepted_at = accepted_at - 1"
     " WHERE ticket = (SELECT id FROM ticket WHERE ref = 'R-2')",
     8},
    {"UPDATE dispatch SET accepted_at = NULL"
     " WHERE ticket = (SELECT id FROM ticket WHERE ref = 'R-2')",
     8},
    {"UPDATE clock SET verdict = 1 WHERE n = 1"
     " AND ticket = (SELECT id FROM ticket WHERE ref = 'R-2')",
     9},
    {"UPDATE clock SET due_at = due_at + 86400 WHERE n = 1"
     " AND ticket = (SELECT id FROM ticket WHERE ref = 'R-2')",
     7},
    {"UPDATE clock SET due_at = CAST(due_at AS TEXT) || 'x' WHERE n = 1"
     " AND ticket = (SELECT id FROM ticket WHERE ref = 'R-2')",
     7},
    {"DELETE FROM dispatch"
     " WHERE ticket = (SELECT id FROM ticket WHERE ref = 'R-2')",
     8},
    {"DELETE FROM register", 19},
    {"UPDATE register SET name = '经信所'", 19},
    {"UPDATE text SET body = 'x' WHERE id = 3", 7},
    {"UPDATE text SET salt = zeroblob(16) WHERE id = 3", 7},
    {"UPDATE text SET salt = NULL, body = NULL WHERE id = 3", 7},
    {"UPDATE text SET digest = zeroblob(32) WHERE id = 3", 7},
    {"UPDATE text SET salt = NULL, body = NULL, redacted_seq = 9"
     " WHERE id = 3",
     9},
    {"INSERT INTO notice (id, ticket, target, event, at, seq)"
     " VALUES (1, 1, 1, 1, 1, 8)",
     8},
    {"INSERT INTO notice (id, ticket, target, event, at, seq)"
     " VALUES (1, 1, 1, 1, 1, 77)",
     20},
};

static void test_mutations(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < sizeof mutations / sizeof mutations[0]; i++) {
        struct verdict_report report = verdict(w, mutations[i].sql);
        if (report.bad_seq != mutations[i].bad) {
            fail_msg("%s: named %lld (%s), not %lld", mutations[i].sql,
                     (long long)report.bad_seq, report.reason,
                     (long long)mutations[i].bad);
        }
    }
    assert_int_equal(verdict(w, "SELECT 1").bad_seq, 0); /* the control */
}

/* Any one byte of any record, at random. */
static void test_bytes(void **state)
{
    struct world *w = *state;
    srand(20261120);
    for (int i = 0; i < 60; i++) {
        char sql[400];
        int seq = rand() % RECORDS + 1;
        int at = rand() % 150 + 1;
        snprintf(sql, sizeof sql,
                 "UPDATE journal SET record = CAST(substr(CAST(record AS BLOB),"
                 " 1, %d) || x'%02x' || substr(CAST(record AS BLOB), %d)"
                 " AS TEXT) WHERE seq = %d",
                 at - 1, 1 + rand() % 31, at + 1, seq);
        assert_int_equal(verdict(w, sql).bad_seq, seq);
    }
}

/* An enemy who knows the format hashes the changed record and all after it
 * anew: the chain holds, the fold still does not. */
static void rechain(sqlite3 *db)
{
    sqlite3_stmt *get;
    sqlite3_stmt *set;
    uint8_t hash[32] = {0};
    sqlite3_prepare_v2(db, "SELECT record, seq FROM journal ORDER BY seq", -1,
                       &get, NULL);
    sqlite3_prepare_v2(db, "UPDATE journal SET hash = ?1 WHERE seq = ?2", -1,
                       &set, NULL);
    while (sqlite3_step(get) == SQLITE_ROW) {
        struct sm3_ctx sm3;
        sm3_init(&sm3);
        sm3_update(&sm3, 32, hash);
        sm3_update(&sm3, (size_t)sqlite3_column_bytes(get, 0),
                   sqlite3_column_text(get, 0));
        sm3_digest(&sm3, 32, hash);
        sqlite3_bind_blob(set, 1, hash, 32, SQLITE_STATIC);
        sqlite3_bind_int64(set, 2, sqlite3_column_int64(get, 1));
        assert_int_equal(sqlite3_step(set), SQLITE_DONE);
        sqlite3_reset(set);
    }
    sqlite3_finalize(get);
    sqlite3_finalize(set);
}

static void test_rechained(void **state)
{
    struct world *w = *state;
    struct verdict_report report;
    sqlite3 *db;
    tamper(w, "UPDATE journal SET record = replace(record, '\"verdict\":2',"
              " '\"verdict\":1') WHERE seq = 9");
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    rechain(db);
    sqlite3_close(db);
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL),
                     ERR_CORRUPT);
    assert_int_equal(report.bad_seq, 9);
    assert_non_null(strstr(report.reason, "verdict"));
}

static void seen(void *user, int64_t done, int64_t total)
{
    assert_int_equal(total, RECORDS);
    *(int64_t *)user = done;
}

static void test_progress(void **state)
{
    struct world *w = *state;
    struct verdict_report report;
    int64_t done = 0;
    assert_int_equal(store_verify(w->path, &report, seen, &done, NULL), OK);
    assert_int_equal(done, RECORDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_untouched, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_mutations, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_bytes, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_rechained, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_progress, setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
