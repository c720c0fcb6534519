/* SQLite finds no memory in the midst of a batch: the engine runs three
 * commands in one batch, and from the second on the k-th allocation fails,
 * alone or with all that follow. Who was answered finds it after the restart,
 * who was refused does not, and nothing is there by half. Each try is a process
 * that ends without a word, so that the next one reads what was durable. */
#include "store/maker.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/engine/engine.h"
#include "daemon/store/verify.h"
#include "lib/folder.h"
#include "lib/sqlite_memory.h"
#include "proto/message.h"

enum {
    PATH = 300,
    LINE = 300,
    COMMANDS = 3,
    UNANSWERED = -1,
    EXIT_UNKNOWN = 70, /* daemon/README.md: what is durable is not known */
    STRIDE = 5,        /* between two k: each try is a process */
    STRIDE_ON = 13     /* where all that follow fail too */
};

/* -- one try, in a process of its own ----------------------------------------
 */

struct plan {
    long k;
    bool on_and_on;
};

/* What the process tells, in memory that it shares. */
struct told {
    int answers[COMMANDS];
    int after; /* to one more, when there is memory again */
    bool reached;
};

struct setting {
    char folder[PATH - 20];
    char path[PATH];
    struct told *told;
};

struct daemon {
    uv_loop_t loop;
    struct engine *engine;
    struct lane lane;
    struct job jobs[COMMANDS + 2];
    int n;
    int answered;
};

static const struct origin system_admin = {.source = "unix:0",
                                           .peer = "system"};

static instant friday(void *user)
{
    (void)user;
    return FRIDAY;
}

static void on_done(struct job *job)
{
    struct daemon *r = job->user;
    r->answered++;
}

static struct job *submit(struct daemon *r, struct job job)
{
    struct job *kept = &r->jobs[r->n++];
    *kept = job;
    kept->lane = &r->lane;
    kept->origin = &system_admin;
    kept->done = on_done;
    kept->user = r;
    engine_submit(r->engine, kept);
    return kept;
}

/* The names are new in each try: what is there is of this one. */
static struct job *ask(struct daemon *r, const char *method, char letter,
                       long k, const char *more)
{
    char line[LINE];
    struct job job = {.bytes = 1};
    struct problem p;
    int len = snprintf(line, sizeof line,
                       "{\"jsonrpc\":\"2.0\",\"id\":1,\"key\":\"%c%ld\","
                       "\"method\":\"%s\",\"params\":{\"code\":\"%c%ld\","
                       "\"name\":\"n\"%s}}",
                       letter, k, method, letter, k, more);
    if (request_parse(line, (size_t)len, &job.request, &p) != OK) {
        abort();
    }
    return submit(r, job);
}

/* Between the first command and the second; on the writer's thread. */
static enum err arm(struct store *s, void *user)
{
    const struct plan *plan = user;
    (void)s;
    memory_fail(plan->k, plan->on_and_on);
    return OK;
}

static void wait_all(struct daemon *r)
{
    while (r->answered < r->n) {
        uv_run(&r->loop, UV_RUN_ONCE);
    }
}

static void begin_run(const struct setting *s, struct daemon *r)
{
    struct engine_config config = {.data = s->folder, .now = friday};
    struct problem p;
    if (uv_loop_init(&r->loop) != 0 ||
        engine_open(&r->loop, &config, &r->engine, &p) != OK) {
        abort();
    }
}

static void try(const struct setting *s, struct plan plan)
{
    static struct daemon r;
    struct job *asked[COMMANDS];
    begin_run(s, &r);
    asked[0] = ask(&r, "department.add", 'a', plan.k, "");
    submit(&r, (struct job){.own = {arm, &plan, true}});
    asked[1] = ask(&r, "person.add", 'b', plan.k,
                   ",\"unit\":\"o0\",\"role\":\"dispatcher\"");
    asked[2] = ask(&r, "department.add", 'c', plan.k, "");
    wait_all(&r);
    s->told->reached = memory_again();
    for (int i = 0; i < COMMANDS; i++) {
        s->told->answers[i] = (int)asked[i]->err;
    }
    struct job *more = ask(&r, "department.add", 'd', plan.k, "");
    wait_all(&r);
    s->told->after = (int)more->err;
    _Exit(0);
}

