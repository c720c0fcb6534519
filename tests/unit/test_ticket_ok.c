/* The invariants notice: a ticket that a story made is fine, and is not once
 * one thing of it is spoilt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/with_calendar.h"
#include "unit/stories.h"

static struct ticket *t; /* the one to spoil */

static struct clock *clock_of(enum clock_kind kind)
{
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (t->clocks[i].kind == kind) {
            return &t->clocks[i];
        }
    }
    fail_msg("no clock %s", clock_kind_name(kind));
    return NULL;
}

static void close_clock(enum clock_kind kind)
{
    struct clock *c = clock_of(kind);
    c->run = CLOCK_STOPPED;
    c->stop = t->last;
    c->verdict = VERDICT_KEPT;
    c->next = c->paused = INSTANT_NONE;
}

/* A clock more, of the ticket's own or of a dispatch. */
static void add_clock(enum clock_kind kind, int32_t dispatch)
{
    t->clocks[t->n_clocks++] = (struct clock){.n = ++t->clock_last,
                                              .kind = kind,
                                              .dispatch = dispatch,
                                              .start = t->last,
                                              .due = {.at = INSTANT_NONE},
                                              .paused = INSTANT_NONE,
                                              .stop = INSTANT_NONE,
                                              .next = INSTANT_NONE};
}

static void run_on(enum clock_kind kind)
{
    clock_of(kind)->run = CLOCK_RUNNING;
    clock_of(kind)->paused = INSTANT_NONE;
}

/* clang-format off */
static const char *const none[] = {NULL};
static const char *const filed[] = {"file", NULL};
static const char *const sent[] = {"file", "dispatch u=10", NULL};
static const char *const asked[] = {"file", "dispatch u=10", "return_ask", NULL};
static const char *const handled[] = {"file", "dispatch u=10", "accept", NULL};
static const char *const two[] = {"file", "dispatch u=10", "dispatch co u=20", NULL};
static const char *const resolved[] = {"file", "dispatch u=10", "accept", "resolve", NULL};
static const char *const reviewed[] = {"file", "dispatch u=10", "accept", "resolve", NULL};
static const char *const scored[] = {"file", "dispatch u=10", "accept", "resolve", "evaluate score=5", NULL};
static const char *const archived[] = {"file", "dispatch u=10", "accept", "resolve", "evaluate score=5", "archive", NULL};
static const char *const declined[] = {"file", "decline", NULL};
static const char *const suspended[] = {"file", "dispatch u=10", "accept", "suspend", NULL};
static const char *const met[] = {"file", "dispatch u=10", "accept", "meet", NULL};
static const char *const split[] = {"file", "dispatch u=10", "accept", "split", NULL};

static const char *const extended[] = {"file", "dispatch u=10", "accept", "extend_ask limit=5h", NULL};
static const char *const asked_for[] = {"file", "supplement_ask", NULL};
static const char *const complained[] = {"file against=13", "dispatch u=10", NULL};
static const char *const merged[] = {"file", "merge into=3", NULL};

