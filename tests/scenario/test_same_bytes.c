/* What a report once said it says for ever: the same `at` and `known` give the
 * same bytes, whatever is renamed, moved, ended, returned, fired late, reckoned
 * anew or imported afterwards. And without `known` nothing but an import
 * changes what was so at an instant that has passed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/world.h"

enum {
    REPORTS = 11,
    TAKEN_MAX = 2000
};

static const char *const reports[REPORTS] = {
    "report.overdue {'by':'none'",
    "report.overdue {'by':'none','clock':'overall'",
    "report.overdue {'by':'department'",
    "report.overdue {'by':'department','clock':'overall'",
    "report.overdue {'by':'chain'",
    "report.overdue {'by':'chain','clock':'overall'",
    "report.overdue {'by':'guide'",
    "report.overdue {'by':'guide','clock':'overall'",
    "report.overdue {'by':'category'",
    "report.overdue {'by':'category','clock':'overall'",
    "report.lights {",
};

/* One report as it was first given. */
struct taken {
    int report;
    instant at;
    int64_t known;
    char *bytes;
};

static struct world w;
static struct taken taken[TAKEN_MAX];
static int n_taken;

/* Asks for a report at an instant; known 0: as known now. The number itself is
 * taken out of the answer. */
static char *ask(int report, instant at, int64_t known)
{
    char text[INSTANT_TEXT_SIZE];
    char params[256];
    char number[64] = "";
    bool lights = report == REPORTS - 1;
    instant_format(at, text);
    if (known > 0) {
        snprintf(number, sizeof number, ",'known':%lld", (long long)known);
    }
    if (lights) {
        snprintf(params, sizeof params, "{'at':'%s'%s}", text, number);
    } else {
        snprintf(params, sizeof params, "%s,'at':'%s'%s}",
                 strchr(reports[report], '{'), text, number);
    }
    world_do(&w, "sup", lights ? "report.lights" : "report.overdue", params);
    json_object_del(w.result, "known");
    char *bytes = json_dumps(w.result, JSON_COMPACT);
    assert_non_null(bytes);
    return bytes;
}

static void take(instant at)
{
    int64_t known = store_head(w.writer);
    for (int i = 0; i < REPORTS; i++) {
        assert_true(n_taken < TAKEN_MAX);
        taken[n_taken++] = (struct taken){i, at, known, ask(i, at, known)};
    }
}

static void again(bool with_known)
{
    for (int i = 0; i < n_taken; i++) {
        const struct taken *t = &taken[i];
        char *bytes = ask(t->report, t->at, with_known ? t->known : 0);
        if (strcmp(bytes, t->bytes) != 0) {
            char text[INSTANT_TEXT_SIZE];
            fail_msg("%s at %s known %lld\nwas %s\nis  %s", reports[t->report],
                     instant_format(t->at, text), (long long)t->known, t->bytes,
                     bytes);
        }
        free(bytes);
    }
}

static void forget(void)
{
    while (n_taken > 0) {
        free(taken[--n_taken].bytes);
    }
}

/* -- what happens ------------------------------------------------------------
 */

struct beat {
    const char *now; /* what falls due before is fired, unless it begins with
                        "z": then it was down and fires late */
    const char *as;
    const char *method;
    const char *params;
};

