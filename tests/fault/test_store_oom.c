/* Each allocation inside SQLite fails once: the command is refused or done,
 * never half done, and the store goes on afterwards. */
#include "store/maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/store/verify.h"
#include "lib/sqlite_memory.h"

/* One command in a transaction of its own, as the engine runs it. */
static enum err file_one(struct world *w)
{
    struct record record = {
        .at = w->now, .recorded = w->now, .by = "a", .method = "ticket.file"};
    struct ticket_row row = {.category = "c", .urgency = "u", .channel = "h"};
    int64_t seq = 0;
    bool fatal = false;
    enum err err = store_begin(w->s);
    if (err != OK) {
        return err;
    }
    err = store_mark(w->s);
    if (err == OK) {
        err = store_record_open(w->s, &record, &seq);
        if (err == OK) {
            err = ticket_next_id(w->s, w->now, &row.ticket.id);
        }
        if (err == OK) {
            err = store_text_add(w->s, TEXT_TITLE, "x", 1, &row.title_text);
        }
        row.ticket.round = 1;
        row.ticket.n_clocks = 1;
        row.ticket.clocks[0] = (struct clock){.n = 1, .next = w->now};
        if (err == OK) {
            err = ticket_save(w->s, NULL, &row, w->now);
        }
        if (err == OK) {
            err = store_record_close(w->s, &seq);
        }
        if (err == OK) {
            err = store_keep(w->s);
        } else {
            store_undo(w->s);
        }
    }
    enum err committed = store_commit(w->s, &fatal);
    assert_true(!fatal || (err == OK && committed == ERR_NO_MEMORY));
    return err == OK ? committed : err;
}

static void test_each_allocation(void **state)
{
    struct world *w = *state;
    struct store *s = w->s;
    int64_t head = 0;
    int refused = 0;
    for (long k = 1;; k++) {
        /* a new connection, so that statements are prepared again */
        store_close(s);
        assert_int_equal(store_open(w->path, STORE_WRITE, &s, NULL), OK);
        w->s = s;
        store_set_space(s, 0, 0);
        memory_fail(k, false);
        enum err err = file_one(w);
        bool reached = memory_again();
        if (err != OK && err != ERR_NO_MEMORY) {
            fail_msg("allocation %ld: %s", k, err_name(err));
        }
        refused += err != OK;
        head += err == OK;
        assert_int_equal(store_head(s), head);
        assert_int_equal(file_one(w), OK);
        head++;
        assert_int_equal(store_head(s), head);
        assert_int_equal(count(s, "SELECT count(*) FROM ticket"), head);
        if (!reached) {
            break;
        }
    }
    print_message("%d refusals, %lld records\n", refused, (long long)head);
    assert_true(refused > 100);
    store_close(s);
    struct verdict_report report;
    assert_int_equal(store_verify(w->path, &report, NULL, NULL, NULL), OK);
    assert_int_equal(report.records, head);
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, NULL), OK);
}

/* Opening fails cleanly too, and the lock is not kept. */
static void test_open(void **state)
{
    struct world *w = *state;
    int refused = 0;
    bool reached = true;
    store_close(w->s);
    w->s = NULL;
    for (long k = 1; reached; k++) {
        struct problem p = {0};
        memory_fail(k, false);
        enum err err = store_open(w->path, STORE_WRITE, &w->s, &p);
        reached = memory_again();
        assert_true(err == OK || err == ERR_NO_MEMORY);
        if (err == OK) {
            store_close(w->s);
            w->s = NULL;
        }
        refused += err != OK;
    }
    assert_true(refused > 50);
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, NULL), OK);
}

/* Nothing can be had while a transaction is given up: the next one begins all
 * the same, without anything of it. */
static void test_rollback(void **state)
{
    struct world *w = *state;
    begin(w);
    assert_int_equal(store_mark(w->s), OK);
    open_record(w, "ticket.file", 0);
    new_ticket(w, "lost");
    memory_fail(1, true);
    store_undo(w->s);
    store_rollback(w->s);
    int64_t n = 0;
    assert_int_equal(rows_number(w->s, STMT_NEXT_TEXT, NULL, 0, 0, &n),
                     ERR_NO_MEMORY);
    assert_int_equal(store_begin(w->s), ERR_NO_MEMORY);
    memory_again();
    assert_int_equal(file_one(w), OK);
    assert_int_equal(store_head(w->s), 1);
    assert_int_equal(count(w->s, "SELECT count(*) FROM ticket"), 1);
}

