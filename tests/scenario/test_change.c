/* What changes when the days do: a notice for next year, a suspension, each
 * first asked as what-if and then done. */
#include "scenario/change.h"

/* Asks what the notice would do to one clock, imports it, and sees it done. */
static void notice_moves(struct world *w, const char *clock, const char *old,
                         const char *new)
{
    assert_due(w, "20261228-001", clock, old);
    world_do(w, "sup", "deadline.what_if", "{'calendar':" NOTICE "}");
    int64_t clocks = world_int(w, "clocks");
    assert_change(w, "20261228-001", clock, old, new);
    assert_int_equal(world_int(w, "kept_as_moved"), 0);
    assert_int_equal(world_int(w, "tickets"), 1);
    assert_due(w, "20261228-001", clock, old); /* asking changes nothing */
    world_do(w, NULL, "calendar.import", "{'body':" NOTICE "}");
    assert_int_equal(world_int(w, "recomputed"), clocks);
    assert_int_equal(world_int(w, "kept_as_moved"), 0);
    assert_due(w, "20261228-001", clock, new);
    world_do(w, NULL, "calendar.import", "{'body':" NOTICE "}");
    assert_int_equal(world_int(w, "recomputed"), 0);
}

/* -- a notice ----------------------------------------------------------------
 */

/* Suspended on Wednesday the 30th with 31, 1, 4 left, resumed on Monday the
 * 4th: 5, 6, 7, due on the 8th. Under the notice 31, 4, 5 were left: 5, 7, 8,
 * due on the 9th. */
static void test_after_a_pause(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    world_sleep(&w, "2027-01-04T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    notice_moves(&w, "finish", "2027-01-08T00:00:00+08:00",
                 "2027-01-09T00:00:00+08:00");
    world_close(&w);
}

/* The notice comes while it is suspended: due on the 6th. Resumed on Tuesday
 * the 5th with 31, 4, 5 left: 7, 8, 11, due on the 12th. */
static void test_during_a_pause(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    notice_moves(&w, "finish", "2027-01-05T00:00:00+08:00",
                 "2027-01-06T00:00:00+08:00");
    world_sleep(&w, "2027-01-05T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    assert_due(&w, "20261228-001", "finish", "2027-01-12T00:00:00+08:00");
    world_close(&w);
}

static void extend(struct world *w, const char *granted)
{
    world_do(w, "a1", "ticket.extend",
             "{'ticket':'20261228-001','limit':'3wd','reason':'x'}");
    world_dof(w, "dp", "ticket.decide_extension",
              "{'ticket':'20261228-001','grant':true%s}", granted);
}

/* 3 wd from the 4th on: 5, 6, 7, due on the 8th. Under the notice from the 5th
 * on: 7, 8, 11, due on the 12th. */
static void test_after_an_extension(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, "");
    notice_moves(&w, "finish", "2027-01-08T00:00:00+08:00",
                 "2027-01-12T00:00:00+08:00");
    world_close(&w);
}

/* A store of before does not know what the extension counted: the due stays,
 * and it is said how many. */
static void test_what_is_not_known(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, "");
    world_count(&w, "UPDATE clock SET moved_unit = NULL"
                    " WHERE moved_unit IS NOT NULL RETURNING 1");
    world_do(&w, NULL, "calendar.import", "{'body':" NOTICE "}");
    assert_int_equal(world_int(&w, "kept_as_moved"), 1);
    assert_due(&w, "20261228-001", "finish", "2027-01-08T00:00:00+08:00");
    world_close(&w);
}

/* Granted other than asked: 1 wd, the 5th, due on the 6th. Under the notice the
 * 7th, due on the 8th. */
static void test_after_another_grant(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, ",'limit':'1wd'");
    notice_moves(&w, "finish", "2027-01-06T00:00:00+08:00",
                 "2027-01-08T00:00:00+08:00");
    world_close(&w);
}

/* An individual plan of 5 wd is the overall limit too, and waits for the lead
 * that was given more time: as above. */
static void test_overall_waits_for_its_lead(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", ",'limit':'5wd','plan':'x'");
    extend(&w, "");
    notice_moves(&w, "overall", "2027-01-08T00:00:00+08:00",
                 "2027-01-12T00:00:00+08:00");
    assert_due(&w, "20261228-001", "finish", "2027-01-12T00:00:00+08:00");
    world_verify(&w);
    world_close(&w);
}

/* Both: 3 wd more, due on the 8th; suspended on the 30th with 31, 1, 4, 5, 6, 7
 * left, resumed on the 4th: 5, 6, 7, 8, 11, 12, due on the 13th. Under the
 * notice due on the 12th first, 31, 4, 5, 7, 8, 11 left: 5, 7, 8, 11, 12, 13,
 * due on the 14th. */
