/* The history of a ticket's clocks, gone through again: what a due comes to
 * under another calendar, regulation or limit, when the same things happen at
 * the same instants.
 *
 *   start + limit -> due; a pause credits what was left when it ended; an
 *   extension is counted on from the due before it; what a transfer handed on,
 *   a co-handler's cut and an overall limit that waited for its lead follow the
 *   clock that they came from.
 *
 * It is all in the versions of the clocks (daemon/store/schema.sql). */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_REPLAY_H
#define BIHUAN_DAEMON_COMMANDS_RULES_REPLAY_H

#include "core/ticket.h"
#include "daemon/store/store.h"

/* One version of a clock, as stored. */
struct clock_version {
    int32_t n;
    enum clock_kind kind;
    bool co; /* of a co-handler's dispatch */
    instant start;
    struct limit limit;
    struct limit use; /* the limit that it is now reckoned with */
    struct due due;
    enum clock_run run;
    instant paused;
    instant from;
    int64_t from_seq;
    int64_t stop_seq; /* 0: open */
    int32_t turn;
    struct limit moved; /* the extension that began it, LIMIT_NONE: none */
};

/* Heap; zeroed before the first load, and kept from one ticket to the next. */
struct replay {
    int n;
    int room;
    struct clock_version *versions; /* by clock, then version */
};

/* NO_MEMORY; errors of the store. Each clock is reckoned with the limit of its
 * latest version. */
enum err replay_load(struct store *s, ticket_id id, struct replay *ret);
void replay_done(struct replay *r);

/* From now on clock `n` is reckoned with this limit. */
void replay_limit(struct replay *r, int32_t n, struct limit limit);

/* What clock `n` is due at by now. OUT_OF_BOUNDS as in core/due.h; CORRUPT if
 * there is no such clock. */
enum err replay_due(const struct replay *r, const struct rules *rules,
                    int32_t n, struct due *ret);

#endif
