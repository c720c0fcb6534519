/* A line of the shell: cut into words, and what may stand at its end. */
#ifndef BIHUAN_CLIENT_CLI_SHELL_SHELL_WORDS_H
#define BIHUAN_CLIENT_CLI_SHELL_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "client/cli/arguments/options.h"
#include "core/err.h"

/* Cuts the line as sh does: blanks separate, '...' is taken as it stands, in
 * "..." a backslash stands before " and \ only, outside of both before
 * anything; # at the beginning of a word begins a remark. The words point into
 * `line`, which is written over. BAD_PARAM: a quote is not closed; LIMIT. */
enum err shell_split(char *line, const char *words[WORDS_MAX], int *ret_n,
                     struct problem *p);

/* Must it not be remembered? A line that holds a secret, or an address that
 * does. */
bool shell_secret(const char *line);

/* Calls `found` for everything that the last word of `line` may become; each
 * candidate is the whole word. One that ends in = is not finished. */
void shell_complete(const char *line,
                    void (*found)(void *user, const char *candidate),
                    void *user);

#endif
