/* See param_value.h. */
#include "client/cli/arguments/param_value.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/arguments/typed.h"
#include "client/cli/files/file.h"
#include "client/cli/language/words.h"
#include "core/instant.h"
#include "core/ticket.h"
#include "proto/message.h"

enum {
    NAME_BYTES = 64
};

static enum err wrong(const struct arg *arg, enum err err, const char *value,
                      struct problem *p)
{
    char expected[PROBLEM_TEXT_SIZE];
    char detail[PROBLEM_TEXT_SIZE];
    arg_expected(arg, expected);
    (void)snprintf(detail, sizeof detail, "got '%.100s'", value);
    return problem_set(p, err, arg->name, expected, detail);
}

/* -- values by type ---------------------------------------------------------
 */

static enum err make_text(const struct arg *arg, const char *text, json_t **ret,
                          struct problem *p)
{
    *ret = json_string(text);
    return *ret != NULL ? OK : wrong(arg, ERR_BAD_UTF8, "", p);
}

static enum err make_int(const struct arg *arg, const char *text, json_t **ret,
                         struct problem *p)
{
    char *end = NULL;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') {
        return wrong(arg, ERR_BAD_PARAM, text, p);
    }
    *ret = json_integer(n);
    return OK;
}

static enum err make_bool(const struct arg *arg, const char *text, json_t **ret,
                          struct problem *p)
{
    static const struct {
        const char *text;
        bool value;
    } forms[] = {{"true", true}, {"false", false}, {"yes", true}, {"no", false},
                 {"是", true},   {"否", false},    {"1", true},   {"0", false}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(text, forms[i].text) == 0) {
            *ret = json_boolean(forms[i].value);
            return OK;
        }
    }
    return wrong(arg, ERR_BAD_PARAM, text, p);
}

static enum err make_instant(const struct arg *arg, const char *text,
                             json_t **ret, struct problem *p)
{
    char out[INSTANT_TEXT_SIZE];
    instant at;
    if (instant_parse(text, strlen(text), true, &at) != OK) {
        return problem_set(p, ERR_BAD_INSTANT, arg->name,
                           "an instant like '2026-11-20 16:00' or 2026-11-20",
                           text);
    }
    *ret = json_string(instant_format(at, out));
    return OK;
}

static enum err make_limit(const struct arg *arg, const char *text,
                           json_t **ret, struct problem *p)
{
    char out[LIMIT_TEXT_SIZE];
    struct limit limit;
    if (limit_parse(text, strlen(text), &limit) != OK) {
        return wrong(arg, ERR_BAD_LIMIT, text, p);
    }
    *ret = json_string(limit_format(limit, out));
    return OK;
}

/* The stable word, or the one people read in the reader's language; the Chinese
 * one on a machine in English, too. */
static enum err make_choice(const struct arg *arg, const char *text,
                            json_t **ret, struct problem *p)
{
    char name[NAME_BYTES];
    char out[WORD_SIZE];
    for (const char *at = arg->choices; at != NULL;) {
        size_t len = strcspn(at, "|");
        assert(len < sizeof name);
        memcpy(name, at, len);
        name[len] = '\0';
        if (strcmp(text, name) == 0 ||
            strcmp(text, word(arg->name, name, out)) == 0 ||
            word_is_chinese_of(arg->name, name, text)) {
            *ret = json_string(name);
            return OK;
        }
        at = at[len] == '|' ? at + len + 1 : NULL;
    }
    return wrong(arg, ERR_BAD_PARAM, text, p);
}

/* -- values from files ------------------------------------------------------
 */

static size_t bytes_max(const struct arg *arg)
{
    return arg->high > 0 ? (size_t)arg->high : LINE_BYTES_MAX;
}

static enum err read_value(const struct arg *arg, const char *path, char **ret,
                           struct problem *p)
{
    size_t len = 0;
    char *text = NULL;
    enum err err = file_read(path, bytes_max(arg) + 2, &text, &len, p);
    if (err == OK && strlen(text) == len) {
        *ret = text;
        return OK;
    }
    if (err == OK) {
        free(text);
        err = ERR_NUL_BYTE;
        (void)problem_set(p, err, "", "", path);
    }
    (void)snprintf(p->param, sizeof p->param, "%s", arg->name);
    return err;
}

