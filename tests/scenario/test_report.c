/* report.overdue against an independent recount. The test keeps a list of what
 * it did - each dispatch with when and by which record it was sent and ended -
 * and counts from that list alone, for random instants and journal numbers.
 * Live work of November is followed by imported history of October, so that
 * what happened first was known last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

enum {
    THINGS = 60,
    DONE_MAX = 4 * THINGS,
    N_UNITS = 3,
    N_CATEGORIES = 3
};

static const char *const units[N_UNITS] = {"a", "b", "c"};
static const char *const categories[N_CATEGORIES] = {"financing", "land",
                                                     "other"};

/* What the test did: one dispatch. */
struct job {
    int ticket;
    int unit;
    bool lead;
    instant sent;
    int64_t sent_seq;
    instant due;     /* late iff its end is after it */
    instant stop;    /* INSTANT_NONE: open */
    instant stopped; /* when the stop was made (a return: decided) */
    int64_t stop_seq;
    bool taken_away; /* returned by the dispatcher's fault */
};
struct thing {
    int category;
    instant filed;
    int64_t filed_seq;
    instant closed; /* INSTANT_NONE: open */
    int64_t closed_seq;
};

struct history {
    struct world w;
    bool imports;
    instant at;
    uint64_t random;
    int n_things;
    struct thing things[THINGS];
    int n_jobs;
    struct job jobs[DONE_MAX];
};

static uint32_t draw(struct history *h, uint32_t below)
{
    h->random = h->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(h->random >> 33) % below;
}

/* -- doing -------------------------------------------------------------------
 */

/* Live now, or as history at h->at; params without the braces. */
static void act(struct history *h, const char *as, const char *method,
                const char *format, ...)
{
    static int occurrence;
    char params[1024];
    char at[INSTANT_TEXT_SIZE];
    va_list list;
    va_start(list, format);
    vsnprintf(params, sizeof params, format, list);
    va_end(list);
    if (!h->imports) {
        h->w.now = h->at;
        world_dof(&h->w, as, method, "{%s}", params);
        return;
    }
    world_dof(&h->w, NULL, "import.event",
              "{'event':{'at':'%s','as':'%s','method':'%s','params':{%s}},"
              "'occurrence':%d}",
              instant_format(h->at, at), as, method, params, occurrence++);
}

/* A co-handler is not due after a lead that is not late; history may be. */
static instant not_after_lead(const struct history *h, const struct job *lead,
                              instant due)
{
    bool bound = !h->imports && lead->due >= h->at;
    return bound && due > lead->due ? lead->due : due;
}

static struct job *send(struct history *h, int ticket, int unit, bool lead)
{
    char due[INSTANT_TEXT_SIZE];
    struct job *job = &h->jobs[h->n_jobs++];
    *job = (struct job){.ticket = ticket,
                        .unit = unit,
                        .lead = lead,
                        .sent = h->at,
                        .due = h->at + 3600 + draw(h, 8 * SECONDS_PER_DAY),
                        .stop = INSTANT_NONE};
    if (!lead) {
        job->due = not_after_lead(h, job - 1, job->due);
    }
    act(h, "dp", "ticket.dispatch",
        "'ticket':'T%d','unit':'%s','kind':'%s','measure':'x','due':'%s'",
        ticket, units[unit], lead ? "lead" : "co",
        instant_format(job->due, due));
    job->sent_seq = h->w.seq;
    return job;
}

static void pass(struct history *h)
{
    h->at += 60 + draw(h, 4 * SECONDS_PER_DAY);
}

static void end(struct history *h, struct job *job, instant stop, bool away)
{
    job->stop = stop;
    job->stopped = h->at;
    job->stop_seq = h->w.seq;
    job->taken_away = away;
}

static void close_thing(struct history *h, int ticket)
{
    h->things[ticket].closed = h->at;
    h->things[ticket].closed_seq = h->w.seq;
}

static void bounce(struct history *h, int ticket, int unit)
{
    struct job *job = send(h, ticket, unit, true);
    bool fault = draw(h, 2) == 0;
    pass(h);
    instant asked = h->at;
    act(h,
        unit == 0   ? "a1"
        : unit == 1 ? "b1"
                    : "c1",
        "ticket.return", "'ticket':'T%d','reason':'x'", ticket);
    pass(h);
    act(h, "dp", "ticket.decide", "'ticket':'T%d','grant':true,'fault':'%s'",
        ticket, fault ? "dispatcher" : "unit");
    end(h, job, asked, fault);
}

static void withdraw(struct history *h, int ticket)
{
    act(h, "qy1", "ticket.withdraw", "'ticket':'T%d'", ticket);
    for (int i = 0; i < h->n_jobs; i++) {
        struct job *job = &h->jobs[i];
        if (job->ticket == ticket && job->stop == INSTANT_NONE) {
            end(h, job, h->at, false); /* what was late stays late */
        }
    }
    close_thing(h, ticket);
}

