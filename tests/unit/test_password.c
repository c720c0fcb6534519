/* Passwords: a published hash, what matches and what does not, the rules for
 * new ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <crypt.h>
#include <string.h>

#include "daemon/gate/password.h"

/* yescrypt's own TESTS-OK. */
#define PUBLISHED                     \
    "$y$jD5.7$LdJMENpBABJJ3hIHjB1Bi." \
    "$HboGM6qPrsK.StKYGt6KErmUYtioHreJd98oIugoNB6"

enum {
    CHEAP = 1
};

static bool matches(const char *password, const char *hash)
{
    bool ret = false;
    assert_int_equal(password_matches(password, hash, &ret), OK);
    return ret;
}

static void test_published(void **state)
{
    (void)state;
    assert_true(matches("pleaseletmein", PUBLISHED));
    assert_false(matches("pleaseletmeIn", PUBLISHED));
    assert_false(matches("", PUBLISHED));
}

/* Any program that knows crypt(3) reads our hashes. */
static void test_hash(void **state)
{
    static const char *const passwords[] = {"a", "Xq7-Zaun", "口令口令口令口令",
                                            "with a blank and \xC3\xA9"};
    (void)state;
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++) {
        char one[HASH_TEXT_SIZE];
        char two[HASH_TEXT_SIZE];
        struct crypt_data data = {.initialized = 0};
        assert_int_equal(password_hash(passwords[i], CHEAP, one), OK);
        assert_int_equal(password_hash(passwords[i], CHEAP, two), OK);
        assert_string_not_equal(one, two); /* each has its own salt */
        assert_string_equal(crypt_r(passwords[i], one, &data), one);
        assert_true(matches(passwords[i], one));
        assert_true(matches(passwords[i], two));
        assert_false(matches("another", one));
    }
}

/* All of a long password counts. */
static void test_long(void **state)
{
    char password[PASSWORD_BYTES_MAX + 1];
    char hash[HASH_TEXT_SIZE];
    (void)state;
    memset(password, 'x', sizeof password - 1);
    password[sizeof password - 1] = '\0';
    assert_int_equal(password_hash(password, CHEAP, hash), OK);
    assert_true(matches(password, hash));
    password[PASSWORD_BYTES_MAX - 1] = 'y';
    assert_false(matches(password, hash));
}

static void test_no_hash(void **state)
{
    static const char *const none[] = {
        "",     "*",      "*0",        "x",         "$y$",
        "$y$$", "$y$j",   "$y$j9T",    "$y$j9T$$$", "plain",
        "$1$a", "$6$x$y", "$gy$j9T$a", "$7$DU...."};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(matches("x", none[i]));
        assert_false(matches("", none[i]));
        assert_false(matches(none[i], none[i]));
    }
}

static void test_cost(void **state)
{
    char hash[HASH_TEXT_SIZE];
    (void)state;
    for (int cost = 1; cost <= 5; cost++) {
        assert_int_equal(password_hash("x", cost, hash), OK);
        assert_int_equal(password_cost(hash), cost);
        assert_int_equal(password_nobody(cost, hash), OK);
        assert_int_equal(password_cost(hash), cost);
        assert_false(matches("x", hash));
        assert_false(matches("", hash));
    }
    assert_int_equal(password_cost("$y$j9T$salt$hash"), 5); /* crypt(5) */
    assert_int_equal(password_cost(PUBLISHED), 0);
    assert_int_equal(password_cost(""), 0);
    assert_int_equal(password_hash("x", 12, hash), ERR_INTERNAL);
    assert_string_equal(hash, "");
}

/* -- rules ------------------------------------------------------------------
 */

static const char *refusal(const char *password, int length, int classes,
                           struct problem *p)
{
    struct policy policy = {.length = length, .classes = classes};
    *p = (struct problem){.err = OK};
    enum err err = password_allowed(password, "zhangsan", &policy, p);
    if (err == OK) {
        return "";
    }
    assert_int_equal(err, ERR_BAD_PARAM);
    assert_string_equal(p->param, "new");
    return p->expected;
}

struct rule {
    const char *password;
    int length;
    int classes;
    const char *word; /* of the refusal, "" if it is taken */
};

