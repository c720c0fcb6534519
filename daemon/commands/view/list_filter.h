/* The filters of ticket.list as a WHERE clause over `ticket t`: fixed text, all
 * values bound. The first bind is access_bind(). */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_LIST_FILTER_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_LIST_FILTER_H

#include "daemon/commands/call.h"

enum {
    FILTER_BINDS_MAX = 24,
    FILTER_SQL_SIZE = 8192
};

/* A unit and what it has taken over (relation 7). */
#define LIST_UNITS(unit)                                        \
    "(SELECT " unit " UNION SELECT subject FROM relation WHERE" \
    " object = " unit " AND kind = 7 AND to_seq IS NULL)"

struct filter {
    char sql[FILTER_SQL_SIZE];
    size_t len;
    struct cell binds[FILTER_BINDS_MAX];
    int n;
    register_id unit; /* of the parameters, 0: none */
    register_id enterprise;
    register_id chain;
    register_id leader;
    ticket_id parent;
    ticket_id above; /* numbers between which all are, by since and until */
    ticket_id below;
    int light; /* enum light, -1: any */
    int state; /* enum ticket_state, -1: any */
};

/* Reads the parameters but overdue, limit and after. NOT_FOUND for a unit,
 * enterprise, chain, person or whole that is not there, BAD_PARAM for a
 * category that no regulation has. The clause always holds the scope, whose
 * bind is the first; `reserved` - 1 more are the caller's own, left as they
 * are. */
enum err filter_begin(struct call *c, int reserved, struct filter *ret);
/* Adds text; the second puts the bind's number for each "?" in it. */
void filter_add(struct filter *f, const char *sql);
void filter_bind(struct filter *f, const char *sql, int64_t number);

#endif
