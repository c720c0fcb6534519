/* The regulation's JSON: the default as its paper says, and every way of being
 * wrong, all told at once under the right path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "proto/message.h"
#include "proto/regulation_json.h"

static struct regulation reg;
static struct regulation_errors errors;

static json_t *standard(void)
{
    json_error_t error;
    json_t *body = json_loads(regulation_default_json, 0, &error);
    assert_non_null(body);
    return body;
}

static bool limit_is(enum clock_kind kind, const char *category,
                     const char *urgency, const char *text)
{
    char out[LIMIT_TEXT_SIZE];
    struct limit limit = reg.limits[kind][regulation_category(&reg, category)]
                                   [regulation_urgency(&reg, urgency)];
    return strcmp(limit_format(limit, out), text) == 0;
}

static bool co_is(const char *category, const char *urgency, const char *text)
{
    char out[LIMIT_TEXT_SIZE];
    struct limit limit = reg.co[regulation_category(&reg, category)]
                               [regulation_urgency(&reg, urgency)];
    return strcmp(limit_format(limit, out), text) == 0;
}

/* -- the default ----------------------------------------------------------- */

static void test_default_tables(void **state)
{
    (void)state;
    assert_int_equal(regulation_default(&reg), OK);
    assert_int_equal(reg.version, 0);
    assert_int_equal(reg.effective, 1167580800); /* 2006-12-31T16:00:00Z */
    assert_int_equal(reg.n_categories, 12);
    assert_int_equal(reg.n_urgencies, 3);
    assert_int_equal(reg.n_channels, 6);
    assert_string_equal(reg.channels[0].zh, "企业点单");
    assert_int_equal(regulation_channel(&reg, "assigned"), 5);
    assert_int_equal(regulation_category(&reg, "nothing"), -1);
    assert_int_equal(reg.worktime.segments_n, 2);
    assert_int_equal(reg.worktime.segments[0].from, 30600);
    assert_int_equal(reg.worktime.segments[0].to, 43200);
    assert_int_equal(reg.worktime.segments[1].from, 50400);
    assert_int_equal(reg.worktime.segments[1].to, 63000);
    assert_int_equal(reg.worktime.start_rule, START_NEXT_DAY);
}

static void test_default_limits(void **state)
{
    (void)state;
    assert_int_equal(regulation_default(&reg), OK);
    assert_true(limit_is(CLOCK_SIGN, "land", "normal", "2wh"));
    assert_true(limit_is(CLOCK_CONTACT, "land", "normal", "1wd"));
    assert_true(limit_is(CLOCK_ANSWER, "land", "normal", "3wd"));
    assert_true(limit_is(CLOCK_FINISH, "land", "normal", "5wd"));
    assert_true(limit_is(CLOCK_FINISH, "consult", "normal", "2wd"));
    assert_true(limit_is(CLOCK_FINISH, "complex", "normal", "15wd"));
    assert_true(limit_is(CLOCK_FINISH, "complex", "critical", "3wd"));
    assert_true(limit_is(CLOCK_SUSPENSION, "other", "urgent", "30d"));
    assert_true(limit_is(CLOCK_TRIAGE, "other", "critical", "30min"));
    assert_true(limit_is(CLOCK_SUPPLEMENT, "land", "critical", "10wd"));
    assert_true(co_is("land", "normal", "3wd"));
    assert_true(co_is("land", "urgent", "2wd"));
    assert_true(co_is("consult", "critical", "2wh"));
    assert_true(co_is("complex", "normal", "10wd"));
}

/* Every cell is filled and every text is there. */
static void test_default_whole(void **state)
{
    (void)state;
    assert_int_equal(regulation_default(&reg), OK);
    for (int k = 0; k < CLOCK_KIND_COUNT; k++) {
        for (int c = 0; c < reg.n_categories; c++) {
            for (int u = 0; u < reg.n_urgencies; u++) {
                assert_true(limit_ok(reg.limits[k][c][u]));
                assert_int_not_equal(reg.limits[k][c][u].unit, LIMIT_NONE);
            }
        }
    }
    for (int c = 0; c < reg.n_categories; c++) {
        assert_true(reg.categories[c].zh[0] != '\0');
        assert_true(reg.categories[c].en[0] != '\0');
    }
}

