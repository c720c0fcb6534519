/* Sixty days of fifteen tickets with every verb that offices use, on a clock
 * that the test sets. story/story.ndjson is what people do, one line a command:
 *
 *   {"at", "as": who (the system administrator, if nobody), "method", "params",
 *    "state": what it answers,
 *    "refused": the error it must answer,
 *    "patch": for regulation.add, laid over the regulation in force}
 *
 * story/expected.txt is what comes of it, worked out by hand. At each midnight
 * and before each line the clocks that are due fire.
 *
 * With BIHUAN_STORY_DUMP the journal's records are written to the file of that
 * name, for tests/system/test_story.py: a real daemon that is restarted between
 * any two lines must write the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/letting_in.h"

#define FOLDER "tests/scenario/story/"

enum {
    LINES_MAX = 1000,
    LINE_SIZE = 2048
};

struct lines {
    int n;
    char *line[LINES_MAX];
};

static void add_line(struct lines *l, const char *text)
{
    assert_true(l->n < LINES_MAX);
    size_t size = strlen(text) + 1;
    l->line[l->n] = malloc(size);
    assert_non_null(l->line[l->n]);
    memcpy(l->line[l->n++], text, size);
}

static void free_lines(struct lines *l)
{
    for (int i = 0; i < l->n; i++) {
        free(l->line[i]);
    }
}

static void read_lines(const char *path, struct lines *ret)
{
    char text[LINE_SIZE];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    ret->n = 0;
    while (fgets(text, sizeof text, f) != NULL) {
        text[strcspn(text, "\n")] = '\0';
        if (text[0] != '\0' && text[0] != '#') {
            add_line(ret, text);
        }
    }
    fclose(f);
}

/* -- what people do ----------------------------------------------------------
 */

static const char *text_of(const json_t *step, const char *name)
{
    return json_string_value(json_object_get(step, name));
}

/* The regulation in force with the patch laid over it. */
static char *patched(struct world *w, json_t *patch)
{
    world_do(w, NULL, "regulation.show", "{}");
    json_t *body = json_object_get(w->result, "body");
    assert_int_equal(json_object_update(body, patch), 0);
    json_t *params = json_pack("{s:O}", "body", body);
    char *text = json_dumps(params, JSON_COMPACT);
    json_decref(params);
    return text;
}

static void check_answer(struct world *w, const json_t *step, enum err err)
{
    const char *refused = text_of(step, "refused");
    const char *state = text_of(step, "state");
    enum err wanted = refused == NULL ? OK : err_from_name(refused);
    const char *got = err == OK ? world_text(w, "state") : "";
    if (err != wanted || (err == OK && state != NULL && strcmp(state, got))) {
        char *line = json_dumps(step, JSON_ENCODE_ANY);
        fail_msg("%s\nanswered %s %s (%s: %s; %s)", line,
                 err == OK ? "ok" : err_name(err), got, w->problem.param,
                 w->problem.expected, w->problem.detail);
    }
}

static void do_step(struct world *w, json_t *step)
{
    json_t *patch = json_object_get(step, "patch");
    char *params = patch != NULL
                       ? patched(w, patch)
                       : json_dumps(json_object_get(step, "params"), 0);
    assert_non_null(params);
    const char *as = text_of(step, "as");
    enum err err = world_try(w, as == NULL ? "system" : as,
                             text_of(step, "method"), params);
    free(params);
    check_answer(w, step, err);
}

/* Every midnight on the way, then the time itself. */
static void go_to(struct world *w, const char *when)
{
    char at[INSTANT_TEXT_SIZE];
    instant to = 0;
    assert_int_equal(instant_parse(when, strlen(when), false, &to), OK);
    for (daynum day = instant_day(w->now) + 1; day_start(day) < to; day++) {
        world_sleep(w, instant_format(day_start(day), at));
        world_fire(w);
    }
    world_sleep(w, when);
    world_fire(w);
}