/* Its exit status; what it told is in s->told. */
static int run_one(const struct setting *s, struct plan plan)
{
    int status = 0;
    *s->told = (struct told){.after = UNANSWERED, .reached = true};
    for (int i = 0; i < COMMANDS; i++) {
        s->told->answers[i] = UNANSWERED;
    }
    pid_t child = fork();
    if (child == 0) {
        try(s, plan);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* -- what is there afterwards ------------------------------------------------
 */

static bool there(struct store *store, char letter, long k)
{
    char sql[LINE];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM register WHERE code = '%c%ld'", letter, k);
    int64_t n = count(store, sql);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM idem WHERE key = '%c%ld'",
             letter, k);
    assert_int_equal(n, count(store, sql));
    assert_in_range(n, 0, 1);
    return n == 1;
}

/* Whether the batch was refused. */
static bool judge(const struct setting *s, long k, int status)
{
    struct store *store = NULL;
    assert_int_equal(store_open(s->path, STORE_WRITE, &store, NULL), OK);
    bool first = there(store, 'a', k);
    enum err answer = (enum err)s->told->answers[0];
    for (int i = 0; i < COMMANDS; i++) {
        assert_int_equal(there(store, (char)('a' + i), k), first);
        assert_int_equal(s->told->answers[i], s->told->answers[0]);
    }
    if (status == 0) {
        assert_true(answer == OK || answer == ERR_NO_MEMORY);
        assert_int_equal(first, answer == OK);
        assert_int_equal(s->told->after, OK);
        assert_true(there(store, 'd', k));
    } else {
        assert_int_equal(status, EXIT_UNKNOWN);
        assert_int_equal(s->told->answers[0], UNANSWERED);
    }
    store_close(store);
    return status != 0 || answer != OK;
}

static void run_all(const struct setting *s, bool on, long stride)
{
    int refused = 0;
    int ended = 0;
    long k = 1;
    for (;; k += stride) {
        int status = run_one(s, (struct plan){k, on});
        refused += judge(s, k, status);
        ended += status != 0;
        if (!s->told->reached) {
            break;
        }
    }
    print_message("%ld allocations: %d refusals, %d of them by the end of the "
                  "process\n",
                  k, refused, ended);
    assert_true(refused > 300 / (int)stride);
}

static void test_one_fails(void **state)
{
    run_all(*state, false, STRIDE);
}

static void test_all_fail(void **state)
{
    run_all(*state, true, STRIDE_ON);
}

/* -- a place to be -----------------------------------------------------------
 */

static void add_office(const struct setting *s)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        static struct daemon r;
        begin_run(s, &r);
        struct job *job = ask(&r, "office.add", 'o', 0, "");
        wait_all(&r);
        _Exit((int)job->err);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Memory that a child writes and we read. */
static struct told *shared(const char *folder)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/told", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    assert_int_equal(ftruncate(fd, sizeof(struct told)), 0);
    void *there = mmap(NULL, sizeof(struct told), PROT_READ | PROT_WRITE,
                       MAP_SHARED, fd, 0);
    assert_true(there != MAP_FAILED);
    close(fd);
    return there;
}

static int setup(void **state)
{
    struct setting *s = calloc(1, sizeof *s);
    assert_non_null(s);
    folder_make(s->folder, sizeof s->folder);
    snprintf(s->path, sizeof s->path, "%s/bihuan.db", s->folder);
    s->told = shared(s->folder);
    assert_true(s->told != MAP_FAILED);
    add_office(s);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct setting *s = *state;
    struct verdict_report report;
    assert_int_equal(store_verify(s->path, &report, NULL, NULL, NULL), OK);
    folder_clear(s->folder);
    munmap(s->told, sizeof *s->told);
    free(s);
    return 0;
}

int main(void)
{
    memory_install();
    message_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_fail, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
