/* History takes what more than one ticket has to do with: parts, merged
 * tickets, joint meetings, names, deputies, guides, enterprises that move and
 * people who leave; at its own time, once, and nobody is told. October 2026
 * works from the 8th, a Thursday; the 10th is a make-up day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

#define E3 "91350902MA00000003"

struct past {
    const char *at; /* in 2026 */
    const char *as;
    const char *method;
    const char *params;
};

static enum err line(struct world *w, const struct past *p)
{
    char event[1024];
    snprintf(event, sizeof event,
             "{'occurrence':0,'event':{'at':'2026-%s+08:00','as':'%s',"
             "'method':'%s','params':{%s}}}",
             p->at, p->as, p->method, p->params);
    return world_try(w, NULL, "import.event", event);
}

static void take(struct world *w, const struct past *past, size_t n, bool added)
{
    for (size_t i = 0; i < n; i++) {
        const struct past *p = &past[i];
        enum err err = line(w, p);
        if (err != OK) {
            fail_msg("%s %s: %s %s; %s", p->method, p->params, err_name(err),
                     w->problem.expected, w->problem.detail);
        }
        bool is = json_is_true(json_object_get(w->result, "added"));
        if (is != added) {
            fail_msg("%s %s: added %d", p->method, p->params, is);
        }
    }
}

/* Twice: the second time adds nothing. Nobody is told of any of it. */
static void take_twice(struct world *w, const struct past *past, size_t n)
{
    int64_t told = world_count(w, "SELECT count(*) FROM notice");
    int64_t acted = world_count(w, "SELECT count(*) FROM acted");
    take(w, past, n, true);
    int64_t head = store_head(w->writer);
    take(w, past, n, false);
    assert_int_equal(store_head(w->writer), head);
    assert_int_equal(world_count(w, "SELECT count(*) FROM notice"), told);
    assert_int_equal(world_count(w, "SELECT count(*) FROM acted"), acted);
    world_verify(w);
}

#define TAKE_TWICE(w, past) take_twice(w, past, sizeof past / sizeof past[0])

static void begin(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
}

static void show(struct world *w, const char *ref)
{
    world_dof(w, "sup", "ticket.show", "{'ticket':'%s'}", ref);
}

static void expect_last(struct world *w, const char *event, const char *at)
{
    size_t n = json_array_size(world_rows(w, "timeline"));
    assert_string_equal(world_cell(w, "timeline", n - 1, "event"), event);
    assert_string_equal(world_cell(w, "timeline", n - 1, "at"), at);
}

/* -- parts -------------------------------------------------------------------
 */

static const struct past parts[] = {
    {"10-12T09:00:00", "qy1", "ticket.file",
     "'title':'h','category':'land','ref':'w'"},
    {"10-12T09:10:00", "dp", "ticket.split",
     "'ref':'w','title':'通水','unit':'a','limit':'3wd','part_ref':'w1'"},
    {"10-12T09:20:00", "dp", "ticket.split",
     "'ticket':'w','title':'通电','part_ref':'w2'"},
    {"10-12T10:00:00", "a1", "ticket.accept", "'ticket':'w1'"},
    {"10-12T10:10:00", "dp", "ticket.dispatch",
     "'ref':'w2','unit':'b','limit':'none'"},
    {"10-12T10:20:00", "b1", "ticket.accept", "'ticket':'w2'"},
    {"10-14T09:00:00", "a1", "ticket.resolve", "'ticket':'w1'"},
    {"10-15T16:30:00", "b1", "ticket.resolve", "'ticket':'w2'"},
};

