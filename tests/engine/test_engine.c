/* The engine in process, without sockets and with a clock of our own: what is
 * hard to see from outside. The store is a real file in a folder that the test
 * makes. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/commands/rules/rulebook.h"
#include "daemon/engine/engine.h"
#include "lib/folder.h"
#include "proto/message.h"
#include "proto/regulation_json.h"

enum {
    JOBS = 600,
    LINE = 512,
    PATH = 256
};

struct world {
    char folder[PATH];
    uv_loop_t loop;
    struct engine *engine;
    struct lane lane;
    _Atomic instant now; /* the writer thread reads it */
    struct job jobs[JOBS];
    int n;
    int answered;
    int order[JOBS]; /* index of the job answered first, second, ... */
    bool closed;
};

static instant world_now(void *user)
{
    const struct world *w = user;
    return w->now;
}

static void on_done(struct job *job)
{
    struct world *w = job->user;
    w->order[w->answered++] = (int)(job - w->jobs);
}

/* Who asks, as the configuration would give a local peer an account. */
static const struct origin system_admin = {.source = "unix:0",
                                           .peer = "system"};
static const struct origin security_admin = {.source = "unix:0",
                                             .peer = "security"};
static const struct origin contact = {.source = "unix:0", .peer = "e1"};

static struct job *submit(struct world *w, const struct origin *origin,
                          const char *line)
{
    struct job *job = &w->jobs[w->n++];
    struct problem p;
    assert_true(w->n <= JOBS);
    assert_int_equal(request_parse(line, strlen(line), &job->request, &p), OK);
    job->bytes = strlen(line);
    job->lane = &w->lane;
    job->origin = origin;
    job->done = on_done;
    job->user = w;
    engine_submit(w->engine, job);
    return job;
}

/* method and members in single quotes, to be read by people. */
static struct job *ask_by(struct world *w, const struct origin *origin,
                          const char *text)
{
    char line[LINE];
    int len = snprintf(line, sizeof line, "{'jsonrpc':'2.0','id':1,%s}", text);
    assert_in_range(len, 1, sizeof line - 1);
    for (char *c = line; *c != '\0'; c++) {
        if (*c == '\'') {
            *c = '"';
        }
    }
    return submit(w, origin, line);
}

static struct job *ask(struct world *w, const char *text)
{
    return ask_by(w, &system_admin, text);
}

static void wait_all(struct world *w)
{
    while (w->answered < w->n) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
}

static struct job *do_by(struct world *w, const struct origin *origin,
                         const char *text)
{
    struct job *job = ask_by(w, origin, text);
    wait_all(w);
    return job;
}

static struct job *do_it(struct world *w, const char *text)
{
    return do_by(w, &system_admin, text);
}

static int64_t number(const struct job *job, const char *member)
{
    assert_int_equal(job->err, OK);
    return json_integer_value(json_object_get(job->result, member));
}

static const char *word(const struct job *job, const char *member)
{
    assert_int_equal(job->err, OK);
    return json_string_value(json_object_get(job->result, member));
}

/* -- making and ending a world ----------------------------------------------
 */

static void world_open(struct world *w)
{
    struct engine_config config = {
        .data = w->folder, .now = world_now, .now_user = w};
    struct problem p = {.err = OK};
    w->lane = (struct lane){.submitted = 0};
    w->closed = false;
    assert_int_equal(engine_open(&w->loop, &config, &w->engine, &p), OK);
}

static void on_closed(void *user)
{
    struct world *w = user;
    w->closed = true;
}

static void world_close(struct world *w)
{
    engine_close(w->engine, on_closed, w);
    while (!w->closed) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    folder_make(w->folder, sizeof w->folder);
    w->now = FRIDAY;
    assert_int_equal(uv_loop_init(&w->loop), 0);
    world_open(w);
    *state = w;
    return 0;
}

static void clear_anchors(const char *folder)
{
    char path[PATH + 300];
    snprintf(path, sizeof path, "%s/anchors", folder);
    DIR *dir = opendir(path);
    struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    assert_int_equal(rmdir(path), 0);
}

