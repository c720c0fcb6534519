/* Which calls go into the audit record, and as what: the one place that decides
 * it, from the row's flags (proto/commands.def), the outcome and who it was.
 *
 *   NOTED      each call, granted or refused
 *   PERSONAL   each that gave something
 *   import     what a line of history does that is NOTED, under its own name
 *              with "imported" before the object, by who imports
 *   any        one that was refused for who asked: not logged in, not allowed,
 *              password due, too many; and what there is not, where a ticket,
 *              a meeting or a person was named: that may be looking around
 *
 * Nothing of a text, a password or a token is ever in it: of the parameters
 * only codes, numbers, choices and what is true. */
#ifndef BIHUAN_DAEMON_AUDIT_AUDIT_NOTE_H
#define BIHUAN_DAEMON_AUDIT_AUDIT_NOTE_H

#include <stdbool.h>

#include "daemon/commands/call.h"
#include "daemon/store/audit.h"

/* Of a call that ended with `err` and came from `source` (NULL: from inside).
 * False: it is nothing for the record. */
bool audit_note(const struct call *c, const char *source, enum err err,
                struct audit_event *ret);

/* What was asked for: "20261120-001", "ada jxj role=head end". */
void audit_object(const struct command *command, const struct value *values,
                  char out[AUDIT_OBJECT_SIZE]);

#endif