/* A reader's snapshot ends too, at the latest when the next one begins. */
static void test_release(void **state)
{
    struct world *w = *state;
    struct store *reader = NULL;
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    assert_int_equal(store_snapshot(reader), OK);
    assert_int_equal(count(reader, "SELECT count(*) FROM ticket"), 0);
    memory_fail(1, true);
    store_release(reader);
    memory_again();
    assert_int_equal(file_one(w), OK);
    assert_int_equal(store_snapshot(reader), OK);
    assert_int_equal(count(reader, "SELECT count(*) FROM ticket"), 1);
    store_release(reader);
    store_close(reader);
}

/* A text that could not be had is no empty text. */
static void test_text(void **state)
{
    struct world *w = *state;
    struct rows rows;
    assert_int_equal(rows_begin_text(w->s, "SELECT 12345", NULL, 0, &rows), OK);
    assert_true(rows_next(&rows));
    memory_fail(1, true);
    assert_string_equal(rows_text(&rows, 0), "");
    memory_again();
    assert_int_equal(rows_end(&rows), ERR_NO_MEMORY);
}

/* -- a commit that fails after its last write --------------------------------
 */

enum {
    FRAME_BYTES = 1024 + 24,
    INDEX_FRAMES = 4062 /* that the first block of the log's index names */
};

static int64_t frames(const struct world *w)
{
    char name[600];
    struct stat info;
    snprintf(name, sizeof name, "%s-wal", w->path);
    assert_int_equal(stat(name, &info), 0);
    return info.st_size / FRAME_BYTES;
}

static void copy(const char *from, const char *to, const char *suffix)
{
    char command[1400];
    snprintf(command, sizeof command, "cp %s%s %s%s", from, suffix, to, suffix);
    assert_int_equal(system(command), 0);
}

/* How many tickets a restart would find, were it now. */
static int64_t after_restart(struct world *w)
{
    char path[600];
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s.copy", w->path);
    copy(w->path, path, "");
    copy(w->path, path, "-wal");
    assert_int_equal(store_open(path, STORE_WRITE, &s, NULL), OK);
    int64_t n = count(s, "SELECT count(*) FROM ticket");
    store_close(s);
    w->maker->clear(path); /* its folder stays: the store itself is in it */
    return n;
}

/* begin, and a ticket with a text of so many bytes. */
static void write_text(struct world *w, size_t len)
{
    int64_t id = 0;
    char *body = malloc(len);
    assert_non_null(body);
    memset(body, 'x', len);
    begin(w);
    open_record(w, "ticket.file", 0);
    (void)new_ticket(w, NULL);
    assert_int_equal(store_text_add(w->s, TEXT_TITLE, body, len, &id), OK);
    close_record(w);
    free(body);
}

/* SQLite flushes the log and then enters it into its index. When the index must
 * grow and there is no memory, COMMIT fails although the log has all of it:
 * only who says that nothing is known does not lie. */
static void test_commit(void **state)
{
    struct world *w = *state;
    int refused = 0;
    int there = 0;
    int64_t n = 0;
    enum err err = ERR_NO_MEMORY;
    for (; frames(w) < INDEX_FRAMES - 200; n++) {
        write_text(w, 100 << 10);
        commit(w);
    }
    for (long k = 1; err != OK; k++) {
        bool fatal = false;
        write_text(w, 300 << 10);
        memory_fail(k, false);
        err = store_commit(w->s, &fatal);
        memory_again();
        bool durable = after_restart(w) > n;
        assert_true(err == OK || err == ERR_NO_MEMORY);
        assert_true(fatal || durable == (err == OK));
        refused += err != OK;
        there += err != OK && durable;
    }
    print_message("%d refused, %d of them there\n", refused, there);
    assert_true(frames(w) > INDEX_FRAMES);
    assert_true(there > 0); /* else this test shows nothing */
}

static int setup(void **state)
{
    memory_again();
    *state = (void *)(uintptr_t)&makers[0];
    return world_setup(state);
}

int main(void)
{
    memory_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_allocation, setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_open, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_rollback, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_release, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_text, setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_commit, setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
