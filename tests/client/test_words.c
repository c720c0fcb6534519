/* That nothing a Chinese reader sees is left in English: every text in tr() of
 * the sources, every heading, every reason, every set of stable words. The
 * sources themselves are read, so a new text without its translation fails. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/cli/files/file.h"
#include "client/cli/language/catalogue.h"
#include "client/cli/language/lang.h"
#include "client/cli/language/phrase.h"
#include "client/cli/language/words.h"
#include "core/lifecycle.h"
#include "core/regulation.h"
#include "core/ticket.h"
#include "proto/command.h"

/* Translated: other than the text, or known to be the same in both. */
static void translated(const char *text)
{
    if (strcmp(tr(text), text) == 0 && strcmp(text, "zh or en") != 0) {
        fail_msg("no Chinese for \"%s\"", text);
    }
}

/* Reads C string literals, adjacent ones joined, from `at`; false at once if
 * none begins there. */
static bool literal(const char *at, char *out, size_t size)
{
    size_t len = 0;
    for (;;) {
        at += strspn(at, " \n\t");
        if (*at != '"') {
            break;
        }
        for (at++; *at != '"'; at++) {
            at += *at == '\\' ? 1 : 0;
            assert_true(*at != '\0' && len + 1 < size);
            out[len++] = *at;
        }
        at++;
    }
    out[len] = '\0';
    return len > 0;
}

static int check_source(const char *path)
{
    char *text = NULL;
    size_t len = 0;
    char out[512];
    int n = 0;
    assert_int_equal(file_read(path, 1 << 20, &text, &len, NULL), OK);
    for (const char *at = text; (at = strstr(at, "tr(")) != NULL; at += 3) {
        bool call = at > text && strchr(" (!,\t\n", at[-1]) != NULL;
        if (call && literal(at + 3, out, sizeof out)) {
            translated(out);
            n++;
        }
    }
    free(text);
    return n;
}

/* A folder and all below it; 0 if `path` is none. */
static int check_folder(const char *path)
{
    int n = 0;
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return 0;
    }
    for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        char inside[512];
        size_t len = strlen(e->d_name);
        (void)snprintf(inside, sizeof inside, "%s/%s", path, e->d_name);
        if (len > 2 && strcmp(e->d_name + len - 2, ".c") == 0) {
            n += check_source(inside);
        } else if (e->d_name[0] != '.') {
            n += check_folder(inside);
        }
    }
    assert_int_equal(closedir(folder), 0);
    return n;
}

static void test_sources(void **state)
{
    (void)state;
    assert_true(check_folder("client/cli/commands/login") >= 5);
    assert_true(check_folder("client/cli") >= 60);
}

static void test_headings(void **state)
{
    (void)state;
    size_t n = 0;
    for (; heading_english(n) != NULL; n++) {
        translated(heading_english(n));
    }
    assert_true(n >= 100);
    char out[WORD_SIZE];
    assert_string_equal(heading("brand_new", out), "brand new");
    assert_string_equal(heading("overdue_total", out), "累计超时");
}

/* The columns that the command line itself makes, and those of the reports
 * promised to the outside. */
static void test_own_columns(void **state)
{
    (void)state;
    static const char names[] =
        "lines added already_there refused seconds events_a_second sound "
        "records rows redacted head_hash first_bad reason date weekday kind "
        "name "
        "part nth counted_s provisional due from_state to_state event guard "
        "starts stops drops tickets dispatches days filed closed overdue_total "
        "overdue_still_open number ref department stop late_by chain guide "
        "category known at";
    char name[WORD_SIZE];
    char out[WORD_SIZE];
    for (const char *at = names; *at != '\0';) {
        size_t len = strcspn(at, " ");
        (void)snprintf(name, sizeof name, "%.*s", (int)len, at);
        if ((unsigned char)heading(name, out)[0] < 0x80) {
            fail_msg("no Chinese heading for %s", name);
        }
        at += len + (at[len] == ' ' ? 1 : 0);
    }
}

