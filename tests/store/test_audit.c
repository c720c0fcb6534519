/* The audit record: its chain, its one form, what goes when it is old, and what
 * a change of it is called. */
#include "store/maker.h"

#include <inttypes.h>
#include <nettle/sm3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/anchor.h"
#include "daemon/store/audit.h"
#include "daemon/store/audit_walk.h"
#include "daemon/store/verify.h"

enum {
    DAY = 86400
};

static struct audit_event event(struct world *w, const char *what)
{
    struct audit_event e = {.at = w->now, .times = 1};
    snprintf(e.what, sizeof e.what, "%s", what);
    snprintf(e.outcome, sizeof e.outcome, "ok");
    return e;
}

static void append(struct world *w, const struct audit_event *e)
{
    begin(w);
    assert_int_equal(audit_append(w->s, e), OK);
    commit(w);
}

/* One a day, from w->now on. */
static void append_days(struct world *w, int days)
{
    begin(w);
    for (int i = 0; i < days; i++) {
        struct audit_event e = event(w, "ticket.show");
        snprintf(e.account, sizeof e.account, "p%d", i % 7);
        assert_int_equal(audit_append(w->s, &e), OK);
        w->now += DAY;
    }
    commit(w);
}

static char *record_of(struct world *w, int64_t n)
{
    struct cell bind = cell_int("", n);
    struct rows r;
    assert_int_equal(rows_begin_text(w->s,
                                     "SELECT record FROM audit WHERE n = ?1",
                                     &bind, 1, &r),
                     OK);
    assert_true(rows_next(&r));
    char *record = strdup(rows_text(&r, 0));
    assert_int_equal(rows_end(&r), OK);
    return record;
}

/* -- what a record says ------------------------------------------------------
 */

static void test_full_record(void **state)
{
    struct world *w = *state;
    struct audit_event e = {.at = 1766000000,
                            .account = "ada",
                            .source = "2001:db8:1:2::/64",
                            .what = "person.role",
                            .outcome = "ok",
                            .object = "a\"b\\c 县",
                            .seq = 812,
                            .times = 3};
    append(w, &e);
    char *record = record_of(w, 1);
    assert_string_equal(
        record, "{\"n\":1,\"at\":1766000000,\"account\":\"ada\","
                "\"source\":\"2001:db8:1:2::/64\",\"what\":\"person.role\","
                "\"outcome\":\"ok\",\"object\":\"a\\\"b\\\\c 县\","
                "\"seq\":812,\"times\":3}");
    struct audit_event back;
    int64_t n = 0;
    assert_true(audit_read(record, strlen(record), &n, &back));
    assert_int_equal(n, 1);
    assert_memory_equal(&back, &e, sizeof e);
    free(record);
}

static void test_absent_where_empty(void **state)
{
    struct world *w = *state;
    struct audit_event e = event(w, "daemon.stop");
    append(w, &e);
    char *record = record_of(w, 1);
    assert_string_equal(record, "{\"n\":1,\"at\":1766000000,"
                                "\"what\":\"daemon.stop\",\"outcome\":\"ok\"}");
    free(record);
}

/* Nothing that a stranger chose makes one line look like two. */
static void test_control_characters(void **state)
{
    struct world *w = *state;
    struct audit_event e = event(w, "login");
    snprintf(e.account, sizeof e.account, "a\nb\x7f\x1b[2J");
    append(w, &e);
    char *record = record_of(w, 1);
    assert_non_null(strstr(record, "\"account\":\"a?b??[2J\""));
    free(record);
}

static void test_one_form(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "{}",
        "{\"n\":1,\"at\":5,\"what\":\"x\",\"outcome\":\"ok\"} ",
        "{\"n\":01,\"at\":5,\"what\":\"x\",\"outcome\":\"ok\"}",
        "{\"n\":1,\"at\":5,\"what\":\"\",\"outcome\":\"ok\"}",
        "{\"n\":1,\"at\":5,\"what\":\"x\",\"outcome\":\"\\u006fk\"}",
        "{\"n\":1,\"at\":5,\"account\":\"\",\"what\":\"x\",\"outcome\":\"ok\"}",
        "{\"n\":1,\"at\":5,\"outcome\":\"ok\",\"what\":\"x\"}",
        "{\"n\":1,\"at\":5,\"what\":\"x\",\"outcome\":\"ok\",\"times\":1}",
        "{\"n\":1,\"at\":5,\"what\":\"x\",\"outcome\":\"ok\",\"seq\":0}",
        "{\"n\":1,\"at\":5,\"what\":\"x\",\"outcome\":\"ok\",\"more\":1}",
        "{\"n\":1,\"at\":5,\"what\":\"x\ty\",\"outcome\":\"ok\"}",
        "{\"n\":1,\"at\":-5,\"what\":\"x\",\"outcome\":\"ok\"}",
        "{\"n\":1234567890123456789,\"at\":5,\"what\":\"x\",\"outcome\":\"o\"}",
    };
    struct audit_event e;
    int64_t n = 0;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (audit_read(others[i], strlen(others[i]), &n, &e)) {
            fail_msg("taken: %s", others[i]);
        }
    }
    char line[300];
    snprintf(line, sizeof line,
             "{\"n\":1,\"at\":5,\"account\":\"%0200d\",\"what\":\"x\","
             "\"outcome\":\"ok\"}",
             0);
    assert_false(audit_read(line, strlen(line), &n, &e));
}

