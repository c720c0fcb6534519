/* The tables and their proof: the product's are closed, and a table with each
 * kind of flaw is refused for it. Names and look-ups of the regulation too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lifecycle.h"

enum {
    ROWS = 256
};

struct tables {
    struct ticket_rule tickets[ROWS];
    struct dispatch_rule dispatches[ROWS];
    struct lifecycle view;
};

static struct tables t;

static void copy_tables(void)
{
    assert_true(lifecycle.n_tickets < ROWS && lifecycle.n_dispatches < ROWS);
    memcpy(t.tickets, lifecycle.tickets,
           lifecycle.n_tickets * sizeof t.tickets[0]);
    memcpy(t.dispatches, lifecycle.dispatches,
           lifecycle.n_dispatches * sizeof t.dispatches[0]);
    t.view = (struct lifecycle){t.tickets, lifecycle.n_tickets, t.dispatches,
                                lifecycle.n_dispatches};
}

static struct ticket_rule *row(enum ticket_state from, enum event_type event)
{
    for (size_t i = 0; i < t.view.n_tickets; i++) {
        if (t.tickets[i].from == from && t.tickets[i].event == event) {
            return &t.tickets[i];
        }
    }
    fail_msg("no row for %s", event_name(event));
    return NULL;
}

static struct dispatch_rule *dispatch_row(enum dispatch_state from,
                                          enum event_type event)
{
    for (size_t i = 0; i < t.view.n_dispatches; i++) {
        if (t.dispatches[i].from == from && t.dispatches[i].event == event) {
            return &t.dispatches[i];
        }
    }
    fail_msg("no row for %s", event_name(event));
    return NULL;
}

static void expect(enum flaw want, int want_state)
{
    int state = -1;
    enum flaw flaw = lifecycle_check(&t.view, &state);
    assert_string_equal(flaw_name(flaw), flaw_name(want));
    assert_int_equal(state, want_state);
}

static void test_the_product_is_closed(void **state)
{
    (void)state;
    copy_tables();
    expect(FLAW_NONE, -1);
    assert_int_equal(lifecycle_check(&lifecycle, NULL), FLAW_NONE);
}

static void test_two_rows_alike(void **state)
{
    (void)state;
    copy_tables();
    t.tickets[t.view.n_tickets++] = *row(TICKET_HANDLING, EV_NOTE);
    expect(FLAW_TWICE, TICKET_HANDLING);
    copy_tables();
    t.dispatches[t.view.n_dispatches++] =
        *dispatch_row(DISPATCH_SENT, EV_ACCEPT);
    expect(FLAW_TWICE, TICKET_STATE_COUNT + DISPATCH_SENT);
}

static void test_closed_unheard(void **state)
{
    (void)state;
    copy_tables(); /* archived by anyone, any time */
    row(TICKET_RESOLVED, EV_ARCHIVE)->guard = GUARD_NONE;
    expect(FLAW_UNEVALUATED, TICKET_ARCHIVED);
    copy_tables(); /* a way around the evaluation */
    row(TICKET_HANDLING, EV_WITHDRAW)->to = TICKET_ARCHIVED;
    expect(FLAW_UNEVALUATED, TICKET_ARCHIVED);
    copy_tables(); /* heard in round 1, closed in round 2 */
    t.tickets[t.view.n_tickets++] =
        (struct ticket_rule){.from = TICKET_HANDLING,
                             .event = EV_ARCHIVE,
                             .guard = GUARD_CLOSABLE,
                             .to = TICKET_ARCHIVED};
    expect(FLAW_NONE, -1);
    t.tickets[t.view.n_tickets - 1].guard = GUARD_NONE;
    expect(FLAW_UNEVALUATED, TICKET_ARCHIVED);
}

/* A score counts for its round only: who goes back to work has not been heard
 * about what comes of it. */
