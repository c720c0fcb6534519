/* See world.h. */
#include "lib/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/commands/account/hasher.h"
#include "daemon/commands/call_run.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/rules/seed.h"
#include "daemon/commands/ticket/deadlines.h"
#include "daemon/commands/view/digest.h"
#include "daemon/files/uploads.h"
#include "daemon/store/verify.h"
#include "proto/message.h"

static instant at(const char *text)
{
    instant ret = 0;
    assert_int_equal(instant_parse(text, strlen(text), false, &ret), OK);
    return ret;
}

void world_open(struct world *w, const char *now)
{
    static int number;
    struct problem p = {.err = OK};
    *w = (struct world){.now = at(now)};
    message_setup();
    policy_default(&w->policy);
    w->policy.cost = 1;
    snprintf(w->path, sizeof w->path, ":memory:world%d", ++number);
    assert_int_equal(store_open(w->path, STORE_CREATE, &w->writer, &p), OK);
    if (store_seed(w->writer, w->now, &p) != OK) {
        fail_msg("seed: %s %s %s", p.param, p.expected, p.detail);
    }
    assert_int_equal(store_open(w->path, STORE_READ, &w->reader, &p), OK);
    assert_int_equal(rulebook_load(w->writer, &w->book, &p), OK);
}

void world_files(struct world *w)
{
    struct problem p = {.err = OK};
    snprintf(w->data, sizeof w->data, "/tmp/bihuan-files-XXXXXX");
    assert_non_null(mkdtemp(w->data));
    assert_int_equal(uploads_open(w->data, &w->uploads, &p), OK);
}

static void drop_files(struct world *w)
{
    char folder[96];
    if (w->uploads == NULL) {
        return;
    }
    files_remove_all(uploads_files(w->uploads));
    uploads_close(w->uploads);
    snprintf(folder, sizeof folder, "%s/uploads", w->data);
    assert_int_equal(rmdir(folder), 0); /* nothing was left */
    assert_int_equal(rmdir(w->data), 0);
}

void world_close(struct world *w)
{
    drop_files(w);
    json_decref(w->result);
    rulebook_free(w->book);
    store_close(w->reader);
    store_close(w->writer);
}

static json_t *parse(const char *params)
{
    char *text = malloc(strlen(params) + 1);
    assert_non_null(text);
    for (size_t i = 0; i <= strlen(params); i++) {
        text[i] = (char)(params[i] == '\'' ? '"' : params[i]);
    }
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    if (json == NULL) {
        fail_msg("%s: %s", error.text, text);
    }
    free(text);
    return json;
}

/* Who runs it: an account as it is claimed, or who shows credentials. */
struct sender {
    const char *as;
    const struct credentials *who; /* NULL: `as` */
};

static enum err run(struct call *c, const struct sender *sender)
{
    return sender->who == NULL ? call_run(c, sender->as)
                               : call_run_for(c, sender->who);
}

static enum err run_read(struct world *w, struct call *c,
                         const struct sender *sender)
{
    assert_int_equal(store_snapshot(w->reader), OK);
    c->store = w->reader;
    c->head = store_head(w->reader);
    enum err err = run(c, sender);
    store_release(w->reader);
    return err;
}

/* As the waiting room for hashes does it, see daemon/commands/account/hasher.h.
 */
static void prove(struct world *w, struct call *c, const struct sender *sender,
                  struct proof *ret)
{
    assert_int_equal(store_snapshot(w->reader), OK);
    c->store = w->reader;
    ret->err = sender->who == NULL ? call_admit(c, sender->as)
                                   : call_admit_for(c, sender->who);
    ret->problem = c->problem;
    if (ret->err == OK) {
        hasher_prove(c, ret);
    }
    store_release(w->reader);
}