static const struct rule rules[] = {
    {"Xq7-Zaun12", 10, 4, ""},
    {"Xq7-Zaun1", 10, 4, "at least 10 characters"},
    /* characters, not bytes: 30 bytes are 10, 27 are 9 */
    {"口令要长一些才安全呢", 10, 1, ""},
    {"口令要长一些才安全", 10, 1, "at least 10 characters"},
    {"xqzaunmfbk", 10, 1, ""},
    {"xqzaunmfbk", 10, 2, "at least 2 of"},
    {"xqZaunmfbk", 10, 2, ""},
    {"xqZaunmfbk", 10, 3, "at least 3 of"},
    {"xqZaun7fbk", 10, 3, ""},
    {"xqZaun7fbk", 10, 4, "at least 4 of"},
    {"xqZaun7f口", 9, 4, ""}, /* Han is of the others */
    {"Xq7-Zhangsan", 8, 1, "account"},
    {"ZHANGSAN-xq7", 8, 1, "account"},
    {"Xq7-Zhang5an", 8, 1, ""},
    {"Xq7-Z12345", 8, 1, "row"},
    {"Xq7-Z1234-", 8, 1, ""},
    {"Xq7-54321Z", 8, 1, "row"},
    {"Xq7-aAbBcC", 8, 1, "row"},
    {"Xq7-aaaaaZ", 8, 1, "row"},
    {"Xq7-QWErtZ", 8, 1, "row"},
    {"Xq7-poiuyZ", 8, 1, "row"},
    {"Xq7-67890Z", 8, 1, "row"},
    {"口口口口口令Xq7", 8, 1, "row"},
    {"Xq7-Xq7-Xq7-", 8, 1, "repetition"},
    {"Xq7-Xq7-Xq", 8, 1, "repetition"},
    {"Xq7-Xq7-Zaun", 8, 1, ""},
    {"Xq7\tZaun12", 8, 1, "typed"},
    {"Xq7\nZaun12", 8, 1, "typed"},
    {"Xq7\xE2\x80\x8BZaun12", 8, 1, "typed"}, /* a space of no width */
    {"Xq7 Zaun 12", 8, 1, ""},
};

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct problem p;
        const char *said =
            refusal(rules[i].password, rules[i].length, rules[i].classes, &p);
        bool right = rules[i].word[0] == '\0'
                         ? said[0] == '\0'
                         : strstr(said, rules[i].word) != NULL;
        if (!right) {
            fail_msg("%s: said '%s'", rules[i].password, said);
        }
    }
}

/* A name of two letters would forbid too much. */
static void test_short_account(void **state)
{
    struct policy policy = {.length = 8, .classes = 1};
    struct problem p;
    (void)state;
    assert_int_equal(password_allowed("Xq7-Zaun", "xq", &policy, &p), OK);
    assert_int_equal(password_allowed("Xq7-Zaun", "xq7", &policy, &p),
                     ERR_BAD_PARAM);
}

static void test_one_time(void **state)
{
    enum {
        N = 500
    };
    static char made[N][ONE_TIME_SIZE];
    bool used[128] = {false};
    int letters = 0;
    (void)state;
    for (int i = 0; i < N; i++) {
        assert_int_equal(password_one_time(made[i]), OK);
        assert_int_equal(strlen(made[i]), ONE_TIME_SIZE - 1);
        assert_null(strpbrk(made[i], "01lo"));
        for (size_t at = 0; at < ONE_TIME_SIZE - 1; at++) {
            assert_int_equal(made[i][at] == '-', at % 5 == 4);
            used[(unsigned char)made[i][at]] = true;
        }
        for (int before = 0; before < i; before++) {
            assert_string_not_equal(made[before], made[i]);
        }
    }
    for (int c = 0; c < 128; c++) {
        letters += used[c];
    }
    assert_int_equal(letters, 33); /* 32 and the dash */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),     cmocka_unit_test(test_hash),
        cmocka_unit_test(test_long),          cmocka_unit_test(test_no_hash),
        cmocka_unit_test(test_cost),          cmocka_unit_test(test_rules),
        cmocka_unit_test(test_short_account), cmocka_unit_test(test_one_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