static void test_reasons(void **state)
{
    (void)state;
    for (int err = 1; err < ERR_COUNT; err++) {
        translated(err_text((enum err)err));
    }
}

static void word_is(const char *column, const char *value, const char *zh)
{
    char out[WORD_SIZE];
    assert_string_equal(word(column, value, out), zh);
}

static void test_sets(void **state)
{
    (void)state;
#define X(id, name, zh) word_is("state", name, zh);
    TICKET_STATE_MAP(X)
    DISPATCH_STATE_MAP(X)
#undef X
#define X(id, name, zh) word_is("event", name, zh);
    EVENT_MAP(X)
#undef X
#define X(id, name, zh) word_is("clock", name, zh);
    CLOCK_MAP(X)
#undef X
#define X(id, name, zh) word_is("role", name, zh);
    ROLE_MAP(X)
#undef X
    char out[WORD_SIZE];
    for (int i = 0; i < 5; i++) {
        const char *name = light_name((enum light)i);
        assert_string_not_equal(word("light", name, out), name);
    }
    word_is("kind", "lead", "主办");
    word_is("position", "lead", "链主");
    word_is("who", "clock", "时钟");
    word_is("unit", "guide", "党建指导员");
    word_is("score", "1", "非常不满意");
    word_is("starts", "sign,finish", "签收,办结");
    word_is("title", "lead", "lead"); /* free text is never touched */
    word_is("state", "newer", "newer");
}

static void phrase_is(const char *text, const char *zh)
{
    char out[PHRASE_SIZE];
    assert_string_equal(phrase(text, out), zh);
}

/* What proto says of a wrong parameter, for each type. */
static void test_expectations(void **state)
{
    (void)state;
    char text[PROBLEM_TEXT_SIZE];
    char out[PHRASE_SIZE];
    for (int i = 0; i < CMD_COUNT; i++) {
        const struct command *c = command_at(i);
        for (int j = 0; j < c->n_args; j++) {
            arg_expected(&c->args[j], text);
            if (strcmp(phrase(text, out), text) == 0) {
                fail_msg("no Chinese for \"%s\"", text);
            }
        }
    }
    phrase_is("got 'a 1|b'", "实为 'a 1|b'");
    phrase_is("an integer from 1 to 5", "1 至 5 的整数");
    phrase_is("one of a|b", "a|b 之一");
    phrase_is("something 5 new", "something 5 new");
}

static void test_guards(void **state)
{
    (void)state;
    char out[WORD_SIZE];
    static const char *const names[] = {"lead", "review", "good", "bad", "due"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_not_equal(word("guard", names[i], out), names[i]);
    }
}

/* A catalogue that lies about its offsets is refused, whole or cut. */
static void test_bad_catalogue(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t len = 0;
    const char *folder = BIHUAN_LOCALE_DIR;
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/zh_CN/LC_MESSAGES/bihuan.mo", folder);
    assert_int_equal(file_read(path, 1 << 20, &bytes, &len, NULL), OK);
    struct catalogue c = {.bytes = NULL};
    for (size_t cut = 0; cut < len; cut += 1 + cut / 50) {
        char *part = must_alloc(cut + 1);
        memcpy(part, bytes, cut);
        assert_false(catalogue_take(&c, part, cut));
        free(part);
    }
    for (size_t at = 0; at < 28; at++) {
        char kept = bytes[at];
        bytes[at] = (char)0xff;
        struct catalogue d = {.bytes = NULL};
        if (catalogue_take(&d, bytes, len)) {
            (void)catalogue_find(&d, "yes"); /* sound: must not crash */
        }
        bytes[at] = kept;
    }
    assert_true(catalogue_take(&c, bytes, len));
    assert_string_equal(catalogue_find(&c, "yes"), "是");
    assert_null(catalogue_find(&c, "no such text"));
    catalogue_done(&c);
}

static int setup(void **state)
{
    (void)state;
    lang_setup(LANG_ZH);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    lang_done();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_headings),
        cmocka_unit_test(test_own_columns),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_expectations),
        cmocka_unit_test(test_bad_catalogue),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
