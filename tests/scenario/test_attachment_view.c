/* Who may attach what, and who reads it. */
#include "scenario/attaching.h"

/* -- who ---------------------------------------------------------------------
 */

static void test_who_may(void **state)
{
    static const struct {
        const char *as;
        const char *may; /* R S E A I */
    } people[] = {{"qy1", "RS"}, {"zdy", "RS"},   {"a1", "EAI"},
                  {"a2", "EAI"}, {"dp", "RSEAI"}, {"sup", "EI"}};
    static const char *const purposes[] = {"request", "supplement", "evidence",
                                           "answer", "internal"};
    struct world w;
    int64_t n = 0;
    (void)state;
    open_county(&w, "");
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        for (size_t k = 0; k < 5; k++) {
            bool may = strchr(people[i].may, "RSEAI"[k]) != NULL;
            enum err err =
                attach(&w, people[i].as, "abcd", "a.txt", purposes[k]);
            if (err != (may ? OK : ERR_FORBIDDEN)) {
                fail_msg("%s %s: %s", people[i].as, purposes[k], err_name(err));
            }
            n += may;
        }
    }
    assert_int_equal(world_count(&w, "SELECT count(*) FROM attachment"), n);
    /* who does not see the ticket, and roles that attach nothing */
    static const char *const strangers[] = {"qy2", "b1", "c2", "zd"};
    for (size_t i = 0; i < 4; i++) {
        refused(&w, attach(&w, strangers[i], "abcd", "a.txt", "request"),
                ERR_NOT_FOUND, "ticket");
    }
    refused(&w,
            world_try(&w, NULL, "attachment.begin",
                      "{'size':1,'sha256':'a0000000000000000000000000000000000"
                      "00000000000000000000000000000'}"),
            ERR_FORBIDDEN, "");
    world_verify(&w);
    world_close(&w);
}

static void test_states(void **state)
{
    struct world w;
    (void)state;
    open_county(&w, "");
    world_do(&w, "a1", "ticket.accept", first);
    world_do(&w, "a1", "ticket.contact", first);
    world_do(&w, "a1", "ticket.resolve",
             "{'ticket':'20261102-001','public':'x'}");
    refused(&w, attach(&w, "a1", "abcd", "a.txt", "answer"), ERR_BAD_STATE,
            "purpose");
    refused(&w, attach(&w, "qy1", "abcd", "a.txt", "supplement"), ERR_BAD_STATE,
            "purpose");
    assert_int_equal(attach(&w, "a1", "abcd", "a.txt", "evidence"), OK);
    world_do(&w, "qy1", "ticket.evaluate",
             "{'ticket':'20261102-001','score':5,'solved':true}");
    world_do(&w, "dp", "ticket.archive", first);
    assert_int_equal(attach(&w, "a1", "abcd", "a.txt", "evidence"),
                     ERR_BAD_STATE);
    assert_int_equal(sees(&w, "qy1"), 1);
    world_close(&w);
}

/* A unit that gave the ticket back reads on and attaches no more. */
static void test_past_unit(void **state)
{
    struct world w;
    (void)state;
    open_county(&w, "");
    assert_int_equal(attach(&w, "a1", "abcd", "a.txt", "evidence"), OK);
    world_do(&w, "a1", "ticket.return",
             "{'ticket':'20261102-001','reason':'x'}");
    world_do(&w, "dp", "ticket.decide",
             "{'ticket':'20261102-001','dispatch':1,'grant':true,"
             "'fault':'dispatcher'}");
    refused(&w, attach(&w, "a1", "abcd", "a.txt", "evidence"), ERR_FORBIDDEN,
            "purpose");
    assert_int_equal(sees(&w, "a1"), 1);
    world_close(&w);
}

/* -- what is seen ------------------------------------------------------------
 */

/* The same refusal as for what does not exist, byte for byte. */
static void hidden(struct world *w, const char *as, const char *params,
                   const char *like)
{
    assert_int_equal(world_try(w, as, "attachment.read", like), ERR_NOT_FOUND);
    struct problem none = w->problem;
    assert_int_equal(world_try(w, as, "attachment.read", params),
                     ERR_NOT_FOUND);
    assert_memory_equal(&none, &w->problem, sizeof none);
}

static void test_who_sees(void **state)
{
    static const char none[] = "{'ticket':'20261102-999','n':1}";
    struct world w;
    (void)state;
    open_county(&w, "");
    attach_all(&w);
    assert_int_equal(sees(&w, "qy1"), 4); /* all but what is internal */
    assert_int_equal(sees(&w, "zdy"), 5);
    assert_int_equal(sees(&w, "a2"), 5);
    assert_int_equal(sees(&w, "dp"), 5);
    assert_int_equal(sees(&w, "sup"), 5);
    assert_int_equal(sees(&w, NULL), 5);
    hidden(&w, "qy1", "{'ticket':'20261102-001','n':5}",
           "{'ticket':'20261102-001','n':6}");
    static const char *const strangers[] = {"qy2", "b1", "zd"};
    for (size_t i = 0; i < 3; i++) {
        hidden(&w, strangers[i], "{'ticket':'20261102-001','n':1}", none);
        hidden(&w, strangers[i], "{'ticket':'20261102-001','n':9}", none);
        assert_int_equal(world_try(&w, strangers[i], "attachment.list", first),
                         ERR_NOT_FOUND);
        assert_string_equal(w.problem.param, "ticket");
    }
    world_do(&w, "qy1", "ticket.show", first);
    char *text = json_dumps(w.result, 0);
    assert_null(strstr(text, "e.txt"));
    assert_non_null(strstr(text, "c.txt"));
    free(text);
    world_close(&w);
}

/* What an enterprise shows names it: of a confidential ticket no unit sees it.
 */
static void test_confidential(void **state)
{
    struct world w;
    (void)state;
    open_county(&w, ",'confidential':true");
    attach_all(&w);
    assert_int_equal(sees(&w, "qy1"), 4);
    assert_int_equal(sees(&w, "dp"), 5);
    assert_int_equal(sees(&w, "a1"), 3);
    hidden(&w, "a1", "{'ticket':'20261102-001','n':1}",
           "{'ticket':'20261102-001','n':7}");
    hidden(&w, "a1", "{'ticket':'20261102-001','n':2}",
           "{'ticket':'20261102-001','n':7}");
    world_do(&w, "a1", "ticket.show", first);
    char *text = json_dumps(w.result, 0);
    assert_null(strstr(text, "照"));
    assert_non_null(strstr(text, "c.txt"));
    free(text);
    world_close(&w);
}

/* A name can be taken out for good; what was attached stays. */
static void test_redacted_name(void **state)
{
    struct world w;
    (void)state;
    open_county(&w, "");
    assert_int_equal(attach(&w, "qy1", "one", "张三.txt", "request"), OK);
    world_dof(&w, "sup", "text.redact", "{'record':%lld,'reason':'x'}",
              (long long)w.seq);
    assert_int_equal(world_int(&w, "redacted"), 1);
    world_do(&w, "a1", "ticket.show", first);
    char *text = json_dumps(w.result, 0);
    assert_null(strstr(text, "张三.txt"));
    free(text);
    world_do(&w, "a1", "attachment.read", "{'ticket':'20261102-001','n':1}");
    assert_string_equal(world_text(&w, "name"), TEXT_REDACTED);
    assert_string_equal(world_text(&w, "bytes"), "b25l");
    world_verify(&w);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_may),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_past_unit),
        cmocka_unit_test(test_who_sees),
        cmocka_unit_test(test_confidential),
        cmocka_unit_test(test_redacted_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
