/* Open tickets under other rules: a calendar that has learnt more, or another
 * version of the regulation. Each open clock's history is gone through again
 * (replay.h). First under the old rules, as a check: a clock that does not come
 * to what it is due at keeps its due and is counted. A verdict stays. */
#ifndef BIHUAN_DAEMON_COMMANDS_RULES_RECOMPUTE_H
#define BIHUAN_DAEMON_COMMANDS_RULES_RECOMPUTE_H

#include "daemon/commands/rules/replay.h"
#include "daemon/commands/ticket/apply.h"

enum {
    LIGHTS_LISTED_MAX = 50,
    STRIDE_TICKETS = 50 /* a few milliseconds: others write in between */
};

/* One ticket. The regulations may be the same: then only dues can change. */
struct reckoning {
    struct rules old;
    struct rules new;
    instant at;
    struct replay past; /* zeroed before the first ticket */
    /* out */
    uint64_t changed; /* bit i: clock i of the ticket has another due */
    uint64_t kept;    /* bit i: its due is not what its history comes to */
};
void reckoning_done(struct reckoning *r);

/* Which code of the ticket the new regulation does not have: "category",
 * "urgency", "channel"; NULL: it has them all. */
const char *reckon_missing(const struct work *w, const struct regulation *reg);

/* Works out w->after; saves nothing. Between two regulations, a clock whose
 * limit is what the old one says gets the new one's, own limits and their dues
 * stay, and escalation steps that both have stay fired. Expects the codes to be
 * there. *ret_any: something of the ticket is different. */
enum err reckon(struct reckoning *r, struct work *w, bool *ret_any);

/* What many tickets came to. */
struct reckoned {
    int64_t clocks;  /* with another due */
    int64_t kept;    /* that kept theirs, see above */
    int64_t changed; /* tickets whose light is another */
    json_t *lights;  /* number, before, after: the first 50 of them; or NULL */
};
void reckon_tally(const struct reckoning *r, const struct work *w,
                  struct reckoned *tally);

/* Saves w->after, inside an open record. A ticket of an open import is moved at
 * its own latest time: what the import tells next may lie long before now. */
enum err reckon_save(struct work *w, instant at);

/* Open limits under a calendar that has learnt more. */
struct recompute {
    struct rulebook *old_book;
    struct rulebook *new_book;
    register_id organisation; /* 0: all dispatchers' tickets */
    instant from;             /* a clock due before this is untouched, */
    instant to;               /* as is one started after that */
    ticket_id last;           /* in, out: all up to it are done */
    bool done;                /* out: and so are all after it */
    struct reckoned tally;    /* out: added to */
};
/* A stride of tickets, inside the open record of c. */
enum err recompute_stride(struct call *c, struct recompute *r);

#endif
