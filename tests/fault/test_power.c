/* Power loss at every write, truncation, flush and deletion of a series of
 * commits and checkpoints: what was acknowledged is there afterwards, nothing
 * is half there, and verify passes. With synchronous=NORMAL the same test must
 * lose something: otherwise it would prove nothing. */
#include "store/maker.h"

#include <assert.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/internal.h"
#include "daemon/store/verify.h"
#include "lib/power_vfs.h"

enum {
    COMMITS = 12,
    COMMANDS = 3,
    POINTS = 2100,
    CREATE_POINTS = 150
};

static char path[300];

struct tally {
    int64_t acked; /* head after the last commit that was acknowledged */
    int64_t tried; /* head of the last commit that was asked for */
};

static struct world world_at(struct store *s)
{
    struct world w = {.s = s, .now = 1766000000};
    return w;
}

/* One command: a new ticket, or nothing when the disk is gone. */
static enum err command(struct world *w)
{
    struct record record = {
        .at = w->now, .recorded = w->now, .by = "a", .method = "ticket.file"};
    struct ticket_row row = {.category = "c", .urgency = "u", .channel = "h"};
    int64_t seq;
    enum err err = store_record_open(w->s, &record, &seq);
    if (err == OK) {
        err = ticket_next_id(w->s, w->now, &row.ticket.id);
    }
    if (err == OK) {
        err =
            store_text_add(w->s, TEXT_TITLE, "短信收不到", 15, &row.title_text);
    }
    row.ticket.round = 1;
    row.ticket.n_clocks = 1;
    row.ticket.clocks[0] = (struct clock){.n = 1, .next = w->now + seq};
    if (err == OK) {
        err = ticket_save(w->s, NULL, &row, w->now);
    }
    enum err closed = store_record_close(w->s, &seq);
    return err == OK ? closed : err;
}

static enum err batch(struct world *w, struct tally *run)
{
    bool fatal;
    enum err err = store_begin(w->s);
    if (err != OK) {
        return err;
    }
    for (int i = 0; i < COMMANDS; i++) {
        enum err marked = store_mark(w->s);
        if (marked == OK && command(w) == OK) {
            store_keep(w->s);
        } else if (marked == OK) {
            store_undo(w->s);
        }
    }
    run->tried = store_head(w->s);
    err = store_commit(w->s, &fatal);
    if (err == OK) {
        run->acked = run->tried;
    }
    return err;
}

/* Commits until all is done or the power is gone; then stops, as the daemon
 * does. */
static struct tally work(const char *synchronous)
{
    struct tally run = {0};
    struct store *s;
    if (store_open(path, STORE_WRITE, &s, NULL) != OK) {
        return run;
    }
    s->stride = 60000; /* a checkpoint every few commits */
    store_set_space(s, 0, 0);
    sqlite3_exec(s->db, synchronous, NULL, NULL, NULL);
    struct world w = world_at(s);
    enum err err = OK;
    for (int i = 0; err == OK && i < COMMITS; i++) {
        err = batch(&w, &run);
        if (err == OK) {
            err = store_checkpoint(s);
        }
    }
    store_close(s);
    return run;
}

/* What is found after the power is back. */
static void judge(struct tally run, int64_t point, int *lost, int *bad)
{
    struct store *s;
    struct problem p = {0};
    struct verdict_report report;
    if (store_open(path, STORE_WRITE, &s, &p) != OK) {
        print_message("point %lld: %s\n", (long long)point, p.detail);
        (*bad)++;
        return;
    }
    int64_t head = store_head(s);
    int64_t tickets = count(s, "SELECT count(*) FROM ticket");
    store_close(s);
    *lost += head < run.acked;
    *bad += head % COMMANDS != 0 || head > run.tried || tickets != head;
    if (store_verify(path, &report, NULL, NULL, &p) != OK) {
        print_message("point %lld: %s\n", (long long)point, report.reason);
        (*bad)++;
    }
}

/* Points spread evenly over all operations, again and again with other
 * damage. */
static void lose_power(const char *synchronous, int points, int *lost, int *bad)
{
    power_return();
    struct tally whole = work(synchronous);
    int64_t all = power_operations();
    assert_int_equal(whole.acked, COMMITS * COMMANDS);
    assert_true(all > 100);
    *lost = *bad = 0;
    for (int i = 0; i < points; i++) {
        int64_t point = i % all + 1;
        power_return();
        power_seed((uint64_t)i + 1);
        power_die_at(point);
        struct tally run = work(synchronous);
        assert_true(power_is_off());
        power_settle();
        judge(run, point, lost, bad);
    }
    print_message("%s: %d points over %lld operations: %d lost, %d bad\n",
                  synchronous, points, (long long)all, *lost, *bad);
}

