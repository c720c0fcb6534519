/* A store that the program of schema version 1 wrote (version_1.sql, kept as
 * it made it) is brought up to date: it then has the tables and indexes of a
 * new one, the rows that it had, and a journal that still proves them. */
#include "store/maker.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/verify.h"

enum {
    OLD_HEAD = 9
};

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    size_t n = fread(text, 1, (1 << 20) - 1, file);
    assert_true(n > 0 && feof(file));
    fclose(file);
    return text;
}

/* The world's place holds a store of version 1, closed. */
static int setup(void **state)
{
    *state = (void *)(uintptr_t)&makers[0];
    if (world_setup(state) != 0) {
        return -1;
    }
    struct world *w = *state;
    store_close(w->s);
    w->s = NULL;
    unlink(w->path);
    char *sql = read_text("tests/store/version_1.sql");
    tamper(w, sql);
    free(sql);
    return 0;
}

static void upgrade(struct world *w)
{
    struct problem p = {0};
    enum err err = store_open(w->path, STORE_WRITE, &w->s, &p);
    if (err != OK) {
        fail_msg("%s: %s %s", err_name(err), p.expected, p.detail);
    }
}

/* -- the same schema as a new one -------------------------------------------
 */

/* All that the query gives, a line a row. */
static char *listing(struct store *s, const char *sql)
{
    enum {
        ROOM = 1 << 16
    };
    char *text = calloc(1, ROOM);
    assert_non_null(text);
    size_t len = 0;
    struct rows r;
    assert_int_equal(rows_begin_text(s, sql, NULL, 0, &r), OK);
    while (rows_next(&r)) {
        const char *row = rows_text(&r, 0);
        int n = snprintf(text + len, ROOM - len, "%s\n", row);
        assert_true(n > 0 && len + (size_t)n < ROOM);
        len += (size_t)n;
    }
    assert_int_equal(rows_end(&r), OK);
    return text;
}

static const char columns_sql[] =
    "SELECT m.name || '.' || c.cid || ' ' || c.name || ' ' || c.type || ' ' ||"
    " c.\"notnull\" || ' ' || ifnull(c.dflt_value, '-') || ' ' || c.pk"
    " FROM sqlite_schema m, pragma_table_info(m.name) c"
    " WHERE m.type = 'table' ORDER BY m.name, c.cid";
static const char indexes_sql[] =
    "SELECT name || ' ' || ifnull(sql, tbl_name) FROM sqlite_schema"
    " WHERE type <> 'table' ORDER BY name";
static const char tables_sql[] =
    "SELECT name || ' ' || wr || ' ' || strict FROM pragma_table_list"
    " WHERE schema = 'main' ORDER BY name";

static void test_same_schema(void **state)
{
    struct world *w = *state;
    static const char *const what[] = {columns_sql, indexes_sql, tables_sql};
    struct store *fresh;
    upgrade(w);
    assert_int_equal(store_open(":memory:fresh", STORE_CREATE, &fresh, NULL),
                     OK);
    assert_int_equal(count(w->s, "PRAGMA user_version"), 3);
    assert_int_equal(count(fresh, "PRAGMA user_version"), 3);
    for (size_t i = 0; i < sizeof what / sizeof what[0]; i++) {
        char *old = listing(w->s, what[i]);
        char *new = listing(fresh, what[i]);
        assert_true(strlen(new) > 300);
        assert_string_equal(old, new);
        free(old);
        free(new);
    }
    store_close(fresh);
}

/* -- what was there ----------------------------------------------------------
 */

static const struct {
    const char *sql;
    int64_t n;
} kept[] = {
    {"SELECT count(*) FROM journal", OLD_HEAD},
    {"SELECT count(*) FROM register WHERE code IN ('ZHB', 'JXJ')", 2},
    {"SELECT count(*) FROM text WHERE body = '用电扩容'", 2},
    {"SELECT count(*) FROM ticket", 2},
    {"SELECT count(*) FROM ticket WHERE against = 0 AND parent = 0 AND"
     " merged_into = 0 AND responded_at IS NULL AND resolved_at IS NULL AND"
     " urged_at IS NULL",
     2},
    {"SELECT count(*) FROM dispatch WHERE handler = 0 AND acted = 0 AND"
     " extensions = 0 AND asked_n = 0 AND asked_unit IS NULL",
     2},
    {"SELECT count(*) FROM clock", 5},
    {"SELECT count(*) FROM clock WHERE turn = 0 AND corrected = 0", 5},
    {"SELECT count(*) FROM escalation WHERE turn = 0 AND does = 1", 2},
    {"SELECT late_s FROM escalation WHERE clock = 2", 7},
    {"SELECT count(*) FROM notice", 2},
    {"SELECT count(*) FROM meta WHERE name = 'created'", 1},
    {"SELECT count(*) FROM idem", 1},
    {"SELECT count(*) FROM imported", 1},
    {"SELECT count(*) FROM account", 0}, /* nobody may log in yet */
    {"SELECT count(*) FROM audit", 0},
    {"SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
     " AND name LIKE '%\\_1' ESCAPE '\\'",
     0},
};

