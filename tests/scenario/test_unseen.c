/* What one may not see changes nothing of what one is answered: two worlds that
 * differ in what is unseen alone give those who watch the same bytes, whatever
 * is done and asked (tests/lib/twins.h).
 *
 * UNSEEN_WALKS and UNSEEN_SEED in the environment make it more or other walks
 * (scripts/test --long unseen). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/unseen.h"

/* -- the county --------------------------------------------------------------
 */

/* world_county() and: E3 of the same chain (contact qy3, guide zdy3), E1's
 * second contact qy1b, leaders la and lb, department ax below a (head x1); bc
 * works in b and in c, bz in b and where the chain's tickets are dispatched. */
static void county(struct twins *t)
{
    static const char *const more[][2] = {
        {"enterprise.add", "{'code':'" E3 "','name':'丙船厂','chain':'boat',"
                           "'force':true}"},
        {"department.add", "{'code':'ax','name':'a股','parent':'a'}"},
        {"person.add",
         "{'code':'qy3','name':'丙三','unit':'" E3 "','role':'enterprise'}"},
        {"person.add",
         "{'code':'qy1b','name':'甲二','unit':'" E1 "','role':'enterprise'}"},
        {"person.add",
         "{'code':'la','name':'王一','unit':'a','role':'leader'}"},
        {"person.add",
         "{'code':'lb','name':'王二','unit':'b','role':'leader'}"},
        {"person.add", "{'code':'x1','name':'徐一','unit':'ax','role':'head'}"},
        {"person.add",
         "{'code':'zdy3','name':'指三','unit':'c','role':'guide'}"},
        {"guide.assign", "{'enterprise':'" E3 "','person':'zdy3'}"},
        {"person.add",
         "{'code':'bc','name':'王三','unit':'b','role':'handler'}"},
        {"person.role", "{'code':'bc','unit':'c','role':'handler'}"},
        {"person.add", "{'code':'bz','name':'王四','unit':'b','role':'head'}"},
        {"person.role", "{'code':'bz','unit':'boatdw','role':'dispatcher'}"},
    };
    for (int i = 0; i < 2; i++) {
        world_county(&t->w[i]);
        for (size_t j = 0; j < sizeof more / sizeof more[0]; j++) {
            world_do(&t->w[i], NULL, more[j][0], more[j][1]);
        }
    }
}

enum {
    STEPS = 180 /* of a walk; UNSEEN_STEPS takes more */
};

/* -- walks -------------------------------------------------------------------
 */

/* A walk: who watches, how common tickets and the unseen ones come about. */
struct walk {
    const char *watch;
    struct lines filings;
    struct lines unseen;
    const struct lines *said; /* by enterprises */
    bool invited;             /* and yet read nothing of it */
    bool differ;              /* in what offices say to each other */
};

static bool watches(const struct walk *walk, const char *as)
{
    size_t len = strlen(as);
    for (const char *p = strstr(walk->watch, as); p != NULL;
         p = strstr(p + 1, as)) {
        if ((p == walk->watch || p[-1] == ' ') &&
            (p[len] == ' ' || p[len] == '\0')) {
            return true;
        }
    }
    return false;
}

static const struct line *some_line(struct twins *t, const struct lines *lines)
{
    return &lines->line[twins_below(t, lines->n)];
}

static enum err run_line(struct twins *t, const struct walk *walk,
                         const struct line *line, bool alone)
{
    char as[UNSEEN_WORD];
    char params[TWINS_PARAMS];
    unseen_one_of(t, line->as, as);
    unseen_spelt(t, line->params, alone, params);
    if (!alone) {
        return twins_both(t, as, line->method, params);
    }
    return watches(walk, as) ? ERR_FORBIDDEN
                             : twins_one(t, as, line->method, params);
}

/* One of them that can be done now, if a few tries find it. */
static void run_some(struct twins *t, const struct walk *walk,
                     const struct lines *lines, bool alone)
{
    enum err err = ERR_BAD_STATE;
    for (int i = 0; err != OK && i < 12; i++) {
        err = run_line(t, walk, some_line(t, lines), alone);
    }
}

