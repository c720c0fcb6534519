/* Stores for the contract suite: see tests/store/maker.h. */
#include "store/maker.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void place_file(char *out, size_t size)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(out, size, "%s/bihuan-test-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    assert_non_null(mkdtemp(out));
    size_t len = strlen(out);
    snprintf(out + len, size - len, "/t.db");
}

static void clear_file(const char *path)
{
    static const char *const suffixes[] = {"",      "-wal",     "-shm",
                                           ".lock", ".ballast", "-journal"};
    char name[600];
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
    snprintf(name, sizeof name, "%s", path);
    *strrchr(name, '/') = '\0';
    rmdir(name);
}

static void place_memory(char *out, size_t size)
{
    static int n;
    snprintf(out, size, ":memory:test%d", n++);
}

static void clear_memory(const char *path)
{
    (void)path;
}

const struct store_maker makers[] = {
    {"file", true, place_file, clear_file},
    {"memory", false, place_memory, clear_memory},
};
const int n_makers = (int)(sizeof makers / sizeof makers[0]);

int world_setup(void **state)
{
    const struct store_maker *maker = *state;
    struct world *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return -1;
    }
    w->maker = maker;
    w->now = 1766000000;
    maker->place(w->path, sizeof w->path);
    struct problem p = {0};
    enum err err = store_open(w->path, STORE_CREATE, &w->s, &p);
    if (err != OK) {
        print_error("%s: %s %s\n", w->path, err_name(err), p.detail);
        free(w);
        return -1;
    }
    store_set_space(w->s, 0, 4096);
    *state = w;
    return 0;
}

int world_teardown(void **state)
{
    struct world *w = *state;
    store_close(w->s);
    w->maker->clear(w->path);
    free(w);
    return 0;
}

int run_over_makers(const char *suite, const struct CMUnitTest *tests, size_t n)
{
    int failed = 0;
    for (int m = 0; m < n_makers; m++) {
        struct CMUnitTest *bound = calloc(n, sizeof *bound);
        char name[100];
        for (size_t i = 0; i < n; i++) {
            bound[i] = tests[i];
            bound[i].setup_func = world_setup;
            bound[i].teardown_func = world_teardown;
            bound[i].initial_state = (void *)(uintptr_t)&makers[m];
        }
        snprintf(name, sizeof name, "%s over %s", suite, makers[m].name);
        failed += _cmocka_run_group_tests(name, bound, n, NULL, NULL);
        free(bound);
    }
    return failed;
}

int64_t open_record(struct world *w, const char *method, ticket_id ticket)
{
    struct record record = {.at = w->now,
                            .recorded = w->now,
                            .by = "tester",
                            .method = method,
                            .ticket = ticket};
    int64_t seq = 0;
    assert_int_equal(store_record_open(w->s, &record, &seq), OK);
    return seq;
}

int64_t close_record(struct world *w)
{
    int64_t seq = -1;
    assert_int_equal(store_record_close(w->s, &seq), OK);
    return seq;
}

void begin(struct world *w)
{
    assert_int_equal(store_begin(w->s), OK);
}

void commit(struct world *w)
{
    bool fatal = true;
    assert_int_equal(store_commit(w->s, &fatal), OK);
    assert_false(fatal);
}

static struct clock new_clock(int32_t n, enum clock_kind kind, instant at)
{
    return (struct clock){
        .n = n,
        .kind = kind,
        .dispatch = kind == CLOCK_FINISH ? 1 : 0,
        .unit = 7,
        .round = 1,
        .start = at,
        .limit = {.n = 5, .unit = LIMIT_WD},
        .due = {.at = at + 500000, .by_day = true},
        .yellow = at + 300000,
        .run = CLOCK_RUNNING,
        .paused = INSTANT_NONE,
        .stop = INSTANT_NONE,
        .verdict = VERDICT_OPEN,
        .next = at + 300000,
    };
}

struct ticket_row new_ticket(struct world *w, const char *ref)
{
    struct ticket_row row = {.category = "policy",
                             .urgency = "normal",
                             .channel = "visit",
                             .regulation = 1,
                             .filed_by = 3};
    struct ticket *t = &row.ticket;
    assert_int_equal(ticket_next_id(w->s, w->now, &t->id), OK);
    t->state = t->before = TICKET_DISPATCHED;
    t->round = 1;
    t->enterprise = 11;
    t->dispatcher = 5;
    t->category = t->urgency = t->channel = -1;
    t->filed = t->last = w->now;
    t->responded = t->resolved = t->urged = INSTANT_NONE;
    t->dispatch_last = t->n_dispatches = 1;
    t->clock_last = t->n_clocks = 2;
    t->dispatches[0] = (struct dispatch){.n = 1,
                                         .unit = 7,
                                         .kind = DISPATCH_LEAD,
                                         .state = DISPATCH_SENT,
                                         .before_ask = DISPATCH_SENT,
                                         .round = 1,
                                         .sent = w->now,
                                         .accepted = INSTANT_NONE,
                                         .asked = INSTANT_NONE,
                                         .decided = INSTANT_NONE,
                                         .done = INSTANT_NONE,
                                         .extension = {.unit = LIMIT_NONE}};
    t->clocks[0] = new_clock(1, CLOCK_FINISH, w->now);
    t->clocks[1] = new_clock(2, CLOCK_OVERALL, w->now);
    snprintf(row.ref, sizeof row.ref, "%s", ref == NULL ? "" : ref);
    assert_int_equal(
        store_text_add(w->s, TEXT_TITLE, "用电扩容", 12, &row.title_text), OK);
    assert_int_equal(ticket_save(w->s, NULL, &row, w->now), OK);
    return row;
}

struct ticket_row file_ticket(struct world *w, const char *ref)
{
    begin(w);
    open_record(w, "ticket.file", 0);
    struct ticket_row row = new_ticket(w, ref);
    assert_true(close_record(w) > 0);
    commit(w);
    return row;
}

/* What comes after `row` is put in a record of its own. */
static void save(struct world *w, struct ticket_row *row, const char *method,
                 struct ticket_row *after)
{
    after->ticket.last = w->now;
    begin(w);
    open_record(w, method, row->ticket.id);
    assert_int_equal(ticket_save(w->s, row, after, w->now), OK);
    close_record(w);
    commit(w);
    *row = *after;
}

void accept_and_resolve(struct world *w, struct ticket_row *row)
{
    struct ticket_row after = *row;
    struct ticket *t = &after.ticket;
    w->now += 1000;
    t->state = TICKET_HANDLING;
    t->dispatches[0].state = DISPATCH_ACCEPTED;
    t->dispatches[0].accepted = w->now;
    save(w, row, "ticket.accept", &after);
    w->now += 1000;
    t->state = TICKET_RESOLVED;
    t->clocks[0].run = CLOCK_STOPPED;
    t->clocks[0].stop = w->now;
    t->clocks[0].verdict = VERDICT_LATE;
    save(w, row, "ticket.resolve", &after);
}

int64_t count(struct store *s, const char *sql)
{
    struct rows r;
    assert_int_equal(rows_begin_text(s, sql, NULL, 0, &r), OK);
    assert_true(rows_next(&r));
    int64_t n = rows_int(&r, 0);
    assert_int_equal(rows_end(&r), OK);
    return n;
}

void tamper(struct world *w, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(db);
}