/* -- the chain ---------------------------------------------------------------
 */

/* By its definition, from what is stored. */
static void test_chain(void **state)
{
    struct world *w = *state;
    append_days(w, 5);
    uint8_t hash[32] = {0};
    int64_t n = 0;
    struct rows r;
    assert_int_equal(
        rows_begin_text(w->s,
                        "SELECT n, record, hex(hash) FROM audit ORDER BY n",
                        NULL, 0, &r),
        OK);
    while (rows_next(&r)) {
        struct sm3_ctx sm3;
        char hex[65];
        const char *record = rows_text(&r, 1);
        sm3_init(&sm3);
        sm3_update(&sm3, sizeof hash, hash);
        sm3_update(&sm3, strlen(record), (const uint8_t *)record);
        sm3_digest(&sm3, sizeof hash, hash);
        for (size_t i = 0; i < sizeof hash; i++) {
            snprintf(hex + 2 * i, 3, "%02X", hash[i]);
        }
        assert_string_equal(rows_text(&r, 2), hex);
        assert_int_equal(rows_int(&r, 0), ++n);
    }
    assert_int_equal(rows_end(&r), OK);
    uint8_t head[32];
    int64_t head_n = 0;
    assert_int_equal(audit_head(w->s, &head_n, head), OK);
    assert_int_equal(head_n, 5);
    assert_memory_equal(head, hash, sizeof hash);
}

static void test_undone_with_its_transaction(void **state)
{
    struct world *w = *state;
    struct audit_event e = event(w, "account.add");
    append(w, &e);
    begin(w);
    assert_int_equal(store_mark(w->s), OK);
    assert_int_equal(audit_append(w->s, &e), OK);
    store_undo(w->s);
    assert_int_equal(store_mark(w->s), OK);
    snprintf(e.object, sizeof e.object, "kept");
    assert_int_equal(audit_append(w->s, &e), OK);
    assert_int_equal(store_keep(w->s), OK);
    commit(w);
    begin(w);
    assert_int_equal(audit_append(w->s, &e), OK);
    store_rollback(w->s);
    assert_int_equal(count(w->s, "SELECT max(n) FROM audit"), 2);
    char *record = record_of(w, 2);
    assert_non_null(strstr(record, "kept"));
    free(record);
    append(w, &e);
    assert_int_equal(count(w->s, "SELECT max(n) FROM audit"), 3);
}

/* -- proofs ------------------------------------------------------------------
 */

static struct anchor head_anchor(struct world *w)
{
    struct anchor a;
    assert_int_equal(anchor_head(w->s, ANCHOR_AUDIT, &a), OK);
    return a;
}

/* Closes the store and proves both chains; the journal is sound. */
static enum err prove(struct world *w, const struct anchors *anchors,
                      struct audit_report *ret)
{
    struct verdict_report report;
    store_close(w->s);
    w->s = NULL;
    enum err err =
        store_verify_anchored(w->path, anchors, &report, NULL, NULL, NULL);
    *ret = report.audit;
    assert_int_equal(report.bad_seq, 0);
    return err;
}

static void expect_bad(struct world *w, const struct anchors *anchors,
                       int64_t bad, const char *reason)
{
    struct audit_report report;
    enum err err = prove(w, anchors, &report);
    if (err != ERR_CORRUPT || report.bad != bad ||
        strstr(report.reason, reason) == NULL) {
        fail_msg("%s, %" PRId64 ": %s; not %" PRId64 ": %s", err_name(err),
                 report.bad, report.reason, bad, reason);
    }
}

static void reopen(struct world *w)
{
    assert_int_equal(store_open(w->path, STORE_WRITE, &w->s, NULL), OK);
}

static void add_anchor(struct anchors *anchors, const struct anchor *a)
{
    char line[ANCHOR_LINE_SIZE];
    anchor_format(a, line);
    assert_memory_equal(line, "bihuan-audit 1 ", 15);
    assert_int_equal(anchors_add(anchors, line, NULL), OK);
}

