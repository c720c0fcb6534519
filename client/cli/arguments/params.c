/* See params.h for the forms. What is wrong is refused here, before anything
 * is sent, with what would be right. */
#include "client/cli/arguments/params.h"

#include <assert.h>
#include <errno.h>
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

struct parse {
    const struct command *command;
    json_t *params;
    struct problem *p;
};

/* One parameter with its value as written. */
struct given {
    const struct arg *arg;
    const char *value;
    bool positional;
};

static enum err wrong(struct parse *s, const struct arg *arg, enum err err,
                      const char *value)
{
    char expected[PROBLEM_TEXT_SIZE];
    char detail[PROBLEM_TEXT_SIZE];
    arg_expected(arg, expected);
    (void)snprintf(detail, sizeof detail, "got '%.100s'", value);
    return problem_set(s->p, err, arg->name, expected, detail);
}

/* -- values by type ---------------------------------------------------------
 */

static enum err make_text(struct parse *s, const struct arg *arg,
                          const char *text, json_t **ret)
{
    *ret = json_string(text);
    return *ret != NULL ? OK : wrong(s, arg, ERR_BAD_UTF8, "");
}

static enum err make_int(struct parse *s, const struct arg *arg,
                         const char *text, json_t **ret)
{
    char *end = NULL;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') {
        return wrong(s, arg, ERR_BAD_PARAM, text);
    }
    *ret = json_integer(n);
    return OK;
}

static enum err make_bool(struct parse *s, const struct arg *arg,
                          const char *text, json_t **ret)
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
    return wrong(s, arg, ERR_BAD_PARAM, text);
}

static enum err make_instant(struct parse *s, const struct arg *arg,
                             const char *text, json_t **ret)
{
    char out[INSTANT_TEXT_SIZE];
    instant at;
    if (instant_parse(text, strlen(text), true, &at) != OK) {
        return problem_set(s->p, ERR_BAD_INSTANT, arg->name,
                           "an instant like '2026-11-20 16:00' or 2026-11-20",
                           text);
    }
    *ret = json_string(instant_format(at, out));
    return OK;
}

static enum err make_limit(struct parse *s, const struct arg *arg,
                           const char *text, json_t **ret)
{
    char out[LIMIT_TEXT_SIZE];
    struct limit limit;
    if (limit_parse(text, strlen(text), &limit) != OK) {
        return wrong(s, arg, ERR_BAD_LIMIT, text);
    }
    *ret = json_string(limit_format(limit, out));
    return OK;
}

/* The stable word, or the one people read in the reader's language. */
static enum err make_choice(struct parse *s, const struct arg *arg,
                            const char *text, json_t **ret)
{
    char name[NAME_BYTES];
    char out[WORD_SIZE];
    for (const char *at = arg->choices; at != NULL;) {
        size_t len = strcspn(at, "|");
        assert(len < sizeof name);
        memcpy(name, at, len);
        name[len] = '\0';
        if (strcmp(text, name) == 0 ||
            strcmp(text, word(arg->name, name, out)) == 0) {
            *ret = json_string(name);
            return OK;
        }
        at = at[len] == '|' ? at + len + 1 : NULL;
    }
    return wrong(s, arg, ERR_BAD_PARAM, text);
}

/* -- values from files ------------------------------------------------------
 */

static size_t bytes_max(const struct arg *arg)
{
    return arg->high > 0 ? (size_t)arg->high : LINE_BYTES_MAX;
}

static enum err read_value(struct parse *s, const struct arg *arg,
                           const char *path, char **ret)
{
    size_t len = 0;
    char *text = NULL;
    enum err err = file_read(path, bytes_max(arg) + 2, &text, &len, s->p);
    if (err == OK && strlen(text) == len) {
        *ret = text;
        return OK;
    }
    if (err == OK) {
        free(text);
        err = ERR_NUL_BYTE;
        (void)problem_set(s->p, err, "", "", path);
    }
    (void)snprintf(s->p->param, sizeof s->p->param, "%s", arg->name);
    return err;
}

/* A file's last line end is the file's, not the text's. */
static enum err make_file_text(struct parse *s, const struct arg *arg,
                               const char *path, json_t **ret)
{
    char *text = NULL;
    enum err err = read_value(s, arg, path, &text);
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
    err = make_text(s, arg, text, ret);
    free(text);
    return err;
}

static enum err parse_json(struct parse *s, const struct arg *arg,
                           const char *text, json_t **ret)
{
    enum err err = json_parse(text, strlen(text), ret, s->p);
    if (err != OK && s->p->param[0] == '\0') {
        (void)snprintf(s->p->param, sizeof s->p->param, "%s", arg->name);
    }
    return err;
}

