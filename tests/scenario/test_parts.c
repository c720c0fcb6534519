/* Split tickets: parts that are tickets of their own, a whole that is resolved
 * with its last part and whose score is theirs. 2 November 2026 is a Monday;
 * November has no holidays. */
#include "scenario/whole.h"

static void expect_state(struct world *w, const char *number, const char *state)
{
    on(w, "sup", "ticket.show", number, "");
    assert_string_equal(world_text(w, "state"), state);
}

/* How often the clock has resolved the whole. */
static int64_t resolves(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM journal WHERE json_extract("
                          "record, '$.method') = 'clock.resolve'"
                          " AND json_extract(record, '$.by') = 'clock'"
                          " AND json_extract(record, '$.ticket') ="
                          " 20261102000001");
}

/* -- splitting ---------------------------------------------------------------
 */

/* As many as an office can oversee, and no more. */
static void test_parts_are_bounded(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    for (int i = 0; i < PARTS_MAX; i++) {
        on(&w, "dp", "ticket.split", WHOLE, ",'title':'一条意见'");
    }
    assert_int_equal(world_try(&w, "dp", "ticket.split",
                               "{'ticket':'" WHOLE "','title':'又一条'}"),
                     ERR_LIMIT);
    assert_string_equal(w.problem.expected, "at most 500 parts of one ticket");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket"),
                     PARTS_MAX + 1);
    finish(&w);
}

static void test_split_files_and_sends(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    on(&w, "dp", "ticket.split", WHOLE,
       ",'title':'通水','text':'接入管网','unit':'a','measure':'勘察'"
       ",'limit':'3wd'");
    assert_string_equal(world_text(&w, "number"), PART1);
    assert_string_equal(world_text(&w, "state"), "dispatched");
    assert_string_equal(world_text(&w, "due"), "2026-11-06T00:00:00+08:00");
    assert_string_equal(world_text(&w, "parent"), WHOLE);
    assert_string_equal(world_text(&w, "parent_state"), "handling");
    on(&w, "dp", "ticket.split", WHOLE, ",'title':'通电'");
    assert_string_equal(world_text(&w, "number"), PART2);
    assert_string_equal(world_text(&w, "state"), "filed");
    assert_string_equal(world_text(&w, "clock"), "triage");

    on(&w, "sup", "ticket.show", PART1, "");
    assert_string_equal(world_text(&w, "title"), "通水");
    assert_string_equal(world_text(&w, "text"), "接入管网");
    assert_string_equal(world_text(&w, "category"), "financing");
    assert_string_equal(world_text(&w, "enterprise"), "甲船厂");
    assert_string_equal(world_cell(&w, "dispatches", 0, "measure"), "勘察");
    static const char *const events[] = {"file", "dispatch"};
    assert_int_equal(json_array_size(world_rows(&w, "timeline")), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(world_cell(&w, "timeline", i, "event"), events[i]);
    }
    on(&w, "sup", "ticket.show", WHOLE, "");
    assert_int_equal(json_array_size(world_rows(&w, "timeline")), 3);
    assert_string_equal(world_cell(&w, "timeline", 1, "event"), "split");
    assert_string_equal(world_cell(&w, "timeline", 2, "event"), "split");
    finish(&w);
}

static void test_split_of_a_ticket_at_work(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    send(&w, WHOLE, "b");
    on(&w, "b2", "ticket.accept", WHOLE, "");
    on(&w, "dp", "ticket.split", WHOLE, ",'title':'通水'");
    on(&w, "sup", "ticket.show", WHOLE, "");
    assert_string_equal(world_text(&w, "state"), "handling");
    assert_string_equal(world_cell(&w, "dispatches", 0, "state"),
                        "transferred");
    assert_int_equal(
        try_on(&w, "b2", "ticket.resolve", WHOLE, ",'public':'已办'"),
        ERR_BAD_STATE);
    finish(&w);
}

