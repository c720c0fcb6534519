/* Asking a person for what nobody else may see: on a terminal without echo,
 * otherwise the next line of standard input. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_LOGIN_SECRET_H
#define BIHUAN_CLIENT_CLI_COMMANDS_LOGIN_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

/* Standard input is a terminal: somebody reads the questions. */
bool secret_typed(void);

/* The answer without its line end, "" for an empty line. `param` names it in a
 * complaint: BAD_PARAM when there is no line, it does not fit, or is no UTF-8.
 * A signal that ends or stops the program finds the terminal as it was. *out is
 * to be wiped by the caller. */
enum err secret_ask(const char *question, const char *param, char *out,
                    size_t size, struct problem *p);

#endif
