/* The command line's reading side: options, words into parameters, languages,
 * counting of equal lines, and that every LOCAL command has its code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "client/cli/arguments/options.h"
#include "client/cli/arguments/params.h"
#include "client/cli/commands/import/occurrences.h"
#include "client/cli/commands/local.h"
#include "client/cli/language/lang.h"
#include "client/cli/show/complain.h"
#include "proto/message.h"

enum {
    WORDS = 12
};

/* "ticket list|state=filed" -> command and parameters as JSON, or the error's
 * name and parameter. Words are separated by |. */
static void words_are(const char *line, const char *expected)
{
    char buffer[512];
    const char *words[WORDS];
    int n = 0;
    (void)snprintf(buffer, sizeof buffer, "%s", line);
    for (char *at = buffer; at != NULL;) {
        char *bar = strchr(at, '|');
        if (bar != NULL) {
            *bar++ = '\0';
        }
        assert_true(n < WORDS);
        words[n++] = at;
        at = bar;
    }
    const struct command *command = NULL;
    int used = 0;
    json_t *params = NULL;
    struct problem p = {.err = OK};
    char got[1024];
    enum err err = command_from_words(words, n, &command, &used, &p);
    if (err == OK) {
        err = params_parse_words(command, words + used, n - used, &params, &p);
    }
    if (err == OK) {
        int len = snprintf(got, sizeof got, "%s ", command->name);
        size_t more =
            json_dumpb(params, got + len, sizeof got - (size_t)len - 1,
                       JSON_COMPACT | JSON_SORT_KEYS);
        got[(size_t)len + more] = '\0';
        json_decref(params);
    } else {
        (void)snprintf(got, sizeof got, "%s %s", err_name(p.err), p.param);
    }
    assert_string_equal(got, expected);
}

static void test_commands(void **state)
{
    (void)state;
    words_are("ticket|list", "ticket.list {}");
    words_are("ticket.list", "ticket.list {}");
    words_are("import|close", "import.close {}");
    words_are("import|a.ndjson", "import {\"file\":\"a.ndjson\"}");
    words_are("backup|/b/new.db", "backup {\"file\":\"/b/new.db\"}");
    words_are("verify|--data|/var/x", "verify {\"data\":\"/var/x\"}");
    words_are("verify|--data=/var/x", "verify {\"data\":\"/var/x\"}");
    words_are("verify|data=/var/x", "verify {\"data\":\"/var/x\"}");
    words_are("ticket|fly", "unknown_method ticket.fly");
    words_are("tickets", "unknown_method tickets");
    words_are("deadline|what-if", "deadline.what_if {}");
    words_are("", "unknown_method ");
}

/* The daemon does not stand where its operator does. */
static void test_backup_path(void **state)
{
    (void)state;
    char folder[4096];
    char expected[4352];
    assert_non_null(getcwd(folder, sizeof folder));
    (void)snprintf(expected, sizeof expected, "backup {\"file\":\"%s/b.db\"}",
                   folder);
    words_are("backup|b.db", expected);
    words_are("backup|file=b.db", expected);
    words_are("backup|file=", "bad_param file");
}

/* As a Chinese keyboard writes them; a text and a reference stay. */
static void test_full_width(void **state)
{
    (void)state;
    words_are("deadline|due|２０２６－１１－２０　１６：００|５ｗｄ",
              "deadline.due {\"from\":\"2026-11-20T16:00:00+08:00\",\"limit\":"
              "\"5wd\"}");
    words_are("deadline|due|2026-11-20|５个工作日",
              "deadline.due {\"from\":\"2026-11-20T00:00:00+08:00\",\"limit\":"
              "\"5wd\"}");
    words_are("ticket|show|２０２６１１２０－００１",
              "ticket.show {\"ticket\":\"20261120-001\"}");
    words_are("ticket|list|limit=２０|category=ｌａｎｄ",
              "ticket.list {\"category\":\"land\",\"limit\":20}");
    words_are("ticket|show|Ａ～１", "ticket.show {\"ticket\":\"Ａ～１\"}");
    words_are("ticket|show|ref=Ａ１", "ticket.show {\"ref\":\"Ａ１\"}");
    words_are("ticket|note|20261120-001|text=５件！",
              "ticket.note {\"text\":\"５件！\",\"ticket\":\"20261120-001\"}");
}