static void test_heard_in_an_earlier_round(void **state)
{
    static const struct ticket_rule rules[] = {
        {.from = TICKET_FILED,
         .event = EV_EVALUATE,
         .guard = GUARD_GOOD,
         .to = TICKET_RESOLVED},
        {.from = TICKET_RESOLVED, .event = EV_REWORK, .to = TICKET_HANDLING},
        {.from = TICKET_HANDLING, .event = EV_ARCHIVE, .to = TICKET_ARCHIVED},
    };
    const struct lifecycle l = {rules, 3, NULL, 0};
    (void)state;
    assert_int_equal(lifecycle_check(&l, NULL), FLAW_UNEVALUATED);
}

static void test_unreachable(void **state)
{
    (void)state;
    copy_tables();
    row(TICKET_HANDLING, EV_SUSPEND)->to = TICKET_HANDLING;
    expect(FLAW_UNREACHABLE, TICKET_SUSPENDED);
    copy_tables();
    dispatch_row(DISPATCH_RETURN_ASKED, EV_RETURN_GRANT)->to =
        DISPATCH_CANCELLED;
    expect(FLAW_UNREACHABLE, TICKET_STATE_COUNT + DISPATCH_RETURNED);
}

static void test_dead_end(void **state)
{
    (void)state;
    copy_tables();
    row(TICKET_REVIEW, EV_REVIEW_PASS)->to = TICKET_REVIEW;
    row(TICKET_REVIEW, EV_REVIEW_FAIL)->to = TICKET_REVIEW;
    expect(FLAW_DEAD_END, TICKET_REVIEW);
}

/* "Back" counts as a way out, to wherever the state was entered from. */
static void test_back_is_a_way_out(void **state)
{
    (void)state;
    copy_tables();
    row(TICKET_SUSPENDED, EV_RESUME)->to = TICKET_STATE_COUNT;
    expect(FLAW_NONE, -1);
}

static void test_no_clock(void **state)
{
    (void)state;
    copy_tables();
    row(TICKET_HANDLING, EV_SUSPEND)->start = 0;
    expect(FLAW_NO_CLOCK, TICKET_SUSPENDED);
    copy_tables();
    row(TICKET_RESOLVED, EV_REWORK)->start = 0;
    expect(FLAW_NO_CLOCK, TICKET_HANDLING);
    copy_tables();
    dispatch_row(DISPATCH_WAITING, EV_TRANSFER)->start = 0;
    expect(FLAW_NO_CLOCK, TICKET_STATE_COUNT + DISPATCH_SENT);
    copy_tables();
    row(TICKET_DECLINED, EV_APPEAL_GRANT)->start = 0;
    expect(FLAW_NO_CLOCK, TICKET_FILED);
}

static void test_owners_and_finals(void **state)
{
    (void)state;
    static const struct {
        enum ticket_state state;
        enum owner owner;
        bool final;
    } rows[] = {
        {TICKET_FILED, OWNER_DISPATCHER, false},
        {TICKET_DISPATCHED, OWNER_UNIT, false},
        {TICKET_HANDLING, OWNER_UNIT, false},
        {TICKET_REVIEW, OWNER_DISPATCHER, false},
        {TICKET_RESOLVED, OWNER_ENTERPRISE, false},
        {TICKET_ARCHIVED, OWNER_NONE, true},
        {TICKET_DECLINED, OWNER_NONE, true},
        {TICKET_WITHDRAWN, OWNER_NONE, true},
        {TICKET_MERGED, OWNER_NONE, true},
        {TICKET_SUSPENDED, OWNER_DISPATCHER, false},
        {TICKET_MEETING, OWNER_MEETING, false},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], TICKET_STATE_COUNT);
    for (int i = 0; i < TICKET_STATE_COUNT; i++) {
        assert_int_equal(ticket_state_owner(rows[i].state), rows[i].owner);
        assert_int_equal(ticket_state_final(rows[i].state), rows[i].final);
        assert_int_equal(ticket_state_clocks(rows[i].state) == 0,
                         rows[i].final);
    }
    assert_false(dispatch_state_final(DISPATCH_RETURN_ASKED));
    assert_true(dispatch_state_final(DISPATCH_TRANSFERRED));
    assert_int_equal(dispatch_state_owner(DISPATCH_SENT), OWNER_UNIT);
}