static enum err run_write(struct world *w, struct call *c,
                          const struct sender *sender)
{
    bool fatal = false;
    struct proof proof = {.err = OK};
    if ((c->command->roles & COMMAND_HASHED) != 0) {
        prove(w, c, sender, &proof);
        c->proof = &proof;
    }
    assert_int_equal(store_begin(w->writer), OK);
    c->store = w->writer;
    enum err err = run(c, sender);
    c->proof = NULL;
    assert_int_equal(store_commit(w->writer, &fatal), OK);
    if (err == OK && c->book_changed) {
        rulebook_free(w->book);
        assert_int_equal(rulebook_load(w->writer, &w->book, &c->problem), OK);
    }
    return err;
}

static enum err try_command(struct world *w, const struct sender *sender,
                            const char *method, const char *params)
{
    struct value values[ARGS_MAX];
    json_t *json = parse(params);
    struct call c = {.command = command_find(method),
                     .values = values,
                     .book = w->book,
                     .at = w->now,
                     .recorded = w->now,
                     .policy = &w->policy,
                     .source = w->source,
                     .uploads = w->uploads};
    assert_non_null(c.command);
    json_decref(w->result);
    w->result = NULL;
    w->problem = (struct problem){.err = OK};
    enum err err = command_check(c.command, json, values, &w->problem);
    if (err == OK) {
        err = c.command->effect == EFFECT_WRITE ? run_write(w, &c, sender)
                                                : run_read(w, &c, sender);
        w->problem = c.problem;
    }
    w->result = c.result;
    w->seq = c.seq;
    json_decref(json);
    return err;
}

enum err world_try(struct world *w, const char *as, const char *method,
                   const char *params)
{
    struct sender sender = {.as = as};
    return try_command(w, &sender, method, params);
}

enum err world_try_token(struct world *w, const char *token, const char *method,
                         const char *params)
{
    struct credentials who = {.token = token, .source = w->source};
    struct sender sender = {.who = &who};
    return try_command(w, &sender, method, params);
}

void world_do(struct world *w, const char *as, const char *method,
              const char *params)
{
    enum err err = world_try(w, as, method, params);
    if (err != OK) {
        fail_msg("%s %s as %s: %s: %s expected %s; %s", method, params,
                 as == NULL ? "operator" : as, err_name(err), w->problem.param,
                 w->problem.expected, w->problem.detail);
    }
}

void world_dof(struct world *w, const char *as, const char *method,
               const char *format, ...)
{
    char params[4096];
    va_list list;
    va_start(list, format);
    vsnprintf(params, sizeof params, format, list);
    va_end(list);
    world_do(w, as, method, params);
}

/* -- time --------------------------------------------------------------------
 */

int world_fire(struct world *w)
{
    bool more = true;
    int all = 0;
    while (more) {
        int fired = 0;
        bool fatal = false;
        assert_int_equal(store_begin(w->writer), OK);
        assert_int_equal(deadlines_fire(w->writer, w->book, w->now, false, 100,
                                        &fired, &more),
                         OK);
        bool told = true;
        while (told) {
            assert_int_equal(digest_fire(w->writer, w->book, w->now, &told),
                             OK);
        }
        assert_int_equal(store_commit(w->writer, &fatal), OK);
        all += fired;
    }
    return all;
}

void world_sleep(struct world *w, const char *now)
{
    instant to = at(now);
    assert_true(to >= w->now);
    w->now = to;
}

/* Goes from deadline to deadline, as a daemon that runs all the time. */
void world_at(struct world *w, const char *now)
{
    instant to = at(now);
    assert_true(to >= w->now);
    for (;;) {
        instant next = INSTANT_NONE;
        assert_int_equal(deadline_next(w->writer, false, &next), OK);
        if (next == INSTANT_NONE || next > to) {
            break;
        }
        w->now = next > w->now ? next : w->now;
        assert_true(world_fire(w) > 0);
    }
    w->now = to;
}

/* -- answers -----------------------------------------------------------------
 */

const char *world_text(const struct world *w, const char *member)
{
    const char *text = json_string_value(json_object_get(w->result, member));
    return text == NULL ? "" : text;
}