static void test_parts(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    TAKE_TWICE(&w, parts);
    show(&w, "w");
    assert_string_equal(world_text(&w, "state"), "resolved");
    expect_last(&w, "resolve", "2026-10-15T16:30:00+08:00");
    assert_int_equal(json_array_size(world_rows(&w, "parts")), 2);
    show(&w, "w1");
    assert_string_equal(world_text(&w, "title"), "通水");
    assert_string_equal(world_cell(&w, "dispatches", 0, "unit"), "a局");
    /* w1's silence falls due on the 22nd: the score that comes later counts
       for both, and finds what the clock has done by then */
    struct past score = {"10-23T09:00:00", "qy1", "ticket.evaluate",
                         "'ticket':'w','score':5,'solved':true"};
    take(&w, &score, 1, true);
    show(&w, "w1");
    assert_int_equal(world_int(&w, "score"), 5);
    size_t n = json_array_size(world_rows(&w, "timeline"));
    assert_string_equal(world_cell(&w, "timeline", n - 2, "event"), "silence");
    assert_string_equal(world_cell(&w, "timeline", n - 2, "at"),
                        "2026-10-22T00:00:00+08:00");
    expect_last(&w, "evaluate", "2026-10-23T09:00:00+08:00");
    struct past taken = {"10-23T10:00:00", "dp", "ticket.split",
                         "'ref':'w','title':'x','part_ref':'w1'"};
    assert_int_equal(line(&w, &taken), ERR_EXISTS);
    assert_string_equal(w.problem.param, "part_ref");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM notice"), 0);
    world_verify(&w);
    world_close(&w);
}

/* -- meetings ----------------------------------------------------------------
 */

static const struct past meeting[] = {
    {"10-12T09:00:00", "qy1", "ticket.file",
     "'title':'h','category':'land','ref':'m'"},
    {"10-12T09:00:00", "qy1", "ticket.file",
     "'title':'i','category':'land','ref':'i'"},
    {"10-12T09:00:00", "dp", "ticket.dispatch",
     "'ticket':'i','unit':'a','limit':'5wd'"},
    {"10-12T10:00:00", "dp", "meeting.call",
     "'title':'联席会议','at':'2026-10-13T14:00:00','ref':'2026/1'"},
    {"10-12T10:05:00", "dp", "meeting.add",
     "'meeting':'2026/1','ticket':'m','reason':'x'"},
    {"10-12T10:06:00", "dp", "meeting.add", "'meeting':'2026/1','ref':'i'"},
    {"10-12T10:10:00", "dp", "meeting.invite", "'meeting':'2026/1','unit':'c'"},
    {"10-13T15:00:00", "dp", "meeting.decide",
     "'meeting':'ref:2026/1','ticket':'m','decision':'split','text':'x',"
     "'title':'通水','part_ref':'m1'"},
    {"10-13T15:10:00", "dp", "meeting.decide",
     "'meeting':'2026/1','ticket':'i','decision':'extend','text':'x',"
     "'limit':'3wd'"},
    {"10-13T15:20:00", "dp", "meeting.close", "'meeting':'2026/1'"},
    {"10-14T09:00:00", "dp", "ticket.dispatch",
     "'ticket':'m1','unit':'c','limit':'2wd'"},
};

static void test_meeting(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    TAKE_TWICE(&w, meeting);
    world_do(&w, "dp", "meeting.show", "{'meeting':'2026/1'}");
    assert_int_equal(world_int(&w, "meeting"), 1);
    assert_string_equal(world_text(&w, "ref"), "2026/1");
    assert_string_equal(world_text(&w, "closed"), "2026-10-13T15:20:00+08:00");
    assert_int_equal(json_array_size(world_rows(&w, "items")), 2);
    assert_int_equal(json_array_size(world_rows(&w, "participants")), 2);
    show(&w, "m1");
    assert_string_equal(world_text(&w, "state"), "dispatched");
    /* 5wd of the 12th end with the 19th, 3wd more with the 22nd */
    world_do(&w, "sup", "ticket.show", "{'ticket':'i'}");
    expect_last(&w, "meet_extend", "2026-10-13T15:10:00+08:00");
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM clock WHERE kind = 1 AND v = 2"
                        " AND due_at = unixepoch('2026-10-22T16:00:00Z')"),
        1);
    world_close(&w);
}

/* A number may be said as such or as a text; of what is a live meeting history
 * knows nothing, nor of one before it was called. */
