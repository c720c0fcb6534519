/* A file may hold anything: what SQLite does not see is a number that no
 * enumeration has, an instant of no calendar, an id of nothing. No read ends
 * the process by it, and one damaged ticket keeps no other from its deadline.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/outgoing/parcel.h"
#include "lib/world.h"

#define T1 "20261102-001"

static void run(struct world *w, const char *sql)
{
    struct rows rows;
    assert_int_equal(rows_begin_text(w->writer, sql, NULL, 0, &rows), OK);
    while (rows_next(&rows)) {
    }
    assert_int_equal(rows_end(&rows), OK);
}

static void file(struct world *w, const char *title)
{
    world_dof(w, "qy1", "ticket.file", "{'title':'%s','category':'land'}",
              title);
}

/* -- deadlines ---------------------------------------------------------------
 */

/* Firings of a ticket: records by the clock about it. */
static int64_t records(struct world *w, const char *number)
{
    char sql[240];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM journal"
             " WHERE json_extract(record, '$.by') = 'clock'"
             " AND json_extract(record, '$.ticket') = %.8s000%s",
             number, number + 9);
    return world_count(w, sql);
}

/* The one in the middle cannot be read. Those beside it fire, each once; it
 * fires when it is mended and the store is opened anew, once too. */
static void test_set_aside(void **state)
{
    struct world w;
    const ticket_id *aside = NULL;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    file(&w, "a");
    file(&w, "b");
    file(&w, "c");
    run(&w, "UPDATE ticket SET round = 0 WHERE id = 20261102000002");
    world_at(&w, "2026-11-20T09:00:00+08:00");
    int64_t fired = records(&w, "20261102-001");
    assert_true(fired > 0);
    assert_int_equal(records(&w, "20261102-003"), fired);
    assert_int_equal(records(&w, "20261102-002"), 0);
    assert_int_equal(deadline_aside(w.writer, &aside), 1);
    assert_true(aside[0] == INT64_C(20261102000002));
    assert_int_equal(world_fire(&w), 0);
    assert_int_equal(records(&w, "20261102-001"), fired);
    /* mended, but nobody has looked again */
    run(&w, "UPDATE ticket SET round = 1 WHERE id = 20261102000002");
    assert_int_equal(world_fire(&w), 0);
    store_close(w.writer);
    struct problem p;
    assert_int_equal(store_open(w.path, STORE_WRITE, &w.writer, &p), OK);
    assert_int_equal(deadline_aside(w.writer, &aside), 0);
    world_at(&w, "2026-11-20T09:00:01+08:00");
    assert_int_equal(records(&w, "20261102-002"), fired);
    assert_int_equal(records(&w, "20261102-001"), fired);
    world_verify(&w);
    world_close(&w);
}

/* -- deliveries
 * ----------------------------------------------------------------
 */

/* Two queues, each with its own notice at its head; one is damaged. */
static void test_one_notice_alone(void **state)
{
    struct world w;
    struct parcel parcels[4];
    instant next = INSTANT_NONE;
    int n = 0;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, NULL, "hook.add",
             "{'code':'one','kind':'json','url':'http://h.invalid/',"
             "'to':'boatdw'}");
    file(&w, "a");
    world_do(&w, NULL, "hook.add",
             "{'code':'two','kind':'json','url':'http://h.invalid/',"
             "'to':'a'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'" T1 "','unit':'a','measure':'x','limit':'5wd'}");
    run(&w, "UPDATE notice SET event = 99 WHERE id = (SELECT notice FROM outbox"
            " ORDER BY id LIMIT 1)");
    struct parcel_ask ask = {.now = w.now, .max = 4};
    assert_int_equal(store_snapshot(w.reader), OK);
    assert_int_equal(parcels_take(w.reader, &ask, parcels, &n, &next), OK);
    store_release(w.reader);
    assert_int_equal(n, 2);
    assert_int_equal(parcels[0].err, ERR_CORRUPT);
    assert_int_equal(parcels[1].err, OK);
    assert_string_equal(parcels[1].letter.to, "a");
    world_close(&w);
}

/* -- every number of every row ------------------------------------------------
 */

struct read {
    const char *as;
    const char *method;
    const char *params;
};

