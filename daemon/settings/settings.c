#include "daemon/settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/say.h"
#include "daemon/settings/setting_value.h"

static const struct setting table[SETTING_COUNT] = {
#define SETTING(section, key, type, ...) \
    {#section, #key, TYPE_##type, __VA_ARGS__},
#include "daemon/settings/settings.def"
#undef SETTING
};

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

/* The default of what may be repeated is none. */
static enum err add_listener(struct settings *s, const char *text)
{
    struct problem p;
    if (*text == '\0') {
        return OK;
    }
    if (s->n_listen == LISTENERS_MAX) {
        return ERR_LIMIT;
    }
    s->listen_text[s->n_listen] = text;
    return address_parse(text, &s->listen[s->n_listen++], &p);
}

/* One account a user: of two the first would count, and nobody would see it. */
static enum err add_peer(struct settings *s, const char *text)
{
    struct peer peer = {.text = text};
    if (*text == '\0') {
        return OK;
    }
    if (s->n_peers == PEERS_MAX) {
        return ERR_LIMIT;
    }
    if (!peer_parse(text, &peer)) {
        return ERR_BAD_PARAM;
    }
    for (int i = 0; i < s->n_peers; i++) {
        if (s->peers[i].uid == peer.uid) {
            return ERR_EXISTS;
        }
    }
    s->peers[s->n_peers++] = peer;
    return OK;
}

static enum err add(struct settings *s, enum setting_type type,
                    const char *text)
{
    return type == TYPE_LISTEN ? add_listener(s, text)
           : type == TYPE_PEER ? add_peer(s, text)
                               : OK;
}

static bool repeats(enum setting_type type)
{
    return type == TYPE_LISTEN || type == TYPE_PEER;
}

enum err settings_set(struct settings *s, enum setting_id id, const char *text,
                      enum setting_from from, struct problem *p)
{
    const struct setting *row = &table[id];
    char expected[PROBLEM_TEXT_SIZE];
    char name[SETTING_NAME_SIZE];
    int64_t number = 0;
    setting_name(id, name);
    if (!setting_read(row, text, &number)) {
        setting_expect(row, expected, sizeof expected);
        return problem_set(p, ERR_BAD_PARAM, name, expected, text);
    }
    if (s->value[id].from > from) {
        return OK;
    }
    if (s->value[id].from == from && from == FROM_FILE && !repeats(row->type)) {
        return problem_set(p, ERR_EXISTS, name,
                           say("只写一次", "to stand once"), text);
    }
    const char *kept = keep(s, text);
    enum err err = kept == NULL ? ERR_LIMIT : OK;
    if (err == OK) {
        err = add(s, row->type, kept);
    }
    if (err == ERR_EXISTS) {
        return problem_set(p, err, name,
                           say("一个用户只对应一个账号", "one account a user"),
                           text);
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
    enum setting_type type = table[id].type;
    size_t len = 0;
    out[0] = '\0';
    if (!repeats(type)) {
        snprintf(out, SETTING_LISTED_SIZE, "%s", s->value[id].text);
        return out;
    }
    int n = type == TYPE_LISTEN ? s->n_listen : s->n_peers;
    for (int i = 0; i < n && len < SETTING_LISTED_SIZE; i++) {
        len += (size_t)snprintf(
            out + len, SETTING_LISTED_SIZE - len, "%s%s", i == 0 ? "" : " ",
            type == TYPE_LISTEN ? s->listen_text[i] : s->peers[i].text);
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
