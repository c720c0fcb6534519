/* Every situation against every event: what is not in the list below, written
 * by hand from the design, must be refused. The list knows nothing of the
 * tables; a row too many there is as much an error as one too few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/with_calendar.h"
#include "unit/stories.h"

/* All events, each in the forms that could matter. 1 is the lead of every
 * situation, 2 the co dispatch where there is one. */
static const char *const beats[] = {
    "file",
    "decline",
    "appeal",
    "appeal_grant",
    "appeal_refuse",
    "supplement_ask",
    "supplement_give",
    "dispatch u=90",
    "dispatch co u=90",
    "accept d=1",
    "accept d=2",
    "return_ask d=1",
    "return_ask d=2",
    "return_grant d=1 fault=unit",
    "return_grant d=2 fault=unit",
    "return_refuse d=1",
    "return_refuse d=2",
    "transfer d=1 u=90",
    "transfer d=2 u=90",
    "assign d=1",
    "assign d=2",
    "contact d=1",
    "contact d=2",
    "answer d=1",
    "answer d=2",
    "note",
    "extend_ask d=1",
    "extend_ask d=2",
    "extend_grant d=1",
    "extend_grant d=2",
    "extend_refuse d=1",
    "extend_refuse d=2",
    "suspend",
    "resume",
    "recall d=1",
    "recall d=2",
    "urge d=1",
    "urge d=2",
    "supervise d=1",
    "supervise d=2",
    "supervise_reply d=1",
    "supervise_reply d=2",
    "meet",
    "meet_dispatch u=90",
    "meet_extend",
    "meet_split",
    "meet_resolve",
    "resolve",
    "resolve d=1",
    "resolve d=2",
    "review_pass",
    "review_fail",
    "evaluate score=5",
    "evaluate score=1",
    "silence",
    "rework",
    "withdraw",
    "merge",
    "split",
    "archive",
    "correct",
    "escalate",
};

struct situation {
    const char *name;
    bool review;
    const char *setup[12];
    /* what is allowed, word by word as in beats */
    const char *allowed[32];
};

