/* Whose names a ticket tells: officials read them all; an enterprise its own
 * people's, its guides', those that the ticket carries and those it is assigned
 * to. The others it knows by their units, and by a first character. */
#include "scenario/attaching.h"

static void person(struct world *w, const char *code, const char *name,
                   const char *unit, const char *role)
{
    world_dof(w, NULL, "person.add",
              "{'code':'%s','name':'%s','unit':'%s','role':'%s'}", code, name,
              unit, role);
}

static void act(struct world *w, const char *as, const char *method,
                const char *more)
{
    world_dof(w, as, method, "{'ticket':'20261102-001'%s}", more);
}

/* 20261102-001 of qy1, with unit a; everybody named here does something. */
static void open_named(struct world *w)
{
    open_county(w, "");
    person(w, "head", "赵甲", "a", "head");
    person(w, "work", "钱乙", "a", "handler");
    person(w, "disp", "孙丙", "boatdw", "dispatcher");
    person(w, "over", "李丁", "dcs", "supervisor");
    person(w, "lead", "周戊", "boatdw", "leader");
    person(w, "qy3", "吴己", E1, "enterprise");
    person(w, "for", "郑庚", "b", "head");
    act(w, "head", "ticket.accept", "");
    act(w, "head", "ticket.assign", ",'person':'a2'");
    act(w, "head", "ticket.assign", ",'person':'work'");
    assert_int_equal(attach(w, "head", "one", "图.txt", "evidence"), OK);
    act(w, "disp", "ticket.leaders", ",'leader':'lead'");
    act(w, "disp", "ticket.note", ",'text':'x'");
    act(w, "over", "ticket.supervise", ",'text':'x'");
    act(w, "lead", "ticket.urge", ",'text':'x'");
    assert_int_equal(attach(w, "qy3", "two", "照.txt", "request"), OK);
    world_do(w, NULL, "person.delegate", "{'from':'head','to':'for'}");
    act(w, "for", "ticket.reply", ",'text':'x'");
    act(w, "work", "ticket.contact", "");
}

static char *reply(struct world *w, const char *as, const char *method)
{
    world_do(w, as, method, first);
    return json_dumps(w->result, JSON_ENCODE_ANY);
}

static void tells(struct world *w, const char *as, const char *method,
                  const char *const *names, bool wanted)
{
    char *text = reply(w, as, method);
    for (; *names != NULL; names++) {
        if ((strstr(text, *names) != NULL) != wanted) {
            fail_msg("%s to %s: %s in %s", method, as, *names, text);
        }
    }
    free(text);
}

static void test_of_an_enterprise(void **state)
{
    static const char *const known[] = {"钱乙", "周戊", "吴己", "张三", NULL};
    static const char *const hidden[] = {"赵甲", "孙丙", "李丁", "郑庚", NULL};
    static const char *const masked[] = {"赵*", "孙*", "李*", "郑*", NULL};
    static const char *const attached[] = {"赵*", NULL};
    struct world w;
    (void)state;
    open_named(&w);
    tells(&w, "qy1", "ticket.show", known, true);
    tells(&w, "qy1", "ticket.show", hidden, false);
    tells(&w, "qy1", "ticket.show", masked, true);
    tells(&w, "qy1", "attachment.list", hidden, false);
    tells(&w, "qy1", "attachment.list", attached, true);
    tells(&w, "qy1", "ticket.progress", hidden, false);
    world_close(&w);
}

static void test_of_officials(void **state)
{
    static const char *const all[] = {"赵甲", "钱乙", "孙丙", "李丁",
                                      "周戊", "吴己", "郑庚", NULL};
    static const char *const readers[] = {"zdy", "dp", "a1", "lead", "sup"};
    struct world w;
    (void)state;
    open_named(&w);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        tells(&w, readers[i], "ticket.show", all, true);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_an_enterprise),
        cmocka_unit_test(test_of_officials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
