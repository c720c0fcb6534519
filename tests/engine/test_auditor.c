/* The audit record while the engine runs: who opened and closed it, a read that
 * is recorded, and one that is not answered because it could not be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/commands/rules/seed.h"
#include "daemon/engine/engine_parts.h"
#include "daemon/store/verify.h"
#include "lib/folder.h"
#include "proto/message.h"

enum {
    PATH = 300,
    DAY = 86400
};

struct world {
    char folder[PATH - 50];
    uv_loop_t loop;
    struct engine *engine;
    struct lane lane;
    struct origin origin;
    struct job job;
    bool done;
    bool closed;
};

static instant world_now(void *user)
{
    (void)user;
    return FRIDAY;
}

static void on_done(struct job *job)
{
    struct world *w = job->user;
    w->done = true;
}

static void on_closed(void *user)
{
    struct world *w = user;
    w->closed = true;
}

/* A record of so many, one a minute, the last of them a year ago. */
static void add_old(struct world *w, int n, instant apart)
{
    char path[PATH];
    struct problem p;
    struct store *store = NULL;
    bool fatal = false;
    snprintf(path, sizeof path, "%s/bihuan.db", w->folder);
    assert_int_equal(store_open(path, STORE_WRITE, &store, &p), OK);
    assert_int_equal(store_begin(store), OK);
    for (int i = 0; i < n; i++) {
        struct audit_event e = {.at = FRIDAY - 400 * DAY + i * apart,
                                .what = "old",
                                .outcome = "ok",
                                .times = 1};
        assert_int_equal(audit_append(store, &e), OK);
    }
    assert_int_equal(store_commit(store, &fatal), OK);
    store_close(store);
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct problem p;
    assert_non_null(w);
    folder_make(w->folder, sizeof w->folder);
    snprintf(w->origin.source, SOURCE_SIZE, "unix:7");
    snprintf(w->origin.peer, CODE_SIZE, "system");
    assert_int_equal(uv_loop_init(&w->loop), 0);
    struct engine_config config = {.data = w->folder, .now = world_now};
    assert_int_equal(engine_open(&w->loop, &config, &w->engine, &p), OK);
    *state = w;
    return 0;
}

static void close_engine(struct world *w)
{
    engine_close(w->engine, on_closed, w);
    while (!w->closed) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
}

static int teardown(void **state)
{
    struct world *w = *state;
    if (!w->closed) {
        close_engine(w);
    }
    assert_int_equal(uv_loop_close(&w->loop), 0);
    folder_clear(w->folder);
    free(w);
    return 0;
}

static enum err ask(struct world *w, const char *line)
{
    struct problem p;
    w->job = (struct job){.lane = &w->lane,
                          .origin = &w->origin,
                          .done = on_done,
                          .user = w,
                          .bytes = strlen(line)};
    assert_int_equal(request_parse(line, strlen(line), &w->job.request, &p),
                     OK);
    w->done = false;
    engine_submit(w->engine, &w->job);
    while (!w->done) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    request_done(&w->job.request);
    json_decref(w->job.result);
    return w->job.err;
}

/* From the file: what is durable. */
static int64_t number(struct world *w, const char *sql)
{
    char path[PATH];
    struct problem p;
    struct store *store = NULL;
    struct rows rows;
    snprintf(path, sizeof path, "%s/bihuan.db", w->folder);
    assert_int_equal(store_open(path, STORE_READ, &store, &p), OK);
    assert_int_equal(rows_begin_text(store, sql, NULL, 0, &rows), OK);
    assert_true(rows_next(&rows));
    int64_t n = rows_int(&rows, 0);
    assert_int_equal(rows_end(&rows), OK);
    store_close(store);
    return n;
}

#define PERSON_LIST "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"person.list\"}"
#define PERSON_LISTS                                                       \
    "SELECT count(*) FROM audit WHERE what = 'person.list' AND account ="  \
    " 'system' AND outcome = 'ok' AND json_extract(record, '$.source') = " \
    "'unix:7'"

static void test_a_read_is_recorded(void **state)
{
    struct world *w = *state;
    assert_int_equal(
        number(w, "SELECT count(*) FROM audit WHERE what = 'daemon.start'"), 1);
    assert_int_equal(ask(w, PERSON_LIST), OK);
    uint64_t begin = uv_hrtime();
    assert_true(audit_queue_waits(&w->engine->auditor.queue));
    while (audit_queue_waits(&w->engine->auditor.queue)) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    assert_true(uv_hrtime() - begin < UINT64_C(1000000000));
    assert_int_equal(number(w, PERSON_LISTS), 1);
    assert_false(uv_is_active((uv_handle_t *)&w->engine->auditor.timer));
}