#define SPOIL(name, what) static void name(void) { what; }
SPOIL(blank_round, t->round = 1)
SPOIL(blank_flag, t->flags = TICKET_SPECIAL)
SPOIL(blank_state, t->state = TICKET_HANDLING)
SPOIL(blank_clock, add_clock(CLOCK_TRIAGE, 0))
SPOIL(blank_clock_last, t->clock_last = 3)
SPOIL(blank_dispatch, t->n_dispatches = 1)
SPOIL(state_unknown, t->state = TICKET_STATE_COUNT)
SPOIL(round_none, t->round = 0)
SPOIL(round_many, t->round = ROUNDS_MAX + 1)
SPOIL(last_early, t->last = t->filed - 1)
SPOIL(returns_negative, t->returns = -1)
SPOIL(score_six, t->score = 6)
SPOIL(score_without, t->score = 0)
SPOIL(clocks_negative, t->n_clocks = -1)
SPOIL(clocks_many, t->n_clocks = CLOCKS_MAX + 1)
SPOIL(dispatches_negative, t->n_dispatches = -1)
SPOIL(dispatches_many, t->n_dispatches = DISPATCHES_MAX + 1)
SPOIL(clock_beyond_last, t->clocks[0].n = t->clock_last + 1)
SPOIL(clocks_disordered, t->clocks[1].n = t->clocks[0].n)
SPOIL(clock_kind_unknown, t->clocks[0].kind = CLOCK_KIND_COUNT)
SPOIL(stop_while_running, t->clocks[0].stop = t->last)
SPOIL(verdict_while_running, t->clocks[0].verdict = VERDICT_KEPT)
SPOIL(paused_while_running, t->clocks[0].paused = t->last)
SPOIL(stopped_yet_next, close_clock(CLOCK_CONTACT); clock_of(CLOCK_CONTACT)->next = t->last)
SPOIL(stopped_before_start, close_clock(CLOCK_CONTACT); clock_of(CLOCK_CONTACT)->stop = STORY_START)
SPOIL(next_before_start, clock_of(CLOCK_CONTACT)->next = STORY_START)
SPOIL(next_step_negative, clock_of(CLOCK_CONTACT)->next_step = -1)
SPOIL(next_step_unknown, clock_of(CLOCK_CONTACT)->next_step = STEP_NEXT_DUE + 1)
SPOIL(evaluate_asleep, clock_of(CLOCK_EVALUATE)->next = INSTANT_NONE)
SPOIL(clock_of_nobody, clock_of(CLOCK_SIGN)->dispatch = 9)
SPOIL(clock_of_waiting, t->dispatches[0].state = DISPATCH_WAITING)
SPOIL(two_of_a_kind, add_clock(CLOCK_CONTACT, 0))
SPOIL(ticket_clock_of_dispatch, clock_of(CLOCK_CONTACT)->dispatch = 1)
SPOIL(clock_of_other_state, add_clock(CLOCK_REVIEW, 0))
SPOIL(clock_of_done, add_clock(CLOCK_SUPERVISE, 1))
SPOIL(clock_of_done_finish, add_clock(CLOCK_FINISH, 1))
SPOIL(dispatch_beyond_last, t->dispatch_last = 0)
SPOIL(dispatches_disordered, t->dispatches[1].n = 1)
SPOIL(dispatch_round_none, t->dispatches[0].round = 0)
SPOIL(dispatch_round_ahead, t->dispatches[0].round = 2)
SPOIL(dispatch_state_unknown, t->dispatches[0].state = DISPATCH_STATE_COUNT)
SPOIL(sent_without_sign, close_clock(CLOCK_SIGN))
SPOIL(sent_without_finish, close_clock(CLOCK_FINISH))
SPOIL(sent_yet_asked, add_clock(CLOCK_RETURN, 1))
SPOIL(accepted_without_finish, close_clock(CLOCK_FINISH))
SPOIL(accepted_yet_sign, add_clock(CLOCK_SIGN, 1))
SPOIL(asked_without_clock, close_clock(CLOCK_RETURN))
SPOIL(asked_never, t->dispatches[0].asked = INSTANT_NONE)
SPOIL(asked_from_done, t->dispatches[0].before_ask = DISPATCH_DONE)
SPOIL(asked_from_accepted, t->dispatches[0].before_ask = DISPATCH_ACCEPTED)
SPOIL(asked_without_finish, close_clock(CLOCK_FINISH))
SPOIL(done_with_sign, add_clock(CLOCK_SIGN, 1))
SPOIL(two_leads, t->dispatches[1].kind = DISPATCH_LEAD)
SPOIL(filed_without_triage, close_clock(CLOCK_TRIAGE))
SPOIL(filed_with_a_lead, t->state = TICKET_FILED; add_clock(CLOCK_TRIAGE, 0))
SPOIL(filed_yet_heard, t->flags |= TICKET_SILENT)
SPOIL(dispatched_yet_accepted, t->state = TICKET_DISPATCHED)
SPOIL(handled_yet_sent, t->state = TICKET_HANDLING)
SPOIL(handled_by_nobody, t->n_dispatches = 0; close_clock(CLOCK_FINISH))
SPOIL(parent_without_clock, close_clock(CLOCK_OVERALL))
SPOIL(parent_unmarked, t->flags = 0)
SPOIL(parent_at_work, t->dispatches[0].state = DISPATCH_ACCEPTED; add_clock(CLOCK_FINISH, 1))
SPOIL(met_without_clock, close_clock(CLOCK_MEETING))
SPOIL(met_from_review, t->before = TICKET_REVIEW)
SPOIL(met_yet_heard, t->flags |= TICKET_SILENT)
SPOIL(suspended_without_clock, close_clock(CLOCK_SUSPENSION))
SPOIL(suspended_yet_runs, run_on(CLOCK_FINISH))
SPOIL(suspended_yet_heard, t->flags |= TICKET_SILENT)
SPOIL(suspended_by_nobody, t->n_dispatches = 0; close_clock(CLOCK_FINISH))
SPOIL(review_without_clock, close_clock(CLOCK_REVIEW))
SPOIL(review_yet_runs, run_on(CLOCK_OVERALL))
SPOIL(review_finish_runs, run_on(CLOCK_FINISH))
SPOIL(review_yet_heard, t->flags |= TICKET_SILENT)
SPOIL(review_by_nobody, t->n_dispatches = 0; close_clock(CLOCK_FINISH))
SPOIL(resolved_unheard, close_clock(CLOCK_EVALUATE))
SPOIL(resolved_yet_heard, t->flags |= TICKET_SILENT)
SPOIL(resolved_by_nobody, t->n_dispatches = 0)
SPOIL(scored_not_archiving, close_clock(CLOCK_ARCHIVE))
SPOIL(scored_both, add_clock(CLOCK_EVALUATE, 0))
SPOIL(archived_unheard, t->flags = 0)
SPOIL(declined_yet_heard, t->flags |= TICKET_SILENT)
SPOIL(final_with_clock, add_clock(CLOCK_OVERALL, 0))
SPOIL(archived_yet_sent, t->state = TICKET_ARCHIVED; t->flags |= TICKET_SILENT; t->n_clocks = 0; t->dispatches[0].state = DISPATCH_WAITING)
SPOIL(declined_yet_sent, t->state = TICKET_DECLINED; t->n_clocks = 0; t->dispatches[0].state = DISPATCH_WAITING)