static void test_which_meeting(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, "dp", "meeting.call",
             "{'title':'x','at':'2026-11-03T14:00:00','ref':'live'}");
    assert_int_equal(
        world_try(&w, "dp", "meeting.call",
                  "{'title':'x','at':'2026-11-03T14:00:00','ref':'live'}"),
        ERR_EXISTS);
    static const char *const names[] = {"1", "'1'", "'live'", "'ref:live'"};
    for (size_t i = 0; i < 4; i++) {
        world_dof(&w, "dp", "meeting.show", "{'meeting':%s}", names[i]);
        assert_int_equal(world_int(&w, "meeting"), 1);
    }
    assert_int_equal(world_try(&w, "dp", "meeting.show", "{'meeting':'ref:1'}"),
                     ERR_NOT_FOUND);
    assert_int_equal(world_try(&w, "dp", "meeting.show", "{'meeting':0}"),
                     ERR_BAD_PARAM);
    assert_int_equal(world_try(&w, "dp", "meeting.show", "{'meeting':'a b'}"),
                     ERR_BAD_CODE);
    assert_int_equal(world_try(&w, "dp", "meeting.show", "{'meeting':true}"),
                     ERR_BAD_PARAM);
    struct past p = {"10-12T10:10:00", "dp", "meeting.invite",
                     "'meeting':'live','unit':'c'"};
    assert_int_equal(line(&w, &p), ERR_FORBIDDEN);
    take(&w, meeting, 4, true);
    p.params = "'meeting':'2026/1','unit':'c'";
    p.at = "10-12T09:59:59";
    assert_int_equal(line(&w, &p), ERR_OUT_OF_ORDER);
    p.at = "10-12T10:00:00";
    p.as = "zd";
    assert_int_equal(line(&w, &p), ERR_FORBIDDEN);
    p.as = "dp";
    take(&w, &p, 1, true);
    world_verify(&w);
    world_close(&w);
}

/* -- mergers, names, deputies, guides ----------------------------------------
 */

static const struct past people[] = {
    {"10-12T11:00:00", "qy1", "ticket.file",
     "'title':'h','category':'land','ref':'d1'"},
    {"10-12T11:10:00", "qy1", "ticket.file",
     "'title':'h','category':'land','ref':'d2'"},
    {"10-12T12:00:00", "dp", "ticket.merge", "'ticket':'d1','into':'d2'"},
    {"10-12T12:10:00", "dp", "ticket.leaders",
     "'ticket':'d2','sponsor':'a1','leader':'b1'"},
    {"10-12T13:00:00", "dp", "person.delegate",
     "'to':'zd','until':'2026-10-16T00:00:00'"},
    {"10-13T09:00:00", "zd", "ticket.dispatch",
     "'ticket':'d2','unit':'b','limit':'5wd'"},
    {"10-13T10:00:00", "dp", "guide.assign",
     "'enterprise':'" E1 "','person':'c2','as':'specialist'"},
    {"10-13T11:00:00", "c2", "ticket.urge", "'ticket':'d2'"},
    {"10-13T14:00:00", "b1", "ticket.assign", "'ticket':'d2','person':'b2'"},
    {"10-14T09:00:00", "operator", "person.handover", "'code':'b2','to':'b1'"},
};