static const struct read reads[] = {
    {"sup", "ticket.show", "{'ticket':'" T1 "'}"},
    {"qy1", "ticket.show", "{'ticket':'" T1 "'}"},
    {"a1", "ticket.show", "{'ticket':'" T1 "'}"},
    {"sup", "ticket.list", "{}"},
    {"a1", "ticket.list", "{'light':'red'}"},
    {"a1", "mine", "{}"},
    {"dp", "mine", "{'box':'todo'}"},
    {"zdy", "mine", "{}"},
    {"sup", "notice.list", "{}"},
    {"sup", "report.overdue", "{'by':'department'}"},
    {"sup", "report.overdue", "{'by':'none'}"},
    {"sup", "report.overdue", "{'by':'category','clock':'overall'}"},
    {"sup", "report.lights", "{}"},
    {"sup", "report.times", "{}"},
    {"dp", "meeting.list", "{}"},
    {"dp", "meeting.agenda", "{}"},
    {NULL, "hook.list", "{}"},
    {NULL, "outbox.list", "{}"},
    {NULL, "person.list", "{}"},
    {NULL, "enterprise.list", "{}"},
    {"sup", "department.list", "{}"},
};

static void read_all(struct world *w)
{
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        if (command_find(reads[i].method) != NULL) {
            (void)world_try(w, reads[i].as, reads[i].method, reads[i].params);
        }
    }
}

/* A county in which there is something of everything. */
static void fill(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    world_do(w, NULL, "hook.add",
             "{'code':'all','kind':'json','url':'http://h.invalid/'}");
    file(w, "a");
    world_do(w, "dp", "ticket.dispatch",
             "{'ticket':'" T1 "','unit':'a','measure':'x','limit':'5wd'}");
    world_do(w, "a1", "ticket.accept", "{'ticket':'" T1 "'}");
    world_do(w, "a1", "ticket.extend",
             "{'ticket':'" T1 "','limit':'3wd','reason':'x'}");
    file(w, "b");
    world_at(w, "2026-11-04T10:00:00+08:00");
}

/* Tables and their columns that hold a number, but for keys. */
struct place {
    char table[32];
    char column[32];
};
enum {
    PLACES_MAX = 300
};

static int find_places(struct world *w, struct place *places)
{
    struct rows r;
    int n = 0;
    assert_int_equal(
        rows_begin_text(
            w->writer,
            "SELECT m.name, c.name FROM sqlite_schema m,"
            " pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk = 0"
            " AND c.type = 'INTEGER' AND m.name IN ('ticket', 'dispatch',"
            " 'clock', 'notice', 'hook', 'outbox', 'relation', 'register',"
            " 'meeting', 'agenda', 'escalation', 'attachment', 'digest')",
            NULL, 0, &r),
        OK);
    while (rows_next(&r)) {
        assert_true(n < PLACES_MAX);
        snprintf(places[n].table, sizeof places[n].table, "%s",
                 rows_text(&r, 0));
        snprintf(places[n].column, sizeof places[n].column, "%s",
                 rows_text(&r, 1));
        n++;
    }
    assert_int_equal(rows_end(&r), OK);
    return n;
}

/* In a process of its own: that one may die. */
static bool survives(struct world *w, const struct place *place,
                     const char *value)
{
    char sql[160];
    int len = snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s", place->table,
                       place->column, value);
    assert_true(len < (int)sizeof sql);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct rows rows;
        (void)rows_begin_text(w->writer, sql, NULL, 0, &rows);
        while (rows_next(&rows)) {
        }
        (void)rows_end(&rows);
        read_all(w);
        _exit(0);
    }
    int status = 0;
    assert_true(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_any_number(void **state)
{
    static const char *const values[] = {"-1", "99", "9223372036854775807"};
    static struct place places[PLACES_MAX];
    struct world w;
    int died = 0;
    (void)state;
    fill(&w);
    read_all(&w); /* all is well before */
    int n = find_places(&w, places);
    assert_true(n > 80);
    for (int i = 0; i < n; i++) {
        for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
            if (!survives(&w, &places[i], values[j])) {
                print_error("%s.%s = %s\n", places[i].table, places[i].column,
                            values[j]);
                died++;
            }
        }
    }
    assert_int_equal(died, 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_aside),
        cmocka_unit_test(test_one_notice_alone),
        cmocka_unit_test(test_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
