/* What every command that dispatches says: to whom, with which measure, by
 * when, and whether under an individual plan. */
#ifndef BIHUAN_DAEMON_COMMANDS_DISPATCHING_H
#define BIHUAN_DAEMON_COMMANDS_DISPATCHING_H

#include "daemon/commands/apply.h"

/* A limit of the dispatch's own from `limit` or `due` (not both: BAD_PARAM);
 * only an import may say none. */
enum err dispatching_limit(struct call *c, struct event *ev);

/* The unit of `unit`, which is no enterprise: NOT_FOUND. */
enum err dispatching_unit(struct call *c, struct event *ev);

/* Both, and that a `measure` is given: only an import may omit it. */
enum err dispatching_facts(struct call *c, struct event *ev);

/* Writes the measure to the dispatch that the step has made. */
enum err dispatching_measure(struct call *c, const struct work *w);

#endif