/* What does not begin like an object is a file's name, with or without @. */
static enum err make_json(struct parse *s, const struct given *g, json_t **ret)
{
    char first = g->value[strspn(g->value, " \t\r\n")];
    bool file = g->positional || (first != '{' && first != '[');
    if (!file) {
        return parse_json(s, g->arg, g->value, ret);
    }
    char *text = NULL;
    const char *path = g->value[0] == '@' ? g->value + 1 : g->value;
    enum err err = read_value(s, g->arg, path, &text);
    if (err == OK) {
        err = parse_json(s, g->arg, text, ret);
        free(text);
    }
    return err;
}

/* Of a text only a path is not taken as it stands: the daemon's folder is not
 * the one where its operator is. */
static enum err make_words(struct parse *s, const struct arg *arg,
                           const char *value, json_t **ret)
{
    if (command_index(s->command) == CMD_backup) {
        char *path = typed_path(value);
        enum err err = make_text(s, arg, path == NULL ? value : path, ret);
        free(path);
        return err;
    }
    if (value[0] == '@' && value[1] != '@') {
        return make_file_text(s, arg, value + 1, ret);
    }
    return make_text(s, arg, value[0] == '@' ? value + 1 : value, ret);
}

/* What is not a number may be an outside reference, which stays as it is. */
static enum err make_ticket(struct parse *s, const struct given *g,
                            const char *plain, json_t **ret)
{
    ticket_id id;
    bool number = ticket_id_parse(plain, strlen(plain), &id) == OK;
    return make_text(s, g->arg, number ? plain : g->value, ret);
}

static enum err make_plain(struct parse *s, const struct given *g,
                           const char *value, json_t **ret)
{
    switch (g->arg->type) {
    case ARG_TYPE_INT:
        return make_int(s, g->arg, value, ret);
    case ARG_TYPE_BOOL:
        return make_bool(s, g->arg, value, ret);
    case ARG_TYPE_INSTANT:
        return make_instant(s, g->arg, value, ret);
    case ARG_TYPE_LIMIT:
        return make_limit(s, g->arg, value, ret);
    case ARG_TYPE_CHOICE:
        return make_choice(s, g->arg, value, ret);
    case ARG_TYPE_TICKET:
        return make_ticket(s, g, value, ret);
    case ARG_TYPE_CODE:
    case ARG_TYPE_CREDIT:
    case ARG_TYPE_REF:
    case ARG_TYPE_MEETING:
    case ARG_TYPE_TEXT:
    case ARG_TYPE_JSON:
        break;
    }
    return make_text(s, g->arg, value, ret);
}

static enum err make_value(struct parse *s, const struct given *g, json_t **ret)
{
    switch (g->arg->type) {
    case ARG_TYPE_JSON:
        return make_json(s, g, ret);
    case ARG_TYPE_TEXT:
        return make_words(s, g->arg, g->value, ret);
    case ARG_TYPE_REF:
        return make_text(s, g->arg, g->value, ret);
    default:
        break;
    }
    char *plain = typed_plain(g->value);
    if (plain == NULL) {
        return problem_set(s->p, ERR_NO_MEMORY, "", "", "");
    }
    enum err err = make_plain(s, g, plain, ret);
    free(plain);
    return err;
}

static enum err give(struct parse *s, const struct given *g)
{
    json_t *value = NULL;
    if (json_object_get(s->params, g->arg->name) != NULL) {
        return problem_set(s->p, ERR_DUPLICATE_KEY, g->arg->name, "", "");
    }
    enum err err = make_value(s, g, &value);
    if (err == OK && json_object_set_new(s->params, g->arg->name, value) != 0) {
        err = problem_set(s->p, ERR_NO_MEMORY, "", "", "");
    }
    return err;
}

/* -- which parameter a word is ----------------------------------------------
 */

static const struct arg *arg_find(const struct command *command,
                                  const char *name, size_t len)
{
    for (int i = 0; i < command->n_args; i++) {
        const struct arg *arg = &command->args[i];
        if (strlen(arg->name) == len && memcmp(arg->name, name, len) == 0) {
            return arg;
        }
    }
    return NULL;
}

/* A ticket may be named by its outside reference (proto/check.c). */
static const struct arg *arg_or_ref(const struct command *command,
                                    const char *name, size_t len)
{
    static const struct arg ref = {.name = "ref", .type = ARG_TYPE_REF};
    const struct arg *arg = arg_find(command, name, len);
    bool is_ref = len == strlen(ref.name) && memcmp(name, ref.name, len) == 0;
    return arg == NULL && is_ref && arg_find(command, "ticket", 6) != NULL
               ? &ref
               : arg;
}

