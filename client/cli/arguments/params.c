/* See params.h for the forms. What is wrong is refused here, before anything
 * is sent, with what would be right. */
#include "client/cli/arguments/params.h"

#include <stdio.h>
#include <string.h>

#include "client/cli/arguments/param_value.h"

struct parse {
    const struct command *command;
    json_t *params;
    struct problem *p;
};

/* Everybody on the machine reads the words of a command, and the shell keeps
 * them. A file's name tells nothing. */
static bool shown(const struct given *g)
{
    bool file = g->value[0] == '@' && g->value[1] != '@';
    return (g->arg->flags & ARG_ASKED) != 0 && !file;
}

static enum err give(struct parse *s, const struct given *g)
{
    json_t *value = NULL;
    if (shown(g)) {
        return problem_set(s->p, ERR_BAD_PARAM, g->arg->name,
                           "typed on a terminal, or a line on standard input",
                           "others can read what stands on a command line");
    }
    if (json_object_get(s->params, g->arg->name) != NULL) {
        return problem_set(s->p, ERR_DUPLICATE_KEY, g->arg->name, "", "");
    }
    enum err err = param_value(g, &value, s->p);
    if (err == OK && json_object_set_new(s->params, g->arg->name, value) != 0) {
        err = problem_set(s->p, ERR_NO_MEMORY, "", "", "");
    }
    return err;
}

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
    struct given g = {
        .command = s->command, .arg = arg, .value = name + len + 1};
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
    struct given g = {.command = s->command, .value = word, .positional = true};
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
        err = err == ERR_BAD_PARAM && asked_later(&s) ? OK : err;
    }
    if (err != OK) {
        json_decref(s.params);
        return err;
    }
    *ret = s.params;
    return OK;
}