static int setup(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/bihuan-power-XXXXXX",
             tmp == NULL ? "/tmp" : tmp);
    if (mkdtemp(path) == NULL) {
        return -1;
    }
    snprintf(path + strlen(path), sizeof path - strlen(path), "/p.db");
    power_install();
    power_reset();
    struct store *s;
    if (store_open(path, STORE_CREATE, &s, NULL) != OK) {
        return -1;
    }
    store_close(s);
    power_remember();
    /* the store looks for the file itself before it asks SQLite */
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    close(fd);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char name[320];
    static const char *const ends[] = {"", ".lock", ".ballast"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    *strrchr(path, '/') = '\0';
    rmdir(path);
    power_reset();
    power_remember();
    return 0;
}

static void test_full_loses_nothing(void **state)
{
    (void)state;
    int lost;
    int bad;
    lose_power("PRAGMA synchronous = FULL", POINTS, &lost, &bad);
    assert_int_equal(lost, 0);
    assert_int_equal(bad, 0);
}

static void test_normal_loses_some(void **state)
{
    (void)state;
    int lost;
    int bad;
    lose_power("PRAGMA synchronous = NORMAL", 200, &lost, &bad);
    assert_true(lost > 0);
}

/* A new database: afterwards it is there whole, or can be made again. */
static void test_create(void **state)
{
    (void)state;
    struct store *s;
    power_reset();
    assert_int_equal(store_open(path, STORE_CREATE, &s, NULL), OK);
    store_close(s);
    int64_t all = power_operations();
    for (int i = 0; i < CREATE_POINTS; i++) {
        power_reset();
        power_seed((uint64_t)i + 1);
        power_die_at(i % all + 1);
        bool made = store_open(path, STORE_CREATE, &s, NULL) == OK;
        if (made) {
            store_close(s);
        }
        power_settle();
        enum err err = store_open(path, STORE_WRITE, &s, NULL);
        if (err != OK) {
            assert_false(made);
            assert_int_equal(store_open(path, STORE_CREATE, &s, NULL), OK);
        }
        assert_int_equal(store_head(s), 0);
        store_close(s);
    }
}

/* A flush that fails is never followed by an acknowledgement. */
static void test_failed_flush(void **state)
{
    (void)state;
    int fatal_seen = 0;
    for (int64_t n = 1; n <= 20; n++) {
        struct store *s;
        struct tally run = {0};
        bool fatal = false;
        power_return();
        assert_int_equal(store_open(path, STORE_WRITE, &s, NULL), OK);
        store_set_space(s, 0, 0);
        struct world w = world_at(s);
        power_fail_flush(n);
        enum err err = OK;
        while (err == OK && run.acked < 300) {
            err = store_begin(s);
            if (err == OK) {
                assert_int_equal(command(&w), OK);
                err = store_commit(s, &fatal);
            }
            run.acked += err == OK;
        }
        assert_int_equal(err, ERR_STORE);
        assert_true(fatal);
        fatal_seen++;
        store_close(s);
        power_settle();
        assert_int_equal(store_open(path, STORE_WRITE, &s, NULL), OK);
        assert_true(store_head(s) >= run.acked);
        store_close(s);
    }
    assert_int_equal(fatal_seen, 20);
}

/* The disk ends somewhere: the transaction is refused, all before it stays, and
 * when there is room again it goes on. */
static void test_full_disk(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        struct store *s;
        struct tally run = {0};
        power_return();
        assert_int_equal(store_open(path, STORE_WRITE, &s, NULL), OK);
        store_set_space(s, 0, 0);
        struct world w = world_at(s);
        power_quota(power_bytes() + 40000 + i * 777);
        enum err err = OK;
        while (err == OK) {
            err = batch(&w, &run);
        }
        assert_int_equal(err, ERR_DISK_FULL);
        assert_int_equal(store_head(s), run.acked);
        assert_int_equal(count(s, "SELECT count(*) FROM ticket"), run.acked);
        assert_int_equal(store_begin(s), ERR_DISK_FULL);
        power_quota(0);
        assert_true(store_space_ok(s));
        assert_int_equal(batch(&w, &run), OK);
        store_close(s);
        struct verdict_report report;
        assert_int_equal(store_verify(path, &report, NULL, NULL, NULL), OK);
        assert_int_equal(report.records, run.acked);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full_loses_nothing),
        cmocka_unit_test(test_normal_loses_some),
        cmocka_unit_test(test_failed_flush),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_create),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