static void finish(struct history *h, struct job *job)
{
    static const char *const heads[N_UNITS] = {"a1", "b1", "c1"};
    act(h, heads[job->unit], "ticket.accept", "'ticket':'T%d'", job->ticket);
    pass(h);
    act(h, heads[job->unit], "ticket.resolve", "'ticket':'T%d','public':'x'",
        job->ticket);
    end(h, job, h->at, false);
}

static void one_ticket(struct history *h)
{
    int ticket = h->n_things++;
    struct thing *thing = &h->things[ticket];
    int unit = (int)draw(h, N_UNITS);
    *thing = (struct thing){.category = (int)draw(h, N_CATEGORIES),
                            .filed = h->at,
                            .closed = INSTANT_NONE};
    act(h, "dp", "ticket.file",
        "'title':'x','category':'%s','ref':'T%d','enterprise':'" E1 "'",
        categories[thing->category], ticket);
    thing->filed_seq = h->w.seq;
    if (draw(h, 8) == 0) {
        return; /* never dispatched */
    }
    pass(h);
    if (draw(h, 3) == 0) {
        bounce(h, ticket, (int)draw(h, N_UNITS));
        pass(h);
    }
    struct job *lead = send(h, ticket, unit, true);
    pass(h);
    struct job *co =
        draw(h, 3) == 0 ? send(h, ticket, (unit + 1) % N_UNITS, false) : NULL;
    if (draw(h, 6) == 0) {
        withdraw(h, ticket);
    } else if (draw(h, 3) != 0) {
        if (co != NULL) {
            finish(h, co);
        }
        finish(h, lead);
        close_thing(h, ticket);
    }
}

static void make_history(struct history *h, uint64_t seed)
{
    *h = (struct history){.random = seed};
    world_open(&h->w, "2026-10-01T09:00:00+08:00");
    world_county(&h->w);
    h->at = h->w.now + 31 * (instant)SECONDS_PER_DAY;
    instant live = h->at;
    while (h->n_things < THINGS / 2) {
        one_ticket(h);
    }
    instant last = h->at;
    h->imports = true;
    h->w.now = last;
    while (h->n_things < THINGS) {
        h->at = live - (instant)(1 + draw(h, 30)) * SECONDS_PER_DAY;
        one_ticket(h);
        h->w.now = h->at > h->w.now ? h->at : h->w.now;
    }
}

/* -- counting anew -----------------------------------------------------------
 */

struct counts {
    int64_t filed;
    int64_t closed;
    int64_t overdue;
    int64_t open;
};

static bool was_sent(const struct job *job, instant at, int64_t known)
{
    return job->sent <= at && job->sent_seq <= known;
}

static bool was_stopped(const struct job *job, instant at, int64_t known)
{
    return job->stop != INSTANT_NONE && job->stopped <= at &&
           job->stop_seq <= known;
}

static bool was_late(const struct job *job, instant at, int64_t known)
{
    if (!was_stopped(job, at, known)) {
        return at > job->due;
    }
    return !job->taken_away && job->stop > job->due;
}

static void add(struct counts *c, bool closed, bool late)
{
    c->filed++;
    c->closed += closed ? 1 : 0;
    c->overdue += late ? 1 : 0;
    c->open += late && !closed ? 1 : 0;
}

static struct counts recount_unit(const struct history *h, int unit, instant at,
                                  int64_t known)
{
    struct counts c = {0};
    for (int i = 0; i < h->n_jobs; i++) {
        const struct job *job = &h->jobs[i];
        if (job->unit == unit && was_sent(job, at, known)) {
            add(&c, was_stopped(job, at, known), was_late(job, at, known));
        }
    }
    return c;
}

/* `category` -1: all */
static struct counts recount_tickets(const struct history *h, int category,
                                     instant at, int64_t known)
{
    struct counts c = {0};
    for (int t = 0; t < h->n_things; t++) {
        const struct thing *thing = &h->things[t];
        bool late = false;
        if ((category >= 0 && thing->category != category) ||
            thing->filed > at || thing->filed_seq > known) {
            continue;
        }
        for (int i = 0; i < h->n_jobs; i++) {
            const struct job *job = &h->jobs[i];
            late =
                late || (job->ticket == t && job->lead &&
                         was_sent(job, at, known) && was_late(job, at, known));
        }
        add(&c,
            thing->closed != INSTANT_NONE && thing->closed <= at &&
                thing->closed_seq <= known,
            late);
    }
    return c;
}

