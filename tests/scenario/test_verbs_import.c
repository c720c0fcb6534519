/* History takes every verb of a ticket, at its own time, without the bounds and
 * gaps of the regulation; nobody is told. */
#include "scenario/moves.h"

static enum err line(struct world *w, const char *at, const char *as,
                     const char *method, const char *params)
{
    char event[1024];
    snprintf(event, sizeof event,
             "{'occurrence':0,'event':{'at':'2026-10-%s+08:00','as':'%s',"
             "'method':'ticket.%s','params':{%s}}}",
             at, as, method, params);
    return world_try(w, NULL, "import.event", event);
}

struct past {
    const char *at;
    const char *as;
    const char *method;
    const char *params;
};

/* October 2026 works from the 8th (a Thursday); the 10th is a make-up day. */
static const struct past past[] = {
    {"12T09:00:00", "qy1", "file",
     "'title':'h','category':'land','ref':'h','confidential':true"},
    {"12T09:10:00", "dp", "require", "'ticket':'h','text':'x'"},
    {"12T09:20:00", "qy1", "supplement", "'ticket':'h','text':'x'"},
    {"12T09:30:00", "dp", "dispatch", "'ticket':'h','unit':'a','limit':'5wd'"},
    {"12T09:40:00", "dp", "recall", "'ticket':'h','reason':'x'"},
    {"12T09:50:00", "dp", "dispatch", "'ticket':'h','unit':'a','limit':'5wd'"},
    {"12T10:00:00", "a1", "assign", "'ticket':'h','person':'a2'"},
    {"12T10:10:00", "qy1", "urge", "'ticket':'h'"},
    {"12T10:11:00", "qy1", "urge", "'ticket':'h'"}, /* within the gap */
    {"12T10:20:00", "a2", "accept", "'ticket':'h'"},
    {"12T10:30:00", "sup", "supervise", "'ticket':'h','text':'x'"},
    {"12T10:40:00", "a1", "reply", "'ticket':'h','text':'x'"},
    {"13T09:00:00", "a1", "extend", /* beyond 15wd */
     "'ticket':'h','limit':'40wd','reason':'x'"},
    {"13T10:00:00", "dp", "decide_extension", "'ticket':'h','grant':true"},
    {"14T09:00:00", "dp", "suspend", "'ticket':'h','reason':'x'"},
    {"15T09:00:00", "dp", "resume", "'ticket':'h'"},
    {"15T10:00:00", "dp", "transfer",
     "'ticket':'h','unit':'b','reason':'x','limit':'none'"},
    {"15T11:00:00", "b1", "accept", "'ticket':'h'"},
    {"16T09:00:00", "b1", "resolve", "'ticket':'h'"},
    {"16T10:00:00", "qy1", "evaluate", "'ticket':'h','score':1,'solved':false"},
    {"16T11:00:00", "b1", "appeal_score", "'ticket':'h','reason':'x'"},
    {"16T12:00:00", "sup", "decide_score",
     "'ticket':'h','grant':true,'reason':'x'"},
    {"16T14:00:00", "qy1", "comment", "'ticket':'h','text':'x'"},
    {"16T15:00:00", "sup", "correct",
     "'ticket':'h','clock':1,'verdict':'void','reason':'x'"},
    {"19T09:00:00", "qy1", "file", "'title':'i','category':'land','ref':'i'"},
    {"19T10:00:00", "dp", "decline", "'ticket':'i','reason':'x'"},
    {"19T11:00:00", "qy1", "appeal", "'ticket':'i','reason':'x'"},
    {"19T12:00:00", "zd", "decide_appeal",
     "'ticket':'i','grant':true,'reason':'x'"},
};

static void test_history_of_every_verb(void **state)
{
    struct world w;
    (void)state;
    world_open(&w, "2026-11-02T09:00:00+08:00");
    world_county(&w);
    for (size_t i = 0; i < sizeof past / sizeof past[0]; i++) {
        const struct past *p = &past[i];
        enum err err = line(&w, p->at, p->as, p->method, p->params);
        if (err != OK) {
            fail_msg("%s %s: %s %s; %s", p->method, p->params, err_name(err),
                     w.problem.expected, w.problem.detail);
        }
    }
    world_do(&w, "sup", "ticket.show", "{'ref':'h'}");
    assert_string_equal(world_text(&w, "state"), "resolved");
    /* 5wd from the 12th end on the 19th; 40wd more end on 14 December. Handed
     * over it had no limit, as history said */
    assert_string_equal(clock_cell(&w, "finish", 2, "due"),
                        "2026-12-16T00:00:00+08:00");
    assert_string_equal(clock_cell(&w, "finish", 3, "due"), "");
    assert_string_equal(clock_cell(&w, "triage", 0, "verdict"), "kept");
    world_do(&w, "sup", "ticket.show", "{'ref':'i'}");
    assert_string_equal(world_text(&w, "state"), "filed");
    assert_int_equal(world_count(&w, "SELECT count(*) FROM notice"), 0);
    /* told by the times of history */
    world_do(&w, "qy1", "ticket.progress", "{'ref':'h'}");
    assert_string_equal(world_cell(&w, "steps", 1, "at"),
                        "2026-10-12T09:10:00+08:00");
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history_of_every_verb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
