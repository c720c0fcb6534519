#include "daemon/gate/password.h"

#include <assert.h>
#include <crypt.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/gate/weak.h"
#include "proto/utf8.h"

static_assert(HASH_TEXT_SIZE >= CRYPT_OUTPUT_SIZE, "a hash fits");

enum {
    COST_MIN = 1, /* all that yescrypt has, crypt(5) */
    COST_MAX = 11
};
/* A salt where none is needed: what comes of it proves nothing. */
static const char nobody[16] = {'n', 'o', 'b', 'o', 'd', 'y'};

/* -- hashing ----------------------------------------------------------------
 */

/* A setting of yescrypt; `salt` NULL: a random one. */
static enum err setting(int cost, const char *salt, int salt_len,
                        char ret[CRYPT_GENSALT_OUTPUT_SIZE])
{
    char *made = crypt_gensalt_rn("$y$", (unsigned long)cost, salt, salt_len,
                                  ret, CRYPT_GENSALT_OUTPUT_SIZE);
    return made == NULL ? ERR_INTERNAL : OK;
}

/* `how` is a setting or a hash; of both the beginning says how. */
static enum err hash_as(const char *password, const char *how,
                        char ret[HASH_TEXT_SIZE])
{
    struct crypt_data data; /* 32 KiB, the password among them */
    data.initialized = 0;
    errno = 0;
    char *made = crypt_rn(password, how, &data, (int)sizeof data);
    enum err err = OK;
    ret[0] = '\0';
    if (made == NULL) {
        err = errno == ENOMEM ? ERR_NO_MEMORY : ERR_INTERNAL;
    } else {
        snprintf(ret, HASH_TEXT_SIZE, "%s", made);
    }
    gnutls_memset(&data, 0, sizeof data); /* not left to the optimiser */
    return err;
}

enum err password_hash(const char *password, int cost, char ret[HASH_TEXT_SIZE])
{
    char how[CRYPT_GENSALT_OUTPUT_SIZE];
    ret[0] = '\0';
    enum err err = setting(cost, NULL, 0, how);
    return err == OK ? hash_as(password, how, ret) : err;
}

enum err password_matches(const char *password, const char *hash, bool *ret)
{
    char made[HASH_TEXT_SIZE];
    size_t len = strlen(hash);
    *ret = false;
    if (strncmp(hash, "$y$", 3) != 0) {
        return OK;
    }
    enum err err = hash_as(password, hash, made);
    *ret =
        err == OK && strlen(made) == len && gnutls_memcmp(made, hash, len) == 0;
    gnutls_memset(made, 0, sizeof made);
    return err == ERR_INTERNAL ? OK : err;
}

enum err password_nobody(int cost, char ret[HASH_TEXT_SIZE])
{
    return setting(cost, nobody, sizeof nobody, ret);
}

int password_cost(const char *hash)
{
    for (int cost = COST_MIN; cost <= COST_MAX; cost++) {
        char how[CRYPT_GENSALT_OUTPUT_SIZE];
        if (setting(cost, nobody, sizeof nobody, how) != OK) {
            return 0;
        }
        size_t len = 3 + strcspn(how + 3, "$"); /* "$y$" and parameters */
        if (strncmp(hash, how, len + 1) == 0) {
            return cost;
        }
    }
    return 0;
}

/* -- rules ------------------------------------------------------------------
 */

enum {
    ROW_MAX = 4,          /* characters in a row that are still taken */
    ACCOUNT_LOOKED_AT = 3 /* a shorter account may stand in a password */
};

struct look {
    int length;
    int classes;
    int row; /* the longest */
    bool blank;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int class_of(uint32_t c)
{
    enum {
        LOWER = 1,
        UPPER = 2,
        DIGIT = 4,
        OTHER = 8
    };
    if (c >= 'a' && c <= 'z') {
        return LOWER;
    }
    if (c >= 'A' && c <= 'Z') {
        return UPPER;
    }
    return c >= '0' && c <= '9' ? DIGIT : OTHER;
}

/* Do they stand side by side on the keyboard? Small letters. */
static bool beside(char a, char b)
{
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm",
                                       "1234567890"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *at = strchr(rows[i], a);
        if (at != NULL && b != '\0' &&
            (at[1] == b || (at > rows[i] && at[-1] == b))) {
            return true;
        }
    }
    return false;
}

