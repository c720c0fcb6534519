/* The cells of a register's table as parameters of a command. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_VALUE_H
#define BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_VALUE_H

#include "client/cli/commands/register/register_fields.h"

/* The value in a cell, heap; NULL if it is empty. BAD_PARAM: the spreadsheet
 * has spoilt it (lost digits, a date made of it, a formula's error), or it is
 * none of the field's words. */
enum err field_value(const struct field *field, const struct sheet_cell *cell,
                     char **ret, struct problem *p);

#endif
