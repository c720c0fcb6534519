/* One value of a setting: whether a text is one, and what would be. */
#include "daemon/settings/setting_value.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/say.h"
#include "proto/command.h"

/* -- one value: true if it is one ------------------------------------------
 */

static bool read_number(const char *text, int64_t *ret, const char **end)
{
    enum {
        DIGITS_MAX = 15
    };
    size_t digits = strspn(text, "0123456789");
    *ret = strtoll(text, NULL, 10);
    *end = text + digits;
    return digits > 0 && digits <= DIGITS_MAX;
}

/* 16777216, 16384K, 16M; at most 10^15, so shifting overflows nothing that the
 * bounds would let pass. */
static bool read_size(const char *text, int64_t *ret)
{
    static const char units[] = "KMG";
    const char *end = NULL;
    if (!read_number(text, ret, &end)) {
        return false;
    }
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);
    if (unit == NULL) {
        return *end == '\0';
    }
    int shift = 10 * (int)(unit - units + 1);
    bool fits = *ret <= INT64_MAX >> shift;
    *ret = fits ? *ret << shift : 0;
    return fits && end[1] == '\0';
}

static bool read_choice(const char *choices, const char *text, int64_t *ret)
{
    size_t len = strlen(text);
    const char *word = choices;
    for (*ret = 0; *word != '\0'; *ret += 1) {
        size_t n = strcspn(word, " ");
        if (n == len && memcmp(word, text, n) == 0) {
            return true;
        }
        word += n + (word[n] == ' ');
    }
    return false;
}

static bool is_path(const char *text)
{
    return *text == '\0' || *text == '/';
}

/* A password in it would be shown by --check and by the process list. */
static bool is_proxy(const char *text)
{
    bool known = strncmp(text, "http://", 7) == 0 ||
                 strncmp(text, "https://", 8) == 0 ||
                 strncmp(text, "socks5h://", 10) == 0;
    return *text == '\0' || (known && strchr(text, '@') == NULL);
}

static bool read_uid(const char *user, uid_t *ret)
{
    const char *end = NULL;
    int64_t number = 0;
    if (read_number(user, &number, &end) && *end == '\0') {
        *ret = (uid_t)number;
        return number < UINT32_MAX; /* the last one means: nobody known */
    }
    const struct passwd *known = getpwnam(user);
    *ret = known == NULL ? 0 : known->pw_uid;
    return known != NULL;
}

bool peer_parse(const char *text, struct peer *ret)
{
    char user[SETTING_TEXT_SIZE];
    const char *equals = strchr(text, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - text);
    if (len == 0 || len >= sizeof user ||
        !code_ok(equals + 1, strlen(equals + 1))) {
        return false;
    }
    memcpy(user, text, len);
    user[len] = '\0';
    snprintf(ret->account, sizeof ret->account, "%s", equals + 1);
    return read_uid(user, &ret->uid);
}

bool setting_read(const struct setting *row, const char *text, int64_t *ret)
{
    const char *end = NULL;
    struct address address;
    struct peer peer;
    *ret = 0;
    switch (row->type) {
    case TYPE_PATH:
        return is_path(text);
    case TYPE_LISTEN:
        return *text == '\0' || address_parse(text, &address, NULL) == OK;
    case TYPE_PEER:
        return *text == '\0' || peer_parse(text, &peer);
    case TYPE_CHOICE:
        return read_choice(row->choices, text, ret);
    case TYPE_NUMBER:
        return read_number(text, ret, &end) && *end == '\0' &&
               *ret >= row->low && *ret <= row->high;
    case TYPE_SIZE:
        return read_size(text, ret) && *ret >= row->low && *ret <= row->high;
    case TYPE_PROXY:
        return is_proxy(text);
    }
    return false;
}

/* -- what is expected -------------------------------------------------------
 */

static const char *show_size(int64_t bytes, char out[32])
{
    static const char units[] = "\0KMG";
    int i = 0;
    while (i < 3 && bytes != 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        i++;
    }
    snprintf(out, 32, "%lld%.1s", (long long)bytes, &units[i]);
    return out;
}

static void expect_range(const struct setting *row, char *out, size_t size)
{
    char low[32];
    char high[32];
    if (row->type == TYPE_SIZE) {
        snprintf(out, size, say("%s 至 %s 的大小", "a size from %s to %s"),
                 show_size(row->low, low), show_size(row->high, high));
    } else {
        snprintf(out, size,
                 say("%lld 至 %lld 的整数", "a whole number from %lld to %lld"),
                 (long long)row->low, (long long)row->high);
    }
}

void setting_expect(const struct setting *row, char *out, size_t size)
{
    switch (row->type) {
    case TYPE_PATH:
        snprintf(out, size, "%s", say("绝对路径", "an absolute path"));
        return;
    case TYPE_LISTEN:
        snprintf(out, size,
                 say("unix:PATH(路径最多 %zu 字节)、tcp:HOST:PORT、"
                     "tls:HOST:PORT 或 plain:HOST:PORT",
                     "unix:PATH (of at most %zu bytes), tcp:HOST:PORT, "
                     "tls:HOST:PORT or plain:HOST:PORT"),
                 sizeof((struct address *)NULL)->path - 1);
        return;
    case TYPE_PEER:
        snprintf(out, size, "%s",
                 say("UID=ACCOUNT 或本机用户名=ACCOUNT",
                     "UID=ACCOUNT or USER=ACCOUNT of a user of this machine"));
        return;
    case TYPE_CHOICE:
        snprintf(out, size, say("其中之一: %s", "one of: %s"), row->choices);
        return;
    case TYPE_NUMBER:
    case TYPE_SIZE:
        expect_range(row, out, size);
        return;
    case TYPE_PROXY:
        snprintf(out, size, "%s",
                 say("http://HOST:PORT, 不含用户名和密码",
                     "http://HOST:PORT, without user and password"));
        return;
    }
}