/* Does b go on from a as in aaaa, abcd, 4321, qwer? */
static bool goes_on(uint32_t a, uint32_t b)
{
    if (a >= 128 || b >= 128) {
        return a == b;
    }
    char x = lower((char)a);
    char y = lower((char)b);
    bool kind = class_of((uint32_t)x) == class_of((uint32_t)y);
    int step = y - x;
    return step == 0 || (kind && (step == 1 || step == -1)) || beside(x, y);
}

static struct look look_at(const char *password)
{
    struct look look = {.length = 0};
    size_t len = strlen(password);
    int kinds = 0;
    int row = 0;
    uint32_t before = 0;
    for (size_t at = 0; at < len;) {
        uint32_t c = utf8_next(password, len, &at);
        row = look.length > 0 && goes_on(before, c) ? row + 1 : 1;
        look.row = row > look.row ? row : look.row;
        look.blank |= c < ' ' || utf8_is_invisible(c);
        kinds |= class_of(c);
        before = c;
        look.length++;
    }
    for (; kinds != 0; kinds &= kinds - 1) {
        look.classes++;
    }
    return look;
}

/* Letters large or small. */
static bool contains(const char *text, const char *word)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (word[i] != '\0' && lower(text[i]) == lower(word[i])) {
            i++;
        }
        if (word[i] == '\0') {
            return true;
        }
    }
    return false;
}

/* One piece again and again, as Ab1!Ab1!Ab1!. */
static bool repeats(const char *password)
{
    size_t len = strlen(password);
    for (size_t piece = 1; piece <= len / 2; piece++) {
        if (memcmp(password, password + piece, len - piece) == 0) {
            return true;
        }
    }
    return false;
}

static enum err wrong(struct problem *p, const char *expected)
{
    return problem_set(p, ERR_BAD_PARAM, "new", expected, "");
}

enum err password_allowed(const char *password, const char *account,
                          const struct policy *policy, struct problem *p)
{
    char expected[PROBLEM_TEXT_SIZE];
    struct look look = look_at(password);
    if (look.length < policy->length) {
        snprintf(expected, sizeof expected, "at least %d characters",
                 policy->length);
        return wrong(p, expected);
    }
    if (look.classes < policy->classes) {
        snprintf(expected, sizeof expected,
                 "at least %d of: small letters, capital letters, digits, "
                 "other characters",
                 policy->classes);
        return wrong(p, expected);
    }
    if (look.blank) {
        return wrong(p, "characters that can be typed and seen");
    }
    if (strlen(account) >= ACCOUNT_LOOKED_AT && contains(password, account)) {
        return wrong(p, "a password without the account's name in it");
    }
    if (look.row > ROW_MAX || repeats(password)) {
        return wrong(p, "no row like 12345 or qwerty, no mere repetition");
    }
    if (weak_words(password)) {
        return wrong(p, "more than common words with digits and signs");
    }
    if (weak_listed(policy->weak, password)) {
        return wrong(p, "a password that is not in the list of weak ones, with "
                        "or without digits and signs at its ends");
    }
    return OK;
}

void password_rules(const struct policy *policy, char ret[PROBLEM_TEXT_SIZE])
{
    snprintf(ret, PROBLEM_TEXT_SIZE,
             "at least %d characters, %d of: small letters, capital letters, "
             "digits, other characters; not the account's name, no common "
             "password, not one of before",
             policy->length, policy->classes);
}

/* -- one-time passwords -----------------------------------------------------
 */

enum err password_one_time(char ret[ONE_TIME_SIZE])
{
    static const char letters[] = "23456789abcdefghijkmnpqrstuvwxyz";
    enum {
        GROUP = 4,
        LETTERS = 24, /* of 5 bits each */
        MASK = 31
    };
    uint8_t random[LETTERS];
    static_assert(sizeof letters == MASK + 2, "5 bits choose one");
    static_assert(LETTERS + LETTERS / GROUP == ONE_TIME_SIZE, "its size");
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return ERR_INTERNAL;
    }
    size_t len = 0;
    for (size_t i = 0; i < LETTERS; i++) {
        if (i > 0 && i % GROUP == 0) {
            ret[len++] = '-';
        }
        ret[len++] = letters[random[i] & MASK];
    }
    ret[len] = '\0';
    gnutls_memset(random, 0, sizeof random);
    return OK;
}
