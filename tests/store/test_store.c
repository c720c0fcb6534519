/* The contract of store.h, over every store. */
#include "store/maker.h"

#include <jansson.h>
#include <nettle/sm3.h>
#include <stdio.h>
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

static void test_put_kinds(void **state)
{
    struct world *w = *state;
    static const char code[] = "a\"b\\c\nd\te\x01f\x7f码";
    begin(w);
    int64_t seq = open_record(w, "unit.add", 0);
    struct cell cells[] = {
        cell_int("id", 1),
        cell_int("from_seq", seq),
        cell_int("kind", 3),
        cell_text("code", code),
        cell_text("name", NULL),
        cell_int("from_at", -5),
        cell_int_or_null("to_at", 7, 7),
    };
    assert_int_equal(store_put(w->s, TABLE_REGISTER, cells, 7), OK);
    /* the same key again changes the columns given and no other */
    struct cell more[] = {cell_int("id", 1), cell_int("from_seq", seq),
                          cell_int("to_at", INT64_MAX)};
    assert_int_equal(store_put(w->s, TABLE_REGISTER, more, 3), OK);
    close_record(w);
    commit(w);
    struct rows r;
    assert_int_equal(rows_begin_text(w->s,
                                     "SELECT code, name, from_at, to_at,"
                                     " warned, to_seq FROM register",
                                     NULL, 0, &r),
                     OK);
    assert_true(rows_next(&r));
    assert_string_equal(rows_text(&r, 0), code);
    assert_true(rows_null(&r, 1));
    assert_string_equal(rows_text(&r, 1), "");
    assert_int_equal(rows_int(&r, 2), -5);
    assert_true(rows_int(&r, 3) == INT64_MAX);
    assert_int_equal(rows_int(&r, 4), 0);
    assert_int_equal(rows_int_or(&r, 5, 99), 99);
    assert_false(rows_next(&r));
    assert_int_equal(rows_end(&r), OK);
}

