/* What waits for the audit record: bounded, merged, never lost without being
 * told, and a read that cannot be recorded is not answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/audit/audit_note.h"
#include "daemon/audit/audit_queue.h"
#include "daemon/store/audit.h"
#include "proto/command.h"
#include "proto/message.h"

struct world {
    struct store *store;
    struct audit_queue queue;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_int_equal(
        store_open(":memory:audit-queue", STORE_CREATE, &w->store, NULL), OK);
    assert_int_equal(audit_queue_init(&w->queue), OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    audit_queue_done(&w->queue);
    store_close(w->store);
    free(w);
    return 0;
}

static struct audit_event event(int i)
{
    struct audit_event e = {.at = 1766000000 + i, .times = 1};
    snprintf(e.account, sizeof e.account, "ada");
    snprintf(e.what, sizeof e.what, "ticket.show");
    snprintf(e.outcome, sizeof e.outcome, "ok");
    snprintf(e.object, sizeof e.object, "20261120-%03d", i);
    return e;
}

static bool add(struct world *w, int i, bool must)
{
    struct audit_event e = event(i);
    return audit_queue_add(&w->queue, &e, must);
}

/* A refusal of the account number `who`. */
static bool add_of(struct world *w, int who, int i)
{
    struct audit_event e = event(i);
    snprintf(e.account, sizeof e.account, "p%d", who);
    return audit_queue_add(&w->queue, &e, false);
}

/* One write; `durable`: it is committed, else lost. */
static void flush(struct world *w, bool durable)
{
    bool fatal = false;
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(audit_queue_write(&w->queue, w->store), OK);
    if (durable) {
        assert_int_equal(store_commit(w->store, &fatal), OK);
    } else {
        store_rollback(w->store);
    }
    audit_queue_wrote(&w->queue, durable);
}

static int64_t number(struct world *w, const char *sql)
{
    struct rows rows;
    assert_int_equal(rows_begin_text(w->store, sql, NULL, 0, &rows), OK);
    assert_true(rows_next(&rows));
    int64_t n = rows_int(&rows, 0);
    assert_int_equal(rows_end(&rows), OK);
    return n;
}

static void test_equal_ones_are_one(void **state)
{
    struct world *w = *state;
    assert_false(audit_queue_waits(&w->queue));
    for (int i = 0; i < 70; i++) {
        assert_true(add(w, i % 7, i % 2 == 0));
    }
    assert_true(audit_queue_waits(&w->queue));
    flush(w, true);
    assert_false(audit_queue_waits(&w->queue));
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 7);
    assert_int_equal(number(w, "SELECT count(*) FROM audit WHERE"
                               " json_extract(record, '$.times') = 10"),
                     7);
    /* what comes after a write is another one */
    add(w, 0, true);
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 8);
}

/* Any difference makes another one. */
static void test_others_are_others(void **state)
{
    struct world *w = *state;
    struct audit_event e = event(1);
    char *const texts[] = {e.account, e.source, e.what, e.outcome, e.object};
    audit_queue_add(&w->queue, &e, true);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        snprintf(texts[i], AUDIT_WORD_SIZE, "x");
        audit_queue_add(&w->queue, &e, true);
    }
    e.seq = 5;
    audit_queue_add(&w->queue, &e, true);
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 7);
}

static void test_lost_write(void **state)
{
    struct world *w = *state;
    add(w, 1, true);
    add(w, 2, true);
    flush(w, false);
    assert_true(audit_queue_waits(&w->queue));
    add(w, 3, true);
    flush(w, false);
    flush(w, true); /* what was taken first */
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 2);
    assert_true(audit_queue_waits(&w->queue));
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 3);
    assert_false(audit_queue_waits(&w->queue));
    assert_int_equal(number(w, "SELECT max(at) FROM audit"), 1766000003);
}

/* Refusals leave room for what must be recorded; what found none is told. */
static void test_full(void **state)
{
    struct world *w = *state;
    int i = 0;
    while (i < AUDIT_REFUSALS_MAX) {
        assert_true(add_of(w, i / 500, i));
        i++;
    }
    for (int k = 0; k < 100; k++) {
        assert_false(add_of(w, 1000 + k, 1000000 + k));
    }
    assert_true(add_of(w, 0, 5)); /* such a one waits already */
    while (i < AUDIT_PENDING_MAX) {
        assert_true(add(w, i++, true));
    }
    assert_false(add(w, i, true));
    assert_true(add(w, i - 1, true));
    flush(w, false);
    assert_false(add(w, i, true)); /* lost ones still take their room */
    flush(w, true);
    assert_true(add(w, i, true));
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"),
                     AUDIT_PENDING_MAX + 2);
    assert_int_equal(number(w, "SELECT json_extract(record, '$.times') FROM"
                               " audit WHERE what = 'audit.dropped'"),
                     100);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"
                               " WHERE what = 'audit.dropped'"),
                     1);
}

