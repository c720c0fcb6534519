/* Each allocation inside SQLite fails once: the command is refused or done,
 * never half done, and the store goes on afterwards. */
#include "store/maker.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/verify.h"

static sqlite3_mem_methods real;
static long fail_in; /* allocations until one fails; 0: none does */
static long calls;

static bool fails(void)
{
    calls++;
    return fail_in > 0 && --fail_in == 0;
}

static void *fault_malloc(int size)
{
    return fails() ? NULL : real.xMalloc(size);
}

static void *fault_realloc(void *block, int size)
{
    return fails() ? NULL : real.xRealloc(block, size);
}

static void install(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    sqlite3_mem_methods faulty = real;
    faulty.xMalloc = fault_malloc;
    faulty.xRealloc = fault_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty), SQLITE_OK);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

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
    assert_false(fatal);
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
        fail_in = k;
        enum err err = file_one(w);
        bool reached = fail_in == 0;
        fail_in = 0;
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
        fail_in = k;
        enum err err = store_open(w->path, STORE_WRITE, &w->s, &p);
        reached = fail_in == 0;
        fail_in = 0;
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

static int setup(void **state)
{
    *state = (void *)(uintptr_t)&makers[0];
    return world_setup(state);
}

int main(void)
{
    install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_allocation, setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_open, setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
