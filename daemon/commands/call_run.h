/* From a request to its answer: whose it is, may they, savepoint, record,
 * handler, the moves that follow. The one place that knows all handlers, so
 * nothing below calls it, but for the import of history, whose lines are
 * commands. */
#ifndef BIHUAN_DAEMON_COMMANDS_CALL_RUN_H
#define BIHUAN_DAEMON_COMMANDS_CALL_RUN_H

#include "daemon/commands/call.h"

/* Runs a command whose parameters are checked: finds the actor (NULL account:
 * the operator), checks the role, then for a WRITE opens a savepoint and the
 * record, calls the handler, closes both; for a READ just calls it. On OK
 * c->result is set and, for a write, c->seq is the record's number (0 if
 * nothing changed). Sets nothing on the wire. */
enum err call_run(struct call *c, const char *account);

/* The same for a request from outside: first finds out whose it is, and whether
 * the log-in allows the command at all. UNAUTHENTICATED, PASSWORD_DUE. */
enum err call_run_for(struct call *c, const struct credentials *who);

/* Only their first part: finds the actor and checks the role. Who repeats a key
 * gets the kept answer only if the command would still be allowed. */
enum err call_admit(struct call *c, const char *account);
enum err call_admit_for(struct call *c, const struct credentials *who);
/* And if they still see the ticket that it was about: NOT_FOUND. */
enum err call_admit_again(struct call *c);

/* Opens the record, calls the handler, closes it, makes what moves follow. The
 * actor is admitted. */
enum err call_recorded(struct call *c);

#endif