/* Who is refused without end fills neither the queue nor the disk: from a
 * thousand on they are only counted, in the end 5 a second told apart. Others,
 * and what must be recorded, are not touched. */
static void test_many_of_one(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5000; i++) {
        struct audit_event e = event(i);
        e.at = 1766000000;
        assert_true(audit_queue_add(&w->queue, &e, false));
    }
    assert_true(add_of(w, 7, 1));
    assert_true(add(w, 9000, true));
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 1000 + 1 + 2);
    assert_int_equal(number(w, "SELECT sum(coalesce(json_extract(record,"
                               " '$.times'), 1)) FROM audit"),
                     5002);
    assert_int_equal(number(w, "SELECT json_extract(record, '$.times') FROM"
                               " audit WHERE what = 'audit.more'"
                               " AND account = 'ada' AND outcome = 'ok'"),
                     4000);
    for (int i = 0; i < 100; i++) { /* ten seconds later */
        struct audit_event e = event(10000 + i);
        e.at = 1766000010;
        audit_queue_add(&w->queue, &e, false);
    }
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 1003 + 50 + 1);
}

/* Whose log-in is tried is only claimed: then the source is who is counted. */
static void test_many_claims(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 3000; i++) {
        struct audit_event e = event(0);
        e.at = 1766000000;
        snprintf(e.what, sizeof e.what, "login");
        snprintf(e.account, sizeof e.account, "a%d", i % 1500);
        snprintf(e.source, sizeof e.source, "10.1.2.3");
        audit_queue_add(&w->queue, &e, false);
    }
    flush(w, true);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"
                               " WHERE what = 'login'"),
                     1000);
    assert_int_equal(number(w, "SELECT count(*) FROM audit"), 1001);
    assert_int_equal(number(w, "SELECT count(*) FROM audit WHERE account = ''"
                               " AND json_extract(record, '$.source') ="
                               " '10.1.2.3' AND what = 'audit.more'"),
                     1);
}

/* -- what of a call is recorded ----------------------------------------------
 */

/* The event of a request that ended so; false: none. */
static bool noted(const char *method, const char *params, enum err err,
                  struct audit_event *ret)
{
    struct problem p;
    struct call c = {.command = command_find(method), .recorded = 7};
    struct value values[ARGS_MAX];
    json_t *object = json_loads(params, 0, NULL);
    assert_non_null(c.command);
    assert_int_equal(command_check(c.command, object, values, &p), OK);
    c.values = values;
    c.seq = 812;
    snprintf(c.actor.account, sizeof c.actor.account, "ada");
    bool is = audit_note(&c, "10.1.2.3", err, ret);
    json_decref(object);
    return is;
}

