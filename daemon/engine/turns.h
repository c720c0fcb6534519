/* Jobs that wait, and whose turn it is: a few jobs a turn for each connection,
 * so that a thousand requests of one are no more in the way of another's than
 * those few.
 *
 * A connection that comes anew goes ahead of those that had a turn already and
 * want more, but only every other time: neither kind waits for the other's end.
 * The jobs of one connection keep their order. All costs O(1). */
#ifndef BIHUAN_DAEMON_ENGINE_TURNS_H
#define BIHUAN_DAEMON_ENGINE_TURNS_H

#include "daemon/engine/engine.h"

/* Connections one after another; in one list at most for each kind of turns. */
struct lane_list {
    struct lane *first;
    struct lane *last;
};

/* Zeroed but for the first two when it is new. */
struct turns {
    enum turns_kind kind;   /* which of a lane's queues is meant */
    int most;               /* jobs in one turn */
    struct lane_list fresh; /* have had no turn since their queue was empty */
    struct lane_list again; /* have had one and want more */
    bool was_fresh;         /* the turn before */
    struct lane *now;       /* whose turn it is, NULL: the next one's; */
    int left;               /* so many more jobs */
    int n;                  /* jobs that wait */
};

void turns_add(struct turns *t, struct job *job);
struct job *turns_take(struct turns *t); /* NULL: nobody waits */

#endif
