/* Words of the command line into the parameters of a command.
 *
 *     NAME=VALUE, --NAME VALUE, --NAME=VALUE
 *     VALUE             the first required parameter not given so far; of a
 *                       command without required ones, the first not given
 *     NAME=@FILE        a text or JSON read from that file, @- standard input;
 *                       a text that begins with @ is written @@
 *     FILE for JSON     a JSON parameter is a file's name unless it begins
 *                       with a bracket; without NAME= it always is
 *
 * People's forms are taken and the wire's are made: instants as 2026-11-20
 * 16:00 or 2026-11-20, limits as 5个工作日, yes no 是 否 for true and false,
 * the Chinese word for a choice. */
#ifndef BIHUAN_CLIENT_CLI_ARGUMENTS_PARAMS_H
#define BIHUAN_CLIENT_CLI_ARGUMENTS_PARAMS_H

#include <jansson.h>

#include "core/err.h"
#include "proto/command.h"

/* *ret is a new object that passes command_check(), but for secrets that are
 * still to be asked for (ARG_ASKED). The problem names the parameter, or the
 * word that could not be understood. */
enum err params_parse_words(const struct command *command,
                            const char *const *words, int n, json_t **ret,
                            struct problem *p);

/* The command that words begin with: "ticket list", "ticket.list", "import".
 * *ret_used words name it. UNKNOWN_METHOD, with the nearest names. */
enum err command_from_words(const char *const *words, int n,
                            const struct command **ret, int *ret_used,
                            struct problem *p);

#endif
