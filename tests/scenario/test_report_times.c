/* report.times: a dozen tickets whose numbers were worked out by hand, and what
 * stands beside the table of report.overdue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/when.h"
#include "lib/world.h"

/* November 2026 has no holidays; the 2nd is a Monday. Each ticket is dispatched
 * five minutes after it was filed. Empty: not in this story. */
static const struct story {
    const char *unit;
    const char *filed;
    const char *contacted;
    const char *passed_to_b;
    const char *resolved;
} stories[] = {
    /*     minutes   within 15  working days       days */
    {"a", "2026-11-02 09:00", "2026-11-02 09:10", "", "2026-11-03 09:00"},
    /* 1:       10         yes             1       1.0 */
    {"a", "2026-11-02 09:30", "2026-11-02 09:45", "", "2026-11-04 09:30"},
    /* 2:       15         yes             2       2.0 */
    {"a", "2026-11-02 10:00", "2026-11-02 10:16", "", "2026-11-06 10:00"},
    /* 3:       16          no             4       4.0 */
    {"a", "2026-11-02 11:00", "2026-11-03 11:00", "", "2026-11-09 11:00"},
    /* 4:     1440          no             5       7.0 */
    {"b", "2026-11-03 09:00", "", "", "2026-11-03 10:00"},
    /* 5:       60, the resolve    no      0       0.041667 */
    {"b", "2026-11-03 14:00", "2026-11-03 14:05", "", "2026-11-10 14:00"},
    /* 6:        5         yes             5       7.0 */
    {"b", "2026-11-04 09:00", "2026-11-04 09:20", "", ""},
    /* 7:       20          no             - */
    {"b", "2026-11-04 10:00", "", "", ""},
    /* 8:        - */
    {"", "2026-11-05 09:00", "", "", ""},
    /* 9:        -, and nobody has it */
    {"b", "2026-11-06 16:00", "2026-11-09 16:00", "", "2026-11-09 16:30"},
    /* 10:    4320          no             1       3.020833 */
    {"a", "2026-11-07 09:00", "2026-11-07 09:12", "", "2026-11-08 09:00"},
    /* 11:      12         yes             0       1.0, on a weekend */
    {"a", "2026-11-09 09:00", "2026-11-09 09:14", "2026-11-10 09:00",
     "2026-11-12 09:00"},
    /* 12:      14 of a    yes             3 of b  3.0 */
};
enum {
    STORIES = sizeof stories / sizeof stories[0]
};

struct turn {
    instant at;
    int story;
    int what; /* 0 file, 1 dispatch, 2 contact, 3 pass, 4 resolve, 5 look */
};