/* A file's last line end is the file's, not the text's. */
static enum err make_file_text(const struct arg *arg, const char *path,
                               json_t **ret, struct problem *p)
{
    char *text = NULL;
    enum err err = read_value(arg, path, &text, p);
    if (err != OK) {
        return err;
    }
    size_t len = strlen(text);
    if (len > 0 && text[len - 1] == '\n') {
        text[--len] = '\0';
    }
    if (len > 0 && text[len - 1] == '\r') {
        text[len - 1] = '\0';
    }
    err = make_text(arg, text, ret, p);
    free(text);
    return err;
}

static enum err parse_json(const struct arg *arg, const char *text,
                           json_t **ret, struct problem *p)
{
    enum err err = json_parse(text, strlen(text), ret, p);
    if (err != OK && p->param[0] == '\0') {
        (void)snprintf(p->param, sizeof p->param, "%s", arg->name);
    }
    return err;
}

/* What does not begin like an object is a file's name, with or without @. */
static enum err make_json(const struct given *g, json_t **ret,
                          struct problem *p)
{
    char first = g->value[strspn(g->value, " \t\r\n")];
    bool file = g->positional || (first != '{' && first != '[');
    if (!file) {
        return parse_json(g->arg, g->value, ret, p);
    }
    char *text = NULL;
    const char *path = g->value[0] == '@' ? g->value + 1 : g->value;
    enum err err = read_value(g->arg, path, &text, p);
    if (err == OK) {
        err = parse_json(g->arg, text, ret, p);
        free(text);
    }
    return err;
}

/* Of a text only a path is not taken as it stands: the daemon's folder is not
 * the one where its operator is. */
static enum err make_words(const struct given *g, json_t **ret,
                           struct problem *p)
{
    const char *value = g->value;
    if (command_index(g->command) == CMD_backup) {
        char *path = typed_path(value);
        enum err err = make_text(g->arg, path == NULL ? value : path, ret, p);
        free(path);
        return err;
    }
    if (value[0] == '@' && value[1] != '@') {
        return make_file_text(g->arg, value + 1, ret, p);
    }
    return make_text(g->arg, value[0] == '@' ? value + 1 : value, ret, p);
}

/* What is not a number may be an outside reference, which stays as it is. */
static enum err make_ticket(const struct given *g, const char *plain,
                            json_t **ret, struct problem *p)
{
    ticket_id id;
    bool number = ticket_id_parse(plain, strlen(plain), &id) == OK;
    return make_text(g->arg, number ? plain : g->value, ret, p);
}

static enum err make_plain(const struct given *g, const char *value,
                           json_t **ret, struct problem *p)
{
    switch (g->arg->type) {
    case ARG_TYPE_INT:
        return make_int(g->arg, value, ret, p);
    case ARG_TYPE_BOOL:
        return make_bool(g->arg, value, ret, p);
    case ARG_TYPE_INSTANT:
        return make_instant(g->arg, value, ret, p);
    case ARG_TYPE_LIMIT:
        return make_limit(g->arg, value, ret, p);
    case ARG_TYPE_CHOICE:
        return make_choice(g->arg, value, ret, p);
    case ARG_TYPE_TICKET:
        return make_ticket(g, value, ret, p);
    case ARG_TYPE_CODE:
    case ARG_TYPE_CREDIT:
    case ARG_TYPE_REF:
    case ARG_TYPE_MEETING:
    case ARG_TYPE_TEXT:
    case ARG_TYPE_JSON:
        break;
    }
    return make_text(g->arg, value, ret, p);
}

enum err param_value(const struct given *g, json_t **ret, struct problem *p)
{
    switch (g->arg->type) {
    case ARG_TYPE_JSON:
        return make_json(g, ret, p);
    case ARG_TYPE_TEXT:
        return make_words(g, ret, p);
    case ARG_TYPE_REF:
        return make_text(g->arg, g->value, ret, p);
    default:
        break;
    }
    char *plain = typed_plain(g->value);
    if (plain == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    enum err err = make_plain(g, plain, ret, p);
    free(plain);
    return err;
}