static void play(struct world *w)
{
    struct lines story;
    struct first_account first[ADMINISTRATORS];
    read_lines(FOLDER "story.ndjson", &story);
    assert_true(story.n > 200);
    world_open(w, "2026-09-07T07:00:00+08:00");
    make_administrators(w, first);
    for (int i = 0; i < story.n; i++) {
        json_t *step = json_loads(story.line[i], 0, NULL);
        assert_non_null(step);
        go_to(w, text_of(step, "at"));
        do_step(w, step);
        json_decref(step);
    }
    free_lines(&story);
}

/* -- what comes of it --------------------------------------------------------
 */

/* "2026-09-07T09:00:00+08:00" -> "09-07T09:00"; nothing -> "-". */
static const char *brief(const char *text, char out[16])
{
    if (strlen(text) < 16) {
        return "-";
    }
    memcpy(out, text + 5, 11);
    out[11] = '\0';
    return out;
}

static void tell_events(const struct world *w, struct lines *out)
{
    size_t n = json_array_size(world_rows(w, "timeline"));
    for (size_t i = 0; i < n; i++) {
        char line[LINE_SIZE];
        char at[16];
        const char *event = world_cell(w, "timeline", i, "event");
        if (strcmp(event, "escalate") == 0) {
            continue;
        }
        snprintf(line, sizeof line, "event %s %s %s",
                 brief(world_cell(w, "timeline", i, "at"), at),
                 world_cell(w, "timeline", i, "who"), event);
        add_line(out, line);
    }
}

static void tell_clocks(const struct world *w, struct lines *out)
{
    size_t n = json_array_size(world_rows(w, "clocks"));
    for (size_t i = 0; i < n; i++) {
        char line[LINE_SIZE];
        char of[16] = "";
        char start[16];
        char due[16];
        char stop[16];
        const char *corrected = world_cell(w, "clocks", i, "corrected");
        int64_t dispatch = world_cell_int(w, "clocks", i, "dispatch");
        if (dispatch > 0) {
            snprintf(of, sizeof of, "/%d", (int)dispatch);
        }
        snprintf(line, sizeof line, "clock %s%s %s due %s stop %s %s%s%s",
                 world_cell(w, "clocks", i, "clock"), of,
                 brief(world_cell(w, "clocks", i, "start"), start),
                 brief(world_cell(w, "clocks", i, "due"), due),
                 brief(world_cell(w, "clocks", i, "stop"), stop),
                 world_cell(w, "clocks", i, "verdict"),
                 corrected[0] == '\0' ? "" : " corrected ", corrected);
        add_line(out, line);
    }
}

