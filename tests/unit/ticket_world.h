/* One ticket in a story's world, for the tests of the step: set_up, tear_down,
 * PLAY(beats...) where each is to be accepted, AT(time, beat) and REFUSED(time,
 * beat, why) where the hour matters, and the clocks that came. */
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

/* "2026-09-28 09:30", or with seconds. */
static inline instant when(const char *text)
{
    instant at = INSTANT_NONE;
    assert_int_equal(instant_parse(text, strlen(text), true, &at), OK);
    return at;
}

static inline enum err do_at(const char *time, const char *beat)
{
    char text[128];
    w.now = when(time);
    snprintf(text, sizeof text, "+0h %s", beat);
    return story_do(&w, text);
}

#define AT(time, beat) assert_string_equal(err_name(do_at(time, beat)), "ok")
#define REFUSED(time, beat, why) \
    assert_string_equal(err_name(do_at(time, beat)), why)

/* Limits in working days, for the tests that cross the National Day of 2026:
 * 1 to 7 October rest, Saturday the 10th works. A dispatch of Monday 28
 * September is due after the 10th, the ticket after the 16th. */
static inline void count_in_workdays(void)
{
    struct regulation *reg = w.regulation;
    reg->limits[CLOCK_FINISH][0][0] = (struct limit){5, LIMIT_WD, 0};
    reg->limits[CLOCK_OVERALL][0][0] = (struct limit){10, LIMIT_WD, 0};
    reg->limits[CLOCK_REWORK][0][0] = (struct limit){5, LIMIT_WD, 0};
    reg->co[0][0] = (struct limit){3, LIMIT_WD, 0};
    reg->bounds.finish_max = (struct limit){30, LIMIT_WD, 0};
    reg->bounds.extension_max = (struct limit){15, LIMIT_WD, 0};
}

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

/* When it is due; "day" before the time: by day, at its midnight. */
static inline void expect_due(const struct clock *c, const char *text)
{
    bool by_day = strncmp(text, "day ", 4) == 0;
    char got[INSTANT_TEXT_SIZE];
    char want[INSTANT_TEXT_SIZE];
    instant_format(c->due.at, got);
    instant_format(when(by_day ? text + 4 : text), want);
    assert_string_equal(got, want);
    assert_int_equal(c->due.by_day, by_day);
}

static inline bool flagged(uint32_t flags)
{
    return (w.ticket.flags & flags) == flags;
}

/* Another ticket, from the beginning. */
static inline void anew(void)
{
    story_done(&w);
    story_init(&w, calendar);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