static void test_values(void **state)
{
    (void)state;
    words_are("ticket|show|20261120-001",
              "ticket.show {\"ticket\":\"20261120-001\"}");
    words_are("deadline|due|2026-11-20|3d",
              "deadline.due {\"from\":\"2026-11-20T00:00:00+08:00\",\"limit\":"
              "\"3d\"}");
    words_are("ticket|show|ref=A-1", "ticket.show {\"ref\":\"A-1\"}");
    words_are(
        "ticket|list|state=filed|limit=20|overdue=是",
        "ticket.list {\"limit\":20,\"overdue\":true,\"state\":\"filed\"}");
    words_are("ticket|list|since=2026-11-20 16:00",
              "ticket.list {\"since\":\"2026-11-20T16:00:00+08:00\"}");
    words_are("ticket|list|since=2026-11-20|until=2026-11-20T08:00:00Z",
              "ticket.list {\"since\":\"2026-11-20T00:00:00+08:00\",\"until\":"
              "\"2026-11-20T16:00:00+08:00\"}");
    words_are("deadline|due|from=2026-11-20 16:00|limit=5个工作日",
              "deadline.due {\"from\":\"2026-11-20T16:00:00+08:00\",\"limit\":"
              "\"5wd\"}");
    words_are("deadline|explain|2026-11-20 16:00|2wh",
              "deadline.explain {\"from\":\"2026-11-20T16:00:00+08:00\","
              "\"limit\":\"2wh\"}");
    words_are("ticket|note|20261120-001|text=a=b",
              "ticket.note {\"text\":\"a=b\",\"ticket\":\"20261120-001\"}");
    words_are("ticket|note|20261120-001|text=@@home",
              "ticket.note {\"text\":\"@home\",\"ticket\":\"20261120-001\"}");
    words_are("report|overdue|by=department|known=0",
              "report.overdue {\"by\":\"department\",\"known\":0}");
}

static void test_refusals(void **state)
{
    (void)state;
    words_are("ticket|show", "bad_param ticket");
    words_are("ticket|show|20261120-001|20261120-002",
              "bad_param 20261120-002");
    words_are("ticket|show|20261120-001|ticket=20261120-001",
              "duplicate_key ticket");
    words_are("ticket|list|nme=x", "bad_param nme");
    words_are("ticket|list|--nme|x", "bad_param --nme");
    words_are("ticket|list|--state", "bad_param --state");
    words_are("ticket|list|state=flying", "bad_param state");
    words_are("ticket|list|limit=1001", "bad_param limit");
    words_are("ticket|list|limit=ten", "bad_param limit");
    words_are("ticket|list|limit=99999999999999999999", "bad_param limit");
    words_are("ticket|list|overdue=maybe", "bad_param overdue");
    words_are("ticket|list|since=yesterday", "bad_instant since");
    words_are("ticket|list|since=2026-02-30", "bad_instant since");
    words_are("deadline|due|limit=5wx", "bad_limit limit");
    words_are("ticket|note|20261120-001|text=", "bad_param text");
    words_are("ticket|note|20261120-001|text=\xff", "bad_utf8 text");
    words_are("ticket|note|20261120-001|text=@/no/such", "io_error text");
    words_are("regulation|add|/no/such", "io_error body");
}

/* The Chinese word of a choice is taken whatever the language: many a machine
 * of a Chinese office is set to English. */
