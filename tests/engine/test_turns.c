/* Whose turn it is: a connection that sends a hundred requests at once does not
 * keep one waiting that sends one, be it reads or writes, and none waits for
 * ever. The order is proved, not the time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/engine/turns.h"
#include "lib/folder.h"
#include "proto/message.h"

enum {
    LANES = 8,
    JOBS = 400
};

/* -- the queue alone --------------------------------------------------------
 */

struct queue {
    struct turns turns;
    struct lane lanes[LANES];
    struct job jobs[JOBS];
    int n;
};

/* Each letter a job of the connection of that name. */
static void add(struct queue *q, const char *lanes)
{
    for (; *lanes != '\0'; lanes++) {
        struct job *job = &q->jobs[q->n++];
        job->lane = &q->lanes[*lanes - 'a'];
        turns_add(&q->turns, job);
    }
}

/* The next ones are of these connections; each gives its oldest. */
static void expect(struct queue *q, const char *lanes)
{
    for (; *lanes != '\0'; lanes++) {
        struct job *job = turns_take(&q->turns);
        assert_non_null(job);
        assert_int_equal('a' + (job->lane - q->lanes), *lanes);
        for (const struct job *old = q->jobs; old != job; old++) {
            assert_true(old->lane != job->lane || old->err != OK);
        }
        job->err = ERR_BUSY; /* it was taken */
    }
}

static void expect_end(struct queue *q)
{
    assert_int_equal(q->turns.n, 0);
    assert_null(turns_take(&q->turns));
}

static void one_job_a_turn(void **state)
{
    struct queue q = {.turns = {TURNS_READ, .most = 1}};
    (void)state;
    expect_end(&q);
    add(&q, "aaaa");
    expect(&q, "aaaa");
    add(&q, "aaaabbbc");
    expect(&q, "aabacbab");
    expect_end(&q);
}

/* Who comes anew goes ahead of who had a turn; who had one does not wait for
 * the end of those that come anew. */
static void new_ones_every_other_time(void **state)
{
    struct queue q = {.turns = {TURNS_READ, .most = 1}};
    (void)state;
    add(&q, "aaaaabbbbb");
    expect(&q, "aab");
    add(&q, "cdef");
    expect(&q, "acbdaebf");
    add(&q, "c");
    expect(&q, "acbb");
    expect_end(&q);
}

static void some_jobs_a_turn(void **state)
{
    struct queue q = {.turns = {TURNS_WRITE, .most = 3}};
    (void)state;
    add(&q, "aaaaaaaabbbbc");
    expect(&q, "aaa");
    expect(&q, "aaa"); /* the turn of those that had one already */
    expect(&q, "bb");
    add(&q, "b"); /* within its turn */
    expect(&q, "baacbb");
    expect_end(&q);
}

/* One connection waits for both kinds at once. */
static void kinds_are_apart(void **state)
{
    struct queue q = {.turns = {TURNS_READ, .most = 1}};
    struct turns other = {TURNS_LONG_READ, .most = 1};
    struct job job = {.lane = &q.lanes[0]};
    (void)state;
    add(&q, "aab");
    turns_add(&other, &job);
    expect(&q, "aab");
    assert_ptr_equal(turns_take(&other), &job);
    expect_end(&q);
}

/* -- in the engine ----------------------------------------------------------
 */

struct world {
    char folder[64];
    uv_loop_t loop;
    struct engine *engine;
    struct lane many;
    struct lane one;
    struct job jobs[JOBS];
    int place[JOBS]; /* when it was answered: 0 is the first */
    int n;
    int answered;
    bool closed;
};

static int setup(void **state)
{
    struct problem p = {.err = OK};
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    folder_make(w->folder, sizeof w->folder);
    assert_int_equal(uv_loop_init(&w->loop), 0);
    struct engine_config config = {.data = w->folder};
    assert_int_equal(engine_open(&w->loop, &config, &w->engine, &p), OK);
    *state = w;
    return 0;
}

static void on_closed(void *user)
{
    struct world *w = user;
    w->closed = true;
}

static int teardown(void **state)
{
    struct world *w = *state;
    engine_close(w->engine, on_closed, w);
    while (!w->closed) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    assert_int_equal(uv_loop_close(&w->loop), 0);
    for (int i = 0; i < w->n; i++) {
        request_done(&w->jobs[i].request);
        json_decref(w->jobs[i].result);
    }
    folder_clear(w->folder);
    free(w);
    return 0;
}

static const struct origin system_admin = {.source = "unix:0",
                                           .peer = "system"};

static void on_done(struct job *job)
{
    struct world *w = job->user;
    w->place[job - w->jobs] = w->answered++;
}

static int ask(struct world *w, struct lane *lane, const char *text)
{
    struct job *job = &w->jobs[w->n];
    struct problem p;
    assert_in_range(w->n, 0, JOBS - 1);
    assert_int_equal(request_parse(text, strlen(text), &job->request, &p), OK);
    job->bytes = strlen(text);
    job->lane = lane;
    job->origin = &system_admin;
    job->done = on_done;
    job->user = w;
    engine_submit(w->engine, job);
    return w->n++;
}

static void wait_all(struct world *w)
{
    while (w->answered < w->n) {
        uv_run(&w->loop, UV_RUN_ONCE);
    }
    for (int i = 0; i < w->n; i++) {
        assert_int_equal(w->jobs[i].err, OK);
    }
}

static int read_one(struct world *w, struct lane *lane)
{
    return ask(w, lane,
               "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}");
}

static int write_one(struct world *w, struct lane *lane)
{
    char text[160];
    snprintf(text, sizeof text,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"chain.add\","
             "\"params\":{\"code\":\"c%d\",\"name\":\"n\"}}",
             w->n);
    return ask(w, lane, text);
}

static int place_beside_a_hundred(struct world *w)
{
    for (int i = 0; i < 100; i++) {
        read_one(w, &w->many);
    }
    int one = read_one(w, &w->one);
    wait_all(w);
    return w->place[one];
}

/* Behind those at work when it came, and as many that may have overtaken it.
 * Places are those of the end: the system may lay its thread aside, so more
 * than one try. In the order of coming it would be the last each time. */
static void a_read_beside_a_hundred(void **state)
{
    int place = place_beside_a_hundred(*state);
    for (int i = 1; i < 5 && place > 20; i++) {
        assert_int_equal(teardown(state), 0);
        assert_int_equal(setup(state), 0);
        place = place_beside_a_hundred(*state);
    }
    assert_in_range(place, 0, 20);
}

/* The others keep their order, and its number is among their first. */
static void a_write_beside_three_hundred(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 300; i++) {
        write_one(w, &w->many);
    }
    int one = write_one(w, &w->one);
    wait_all(w);
    for (int i = 1; i < 300; i++) {
        assert_true(w->jobs[i].seq > w->jobs[i - 1].seq);
        assert_true(w->place[i] > w->place[i - 1]);
    }
    assert_true(w->jobs[one].seq < w->jobs[40].seq);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_job_a_turn),
        cmocka_unit_test(new_ones_every_other_time),
        cmocka_unit_test(some_jobs_a_turn),
        cmocka_unit_test(kinds_are_apart),
        cmocka_unit_test_setup_teardown(a_read_beside_a_hundred, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_write_beside_three_hundred, setup,
                                        teardown),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