static int teardown(void **state)
{
    static const char *const names[] = {"", "-wal", "-shm", ".lock",
                                        ".ballast"};
    struct world *w = *state;
    if (!w->closed) {
        world_close(w);
    }
    assert_int_equal(uv_loop_close(&w->loop), 0);
    for (int i = 0; i < w->n; i++) {
        request_done(&w->jobs[i].request);
        json_decref(w->jobs[i].result);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH + 32];
        snprintf(path, sizeof path, "%s/bihuan.db%s", w->folder, names[i]);
        unlink(path);
    }
    clear_anchors(w->folder);
    static const char *const folders[] = {"/files", "/uploads", ""};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[PATH + 32];
        snprintf(path, sizeof path, "%s%s", w->folder, folders[i]);
        assert_int_equal(rmdir(path), 0);
    }
    free(w);
    return 0;
}

static void add_county(struct world *w)
{
    static const char *const lines[] = {
        "'method':'chain.add','params':{'code':'c','name':'n'}",
        "'method':'committee.add','params':"
        "{'code':'dw','name':'n','chain':'c'}",
        "'method':'enterprise.add','params':"
        "{'code':'91350100M000100Y43','name':'n','chain':'c'}",
        "'method':'department.add','params':{'code':'d','name':'n'}",
        "'method':'person.add','params':{'code':'e1','name':'n',"
        "'unit':'91350100M000100Y43','role':'enterprise'}",
        "'method':'person.add','params':{'code':'d1','name':'n',"
        "'unit':'dw','role':'dispatcher'}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(do_it(w, lines[i])->err, OK);
    }
    assert_int_equal(do_by(w, &security_admin,
                           "'method':'account.add','params':{'account':'e1'}")
                         ->err,
                     OK);
}

/* -- tests ------------------------------------------------------------------
 */

/* What comes while a batch runs shares the next one's commit; a refusal in the
 * middle harms nobody; the numbers follow the order of submission. */
static void writes_share_commits(void **state)
{
    struct world *w = *state;
    struct job *jobs[200];
    for (int i = 0; i < 200; i++) {
        char text[LINE];
        snprintf(text, sizeof text,
                 "'method':'chain.add','params':{'code':'c%d','name':'n'}",
                 i % 10 == 9 ? 0 : i);
        jobs[i] = ask(w, text);
    }
    wait_all(w);
    int64_t last = 0;
    for (int i = 0; i < 200; i++) {
        if (i % 10 == 9) {
            assert_int_equal(jobs[i]->err, ERR_EXISTS);
            continue;
        }
        assert_int_equal(jobs[i]->err, OK);
        assert_true(jobs[i]->seq > last);
        last = jobs[i]->seq;
        assert_true(i == 0 || w->order[i] > w->order[i - 1]);
    }
    struct job *stats = do_it(w, "'method':'server.stats'");
    assert_true(number(stats, "batches") < 20);
    assert_true(number(stats, "batches") >= 1);
    assert_int_equal(number(do_it(w, "'method':'server.info'"), "head"), last);
}

static void time_never_goes_back(void **state)
{
    struct world *w = *state;
    const char *info = "'method':'server.info'";
    assert_string_equal(word(do_it(w, info), "now"),
                        "2026-11-20T10:00:00+08:00");
    w->now = FRIDAY - 3600;
    assert_string_equal(word(do_it(w, info), "now"),
                        "2026-11-20T10:00:00+08:00");
    w->now = FRIDAY + 60;
    do_it(w, "'method':'chain.add','params':{'code':'c','name':'n'}");
    /* not even over a restart: the journal knows */
    world_close(w);
    w->now = FRIDAY - 3600;
    world_open(w);
    assert_string_equal(word(do_it(w, info), "now"),
                        "2026-11-20T10:01:00+08:00");
}

/* The clock jumps over a deadline: what was due is done before the next command
 * and once only. */
static void deadlines_come_first(void **state)
{
    struct world *w = *state;
    add_county(w);
    int64_t filed = do_by(w, &contact,
                          "'method':'ticket.file','params':"
                          "{'title':'t','category':'land'}")
                        ->seq;
    const char *info = "'method':'server.info'";
    assert_int_equal(number(do_it(w, info), "head"), filed);
    w->now = FRIDAY + (instant)30 * SECONDS_PER_DAY;
    int64_t next =
        do_it(w, "'method':'chain.add','params':{'code':'x','name':'n'}")->seq;
    assert_true(next > filed + 1); /* the clock's records lie between */
    assert_int_equal(number(do_it(w, info), "head"), next);
    int64_t after =
        do_it(w, "'method':'chain.add','params':{'code':'y','name':'n'}")->seq;
    assert_int_equal(after, next + 1);
}