/* By each of those who might, until one could. */
static enum err run_by_any(struct twins *t, const struct line *line)
{
    char as[512];
    char *saved = NULL;
    enum err err = ERR_FORBIDDEN;
    snprintf(as, sizeof as, "%s", line->as);
    for (char *word = strtok_r(as, " ", &saved); err != OK && word != NULL;
         word = strtok_r(NULL, " ", &saved)) {
        char params[TWINS_PARAMS];
        unseen_spelt(t, line->params, false, params);
        err = twins_both(t, word, line->method, params);
    }
    return err;
}

/* A ticket one step on: chance alone seldom brings one to its end. */
static void go_on(struct twins *t, const struct walk *walk)
{
    int latest = t->n_tickets < 6 ? t->n_tickets : 6;
    if (latest == 0) {
        return;
    }
    t->at = t->n_tickets - twins_below(t, latest);
    enum err err = run_by_any(t, &walk->said->line[twins_below(t, 2)]);
    for (int i = 0; err != OK && i < unseen_course.n; i++) {
        err = run_by_any(t, &unseen_course.line[i]);
    }
    t->at = 0;
}

static void ask(struct twins *t, const struct walk *walk)
{
    char as[UNSEEN_WORD];
    char params[TWINS_PARAMS];
    int k = twins_below(t, unseen_reads.n + 6);
    const struct line *line = k < unseen_reads.n ? &unseen_reads.line[k]
                                                 : some_line(t, &unseen_moves);
    unseen_one_of(t, walk->watch, as);
    /* what nobody shows them they may still name */
    bool probe = t->n_unseen > 0 && twins_below(t, 4) == 0;
    unseen_spelt(t, line->params, probe || k >= unseen_reads.n, params);
    if (k >= unseen_reads.n && t->n_unseen == 0) {
        return;
    }
    twins_watch(t, as, line->method, params);
}

/* A line by one of those who watch; if it is of a ticket, of each common one
 * where it shows all of it, else of every third. */
static void look(struct twins *t, const char *as, const struct line *line)
{
    bool tickets = strstr(line->params, "$T") != NULL;
    int step = strcmp(line->method, "ticket.show") == 0 ? 1 : 3;
    for (int i = tickets ? 1 : t->n_tickets; i <= t->n_tickets; i += step) {
        char params[TWINS_PARAMS];
        t->at = tickets ? i : 0;
        unseen_spelt(t, line->params, false, params);
        twins_watch(t, as, line->method, params);
    }
    t->at = 0;
}

/* All that can be asked, by all who watch. */
static void look_at_all(struct twins *t, const struct walk *walk)
{
    char watch[512];
    char *saved = NULL;
    snprintf(watch, sizeof watch, "%s", walk->watch);
    for (char *as = strtok_r(watch, " ", &saved); as != NULL;
         as = strtok_r(NULL, " ", &saved)) {
        for (int i = 0; i < unseen_reads.n; i++) {
            look(t, as, &unseen_reads.line[i]);
        }
    }
}

static void step_alone(struct twins *t, const struct walk *walk)
{
    const struct lines merging = {unseen_ties.line, 1};
    int k = twins_below(t, 12);
    if (t->n_unseen == 0 || k == 0) {
        run_some(t, walk, &walk->unseen, true);
    } else if (k <= 2) {
        run_some(t, walk, &unseen_asking, true);
    } else if (k <= 4) {
        run_some(t, walk, walk->invited ? &unseen_ties : &merging, true);
    } else {
        run_some(t, walk, &unseen_moves, true);
    }
}

/* To whom the unseen goes: a ticket brings who works on it to its meeting, and
 * who is invited stands in the minutes. */
static void invite_c(struct twins *t)
{
    char params[64];
    snprintf(params, sizeof params, "{'meeting':&%d,'unit':'c'}",
             t->n_meetings - 1);
    if (t->n_meetings > 0) {
        twins_both(t, "dp", "meeting.invite", params);
        twins_both(t, "zd", "meeting.invite", params);
    }
}

