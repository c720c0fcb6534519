/* Tickets in the store: what is loaded is what was saved, only what changed is
 * put, and what a clock promised at any past instant can still be seen. */
#include "store/maker.h"

#include <stdio.h>
#include <string.h>

static void save(struct world *w, struct ticket_row *row,
                 const struct ticket_row *after)
{
    struct ticket_row next = *after;
    begin(w);
    open_record(w, "ticket.move", row->ticket.id);
    assert_int_equal(ticket_save(w->s, row, &next, w->now), OK);
    close_record(w);
    commit(w);
    *row = next;
}

static struct ticket_row load(struct world *w, ticket_id id)
{
    struct ticket_row row = {0};
    assert_int_equal(ticket_load(w->s, id, &row), OK);
    return row;
}

/* Member by member: a struct's padding says nothing. */
static void assert_same_clock(const struct clock *a, const struct clock *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->dispatch, b->dispatch);
    assert_int_equal(a->unit, b->unit);
    assert_int_equal(a->round, b->round);
    assert_int_equal(a->start, b->start);
    assert_int_equal(a->limit.n, b->limit.n);
    assert_int_equal(a->limit.unit, b->limit.unit);
    assert_int_equal(a->due.at, b->due.at);
    assert_int_equal(a->due.by_day, b->due.by_day);
    assert_int_equal(a->due.provisional, b->due.provisional);
    assert_int_equal(a->yellow, b->yellow);
    assert_int_equal(a->run, b->run);
    assert_int_equal(a->paused, b->paused);
    assert_int_equal(a->stop, b->stop);
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->next, b->next);
    assert_int_equal(a->next_step, b->next_step);
    assert_int_equal(a->fired, b->fired);
    assert_int_equal(a->turn, b->turn);
}

static void assert_same_dispatch(const struct dispatch *a,
                                 const struct dispatch *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->unit, b->unit);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->before_ask, b->before_ask);
    assert_int_equal(a->round, b->round);
    assert_int_equal(a->sent, b->sent);
    assert_int_equal(a->accepted, b->accepted);
    assert_int_equal(a->asked, b->asked);
    assert_int_equal(a->decided, b->decided);
    assert_int_equal(a->done, b->done);
    assert_int_equal(a->fault, b->fault);
    assert_int_equal(a->refused, b->refused);
    assert_int_equal(a->handler, b->handler);
    assert_int_equal(a->acted, b->acted);
    assert_int_equal(a->extensions, b->extensions);
    assert_int_equal(a->extension.n, b->extension.n);
    assert_int_equal(a->extension.unit, b->extension.unit);
    if (b->extension.unit == LIMIT_UNTIL) {
        assert_int_equal(a->extension.until, b->extension.until);
    }
}