/* The first one not given so far, of the required ones if there are any. */
static const struct arg *arg_next(const struct parse *s)
{
    const struct command *c = s->command;
    bool any_required = false;
    const struct arg *optional = NULL;
    for (int i = 0; i < c->n_args; i++) {
        bool asked = (c->args[i].flags & ARG_ASKED) != 0;
        bool required = !asked && (c->args[i].flags & ARG_REQUIRED) != 0;
        bool given = json_object_get(s->params, c->args[i].name) != NULL;
        any_required = any_required || required;
        if (required && !given) {
            return &c->args[i];
        }
        if (!given && !asked && optional == NULL) {
            optional = &c->args[i];
        }
    }
    return any_required ? NULL : optional;
}

static void list_names(const struct command *c, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < c->n_args && len < size; i++) {
        int n = snprintf(out + len, size - len, "%s%s=", i == 0 ? "" : " ",
                         c->args[i].name);
        len += n > 0 ? (size_t)n : 0;
    }
}

static enum err unknown(struct parse *s, const char *word, size_t len)
{
    char names[PROBLEM_TEXT_SIZE];
    char name[PROBLEM_PARAM_SIZE];
    (void)snprintf(name, sizeof name, "%.*s", (int)len, word);
    list_names(s->command, names, sizeof names);
    return problem_set(s->p, ERR_BAD_PARAM, name,
                       names[0] == '\0' ? "no parameters" : names,
                       "there is no such parameter");
}

/* The length of a parameter's name before the first '=', 0 if what stands
 * there cannot be one: then the word is a value. */
static size_t name_len(const char *word)
{
    size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
    return word[len] == '=' ? len : 0;
}

/* --NAME VALUE or --NAME=VALUE; returns the words used through *ret_used. */
static enum err give_option(struct parse *s, const char *const *words, int n,
                            int *ret_used)
{
    const char *name = words[0] + 2;
    size_t len = strcspn(name, "=");
    const struct arg *arg = arg_or_ref(s->command, name, len);
    if (arg == NULL) {
        return unknown(s, words[0], len + 2);
    }
    struct given g = {.arg = arg, .value = name + len + 1};
    *ret_used = 1;
    if (name[len] == '\0') {
        if (n < 2) {
            return problem_set(s->p, ERR_BAD_PARAM, words[0],
                               "a value behind it", "");
        }
        g.value = words[1];
        *ret_used = 2;
    }
    return give(s, &g);
}

static enum err give_word(struct parse *s, const char *word)
{
    struct given g = {.value = word, .positional = true};
    size_t len = name_len(word);
    if (len > 0) {
        g.arg = arg_or_ref(s->command, word, len);
        g.value = word + len + 1;
        g.positional = false;
    } else {
        g.arg = arg_next(s);
    }
    if (g.arg == NULL) {
        return unknown(s, word, len > 0 ? len : strlen(word));
    }
    return give(s, &g);
}

static enum err give_all(struct parse *s, const char *const *words, int n)
{
    for (int i = 0; i < n;) {
        int used = 1;
        enum err err = strncmp(words[i], "--", 2) == 0
                           ? give_option(s, words + i, n - i, &used)
                           : give_word(s, words[i]);
        if (err != OK) {
            return err;
        }
        i += used;
    }
    return OK;
}

/* All that is wrong is that a secret is not there: see ARG_ASKED. */
static bool asked_later(const struct parse *s)
{
    int i = command_arg(s->command, s->p->param);
    return i >= 0 && (s->command->args[i].flags & ARG_ASKED) != 0 &&
           json_object_get(s->params, s->p->param) == NULL;
}

enum err params_parse_words(const struct command *command,
                            const char *const *words, int n, json_t **ret,
                            struct problem *p)
{
    struct parse s = {.command = command, .params = json_object(), .p = p};
    if (s.params == NULL) {
        return problem_set(p, ERR_NO_MEMORY, "", "", "");
    }
    struct value values[ARGS_MAX];
    enum err err = give_all(&s, words, n);
    if (err == OK) {
        err = command_check(command, s.params, values, p);
    }
    if (err == ERR_BAD_PARAM && asked_later(&s)) {
        err = OK;
    }
    if (err != OK) {
        json_decref(s.params);
        return err;
    }
    *ret = s.params;
    return OK;
}