static void test_default_rest(void **state)
{
    (void)state;
    assert_int_equal(regulation_default(&reg), OK);
    assert_int_equal(reg.lights.yellow_wd, 3);
    assert_int_equal(reg.lights.yellow_num, 1);
    assert_int_equal(reg.lights.yellow_den, 3);
    assert_int_equal(reg.n_steps, 7);
    assert_int_equal(reg.steps[0].when, STEP_FRACTION);
    assert_int_equal(reg.steps[0].num, 1);
    assert_int_equal(reg.steps[0].den, 2);
    assert_int_equal(reg.steps[0].clocks,
                     1U << CLOCK_FINISH | 1U << CLOCK_REWORK);
    assert_int_equal(reg.steps[3].clocks, 1U << CLOCK_SUPPLEMENT);
    assert_int_equal(reg.steps[3].does, STEP_URGE);
    assert_int_equal(reg.steps[5].when, STEP_AFTER_RED);
    assert_int_equal(reg.steps[5].after.n, 2);
    assert_int_equal(reg.steps[5].after.unit, LIMIT_WD);
    assert_int_equal(reg.steps[5].does, STEP_SUPERVISE);
    assert_int_equal(reg.bounds.finish_max.n, 30);
    assert_int_equal(reg.bounds.score_bad, 2);
    assert_int_equal(reg.n_weights, 6);
    assert_false(reg.review);
    assert_false(reg.silence_satisfied);
}

/* -- one change of the default, one fault ---------------------------------- */

/* Puts `json` (NULL: takes away) at a dotted path; a number is an index, and
 * one past the end appends. */
static void put(json_t *body, const char *path, const char *json)
{
    json_error_t error;
    char name[64];
    json_t *value =
        json == NULL ? NULL : json_loads(json, JSON_DECODE_ANY, &error);
    assert_true(json == NULL || value != NULL);
    for (;;) {
        size_t n = strcspn(path, ".");
        memcpy(name, path, n);
        name[n] = '\0';
        if (path[n] == '\0') {
            break;
        }
        body = json_is_array(body)
                   ? json_array_get(body, strtoul(name, NULL, 10))
                   : json_object_get(body, name);
        assert_non_null(body);
        path += n + 1;
    }
    if (json_is_object(body)) {
        assert_int_equal(value == NULL ? json_object_del(body, name)
                                       : json_object_set_new(body, name, value),
                         0);
    } else if (strtoul(name, NULL, 10) == json_array_size(body)) {
        assert_int_equal(json_array_append_new(body, value), 0);
    } else {
        assert_int_equal(
            json_array_set_new(body, strtoul(name, NULL, 10), value), 0);
    }
}

struct change {
    const char *path;   /* what is changed */
    const char *json;   /* to what; NULL: taken away */
    const char *told;   /* the path that is reported */
    const char *reason; /* part of expected or detail */
};

