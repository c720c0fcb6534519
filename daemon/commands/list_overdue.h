/* The tickets that are overdue, oldest due first: each unit's open finish
 * clocks are taken by their due (index clock_open), so that a department's
 * oldest fifty cost fifty rows however many are open. */
#ifndef BIHUAN_DAEMON_COMMANDS_LIST_OVERDUE_H
#define BIHUAN_DAEMON_COMMANDS_LIST_OVERDUE_H

#include "daemon/commands/list_filter.h"

struct hit {
    instant due;
    ticket_id ticket;
};

struct hits {
    struct hit *list;
    size_t n;
    size_t room;
};

/* Finds them for a filter whose binds are ?2 now, ?3 free, ?4 and ?5 the due
 * and ticket after which, ?6 how many, ?7 free; its own begin at ?8. The caller
 * frees ret->list. NO_MEMORY. */
enum err overdue_find(struct call *c, struct filter *f, struct hits *ret);

#endif