SPOIL(turn_negative, t->clocks[0].turn = -1)
SPOIL(extensions_negative, t->dispatches[0].extensions = -1)
SPOIL(extension_wrong, t->dispatches[0].extension.n = 0)
SPOIL(extension_forgotten, t->dispatches[0].extension = (struct limit){.unit = LIMIT_NONE})
SPOIL(extension_undue, close_clock(CLOCK_EXTENSION))
SPOIL(extension_unasked, add_clock(CLOCK_EXTENSION, 1))
SPOIL(triage_rests_for_nothing, close_clock(CLOCK_SUPPLEMENT))
SPOIL(triage_runs_on, run_on(CLOCK_TRIAGE))
SPOIL(supplement_when_sent, add_clock(CLOCK_SUPPLEMENT, 0))
SPOIL(sent_to_the_accused, t->dispatches[0].unit = 13)
SPOIL(merged_into_nothing, t->merged_into = 0)
SPOIL(merged_and_alive, t->merged_into = 3)
SPOIL(part_and_parent, t->parent = 3)
SPOIL(excluded_without_score, t->flags |= TICKET_SCORE_EXCLUDED)
SPOIL(commented_without_score, t->flags |= TICKET_COMMENTED)
SPOIL(disputed_when_sent, add_clock(CLOCK_APPEAL, 0))