static int compare(const void *a, const void *b)
{
    const struct turn *x = a;
    const struct turn *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static void add(struct turn *steps, int *n, const char *when, int story,
                int what)
{
    if (when[0] != '\0') {
        steps[(*n)++] = (struct turn){at(when), story, what};
    }
}

static void take(struct world *w, const struct turn *step)
{
    const struct story *s = &stories[step->story];
    const char *who =
        step->what == 4 && s->passed_to_b[0] != '\0' ? "b" : s->unit;
    char head[8];
    w->now = step->at;
    snprintf(head, sizeof head, "%s1", who);
    switch (step->what) {
    case 0:
        world_dof(w, "dp", "ticket.file",
                  "{'title':'x','category':'land','ref':'T%d',"
                  "'enterprise':'" E1 "'}",
                  step->story);
        break;
    case 1:
        world_dof(w, "dp", "ticket.dispatch",
                  "{'ticket':'T%d','unit':'%s','measure':'x','limit':'9wd'}",
                  step->story, s->unit);
        world_dof(w, head, "ticket.accept", "{'ticket':'T%d'}", step->story);
        break;
    case 2:
        world_dof(w, head, "ticket.contact", "{'ticket':'T%d'}", step->story);
        break;
    case 3:
        world_dof(w, "dp", "ticket.transfer",
                  "{'ticket':'T%d','unit':'b','reason':'x'}", step->story);
        world_dof(w, "b1", "ticket.accept", "{'ticket':'T%d'}", step->story);
        break;
    case 4:
        world_dof(w, head, "ticket.resolve", "{'ticket':'T%d','public':'x'}",
                  step->story);
        break;
    default:
        break;
    }
}

struct told {
    struct world w;
    char *early; /* the report of the 5th at noon, made then */
    int64_t known;
};

static void tell(struct told *t)
{
    struct turn steps[5 * STORIES + 1];
    int n = 0;
    for (int i = 0; i < STORIES; i++) {
        const struct story *s = &stories[i];
        add(steps, &n, s->filed, i, 0);
        if (s->unit[0] != '\0') {
            steps[n++] = (struct turn){at(s->filed) + 300, i, 1};
        }
        add(steps, &n, s->contacted, i, 2);
        add(steps, &n, s->passed_to_b, i, 3);
        add(steps, &n, s->resolved, i, 4);
    }
    add(steps, &n, "2026-11-05 12:00", 0, 5);
    qsort(steps, (size_t)n, sizeof steps[0], compare);
    world_open(&t->w, "2026-11-01T09:00:00+08:00");
    world_county(&t->w);
    for (int i = 0; i < n; i++) {
        take(&t->w, &steps[i]);
        if (steps[i].what == 5) {
            world_do(&t->w, "sup", "report.times", "{'by':'department'}");
            t->early = json_dumps(t->w.result, 0);
            t->known = world_int(&t->w, "known");
        }
    }
    world_sleep(&t->w, "2026-11-13T09:00:00+08:00");
}

static void end(struct told *t)
{
    free(t->early);
    world_close(&t->w);
}

struct want {
    const char *group;
    int64_t filed;
    int64_t responded;
    const char *response_median;
    const char *response_mean;
    int64_t within;
    int64_t resolved;
    const char *wd_median;
    const char *wd_mean;
    const char *days_mean;
};

static void expect(const struct world *w, size_t row, const struct want *want)
{
    const struct {
        const char *column;
        const char *text;
    } texts[] = {
        {"group", want->group},
        {"response_min_median", want->response_median},
        {"response_min_mean", want->response_mean},
        {"lead_wd_median", want->wd_median},
        {"lead_wd_mean", want->wd_mean},
        {"lead_days_mean", want->days_mean},
    };
    const struct {
        const char *column;
        int64_t number;
    } numbers[] = {
        {"filed", want->filed},
        {"responded", want->responded},
        {"within_15_min", want->within},
        {"resolved", want->resolved},
    };
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(world_cell(w, "times", row, texts[i].column),
                            texts[i].text);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(world_cell_int(w, "times", row, numbers[i].column),
                         numbers[i].number);
    }
}

/* 5 10 12 14 15 16 20 60 1440 4320 are 5912 minutes; 0 0 1 1 2 3 4 5 5 are 21
 * working days; 28.0625 days in nine. */
#define ALL(name)                                                \
    {                                                            \
        name, 12, 10, "15.5", "591.2", 5, 9, "2.0", "2.3", "3.1" \
    }

static void test_by_hand(void **state)
{
    static const struct {
        const char *by;
        struct want want;
    } ones[] = {
        {"none", ALL("")},
        {"chain", ALL("船舶产业链")},
        {"guide", ALL("张三")},
        {"category", ALL("land")},
    };
    struct told t = {.early = NULL};
    (void)state;
    tell(&t);
    for (size_t i = 0; i < 4; i++) {
        world_dof(&t.w, "sup", "report.times", "{'by':'%s'}", ones[i].by);
        assert_int_equal(json_array_size(world_rows(&t.w, "times")), 1);
        expect(&t.w, 0, &ones[i].want);
    }
    assert_string_equal(world_text(&t.w, "imported_share"), "0.0%");
    /* filed on the 4th or later: 7 to 12; 12 14 20 4320, and 0 1 3 */
    world_do(&t.w, "sup", "report.times", "{'from':'2026-11-04T00:00:00'}");
    expect(
        &t.w, 0,
        &(struct want){"", 6, 4, "17.0", "1091.5", 2, 3, "1.0", "1.3", "2.3"});
    /* who sees nothing counts nothing */
    world_do(&t.w, "qy2", "report.times", "{}");
    assert_int_equal(json_array_size(world_rows(&t.w, "times")), 0);
    end(&t);
}

static void test_departments(void **state)
{
    struct told t = {.early = NULL};
    (void)state;
    tell(&t);
    world_do(&t.w, "sup", "report.times", "{'by':'department'}");
    assert_int_equal(json_array_size(world_rows(&t.w, "times")), 3);
    /* 10 12 14 15 16 1440; 0 1 2 4 5 */
    expect(&t.w, 0,
           &(struct want){"a局", 5, 6, "14.5", "251.2", 4, 5, "2.0", "2.4",
                          "3.0"});
    /* 5 20 60 4320; 0 1 3 5 */
    expect(&t.w, 1,
           &(struct want){"b局", 6, 4, "40.0", "1101.3", 1, 4, "2.0", "2.3",
                          "3.3"});
    expect(&t.w, 2, &(struct want){"", 1, 0, "", "", 0, 0, "", "", ""});
    end(&t);
}

