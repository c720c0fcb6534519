/* One ticket in a story's world, for the tests of the step: set_up, tear_down,
 * PLAY(beats...) where each is to be accepted, and the clocks that came. */
#ifndef BIHUAN_TESTS_TICKET_WORLD_H
#define BIHUAN_TESTS_TICKET_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/stories.h"

static struct calendar *calendar;
static struct story_world w;

#define HOUR ((instant)3600)

static inline int set_up(void **state)
{
    (void)state;
    calendar = malloc(sizeof *calendar);
    if (calendar == NULL) {
        return -1;
    }
    calendar_builtin(calendar);
    story_init(&w, calendar);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    story_done(&w);
    free(calendar);
    return 0;
}

static inline void play(const char *const *beats)
{
    for (int i = 0; beats[i] != NULL; i++) {
        assert_string_equal(err_name(story_do(&w, beats[i])), "ok");
    }
}

#define PLAY(...) play((const char *const[]){__VA_ARGS__, NULL})

/* The clock in the outcome, open or just stopped. */
static inline const struct clock *clock_of(enum clock_kind kind,
                                           int32_t dispatch)
{
    for (int32_t i = w.out.after.n_clocks; i-- > 0;) {
        const struct clock *c = &w.out.after.clocks[i];
        if (c->kind == kind && c->dispatch == dispatch) {
            return c;
        }
    }
    fail_msg("no clock %s of %d", clock_kind_name(kind), dispatch);
    return NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
