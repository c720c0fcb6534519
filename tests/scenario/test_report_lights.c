/* Lights as of an instant, and the overall clock of a ticket that came back:
 * counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

static void test_lights(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    /* 10wd: due 17 November; yellow when 3 working days are left, so from the
     * 11th (12, 13, 16 are left) on */
    for (int i = 1; i <= 3; i++) {
        world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
        world_dof(&w, "dp", "ticket.dispatch",
                  "{'ticket':'20261102-00%d','unit':'a','measure':'x',"
                  "'limit':'%s'}",
                  i,
                  i == 1   ? "1wd"
                  : i == 2 ? "10wd"
                           : "15wd");
    }
    world_at(&w, "2026-11-12T09:00:00+08:00");
    world_do(&w, "sup", "report.lights", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "lights")), 1);
    assert_int_equal(world_cell_int(&w, "lights", 0, "red"), 1);
    assert_int_equal(world_cell_int(&w, "lights", 0, "yellow"), 1);
    assert_int_equal(world_cell_int(&w, "lights", 0, "green"), 1);
    assert_int_equal(world_cell_int(&w, "lights", 0, "open"), 3);
    world_do(&w, "sup", "report.lights", "{'at':'2026-11-03T09:00:00+08:00'}");
    assert_int_equal(world_cell_int(&w, "lights", 0, "green"), 2);
    assert_int_equal(world_cell_int(&w, "lights", 0, "yellow"), 1);
    world_close(&w);
}

/* A ticket that came back and was sent on: its overall clock is the latest
 * lead's in the list as in the counts, page by page. */
static void test_overall_under_the_latest_lead(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    for (int i = 1; i <= 2; i++) {
        world_do(&w, "qy1", "ticket.file", "{'title':'x','category':'land'}");
        world_dof(&w, "dp", "ticket.dispatch",
                  "{'ticket':'20261102-00%d','unit':'a','measure':'x',"
                  "'due':'2026-11-04T17:30:00+08:00'}",
                  i);
    }
    static const char back[] = "{'ticket':'20261102-001','reason':'x'}";
    world_do(&w, "a1", "ticket.return", back);
    world_do(&w, "dp", "ticket.decide",
             "{'ticket':'20261102-001','grant':true,'fault':'unit'}");
    world_do(&w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'b','measure':'x'}");
    world_sleep(&w, "2026-11-05T09:00:00+08:00");
    char after[64] = "";
    for (int i = 0; i < 2; i++) {
        world_dof(&w, "sup", "report.overdue",
                  "{'clock':'overall','limit':1%s}", after);
        assert_string_equal(world_cell(&w, "overdue", 0, "department"),
                            i == 0 ? "b局" : "a局");
        snprintf(after, sizeof after, ",'after':'%s'", world_text(&w, "next"));
    }
    assert_string_equal(world_text(&w, "next"), "");
    world_do(&w, "sup", "report.overdue",
             "{'clock':'overall','by':'department'}");
    assert_string_equal(world_cell(&w, "overdue", 1, "department"), "b局");
    assert_int_equal(world_cell_int(&w, "overdue", 1, "overdue_total"), 1);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lights),
        cmocka_unit_test(test_overall_under_the_latest_lead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
