/* One row of a table against the register and against the rows before it. Tells
 * nobody and sends nothing. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_ROW_H
#define BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_ROW_H

#include "client/cli/commands/register/register_entries.h"
#include "client/cli/commands/register/register_known.h"
#include "proto/command.h"

struct rows {
    enum register_rows kind;
    const struct command *command; /* that adds one */
    bool force;                    /* check digits need not agree */
    struct known known;
    json_t *mine; /* what this table has said: code -> {line, params} */
};

/* Names of chains and units become their codes; what known_code() says. */
enum err row_resolve(const struct rows *r, struct entry *e, struct problem *p);

enum row_verdict {
    ROW_NEW,     /* to be sent; its params are as the server has them */
    ROW_THERE,   /* with the same data, in the register or in this table */
    ROW_DOUBTED, /* a credit code whose check digits do not agree */
    ROW_REFUSED
};
/* Of the last two *p says why. */
enum row_verdict row_judge(struct rows *r, const struct entry *e,
                           struct problem *p);

#endif