static void test_what_is_noted(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *params;
        enum err err;
        const char *account; /* NULL: nothing is recorded */
        const char *object;
        int64_t seq;
    } rows[] = {
        /* a read that gives nothing personal, and its refusals */
        {"server.info", "{}", OK, NULL, NULL, 0},
        {"server.info", "{}", ERR_BUSY, NULL, NULL, 0},
        {"server.stats", "{}", ERR_FORBIDDEN, "ada", "", 0},
        {"ticket.list", "{}", OK, NULL, NULL, 0},
        {"ticket.list", "{}", ERR_RATE_LIMITED, "ada", "", 0},
        /* personal */
        {"ticket.show", "{\"ticket\":\"20261120-001\"}", OK, "ada",
         "20261120-001", 0},
        {"ticket.show", "{\"ticket\":\"20261120-001\"}", ERR_NOT_FOUND, "ada",
         "20261120-001", 0},
        {"ticket.show", "{\"ticket\":\"20261120-001\"}", ERR_UNAUTHENTICATED,
         "ada", "", 0},
        {"ticket.show", "{\"ref\":\"A/1\"}", OK, "ada", "ref:A/1", 0},
        {"attachment.read",
         "{\"ticket\":\"20261120-001\",\"n\":3,\"offset\":131072}", OK, "ada",
         "20261120-001 n=3", 0},
        /* a step of a ticket stands in the journal; who may not, here */
        {"ticket.accept", "{\"ticket\":\"20261120-001\"}", OK, NULL, NULL, 0},
        {"ticket.accept", "{\"ticket\":\"20261120-001\"}", ERR_BAD_STATE, NULL,
         NULL, 0},
        {"ticket.accept", "{\"ticket\":\"20261120-001\"}", ERR_FORBIDDEN, "ada",
         "20261120-001", 0},
        /* no text of anybody's */
        {"text.redact", "{\"record\":12,\"reason\":\"secret\"}", OK, "ada",
         "record=12", 812},
        {"person.add",
         "{\"code\":\"bob\",\"name\":\"secret\",\"phone\":\"13800\","
         "\"unit\":\"jxj\",\"role\":\"head\"}",
         OK, "ada", "bob jxj role=head", 812},
        {"person.role",
         "{\"code\":\"bob\",\"unit\":\"jxj\",\"role\":\"head\",\"end\":true}",
         ERR_BLOCKED, "ada", "bob jxj role=head end", 0},
        {"login", "{\"account\":\"bob\",\"password\":\"secret\"}",
         ERR_LOGIN_FAILED, "bob", "", 0},
        /* of lines of history those about tickets stand in the journal */
        {"import.event",
         "{\"event\":{\"at\":\"x\",\"method\":\"ticket.accept\",\"params\":{"
         "\"ref\":\"A/1\"}},\"occurrence\":0}",
         OK, NULL, NULL, 0},
        {"import.event",
         "{\"event\":{\"at\":\"x\",\"method\":1},\"occurrence\":0}",
         ERR_BAD_PARAM, NULL, NULL, 0},
        {"passwd", "{\"old\":\"secret\",\"new\":\"secret\"}", OK, "ada", "",
         812},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct audit_event e;
        bool is = noted(rows[i].method, rows[i].params, rows[i].err, &e);
        if (is != (rows[i].account != NULL) ||
            (is &&
             (strcmp(e.account, rows[i].account) != 0 ||
              strcmp(e.object, rows[i].object) != 0 || e.seq != rows[i].seq))) {
            fail_msg("%s %s %s: %d '%s' '%s' %lld", rows[i].method,
                     rows[i].params, err_name(rows[i].err), is,
                     is ? e.account : "", is ? e.object : "",
                     is ? (long long)e.seq : 0);
        }
        if (is) {
            assert_string_equal(e.what, rows[i].method);
            assert_string_equal(e.outcome, err_name(rows[i].err));
            assert_string_equal(e.source, "10.1.2.3");
        }
    }
}

/* A role that came by import is a role: it stands there under its own name. */
static void test_imported(void **state)
{
    static const char line[] =
        "{\"event\":{\"at\":\"2026-11-20T09:00:00+08:00\",\"as\":\"eve\","
        "\"method\":\"person.role\",\"params\":{\"code\":\"bob\","
        "\"unit\":\"jxj\",\"role\":\"supervisor\"}},\"occurrence\":0}";
    static const enum err ends[] = {OK, ERR_FORBIDDEN, ERR_BLOCKED};
    struct audit_event e;
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        assert_true(noted("import.event", line, ends[i], &e));
        assert_string_equal(e.account, "ada");
        assert_string_equal(e.what, "person.role");
        assert_string_equal(e.object, "imported bob jxj role=supervisor");
        assert_string_equal(e.outcome, err_name(ends[i]));
        assert_int_equal(e.seq, ends[i] == OK ? 812 : 0);
    }
    /* a stranger's is a stranger's */
    assert_true(noted("import.event", line, ERR_UNAUTHENTICATED, &e));
    assert_string_equal(e.what, "import.event");
    assert_string_equal(e.object, "");
}

/* What does not fit is left out whole. */
static void test_long_objects(void **state)
{
    (void)state;
    char params[300];
    char code[64];
    struct audit_event e;
    memset(code, 'c', 63);
    code[63] = '\0';
    snprintf(params, sizeof params,
             "{\"code\":\"%s\",\"unit\":\"u%.62s\",\"role\":\"head\"}", code,
             code);
    assert_true(noted("person.role", params, OK, &e));
    assert_memory_equal(e.object, code, 63);
    assert_string_equal(e.object + 63, " role=head");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_equal_ones_are_one),
        TEST(test_others_are_others),
        TEST(test_lost_write),
        TEST(test_full),
        TEST(test_many_of_one),
        TEST(test_many_claims),
        cmocka_unit_test(test_what_is_noted),
        cmocka_unit_test(test_imported),
        cmocka_unit_test(test_long_objects),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
