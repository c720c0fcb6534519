/* Weak passwords: common words with what is put around them, and a site's
 * list: what is read of a text, what is refused of one, what it finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/gate/password.h"
#include "daemon/gate/weak.h"

/* -- words ------------------------------------------------------------------
 */

static void test_words(void **state)
{
    static const char *const weak[] = {
        "Admin@12345",     "Admin@123456",     "P@ssw0rd2026", "P@ssw0rd123",
        "Bihuan@2026",     "Qwer!12345",       "Qwer@12345",   "Abc@123456",
        "Huawei@123",      "Huawei@123456",    "Abcd@2026",    "Abcd@20261121",
        "Changeme_123",    "Woaini@1314520",   "Zhengwu#2026", "Mima123456!",
        "Xinjiang@2026",   "1qaz@WSX3edc",     "1qaz@WSX",     "@dm1n1str@tor",
        "Adm1n@888888",    "Pa$$w0rd!",        "P455W0RD#1",   "r00t@Abc123",
        "Huawei@Admin123", "Admin_Root_2026!", "2026!Summer",  "!!LetMe1n!!",
        "Administrator 1", "5h@d0w--2026",     "Test2026#",    "abc"};
    (void)state;
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        if (!weak_words(weak[i])) {
            fail_msg("taken: %s", weak[i]);
        }
    }
}

/* One letter that is of no word is enough; so are characters beyond ASCII. */
static void test_no_words(void **state)
{
    static const char *const good[] = {
        "",
        "Xq7-Zaun12",
        "Neu-Haus-71",
        "Admin@12345x",
        "xP@ssw0rd2026",
        "Adxmin@12345",
        "correct horse battery staple",
        "Gate 7 opens at dawn",
        "the admin of the harbour sleeps",
        "pass the salt, Wang",
        "love is not a password",
        "shanghai-express leaves",
        "wo ai chi hongshao rou 2026",
        "口令Admin@12345",
        "密码要长一些2026",
        "7357-2026-0815",      /* no letter: a number is no word */
        "82736451908273645190" /* for a site that asks for one kind */
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (weak_words(good[i])) {
            fail_msg("refused: %s", good[i]);
        }
    }
}

/* As long as a password may be; and longer, for whoever asks. */
static void test_long_words(void **state)
{
    char text[PASSWORD_BYTES_MAX + 3];
    (void)state;
    memset(text, '1', sizeof text);
    memcpy(text, "admin", 5);
    text[PASSWORD_BYTES_MAX] = '\0';
    assert_true(weak_words(text));
    memset(text, '1', sizeof text);
    memcpy(text + PASSWORD_BYTES_MAX - 5, "admin", 6);
    assert_true(weak_words(text));
    text[PASSWORD_BYTES_MAX - 1] = 'm';
    assert_false(weak_words(text));
    memset(text, 'a', sizeof text);
    text[PASSWORD_BYTES_MAX + 2] = '\0';
    assert_false(weak_words(text));
}

/* -- a list -----------------------------------------------------------------
 */

static struct weak_list *make(const char *text, size_t len)
{
    struct weak_list *list = NULL;
    struct problem p = {.err = OK};
    if (weak_list_make("x", text, len, &list, &p) != OK) {
        fail_msg("%s %s", p.expected, p.detail);
    }
    return list;
}

static bool has(const struct weak_list *list, const char *text)
{
    return weak_list_has(list, text, strlen(text));
}

static void test_lines(void **state)
{
    static const char text[] = "\xEF\xBB\xBF" /* the mark of some editors */
                               "first\r\n"
                               "\r\n"
                               "\n"
                               "# no comment\n"
                               "#\n"
                               "TiGer-LiLy\n"
                               "tiger-lily\n"
                               " with blanks \n"
                               "口令\n"
                               "inner\rreturn\n"
                               "last, with no end";
    struct weak_list *list = make(text, sizeof text - 1);
    (void)state;
    assert_int_equal(weak_list_count(list), 8);
    assert_true(has(list, "first"));
    assert_true(has(list, "FIRST"));
    assert_true(has(list, "# No Comment"));
    assert_true(has(list, "#"));
    assert_true(has(list, "Tiger-Lily"));
    assert_true(has(list, " with blanks "));
    assert_true(has(list, "口令"));
    assert_true(has(list, "inner\rreturn"));
    assert_true(has(list, "last, with no end"));
    assert_false(has(list, ""));
    assert_false(has(list, "first\r"));
    assert_false(has(list, "firs"));
    assert_false(has(list, "firstt"));
    assert_false(has(list, "with blanks"));
    assert_false(has(list, "口"));
    assert_false(has(list, "comment"));
    weak_list_free(list);
}