static char *early(struct told *t, const char *known)
{
    world_dof(&t->w, "sup", "report.times",
              "{'by':'department','at':'2026-11-05T12:00:00+08:00'%s}", known);
    return json_dumps(t->w.result, 0);
}

/* On the 5th at noon: 1 to 9 were filed, 1 to 7 answered, 1, 2 and 5 resolved.
 * The same view is the same bytes, whatever has happened since. */
static void test_same_bytes(void **state)
{
    struct told t = {.early = NULL};
    char known[48];
    (void)state;
    tell(&t);
    snprintf(known, sizeof known, ",'known':%lld", (long long)t.known);
    char *again = early(&t, known);
    assert_string_equal(again, t.early);
    free(again);
    /* 10 15 16 1440; 1 2 */
    expect(&t.w, 0,
           &(struct want){"a局", 4, 4, "15.5", "370.3", 2, 2, "1.5", "1.5",
                          "1.5"});
    /* 5 20 60; 0 */
    expect(
        &t.w, 1,
        &(struct want){"b局", 4, 3, "20.0", "28.3", 1, 1, "0.0", "0.0", "0.0"});
    /* a day of those is declared a holiday, a department merged: not known */
    world_do(&t.w, NULL, "calendar.import",
             "{'body':{'year':2026,'papers':['x'],'days':[{'name':'x',"
             "'date':'2026-11-03','isOffDay':true}]}}");
    world_do(&t.w, NULL, "department.merge", "{'code':'a','into':'b'}");
    again = early(&t, known);
    assert_string_equal(again, t.early);
    free(again);
    /* known now: 1 took no working day and 2 one; a was still a then */
    free(early(&t, ""));
    expect(&t.w, 0,
           &(struct want){"a局", 4, 4, "15.5", "370.3", 2, 2, "0.5", "0.5",
                          "1.5"});
    end(&t);
}

/* -- beside the table --------------------------------------------------------
 */

static void expect_beside(struct world *w, const char *known, int64_t special,
                          int64_t corrected, int64_t late_corrected)
{
    static const char *const by[] = {"department", "category"};
    for (int i = 0; i < 2; i++) {
        world_dof(w, "sup", "report.overdue", "{'by':'%s'%s}", by[i], known);
        json_t *plans = json_object_get(w->result, "special");
        json_t *mended = json_object_get(w->result, "corrections");
        assert_int_equal(world_int(w, "total_overdue"), 1);
        assert_int_equal(json_integer_value(json_object_get(plans, "total")),
                         special);
        assert_int_equal(json_integer_value(json_object_get(plans, "overdue")),
                         0);
        assert_int_equal(
            json_integer_value(json_object_get(mended, "corrected")),
            corrected);
        assert_int_equal(json_integer_value(json_object_get(
                             mended, "overdue_total_corrected")),
                         late_corrected);
    }
}

/* One ticket under an individual plan, one late by a misclick that is mended.
 */
static void test_beside(void **state)
{
    struct world w;
    char before[48];
    char planned[48];
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x',"
             "'limit':'1wd'}");
    world_do(&w, "a1", "ticket.accept", "{'ticket':'20261102-001'}");
    world_do(&w, "qy1", "ticket.file", "{'title':'y','category':'land'}");
    world_sleep(&w, "2026-11-04T09:00:00+08:00");
    world_do(&w, "a1", "ticket.resolve",
             "{'ticket':'20261102-001','public':'x'}");
    world_sleep(&w, "2026-11-05T09:00:00+08:00");
    snprintf(before, sizeof before, ",'known':%lld",
             (long long)store_head(w.writer));
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-002','unit':'b','measure':'x',"
             "'limit':'120wd','plan':'x'}");
    snprintf(planned, sizeof planned, ",'known':%lld",
             (long long)store_head(w.writer));
    world_do(&w, "sup", "ticket.show", "{'ticket':'20261102-001'}");
    int64_t clock =
        world_count(&w, "SELECT n FROM clock WHERE kind = 1 AND verdict = 2");
    world_dof(&w, "sup", "ticket.correct",
              "{'ticket':'20261102-001','clock':%lld,'verdict':'kept',"
              "'reason':'x'}",
              (long long)clock);
    expect_beside(&w, "", 1, 1, 0);
    expect_beside(&w, planned, 1, 0, 1);
    expect_beside(&w, before, 0, 0, 1);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_departments),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_beside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