static void test_sound(void **state)
{
    struct world *w = *state;
    struct anchors anchors = {.n = 0};
    struct audit_report report;
    file_ticket(w, NULL);
    append_days(w, 40);
    struct anchor a = head_anchor(w);
    assert_int_equal(a.seq, 40);
    add_anchor(&anchors, &a);
    append_days(w, 2);
    assert_int_equal(prove(w, &anchors, &report), OK);
    assert_int_equal(report.records, 42);
    assert_int_equal(report.head, 42);
    assert_int_equal(report.base, 0);
    assert_int_equal(report.anchors, 1);
    assert_int_equal(report.anchored, 40);
    anchors_done(&anchors);
}

static void test_columns_must_agree(void **state)
{
    static const char *const changes[] = {
        "UPDATE audit SET account = 'other' WHERE n = 3",
        "UPDATE audit SET account = '' WHERE n = 3",
        "UPDATE audit SET what = 'ticket.list' WHERE n = 3",
        "UPDATE audit SET outcome = 'forbidden' WHERE n = 3",
        "UPDATE audit SET at = at + 1 WHERE n = 3",
    };
    struct world *w = *state;
    append_days(w, 5);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        char back[200];
        snprintf(back, sizeof back,
                 "UPDATE audit SET account = 'p2', what = 'ticket.show',"
                 " outcome = 'ok', at = %d WHERE n = 3",
                 1766000000 + 2 * DAY);
        store_close(w->s);
        tamper(w, changes[i]);
        reopen(w);
        expect_bad(w, NULL, 3, "a column and the record disagree");
        tamper(w, back);
        reopen(w);
    }
    struct audit_report report;
    assert_int_equal(prove(w, NULL, &report), OK);
}

static void test_rows(void **state)
{
    struct world *w = *state;
    struct anchors anchors = {.n = 0};
    append_days(w, 9);
    struct anchor a = head_anchor(w);
    add_anchor(&anchors, &a);
    store_close(w->s);
    tamper(w, "DELETE FROM audit WHERE n > 7");
    reopen(w);
    expect_bad(w, &anchors, 8, "ends at 7, the anchor names 9");
    tamper(w, "DELETE FROM audit WHERE n = 4");
    reopen(w);
    expect_bad(w, NULL, 4, "missing");
    tamper(w, "DELETE FROM audit WHERE n < 4");
    reopen(w);
    expect_bad(w, NULL, 1, "missing");
    anchors_done(&anchors);
}

/* -- what is old -------------------------------------------------------------
 */

static void expire(struct world *w, instant before, int max, int went)
{
    int n = -1;
    begin(w);
    assert_int_equal(audit_expire(w->s, w->now, before, max, &n), OK);
    commit(w);
    assert_int_equal(n, went);
}

static void test_expiry(void **state)
{
    struct world *w = *state;
    struct anchors anchors = {.n = 0};
    struct audit_report report;
    instant first = w->now;
    append_days(w, 20);
    struct anchor old = head_anchor(w); /* of one that will go */
    append_days(w, 280);
    instant before = first + 100 * DAY;
    expire(w, before, 30, 30); /* in strides */
    assert_int_equal(count(w->s, "SELECT min(n) FROM audit"), 31);
    expire(w, before, 1000, 70);
    expire(w, before, 1000, 0);
    assert_int_equal(count(w->s, "SELECT min(n) FROM audit"), 101);
    assert_int_equal(count(w->s, "SELECT count(*) FROM audit"), 200 + 2);
    assert_int_equal(
        count(w->s, "SELECT count(*) FROM audit WHERE what = 'audit.cut'"), 2);
    add_anchor(&anchors, &old);
    struct anchor head = head_anchor(w);
    add_anchor(&anchors, &head);
    assert_int_equal(prove(w, &anchors, &report), OK);
    assert_int_equal(report.base, 100);
    assert_int_equal(report.records, 202);
    assert_int_equal(report.head, 302);
    assert_int_equal(report.older, 1);
    assert_int_equal(report.anchors, 1);
    anchors.now = old.at + 100 * DAY; /* the cut is of a day to come */
    expect_bad(w, &anchors, 20, "before its time");
    anchors_done(&anchors);
}

static void test_all_of_it_is_old(void **state)
{
    struct world *w = *state;
    struct audit_report report;
    append_days(w, 10);
    w->now += 1000 * DAY;
    expire(w, w->now - 300 * DAY, 1000, 10);
    assert_int_equal(count(w->s, "SELECT n FROM audit"), 11);
    append_days(w, 1);
    assert_int_equal(prove(w, NULL, &report), OK);
    assert_int_equal(report.base, 10);
    assert_int_equal(report.head, 12);
}