static void step_common(struct twins *t, const struct walk *walk)
{
    int k = twins_below(t, 18);
    if (k <= 1) {
        run_some(t, walk, &walk->filings, false);
    } else if (k <= 7) {
        go_on(t, walk);
    } else if (k <= 9) {
        run_some(t, walk, walk->said, false);
    } else if (k <= 11) {
        run_some(t, walk, &unseen_meetings, false);
        invite_c(t);
    } else if (k == 12 && twins_below(t, 3) == 0) {
        run_some(t, walk, &unseen_changes, false);
    } else if (k == 13 && walk->unseen.n == 0) {
        run_some(t, walk, &unseen_closing, false);
    } else {
        run_some(t, walk, &unseen_moves, false);
    }
}

static void step(struct twins *t, const struct walk *walk)
{
    int k = twins_below(t, 20);
    if (k <= 6) {
        step_common(t, walk);
    } else if (k == 7) {
        twins_forward(t, 60 + twins_below(t, 30000));
    } else if (k <= 11 && walk->unseen.n > 0) {
        step_alone(t, walk);
    } else {
        ask(t, walk);
    }
}

static int setting(const char *name, int otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : (int)strtol(text, NULL, 10);
}

static void walks(const struct walk *walk)
{
    int first = setting("UNSEEN_SEED", 1);
    int last = first + setting("UNSEEN_WALKS", 1);
    int steps = setting("UNSEEN_STEPS", STEPS);
    int64_t all = 0;
    for (int seed = first; seed < last; seed++) {
        struct twins t;
        print_message("walk of seed %d\n", seed);
        twins_open(&t, (uint64_t)seed);
        county(&t);
        t.differ = walk->differ;
        for (int i = 0; i < steps; i++) {
            step(&t, walk);
        }
        look_at_all(&t, walk);
        int64_t scored =
            world_count(&t.w[0], "SELECT count(*) FROM ticket WHERE score > 0");
        print_message(
            "%d replies compared, %d of them granted; %d tickets, %d scored, "
            "%d unseen with %d moves\n",
            t.compared, t.granted, t.n_tickets, (int)scored, t.n_unseen,
            t.moved);
        assert_true(t.granted > t.compared / 4);
        all += scored;
        twins_close(&t);
    }
    assert_true(all > 0); /* some came to their end */
}
#define FILE1 "{'title':'t','text':'x','category':'land'}"

/* -- of others ---------------------------------------------------------------
 */

/* What another chain's office dispatches, to units of ours too. */
static void test_of_another_office(void **state)
{
    static const struct line filings[] = {
        {"qy1 qy1b qy3", "ticket.file", FILE1}};
    static const struct line unseen[] = {
        {"qy2", "ticket.file", FILE1},
        {"qy2", "ticket.file",
         "{'title':'t','category':'land','confidential':true}"},
        {"qy2", "ticket.file",
         "{'title':'t','category':'land','against':'b'}"}};
    const struct walk walk = {.watch = "qy1 qy1b qy3 zdy3 dp a1 a2 b1 b2 x1",
                              .filings = LINES(filings),
                              .unseen = LINES(unseen),
                              .said = &unseen_asking};
    (void)state;
    walks(&walk);
}

/* What a neighbour in the chain asks for; the office puts both on one meeting
 * and merges theirs into ours. */
static void test_of_a_neighbour(void **state)
{
    static const struct line filings[] = {
        {"qy1 qy1b qy2", "ticket.file", FILE1}};
    static const struct line unseen[] = {
        {"qy3 zdy3", "ticket.file",
         "{'title':'t','category':'land','enterprise':'" E3 "'}"},
        {"qy3", "ticket.file",
         "{'title':'t','category':'land','against':'c'}"}};
    const struct walk walk = {.watch = "qy1 qy1b qy2 zdy a1 a2 b1 b2 x1",
                              .filings = LINES(filings),
                              .unseen = LINES(unseen),
                              .said = &unseen_asking};
    (void)state;
    walks(&walk);
}

