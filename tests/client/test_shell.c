/* The shell's lines: cut into words, completed, kept out of the history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/cli/shell/shell_words.h"

enum {
    TEXT_SIZE = 4096
};

static void add(char *text, const char *more, const char *end)
{
    size_t len = strlen(text);
    assert_true(len + strlen(more) + 2 < TEXT_SIZE);
    (void)snprintf(text + len, TEXT_SIZE - len, "%s%s", more, end);
}

/* Words with a bar behind each, or the error. */
static void words_are(const char *line, const char *expected)
{
    char buffer[TEXT_SIZE];
    char got[TEXT_SIZE] = "";
    const char *words[WORDS_MAX];
    int n = 0;
    struct problem p;
    (void)snprintf(buffer, sizeof buffer, "%s", line);
    if (shell_split(buffer, words, &n, &p) != OK) {
        add(got, err_name(p.err), "");
    }
    for (int i = 0; i < n; i++) {
        add(got, words[i], "|");
    }
    assert_string_equal(got, expected);
}

static void test_words(void **state)
{
    (void)state;
    words_are("", "");
    words_are("  \t\n", "");
    words_are("ticket list\n", "ticket|list|");
    words_are(" a  b\tc ", "a|b|c|");
    words_are("text='two words' x", "text=two words|x|");
    words_are("'it''s' \"a \\\"b\\\" \\\\ \\n\"", "its|a \"b\" \\ \\n|");
    words_are("a\\ b 'c\\d' e\\'f", "a b|c\\d|e'f|");
    words_are("text='' y", "text=|y|");
    words_are("'' ''", "||");
    words_are("# all of it", "");
    words_are("a #rest", "a|");
    words_are("a#b", "a#b|");
    words_are("标题='用 地'", "标题=用 地|");
    words_are("open 'here", "bad_param");
    words_are("open \"here\\\"", "bad_param");
    words_are("end\\", "end\\|");
}

static void test_many_words(void **state)
{
    (void)state;
    char line[2 * WORDS_MAX + 4] = "";
    for (int i = 0; i < WORDS_MAX; i++) {
        memcpy(line + 2 * i, "a ", 3);
    }
    const char *words[WORDS_MAX];
    struct problem p;
    int n = 0;
    assert_int_equal(shell_split(line, words, &n, &p), OK);
    assert_int_equal(n, WORDS_MAX);
    for (int i = 0; i < WORDS_MAX; i++) {
        memcpy(line + 2 * i, "a ", 3);
    }
    memcpy(line + 2 * WORDS_MAX, "a", 2);
    assert_int_equal(shell_split(line, words, &n, &p), ERR_LIMIT);
}

static void take(void *user, const char *candidate)
{
    add(user, candidate, "|");
}

static void completes(const char *line, const char *expected)
{
    char got[TEXT_SIZE] = "";
    shell_complete(line, take, got);
    assert_string_equal(got, expected);
}

static void test_completion(void **state)
{
    (void)state;
    completes("tick", "ticket|");
    completes("ticket li", "list|");
    completes("ticket.li", "");
    completes("ex", "exit|");
    completes("xyz", "");
    completes("help ticket li", "list|");
    completes("help ticket list sta", "");
    completes("ticket list sta", "state=|");
    completes("ticket list state=f", "state=filed|");
    completes("ticket list state=re", "state=review|state=resolved|");
    completes("ticket list light=red light=", "light=green|light=yellow|"
                                              "light=red|light=grey|");
    completes("ticket list light=red lig", "");
    completes("ticket list overdue=", "overdue=true|overdue=false|");
    completes("ticket list 'x y' cate", "category=|");
    completes("ticket list 'x cate", "");
    completes("enterprise add cod", "code=|");
    completes("ticket list --l", "--lang=en|--lang=zh|");
    completes("min", "mine|");
    completes("mine box=t", "box=todo|box=told|");
    completes("import f", "file=|");
    completes("import c", "close|");
    completes("login acc", "account=|");
    completes("login pass", ""); /* it is asked for */
    completes("passwd o", "");
}

/* Each stem once, and every command can be reached. */
static void test_all_commands(void **state)
{
    (void)state;
    char got[TEXT_SIZE] = "|";
    shell_complete("", take, got);
    const char *first = strstr(got, "|ticket|");
    assert_non_null(first);
    assert_null(strstr(first + 1, "|ticket|"));
    assert_non_null(strstr(got, "|report|"));
    assert_non_null(strstr(got, "|backup|"));
    assert_non_null(strstr(got, "|use|"));
    assert_null(strstr(got, "."));
}

static void test_secrets(void **state)
{
    (void)state;
    assert_true(shell_secret("hook add code=a kind=json url=x"));
    assert_true(shell_secret("hook.add code=a"));
    assert_true(shell_secret("x secret='a b'"));
    assert_true(shell_secret("x --secret abc"));
    assert_true(shell_secret("login account=wang password=x"));
    assert_true(shell_secret("login wang x"));
    assert_true(shell_secret("passwd old=a new=b"));
    assert_true(shell_secret("totp confirm code=123456"));
    assert_false(shell_secret("ticket list state=filed"));
    assert_false(shell_secret("hook list"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),      cmocka_unit_test(test_many_words),
        cmocka_unit_test(test_completion), cmocka_unit_test(test_all_commands),
        cmocka_unit_test(test_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
