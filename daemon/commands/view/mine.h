/* What waits for a person (mine, and the morning digest): open clocks from
 * several places, in the order of their due, a ticket once, under the first of
 * its clocks that are theirs.
 *
 * Each place is a cursor over an index, read no further than a page needs:
 *
 *   units in which one is head, handler     finish, sign, side clocks
 *   offices for which one dispatches        triage, review, return, ...
 *   one's enterprises, those one guides     evaluate, supplement
 *   what is assigned to one                 by dispatch.handler
 *   appeals, for who decides them
 *   tickets that carry one's name           once they are overdue */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_MINE_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_MINE_H

#include "daemon/commands/call.h"
#include "daemon/commands/view/streams.h"

/* -- the places --------------------------------------------------------------
 */

enum place {
    PLACE_WORK,       /* of a unit ?2 */
    PLACE_SIGN,       /* of a unit */
    PLACE_SIDE,       /* of a unit: supervise, rework */
    PLACE_OFFICE,     /* of an office */
    PLACE_ENTERPRISE, /* of an enterprise */
    PLACE_GUIDED,     /* of all whom ?1 guide */
    PLACE_ASSIGNED,   /* to ?1 */
    PLACE_APPEALS,
    PLACE_NAMED, /* with the name of ?1 */
    PLACE_COUNT
};
enum {
    PLACE_SQL_SIZE = 1024
};
/* The statement: ?1 people as a JSON array, ?2 the unit, (?3, ?4) the mark,
 * ?5 now.
 * With `timeless` that of the clocks without a due, where it is another. */
const char *place_sql(enum place place, bool timeless,
                      char out[PLACE_SQL_SIZE]);
/* Has it another for the clocks without a due? */
bool place_split(enum place place);

/* Opens every place of the actor, after the mark. */
enum err mine_open(struct call *c, struct spot after, struct merge *ret);

/* -- one ticket --------------------------------------------------------------
 */

struct mine_row {
    struct spot spot;
    enum clock_kind kind;
    const char *role;
    enum light light;
    instant since;
};
/* The first clock of a ticket that waits for the actor; *ret_found is false if
 * there is none, or if they may not see it. */
enum err mine_judge(struct call *c, ticket_id ticket, struct mine_row *ret,
                    bool *ret_found);

/* -- how many ----------------------------------------------------------------
 */

struct mine_count {
    int64_t n;
    bool more; /* than were counted: see cmd_mine.c for the bound */
};
struct mine_counts {
    struct mine_count todo;
    struct mine_count soon;    /* of them yellow, */
    struct mine_count overdue; /* and red */
    int64_t looked;            /* tickets looked at to count them */
};
/* What waits for the actor at c->at. */
enum err mine_count(struct call *c, struct mine_counts *ret);

#endif