/* What complains of a unit: whoever is of it, in whatever post, is to notice
 * nothing. */
static void test_of_complaints(void **state)
{
    static const struct line filings[] = {
        {"qy1 qy1b qy2 qy3", "ticket.file", FILE1}};
    static const struct line unseen[] = {
        {"qy1 qy2 qy3", "ticket.file",
         "{'title':'t','category':'land','against':'b'}"},
        {"qy1 qy2 qy3", "ticket.file",
         "{'title':'t','category':'land','against':'b','confidential':true}"}};
    const struct walk walk = {.watch = "b1 b2 lb bc bz",
                              .invited = true,
                              .filings = LINES(filings),
                              .unseen = LINES(unseen),
                              .said = &unseen_asking};
    (void)state;
    walks(&walk);
}

/* -- parts of what is seen ---------------------------------------------------
 */

/* Units do not learn who asks confidentially. */
static void test_who_asks(void **state)
{
    static const struct line filings[] = {
        {"<qy1|qy3>", "ticket.file",
         "{'title':'t','text':'x','category':'land','confidential':true}"},
        {"<qy1|qy3>", "ticket.file",
         "{'title':'t','category':'land','confidential':true,'against':'c'}"}};
    static const struct line said[] = {
        {"<qy1|qy3>", "ticket.evaluate",
         "{'ticket':'$T','score':5,'solved':true}"},
        {"<qy1|qy3>", "ticket.evaluate",
         "{'ticket':'$T','score':1,'solved':false,'text':'no'}"},
        {"<qy1b|qy3>", "ticket.comment", "{'ticket':'$T','text':'later'}"},
        {"<zdy|zdy3>", "ticket.supplement", "{'ticket':'$T','text':'paper'}"},
        {"<qy1|qy3>", "ticket.appeal", "{'ticket':'$T','reason':'no'}"},
        {"<zdy|zdy3>", "ticket.note", "{'ticket':'$T','text':'no'}"},
        {"<qy1b|qy3>", "ticket.urge", "{'ticket':'$T','text':'soon'}"}};
    const struct lines says = LINES(said);
    const struct walk walk = {
        .watch = "a1 a2 b1 x1", .filings = LINES(filings), .said = &says};
    (void)state;
    walks(&walk);
}

/* Enterprises do not learn what offices say to each other. */
static void test_what_offices_say(void **state)
{
    static const struct line filings[] = {
        {"qy1 qy1b qy2 qy3", "ticket.file", FILE1}};
    const struct walk walk = {.watch = "qy1 qy1b qy2 qy3",
                              .differ = true,
                              .filings = LINES(filings),
                              .said = &unseen_asking};
    (void)state;
    walks(&walk);
}

/* Units do not learn who gave which score. */
static void test_who_scored(void **state)
{
    static const struct line filings[] = {{"qy1", "ticket.file", FILE1}};
    static const struct line said[] = {
        {"<qy1|qy1b>", "ticket.evaluate",
         "{'ticket':'$T','score':<5|4>,'solved':true,'text':'<good|fine>'}"},
        {"<qy1|qy1b>", "ticket.evaluate",
         "{'ticket':'$T','score':<1|2>,'solved':false,'text':'<bad|poor>'}"},
        {"<qy1b|qy1>", "ticket.comment",
         "{'ticket':'$T','text':'<later|after>'}"}};
    const struct lines says = LINES(said);
    const struct walk walk = {
        .watch = "a1 a2 x1 c1 c2", .filings = LINES(filings), .said = &says};
    (void)state;
    walks(&walk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_another_office),
        cmocka_unit_test(test_of_a_neighbour),
        cmocka_unit_test(test_of_complaints),
        cmocka_unit_test(test_who_asks),
        cmocka_unit_test(test_what_offices_say),
        cmocka_unit_test(test_who_scored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