/* clang-format off */
static const struct change faults[] = {
    {"name", NULL, "name", "it is missing"},
    {"name", "5", "name", "got 5"},
    {"name", "\"\"", "name", "1 to 191 bytes"},
    {"name", "\"a\\nb\"", "name", "one line"},
    {"source", "null", "source", "got null"},
    {"effective", "\"soon\"", "effective", "2026-01-01T00:00:00+08:00"},
    {"effective", "0", "effective", "an instant"},
    {"colour", "\"red\"", "colour", "no such field"},
    {"worktime", "[]", "worktime", "an object"},
    {"worktime.lunch", "1", "worktime.lunch", "unknown"},
    {"worktime.segments", "[]", "worktime.segments", "1 to 4 items"},
    {"worktime.segments.0", "\"8:30-12:00\"", "worktime.segments[0]", "08:30-12:00"},
    {"worktime.segments.0", "\"08:30-12:60\"", "worktime.segments[0]", "got"},
    {"worktime.segments.0", "\"08:30-24:01\"", "worktime.segments[0]", "got"},
    {"worktime.segments.0", "\"12:00-08:30\"", "worktime.segments[0]", "begins"},
    {"worktime.segments.1", "\"11:00-17:30\"", "worktime.segments[1]", "overlaps"},
    {"worktime.start_rule", "\"never\"", "worktime.start_rule", "next_day"},
    {"categories", "[]", "categories", "1 to 32 items"},
    {"categories.1.code", "\"financing\"", "categories[1]", "once"},
    {"categories.1.code", "\"a b\"", "categories[1].code", "letters"},
    {"categories.1.zh", NULL, "categories[1].zh", "missing"},
    {"urgencies.3", "{\"code\":\"x\",\"zh\":\"x\",\"en\":\"x\",\"e\":1}",
        "urgencies[3].e", "unknown"},
    {"channels.0", "7", "channels[0]", "an object"},
    {"limits.sign", NULL, "limits.sign", "missing"},
    {"limits.sign", "\"5 days\"", "limits.sign", "got \"5 days\""},
    {"limits.sign", "\"0wd\"", "limits.sign", "got \"0wd\""},
    {"limits.sign", "\"none\"", "limits.sign", "must have a limit"},
    {"limits.sign", "\"2026-01-01T00:00:00Z\"", "limits.sign", "a limit like"},
    {"limits.nap", "\"1wh\"", "limits.nap", "unknown"},
    {"limits.co", "\"none\"", "limits.co", "must have a limit"},
    {"limits.co.default", NULL, "limits.co.default", "missing"},
    {"limits.co.by.0.limit", "\"none\"", "limits.co.by[0].limit", "must have a limit"},
    {"limits.co.by.8", "{\"category\":\"land\",\"limit\":\"9wd\"}",
        "limits.co", "category land and urgency"},
    {"limits.supplement", "\"soon\"", "limits.supplement", "a limit like"},
    {"limits.finish.default", NULL, "limits.finish.default", "missing"},
    {"limits.finish.by", "{}", "limits.finish.by", "an array"},
    {"limits.finish.by.0", "{\"limit\":\"1wd\"}", "limits.finish.by[0]", "urgency"},
    {"limits.finish.by.0", "{\"category\":\"land\"}", "limits.finish.by[0].limit", "missing"},
    {"limits.finish.by.0.category", "\"moon\"", "limits.finish.by[0].category", "categories"},
    {"limits.finish.by.0.urgency", "\"slow\"", "limits.finish.by[0].urgency", "urgencies"},
    {"limits.finish.by.0.colour", "1", "limits.finish.by[0].colour", "unknown"},
    {"limits.finish.by.1", "{\"category\":\"consult\",\"limit\":\"9wd\"}",
        "limits.finish.by[1]", "earlier item"},
    /* land and urgent meet, and disagree */
    {"limits.finish.by.8", "{\"category\":\"land\",\"limit\":\"9wd\"}",
        "limits.finish", "category land and urgency"},
    {"worktime.segments.1", "\"14:00-24:30\"", "worktime.segments[1]", "08:30-12:00"},
    {"lights.yellow_wd", "-1", "lights.yellow_wd", "got -1"},
    {"lights.yellow_fraction", "\"1/1\"", "lights.yellow_fraction", "1/3"},
    {"lights.yellow_fraction", "\"0/3\"", "lights.yellow_fraction", "1/3"},
    {"lights.yellow_fraction", "\"1/3x\"", "lights.yellow_fraction", "1/3"},
    {"lights.yellow_fraction", "0.3", "lights.yellow_fraction", "1/3"},
    {"escalation", "5", "escalation", "0 to 16 items"},
    {"escalation.0.clocks", "[]", "escalation[0].clocks", "1 to 17"},
    {"escalation.0.clocks.0", "\"lunch\"", "escalation[0].clocks[0]", "clock"},
    {"escalation.0.clocks.0", "\"co\"", "escalation[0].clocks[0]", "clock"},
    {"escalation.0.clocks.1", "\"finish\"", "escalation[0].clocks[1]", "once"},
    {"escalation.0.when", "\"fraction 3/2\"", "escalation[0].when", "fraction 1/2"},
    {"escalation.0.when", "\"red+\"", "escalation[0].when", "red+2wd"},
    {"escalation.0.when", "\"red+none\"", "escalation[0].when", "red+2wd"},
    {"escalation.0.does", "\"fire\"", "escalation[0].does", "tell_handler"},
    {"bounds.finish_max", "\"long\"", "bounds.finish_max", "none"},
    {"bounds.extensions", "101", "bounds.extensions", "0 to 100"},
    {"bounds.returns_meeting", "0", "bounds.returns_meeting", "1 to 100"},
    {"bounds.rounds_meeting", "100", "bounds.rounds_meeting", "1 to 99"},
    {"bounds.urge_gap_min", "1.5", "bounds.urge_gap_min", "integer"},
    {"bounds.score_bad", "5", "bounds.score_bad", "1 to 4"},
    {"weights.solved", "24", "weights", "their sum is 99"},
    {"weights.solved", "\"25\"", "weights.solved", "integer"},
    {"weights.luck", "0", "weights.luck", "unknown"},
    {"review", "\"no\"", "review", "true or false"},
    {"silence", "\"golden\"", "silence", "unscored"},
};
/* clang-format on */