static void test_people(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    world_do(&w, "dp", "ticket.file",
             "{'title':'x','category':'land',"
             "'ref':'live','enterprise':'" E1 "'}");
    TAKE_TWICE(&w, people);
    show(&w, "d1");
    assert_string_equal(world_text(&w, "state"), "merged");
    expect_last(&w, "merge", "2026-10-12T12:00:00+08:00");
    show(&w, "d2");
    assert_string_equal(world_cell(&w, "dispatches", 0, "unit"), "b局");
    /* zd used dp's post, who was away; nobody else anybody's */
    for (size_t i = 0; i < json_array_size(world_rows(&w, "timeline")); i++) {
        const char *event = world_cell(&w, "timeline", i, "event");
        assert_string_equal(world_cell(&w, "timeline", i, "who"),
                            i == 5 ? "operator" : "张三");
        assert_string_equal(world_cell(&w, "timeline", i, "for"),
                            strcmp(event, "dispatch") == 0 ? "张三" : "");
    }
    assert_int_equal(
        world_count(&w,
                    "SELECT count(*) FROM ticket_person WHERE to_seq IS"
                    " NULL AND from_at = unixepoch('2026-10-12T04:10:00Z')"),
        2);
    assert_int_equal(
        world_count(&w, "SELECT count(*) FROM dispatch d JOIN register r"
                        " ON r.id = d.handler WHERE r.code = 'b1'"),
        1);
    /* dp is back, and nothing is merged into a live ticket */
    struct past p = {"10-16T09:00:00", "zd", "ticket.suspend",
                     "'ticket':'d2','reason':'x'"};
    assert_int_equal(line(&w, &p), ERR_NOT_FOUND);
    p = (struct past){"10-16T09:00:00", "dp", "ticket.merge",
                      "'ticket':'d2','into':'live'"};
    assert_int_equal(line(&w, &p), ERR_FORBIDDEN);
    assert_string_equal(w.problem.param, "into");
    world_close(&w);
}

/* -- an enterprise that moves ------------------------------------------------
 */

static const struct past moved[] = {
    {"08-03T09:00:00", "operator", "chain.add", "'code':'steel','name':'钢'"},
    {"08-03T09:00:00", "operator", "committee.add",
     "'code':'steeldw','name':'钢铁党委','chain':'steel'"},
    {"08-03T09:00:00", "operator", "person.add",
     "'code':'ds','name':'李四','unit':'steeldw','role':'dispatcher'"},
    {"08-03T09:00:00", "operator", "enterprise.add",
     "'code':'" E3 "','name':'丙','chain':'boat','force':true"},
    {"08-03T09:00:00", "operator", "person.add",
     "'code':'qy3','name':'王五','unit':'" E3 "','role':'enterprise'"},
    {"08-03T09:10:00", "qy3", "ticket.file",
     "'title':'h','category':'land','ref':'old'"},
    {"08-03T09:20:00", "dp", "ticket.dispatch",
     "'ticket':'old','unit':'a','limit':'none'"},
    {"08-03T09:30:00", "a1", "ticket.accept", "'ticket':'old'"},
    {"08-03T09:40:00", "a1", "ticket.resolve", "'ticket':'old'"},
    {"10-12T09:00:00", "qy3", "ticket.file",
     "'title':'h','category':'land','ref':'e'"},
    {"10-13T09:00:00", "operator", "enterprise.move",
     "'code':'" E3 "','chain':'steel'"},
    {"10-14T09:00:00", "ds", "ticket.dispatch",
     "'ticket':'e','unit':'a','limit':'5wd'"},
};

/* What is open goes with it; what its clocks ended before, does not; a live
 * ticket stays for the command of today. */
static void test_move(void **state)
{
    struct world w;
    (void)state;
    begin(&w);
    TAKE_TWICE(&w, moved);
    show(&w, "e");
    assert_string_equal(world_text(&w, "dispatcher"), "钢铁党委");
    show(&w, "old");
    assert_string_equal(world_text(&w, "dispatcher"), "船舶党委");
    assert_string_equal(world_text(&w, "state"), "archived");
    /* evaluate 5wd from Monday the 3rd end with the 10th, archive 5wd from
       Tuesday the 11th with the 18th */
    expect_last(&w, "archive", "2026-08-19T00:00:00+08:00");
    struct past p = {"10-15T09:00:00", "dp", "ticket.suspend",
                     "'ticket':'e','reason':'x'"};
    assert_int_equal(line(&w, &p), ERR_FORBIDDEN);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),         cmocka_unit_test(test_meeting),
        cmocka_unit_test(test_which_meeting), cmocka_unit_test(test_people),
        cmocka_unit_test(test_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