static void test_split_refusals(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    int64_t head = store_head(w.writer);
    assert_int_equal(
        try_on(&w, "dp", "ticket.split", WHOLE, ",'title':'通水','unit':'a'"),
        ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "measure");
    assert_int_equal(try_on(&w, "dp", "ticket.split", WHOLE,
                            ",'title':'通水','limit':'3wd'"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "unit");
    assert_int_equal(try_on(&w, "dp", "ticket.split", WHOLE,
                            ",'title':'通水','category':'nothing'"),
                     ERR_BAD_PARAM);
    assert_string_equal(w.problem.param, "category");
    assert_int_equal(try_on(&w, "dp", "ticket.split", WHOLE,
                            ",'title':'通水','unit':'a','measure':'勘察'"
                            ",'limit':'900wd'"),
                     ERR_OUT_OF_BOUNDS);
    assert_int_equal(try_on(&w, "zd", "ticket.split", WHOLE, ",'title':'通水'"),
                     ERR_NOT_FOUND);
    assert_int_equal(
        try_on(&w, "sup", "ticket.split", WHOLE, ",'title':'通水'"),
        ERR_FORBIDDEN);
    assert_int_equal(store_head(w.writer), head); /* nothing of it is there */
    on(&w, "dp", "ticket.split", WHOLE, ",'title':'通水'");
    assert_int_equal(try_on(&w, "dp", "ticket.split", PART1, ",'title':'再分'"),
                     ERR_BAD_STATE);
    finish(&w);
}

/* The whole is nobody's to handle, and who tries is told why. */
static void test_the_whole_is_not_dispatched(void **state)
{
    static const char split[] = "the ticket was split: its parts are handled";
    struct world w;
    (void)state;
    begin_split(&w);
    assert_int_equal(try_on(&w, "dp", "ticket.dispatch", WHOLE,
                            ",'unit':'b','measure':'勘察'"),
                     ERR_BAD_STATE);
    assert_string_equal(w.problem.detail, split);
    assert_int_equal(try_on(&w, "dp", "ticket.dispatch", WHOLE,
                            ",'unit':'b','measure':'勘察','kind':'co'"),
                     ERR_BAD_STATE);
    assert_string_equal(w.problem.detail, split);
    world_do(&w, "dp", "meeting.call",
             "{'title':'会商','at':'2026-11-03T09:00:00+08:00'}");
    on(&w, "dp", "meeting.add", WHOLE, ",'meeting':1,'reason':'久拖不决'");
    static const struct {
        const char *more;
        enum err err;
    } decisions[] = {
        {",'decision':'dispatch','unit':'b','measure':'勘察'", ERR_BAD_STATE},
        {",'decision':'extend','limit':'2wd'", ERR_BLOCKED},
        {",'decision':'resolve','public':'已办'", ERR_BLOCKED},
    };
    for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++) {
        char more[256];
        snprintf(more, sizeof more, ",'meeting':1,'text':'会议意见'%s",
                 decisions[i].more);
        assert_int_equal(try_on(&w, "dp", "meeting.decide", WHOLE, more),
                         decisions[i].err);
        assert_string_equal(w.problem.param, "ticket");
        assert_string_equal(w.problem.detail, split);
    }
    /* both parts end meanwhile; the third that the meeting adds is the last */
    resolve(&w, PART1, "a");
    send(&w, PART2, "b");
    resolve(&w, PART2, "b");
    expect_state(&w, WHOLE, "meeting");
    on(&w, "dp", "meeting.decide", WHOLE,
       ",'meeting':1,'text':'会议意见','decision':'split','title':'通路',"
       "'unit':'c','measure':'修路'");
    expect_state(&w, WHOLE, "handling");
    assert_int_equal(resolves(&w), 0);
    resolve(&w, PART3, "c");
    expect_state(&w, WHOLE, "resolved");
    assert_int_equal(resolves(&w), 1);
    finish(&w);
}

static void test_split_keeps_the_secret(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    world_do(&w, "qy1", "ticket.file",
             "{'title':'乱收费','category':'financing','confidential':true,"
             "'against':'b'}");
    assert_int_equal(try_on(&w, "dp", "ticket.split", WHOLE,
                            ",'title':'一','unit':'b','measure':'核查'"),
                     ERR_FORBIDDEN);
    on(&w, "dp", "ticket.split", WHOLE, ",'title':'一'");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM ticket t JOIN"
                                     " register r ON r.id = t.against"
                                     " WHERE r.code = 'b' AND t.parent <> 0"
                                     " AND t.flags & 128 <> 0"),
                     1);
    finish(&w);
}

/* -- the whole ---------------------------------------------------------------
 */

static void test_last_part_resolves_the_whole(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    resolve(&w, PART1, "a");
    expect_state(&w, WHOLE, "handling");
    send(&w, PART2, "b");
    world_sleep(&w, "2026-11-04T09:00:00+08:00");
    resolve(&w, PART2, "b");
    expect_state(&w, WHOLE, "resolved");
    assert_int_equal(resolves(&w), 1);
    /* the enterprise is told of the whole as of each part */
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM notice n JOIN register r"
                        " ON r.id = n.target WHERE r.code = '" E1 "'"
                        " AND n.event = 31 AND n.ticket = 20261102000001"),
        1);
    finish(&w);
}

/* What ends by a refusal or a withdrawal is done with, but solves nothing. */
static void test_parts_that_solve_nothing(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    on(&w, "qy1", "ticket.withdraw", PART1, "");
    on(&w, "dp", "ticket.decline", PART2, ",'reason':'不属实'");
    expect_state(&w, WHOLE, "handling");
    on(&w, "dp", "ticket.split", WHOLE,
       ",'title':'通路','unit':'c','measure':'修路'");
    resolve(&w, PART3, "c");
    expect_state(&w, WHOLE, "resolved");
    assert_int_equal(resolves(&w), 1);
    finish(&w);
}

static void test_a_merged_part_is_the_last(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    file(&w, "qy1");
    resolve(&w, PART1, "a");
    on(&w, "dp", "ticket.merge", PART2, ",'into':'20261102-004'");
    assert_string_equal(world_text(&w, "merged_into"), "20261102-004");
    expect_state(&w, WHOLE, "resolved");
    finish(&w);
}

