#include "daemon/setup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/calendar.h"
#include "core/lifecycle.h"
#include "daemon/commands/account/one_time.h"
#include "daemon/commands/call.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/rules/seed.h"
#include "daemon/gate/weak_list.h"
#include "daemon/net/net.h"
#include "daemon/options.h"
#include "daemon/say.h"
#include "daemon/store/store.h"
#include "proto/regulation_json.h"

enum {
    PATH_SIZE = 4096
};

/* What is wrong with a data folder that is often named wrongly, and what to do;
 * NULL: nothing more is known than the problem says. */
static const char *advice(enum err err)
{
    switch (err) {
    case ERR_BUSY:
        return say("数据目录正在使用, 请先停止服务",
                   "the data folder is in use, stop the service first");
    case ERR_NOT_FOUND:
        return say("这里没有数据库, 新建用 --init",
                   "there is no database here, --init makes one");
    case ERR_UNSUPPORTED:
        return say("数据库属于其他版本: 较旧的在服务启动时升级, "
                   "较新的须用新版程序",
                   "the database is of another version: an older one is "
                   "changed when the service starts, a newer one needs the "
                   "newer program");
    default:
        return NULL;
    }
}

static void tell(const char *what, const struct problem *p)
{
    const char *known = advice(p->err);
    if (known != NULL) {
        fprintf(stderr, "bihuand: %s: %s\n", what, known);
        return;
    }
    fprintf(stderr, "bihuand: %s: %s%s%s%s%s\n", what, err_text(p->err),
            p->detail[0] == '\0' ? "" : ": ", p->detail,
            p->expected[0] == '\0' ? "" : ": ", p->expected);
}

static bool database_path(const char *data, char out[PATH_SIZE])
{
    int len = snprintf(out, PATH_SIZE, "%s/bihuan.db", data);
    return len > 0 && len < PATH_SIZE;
}

/* -- init -------------------------------------------------------------------
 */

static bool is_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    bool empty = dir != NULL;
    struct dirent *entry;
    while (empty && (entry = readdir(dir)) != NULL) {
        empty =
            strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return empty;
}

/* A folder that was empty before, so whatever is in it now is ours. */
static void empty_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char path[PATH_SIZE];
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (len < PATH_SIZE && entry->d_name[0] != '.') {
            unlink(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

static enum err make_database(const char *data, instant now,
                              const struct policy *policy,
                              struct first_account first[ADMINISTRATORS],
                              struct problem *p)
{
    char path[PATH_SIZE];
    struct store *store = NULL;
    if (!database_path(data, path)) {
        return problem_set(p, ERR_IO, "data", "a shorter path", "");
    }
    enum err err = store_open(path, STORE_CREATE, &store, p);
    if (err != OK) {
        return err;
    }
    err = store_seed(store, now, p);
    if (err == OK) {
        err = one_time_administrators(store, now, policy, "bihuand --init",
                                      first, p);
    }
    store_close(store);
    return err;
}

/* The only time that they are seen. False if they were not. */
static bool print_first(const struct first_account first[ADMINISTRATORS])
{
    printf("%s\n",
           say("三员的一次性口令(只显示这一次,首次登录时须修改):",
               "one-time passwords of the three administrators (shown only "
               "this once; each is changed at the first log-in):"));
    for (int i = 0; i < ADMINISTRATORS; i++) {
        printf("%s  %s\n", first[i].code, first[i].password);
    }
    return fflush(stdout) == 0;
}

static enum err make_folder(const char *data, instant now,
                            const struct policy *policy, struct problem *p)
{
    struct first_account first[ADMINISTRATORS];
    enum err err = make_database(data, now, policy, first, p);
    if (err == OK) {
        printf("%s: %s\n", data, say("已建立", "made"));
        err = print_first(first)
                  ? OK
                  : problem_set(p, ERR_IO, "", "", "standard output");
    }
    gnutls_memset(first, 0, sizeof first);
    return err;
}

/* Another that makes the same folder must neither count it as its own nor empty
 * it: whoever has it locked is the only one. -1: it is another's. */
static int claim(const char *data)
{
    int fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int init_claimed(const char *data, bool made, instant now,
                        const struct policy *policy)
{
    struct problem p = {.err = OK};
    if (!is_empty(data)) {
        fprintf(stderr, "bihuand: %s: %s\n", data,
                say("目录不是空的, 请给出新目录或空目录",
                    "the folder is not empty; name a new or empty one"));
        return 1;
    }
    if (make_folder(data, now, policy, &p) != OK) {
        tell(data, &p);
        empty_folder(data);
        if (made) {
            rmdir(data);
        }
        return 1;
    }
    return 0;
}

int setup_init(const char *data, instant now, const struct policy *policy)
{
    struct problem p;
    bool made = mkdir(data, 0700) == 0;
    int folder = made || errno == EEXIST ? claim(data) : -1;
    if (folder < 0) {
        bool taken = errno == EWOULDBLOCK;
        problem_set(&p, taken ? ERR_BUSY : ERR_IO, "", "", strerror(errno));
        tell(data, &p);
        return 1;
    }
    int status = init_claimed(data, made, now, policy);
    close(folder);
    return status;
}

/* -- administrators ---------------------------------------------------------
 */

int setup_administrators(const char *data, instant now,
                         const struct policy *policy)
{
    struct first_account first[ADMINISTRATORS];
    struct problem p = {.err = OK};
    struct store *store = NULL;
    char path[PATH_SIZE];
    bool told = true;
    enum err err = database_path(data, path)
                       ? store_open(path, STORE_WRITE, &store, &p)
                       : problem_set(&p, ERR_IO, "data", "a shorter path", "");
    if (err == OK) {
        err = one_time_administrators(store, now, policy,
                                      "bihuand --administrators", first, &p);
        store_close(store);
    }
    if (err == OK) {
        told = print_first(first);
        gnutls_memset(first, 0, sizeof first);
    }
    if (err == OK && !told) {
        problem_set(&p, ERR_IO, "",
                    say("再运行一次, 换发新的", "run it again for new ones"),
                    "standard output");
    }
    if (p.err != OK) {
        tell(data, &p);
    }
    return p.err == OK ? 0 : 1;
}

/* -- check ------------------------------------------------------------------
 */

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

static enum err check_database(struct checking *c)
{
    char path[PATH_SIZE];
    if (!database_path(c->data, path)) {
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
        tell(p.param[0] == '\0' ? name : p.param, &p);
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
        tell(p.param, &p);
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
            tell(say(check->zh, check->en), &c.problem);
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