/* At the end everything taken is answered, what comes later is refused. */
static void close_answers_all(void **state)
{
    struct world *w = *state;
    struct job *write =
        ask(w, "'method':'chain.add','params':{'code':'c','name':'n'}");
    struct job *read = ask(w, "'method':'server.info'");
    struct job *never = ask(w, "'method':'server.info','after':100000");
    engine_close(w->engine, on_closed, w);
    struct job *late = ask(w, "'method':'server.info'");
    while (!w->closed) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    assert_int_equal(w->answered, 4);
    assert_int_equal(write->err, OK);
    assert_true(number(read, "head") >= write->seq);
    assert_int_equal(never->err, ERR_BUSY);
    assert_int_equal(late->err, ERR_BUSY);
}

/* The default regulation with one category more, in force from now on. */
static struct job *add_regulation(struct world *w)
{
    struct problem p;
    json_t *body = NULL;
    size_t len = 0;
    assert_int_equal(json_parse(regulation_default_json,
                                strlen(regulation_default_json), &body, &p),
                     OK);
    json_object_set_new(body, "effective",
                        json_string("2026-11-20T10:00:00+08:00"));
    json_array_append_new(
        json_object_get(body, "categories"),
        json_pack("{s:s,s:s,s:s}", "code", "extra", "zh", "x", "en", "x"));
    char *line = request_line(
        &(struct line_out){.id = 1,
                           .method = "regulation.add",
                           .params = json_pack("{s:o}", "body", body)},
        &len);
    assert_non_null(line);
    line[len - 1] = '\0';
    struct job *job = submit(w, &system_admin, line);
    free(line);
    return job;
}

/* A regulation counts from the next command on, in the same batch already, and
 * for readers when it is durable. */
static void rulebook_changes_inside_a_batch(void **state)
{
    static const char *const file = "'method':'ticket.file','params':"
                                    "{'title':'t','category':'extra'}";
    struct world *w = *state;
    add_county(w);
    struct job *before = ask_by(w, &contact, file);
    struct job *change = add_regulation(w);
    struct job *after = ask_by(w, &contact, file);
    wait_all(w);
    assert_int_equal(before->err, ERR_BAD_PARAM);
    assert_int_equal(change->err, OK);
    assert_int_equal(after->err, OK);
    assert_int_equal(do_by(w, &contact, file)->err, OK);
}

/* A job without a peer's account and without a token is nobody's; nor does an
 * account count that is not there, or that is no more. */
static void nobody_is_let_in(void **state)
{
    static const struct origin nobody = {.source = "unix:0"};
    static const struct origin unknown = {.source = "unix:0", .peer = "x"};
    static const char *const add =
        "'method':'chain.add','params':{'code':'c9','name':'n'}";
    struct world *w = *state;
    add_county(w);
    assert_int_equal(do_by(w, NULL, add)->err, ERR_UNAUTHENTICATED);
    assert_int_equal(do_by(w, &nobody, add)->err, ERR_UNAUTHENTICATED);
    assert_int_equal(do_by(w, &unknown, add)->err, ERR_UNAUTHENTICATED);
    assert_int_equal(do_by(w, &contact, add)->err, ERR_FORBIDDEN);
    assert_int_equal(do_by(w, &contact, "'method':'ticket.list'")->err, OK);
    assert_int_equal(do_by(w, &security_admin,
                           "'method':'account.disable','params':"
                           "{'account':'e1','reason':'x'}")
                         ->err,
                     OK);
    assert_int_equal(do_by(w, &contact, "'method':'ticket.list'")->err,
                     ERR_UNAUTHENTICATED);
    assert_int_equal(do_it(w, add)->err, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_share_commits, setup, teardown),
        cmocka_unit_test_setup_teardown(time_never_goes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(deadlines_come_first, setup, teardown),
        cmocka_unit_test_setup_teardown(close_answers_all, setup, teardown),
        cmocka_unit_test_setup_teardown(rulebook_changes_inside_a_batch, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nobody_is_let_in, setup, teardown),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