/* Silence and archiving come after: they resolve nothing a second time. */
static void test_silence_resolves_once(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    resolve(&w, PART1, "a");
    send(&w, PART2, "b");
    resolve(&w, PART2, "b");
    world_at(&w, "2027-03-01T09:00:00+08:00");
    expect_state(&w, PART1, "archived");
    expect_state(&w, PART2, "archived");
    expect_state(&w, WHOLE, "archived");
    assert_int_equal(resolves(&w), 1);
    finish(&w);
}

/* A part goes back to work while the whole waits for its score: the whole
 * stays; and a whole whose last part ended while it was suspended is resolved
 * when it is taken up. */
static void test_whole_held_up(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    resolve(&w, PART1, "a");
    send(&w, PART2, "b");
    on(&w, "dp", "ticket.suspend", WHOLE, ",'reason':'等规划'");
    resolve(&w, PART2, "b");
    expect_state(&w, WHOLE, "suspended");
    on(&w, "dp", "ticket.resume", WHOLE, "");
    expect_state(&w, WHOLE, "resolved");
    on(&w, "qy1", "ticket.evaluate", PART2, ",'score':1,'solved':false");
    expect_state(&w, PART2, "handling");
    expect_state(&w, WHOLE, "resolved");
    on(&w, "b2", "ticket.resolve", PART2, ",'public':'再办'");
    assert_int_equal(resolves(&w), 1);
    finish(&w);
}

/* -- the score ---------------------------------------------------------------
 */

static void test_score_of_the_whole(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    resolve(&w, PART1, "a");
    send(&w, PART2, "b");
    resolve(&w, PART2, "b");
    on(&w, "qy1", "ticket.evaluate", PART2, ",'score':4,'solved':true");
    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    on(&w, "qy1", "ticket.evaluate", WHOLE, ",'score':2,'solved':false");
    assert_string_equal(world_text(&w, "state"), "handling");
    on(&w, "sup", "ticket.show", PART1, "");
    assert_string_equal(world_text(&w, "state"), "handling");
    assert_int_equal(world_int(&w, "round"), 2);
    assert_int_equal(world_int(&w, "score"), 2);
    on(&w, "sup", "ticket.show", PART2, "");
    assert_string_equal(world_text(&w, "state"), "resolved");
    assert_int_equal(world_int(&w, "score"), 4);
    /* the round ends with the part that was sent back */
    on(&w, "a2", "ticket.resolve", PART1, ",'public':'再办'");
    expect_state(&w, WHOLE, "resolved");
    assert_int_equal(resolves(&w), 2);
    on(&w, "qy1", "ticket.evaluate", WHOLE, ",'score':5,'solved':true");
    on(&w, "sup", "ticket.show", PART1, "");
    assert_int_equal(world_int(&w, "score"), 5);
    assert_string_equal(world_text(&w, "state"), "resolved");
    finish(&w);
}

/* Every part had its own score: nobody is sent back, the dispatcher adds one.
 */
static void test_nothing_to_send_back(void **state)
{
    struct world w;
    (void)state;
    begin_split(&w);
    resolve(&w, PART1, "a");
    send(&w, PART2, "b");
    resolve(&w, PART2, "b");
    on(&w, "qy1", "ticket.evaluate", PART1, ",'score':4,'solved':true");
    on(&w, "qy1", "ticket.evaluate", PART2, ",'score':4,'solved':true");
    world_sleep(&w, "2026-11-03T09:00:00+08:00");
    on(&w, "qy1", "ticket.evaluate", WHOLE, ",'score':2,'solved':false");
    expect_state(&w, WHOLE, "handling");
    on(&w, "dp", "ticket.archive", PART1, "");
    on(&w, "dp", "ticket.suspend", WHOLE, ",'reason':'等规划'");
    on(&w, "dp", "ticket.resume", WHOLE, "");
    expect_state(&w, WHOLE, "handling"); /* nothing was done in this round */
    on(&w, "dp", "ticket.split", WHOLE,
       ",'title':'通路','unit':'c','measure':'修路'");
    assert_string_equal(world_text(&w, "number"), "20261103-001");
    resolve(&w, "20261103-001", "c");
    expect_state(&w, WHOLE, "resolved");
    finish(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_bounded),
        cmocka_unit_test(test_split_files_and_sends),
        cmocka_unit_test(test_split_of_a_ticket_at_work),
        cmocka_unit_test(test_split_refusals),
        cmocka_unit_test(test_the_whole_is_not_dispatched),
        cmocka_unit_test(test_split_keeps_the_secret),
        cmocka_unit_test(test_last_part_resolves_the_whole),
        cmocka_unit_test(test_parts_that_solve_nothing),
        cmocka_unit_test(test_a_merged_part_is_the_last),
        cmocka_unit_test(test_silence_resolves_once),
        cmocka_unit_test(test_whole_held_up),
        cmocka_unit_test(test_score_of_the_whole),
        cmocka_unit_test(test_nothing_to_send_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