/* clang-format off */
static const struct situation situations[] = {
    {"nothing filed", false, {NULL}, {"file"}},
    {"filed", false, {"file"},
     {"decline", "supplement_ask", "supplement_give", "dispatch u=90", "note",
      "meet", "withdraw", "merge", "correct"}},
    {"filed again, a co has not accepted", false,
     {"file", "dispatch u=10", "dispatch co u=20", "return_ask d=1",
      "return_grant d=1 fault=unit"},
     {"supplement_ask", "supplement_give", "dispatch u=90", "accept d=2",
      "return_ask d=2", "note", "meet", "withdraw", "merge", "correct"}},
    {"filed again, a co at work", false,
     {"file", "dispatch u=10", "dispatch co u=20", "accept d=2",
      "return_ask d=1", "return_grant d=1 fault=unit"},
     {"supplement_ask", "supplement_give", "dispatch u=90", "return_ask d=2",
      "resolve d=2", "note", "meet", "withdraw", "merge", "correct"}},
    {"filed again, a co wants out", false,
     {"file", "dispatch u=10", "dispatch co u=20", "return_ask d=2",
      "return_ask d=1", "return_grant d=1 fault=unit"},
     {"supplement_ask", "supplement_give", "dispatch u=90",
      "return_grant d=2 fault=unit", "return_refuse d=2", "note", "meet",
      "withdraw", "merge", "correct"}},
    {"dispatched", false, {"file", "dispatch u=10"},
     {"dispatch co u=90", "accept d=1", "return_ask d=1", "transfer d=1 u=90",
      "contact d=1", "answer d=1", "note", "recall d=1", "urge d=1",
      "supervise d=1", "meet", "withdraw", "merge", "correct"}},
    {"dispatched, the lead wants out", false,
     {"file", "dispatch u=10", "return_ask d=1"},
     {"dispatch co u=90", "return_grant d=1 fault=unit", "return_refuse d=1",
      "contact d=1", "answer d=1", "note", "urge d=1", "supervise d=1", "meet",
      "withdraw", "merge", "correct"}},
    {"dispatched, refused to return", false,
     {"file", "dispatch u=10", "return_ask d=1", "return_refuse d=1"},
     {"dispatch co u=90", "accept d=1", "transfer d=1 u=90", "contact d=1",
      "answer d=1", "note", "urge d=1", "supervise d=1", "meet", "withdraw",
      "merge", "correct"}},
    {"dispatched, a co sent", false,
     {"file", "dispatch u=10", "dispatch co u=20"},
     {"dispatch co u=90", "accept d=1", "accept d=2", "return_ask d=1",
      "return_ask d=2", "transfer d=1 u=90", "transfer d=2 u=90",
      "contact d=1", "contact d=2", "answer d=1", "answer d=2", "note",
      "recall d=1", "recall d=2", "urge d=1", "urge d=2", "supervise d=1",
      "supervise d=2", "meet", "withdraw", "merge", "correct"}},
    {"dispatched, a co at work", false,
     {"file", "dispatch u=10", "dispatch co u=20", "accept d=2"},
     {"dispatch co u=90", "accept d=1", "return_ask d=1", "return_ask d=2",
      "transfer d=1 u=90", "transfer d=2 u=90", "assign d=2", "contact d=1",
      "contact d=2", "answer d=1", "answer d=2", "note", "extend_ask d=2",
      "recall d=1", "urge d=1", "urge d=2", "supervise d=1", "supervise d=2",
      "resolve d=2", "meet", "withdraw", "merge", "correct"}},
    {"handling", false, {"file", "dispatch u=10", "accept"},
     {"dispatch co u=90", "return_ask d=1", "transfer d=1 u=90", "assign d=1",
      "contact d=1", "answer d=1", "note", "extend_ask d=1", "suspend",
      "urge d=1", "supervise d=1", "meet", "resolve", "resolve d=1",
      "withdraw", "merge", "split", "correct"}},
    {"handling, all asked and ordered", false,
     {"file", "dispatch u=10", "accept", "supervise d=1", "extend_ask d=1"},
     {"dispatch co u=90", "return_ask d=1", "transfer d=1 u=90", "assign d=1",
      "contact d=1", "answer d=1", "note", "extend_ask d=1",
      "extend_grant d=1", "extend_refuse d=1", "suspend", "urge d=1",
      "supervise d=1", "supervise_reply d=1", "meet", "resolve", "resolve d=1",
      "withdraw", "merge", "split", "correct"}},
    {"handling, the lead wants out", false,
     {"file", "dispatch u=10", "accept", "return_ask"},
     {"dispatch co u=90", "return_grant d=1 fault=unit", "return_refuse d=1",
      "contact d=1", "answer d=1", "note", "suspend", "urge d=1",
      "supervise d=1", "meet", "withdraw", "merge", "split", "correct"}},
    {"handling, a co at work", false,
     {"file", "dispatch u=10", "accept", "dispatch co u=20", "accept d=2"},
     {"dispatch co u=90", "return_ask d=1", "return_ask d=2",
      "transfer d=1 u=90", "transfer d=2 u=90", "assign d=1", "assign d=2",
      "contact d=1", "contact d=2", "answer d=1", "answer d=2", "note",
      "extend_ask d=1", "extend_ask d=2", "suspend", "urge d=1", "urge d=2",
      "supervise d=1", "supervise d=2", "meet", "resolve d=2", "withdraw",
      "merge", "split", "correct"}},
    {"handling, a co done", false,
     {"file", "dispatch u=10", "accept", "dispatch co u=20", "accept d=2",
      "resolve d=2"},
     {"dispatch co u=90", "return_ask d=1", "transfer d=1 u=90", "assign d=1",
      "contact d=1", "answer d=1", "note", "extend_ask d=1", "suspend",
      "urge d=1", "supervise d=1", "meet", "resolve", "resolve d=1",
      "withdraw", "merge", "split", "correct"}},
    {"handling, round 2", false,
     {"file", "dispatch u=10", "accept", "resolve", "evaluate score=1"},
     {"dispatch co u=90", "return_ask d=1", "transfer d=1 u=90", "assign d=1",
      "contact d=1", "answer d=1", "note", "extend_ask d=1", "suspend",
      "urge d=1", "supervise d=1", "meet", "resolve", "resolve d=1",
      "withdraw", "merge", "split", "correct"}},
    {"split", false, {"file", "dispatch u=10", "accept", "split"},
     {"note", "meet", "suspend", "dispatch co u=90", "resolve", "withdraw",
      "merge", "split", "correct"}},
    {"review", true, {"file", "dispatch u=10", "accept", "resolve"},
     {"note", "review_pass", "review_fail", "correct"}},
    {"resolved", false, {"file", "dispatch u=10", "accept", "resolve"},
     {"note", "evaluate score=5", "evaluate score=1", "rework", "correct"}},
    {"resolved, silent", false,
     {"file", "dispatch u=10", "accept", "resolve", "clock", "clock"},
     {"note", "evaluate score=5", "evaluate score=1", "rework", "archive",
      "correct"}},
    {"resolved, scored", false,
     {"file", "dispatch u=10", "accept", "resolve", "evaluate score=5"},
     {"note", "rework", "archive", "correct"}},
    {"archived", false,
     {"file", "dispatch u=10", "accept", "resolve", "evaluate score=5",
      "archive"},
     {"correct"}},
    {"declined", false, {"file", "decline"}, {"appeal", "correct"}},
    {"declined, an appeal open", false, {"file", "decline", "appeal"},
     {"appeal_grant", "appeal_refuse", "correct"}},
    {"declined, the appeal refused", false,
     {"file", "decline", "appeal", "appeal_refuse"}, {"correct"}},
    {"withdrawn", false, {"file", "dispatch u=10", "withdraw"}, {"correct"}},
    {"merged", false, {"file", "dispatch u=10", "merge"}, {"correct"}},
    {"suspended", false, {"file", "dispatch u=10", "accept", "suspend"},
     {"note", "resume", "correct"}},
    {"a meeting, filed", false, {"file", "meet"},
     {"note", "meet_dispatch u=90", "meet_extend", "meet_split", "correct"}},
    {"a meeting, handled", false, {"file", "dispatch u=10", "accept", "meet"},
     {"note", "meet_dispatch u=90", "meet_extend", "meet_split",
      "meet_resolve", "correct"}},
    {"a meeting, a co at work", false,
     {"file", "dispatch u=10", "dispatch co u=20", "accept d=2", "meet"},
     {"note", "meet_dispatch u=90", "meet_extend", "meet_split", "correct"}},
};
/* clang-format on */

static bool is_allowed(const struct situation *s, const char *beat)
{
    for (size_t i = 0; i < 32 && s->allowed[i] != NULL; i++) {
        if (strcmp(s->allowed[i], beat) == 0) {
            return true;
        }
    }
    return false;
}

/* Every word of the list is one of the beats: a misspelt one allows nothing. */
static void check_words(const struct situation *s)
{
    for (size_t i = 0; i < 32 && s->allowed[i] != NULL; i++) {
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
    for (size_t i = 0; i < 12 && s->setup[i] != NULL; i++) {
        assert_int_equal(story_do(&w, s->setup[i]), OK);
    }
    enum err err = story_do(&w, beat);
    story_done(&w);
    if ((err == OK) != is_allowed(s, beat)) {
        fail_msg("%s, %s: %s", s->name, beat, err_name(err));
    }
    bool refused_well = err == OK || err == ERR_BAD_STATE ||
                        err == ERR_NOT_FOUND || err == ERR_BLOCKED;
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
        for (size_t k = 0; k < 12 && situations[i].setup[k] != NULL; k++) {
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