static void test_after_both(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    extend(&w, "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    world_sleep(&w, "2027-01-04T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    notice_moves(&w, "finish", "2027-01-13T00:00:00+08:00",
                 "2027-01-14T00:00:00+08:00");
    world_close(&w);
}

/* What is left is handed on: still the 5th, and under the notice the 6th; not 5
 * wd from the 30th on. */
static void test_after_a_transfer(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "ticket.transfer",
             "{'ticket':'20261228-001','unit':'b','reason':'x'}");
    notice_moves(&w, "finish", "2027-01-05T00:00:00+08:00",
                 "2027-01-06T00:00:00+08:00");
    world_close(&w);
}

/* A co-handler's 3 wd from the 31st on would be 1, 4, 5: cut to the lead's due,
 * the 5th. Under the notice 4, 5, 7: cut to the 6th. */
static void test_after_a_cut(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-31T10:00:00+08:00");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261228-001','unit':'b','kind':'co','measure':'x'}");
    notice_moves(&w, "finish", "2027-01-05T00:00:00+08:00",
                 "2027-01-06T00:00:00+08:00");
    world_close(&w);
}

/* -- a suspension ------------------------------------------------------------
 */

/* As after a pause: the 8th; and it is so when it is done. */
static void test_suspension(void **state)
{
    struct world w;
    (void)state;
    open_december(&w);
    send(&w, "20261228-001", "");
    world_sleep(&w, "2026-12-30T10:00:00+08:00");
    world_do(&w, "dp", "deadline.what_if",
             "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00'}");
    assert_change(&w, "20261228-001", "finish", "2027-01-05T00:00:00+08:00",
                  "2027-01-08T00:00:00+08:00");
    world_do(&w, "sup", "ticket.show", "{'ticket':'20261228-001'}");
    assert_string_equal(world_text(&w, "state"), "handling");
    world_do(&w, "dp", "ticket.suspend",
             "{'ticket':'20261228-001','reason':'x'}");
    world_sleep(&w, "2027-01-04T10:00:00+08:00");
    world_do(&w, "dp", "ticket.resume", "{'ticket':'20261228-001'}");
    assert_due(&w, "20261228-001", "finish", "2027-01-08T00:00:00+08:00");
    world_close(&w);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *as;
        const char *params;
        enum err err;
    } refused[] = {
        {"sup", "{}", ERR_BAD_PARAM},
        {"sup", "{'ticket':'20261228-001'}", ERR_BAD_PARAM},
        {"sup", "{'ticket':'20261228-001','until':'2026-12-28T09:00:00+08:00'}",
         ERR_BAD_PARAM},
        {"sup",
         "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00',"
         "'calendar':" NOTICE "}",
         ERR_BAD_PARAM},
        {"sup", "{'calendar':{'year':2027,'days':[]}}", ERR_BAD_CALENDAR},
        {"sup", "{'regulation':{'name':'x'}}", ERR_BAD_REGULATION},
        /* filed and not yet dispatched: nothing to suspend */
        {"sup", "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00'}",
         ERR_BAD_STATE},
        /* another office's ticket is not there for it */
        {"zd", "{'ticket':'20261228-001','until':'2027-01-04T10:00:00+08:00'}",
         ERR_NOT_FOUND},
        {"qy1", "{'calendar':" NOTICE "}", ERR_FORBIDDEN},
    };
    struct world w;
    (void)state;
    open_december(&w);
    world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        enum err err =
            world_try(&w, refused[i].as, "deadline.what_if", refused[i].params);
        if (err != refused[i].err) {
            fail_msg("%s: %s", refused[i].params, err_name(err));
        }
    }
    /* a dispatcher is told of their own tickets only */
    world_do(&w, "zd", "deadline.what_if", "{'calendar':" NOTICE "}");
    assert_int_equal(world_int(&w, "tickets"), 0);
    world_do(&w, "dp", "deadline.what_if", "{'calendar':" NOTICE "}");
    assert_int_equal(world_int(&w, "tickets"), 1);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_after_a_pause),
        cmocka_unit_test(test_during_a_pause),
        cmocka_unit_test(test_after_an_extension),
        cmocka_unit_test(test_what_is_not_known),
        cmocka_unit_test(test_after_another_grant),
        cmocka_unit_test(test_overall_waits_for_its_lead),
        cmocka_unit_test(test_after_both),
        cmocka_unit_test(test_after_a_transfer),
        cmocka_unit_test(test_after_a_cut),
        cmocka_unit_test(test_suspension),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
