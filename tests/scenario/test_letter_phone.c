/* Whom a delivery reaches: a person who finds the notice in their own list
 * (notice.list), and a short message to a unit the first such person of it, or
 * nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/outgoing/parcel.h"
#include "lib/world.h"

static const char one[] = "{'ticket':'20261102-001'}";

/* Who works in unit a, each with a phone of their own. */
static void person(struct world *w, const char *code, const char *role,
                   const char *phone)
{
    world_dof(w, NULL, "person.add",
              "{'code':'%s','name':'李四','phone':'%s','unit':'a','role':'%s'}",
              code, phone, role);
}

/* A hook for what unit a is told; its heads by their numbers: a1 of the small
 * county before h2, and k2 is a handler. */
static void open_county(struct world *w)
{
    world_open(w, "2026-11-02T09:00:00+08:00");
    world_county(w);
    person(w, "h2", "head", "13900000002");
    person(w, "k2", "handler", "13900000003");
    world_do(w, NULL, "registry.end", "{'code':'a2'}");
    world_do(w, NULL, "hook.add",
             "{'code':'sms','kind':'sms','url':'http://h.invalid/','to':'a'}");
}

static void also_of_b(struct world *w, const char *code)
{
    world_dof(w, NULL, "person.role",
              "{'code':'%s','unit':'b','role':'handler'}", code);
}

static void file_and_send(struct world *w, const char *more)
{
    world_dof(w, "qy1", "ticket.file", "{'title':'t','category':'land'%s}",
              more);
    world_do(w, "dp", "ticket.dispatch",
             "{'ticket':'20261102-001','unit':'a','measure':'x'}");
}

static struct parcel next_parcel(struct world *w)
{
    struct parcel found[1];
    struct parcel_ask ask = {.now = w->now, .max = 1};
    instant next = INSTANT_NONE;
    int n = 0;
    assert_int_equal(parcels_take(w->writer, &ask, found, &n, &next), OK);
    assert_int_equal(n, 1);
    return found[0];
}

static void goes_to(struct world *w, const char *phone)
{
    struct parcel p = next_parcel(w);
    assert_int_equal(p.err, OK);
    char *body = NULL;
    size_t len = 0;
    enum err err = letter_body(&p.letter, p.kind, &body, &len);
    assert_string_equal(p.letter.phone, phone);
    assert_int_equal(err, *phone == '\0' ? ERR_NOT_FOUND : OK);
    free(body);
}

static size_t finds(struct world *w, const char *as)
{
    world_do(w, as, "notice.list", "{'to':'a'}");
    return json_array_size(world_rows(w, "notices"));
}

static void test_the_first_head(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    also_of_b(&w, "a1");
    file_and_send(&w, "");
    assert_int_equal(finds(&w, "a1"), 1);
    goes_to(&w, "13800001234");
    world_close(&w);
}

/* a1, then h2, then k2 are also of the unit that is complained of. */
static void test_against(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    file_and_send(&w, ",'against':'b'");
    goes_to(&w, "13800001234");
    also_of_b(&w, "a1");
    assert_int_equal(finds(&w, "a1"), 0);
    assert_int_equal(finds(&w, "h2"), 1);
    goes_to(&w, "13900000002");
    also_of_b(&w, "h2");
    assert_int_equal(finds(&w, "k2"), 1);
    goes_to(&w, "13900000003");
    also_of_b(&w, "k2");
    assert_int_equal(finds(&w, "k2"), 0);
    goes_to(&w, "");
    world_close(&w);
}

/* Who acts for a head of that unit is of it for that time. */
static void test_against_by_delegation(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    file_and_send(&w, ",'against':'b'");
    world_do(&w, NULL, "person.delegate",
             "{'from':'b1','to':'a1','until':'2026-11-05T00:00:00+08:00'}");
    assert_int_equal(finds(&w, "a1"), 0);
    goes_to(&w, "13900000002");
    world_sleep(&w, "2026-11-05T00:00:00+08:00");
    assert_int_equal(finds(&w, "a1"), 1);
    goes_to(&w, "13800001234");
    world_close(&w);
}

/* A person who was told while the work was theirs, whatever the way. */
static void test_to_a_person(void **state)
{
    static const char *const hooks[] = {"'kind':'sms','to':'k2'",
                                        "'kind':'wecom','to':'k2'",
                                        "'kind':'json','to':'k2'"};
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        struct world w;
        (void)state;
        open_county(&w);
        world_do(&w, NULL, "hook.end", "{'code':'sms'}");
        world_dof(&w, NULL, "hook.add",
                  "{'code':'k','url':'http://h.invalid/',%s}", hooks[i]);
        file_and_send(&w, ",'against':'b'");
        world_do(&w, "a1", "ticket.accept", one);
        world_do(&w, "a1", "ticket.assign",
                 "{'ticket':'20261102-001','person':'k2'}");
        assert_int_equal(next_parcel(&w).err, OK);
        assert_string_equal(next_parcel(&w).letter.to, "k2");
        also_of_b(&w, "k2");
        assert_int_equal(finds(&w, "k2"), 0);
        assert_int_equal(next_parcel(&w).err, ERR_NOT_FOUND);
        world_close(&w);
    }
}

/* A guide who works in the unit that is complained of is told nothing. */
static void test_to_a_guide(void **state)
{
    struct world w;
    (void)state;
    open_county(&w);
    world_do(&w, NULL, "hook.end", "{'code':'sms'}");
    world_do(&w, NULL, "hook.add",
             "{'code':'g','kind':'json','url':'http://h.invalid/',"
             "'to':'zdy'}");
    also_of_b(&w, "zdy");
    file_and_send(&w, ",'against':'b'");
    world_do(&w, "zdy", "notice.list", "{}");
    assert_int_equal(json_array_size(world_rows(&w, "notices")), 0);
    assert_int_equal(next_parcel(&w).err, ERR_NOT_FOUND);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_head),
        cmocka_unit_test(test_against),
        cmocka_unit_test(test_against_by_delegation),
        cmocka_unit_test(test_to_a_person),
        cmocka_unit_test(test_to_a_guide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
