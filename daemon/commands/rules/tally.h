/* What a command that goes by strides has done by now, in all its strides: each
 * answers with the numbers of the whole. */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_TALLY_H
#define BIHUAN_DAEMON_COMMANDS_RULES_TALLY_H

#include "daemon/commands/call.h"

enum {
    TALLY_MAX = 4
};

struct tally {
    register_id from; /* which work it is: one of this command */
    register_id to;
    int64_t n[TALLY_MAX];
};

/* Adds what the strides before did to the numbers of this one. The last one
 * (`done`) ends the count. Another work begun between forgets it: then only
 * what follows is counted. */
enum err tally_whole(struct call *c, struct tally *t, bool done);

#endif
