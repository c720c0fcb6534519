/* The clocks that are due fire: all of them for the timer, those of one loaded
 * ticket for the import of history. */
#ifndef BIHUAN_DAEMON_COMMANDS_TICKET_DEADLINES_H
#define BIHUAN_DAEMON_COMMANDS_TICKET_DEADLINES_H

#include "daemon/commands/ticket/apply.h"

struct fire {
    instant now;          /* when it is recorded; live clocks fire at it */
    instant until;        /* what is due by then fires */
    bool held;            /* at their own instants: the clocks of an import */
    const char *importer; /* whose import it is */
    bool inside;          /* in a command's own mark: all or none */
};

/* Fires what is due by `now`, at most `max` tickets, each clock in a record of
 * its own by "clock", exactly once. `held`: the clocks of an open import, which
 * fire at their own instants and tell nobody. *ret_more: something is left. */
enum err deadlines_fire(struct store *s, struct rulebook *book, instant now,
                        bool held, int max, int *ret_fired, bool *ret_more);

/* Fires in order, each in a record of its own; w->row is the ticket after it.
 * w->event is left as it was. *ret_seq is the last record, untouched if there
 * is none. */
enum err deadlines_ticket(struct work *w, const struct fire *f, int *ret_fired,
                          int64_t *ret_seq);
/* Inside a handler that moves several tickets: closes the open record, fires
 * what that ticket has due by then if an import still moves it, and opens the
 * next record about it. It is loaded, its event has the call's time. */
enum err deadlines_next_record(struct call *c, ticket_id id, struct work *w);
/* deadlines_fire() inside a command's own mark. */
enum err deadlines_sweep(struct store *s, struct rulebook *book,
                         const struct fire *f, int max, int *ret_fired,
                         bool *ret_more);

#endif
