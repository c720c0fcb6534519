/* The walk over all clocks as they were at an instant and known at a journal
 * number: the seeing rule is in schema.sql (clock). A report rests on nothing
 * else, so the same `at` and `known` give the same numbers for ever.
 *
 * The walk goes by ticket, in strides: after each the snapshot is let go, so
 * that a long report does not hold up the checkpoint; what is known at a fixed
 * number cannot change in between. */
#ifndef BIHUAN_DAEMON_COMMANDS_REPORT_REPORT_SCAN_H
#define BIHUAN_DAEMON_COMMANDS_REPORT_REPORT_SCAN_H

#include "daemon/commands/call.h"

struct seen {
    ticket_id ticket;
    int32_t n;
    enum clock_kind kind;
    bool lead; /* its dispatch is a lead one; not told by finish_only */
    register_id unit;
    struct due due;
    instant yellow;
    instant paused;         /* INSTANT_NONE unless paused then */
    instant stop;           /* INSTANT_NONE if it was open then */
    bool is_void;           /* and stopped so */
    enum verdict corrected; /* the replacing verdict known then, OPEN: none */
    /* of its ticket */
    register_id enterprise;
    bool imported;
    bool leaf;            /* not split up by then */
    bool special;         /* under an individual plan by then */
    bool hidden;          /* confidential: the actor must not learn who asks */
    const char *category; /* borrowed until the next row */
    const char *ref;
};

struct view {
    instant at;
    int64_t known;
};

/* Reads `at` and `known`: BAD_PARAM for a number that does not exist yet. */
enum err view_begin(struct call *c, struct view *ret);

/* Late at the view: stopped after its due, or still running past it. A clock
 * whose work was taken away is never late. */
bool seen_late(const struct seen *s, const struct view *view);
/* The same by the replacing verdict, if there is one. */
bool seen_late_corrected(const struct seen *s, const struct view *view);
/* Until when it ran, as seen: its stop, its pause, or the view's instant. */
instant seen_end(const struct seen *s, const struct view *view);

/* Calls `fn` for each clock of the kinds below that the actor may see, from the
 * ticket after `after` on, by ticket and number; stops when it returns an error
 * or sets *stop. */
struct scan {
    struct view view;
    bool finish_only; /* FINISH alone, else TRIAGE, OVERALL, REWORK too */
    ticket_id after;
    void *user;
    enum err (*fn)(void *user, const struct seen *seen, bool *stop);
};
enum err report_scan(struct call *c, const struct scan *scan);

/* A walk over tickets in the same strides: calls `one` for each, with the last
 * ticket of the one before; between two the snapshot is let go. */
enum err report_strides(struct call *c, ticket_id after, void *user,
                        enum err (*one)(void *user, ticket_id after,
                                        ticket_id until, bool *stop));

#endif