/* does: tell_supervisor, supervise, agenda (core/regulation.h) */
static void tell_escalations(struct world *w, ticket_id id, struct lines *out)
{
    static const char *const does[] = {"tell_supervisor", "supervise",
                                       "agenda"};
    struct cell bind = cell_int("", id);
    struct rows rows;
    assert_int_equal(
        rows_begin_text(w->writer,
                        "SELECT e.at, c.kind, e.does FROM escalation e"
                        " JOIN clock c ON c.ticket = e.ticket AND c.n = e.clock"
                        " AND c.v = 1 WHERE e.ticket = ?1 AND e.does >= 2"
                        " ORDER BY e.at",
                        &bind, 1, &rows),
        OK);
    while (rows_next(&rows)) {
        char line[LINE_SIZE];
        char at[INSTANT_TEXT_SIZE];
        char text[16];
        snprintf(line, sizeof line, "escalation %s %s %s",
                 brief(instant_format(rows_int(&rows, 0), at), text),
                 clock_kind_name((enum clock_kind)rows_int(&rows, 1)),
                 does[rows_int(&rows, 2) - STEP_TELL_SUPERVISOR]);
        add_line(out, line);
    }
    assert_int_equal(rows_end(&rows), OK);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Both in order; prints what stands on one side only. */
static int compare(struct lines *want, struct lines *got)
{
    int differ = 0;
    int i = 0;
    int j = 0;
    qsort(want->line, (size_t)want->n, sizeof want->line[0], by_text);
    qsort(got->line, (size_t)got->n, sizeof got->line[0], by_text);
    while (i < want->n || j < got->n) {
        int order = i == want->n  ? 1
                    : j == got->n ? -1
                                  : strcmp(want->line[i], got->line[j]);
        if (order != 0) {
            print_message("  %s %s\n", order < 0 ? "missing" : "too much",
                          order < 0 ? want->line[i] : got->line[j]);
            differ++;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return differ;
}

/* One ticket: its block of the expected lines against what it shows. */
static int check_ticket(struct world *w, const char *head, struct lines *want)
{
    struct lines got = {.n = 0};
    char number[32] = "";
    char state[32] = "";
    ticket_id id = 0;
    bool escalations = false;
    assert_int_equal(sscanf(head, "ticket %31s %31s", number, state), 2);
    assert_int_equal(ticket_id_parse(number, strlen(number), &id), OK);
    for (int i = 0; i < want->n; i++) {
        escalations |= strncmp(want->line[i], "escalation", 10) == 0;
    }
    world_dof(w, "sup", "ticket.show", "{'ticket':'%s'}", number);
    print_message("%s\n", head);
    int differ = strcmp(world_text(w, "state"), state) != 0;
    if (differ) {
        print_message("  it is %s\n", world_text(w, "state"));
    }
    tell_events(w, &got);
    tell_clocks(w, &got);
    if (escalations) {
        tell_escalations(w, id, &got);
    }
    differ += compare(want, &got);
    free_lines(&got);
    return differ;
}

static int check_all(struct world *w, int *ret_tickets)
{
    struct lines expected;
    struct lines block = {.n = 0};
    const char *head = NULL;
    int differ = 0;
    *ret_tickets = 0;
    read_lines(FOLDER "expected.txt", &expected);
    for (int i = 0; i <= expected.n; i++) {
        bool next =
            i == expected.n || strncmp(expected.line[i], "ticket ", 7) == 0;
        if (!next) {
            add_line(&block, expected.line[i]);
            continue;
        }
        if (head != NULL) {
            differ += check_ticket(w, head, &block);
            ++*ret_tickets;
            free_lines(&block);
            block.n = 0;
        }
        head = i == expected.n ? NULL : expected.line[i];
    }
    free_lines(&expected);
    return differ;
}

/* -- the journal -------------------------------------------------------------
 */

/* A text's digest is salted at random: it is no part of what is compared. */
static void mask(json_t *record)
{
    size_t i;
    json_t *effect;
    json_array_foreach(json_object_get(record, "put"), i, effect)
    {
        const char *table = json_string_value(json_array_get(effect, 0));
        if (table != NULL && strcmp(table, "text") == 0) {
            json_object_del(json_array_get(effect, 1), "digest");
        }
    }
}

static void dump_journal(struct world *w, const char *path)
{
    struct rows rows;
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(rows_begin_text(w->writer,
                                     "SELECT record FROM journal ORDER BY seq",
                                     NULL, 0, &rows),
                     OK);
    while (rows_next(&rows)) {
        json_t *record = json_loads(rows_text(&rows, 0), 0, NULL);
        assert_non_null(record);
        mask(record);
        char *text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
        assert_non_null(text);
        fprintf(f, "%s\n", text);
        free(text);
        json_decref(record);
    }
    assert_int_equal(rows_end(&rows), OK);
    assert_int_equal(fclose(f), 0);
}

static void test_sixty_days(void **state)
{
    struct world w;
    int tickets = 0;
    (void)state;
    play(&w);
    if (getenv("BIHUAN_STORY_DUMP") != NULL) {
        dump_journal(&w, getenv("BIHUAN_STORY_DUMP"));
    }
    int differ = check_all(&w, &tickets);
    assert_int_equal(tickets, world_count(&w, "SELECT count(*) FROM ticket"));
    assert_int_equal(differ, 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sixty_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
