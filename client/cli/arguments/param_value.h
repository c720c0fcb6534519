/* What was typed for one parameter, as JSON: people's forms in, the wire's out
 * (params.h says which). */
#ifndef BIHUAN_CLIENT_CLI_ARGUMENTS_PARAM_VALUE_H
#define BIHUAN_CLIENT_CLI_ARGUMENTS_PARAM_VALUE_H

#include <jansson.h>

#include "core/err.h"
#include "proto/command.h"

/* One parameter with its value as written. */
struct given {
    const struct command *command;
    const struct arg *arg;
    const char *value;
    bool positional; /* without its name: for JSON, always a file */
};

/* *ret is a new reference. The problem names the parameter: BAD_PARAM and its
 * kin for a text of another form, IO and TOO_LONG for a file, what json_parse()
 * says of JSON. Whether the value may be is command_check()'s matter. */
enum err param_value(const struct given *g, json_t **ret, struct problem *p);

#endif