static void test_choice_words(void **state)
{
    (void)state;
    lang_setup(LANG_ZH);
    words_are("ticket|list|state=办理中",
              "ticket.list {\"state\":\"handling\"}");
    lang_setup(LANG_EN);
    words_are("ticket|list|state=办理中",
              "ticket.list {\"state\":\"handling\"}");
    words_are("ticket|list|state=办完中", "bad_param state");
    lang_done();
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_files(void **state)
{
    (void)state;
    char folder[] = "/tmp/bihuan-cli-XXXXXX";
    char path[128];
    char line[512];
    char want[256];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/f", folder);

    write_file(path, "two\nlines\n");
    (void)snprintf(line, sizeof line, "ticket|note|20261120-001|text=@%s",
                   path);
    words_are(line, "ticket.note {\"text\":\"two\\nlines\",\"ticket\":"
                    "\"20261120-001\"}");

    write_file(path, "{\"year\": 2027}\n");
    (void)snprintf(line, sizeof line, "calendar|import|%s", path);
    words_are(line, "calendar.import {\"body\":{\"year\":2027}}");
    (void)snprintf(line, sizeof line, "calendar|import|body=@%s", path);
    words_are(line, "calendar.import {\"body\":{\"year\":2027}}");
    (void)snprintf(line, sizeof line,
                   "deadline|what_if|calendar=%s|regulation=@%s", path, path);
    words_are(line, "deadline.what_if {\"calendar\":{\"year\":2027},"
                    "\"regulation\":{\"year\":2027}}");
    words_are("ticket|decide-extension|20261120-001|true",
              "ticket.decide_extension {\"grant\":true,\"ticket\":"
              "\"20261120-001\"}");
    words_are("calendar|import|body={\"a\":1}",
              "calendar.import {\"body\":{\"a\":1}}");

    write_file(path, "{\"a\":1,\"a\":2}");
    (void)snprintf(line, sizeof line, "calendar|import|%s", path);
    (void)snprintf(want, sizeof want, "duplicate_key a");
    words_are(line, want);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static enum err options_of(const char *line, struct options *ret,
                           struct problem *p)
{
    static char buffer[512];
    char *argv[WORDS + 2] = {NULL};
    int argc = 0;
    (void)snprintf(buffer, sizeof buffer, "bihuan|%s", line);
    for (char *at = buffer; at != NULL;) {
        char *bar = strchr(at, '|');
        if (bar != NULL) {
            *bar++ = '\0';
        }
        argv[argc++] = at;
        at = bar;
    }
    return options_parse(argc, argv, ret, p);
}

static void test_options(void **state)
{
    (void)state;
    struct options o;
    struct problem p;
    assert_int_equal(setenv("BIHUAN_SERVER", "unix:/env", 1), 0);
    assert_int_equal(options_of("ticket|list|--format=csv|--lang|en|--after|7|"
                                "--key|k|limit=5|--bom",
                                &o, &p),
                     OK);
    assert_int_equal(o.format, FORMAT_CSV);
    assert_int_equal(o.lang, LANG_EN);
    assert_int_equal(o.after, 7);
    assert_string_equal(o.key, "k");
    assert_string_equal(o.server, "unix:/env");
    assert_true(o.bom);
    assert_int_equal(o.n_words, 3);
    assert_string_equal(o.words[2], "limit=5");

    assert_int_equal(options_of("--server|unix:/x|server|info", &o, &p), OK);
    assert_string_equal(o.server, "unix:/x");
    assert_int_equal(options_of("--as|wang|server|info", &o, &p),
                     ERR_BAD_PARAM); /* nobody is who they say they are */
    assert_int_equal(setenv("BIHUAN_ACCOUNT", "zhao", 1), 0);
    assert_int_equal(setenv("BIHUAN_CA", "", 1), 0);
    assert_int_equal(options_of("server|info", &o, &p), OK);
    assert_string_equal(o.account, "zhao");
    assert_null(o.ca); /* an empty one is none */
    assert_int_equal(options_of("--account=li|--ca|/x.pem|mine", &o, &p), OK);
    assert_string_equal(o.account, "li");
    assert_string_equal(o.ca, "/x.pem");
    assert_int_equal(unsetenv("BIHUAN_ACCOUNT"), 0);
    assert_int_equal(unsetenv("BIHUAN_CA"), 0);
    assert_int_equal(unsetenv("BIHUAN_SERVER"), 0);

    static const struct {
        const char *line;
        enum err err;
        const char *param;
    } bad[] = {{"--format|xlsx|a", ERR_UNSUPPORTED, "--format"},
               {"--format|pdf|a", ERR_BAD_PARAM, "--format"},
               {"--lang|fr|a", ERR_BAD_PARAM, "--lang"},
               {"--after|-1|a", ERR_BAD_PARAM, "--after"},
               {"--nonsense", ERR_BAD_PARAM, "--nonsense"},
               {"a|-x", ERR_BAD_PARAM, "-x"},
               {"a|--server", ERR_BAD_PARAM, "--server"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(options_of(bad[i].line, &o, &p), bad[i].err);
        assert_string_equal(p.param, bad[i].param);
    }
    /* the language behind an error still counts */
    assert_int_equal(options_of("--format|pdf|--lang|en", &o, &p),
                     ERR_BAD_PARAM);
    assert_int_equal(o.lang, LANG_EN);
}

static void environment(const char *all, const char *messages,
                        const char *general)
{
    const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *const values[] = {all, messages, general};
    for (size_t i = 0; i < 3; i++) {
        if (values[i] == NULL) {
            assert_int_equal(unsetenv(names[i]), 0);
        } else {
            assert_int_equal(setenv(names[i], values[i], 1), 0);
        }
    }
}

static void test_language(void **state)
{
    (void)state;
    static const struct {
        const char *all;
        const char *messages;
        const char *general;
        enum lang lang;
    } rows[] = {{NULL, NULL, NULL, LANG_ZH},
                {NULL, NULL, "C.UTF-8", LANG_ZH},
                {NULL, NULL, "C", LANG_ZH},
                {NULL, NULL, "POSIX", LANG_ZH},
                {NULL, NULL, "zh_CN.UTF-8", LANG_ZH},
                {NULL, NULL, "zh_TW", LANG_ZH},
                {NULL, NULL, "en_US.UTF-8", LANG_EN},
                {NULL, NULL, "de_DE.UTF-8", LANG_EN},
                {NULL, "en_GB", "zh_CN", LANG_EN},
                {"zh_CN", "en_GB", "en_US", LANG_ZH},
                {"", "", "en_US", LANG_EN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        environment(rows[i].all, rows[i].messages, rows[i].general);
        assert_int_equal(lang_from_environment(), rows[i].lang);
    }
    environment(NULL, NULL, NULL);
}

static void complaint_is(enum lang lang, const char *expected)
{
    struct problem p;
    char *text = NULL;
    size_t len = 0;
    lang_setup(lang);
    (void)problem_set(&p, ERR_BAD_PARAM, "limit", "an integer from 1 to 1000",
                      "got 0");
    FILE *out = open_memstream(&text, &len);
    complain(out, &p);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
    lang_done();
}

/* Both languages, whatever locale the machine has. */
static void test_complaints(void **state)
{
    (void)state;
    complaint_is(LANG_EN, "bihuan: a parameter is wrong [bad_param]: limit\n"
                          "  reason: got 0\n"
                          "  expected: an integer from 1 to 1000\n");
    complaint_is(LANG_ZH, "bihuan: 参数有误 [bad_param]：limit\n"
                          "  原因：实为 0\n"
                          "  应为：1 至 1000 的整数\n");
}

static void test_occurrences(void **state)
{
    (void)state;
    struct occurrences o = {.hashes = NULL};
    for (uint32_t round = 0; round < 3; round++) {
        for (int i = 0; i < 20000; i++) {
            char line[32];
            int len = snprintf(line, sizeof line, "line %d", i);
            assert_int_equal(occurrences_count(&o, line, (size_t)len), round);
        }
    }
    assert_int_equal(occurrences_count(&o, "", 0), 0);
    assert_int_equal(occurrences_count(&o, "", 0), 1);
    occurrences_done(&o);
}

static void test_local_commands(void **state)
{
    (void)state;
    int n = 0;
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        bool local = c->effect == EFFECT_LOCAL;
        bool asks = false; /* people for a secret, so it is no plain call */
        for (int j = 0; j < c->n_args; j++) {
            asks = asks || (c->args[j].flags & ARG_ASKED) != 0;
        }
        assert_int_equal(local || asks || i == CMD_logout,
                         local_find(c) != NULL);
        n += local ? 1 : 0;
    }
    assert_true(n >= 5);
}

static int setup(void **state)
{
    (void)state;
    message_setup();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_backup_path),
        cmocka_unit_test(test_full_width),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_choice_words),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_language),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_occurrences),
        cmocka_unit_test(test_local_commands),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
