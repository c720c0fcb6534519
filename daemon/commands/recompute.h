/* Open limits under a calendar that has learnt more: each running clock that
 * the days in question touch is reckoned anew from its start. One that was
 * moved since (a pause, a review) keeps its due and is counted. */
#ifndef BIHUAN_DAEMON_COMMANDS_RECOMPUTE_H
#define BIHUAN_DAEMON_COMMANDS_RECOMPUTE_H

#include "daemon/commands/apply.h"

enum {
    LIGHTS_LISTED_MAX = 50
};

struct recompute {
    struct rulebook *old_book;
    struct rulebook *new_book;
    register_id organisation; /* 0: all dispatchers' tickets */
    instant from;             /* a clock due before this is untouched, */
    instant to;               /* as is one started after that */
    ticket_id last;           /* in, out: all up to it are done */
    bool done;                /* out: and so are all after it */
    int64_t clocks;           /* out, added: reckoned to another due */
    int64_t moved;            /* out, added: kept, because it was moved */
    int64_t changed;          /* out, added: tickets whose light changed */
    json_t *lights;           /* number, before, after: the first 50 of them */
};
/* A stride of tickets, inside the open record of c. */
enum err recompute_stride(struct call *c, struct recompute *r);

#endif