/* What waits when it stops, and that it stops. */
static void test_stop(void **state)
{
    struct world *w = *state;
    assert_int_equal(ask(w, PERSON_LIST), OK);
    close_engine(w);
    assert_int_equal(number(w, PERSON_LISTS), 1);
    assert_int_equal(
        number(w, "SELECT what = 'daemon.stop' FROM audit ORDER BY n DESC"), 1);
}

static void fill_up(struct audit_queue *q)
{
    struct audit_event e = {
        .at = FRIDAY, .what = "filler", .outcome = "ok", .times = 1};
    for (int i = 0; i < AUDIT_PENDING_MAX; i++) {
        snprintf(e.object, sizeof e.object, "%d", i);
        audit_queue_add(q, &e, true);
    }
    snprintf(e.object, sizeof e.object, "one more");
    assert_false(audit_queue_add(q, &e, true));
}

/* Fails closed: no answer without its record. */
static void test_no_room(void **state)
{
    struct world *w = *state;
    fill_up(&w->engine->auditor.queue);
    assert_int_equal(ask(w, PERSON_LIST), ERR_BUSY);
    assert_null(w->job.result);
    /* what gives nothing personal goes on */
    assert_int_equal(
        ask(w, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.info\"}"),
        OK);
    uint64_t begin = uv_hrtime();
    while (audit_queue_waits(&w->engine->auditor.queue)) {
        assert_true(uv_hrtime() - begin < UINT64_C(60000000000));
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    assert_int_equal(ask(w, PERSON_LIST), OK);
    close_engine(w);
    assert_int_equal(
        number(w, "SELECT count(*) FROM audit WHERE what = 'filler'"),
        AUDIT_PENDING_MAX);
    assert_int_equal(number(w, PERSON_LISTS), 1);
}

/* What the connections refuse by themselves. */
static void test_refused_before(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 1000; i++) {
        engine_audit_refusal(w->engine, &w->origin, NULL, "login",
                             ERR_RATE_LIMITED);
    }
    close_engine(w);
    assert_int_equal(number(w, "SELECT sum(json_extract(record, '$.times'))"
                               " FROM audit WHERE what = 'login' AND account ="
                               " '' AND outcome = 'rate_limited'"),
                     1000);
}

static int64_t left(struct world *w)
{
    return number(w, "SELECT count(*) FROM audit WHERE what = 'old'");
}

/* The engine of a new folder, whose audit record begins with those. */
static void begin_old(struct world *w, int n, instant apart)
{
    char path[PATH];
    struct problem p;
    close_engine(w);
    assert_int_equal(uv_loop_close(&w->loop), 0);
    folder_clear(w->folder);
    assert_int_equal(mkdir(w->folder, 0700), 0);
    snprintf(path, sizeof path, "%s/bihuan.db", w->folder);
    struct store *store = NULL;
    assert_int_equal(store_open(path, STORE_CREATE, &store, &p), OK);
    assert_int_equal(store_seed(store, FRIDAY, &p), OK);
    store_close(store);
    add_old(w, n, apart);
    assert_int_equal(uv_loop_init(&w->loop), 0);
    struct engine_config config = {.data = w->folder, .now = world_now};
    w->closed = false;
    assert_int_equal(engine_open(&w->loop, &config, &w->engine, &p), OK);
}

/* What is older than audit.days goes, in strides, each of them recorded. */
static void test_retention(void **state)
{
    struct world *w = *state;
    char path[PATH];
    struct problem p;
    struct verdict_report report;
    begin_old(w, 5000, 60);
    snprintf(path, sizeof path, "%s/bihuan.db", w->folder);
    uint64_t begin = uv_hrtime();
    while (left(w) > 0) {
        assert_true(uv_hrtime() - begin < UINT64_C(30000000000));
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    close_engine(w);
    assert_int_equal(
        number(w, "SELECT count(*) FROM audit WHERE what = 'audit.cut'"), 3);
    assert_int_equal(store_verify(path, &report, NULL, NULL, &p), OK);
    assert_int_equal(report.audit.base, 5000);
}

/* A clock that is years ahead makes all of it old at once. */
static void test_a_week_a_day(void **state)
{
    struct world *w = *state;
    begin_old(w, 30, DAY);
    while (left(w) > 23) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    close_engine(w);
    assert_int_equal(left(w), 23);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_read_is_recorded),
        TEST(test_stop),
        TEST(test_no_room),
        TEST(test_refused_before),
        TEST(test_retention),
        TEST(test_a_week_a_day),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
