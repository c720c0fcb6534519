/* The contract of store.h, over every store. */
#include "store/maker.h"

#include <nettle/sm3.h>
#include <stdlib.h>
#include <string.h>

static void test_create_once(void **state)
{
    struct world *w = *state;
    struct store *other = NULL;
    struct problem p = {0};
    assert_int_not_equal(store_open(w->path, STORE_CREATE, &other, &p), OK);
    assert_null(other);
    assert_true(p.detail[0] != '\0');
}

static void test_commit_is_seen(void **state)
{
    struct world *w = *state;
    struct store *reader;
    assert_int_equal(store_open(w->path, STORE_READ, &reader, NULL), OK);
    struct ticket_row row = file_ticket(w, "X-1");
    assert_int_equal(store_head(reader), 1);
    assert_int_equal(store_last_recorded(reader), w->now);
    struct ticket_row got = {0};
    assert_int_equal(store_snapshot(reader), OK);
    assert_int_equal(ticket_load(reader, row.ticket.id, &got), OK);
    store_release(reader);
    assert_string_equal(got.ref, "X-1");
    assert_int_equal(got.ticket.n_clocks, 2);
    assert_memory_equal(&got.ticket.dispatches[0], &row.ticket.dispatches[0],
                        sizeof(struct dispatch));
    assert_int_equal(got.ticket.clocks[0].due.at, row.ticket.clocks[0].due.at);
    assert_int_equal(got.seq, 1);
    store_close(reader);
}

static void test_rollback(void **state)
{
    struct world *w = *state;
    begin(w);
    open_record(w, "ticket.file", 0);
    new_ticket(w, NULL);
    assert_int_equal(close_record(w), 1);
    assert_int_equal(store_head(w->s), 1);
    store_rollback(w->s);
    assert_int_equal(store_head(w->s), 0);
    assert_int_equal(count(w->s, "SELECT count(*) FROM ticket"), 0);
    file_ticket(w, NULL);
    assert_int_equal(store_head(w->s), 1);
    assert_int_equal(count(w->s, "SELECT max(id) FROM text"), 1);
}

static void test_undo_leaves_the_others(void **state)
{
    struct world *w = *state;
    begin(w);
    assert_int_equal(store_mark(w->s), OK);
    open_record(w, "ticket.file", 0);
    struct ticket_row kept = new_ticket(w, NULL);
    close_record(w);
    assert_int_equal(store_keep(w->s), OK);
    assert_int_equal(store_mark(w->s), OK);
    open_record(w, "ticket.file", 0);
    struct ticket_row undone = new_ticket(w, NULL);
    store_undo(w->s); /* in the middle of a record */
    assert_int_equal(store_mark(w->s), OK);
    open_record(w, "ticket.file", 0);
    struct ticket_row third = new_ticket(w, NULL);
    assert_int_equal(close_record(w), 2);
    assert_int_equal(store_keep(w->s), OK);
    commit(w);
    assert_int_equal(undone.ticket.id, kept.ticket.id + 1);
    assert_int_equal(third.ticket.id, undone.ticket.id);
    assert_int_equal(count(w->s, "SELECT count(*) FROM journal"), 2);
    assert_int_equal(count(w->s, "SELECT count(*) FROM text"), 2);
}

static void test_empty_record(void **state)
{
    struct world *w = *state;
    begin(w);
    assert_int_equal(open_record(w, "nothing", 0), 1);
    assert_int_equal(close_record(w), 0);
    assert_int_equal(open_record(w, "nothing", 0), 1);
    assert_int_equal(close_record(w), 0);
    commit(w);
    assert_int_equal(store_head(w->s), 0);
}

/* The hash by its definition, from what is stored. */
static void test_chain(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 3; i++) {
        file_ticket(w, NULL);
    }
    uint8_t hash[32] = {0};
    struct rows r;
    assert_int_equal(rows_begin_text(w->s,
                                     "SELECT record, hex(hash) FROM journal"
                                     " ORDER BY seq",
                                     NULL, 0, &r),
                     OK);
    int n = 0;
    while (rows_next(&r)) {
        struct sm3_ctx sm3;
        char hex[65];
        sm3_init(&sm3);
        sm3_update(&sm3, 32, hash);
        sm3_update(&sm3, strlen(rows_text(&r, 0)),
                   (const uint8_t *)rows_text(&r, 0));
        sm3_digest(&sm3, 32, hash);
        for (int i = 0; i < 32; i++) {
            snprintf(hex + 2 * i, 3, "%02X", hash[i]);
        }
        assert_string_equal(rows_text(&r, 1), hex);
        n++;
    }
    assert_int_equal(rows_end(&r), OK);
    assert_int_equal(n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_once),
        cmocka_unit_test(test_commit_is_seen),
        cmocka_unit_test(test_rollback),
        cmocka_unit_test(test_undo_leaves_the_others),
        cmocka_unit_test(test_empty_record),
        cmocka_unit_test(test_chain),
    };
    return run_over_makers("store", tests, sizeof tests / sizeof tests[0]);
}