/* The row of that name must say `expected`; without a row, all is nothing. */
static void expect_row(struct history *h, const char *column, const char *name,
                       struct counts expected)
{
    size_t n = json_array_size(world_rows(&h->w, "overdue"));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(world_cell(&h->w, "overdue", i, column), name) == 0) {
            assert_int_equal(world_cell_int(&h->w, "overdue", i, "filed"),
                             expected.filed);
            assert_int_equal(world_cell_int(&h->w, "overdue", i, "closed"),
                             expected.closed);
            assert_int_equal(
                world_cell_int(&h->w, "overdue", i, "overdue_total"),
                expected.overdue);
            assert_int_equal(
                world_cell_int(&h->w, "overdue", i, "overdue_still_open"),
                expected.open);
            return;
        }
    }
    assert_int_equal(expected.filed, 0);
}

static void report(struct history *h, const char *by, instant at, int64_t known)
{
    char text[INSTANT_TEXT_SIZE];
    world_dof(&h->w, "sup", "report.overdue",
              "{'by':'%s','at':'%s','known':%lld}", by,
              instant_format(at, text), (long long)known);
}

static void compare_at(struct history *h, instant at, int64_t known)
{
    static const char *const names[N_UNITS] = {"a局", "b局", "c局"};
    report(h, "department", at, known);
    for (int i = 0; i < N_UNITS; i++) {
        expect_row(h, "department", names[i], recount_unit(h, i, at, known));
    }
    report(h, "category", at, known);
    for (int i = 0; i < N_CATEGORIES; i++) {
        expect_row(h, "category", categories[i],
                   recount_tickets(h, i, at, known));
    }
    /* the chain and the guide are known from the first day on */
    report(h, "chain", at, known);
    expect_row(h, "chain", "船舶产业链", recount_tickets(h, -1, at, known));
    report(h, "guide", at, known);
    expect_row(h, "guide", "张三", recount_tickets(h, -1, at, known));
}

static void test_recount(void **state)
{
    const char *env = getenv("BIHUAN_SEED");
    uint64_t seed = env == NULL ? 20261120u : strtoull(env, NULL, 10);
    (void)state;
    printf("seed %llu\n", (unsigned long long)seed);
    struct history *h = malloc(sizeof *h);
    assert_non_null(h);
    make_history(h, seed);
    int64_t head = store_head(h->w.writer);
    int64_t late = 0;
    instant from = h->things[0].filed - 40 * (instant)SECONDS_PER_DAY;
    for (int i = 0; i < 150; i++) {
        instant at = from + draw(h, 150 * SECONDS_PER_DAY);
        int64_t known = i % 3 == 0 ? head : (int64_t)draw(h, (uint32_t)head);
        compare_at(h, at, known);
        late += recount_tickets(h, -1, at, known).overdue;
    }
    assert_true(late > 100); /* there was something to find */
    world_close(&h->w);
    free(h);
}

/* The same view is the same bytes, whatever happens afterwards; what the list
 * names is what the groups count. */
static void test_same_bytes_and_list(void **state)
{
    (void)state;
    struct history *h = malloc(sizeof *h);
    assert_non_null(h);
    make_history(h, 7);
    int64_t known = store_head(h->w.writer);
    instant at = h->things[THINGS / 4].filed + 9 * (instant)SECONDS_PER_DAY;
    report(h, "department", at, known);
    char *first = json_dumps(h->w.result, 0);
    int64_t total = world_int(&h->w, "total_overdue");
    int64_t n = 0;
    char text[INSTANT_TEXT_SIZE];
    char mark[64] = "";
    do {
        world_dof(&h->w, "sup", "report.overdue",
                  "{'at':'%s','known':%lld,'limit':7%s%s%s}",
                  instant_format(at, text), (long long)known,
                  mark[0] == '\0' ? "" : ",'after':'", mark,
                  mark[0] == '\0' ? "" : "'");
        n += (int64_t)json_array_size(world_rows(&h->w, "overdue"));
        snprintf(mark, sizeof mark, "%s", world_text(&h->w, "next"));
    } while (mark[0] != '\0');
    assert_true(total > 7);
    assert_int_equal(n, total);

    h->at = h->w.now;
    h->imports = false;
    world_do(&h->w, NULL, "registry.rename", "{'code':'a','name':'新a局'}");
    h->n_things--; /* its reference is used once more for a new ticket */
    world_dof(&h->w, "dp", "ticket.file",
              "{'title':'x','category':'land','ref':'later',"
              "'enterprise':'" E1 "'}");
    report(h, "department", at, known);
    char *again = json_dumps(h->w.result, 0);
    assert_string_equal(first, again);
    free(first);
    free(again);
    /* the new name shows from the renaming on, not before */
    report(h, "department", h->w.now, store_head(h->w.writer));
    assert_string_equal(world_cell(&h->w, "overdue", 0, "department"), "新a局");
    report(h, "department", h->w.now - 1, store_head(h->w.writer));
    assert_string_equal(world_cell(&h->w, "overdue", 0, "department"), "a局");
    assert_int_equal(
        world_try(&h->w, "sup", "report.overdue", "{'known':99999999}"),
        ERR_BAD_PARAM);
    world_close(&h->w);
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recount),
        cmocka_unit_test(test_same_bytes_and_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
