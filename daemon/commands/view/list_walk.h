/* Newest first: where a list of tickets begins. What a filter names (a whole,
 * a leader, an enterprise) is where few are; else the reader's own side
 * (SCOPE_WALKS, daemon/store/scope.h). So a page costs what it shows, and not
 * what others have. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_LIST_WALK_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_LIST_WALK_H

#include "daemon/commands/view/list_filter.h"
#include "daemon/commands/view/streams.h"

/* An index by which tickets are found in the order of their numbers. */
enum walk {
    WALK_ALL,
    WALK_ENTERPRISE, /* of an enterprise */
    WALK_DISPATCHER, /* of the office that dispatches them */
    WALK_UNIT,       /* dispatched to a unit, ever */
    WALK_PERSON,     /* with a person's name */
    WALK_HANDED,     /* once another office's */
    WALK_APPEALS,    /* appealed against */
    WALK_PARTS,      /* of a ticket that was split */
    WALK_STATE,      /* in a state that is not the last */
    WALK_COUNT
};
enum {
    WALK_BINDS = 4 /* ?1 scope, ?2 below which number, ?3 of whom, ?4 since */
};

/* Opens what finds the filter's tickets below that number. A row is the number
 * with a minus, the number, and whether the filter's clause holds: what does
 * not is for the caller to count. A ticket may come several times, each time
 * with the same answer. The filter's own binds begin behind WALK_BINDS. Free
 * `ret` in any case. */
enum err walk_open(struct call *c, struct filter *f, ticket_id below,
                   struct merge *ret);

#endif
