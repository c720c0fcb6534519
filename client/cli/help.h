/* Help, made from the command table in the reader's language. */
#ifndef BIHUAN_CLIENT_CLI_HELP_H
#define BIHUAN_CLIENT_CLI_HELP_H

#include <stdio.h>

#include "core/err.h"
#include "proto/command.h"

/* What the program is, its options, every command with its summary. */
void help_all(FILE *out);
/* One command: how it is called and what each parameter is. */
void help_command(FILE *out, const struct command *command);
/* `help`, `help ticket`, `help ticket file`, `help ticket.file`.
 * UNKNOWN_METHOD. */
enum err help_words(FILE *out, const char *const *words, int n,
                    struct problem *p);

#endif
