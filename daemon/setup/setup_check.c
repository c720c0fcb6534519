/* --check: see setup.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/calendar.h"
#include "core/lifecycle.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/gate/weak_list.h"
#include "daemon/net/net.h"
#include "daemon/say.h"
#include "daemon/setup/data_folder.h"
#include "daemon/setup/setup.h"
#include "daemon/store/store.h"
#include "proto/regulation_json.h"

enum err setup_lifecycle(struct problem *p)
{
    char text[PROBLEM_TEXT_SIZE];
    int state = 0;
    enum flaw flaw = lifecycle_check(&lifecycle, &state);
    if (flaw == FLAW_NONE) {
        return OK;
    }
    const char *name = state < TICKET_STATE_COUNT
                           ? ticket_state_name((enum ticket_state)state)
                           : dispatch_state_name((enum dispatch_state)(
                                 state - TICKET_STATE_COUNT));
    snprintf(text, sizeof text, "lifecycle: %s: %s", name, flaw_name(flaw));
    return problem_set(p, ERR_INTERNAL, "", "", text);
}

struct checking {
    const char *data;
    struct store *store;
    struct problem problem;
};

static enum err check_lifecycle(struct checking *c)
{
    return setup_lifecycle(&c->problem);
}

/* The built-in notices against the Monday-to-Friday rule they change. */
static enum err check_calendar(struct checking *c)
{
    struct calendar *cal = malloc(sizeof *cal);
    if (cal == NULL) {
        return problem_set(&c->problem, ERR_NO_MEMORY, "", "", "");
    }
    calendar_builtin(cal);
    struct civil date = {.year = 2026, .month = 1, .day = 1};
    bool right = calendar_published(cal, date.year) &&
                 calendar_kind(cal, day_from_civil(date)) == DAY_HOLIDAY;
    free(cal);
    return right ? OK
                 : problem_set(&c->problem, ERR_BAD_CALENDAR, "", "",
                               "the built-in calendar is not whole");
}

static enum err check_regulation(struct checking *c)
{
    struct regulation *reg = malloc(sizeof *reg);
    if (reg == NULL) {
        return problem_set(&c->problem, ERR_NO_MEMORY, "", "", "");
    }
    enum err err = regulation_default(reg);
    free(reg);
    return err == OK ? OK : problem_set(&c->problem, err, "", "", "");
}

static enum err check_folder(struct checking *c)
{
    return data_folder_ours(c->data, &c->problem);
}

static enum err check_database(struct checking *c)
{
    char path[DATA_PATH_SIZE];
    if (!data_folder_database(c->data, path)) {
        return problem_set(&c->problem, ERR_IO, "data", "a shorter path", "");
    }
    return store_open(path, STORE_READ, &c->store, &c->problem);
}

static enum err check_pages(struct checking *c)
{
    struct rows rows;
    enum err err =
        rows_begin_text(c->store, "PRAGMA quick_check(1)", NULL, 0, &rows);
    if (err != OK) {
        return problem_set(&c->problem, err, "", "", "");
    }
    bool sound = rows_next(&rows) && strcmp(rows_text(&rows, 0), "ok") == 0;
    if (!sound) {
        problem_set(&c->problem, ERR_CORRUPT, "", "", rows_text(&rows, 0));
    }
    err = rows_end(&rows);
    return sound ? err : ERR_CORRUPT;
}

/* Every table, index and trigger with its text: what a new database has is
 * what this one must have, no less and no more. */
static enum err read_schema(struct store *s, uint8_t ret[32])
{
    struct rows rows;
    enum err err = rows_begin_text(
        s,
        "SELECT coalesce(group_concat(line, char(10)), '') FROM"
        " (SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line"
        " FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY line)",
        NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    const char *text = rows_next(&rows) ? rows_text(&rows, 0) : "";
    store_digest(text, strlen(text), ret);
    return rows_end(&rows);
}

static enum err check_schema(struct checking *c)
{
    uint8_t there[32];
    uint8_t wanted[32];
    struct store *pattern = NULL;
    enum err err = store_open(":memory:", STORE_CREATE, &pattern, &c->problem);
    if (err != OK) {
        return err;
    }
    err = read_schema(pattern, wanted);
    store_close(pattern);
    if (err == OK) {
        err = read_schema(c->store, there);
    }
    if (err != OK) {
        return problem_set(&c->problem, err, "", "", "");
    }
    return memcmp(there, wanted, sizeof there) == 0
               ? OK
               : problem_set(&c->problem, ERR_CORRUPT, "",
                             "the tables that this version makes", "");
}

static enum err check_rulebook(struct checking *c)
{
    struct rulebook *book = NULL;
    enum err err = rulebook_load(c->store, &book, &c->problem);
    rulebook_free(book);
    return err;
}

/* Nothing is said where there is none. */
static enum err check_certificate(const struct settings *settings, instant now)
{
    struct problem p = {.err = OK};
    const char *name = say("证书与私钥", "certificate and key");
    char text[INSTANT_TEXT_SIZE];
    instant ends = 0;
    enum err err = net_check(settings, &ends, &p);
    if (err == OK && ends == 0) {
        return OK;
    }
    if (err == OK && ends <= now) {
        err = problem_set(&p, ERR_BAD_PARAM, "", instant_format(ends, text),
                          say("证书已过期", "the certificate has ended"));
    }
    printf("%s: %s\n", name, err == OK ? "ok" : "--");
    if (err != OK) {
        data_folder_tell(p.param[0] == '\0' ? name : p.param, &p);
    }
    return err;
}

static enum err check_weak_list(const struct settings *settings)
{
    struct problem p = {.err = OK};
    const char *path = settings->value[SET_password_list].text;
    struct weak_list *list = NULL;
    if (path[0] == '\0') {
        return OK;
    }
    enum err err = weak_list_read(path, &list, &p);
    weak_list_free(list);
    printf("%s: %s\n", say("弱口令库", "list of weak passwords"),
           err == OK ? "ok" : "--");
    if (err != OK) {
        data_folder_tell(p.param, &p);
    }
    return err;
}

struct check {
    enum err (*run)(struct checking *c);
    const char *zh;
    const char *en;
    bool of_data;
};

/* clang-format off */
static const struct check checks[] = {
    {check_lifecycle,  "生命周期闭环", "lifecycle closes",       false},
    {check_calendar,   "内置日历",     "built-in calendar",      false},
    {check_regulation, "示范规程",     "default regulation",     false},
    {check_folder,     "数据目录",     "data folder is ours",    true},
    {check_database,   "数据库打开",   "database opens",         true},
    {check_pages,      "数据库完好",   "database is sound",      true},
    {check_schema,     "数据表结构",   "tables are ours",        true},
    {check_rulebook,   "规程与日历",   "regulations, calendars", true},
};
/* clang-format on */

static int check_parts(const char *data)
{
    struct checking c = {.data = data};
    int status = 0;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const struct check *check = &checks[i];
        if (check->of_data && (data == NULL || status != 0)) {
            continue;
        }
        enum err err = check->run(&c);
        printf("%s: %s\n", say(check->zh, check->en), err == OK ? "ok" : "--");
        if (err != OK) {
            data_folder_tell(say(check->zh, check->en), &c.problem);
            status = 1;
        }
    }
    if (c.store != NULL) {
        store_close(c.store);
    }
    return status;
}

int setup_check(const char *data, const struct settings *settings)
{
    enum err pair = check_certificate(settings, (instant)time(NULL));
    enum err list = check_weak_list(settings);
    int status = check_parts(data);
    return pair == OK && list == OK ? status : 1;
}
