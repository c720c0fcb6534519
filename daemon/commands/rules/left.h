/* What a command that goes in strides has left to do: a JSON object in the meta
 * table, from one call to the next, with what has come of it so far. */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_LEFT_H
#define BIHUAN_DAEMON_COMMANDS_RULES_LEFT_H

#include "daemon/commands/call.h"

enum {
    LEFT_SIZE = 16384 /* the longest: a hundred listed tickets at 60 bytes and
                         a dozen numbers */
};

/* *ret: owned by the caller, NULL if nothing is left. */
enum err left_get(struct call *c, const char *name, json_t **ret);
/* Notes what is left, or, once it is done, that nothing is. */
enum err left_set(struct call *c, const char *name, const json_t *left,
                  bool done);

/* Numbers in it. */
int64_t left_number(const json_t *object, const char *member);
void left_number_set(json_t *object, const char *member, int64_t number);

#endif