static const struct beat live[] = {
    {"2026-11-02T09:00:00+08:00", "qy1", "ticket.file",
     "{'title':'x','category':'land'}"},
    {"2026-11-02T10:00:00+08:00", "dp", "ticket.dispatch",
     "{'ticket':'20261102-001','unit':'a','measure':'x','limit':'2wd'}"},
    {"2026-11-02T11:00:00+08:00", "dp", "ticket.dispatch",
     "{'ticket':'20261102-001','unit':'b','kind':'co','measure':'x','limit':"
     "'2wd'}"},
    {"2026-11-03T10:00:00+08:00", "qy2", "ticket.file",
     "{'title':'y','category':'financing'}"},
    {"2026-11-03T11:00:00+08:00", "zd", "ticket.dispatch",
     "{'ticket':'20261103-001','unit':'b','measure':'x','limit':'1wd'}"},
    /* asked in time, decided after the due: its stop lies in the past */
    {"2026-11-04T16:00:00+08:00", "a1", "ticket.return",
     "{'ticket':'20261102-001','reason':'x'}"},
    {"2026-11-06T09:00:00+08:00", NULL, "registry.rename",
     "{'code':'a','name':'新a局'}"},
    {"2026-11-06T10:00:00+08:00", "dp", "ticket.decide",
     "{'ticket':'20261102-001','grant':true,'fault':'unit','reason':'x'}"},
    {"2026-11-06T11:00:00+08:00", "dp", "ticket.dispatch",
     "{'ticket':'20261102-001','unit':'c','measure':'x','limit':'5wd'}"},
    {"2026-11-06T14:00:00+08:00", NULL, "registry.rename",
     "{'code':'boat','name':'海工产业链'}"},
    {"2026-11-09T09:00:00+08:00", NULL, "person.add",
     "{'code':'zdy2','name':'李四','unit':'b','role':'guide'}"},
    {"2026-11-09T10:00:00+08:00", NULL, "guide.assign",
     "{'enterprise':'" E1 "','person':'zdy2'}"},
    {"2026-11-09T11:00:00+08:00", NULL, "chain.add",
     "{'code':'food','name':'食品产业链'}"},
    {"2026-11-09T14:00:00+08:00", NULL, "enterprise.move",
     "{'code':'" E2 "','chain':'food'}"},
    {"2026-11-10T09:00:00+08:00", "b1", "ticket.accept",
     "{'ticket':'20261103-001'}"},
    {"2026-11-10T10:00:00+08:00", "b1", "ticket.resolve",
     "{'ticket':'20261103-001','public':'x'}"},
    {"2026-11-10T11:00:00+08:00", "qy2", "ticket.evaluate",
     "{'ticket':'20261103-001','score':1,'solved':false}"},
    {"2026-11-12T09:00:00+08:00", "b1", "ticket.resolve",
     "{'ticket':'20261103-001','public':'x'}"},
    /* down over the evaluation's end: the silence is fired late */
    {"z2026-12-28T09:00:00+08:00", "qy1", "ticket.file",
     "{'title':'z','category':'land'}"},
    {"2026-12-28T10:00:00+08:00", "dp", "ticket.dispatch",
     "{'ticket':'20261228-001','unit':'a','measure':'x','limit':'5wd'}"},
    {"2027-01-05T00:30:00+08:00", NULL, "calendar.import",
     "{'body':{'year':2027,'papers':['p'],'days':[{'name':'元旦','date':"
     "'2027-01-01','isOffDay':true}]}}"},
    {"2027-01-06T09:00:00+08:00", "qy1", "ticket.withdraw",
     "{'ticket':'20261228-001','reason':'x'}"},
    {"2027-01-06T10:00:00+08:00", "b1", "ticket.accept",
     "{'ticket':'20261102-001'}"},
    {"2027-01-06T10:30:00+08:00", "b1", "ticket.resolve",
     "{'ticket':'20261102-001'}"},
    {"2027-01-06T11:00:00+08:00", "c1", "ticket.accept",
     "{'ticket':'20261102-001'}"},
    {"2027-01-06T14:00:00+08:00", "c1", "ticket.resolve",
     "{'ticket':'20261102-001','public':'x'}"},
    {"2027-02-26T09:00:00+08:00", NULL, "registry.end", "{'code':'b'}"},
};

#define LINE(at, as, method, params)                           \
    {                                                          \
        "2027-02-26T10:00:00+08:00", NULL, "import.event",     \
            "{'occurrence':0,'event':{'at':'" at "','as':'" as \
            "','method':'" method "','params':{" params "}}}"  \
    }

static const struct beat history[] = {
    LINE("2026-10-12T09:00:00+08:00", "qy1", "ticket.file",
         "'title':'h','category':'land','channel':'hotline','ref':'h'"),
    LINE("2026-10-12T10:00:00+08:00", "dp", "ticket.dispatch",
         "'ticket':'h','unit':'a','limit':'5wd'"),
    {"2027-02-26T10:00:00+08:00", NULL, "calendar.import",
     "{'body':{'year':2026,'papers':['p'],'days':[{'name':'x','date':"
     "'2026-10-14','isOffDay':true}]}}"},
    LINE("2026-10-13T09:00:00+08:00", "a1", "ticket.accept", "'ticket':'h'"),
    LINE("2026-10-22T09:00:00+08:00", "a1", "ticket.return",
         "'ticket':'h','reason':'x'"),
    LINE("2026-11-04T09:00:00+08:00", "operator", "registry.rename",
         "'code':'c','name':'旧c局'"),
    LINE("2026-11-05T09:00:00+08:00", "dp", "ticket.decide",
         "'ticket':'h','grant':true,'fault':'unit'"),
    LINE("2026-11-05T09:30:00+08:00", "dp", "ticket.dispatch",
         "'ticket':'h','unit':'c','due':'2026-11-05T10:00:00+08:00'"),
    LINE("2026-11-06T09:00:00+08:00", "c1", "ticket.accept", "'ticket':'h'"),
    LINE("2026-11-09T09:00:00+08:00", "c1", "ticket.resolve", "'ticket':'h'"),
    {"2027-02-26T11:00:00+08:00", NULL, "import.settle", "{}"},
    {"2027-02-26T14:00:00+08:00", NULL, "import.close", "{}"},
    {"2027-03-26T14:00:00+08:00", NULL, "registry.rename",
     "{'code':'c','name':'又c局'}"},
};

static void play(const struct beat *beat)
{
    bool down = beat->now[0] == 'z';
    if (down) {
        world_sleep(&w, beat->now + 1);
    } else {
        world_at(&w, beat->now);
    }
    world_do(&w, beat->as, beat->method, beat->params);
    if (down) {
        world_fire(&w);
    }
}

/* Also of instants long ago, as they are known now. */
static void take_all(void)
{
    take(w.now - 1);
    take(w.now - 36 * 3600);
    take(w.now - 20 * 86400);
}

static void test_same_bytes(void **state)
{
    (void)state;
    world_open(&w, "2026-11-02T08:00:00+08:00");
    world_county(&w);
    for (size_t i = 0; i < sizeof live / sizeof live[0]; i++) {
        play(&live[i]);
        take_all();
    }
    again(true);
    again(false);
    for (size_t i = 0; i < sizeof history / sizeof history[0]; i++) {
        play(&history[i]);
        take_all();
    }
    again(true);
    forget();
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