int64_t world_int(const struct world *w, const char *member)
{
    json_t *value = json_object_get(w->result, member);
    if (!json_is_integer(value)) {
        fail_msg("no number %s", member);
    }
    return json_integer_value(value);
}

json_t *world_rows(const struct world *w, const char *table)
{
    json_t *rows = json_object_get(json_object_get(w->result, table), "rows");
    assert_non_null(rows);
    return rows;
}

static json_t *cell(const struct world *w, const char *table, size_t row,
                    const char *column)
{
    json_t *columns =
        json_object_get(json_object_get(w->result, table), "columns");
    size_t i;
    json_t *name;
    json_array_foreach(columns, i, name)
    {
        if (strcmp(json_string_value(name), column) == 0) {
            json_t *line = json_array_get(world_rows(w, table), row);
            assert_non_null(line);
            assert_int_equal(json_array_size(line), json_array_size(columns));
            return json_array_get(line, i);
        }
    }
    fail_msg("no column %s in %s", column, table);
    return NULL;
}

const char *world_cell(const struct world *w, const char *table, size_t row,
                       const char *column)
{
    const char *text = json_string_value(cell(w, table, row, column));
    return text == NULL ? "" : text;
}

int64_t world_cell_int(const struct world *w, const char *table, size_t row,
                       const char *column)
{
    json_t *value = cell(w, table, row, column);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

int64_t world_count(struct world *w, const char *sql)
{
    struct rows rows;
    assert_int_equal(rows_begin_text(w->writer, sql, NULL, 0, &rows), OK);
    assert_true(rows_next(&rows));
    int64_t ret = rows_int(&rows, 0);
    assert_int_equal(rows_end(&rows), OK);
    return ret;
}

void world_verify(struct world *w)
{
    struct verdict_report report;
    struct problem p = {.err = OK};
    enum err err = store_verify(w->path, &report, NULL, NULL, &p);
    if (err != OK) {
        fail_msg("verify: record %d: %s", (int)report.bad_seq, report.reason);
    }
    assert_int_equal(report.records, store_head(w->writer));
}

/* -- a county ----------------------------------------------------------------
 */

static void person(struct world *w, const char *code, const char *unit,
                   const char *role)
{
    world_dof(w, NULL, "person.add",
              "{'code':'%s','name':'张三','phone':'13800001234',"
              "'unit':'%s','role':'%s'}",
              code, unit, role);
}

void world_county(struct world *w)
{
    world_do(w, NULL, "chain.add", "{'code':'boat','name':'船舶产业链'}");
    world_do(w, NULL, "committee.add",
             "{'code':'boatdw','name':'船舶党委','chain':'boat'}");
    world_do(w, NULL, "office.add", "{'code':'dcs','name':'督查室'}");
    world_do(w, NULL, "office.add", "{'code':'zhb','name':'派单办'}");
    person(w, "dp", "boatdw", "dispatcher");
    person(w, "zd", "zhb", "dispatcher");
    person(w, "sup", "dcs", "supervisor");
    static const char *const departments[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) {
        char code[8];
        const char *d = departments[i];
        world_dof(w, NULL, "department.add", "{'code':'%s','name':'%s局'}", d,
                  d);
        snprintf(code, sizeof code, "%s1", d);
        person(w, code, d, "head");
        snprintf(code, sizeof code, "%s2", d);
        person(w, code, d, "handler");
    }
    world_do(w, NULL, "enterprise.add",
             "{'code':'" E1 "','name':'甲船厂','chain':'boat','position':"
             "'lead','force':true}");
    world_do(w, NULL, "enterprise.add",
             "{'code':'" E2 "','name':'乙商行','force':true}");
    person(w, "qy1", E1, "enterprise");
    person(w, "qy2", E2, "enterprise");
    person(w, "zdy", "a", "guide");
    world_do(w, NULL, "guide.assign", "{'enterprise':'" E1 "','person':'zdy'}");
}
