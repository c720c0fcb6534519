/* Every situation against every event: what is not in the list of sweep_list.h,
 * written by hand, must be refused. A row too many in the tables is as much an
 * error as one too few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/with_calendar.h"
#include "property/sweep_list.h"
#include "unit/stories.h"

static bool is_allowed(const struct situation *s, const char *beat)
{
    for (size_t i = 0; i < ALLOWED_MAX && s->allowed[i] != NULL; i++) {
        if (strcmp(s->allowed[i], beat) == 0) {
            return true;
        }
    }
    return false;
}

/* Every word of the list is one of the beats: a misspelt one allows nothing. */
static void check_words(const struct situation *s)
{
    for (size_t i = 0; i < ALLOWED_MAX && s->allowed[i] != NULL; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof beats / sizeof beats[0]; k++) {
            known = known || strcmp(s->allowed[i], beats[k]) == 0;
        }
        if (!known) {
            fail_msg("no beat '%s' (%s)", s->allowed[i], s->name);
        }
    }
}

static void check_beat(const struct situation *s, const char *beat)
{
    struct story_world w;
    story_init(&w, calendar);
    w.regulation->review = s->review;
    for (size_t i = 0; i < SETUP_MAX && s->setup[i] != NULL; i++) {
        assert_int_equal(story_do(&w, s->setup[i]), OK);
    }
    enum err err = story_do(&w, beat);
    story_done(&w);
    if ((err == OK) != is_allowed(s, beat)) {
        fail_msg("%s, %s: %s", s->name, beat, err_name(err));
    }
    bool refused_well = err == OK || err == ERR_BAD_STATE ||
                        err == ERR_NOT_FOUND || err == ERR_BLOCKED ||
                        err == ERR_EXISTS || err == ERR_LIMIT;
    if (!refused_well) {
        fail_msg("%s, %s: refused by %s", s->name, beat, err_name(err));
    }
}

static void test_state_by_event(void **state)
{
    (void)state;
    int tried = 0;
    for (size_t i = 0; i < sizeof situations / sizeof situations[0]; i++) {
        check_words(&situations[i]);
        for (size_t k = 0; k < sizeof beats / sizeof beats[0]; k++) {
            check_beat(&situations[i], beats[k]);
            tried++;
        }
    }
    printf("situations x events: %d\n", tried);
}

/* Each event type stands among the beats, each ticket state among the
 * situations: the sweep cannot fall behind the maps. */
static void test_nothing_is_left_out(void **state)
{
    (void)state;
    for (int i = 0; i < EV_COUNT; i++) {
        const char *name = event_name((enum event_type)i);
        size_t len = strlen(name);
        bool found = false;
        for (size_t k = 0; k < sizeof beats / sizeof beats[0]; k++) {
            found = found || (strncmp(beats[k], name, len) == 0 &&
                              (beats[k][len] == ' ' || beats[k][len] == '\0'));
        }
        if (!found) {
            fail_msg("no beat for %s", name);
        }
    }
    bool seen[TICKET_STATE_COUNT] = {false};
    for (size_t i = 0; i < sizeof situations / sizeof situations[0]; i++) {
        struct story_world w;
        story_init(&w, calendar);
        w.regulation->review = situations[i].review;
        for (size_t k = 0; k < SETUP_MAX && situations[i].setup[k] != NULL;
             k++) {
            assert_int_equal(story_do(&w, situations[i].setup[k]), OK);
        }
        seen[w.ticket.state] = true;
        story_done(&w);
    }
    for (int s = 0; s < TICKET_STATE_COUNT; s++) {
        assert_true(seen[s]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_by_event),
        cmocka_unit_test(test_nothing_is_left_out),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
