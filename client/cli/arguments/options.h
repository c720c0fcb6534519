/* What stands on the command line.
 *
 *     bihuan [OPTION...] COMMAND [SUBCOMMAND] [NAME=VALUE | VALUE...]
 *
 * Options may stand anywhere. A word --NAME that is no option is taken as the
 * parameter of that name (verify --data DIR). */
#ifndef BIHUAN_CLIENT_CLI_ARGUMENTS_OPTIONS_H
#define BIHUAN_CLIENT_CLI_ARGUMENTS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/cli/language/lang.h"
#include "client/cli/show/render.h"
#include "core/err.h"

enum {
    WORDS_MAX = 128
};

struct options {
    const char *server;  /* "" if not given here or in the environment */
    const char *account; /* whose log-in, NULL: see credential.h */
    const char *ca;      /* file of trusted authorities, NULL: the system's */
    const char *key;
    int64_t after;
    enum format format;
    enum lang lang;
    bool help;
    bool version;
    bool lines; /* --stdin */
    bool dot;
    bool bom;
    int n_words;
    const char *words[WORDS_MAX]; /* the rest, in order; borrowed from argv */
};

/* Reads argv and the environment (BIHUAN_SERVER, BIHUAN_ACCOUNT, BIHUAN_CA, the
 * locale). On a
 * failure *ret holds what was understood, so that the language is known. */
enum err options_parse(int argc, char **argv, struct options *ret,
                       struct problem *p);

/* The same on top of what *o says, whose words are forgotten; words[0..n-1] are
 * all read. */
enum err options_read(const char *const *words, int n, struct options *o,
                      struct problem *p);

#endif