/* Longer than any password: never equal to one, so it is passed over. */
static void test_long_line(void **state)
{
    char text[2 * PASSWORD_BYTES_MAX + 16];
    (void)state;
    memset(text, 'x', sizeof text);
    text[PASSWORD_BYTES_MAX] = '\n';
    text[2 * PASSWORD_BYTES_MAX + 2] = '\n';
    memcpy(text + sizeof text - 5, "\nend\n", 5);
    struct weak_list *list = make(text, sizeof text);
    assert_int_equal(weak_list_count(list), 3); /* 256, 257 not, 8, 3 */
    assert_true(weak_list_has(list, text, PASSWORD_BYTES_MAX));
    assert_false(weak_list_has(list, text, PASSWORD_BYTES_MAX - 1));
    assert_true(has(list, "END"));
    weak_list_free(list);
}

struct wrong {
    const char *text;
    size_t len;
    enum err err;
    const char *detail;
};

static void test_wrong_texts(void **state)
{
#define TEXT(t) t, sizeof t - 1
    static const struct wrong wrong[] = {
        {TEXT(""), ERR_BAD_PARAM, ""},
        {TEXT("\n\r\n\n"), ERR_BAD_PARAM, ""},
        {TEXT("\xEF\xBB\xBF"), ERR_BAD_PARAM, ""},
        {TEXT("a\nb\0c\n"), ERR_BAD_PARAM, "2"},
        {TEXT("\0"), ERR_BAD_PARAM, "1"},
        {TEXT("a\r\n\nb\n\xC3\xA9\nna\xEFve\n"), ERR_BAD_PARAM, "5"},
        {TEXT("cut off \xE5\x8F"), ERR_BAD_PARAM, "1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct weak_list *list = NULL;
        struct problem p = {.err = OK};
        assert_int_equal(
            weak_list_make("name", wrong[i].text, wrong[i].len, &list, &p),
            wrong[i].err);
        assert_null(list);
        assert_string_equal(p.param, "name");
        assert_string_not_equal(p.expected, "");
        assert_non_null(strstr(p.detail, wrong[i].detail));
    }
}

enum {
    LINE_SIZE = 16
};

/* n lines of their own numbers. */
static size_t write_lines(char *ret, size_t n)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        len += (size_t)snprintf(ret + len, LINE_SIZE, "%zx\n", i);
    }
    return len;
}

/* As many as there may be, each found again and none beside; one more not. */
static void test_bounds(void **state)
{
    size_t size = LINE_SIZE * (size_t)(PASSWORD_LIST_LINES_MAX + 2);
    char *text = malloc(size);
    char line[LINE_SIZE];
    struct problem p = {.err = OK};
    struct weak_list *more = NULL;
    (void)state;
    assert_non_null(text);
    size_t len = write_lines(text, PASSWORD_LIST_LINES_MAX);
    struct weak_list *list = make(text, len);
    assert_int_equal(weak_list_count(list), PASSWORD_LIST_LINES_MAX);
    for (size_t i = 0; i < 2 * PASSWORD_LIST_LINES_MAX; i += 7) {
        snprintf(line, sizeof line, "%zX", i);
        assert_int_equal(has(list, line), i < PASSWORD_LIST_LINES_MAX);
    }
    weak_list_free(list);
    len = write_lines(text, PASSWORD_LIST_LINES_MAX + 1);
    assert_int_equal(weak_list_make("x", text, len, &more, &p), ERR_LIMIT);
    assert_non_null(strstr(p.expected, "1000000"));
    free(text);
    text = malloc(PASSWORD_LIST_BYTES_MAX + 1);
    assert_non_null(text);
    memset(text, 'a', PASSWORD_LIST_BYTES_MAX + 1);
    memcpy(text, "one\n", 4);
    list = make(text, PASSWORD_LIST_BYTES_MAX);
    assert_int_equal(weak_list_count(list), 1);
    weak_list_free(list);
    assert_int_equal(
        weak_list_make("x", text, PASSWORD_LIST_BYTES_MAX + 1, &more, &p),
        ERR_LIMIT);
    assert_non_null(strstr(p.expected, "8388608"));
    free(text);
}

/* -- a file -----------------------------------------------------------------
 */

