#include "daemon/gate/weak.h"

#include <string.h>

/* What passwords are made of that satisfy every rule about kinds of characters
 * and are guessed all the same. Of letters only; no word need stand here that
 * is two others. */
static const char *const words[] = {
    /* what it is for */
    "password", "passwd", "passw", "pass", "pwd", "secret", "login", "changeme",
    "letmein", "welcome", "hello", "default", "temp", "test", "demo", "access",
    /* whose it is, and on what */
    "administrator", "admin", "root", "user", "guest", "manager", "master",
    "super", "system", "security", "audit", "server", "service", "support",
    "office", "oracle", "mysql", "linux", "windows", "ubuntu", "cisco",
    "huawei", "inspur", "lenovo", "tencent", "aliyun", "bihuan",
    /* rows of the keyboard, the alphabet */
    "qwerty", "qwert", "qwer", "asdfgh", "asdf", "zxcvbn", "zxcv", "qaz", "wsx",
    "edc", "rfv", "qwe", "asd", "zxc", "abcdef", "abcde", "abcd", "abc",
    /* 口令, 管理, 用户, 测试, 政务, 政府, 办公 */
    "mima", "kouling", "guanli", "guanliyuan", "yonghu", "ceshi", "zhengwu",
    "zhengfu", "bangong", "xitong", "wangluo",
    /* 中国, 我爱你, 你好 */
    "china", "zhongguo", "beijing", "shanghai", "guangzhou", "shenzhen",
    "xinjiang", "woaini", "nihao", "baobei", "laogong", "laopo",
    /* what people like */
    "iloveyou", "love", "dragon", "monkey", "football", "baseball", "sunshine",
    "princess", "superman", "batman", "shadow", "michael", "spring", "summer",
    "autumn", "winter"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A digit or a sign: what is put around a word. Characters beyond ASCII are
 * neither. */
static bool is_around(char c)
{
    return c >= ' ' && c < 0x7f && !is_letter(c);
}

/* Is c the letter (a small one), or written in its place? */
static bool stands_for(char c, char letter)
{
    static const char *const instead['z' - 'a' + 1] = {
        ['a' - 'a'] = "@4", ['e' - 'a'] = "3",  ['g' - 'a'] = "9",
        ['i' - 'a'] = "1!", ['l' - 'a'] = "1!", ['o' - 'a'] = "0",
        ['s' - 'a'] = "5$", ['t' - 'a'] = "7"};
    const char *others = instead[letter - 'a'];
    return c != '\0' && (c == letter || c == letter - 'a' + 'A' ||
                         (others != NULL && strchr(others, c) != NULL));
}

/* How long the word is if the text begins with it, 0 if it does not. One letter
 * of it must be one: 7357 is a number. */
static size_t begins_with(const char *text, const char *word)
{
    bool letters = false;
    size_t i = 0;
    for (; word[i] != '\0'; i++) {
        if (!stands_for(text[i], word[i])) {
            return 0;
        }
        letters |= is_letter(text[i]);
    }
    return letters ? i : 0;
}

/* From the front, for each place: can what is before it be split into words and
 * what is around them, and is there a word among it? */
bool weak_words(const char *password)
{
    enum {
        SPLIT = 1,
        WORD = 2
    };
    unsigned char until[PASSWORD_BYTES_MAX + 1] = {SPLIT};
    size_t len = strlen(password);
    if (len > PASSWORD_BYTES_MAX) {
        return false;
    }
    for (size_t at = 0; at < len; at++) {
        if (until[at] == 0) {
            continue;
        }
        if (is_around(password[at])) {
            until[at + 1] |= until[at];
        }
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            size_t word = begins_with(password + at, words[i]);
            if (word > 0) {
                until[at + word] |= SPLIT | WORD;
            }
        }
    }
    return (until[len] & WORD) != 0;
}

/* -- the list ---------------------------------------------------------------
 */

enum {
    CORE_MIN = 4 /* bytes; shorter ones happen in what is good */
};

void weak_init(struct weak *w)
{
    pthread_mutex_init(&w->lock, NULL); /* never fails with no attributes */
    w->list = NULL;
}

void weak_end(struct weak *w)
{
    weak_list_free(w->list);
    w->list = NULL;
    pthread_mutex_destroy(&w->lock);
}

void weak_set(struct weak *w, struct weak_list *list)
{
    pthread_mutex_lock(&w->lock);
    struct weak_list *old = w->list;
    w->list = list;
    pthread_mutex_unlock(&w->lock);
    weak_list_free(old); /* who looked has done so under the lock */
}

static bool has(const struct weak_list *list, const char *password)
{
    const char *end = password + strlen(password);
    if (weak_list_has(list, password, (size_t)(end - password))) {
        return true;
    }
    while (is_around(*password)) {
        password++;
    }
    while (end > password && is_around(end[-1])) {
        end--;
    }
    size_t len = (size_t)(end - password);
    return len >= CORE_MIN && weak_list_has(list, password, len);
}

bool weak_listed(struct weak *w, const char *password)
{
    if (w == NULL) {
        return false;
    }
    pthread_mutex_lock(&w->lock);
    bool ret = w->list != NULL && has(w->list, password);
    pthread_mutex_unlock(&w->lock);
    return ret;
}
