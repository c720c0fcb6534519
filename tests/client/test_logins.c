/* The file of kept log-ins: what is found, who is refused, and that two who
 * write at once lose nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/cli/server/logins.h"

enum {
    PATH_SIZE = 256,
    WRITERS = 4,
    EACH = 25
};

static char folder[] = "/tmp/bihuan.logins.XXXXXX";

static const char *path_of(const char *name, char out[PATH_SIZE])
{
    (void)snprintf(out, PATH_SIZE, "%s/bihuan/%s", folder, name);
    return out;
}

static int mode_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return (int)(about.st_mode & 07777);
}

static void keep(const char *server, const char *account, const char *token)
{
    struct problem p;
    struct login login = {.server = ""};
    (void)snprintf(login.server, sizeof login.server, "%s", server);
    (void)snprintf(login.account, sizeof login.account, "%s", account);
    (void)snprintf(login.token, sizeof login.token, "%s", token);
    (void)snprintf(login.ends, sizeof login.ends, "2026-11-21T20:00:00+08:00");
    assert_int_equal(logins_keep(&login, &p), OK);
}

/* "ACCOUNT TOKEN", or the error's name. */
static void finds(const char *server, const char *account, const char *expected)
{
    char got[512];
    struct problem p;
    struct login login = {.server = ""};
    enum err err = logins_find(server, account, &login, &p);
    (void)snprintf(got, sizeof got, "%s%s%s",
                   err == OK ? login.account : err_name(err),
                   err == OK ? " " : "", login.token);
    assert_string_equal(got, expected);
}

static int forget_all(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    (void)unlink(path_of("logins", path));
    return 0;
}

static void test_latest(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    struct problem p;
    finds("unix:/a", NULL, "not_found");
    keep("unix:/a", "wang", "t1");
    keep("tls:b:1", "li", "t2");
    keep("unix:/a", "li", "t3");
    finds("unix:/a", NULL, "li t3");
    finds("unix:/a", "wang", "wang t1");
    finds("tls:b:1", NULL, "li t2");
    finds("plain:b:1", NULL, "not_found"); /* another way, another trust */
    finds("unix:/a", "wan", "not_found");
    keep("unix:/a", "wang", "t4"); /* in place of t1, and the latest */
    finds("unix:/a", NULL, "wang t4");
    assert_int_equal(logins_drop("unix:/a", "wang", &p), OK);
    finds("unix:/a", "wang", "not_found");
    finds("unix:/a", NULL, "li t3");
    finds("tls:b:1", "li", "li t2");
    assert_int_equal(logins_drop("unix:/a", "nobody", &p), OK);
    assert_int_equal(mode_of(path_of("logins", path)), 0600);
    *strrchr(path, '/') = '\0';
    assert_int_equal(mode_of(path), 0700);
}

/* Written by hand, as the header says it looks. */
static void test_format(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    char got[256] = "";
    keep("unix:/a b", "wang", "t1");
    FILE *file = fopen(path_of("logins", path), "r");
    assert_non_null(file);
    assert_true(fread(got, 1, sizeof got - 1, file) > 0);
    (void)fclose(file);
    assert_string_equal(got,
                        "unix:/a b\twang\tt1\t2026-11-21T20:00:00+08:00\n");
    file = fopen(path, "a");
    assert_non_null(file);
    (void)fputs("no log-in at all\n\nunix:/c\tzhao\tt9\t\n", file);
    (void)fclose(file);
    finds("unix:/c", NULL, "zhao t9");
    finds("unix:/a b", NULL, "wang t1");
}

static void test_unfit(void **state)
{
    (void)state;
    struct problem p;
    struct login login = {.server = "unix:/a\tb", .account = "wang"};
    assert_int_equal(logins_keep(&login, &p), ERR_BAD_PARAM);
    finds("unix:/a", NULL, "not_found");
}

