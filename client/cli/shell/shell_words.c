/* See shell_words.h. Everything comes from the command table. */
#include "client/cli/shell/shell_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/cli/arguments/params.h"
#include "client/cli/files/file.h"
#include "proto/command.h"

enum {
    CANDIDATE_SIZE = 256
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* -- words -------------------------------------------------------------------
 */

/* Takes one quoted piece at **at over to *to; false: it is not closed. */
static bool take_quoted(char **at, char **to)
{
    char quote = *(*at)++;
    while (**at != '\0' && **at != quote) {
        bool escape = quote == '"' && **at == '\\' &&
                      ((*at)[1] == '"' || (*at)[1] == '\\');
        *at += escape ? 1 : 0;
        *(*to)++ = *(*at)++;
    }
    if (**at == '\0') {
        return false;
    }
    (*at)++;
    return true;
}

/* One word, from its first character on; it only becomes shorter. */
static bool take_word(char **at, char **to)
{
    while (**at != '\0' && !is_blank(**at)) {
        if (**at == '\'' || **at == '"') {
            if (!take_quoted(at, to)) {
                return false;
            }
            continue;
        }
        *at += **at == '\\' && (*at)[1] != '\0' ? 1 : 0;
        *(*to)++ = *(*at)++;
    }
    return true;
}

enum err shell_split(char *line, const char *words[WORDS_MAX], int *ret_n,
                     struct problem *p)
{
    char *at = line;
    int n = 0;
    for (;;) {
        while (is_blank(*at)) {
            at++;
        }
        if (*at == '\0' || *at == '#') {
            break;
        }
        if (n == WORDS_MAX) {
            return problem_set(p, ERR_LIMIT, "", "at most 128 words", "");
        }
        char *to = at;
        words[n++] = at;
        if (!take_word(&at, &to)) {
            return problem_set(p, ERR_BAD_PARAM, "",
                               "a closing quote for every opening one", "");
        }
        at += *at != '\0' ? 1 : 0; /* before the end of the word covers it */
        *to = '\0';
    }
    *ret_n = n;
    return OK;
}

/* A webhook's address may carry its key. */
bool shell_secret(const char *line)
{
    static const char *const marks[] = {
        "secret", "token", "password", "hook add", "hook.add",
        "key=",   "login", "passwd",   "totp"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strstr(line, marks[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* -- completion --------------------------------------------------------------
 */

struct completion {
    const char *last; /* the word that is completed */
    void (*found)(void *user, const char *candidate);
    void *user;
    char before[CANDIDATE_SIZE]; /* the candidate given last */
};

/* Rows of one stem stand together in the table: each is offered once. */
static void offer(struct completion *c, const char *candidate)
{
    if (strncmp(candidate, c->last, strlen(c->last)) == 0 &&
        strcmp(candidate, c->before) != 0) {
        (void)snprintf(c->before, sizeof c->before, "%s", candidate);
        c->found(c->user, candidate);
    }
}

static void offer_all(struct completion *c, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        offer(c, list[i]);
    }
}

static void offer_commands(struct completion *c)
{
    static const char *const own[] = {"exit", "help", "use"};
    char stem[CANDIDATE_SIZE];
    for (int i = 0; i < CMD_COUNT; i++) {
        const char *name = command_at(i)->name;
        (void)snprintf(stem, sizeof stem, "%.*s", (int)strcspn(name, "."),
                       name);
        offer(c, stem);
    }
    offer_all(c, own, sizeof own / sizeof own[0]);
}

static void offer_subcommands(struct completion *c, const char *stem)
{
    size_t len = strlen(stem);
    for (int i = 0; i < CMD_COUNT; i++) {
        const char *name = command_at(i)->name;
        if (strncmp(name, stem, len) == 0 && name[len] == '.') {
            offer(c, name + len + 1);
        }
    }
}

/* name=a, name=b of the choices a|b. */
static void offer_values(struct completion *c, const char *name,
                         const char *choices)
{
    char candidate[CANDIDATE_SIZE];
    for (const char *at = choices; at != NULL;) {
        size_t len = strcspn(at, "|");
        (void)snprintf(candidate, sizeof candidate, "%s=%.*s", name, (int)len,
                       at);
        offer(c, candidate);
        at = at[len] == '|' ? at + len + 1 : NULL;
    }
}

static bool given(const struct arg *arg, const char *const *words, int n)
{
    size_t len = strlen(arg->name);
    for (int i = 0; i < n; i++) {
        if (strncmp(words[i], arg->name, len) == 0 && words[i][len] == '=') {
            return true;
        }
    }
    return false;
}

static void offer_parameters(struct completion *c,
                             const struct command *command,
                             const char *const *words, int n)
{
    char candidate[CANDIDATE_SIZE];
    for (int i = 0; i < command->n_args; i++) {
        const struct arg *arg = &command->args[i];
        size_t len = strlen(arg->name);
        bool begun =
            strncmp(c->last, arg->name, len) == 0 && c->last[len] == '=';
        if (begun) {
            offer_values(c, arg->name,
                         arg->type == ARG_TYPE_BOOL ? "true|false"
                                                    : arg->choices);
        } else if ((arg->flags & ARG_ASKED) == 0 && !given(arg, words, n)) {
            (void)snprintf(candidate, sizeof candidate, "%s=", arg->name);
            offer(c, candidate);
        }
    }
}

static void offer_options(struct completion *c)
{
    static const char *const options[] = {
        "--account", "--after",      "--bom",         "--ca",
        "--dot",     "--format=csv", "--format=json", "--format=table",
        "--help",    "--key",        "--lang=en",     "--lang=zh"};
    offer_all(c, options, sizeof options / sizeof options[0]);
}

/* `words` stand before the one that is completed. */
static void complete_words(struct completion *c, const char *const *words,
                           int n)
{
    const struct command *command = NULL;
    struct problem p;
    int used = 0;
    bool help = n > 0 && strcmp(words[0], "help") == 0;
    words += help ? 1 : 0;
    n -= help ? 1 : 0;
    if (c->last[0] == '-') {
        offer_options(c);
        return;
    }
    if (n == 0) {
        offer_commands(c);
        return;
    }
    if (n == 1) {
        offer_subcommands(c, words[0]);
    }
    if (!help && command_from_words(words, n, &command, &used, &p) == OK) {
        offer_parameters(c, command, words + used, n - used);
    }
}

/* The words before the last one, and where that begins. */
void shell_complete(const char *line,
                    void (*found)(void *user, const char *candidate),
                    void *user)
{
    struct completion c = {.found = found, .user = user};
    const char *words[WORDS_MAX];
    struct problem p;
    int n = 0;
    size_t len = strlen(line);
    size_t last = len;
    while (last > 0 && !is_blank(line[last - 1])) {
        last--;
    }
    char *before = must_alloc(len + 1);
    memcpy(before, line, last);
    before[last] = '\0';
    c.last = line + last;
    if (shell_split(before, words, &n, &p) == OK) {
        complete_words(&c, words, n);
    }
    free(before);
}