/* Who takes a beginning away must say so in the chain. */
static void test_forged_beginnings(void **state)
{
    struct world *w = *state;
    instant first = w->now;
    append_days(w, 300);
    expire(w, first + 20 * DAY, 1000, 20);
    store_close(w->s);
    tamper(w, "DELETE FROM audit WHERE n <= 25; UPDATE meta SET value ="
              " '25 ' || (SELECT lower(hex(hash)) FROM audit WHERE n = 26)"
              " WHERE name = 'audit_base'");
    reopen(w);
    expect_bad(w, NULL, 26, "the chain breaks");
    tamper(w, "UPDATE meta SET value = 'x' WHERE name = 'audit_base'");
    reopen(w);
    expect_bad(w, NULL, 1, "not readable");
    tamper(w, "DELETE FROM meta WHERE name = 'audit_base'");
    reopen(w);
    expect_bad(w, NULL, 1, "missing");
}

/* And not before it is old: an anchor of what is gone tells its age. */
static void test_cut_too_soon(void **state)
{
    struct world *w = *state;
    struct anchors anchors = {.n = 0};
    append_days(w, 300);
    struct anchor young = head_anchor(w);
    append_days(w, 10);
    expire(w, w->now, 305, 305);
    add_anchor(&anchors, &young);
    expect_bad(w, &anchors, 300, "before its time");
    anchors_done(&anchors);
}

/* A cut that nobody recorded: the base is right, but the chain does not say. */
static void test_unrecorded_cut(void **state)
{
    struct world *w = *state;
    append_days(w, 10);
    store_close(w->s);
    tamper(w, "INSERT INTO meta VALUES ('audit_base', '4 ' || (SELECT"
              " lower(hex(hash)) FROM audit WHERE n = 4));"
              " DELETE FROM audit WHERE n <= 4");
    reopen(w);
    expect_bad(w, NULL, 1, "no cut names it");
}

/* -- anchors -----------------------------------------------------------------
 */

static void test_two_kinds(void **state)
{
    struct world *w = *state;
    struct anchors all = {.n = 0};
    struct anchor journal;
    struct anchor back;
    char line[ANCHOR_LINE_SIZE];
    assert_int_equal(anchor_head(w->s, ANCHOR_AUDIT, &back), ERR_NOT_FOUND);
    file_ticket(w, NULL);
    append_days(w, 3);
    assert_int_equal(anchor_head(w->s, ANCHOR_JOURNAL, &journal), OK);
    struct anchor audit = head_anchor(w);
    anchor_format(&audit, line);
    assert_int_equal(anchor_parse(line, strlen(line), &back), OK);
    assert_int_equal(back.chain, ANCHOR_AUDIT);
    assert_int_equal(back.seq, 3);
    assert_memory_equal(back.hash, audit.hash, sizeof back.hash);
    add_anchor(&all, &audit);
    anchor_format(&journal, line);
    assert_int_equal(anchors_add(&all, line, NULL), OK);
    anchors_sort(&all);
    struct anchors of_journal = anchors_of(&all, ANCHOR_JOURNAL);
    struct anchors of_audit = anchors_of(&all, ANCHOR_AUDIT);
    assert_int_equal(of_journal.n, 1);
    assert_int_equal(of_journal.of[0].anchor.seq, 1);
    assert_int_equal(of_audit.n, 1);
    assert_int_equal(of_audit.of[0].anchor.seq, 3);
    assert_int_equal(anchor_parse("bihuan-audits 1 3 ", 18, &back),
                     ERR_BAD_PARAM);
    anchors_done(&all);
}

#define FILES(f)                                               \
    {                                                          \
        .name = #f, .test_func = f, .setup_func = world_setup, \
        .teardown_func = world_teardown,                       \
        .initial_state = (void *)(uintptr_t)&makers[0]         \
    }

int main(void)
{
    const struct CMUnitTest both[] = {
        cmocka_unit_test(test_full_record),
        cmocka_unit_test(test_absent_where_empty),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_one_form),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_undone_with_its_transaction),
        cmocka_unit_test(test_two_kinds),
    };
    const struct CMUnitTest files[] = {
        FILES(test_sound),
        FILES(test_columns_must_agree),
        FILES(test_rows),
        FILES(test_expiry),
        FILES(test_all_of_it_is_old),
        FILES(test_forged_beginnings),
        FILES(test_cut_too_soon),
        FILES(test_unrecorded_cut),
    };
    int failed = run_over_makers("audit", both, sizeof both / sizeof both[0]);
    failed += cmocka_run_group_tests(files, NULL, NULL);
    return failed;
}