static void test_each_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct change *f = &faults[i];
        json_t *body = standard();
        put(body, f->path, f->json);
        memset(&reg, 0x5A, sizeof reg);
        if (regulation_decode(body, &reg, &errors) != ERR_BAD_REGULATION) {
            fail_msg("%s = %s is taken", f->path, f->json);
        }
        const struct problem *p = &errors.list[0];
        if (strcmp(p->param, f->told) != 0 ||
            (strstr(p->expected, f->reason) == NULL &&
             strstr(p->detail, f->reason) == NULL)) {
            fail_msg("%s = %s: [%s] [%s] [%s]", f->path, f->json, p->param,
                     p->expected, p->detail);
        }
        /* written on success only */
        assert_int_equal(reg.version, 0x5A5A5A5A);
        assert_int_equal(reg.n_steps, 0x5A5A5A5A);
        json_decref(body);
    }
}

static void test_all_faults_at_once(void **state)
{
    static const char *const paths[] = {"name",           "source",
                                        "effective",      "worktime.start_rule",
                                        "limits.sign",    "lights.yellow_wd",
                                        "weights.solved", "silence"};
    enum {
        N = sizeof paths / sizeof paths[0]
    };
    (void)state;
    json_t *body = standard();
    for (int i = 0; i < N; i++) {
        put(body, paths[i], "[]");
    }
    assert_int_equal(regulation_decode(body, &reg, &errors),
                     ERR_BAD_REGULATION);
    assert_int_equal(errors.n, N);
    for (int i = 0; i < N; i++) {
        assert_string_equal(errors.list[i].param, paths[i]);
    }
    json_decref(body);
}

static void test_more_faults_than_room(void **state)
{
    (void)state;
    json_t *body = standard();
    for (int i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "x%d", i);
        json_object_set_new(body, name, json_true());
    }
    assert_int_equal(regulation_decode(body, &reg, &errors),
                     ERR_BAD_REGULATION);
    assert_int_equal(errors.n, 100);
    json_decref(body);
    assert_int_equal(regulation_decode(json_null(), &reg, &errors),
                     ERR_BAD_REGULATION);
    assert_string_equal(errors.list[0].param, "");
}

/* -- which limit wins ------------------------------------------------------ */

/* A category's and an urgency's item that say the same do not disagree, and an
 * item for both settles those that do. */
static void test_limit_wins(void **state)
{
    (void)state;
    json_t *body = standard();
    put(body, "limits.review",
        "{\"default\":\"1wd\",\"by\":["
        "{\"category\":\"land\",\"limit\":\"4wd\"},"
        "{\"urgency\":\"urgent\",\"limit\":\"4wd\"},"
        "{\"urgency\":\"critical\",\"limit\":\"2wh\"},"
        "{\"category\":\"land\",\"urgency\":\"critical\",\"limit\":\"7h\"}]}");
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    assert_true(limit_is(CLOCK_REVIEW, "market", "normal", "1wd"));
    assert_true(limit_is(CLOCK_REVIEW, "land", "normal", "4wd"));
    assert_true(limit_is(CLOCK_REVIEW, "market", "urgent", "4wd"));
    assert_true(limit_is(CLOCK_REVIEW, "land", "urgent", "4wd"));
    assert_true(limit_is(CLOCK_REVIEW, "market", "critical", "2wh"));
    assert_true(limit_is(CLOCK_REVIEW, "land", "critical", "7h"));
    json_decref(body);
}

