/* How long deliveries are kept: what was made goes after its time, a stride at
 * a time; what waits or was given up stays, and so does the newest of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/store/outbox.h"
#include "lib/world.h"

enum {
    STRIDE = 1000, /* of outbox_expire() */
    FIRST_DONE = 3 /* the ids before it wait, or were given up */
};

static int64_t rows(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM outbox");
}

static void change(struct world *w, int64_t id, enum outbox_state state,
                   instant at)
{
    struct attempt attempt = {.state = state, .attempts = 1, .at = at};
    assert_int_equal(outbox_mark(w->writer, id, &attempt), OK);
}

static void expire(struct world *w, instant before)
{
    bool fatal = false;
    assert_int_equal(store_begin(w->writer), OK);
    assert_int_equal(outbox_expire(w->writer, before), OK);
    assert_int_equal(store_commit(w->writer, &fatal), OK);
}

static void test_kept(void **state)
{
    struct world w;
    bool fatal = false;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, NULL, "hook.add",
             "{'code':'all','kind':'json','url':'http://h.invalid/'}");
    while (rows(&w) <= STRIDE + FIRST_DONE) {
        world_do(&w, "qy1", "ticket.file", "{'title':'t','category':'land'}");
    }
    int64_t n = rows(&w);
    assert_int_equal(world_count(&w, "SELECT max(id) FROM outbox"), n);
    assert_int_equal(store_begin(w.writer), OK);
    change(&w, 1, OUTBOX_FAILED, w.now);
    for (int64_t id = FIRST_DONE; id <= n; id++) {
        change(&w, id, OUTBOX_DONE, w.now);
    }
    assert_int_equal(store_commit(w.writer, &fatal), OK);
    expire(&w, w.now);
    assert_int_equal(rows(&w), n);
    expire(&w, w.now + 1);
    assert_int_equal(rows(&w), n - STRIDE);
    expire(&w, w.now + 1);
    assert_int_equal(rows(&w), 3);
    assert_int_equal(world_count(&w, "SELECT sum(id) FROM outbox"), 1 + 2 + n);
    expire(&w, w.now + 1);
    assert_int_equal(rows(&w), 3);
    /* the next number is a new one */
    world_do(&w, "qy1", "ticket.file", "{'title':'t','category':'land'}");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM outbox WHERE id"
                                     " BETWEEN 3 AND (SELECT max(id) - 1 FROM"
                                     " outbox) AND state = 0") > 0,
                     1);
    expire(&w, w.now + 1);
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM outbox WHERE state = 1"), 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