#define CASE(setup, spoil) {#spoil, setup, spoil}
static const struct spoilt {
    const char *name;
    const char *const *setup;
    void (*spoil)(void);
} cases[] = {
    CASE(none, blank_round), CASE(none, blank_flag), CASE(none, blank_state),
    CASE(none, blank_clock), CASE(none, blank_clock_last),
    CASE(none, blank_dispatch), CASE(filed, state_unknown),
    CASE(filed, round_none), CASE(filed, round_many), CASE(filed, last_early),
    CASE(filed, returns_negative), CASE(filed, score_six),
    CASE(scored, score_without), CASE(filed, clocks_negative),
    CASE(filed, clocks_many), CASE(filed, dispatches_negative),
    CASE(filed, dispatches_many), CASE(filed, clock_beyond_last),
    CASE(sent, clocks_disordered), CASE(filed, clock_kind_unknown),
    CASE(filed, stop_while_running), CASE(filed, verdict_while_running),
    CASE(filed, paused_while_running), CASE(sent, stopped_yet_next),
    CASE(sent, stopped_before_start), CASE(sent, next_before_start),
    CASE(sent, next_step_negative), CASE(sent, next_step_unknown),
    CASE(resolved, evaluate_asleep), CASE(sent, clock_of_nobody),
    CASE(sent, clock_of_waiting), CASE(sent, two_of_a_kind),
    CASE(sent, ticket_clock_of_dispatch), CASE(sent, clock_of_other_state),
    CASE(resolved, clock_of_done), CASE(resolved, clock_of_done_finish),
    CASE(sent, dispatch_beyond_last), CASE(two, dispatches_disordered),
    CASE(sent, dispatch_round_none), CASE(sent, dispatch_round_ahead),
    CASE(sent, dispatch_state_unknown), CASE(sent, sent_without_sign),
    CASE(sent, sent_without_finish), CASE(sent, sent_yet_asked),
    CASE(handled, accepted_without_finish), CASE(handled, accepted_yet_sign),
    CASE(handled, sent_yet_asked), CASE(asked, asked_without_clock),
    CASE(asked, asked_never), CASE(asked, asked_from_done),
    CASE(asked, asked_from_accepted), CASE(asked, asked_without_finish),
    CASE(resolved, done_with_sign), CASE(two, two_leads),
    CASE(filed, filed_without_triage), CASE(sent, filed_with_a_lead),
    CASE(filed, filed_yet_heard), CASE(handled, dispatched_yet_accepted),
    CASE(sent, handled_yet_sent), CASE(handled, handled_by_nobody),
    CASE(split, parent_without_clock), CASE(split, parent_unmarked),
    CASE(split, parent_at_work),
    CASE(met, met_without_clock), CASE(met, met_from_review),
    CASE(met, met_yet_heard), CASE(suspended, suspended_without_clock),
    CASE(suspended, suspended_yet_runs), CASE(suspended, suspended_yet_heard),
    CASE(suspended, suspended_by_nobody), CASE(reviewed, review_without_clock),
    CASE(reviewed, review_yet_runs), CASE(reviewed, review_finish_runs),
    CASE(reviewed, review_yet_heard), CASE(reviewed, review_by_nobody),
    CASE(resolved, resolved_unheard), CASE(resolved, resolved_yet_heard),
    CASE(resolved, resolved_by_nobody), CASE(scored, scored_not_archiving),
    CASE(scored, scored_both), CASE(archived, archived_unheard),
    CASE(declined, declined_yet_heard), CASE(archived, final_with_clock),
    CASE(sent, archived_yet_sent), CASE(sent, declined_yet_sent),
    CASE(sent, turn_negative), CASE(sent, extensions_negative),
    CASE(extended, extension_wrong), CASE(extended, extension_forgotten),
    CASE(extended, extension_undue), CASE(handled, extension_unasked),
    CASE(asked_for, triage_rests_for_nothing), CASE(asked_for, triage_runs_on),
    CASE(sent, supplement_when_sent), CASE(complained, sent_to_the_accused),
    CASE(merged, merged_into_nothing), CASE(sent, merged_and_alive),
    CASE(split, part_and_parent), CASE(resolved, excluded_without_score),
    CASE(resolved, commented_without_score),
    CASE(sent, disputed_when_sent),
};
/* clang-format on */

static void test_each_spoilt_ticket_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct story_world w;
        story_init(&w, calendar);
        w.regulation->review = cases[i].setup == reviewed;
        for (int k = 0; cases[i].setup[k] != NULL; k++) {
            assert_int_equal(story_do(&w, cases[i].setup[k]), OK);
        }
        t = &w.ticket;
        assert_true(ticket_ok(t));
        cases[i].spoil();
        if (ticket_ok(t)) {
            fail_msg("not noticed: %s", cases[i].name);
        }
        story_done(&w);
    }
    printf("%zu ways to spoil a ticket\n", sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_spoilt_ticket_is_noticed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