/* A name fills its room to the last byte, and not one more. */
static void test_the_longest_name(void **state)
{
    char name[NAME_SIZE + 1];
    (void)state;
    for (size_t len = NAME_SIZE - 1; len <= NAME_SIZE; len++) {
        json_t *body = standard();
        memset(name, 'x', len);
        name[len] = '\0';
        json_object_set_new(body, "name", json_string(name));
        bool fits = len < NAME_SIZE;
        assert_int_equal(regulation_decode(body, &reg, &errors),
                         fits ? OK : ERR_BAD_REGULATION);
        assert_int_equal(errors.n, fits ? 0 : 1);
        assert_int_equal(strlen(reg.name), NAME_SIZE - 1);
        json_decref(body);
    }
}

static void test_none_where_it_may(void **state)
{
    (void)state;
    json_t *body = standard();
    put(body, "limits.contact", "\"none\"");
    put(body, "bounds.finish_max", "\"none\"");
    put(body, "silence", "\"satisfied\"");
    put(body, "review", "true");
    put(body, "worktime.segments", "[\"00:00-24:00\"]");
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    assert_true(limit_is(CLOCK_CONTACT, "land", "normal", "none"));
    assert_int_equal(reg.bounds.finish_max.unit, LIMIT_NONE);
    assert_int_equal(reg.worktime.segments[0].to, 86400);
    assert_true(reg.silence_satisfied);
    assert_true(reg.review);
    json_decref(body);
}

/* -- what came later than the first regulations ---------------------------- */

static void test_a_regulation_without_a_supplement(void **state)
{
    (void)state;
    json_t *body = standard();
    put(body, "limits.supplement", NULL);
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    for (int c = 0; c < reg.n_categories; c++) {
        for (int u = 0; u < reg.n_urgencies; u++) {
            assert_int_equal(reg.limits[CLOCK_SUPPLEMENT][c][u].unit,
                             LIMIT_NONE);
        }
    }
    put(body, "limits.supplement", "\"none\"");
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    assert_true(limit_is(CLOCK_SUPPLEMENT, "land", "normal", "none"));
    put(body, "limits.supplement",
        "{\"default\":\"none\",\"by\":["
        "{\"urgency\":\"critical\",\"limit\":\"2wd\"}]}");
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    assert_true(limit_is(CLOCK_SUPPLEMENT, "land", "normal", "none"));
    assert_true(limit_is(CLOCK_SUPPLEMENT, "land", "critical", "2wd"));
    json_decref(body);
}

/* Without one of its own a co-handler has the limit of any dispatch, cell by
 * cell. */
static void test_a_regulation_without_a_co(void **state)
{
    (void)state;
    json_t *body = standard();
    put(body, "limits.co", NULL);
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    assert_true(co_is("land", "normal", "5wd"));
    assert_true(co_is("consult", "critical", "4wh"));
    assert_true(co_is("complex", "urgent", "7wd"));
    put(body, "limits.co", "\"1wd\"");
    assert_int_equal(regulation_decode(body, &reg, &errors), OK);
    assert_true(co_is("complex", "urgent", "1wd"));
    assert_true(limit_is(CLOCK_FINISH, "complex", "urgent", "7wd"));
    json_decref(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_tables),
        cmocka_unit_test(test_default_limits),
        cmocka_unit_test(test_default_whole),
        cmocka_unit_test(test_default_rest),
        cmocka_unit_test(test_each_fault),
        cmocka_unit_test(test_all_faults_at_once),
        cmocka_unit_test(test_more_faults_than_room),
        cmocka_unit_test(test_limit_wins),
        cmocka_unit_test(test_the_longest_name),
        cmocka_unit_test(test_none_where_it_may),
        cmocka_unit_test(test_a_regulation_without_a_supplement),
        cmocka_unit_test(test_a_regulation_without_a_co),
    };
    message_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