static void test_round_trip(void **state)
{
    struct world *w = *state;
    struct ticket_row row = file_ticket(w, "R/1");
    struct ticket_row after = row;
    struct ticket *t = &after.ticket;
    w->now += 60;
    t->state = TICKET_HANDLING;
    t->before = TICKET_FILED;
    t->flags = TICKET_CONTACTED | TICKET_SPECIAL;
    t->score = 2;
    t->solved = true;
    t->returns = 1;
    t->last = w->now;
    t->dispatches[0].state = DISPATCH_RETURN_ASKED;
    t->dispatches[0].before_ask = DISPATCH_ACCEPTED;
    t->dispatches[0].accepted = w->now - 1;
    t->dispatches[0].asked = w->now;
    t->dispatches[0].fault = FAULT_UNIT;
    t->dispatches[0].refused = 1;
    t->dispatches[0].handler = 21;
    t->dispatches[0].acted = true;
    t->dispatches[0].extensions = 1;
    t->dispatches[0].extension = (struct limit){.n = 3, .unit = LIMIT_WD};
    t->dispatches[1] = t->dispatches[0];
    t->dispatches[1].n = 2;
    t->dispatches[1].kind = DISPATCH_CO;
    t->dispatches[1].extension =
        (struct limit){.unit = LIMIT_UNTIL, .until = w->now + 5};
    t->n_dispatches = t->dispatch_last = 2;
    t->against = 8;
    t->parent = t->id + 100;
    t->merged_into = t->id + 200;
    t->responded = w->now - 3;
    t->resolved = w->now - 2;
    t->urged = w->now - 1;
    t->clocks[0].turn = 2;
    t->clocks[1].run = CLOCK_PAUSED;
    t->clocks[1].paused = w->now;
    t->clocks[1].next = INSTANT_NONE;
    t->clocks[2] =
        (struct clock){.n = 3,
                       .kind = CLOCK_RETURN,
                       .dispatch = 2,
                       .unit = 5,
                       .round = 1,
                       .start = w->now,
                       .limit = {.unit = LIMIT_UNTIL, .until = w->now + 99},
                       .due = {.at = w->now + 99, .provisional = true},
                       .yellow = INSTANT_NONE,
                       .run = CLOCK_RUNNING,
                       .paused = INSTANT_NONE,
                       .stop = INSTANT_NONE,
                       .next = w->now + 99,
                       .next_step = STEP_NEXT_DUE,
                       .fired = 0x80000001U};
    t->n_clocks = t->clock_last = 3;
    save(w, &row, &after);

    struct ticket_row got = load(w, row.ticket.id);
    assert_int_equal(got.ticket.state, TICKET_HANDLING);
    assert_int_equal(got.ticket.before, TICKET_FILED);
    assert_int_equal(got.ticket.flags, TICKET_CONTACTED | TICKET_SPECIAL);
    assert_int_equal(got.ticket.score, 2);
    assert_true(got.ticket.solved);
    assert_int_equal(got.ticket.returns, 1);
    assert_int_equal(got.ticket.last, w->now);
    assert_int_equal(got.ticket.filed, w->now - 60);
    assert_int_equal(got.ticket.enterprise, 11);
    assert_int_equal(got.ticket.dispatcher, 5);
    assert_int_equal(got.filed_by, 3);
    assert_string_equal(got.category, "policy");
    assert_string_equal(got.urgency, "normal");
    assert_string_equal(got.channel, "visit");
    assert_string_equal(got.ref, "R/1");
    assert_int_equal(got.from_seq, 1);
    assert_int_equal(got.seq, 2);
    assert_int_equal(got.ticket.category, -1);
    assert_int_equal(got.ticket.n_dispatches, 2);
    for (int i = 0; i < 2; i++) {
        assert_same_dispatch(&got.ticket.dispatches[i], &t->dispatches[i]);
    }
    assert_int_equal(got.ticket.against, 8);
    assert_true(got.ticket.parent == t->id + 100);
    assert_true(got.ticket.merged_into == t->id + 200);
    assert_int_equal(got.ticket.responded, w->now - 3);
    assert_int_equal(got.ticket.resolved, w->now - 2);
    assert_int_equal(got.ticket.urged, w->now - 1);
    assert_int_equal(got.ticket.n_clocks, 3);
    for (int i = 0; i < 3; i++) {
        assert_same_clock(&got.ticket.clocks[i], &t->clocks[i]);
    }
    assert_int_equal(got.ticket.clocks[2].limit.until, w->now + 99);
    ticket_id id;
    assert_int_equal(ticket_find_ref(w->s, "R/1", &id), OK);
    assert_true(id == row.ticket.id);
    assert_int_equal(ticket_find_ref(w->s, "R/2", &id), ERR_NOT_FOUND);
    assert_int_equal(ticket_load(w->s, id + 1, &got), ERR_NOT_FOUND);
}

/* What has not happened is NULL, and comes back as that. */
static void test_nothing_yet(void **state)
{
    struct world *w = *state;
    struct ticket_row got = load(w, file_ticket(w, NULL).ticket.id);
    assert_true(got.ticket.responded == INSTANT_NONE);
    assert_true(got.ticket.resolved == INSTANT_NONE);
    assert_true(got.ticket.urged == INSTANT_NONE);
    assert_int_equal(got.ticket.dispatches[0].extension.unit, LIMIT_NONE);
    assert_int_equal(
        count(w->s, "SELECT count(*) FROM dispatch WHERE asked_unit IS NULL"
                    " AND asked_until IS NULL AND asked_n = 0 AND acted = 0"),
        1);
}

static void test_acted(void **state)
{
    struct world *w = *state;
    begin(w);
    assert_int_equal(acted_note(w->s, 21, 5, 100), OK);
    assert_int_equal(acted_note(w->s, 21, 6, 150), OK);
    assert_int_equal(acted_note(w->s, 21, 5, 200), OK);
    assert_int_equal(acted_note(w->s, 21, 5, 120), OK); /* an import's line */
    commit(w);
    assert_int_equal(count(w->s, "SELECT count(*) FROM acted"), 2);
    assert_int_equal(count(w->s, "SELECT at FROM acted WHERE ticket = 5"), 200);
}

static void test_only_changes_are_put(void **state)
{
    struct world *w = *state;
    struct ticket_row row = file_ticket(w, NULL);
    struct ticket_row after = row;
    w->now += 5;
    after.ticket.last = w->now;
    save(w, &row, &after);
    assert_int_equal(
        count(w->s, "SELECT instr(record, '\"put\":[[\"ticket\",{\"id\":') > 0"
                    " AND instr(record, '\"clock') = 0"
                    " AND instr(record, '\"dispatch') = 0"
                    " AND instr(record, '\"state') = 0"
                    " FROM journal WHERE seq = 2"),
        1);
}