/* The record as a JSON library reads it: another reader than verify's. */
static void test_record_is_json(void **state)
{
    struct world *w = *state;
    struct ticket_row row = file_ticket(w, "q\"\\\x02");
    struct rows r;
    assert_int_equal(
        rows_begin_text(w->s, "SELECT record FROM journal", NULL, 0, &r), OK);
    assert_true(rows_next(&r));
    json_t *record = json_loads(rows_text(&r, 0), JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(rows_end(&r), OK);
    assert_non_null(record);
    const char *by;
    const char *method;
    json_int_t v;
    json_int_t seq;
    json_int_t at;
    json_int_t recorded;
    json_int_t ticket;
    json_t *put;
    assert_int_equal(json_unpack(record, "{sI sI sI sI ss ss sI so !}", "v", &v,
                                 "seq", &seq, "at", &at, "recorded", &recorded,
                                 "by", &by, "method", &method, "ticket",
                                 &ticket, "put", &put),
                     0);
    assert_int_equal(v, 1);
    assert_int_equal(seq, 1);
    assert_int_equal(at, w->now);
    assert_int_equal(recorded, w->now);
    assert_string_equal(by, "tester");
    assert_string_equal(method, "ticket.file");
    assert_true(ticket == row.ticket.id);
    /* text, ticket, dispatch, two clocks */
    assert_int_equal(json_array_size(put), 5);
    json_t *text = json_array_get(put, 0);
    assert_string_equal(json_string_value(json_array_get(text, 0)), "text");
    json_t *columns = json_array_get(text, 1);
    assert_int_equal(json_object_size(columns), 3); /* no salt, no body */
    assert_int_equal(
        strlen(json_string_value(json_object_get(columns, "digest"))), 64);
    columns = json_array_get(json_array_get(put, 1), 1);
    assert_string_equal(json_string_value(json_object_get(columns, "ref")),
                        "q\"\\\x02");
    json_decref(record);
}

static void fill_same(void *bytes, size_t len)
{
    memset(bytes, 7, len);
}

static void test_text_digest(void **state)
{
    struct world *w = *state;
    uint8_t bytes[16 + 3] = {7, 7, 7, 7, 7, 7, 7,   7,   7,  7,
                             7, 7, 7, 7, 7, 7, 'a', 'b', 'c'};
    uint8_t digest[32];
    int64_t id;
    store_set_random(w->s, fill_same);
    begin(w);
    open_record(w, "note", 0);
    assert_int_equal(store_text_add(w->s, TEXT_NOTE, "abc", 3, &id), OK);
    close_record(w);
    commit(w);
    store_digest(bytes, sizeof bytes, digest);
    struct cell bind = cell_blob("digest", digest, sizeof digest);
    struct rows r;
    assert_int_equal(
        rows_begin_text(w->s, "SELECT id, purpose FROM text WHERE digest = ?1",
                        &bind, 1, &r),
        OK);
    assert_true(rows_next(&r));
    assert_true(rows_int(&r, 0) == id);
    assert_int_equal(rows_int(&r, 1), TEXT_NOTE);
    assert_int_equal(rows_end(&r), OK);
}

/* GB/T 32905-2016, example 1. */
static void test_sm3(void **state)
{
    (void)state;
    static const uint8_t expected[32] = {
        0x66, 0xc7, 0xf0, 0xf4, 0x62, 0xee, 0xed, 0xd9, 0xd1, 0xf2, 0xd4,
        0x6b, 0xdc, 0x10, 0xe4, 0xe2, 0x41, 0x67, 0xc4, 0x87, 0x5c, 0xf2,
        0xf7, 0xa2, 0x29, 0x7d, 0xa0, 0x2b, 0x8f, 0x4b, 0xa8, 0xe0};
    uint8_t digest[32];
    store_digest("abc", 3, digest);
    assert_memory_equal(digest, expected, 32);
}

static void test_nested_cursors(void **state)
{
    struct world *w = *state;
    char value[20];
    begin(w);
    assert_int_equal(meta_set(w->s, "a", "1"), OK);
    commit(w);
    struct cell bind = cell_text("name", "a");
    struct rows outer;
    struct rows inner;
    assert_int_equal(rows_begin(w->s, STMT_META_GET, &bind, 1, &outer), OK);
    assert_true(rows_next(&outer));
    assert_int_equal(rows_begin(w->s, STMT_META_GET, &bind, 1, &inner), OK);
    assert_true(rows_next(&inner));
    assert_false(rows_next(&inner));
    assert_int_equal(rows_end(&inner), OK);
    assert_string_equal(rows_text(&outer, 0), "1");
    assert_int_equal(rows_end(&outer), OK);
    assert_int_equal(meta_get(w->s, "a", value, sizeof value), OK);
    assert_string_equal(value, "1");
    assert_int_equal(meta_get(w->s, "b", value, sizeof value), ERR_NOT_FOUND);
}

/* A cursor that could not be opened is empty, and its end says why. */
static void test_cursor_not_begun(void **state)
{
    struct world *w = *state;
    struct cell bind = cell_text("name", "a");
    struct rows r;
    int64_t number = 7;
    begin(w);
    enum err err = rows_begin_text(w->s, "SELECT 1 FROM nowhere", NULL, 0, &r);
    assert_int_not_equal(err, OK);
    assert_false(rows_next(&r));
    assert_int_equal(rows_end(&r), err);
    /* the transaction is lost: nothing more runs in it */
    assert_int_not_equal(rows_begin(w->s, STMT_META_GET, &bind, 1, &r), OK);
    assert_false(rows_next(&r));
    assert_int_not_equal(rows_end(&r), OK);
    assert_int_not_equal(rows_number(w->s, STMT_META_GET, &bind, 1, 0, &number),
                         OK);
    assert_int_equal(number, 7);
    store_rollback(w->s);
    assert_int_equal(rows_number(w->s, STMT_META_GET, &bind, 1, -1, &number),
                     OK);
    assert_int_equal(number, -1);
}

/* Each row of statements.def is SQL that this schema understands. */
static void test_statements(void **state)
{
    struct world *w = *state;
    struct cell binds[40];
    for (int i = 0; i < 40; i++) {
        binds[i] = cell_int("x", 1);
    }
    for (int i = 0; i < STMT_COUNT; i++) {
        struct rows r;
        if (rows_begin(w->s, (enum statement)i, binds, 40, &r) != OK) {
            fail_msg("statement %d is not understood", i);
        }
        rows_end(&r);
    }
}

static void test_idem(void **state)
{
    struct world *w = *state;
    uint8_t digest[32] = {1};
    uint8_t other[32] = {2};
    struct idem got = {0};
    assert_int_equal(idem_find(w->s, "a", "k", digest, &got), ERR_NOT_FOUND);
    begin(w);
    assert_int_equal(idem_keep(w->s, "a", "k", digest, "{\"n\":1}", 7, 1000),
                     OK);
    assert_int_equal(idem_keep(w->s, "b", "k", other, "{}", 8, 2000), OK);
    assert_int_equal(idem_keep(w->s, "a", "k", other, "{}", 9, 1), ERR_EXISTS);
    commit(w);
    assert_int_equal(idem_find(w->s, "a", "k", other, &got), ERR_KEY_REUSED);
    assert_int_equal(idem_find(w->s, "a", "k", digest, &got), OK);
    assert_string_equal(got.reply, "{\"n\":1}");
    assert_int_equal(got.seq, 7);
    free(got.reply);
    begin(w);
    assert_int_equal(idem_expire(w->s, 2000), OK);
    commit(w);
    assert_int_equal(idem_find(w->s, "a", "k", digest, &got), ERR_NOT_FOUND);
    assert_int_equal(idem_find(w->s, "b", "k", other, &got), OK);
    free(got.reply);
}

static void test_imported(void **state)
{
    struct world *w = *state;
    uint8_t digest[32] = {9};
    bool there = true;
    assert_int_equal(imported_find(w->s, digest, 1, &there), OK);
    assert_false(there);
    begin(w);
    assert_int_equal(imported_keep(w->s, digest, 1, 5), OK);
    commit(w);
    assert_int_equal(imported_find(w->s, digest, 1, &there), OK);
    assert_true(there);
    assert_int_equal(imported_find(w->s, digest, 2, &there), OK);
    assert_false(there);
}

static void test_next_ids(void **state)
{
    struct world *w = *state;
    static const enum table tables[] = {TABLE_REGISTER,   TABLE_RELATION,
                                        TABLE_NOTICE,     TABLE_TEXT,
                                        TABLE_REGULATION, TABLE_CALENDAR_YEAR};
    begin(w);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(store_next_id(w->s, tables[i]), 1);
        assert_int_equal(store_next_id(w->s, tables[i]), 2);
    }
    store_rollback(w->s);
    begin(w);
    assert_int_equal(store_next_id(w->s, TABLE_NOTICE), 1);
    store_rollback(w->s);
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
        cmocka_unit_test(test_put_kinds),
        cmocka_unit_test(test_record_is_json),
        cmocka_unit_test(test_text_digest),
        cmocka_unit_test(test_sm3),
        cmocka_unit_test(test_nested_cursors),
        cmocka_unit_test(test_cursor_not_begun),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_idem),
        cmocka_unit_test(test_imported),
        cmocka_unit_test(test_next_ids),
    };
    return run_over_makers("store", tests, sizeof tests / sizeof tests[0]);
}
