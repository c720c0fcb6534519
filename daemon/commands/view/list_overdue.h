/* The tickets that are overdue, oldest due first: a unit's open finish clocks,
 * or those of all, are taken by their due (indexes clock_open, clock_late), so
 * that the oldest fifty cost fifty rows however many are open. Whose tickets
 * are few has theirs found first, and sorted. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_LIST_OVERDUE_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_LIST_OVERDUE_H

#include "daemon/commands/view/list_filter.h"
#include "daemon/commands/view/streams.h"

enum {
    OVERDUE_BINDS = 6 /* ?1 scope, ?2 now, ?3 the stream's unit, ?4 and ?5 the
                         due and ticket after which, ?6 the unit asked for */
};

/* Opens what finds the filter's overdue tickets after that spot. A row is due,
 * ticket, and whether the filter's clause holds; a ticket that comes twice
 * under one due comes with the same answer. The filter's own binds begin behind
 * OVERDUE_BINDS. Free `ret` in any case. */
enum err overdue_open(struct call *c, struct filter *f, struct spot after,
                      struct merge *ret);

#endif