static void test_ended_things_stay_out(void **state)
{
    struct world *w = *state;
    struct ticket_row row = file_ticket(w, NULL);
    struct ticket_row after = row;
    struct ticket *t = &after.ticket;
    t->dispatches[0].state = DISPATCH_DONE;
    t->dispatches[0].done = w->now;
    t->dispatches[1] = t->dispatches[0];
    t->dispatches[1].n = 2;
    t->dispatches[1].kind = DISPATCH_CO;
    t->dispatches[2] = t->dispatches[0];
    t->dispatches[2].n = 3;
    t->dispatches[2].state = DISPATCH_RETURNED;
    t->n_dispatches = t->dispatch_last = 3;
    t->clocks[0].run = CLOCK_STOPPED;
    t->clocks[0].stop = w->now;
    t->clocks[0].verdict = VERDICT_KEPT;
    save(w, &row, &after);
    struct ticket_row got = load(w, row.ticket.id);
    assert_int_equal(got.ticket.n_dispatches, 1); /* the lead, though done */
    assert_int_equal(got.ticket.dispatches[0].n, 1);
    assert_int_equal(got.ticket.n_clocks, 1);
    assert_int_equal(got.ticket.clocks[0].n, 2);
    /* another round: the lead of the last one is no longer of it */
    after = got;
    after.ticket.round = 2;
    save(w, &got, &after);
    got = load(w, row.ticket.id);
    assert_int_equal(got.ticket.n_dispatches, 0);
}

static int64_t versions(struct world *w, ticket_id id, int n)
{
    char sql[120];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM clock WHERE ticket = %lld AND n = %d",
             (long long)id, n);
    return count(w->s, sql);
}

/* A stop at the event's time is written into the row. */
static void test_plain_stop(void **state)
{
    struct world *w = *state;
    struct ticket_row row = file_ticket(w, NULL);
    struct ticket_row after = row;
    w->now += 100;
    after.ticket.clocks[0].run = CLOCK_STOPPED;
    after.ticket.clocks[0].stop = w->now;
    after.ticket.clocks[0].verdict = VERDICT_KEPT;
    save(w, &row, &after);
    assert_int_equal(versions(w, row.ticket.id, 1), 1);
    assert_int_equal(count(w->s, "SELECT stop_seq FROM clock WHERE n = 1"), 2);
    assert_int_equal(count(w->s, "SELECT next_at IS NULL AND to_seq IS NULL"
                                 " AND verdict = 1 FROM clock WHERE n = 1"),
                     1);
}

/* A new due, a pause, a stop that lies in the past: each starts a version. */
static void test_versions(void **state)
{
    struct world *w = *state;
    struct ticket_row row = file_ticket(w, NULL);
    instant filed = w->now;
    struct ticket_row after = row;
    struct clock *c = &after.ticket.clocks[0];
    w->now = filed + 100;
    c->due.at += 86400;
    save(w, &row, &after);
    assert_int_equal(versions(w, row.ticket.id, 1), 2);
    after = row;
    w->now = filed + 200;
    c->run = CLOCK_PAUSED;
    c->paused = w->now;
    c->next = INSTANT_NONE;
    save(w, &row, &after);
    assert_int_equal(versions(w, row.ticket.id, 1), 3);
    after = load(w, row.ticket.id); /* as the engine does */
    row = after;
    w->now = filed + 300;
    c->run = CLOCK_STOPPED;
    c->stop = filed + 200;
    c->paused = INSTANT_NONE;
    c->verdict = VERDICT_KEPT;
    save(w, &row, &after);
    assert_int_equal(versions(w, row.ticket.id, 1), 4);
    assert_int_equal(
        count(w->s, "SELECT count(*) FROM clock WHERE next_at IS NOT NULL"), 1);

    /* seen at an instant, as the schema's comment says */
    static const struct {
        int after;
        int v;
    } seen[] = {{0, 1}, {99, 1}, {100, 2}, {199, 2}, {200, 3}, {300, 4}};
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        char sql[300];
        long long at = (long long)filed + seen[i].after;
        snprintf(sql, sizeof sql,
                 "SELECT CASE count(*) WHEN 1 THEN max(v) END FROM clock"
                 " WHERE n = 1 AND from_seq <= 4 AND from_at <= %lld AND"
                 " (to_seq IS NULL OR to_seq > 4 OR to_at > %lld)",
                 at, at);
        assert_int_equal(count(w->s, sql), seen[i].v);
    }
}