static void test_refused(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    char other[PATH_SIZE];
    struct problem p;
    keep("unix:/a", "wang", "t1");
    static const mode_t open_to_others[] = {0640, 0604, 0620, 0602, 0610};
    for (size_t i = 0; i < sizeof open_to_others / sizeof *open_to_others;
         i++) {
        assert_int_equal(chmod(path_of("logins", path), open_to_others[i]), 0);
        finds("unix:/a", NULL, "io_error");
        assert_int_equal(logins_drop("unix:/a", "wang", &p), ERR_IO);
        assert_non_null(strstr(p.detail, path));
        assert_non_null(strstr(p.expected, "chmod"));
    }
    assert_int_equal(chmod(path, 0600), 0);
    finds("unix:/a", NULL, "wang t1");

    (void)snprintf(other, sizeof other, "%s/bihuan", folder);
    assert_int_equal(chmod(other, 0770), 0);
    finds("unix:/a", NULL, "io_error");
    assert_int_equal(chmod(other, 0700), 0);

    /* a link may lead anywhere */
    assert_int_equal(rename(path, path_of("elsewhere", other)), 0);
    assert_int_equal(symlink(other, path), 0);
    finds("unix:/a", NULL, "io_error");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(other), 0);
}

/* What a writer that was killed left behind is in nobody's way. */
static void test_left_behind(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    FILE *file = fopen(path_of("logins.new", path), "w");
    assert_non_null(file);
    (void)fputs("half a li", file);
    (void)fclose(file);
    keep("unix:/a", "wang", "t1");
    finds("unix:/a", NULL, "wang t1");
    assert_int_equal(access(path, F_OK), -1);
}

static void write_many(int writer)
{
    for (int i = 0; i < EACH; i++) {
        char account[32];
        (void)snprintf(account, sizeof account, "w%d-%d", writer, i);
        keep("unix:/a", account, "t");
    }
}

static void test_at_once(void **state)
{
    (void)state;
    pid_t children[WRITERS];
    for (int w = 0; w < WRITERS; w++) {
        children[w] = fork();
        assert_true(children[w] >= 0);
        if (children[w] == 0) {
            write_many(w);
            _exit(0);
        }
    }
    for (int w = 0; w < WRITERS; w++) {
        int status = 0;
        assert_int_equal(waitpid(children[w], &status, 0), children[w]);
        assert_int_equal(status, 0);
    }
    for (int w = 0; w < WRITERS; w++) {
        for (int i = 0; i < EACH; i++) {
            char account[32];
            char expected[40];
            (void)snprintf(account, sizeof account, "w%d-%d", w, i);
            (void)snprintf(expected, sizeof expected, "%s t", account);
            finds("unix:/a", account, expected);
        }
    }
}

/* The oldest go when there are too many. */
static void test_many(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    keep("unix:/a", "first", "t");
    FILE *file = fopen(path_of("logins", path), "a");
    assert_non_null(file);
    for (int i = 0; i < LOGINS_MAX; i++) {
        (void)fprintf(file, "unix:/a\tw%d\tt\t\n", i);
    }
    (void)fclose(file);
    finds("unix:/a", "first", "not_found");
    finds("unix:/a", "w0", "w0 t");
    keep("unix:/a", "last", "t");
    finds("unix:/a", "w0", "not_found");
    finds("unix:/a", "w1", "w1 t");
    finds("unix:/a", NULL, "last t");
}

static void test_server_names(void **state)
{
    (void)state;
    char out[LOGIN_SERVER_SIZE];
    logins_server("tls:b:1", out);
    assert_string_equal(out, "tls:b:1");
    logins_server("unix:/run/x", out);
    assert_string_equal(out, "unix:/run/x");
    assert_int_equal(chdir("/"), 0);
    logins_server("unix:x", out);
    assert_string_equal(out, "unix://x");
    assert_int_equal(chdir("/tmp"), 0);
    logins_server("unix:x", out);
    assert_string_equal(out, "unix:/tmp/x");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || setenv("XDG_STATE_HOME", folder, 1) != 0;
}

static int remove_folder(void **state)
{
    char path[PATH_SIZE];
    (void)forget_all(state);
    (void)unlink(path_of("logins.lock", path));
    (void)snprintf(path, sizeof path, "%s/bihuan", folder);
    return rmdir(path) != 0 || rmdir(folder) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_latest, forget_all),
        cmocka_unit_test_teardown(test_format, forget_all),
        cmocka_unit_test_teardown(test_unfit, forget_all),
        cmocka_unit_test_teardown(test_refused, forget_all),
        cmocka_unit_test_teardown(test_left_behind, forget_all),
        cmocka_unit_test_teardown(test_at_once, forget_all),
        cmocka_unit_test_teardown(test_many, forget_all),
        cmocka_unit_test(test_server_names),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