/* -- the drawing ----------------------------------------------------------- */

static char drawing[65536];

static void collect(void *user, const char *line)
{
    (void)user;
    size_t len = strlen(drawing);
    assert_null(strchr(line, '\n'));
    snprintf(drawing + len, sizeof drawing - len, "%s\n", line);
}

static int count(const char *part)
{
    int n = 0;
    for (const char *p = drawing; (p = strstr(p, part)) != NULL; p++) {
        n++;
    }
    return n;
}

static void test_the_drawing(void **state)
{
    (void)state;
    drawing[0] = '\0';
    lifecycle_dot(&lifecycle, collect, NULL);
    assert_memory_equal(drawing, "digraph lifecycle {\n", 20);
    assert_int_equal(count("subgraph cluster_"), 2);
    assert_int_equal(count("{") - count("}"), 0);
    assert_int_equal(count("peripheries=2"), 4 + 4);
    assert_int_equal(count("t_filed [label=\"待受理\\nfiled\"];"), 1);
    assert_int_equal(
        count("t_filed -> t_dispatched [label=\"派单 dispatch [lead 主办]\"]"),
        1);
    /* "back" is drawn to each state it may lead to */
    assert_int_equal(count("t_meeting -> t_filed"), 1);
    assert_int_equal(count("d_return_asked -> d_sent [label=\"不同意退单"), 1);
    assert_int_equal(count("d_return_asked -> d_accepted [label"), 1);
    assert_int_equal(count(" -> "), (int)(lifecycle.n_tickets + 2 +
                                          lifecycle.n_dispatches + 1));
}

/* -- names and look-ups ---------------------------------------------------- */

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(ticket_state_name(TICKET_MEETING), "meeting");
    assert_string_equal(dispatch_state_name(DISPATCH_WAITING), "waiting");
    assert_string_equal(event_name(EV_ESCALATE), "escalate");
    assert_string_equal(clock_kind_name(CLOCK_RETURN), "return");
    assert_string_equal(flaw_name(FLAW_UNEVALUATED), "unevaluated");
}

static void test_regulation_look_ups(void **state)
{
    (void)state;
    struct regulation *reg = calloc(1, sizeof *reg);
    assert_non_null(reg);
    static const char *const codes[] = {"land", "water", "people"};
    for (int i = 0; i < 3; i++) {
        snprintf(reg->categories[i].code, CODE_SIZE, "%s", codes[i]);
        snprintf(reg->urgencies[i].code, CODE_SIZE, "u-%s", codes[i]);
        snprintf(reg->channels[i].code, CODE_SIZE, "c-%s", codes[i]);
    }
    reg->n_categories = 3;
    reg->n_urgencies = 2;
    reg->n_channels = 1;
    assert_int_equal(regulation_category(reg, "people"), 2);
    assert_int_equal(regulation_category(reg, "wate"), -1);
    assert_int_equal(regulation_urgency(reg, "u-water"), 1);
    assert_int_equal(regulation_urgency(reg, "u-people"), -1);
    assert_int_equal(regulation_channel(reg, "c-land"), 0);
    assert_int_equal(regulation_channel(reg, ""), -1);
    free(reg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_product_is_closed),
        cmocka_unit_test(test_two_rows_alike),
        cmocka_unit_test(test_closed_unheard),
        cmocka_unit_test(test_heard_in_an_earlier_round),
        cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_dead_end),
        cmocka_unit_test(test_back_is_a_way_out),
        cmocka_unit_test(test_no_clock),
        cmocka_unit_test(test_owners_and_finals),
        cmocka_unit_test(test_the_drawing),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_regulation_look_ups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