static void test_chain_of_a_ticket(void **state)
{
    struct world *w = *state;
    struct ticket_row a = file_ticket(w, NULL); /* 1 */
    struct ticket_row b = file_ticket(w, NULL); /* 2 */
    struct ticket_row after = a;
    after.ticket.last++;
    save(w, &a, &after); /* 3 */
    begin(w);
    open_record(w, "notice", b.ticket.id); /* 4: puts no row of the ticket */
    struct cell cells[] = {
        cell_int("id", 1),     cell_int("ticket", b.ticket.id),
        cell_int("target", 1), cell_int("event", 1),
        cell_int("at", 1),     cell_int("seq", 4)};
    assert_int_equal(store_put(w->s, TABLE_NOTICE, cells, 6), OK);
    close_record(w);
    commit(w);
    after = load(w, a.ticket.id);
    a = after;
    after.ticket.last++;
    after.held = true;
    begin(w);
    open_record(w, "all", 0); /* 5: about no ticket, so not in its chain */
    assert_int_equal(ticket_save(w->s, &a, &after, w->now), OK);
    close_record(w);
    commit(w);
    static const int expected[] = {0, 0, 1, 2, 0};
    for (int i = 0; i < 5; i++) {
        char sql[80];
        snprintf(sql, sizeof sql,
                 "SELECT ifnull(before, 0) FROM journal WHERE seq = %d", i + 1);
        assert_int_equal(count(w->s, sql), expected[i]);
    }
    assert_int_equal(load(w, a.ticket.id).seq, 3);
    assert_int_equal(load(w, b.ticket.id).seq, 4);
    assert_true(load(w, a.ticket.id).held);
    assert_false(load(w, b.ticket.id).held);
}

static void test_numbers_of_a_day(void **state)
{
    struct world *w = *state;
    ticket_id day = ticket_id_day(w->now);
    assert_int_equal(file_ticket(w, NULL).ticket.id - day, 1);
    assert_int_equal(file_ticket(w, NULL).ticket.id - day, 2);
    w->now += SECONDS_PER_DAY;
    assert_int_equal(file_ticket(w, NULL).ticket.id - ticket_id_day(w->now), 1);
    w->now -= SECONDS_PER_DAY;
    assert_int_equal(file_ticket(w, NULL).ticket.id - day, 3);
}

static void test_ref_is_unique(void **state)
{
    struct world *w = *state;
    file_ticket(w, "same");
    begin(w);
    open_record(w, "ticket.file", 0);
    struct ticket_row row = new_ticket(w, "other");
    struct ticket_row twin = row;
    snprintf(twin.ref, sizeof twin.ref, "same");
    assert_int_equal(ticket_next_id(w->s, w->now, &twin.ticket.id), OK);
    store_record_close(w->s, &(int64_t){0});
    open_record(w, "ticket.file", 0);
    assert_int_equal(ticket_save(w->s, NULL, &twin, w->now), ERR_EXISTS);
    store_rollback(w->s);
}

static void test_deadlines(void **state)
{
    struct world *w = *state;
    instant next;
    ticket_id ids[3];
    int n;
    assert_int_equal(deadline_next(w->s, false, &next), OK);
    assert_int_equal(next, INSTANT_NONE);
    struct ticket_row late = file_ticket(w, NULL);
    w->now -= 1000;
    struct ticket_row early = file_ticket(w, NULL);
    assert_int_equal(deadline_next(w->s, false, &next), OK);
    assert_int_equal(next, w->now + 300000);
    assert_int_equal(deadline_next(w->s, true, &next), OK);
    assert_int_equal(next, INSTANT_NONE);
    instant at = w->now + 300000;
    assert_int_equal(deadline_due_tickets(w->s, false, at - 1, ids, 3, &n), OK);
    assert_int_equal(n, 0);
    assert_int_equal(deadline_due_tickets(w->s, false, at, ids, 3, &n), OK);
    assert_int_equal(n, 1); /* two clocks of one ticket */
    assert_true(ids[0] == early.ticket.id);
    assert_int_equal(deadline_due_tickets(w->s, false, at + 1000, ids, 3, &n),
                     OK);
    assert_int_equal(n, 2);
    assert_true(ids[1] == late.ticket.id);
    assert_int_equal(deadline_due_tickets(w->s, false, at + 1000, ids, 1, &n),
                     OK);
    assert_int_equal(n, 1);
    struct ticket_row after = early;
    after.held = true;
    save(w, &early, &after);
    assert_int_equal(deadline_next(w->s, true, &next), OK);
    assert_int_equal(next, at);
    assert_int_equal(deadline_next(w->s, false, &next), OK);
    assert_int_equal(next, at + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_nothing_yet),
        cmocka_unit_test(test_acted),
        cmocka_unit_test(test_only_changes_are_put),
        cmocka_unit_test(test_ended_things_stay_out),
        cmocka_unit_test(test_plain_stop),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_chain_of_a_ticket),
        cmocka_unit_test(test_numbers_of_a_day),
        cmocka_unit_test(test_ref_is_unique),
        cmocka_unit_test(test_deadlines),
    };
    return run_over_makers("tickets", tests, sizeof tests / sizeof tests[0]);
}
