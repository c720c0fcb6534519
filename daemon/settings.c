#include "daemon/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/options.h"

enum setting_type {
    TYPE_PATH,
    TYPE_LISTEN,
    TYPE_CHOICE,
    TYPE_NUMBER,
    TYPE_SIZE,
    TYPE_PROXY
};

struct setting {
    const char *section;
    const char *key;
    enum setting_type type;
    int64_t low;
    int64_t high;
    const char *choices;
    const char *standard;
    const char *zh;
    const char *en;
};

static const struct setting table[SETTING_COUNT] = {
#define SETTING(section, key, type, ...) \
    {#section, #key, TYPE_##type, __VA_ARGS__},
#include "daemon/settings.def"
#undef SETTING
};

static const char unix_prefix[] = "unix:";

const char *setting_name(enum setting_id id, char out[SETTING_NAME_SIZE])
{
    snprintf(out, SETTING_NAME_SIZE, "%s.%s", table[id].section, table[id].key);
    return out;
}

enum setting_id setting_find(const char *section, const char *key)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(table[i].section, section) == 0 &&
            (key == NULL || strcmp(table[i].key, key) == 0)) {
            return (enum setting_id)i;
        }
    }
    return SETTING_COUNT;
}

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

static bool read_value(const struct setting *row, const char *text,
                       int64_t *ret)
{
    const char *end = NULL;
    *ret = 0;
    switch (row->type) {
    case TYPE_PATH:
        return is_path(text);
    case TYPE_LISTEN:
        return *text == '\0' ||
               (strncmp(text, unix_prefix, sizeof unix_prefix - 1) == 0 &&
                text[sizeof unix_prefix - 1] != '\0');
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

static void expect(const struct setting *row, char *out, size_t size)
{
    switch (row->type) {
    case TYPE_PATH:
        snprintf(out, size, "%s", say("绝对路径", "an absolute path"));
        return;
    case TYPE_LISTEN:
        snprintf(out, size, "%s",
                 say("unix:PATH(tcp 尚未提供)", "unix:PATH (tcp comes later)"));
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

/* -- all of them ------------------------------------------------------------
 */

/* A copy that lives as long as the settings, NULL if there is no room. */
static const char *keep(struct settings *s, const char *text)
{
    size_t size = strlen(text) + 1;
    if (size > sizeof s->texts - s->used) {
        return NULL;
    }
    char *copy = memcpy(s->texts + s->used, text, size);
    s->used += size;
    return copy;
}

static enum err add_listener(struct settings *s, const char *text)
{
    if (*text == '\0') {
        return OK; /* the default: none */
    }
    if (s->n_listen == LISTENERS_MAX) {
        return ERR_LIMIT;
    }
    s->listen[s->n_listen++] = text + sizeof unix_prefix - 1;
    return OK;
}

enum err settings_set(struct settings *s, enum setting_id id, const char *text,
                      enum setting_from from, struct problem *p)
{
    const struct setting *row = &table[id];
    char expected[PROBLEM_TEXT_SIZE];
    char name[SETTING_NAME_SIZE];
    int64_t number = 0;
    setting_name(id, name);
    if (!read_value(row, text, &number)) {
        expect(row, expected, sizeof expected);
        return problem_set(p, ERR_BAD_PARAM, name, expected, text);
    }
    if (s->value[id].from > from) {
        return OK;
    }
    if (s->value[id].from == from && from == FROM_FILE &&
        row->type != TYPE_LISTEN) {
        return problem_set(p, ERR_EXISTS, name,
                           say("只写一次", "to stand once"), text);
    }
    const char *kept = keep(s, text);
    enum err err = kept == NULL ? ERR_LIMIT : OK;
    if (err == OK && row->type == TYPE_LISTEN) {
        err = add_listener(s, kept);
    }
    if (err != OK) {
        return problem_set(p, err, name, say("更少", "fewer or shorter ones"),
                           text);
    }
    s->value[id].from = from;
    s->value[id].text = kept;
    s->value[id].number = number;
    return OK;
}

void settings_init(struct settings *s)
{
    struct problem p;
    *s = (struct settings){.used = 0};
    for (int i = 0; i < SETTING_COUNT; i++) {
        /* a default that is not its own row's would be found by --check */
        (void)settings_set(s, (enum setting_id)i, table[i].standard,
                           FROM_DEFAULT, &p);
    }
}

enum log_priority settings_log_level(const struct settings *s)
{
    static const enum log_priority levels[] = {
        LOG_PRIORITY_ERROR, LOG_PRIORITY_WARNING, LOG_PRIORITY_INFO};
    return levels[s->value[SET_log_level].number];
}

const char *settings_show(const struct settings *s, enum setting_id id,
                          char out[SETTING_LISTED_SIZE])
{
    size_t len = 0;
    out[0] = '\0';
    if (table[id].type != TYPE_LISTEN) {
        snprintf(out, SETTING_LISTED_SIZE, "%s", s->value[id].text);
        return out;
    }
    for (int i = 0; i < s->n_listen && len < SETTING_LISTED_SIZE; i++) {
        int n = snprintf(out + len, SETTING_LISTED_SIZE - len, "%s%s%s",
                         i == 0 ? "" : " ", unix_prefix, s->listen[i]);
        len += (size_t)n;
    }
    return out;
}

void settings_print(const struct settings *s)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        const char *const from[] = {say("默认", "default"),
                                    say("配置文件", "file"),
                                    say("命令行", "command line")};
        char name[SETTING_NAME_SIZE];
        char value[SETTING_LISTED_SIZE];
        enum setting_id id = (enum setting_id)i;
        printf("%s = %s (%s; %s)\n", setting_name(id, name),
               settings_show(s, id, value), from[s->value[i].from],
               say(table[i].zh, table[i].en));
    }
}