static void test_rows_are_kept(void **state)
{
    struct world *w = *state;
    upgrade(w);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        int64_t n = count(w->s, kept[i].sql);
        if (n != kept[i].n) {
            fail_msg("%s: %lld", kept[i].sql, (long long)n);
        }
    }
    struct ticket_row row;
    ticket_id id = 0;
    assert_int_equal(ticket_find_ref(w->s, "V1/1", &id), OK);
    assert_int_equal(ticket_load(w->s, id, &row), OK);
    assert_int_equal(row.ticket.dispatches[0].extension.unit, LIMIT_NONE);
    assert_int_equal(row.ticket.n_clocks, 2);
}

/* -- the proof --------------------------------------------------------------
 */

static void assert_sound(const struct world *w, int64_t records)
{
    struct verdict_report report;
    enum err err = store_verify(w->path, &report, NULL, NULL, NULL);
    if (err != OK) {
        fail_msg("record %lld: %s", (long long)report.bad_seq, report.reason);
    }
    assert_int_equal(report.records, records);
}

/* Puts an escalation of a ticket as version 2 does. */
static void escalate(struct world *w, ticket_id id, int turn)
{
    begin(w);
    int64_t seq = open_record(w, "clock.fire", id);
    struct cell cells[] = {cell_int("ticket", id),   cell_int("clock", 1),
                           cell_int("step", 0),      cell_int("turn", turn),
                           cell_int("does", 2),      cell_int("at", w->now),
                           cell_int("late_s", turn), cell_int("seq", seq)};
    assert_int_equal(store_put(w->s, TABLE_ESCALATION, cells, 8), OK);
    close_record(w);
    commit(w);
}

static void test_verify(void **state)
{
    struct world *w = *state;
    struct verdict_report report;
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL),
                     ERR_UNSUPPORTED); /* reading changes nothing */
    upgrade(w);
    store_close(w->s);
    w->s = NULL;
    assert_sound(w, OLD_HEAD);

    /* the same step fires again after an extension */
    upgrade(w);
    ticket_id id = 0;
    w->now = 1767000000;
    assert_int_equal(ticket_find_ref(w->s, "V1/1", &id), OK);
    escalate(w, id, 1);
    store_close(w->s);
    w->s = NULL;
    assert_sound(w, OLD_HEAD + 1);
}

/* A change of what an old record put, found by its key, is laid to it. */
static void test_old_record_is_named(void **state)
{
    struct world *w = *state;
    struct verdict_report report;
    upgrade(w);
    store_close(w->s);
    w->s = NULL;
    tamper(w, "UPDATE escalation SET late_s = 8 WHERE clock = 2");
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL),
                     ERR_CORRUPT);
    assert_int_equal(report.bad_seq, 7);
    tamper(w, "UPDATE escalation SET late_s = 7, turn = 1 WHERE clock = 2");
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL),
                     ERR_CORRUPT);
    assert_int_equal(report.bad_seq, 7);
}

/* -- what is not migrated ---------------------------------------------------
 */

static void test_next_version_is_refused(void **state)
{
    struct world *w = *state;
    struct problem p = {0};
    upgrade(w);
    store_close(w->s);
    w->s = NULL;
    tamper(w, "PRAGMA user_version = 4");
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, &p),
                     ERR_UNSUPPORTED);
    assert_non_null(strstr(p.detail, "newer"));
    assert_int_equal(store_open(w->path, STORE_READ, &w->s, &p),
                     ERR_UNSUPPORTED);
    assert_null(w->s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_same_schema),
        TEST(test_rows_are_kept),
        TEST(test_verify),
        TEST(test_old_record_is_named),
        TEST(test_next_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