static void expect_file(const char *path, enum err err, const char *word)
{
    struct weak_list *list = NULL;
    struct problem p = {.err = OK};
    assert_int_equal(weak_list_read(path, &list, &p), err);
    assert_int_equal(list != NULL, err == OK);
    if (err != OK) {
        assert_string_equal(p.param, path);
        if (strstr(p.expected, word) == NULL) {
            fail_msg("%s: %s", p.expected, p.detail);
        }
    }
    weak_list_free(list);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void test_files(void **state)
{
    char folder[] = "/tmp/weak.XXXXXX";
    char path[64];
    (void)state;
    setenv("LC_ALL", "en_US.UTF-8", 1);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/list", folder);
    expect_file(path, ERR_IO, "may be read");
    expect_file(folder, ERR_BAD_PARAM, "text file");
    assert_int_equal(mkfifo(path, 0600), 0); /* must not be waited for */
    expect_file(path, ERR_BAD_PARAM, "text file");
    assert_int_equal(unlink(path), 0);
    write_file(path, "dragon\n", 0644);
    expect_file(path, OK, "");
    write_file(path, "dragon\n", 0400);
    expect_file(path, OK, "");
    assert_int_equal(chmod(path, 0664), 0);
    expect_file(path, ERR_FORBIDDEN, "chmod go-w");
    assert_int_equal(chmod(path, 0646), 0);
    expect_file(path, ERR_FORBIDDEN, "chmod go-w");
    write_file(path, "\n", 0600);
    expect_file(path, ERR_BAD_PARAM, "at least one");
    assert_int_equal(truncate(path, PASSWORD_LIST_BYTES_MAX + 1), 0);
    expect_file(path, ERR_LIMIT, "keep the most used");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* -- the list in force ------------------------------------------------------
 */

static void put(struct weak *w, const char *text)
{
    weak_set(w, make(text, strlen(text)));
}

static void test_in_force(void **state)
{
    struct weak w;
    (void)state;
    assert_false(weak_listed(NULL, "kestrel"));
    weak_init(&w);
    assert_false(weak_listed(&w, "kestrel"));
    put(&w, "kestrel\nfox\nMoon-River-71\n密码库\n!!!\n");
    assert_true(weak_listed(&w, "Kestrel"));
    assert_true(weak_listed(&w, "moon-river-71"));
    /* with what is put at its ends */
    assert_true(weak_listed(&w, "Kestrel@2026"));
    assert_true(weak_listed(&w, "1!Kestrel"));
    assert_true(weak_listed(&w, "#2026#KESTREL 99"));
    assert_true(weak_listed(&w, "2026密码库!"));
    assert_true(weak_listed(&w, "!!!"));
    /* but no other change, and only where a word is left */
    assert_false(weak_listed(&w, "Moon-River-72"));
    assert_false(weak_listed(&w, "Kestrel-Fox"));
    assert_false(weak_listed(&w, "K3strel@2026"));
    assert_true(weak_listed(&w, "fox"));
    assert_false(weak_listed(&w, "8#4!fox%19@7"));
    assert_false(weak_listed(&w, "!!!1"));
    assert_false(weak_listed(&w, ""));
    put(&w, "heron\n");
    assert_false(weak_listed(&w, "Kestrel@2026"));
    assert_true(weak_listed(&w, "Heron@2026"));
    weak_set(&w, NULL);
    assert_false(weak_listed(&w, "Heron@2026"));
    put(&w, "heron\n"); /* freed at the end */
    weak_end(&w);
}

/* What is asked of a new password asks both, behind its other rules. */
static void test_allowed(void **state)
{
    struct weak w;
    struct policy policy = {.length = 10, .classes = 3, .weak = &w};
    struct problem p;
    (void)state;
    weak_init(&w);
    put(&w, "kestrel\n");
    assert_int_equal(password_allowed("Admin@1357", "wang", &policy, &p),
                     ERR_BAD_PARAM);
    assert_string_equal(p.param, "new");
    assert_non_null(strstr(p.expected, "common words"));
    assert_int_equal(password_allowed("Kestrel@2026", "wang", &policy, &p),
                     ERR_BAD_PARAM);
    assert_string_equal(p.param, "new");
    assert_non_null(strstr(p.expected, "list of weak ones"));
    assert_null(strstr(p.expected, "estrel"));
    assert_string_equal(p.detail, "");
    assert_int_equal(password_allowed("Kestrel@Hut2026", "wang", &policy, &p),
                     OK);
    policy.weak = NULL;
    assert_int_equal(password_allowed("Kestrel@2026", "wang", &policy, &p), OK);
    assert_int_equal(password_allowed("Admin@1357", "wang", &policy, &p),
                     ERR_BAD_PARAM);
    weak_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),      cmocka_unit_test(test_no_words),
        cmocka_unit_test(test_long_words), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_long_line),  cmocka_unit_test(test_wrong_texts),
        cmocka_unit_test(test_bounds),     cmocka_unit_test(test_files),
        cmocka_unit_test(test_in_force),   cmocka_unit_test(test_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
