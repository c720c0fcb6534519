/* What the register holds already, as its lists tell it: to find codes by
 * names, and to tell an entry that is there from one that is to be added. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_KNOWN_H
#define BIHUAN_CLIENT_CLI_COMMANDS_REGISTER_REGISTER_KNOWN_H

#include <jansson.h>

#include "client/bihuan.h"
#include "client/cli/commands/register/register_fields.h"

struct known {
    json_t *names; /* folded name -> list of codes */
    json_t *codes; /* code -> name, of chains and units */
    json_t *there; /* code -> list of rows, of the kind that is imported */
    int64_t head;  /* the journal's head before anything was asked */
};

/* Reads the lists that this kind needs. On a failure *ret_error says why, and
 * *known may still be given to known_done(). */
enum bihuan_status known_load(struct known *known, struct bihuan *b,
                              enum register_rows kind,
                              struct bihuan_error *ret_error);
void known_done(struct known *known);

/* A chain or unit that is added while the table is read. */
void known_add(struct known *known, const char *code, const char *name);

/* The code that a code or a name means: NULL when nothing has it (NOT_FOUND)
 * or several have the name (BAD_PARAM, with their codes). */
const char *known_code(const struct known *known, const char *param,
                       const char *text, struct problem *p);

enum presence {
    NOT_THERE,
    THERE,      /* with the same data, as far as the lists show them */
    THERE_OTHER /* with other data: p->detail says which */
};
/* `params` are those of the command that would add it. */
enum presence known_presence(const struct known *known, enum register_rows kind,
                             json_t *params, struct problem *p);

#endif
