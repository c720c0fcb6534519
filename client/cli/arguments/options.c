/* One table of options; each knows how to take its value. */
#include "client/cli/arguments/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef enum err (*take)(struct options *o, const char *value,
                         struct problem *p);

static enum err take_server(struct options *o, const char *value,
                            struct problem *p)
{
    (void)p;
    o->server = value;
    return OK;
}

static enum err take_account(struct options *o, const char *value,
                             struct problem *p)
{
    (void)p;
    o->account = value;
    return OK;
}

static enum err take_ca(struct options *o, const char *value, struct problem *p)
{
    (void)p;
    o->ca = value;
    return OK;
}

static enum err take_key(struct options *o, const char *value,
                         struct problem *p)
{
    (void)p;
    o->key = value;
    return OK;
}

static enum err take_after(struct options *o, const char *value,
                           struct problem *p)
{
    char *end = NULL;
    errno = 0;
    long long n = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || n < 0) {
        return problem_set(p, ERR_BAD_PARAM, "--after", "a journal number",
                           value);
    }
    o->after = n;
    return OK;
}

static enum err take_format(struct options *o, const char *value,
                            struct problem *p)
{
    static const char *const names[] = {
        [FORMAT_TABLE] = "table", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(value, names[i]) == 0) {
            o->format = (enum format)i;
            return OK;
        }
    }
    if (strcmp(value, "xlsx") == 0) {
        return problem_set(p, ERR_UNSUPPORTED, "--format", "table, json or csv",
                           "xlsx comes with a later version");
    }
    return problem_set(p, ERR_BAD_PARAM, "--format", "table, json or csv",
                       value);
}

static enum err take_lang(struct options *o, const char *value,
                          struct problem *p)
{
    if (!lang_parse(value, &o->lang)) {
        return problem_set(p, ERR_BAD_PARAM, "--lang", "zh or en", value);
    }
    return OK;
}

static const struct {
    const char *name;
    take take;
} valued[] = {
    {"--server", take_server}, {"--account", take_account},
    {"--ca", take_ca},         {"--key", take_key},
    {"--after", take_after},   {"--format", take_format},
    {"--lang", take_lang},
};

static bool *flag_of(struct options *o, const char *word)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--help", &o->help},       {"-h", &o->help},
        {"--version", &o->version}, {"--dot", &o->dot},
        {"--stdin", &o->lines},     {"--bom", &o->bom},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(word, flags[i].name) == 0) {
            return flags[i].flag;
        }
    }
    return NULL;
}

/* The option that begins at words[0], if it is one with a value: takes it and
 * returns how many words it had (1 for --a=b, 2 for --a b); 0 if it is none. */
static int take_valued(struct options *o, const char *const *words, int n,
                       enum err *ret_err, struct problem *p)
{
    for (size_t i = 0; i < sizeof valued / sizeof valued[0]; i++) {
        size_t len = strlen(valued[i].name);
        if (strncmp(words[0], valued[i].name, len) != 0 ||
            (words[0][len] != '\0' && words[0][len] != '=')) {
            continue;
        }
        bool joined = words[0][len] == '=';
        const char *value = joined  ? words[0] + len + 1
                            : n > 1 ? words[1]
                                    : NULL;
        *ret_err = value == NULL ? problem_set(p, ERR_BAD_PARAM, valued[i].name,
                                               "a value behind it", "")
                                 : valued[i].take(o, value, p);
        return joined || value == NULL ? 1 : 2;
    }
    return 0;
}

static enum err take_word(struct options *o, const char *word,
                          struct problem *p)
{
    bool *flag = flag_of(o, word);
    if (flag != NULL) {
        *flag = true;
        return OK;
    }
    if (word[0] == '-' && word[1] != '\0' &&
        (o->n_words == 0 || word[1] != '-')) {
        return problem_set(p, ERR_BAD_PARAM, word,
                           "an option; bihuan --help lists them", "");
    }
    if (o->n_words == WORDS_MAX) {
        return problem_set(p, ERR_LIMIT, "", "at most 128 words", "");
    }
    o->words[o->n_words++] = word;
    return OK;
}

static const char *from_environment(const char *name)
{
    const char *text = getenv(name);
    return text == NULL || text[0] == '\0' ? NULL : text;
}

static struct options defaults(void)
{
    const char *server = from_environment("BIHUAN_SERVER");
    return (struct options){
        .server = server == NULL ? "" : server,
        .account = from_environment("BIHUAN_ACCOUNT"),
        .ca = from_environment("BIHUAN_CA"),
        .lang = lang_from_environment(),
    };
}

/* Goes on behind an error, so that a --lang there still counts. */
enum err options_read(const char *const *words, int n, struct options *o,
                      struct problem *p)
{
    enum err first = OK;
    o->n_words = 0;
    for (int i = 0; i < n;) {
        enum err err = OK;
        struct problem later;
        struct problem *where = first == OK ? p : &later;
        int taken = take_valued(o, words + i, n - i, &err, where);
        if (taken == 0) {
            err = take_word(o, words[i], where);
            taken = 1;
        }
        first = first == OK ? err : first;
        i += taken;
    }
    return first;
}

enum err options_parse(int argc, char **argv, struct options *ret,
                       struct problem *p)
{
    *ret = defaults();
    return options_read((const char *const *)argv + 1, argc > 0 ? argc - 1 : 0,
                        ret, p);
}
