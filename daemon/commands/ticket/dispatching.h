/* What every command that dispatches says: to whom, with which measure, by
 * when, and whether under an individual plan. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_DISPATCHING_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_DISPATCHING_H

#include "daemon/commands/ticket/apply.h"

/* A limit of the event's own from `limit` or, where the command has it, `due`
 * (not both: BAD_PARAM); only an import may say none. */
enum err dispatching_limit(struct call *c, struct event *ev);

/* The unit of `unit`, which is no enterprise: NOT_FOUND. */
enum err dispatching_unit(struct call *c, struct event *ev);

/* Both, that a `measure` is given (only an import may omit it), and the
 * individual plan of `plan`, which needs a limit of its own: BAD_PARAM. */
enum err dispatching_facts(struct call *c, struct event *ev);

/* Writes the measure to the dispatch that the step has made, and keeps the
 * plan. */
enum err dispatching_measure(struct call *c, const struct work *w);

#endif
