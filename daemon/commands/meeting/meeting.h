/* Joint meetings (联席会议): what their commands have in common. A meeting
 * belongs to the unit that calls it. It is seen by the dispatchers of that
 * unit, by who dispatches, heads, handles or leads in an invited unit, by the
 * people whose name a ticket on it carries, and by who sees all; for everybody
 * else there is none. */
#ifndef BIHUAN_DAEMON_COMMANDS_MEETING_MEETING_H
#define BIHUAN_DAEMON_COMMANDS_MEETING_MEETING_H

#include "daemon/commands/ticket/apply.h"

enum {
    MEETING_UNITS_MAX = ALSO_MAX, /* invited; one more is refused */
    MEETING_ITEMS_MAX = 100,      /* tickets on it */
    WHY_SIZE = 32
};

struct meeting {
    int64_t id;
    register_id office; /* the unit that calls it */
    instant closed;     /* INSTANT_NONE: it goes on */
    instant called;
    bool imported; /* an import called it */
};

/* The number that the parameter `meeting` says or refers to; 0: none is called
 * so. */
enum err meeting_number(struct call *c, int64_t *ret);

/* The meeting of the parameter for a dispatcher of its office: NOT_FOUND for
 * who does not see it, FORBIDDEN for who does, BAD_STATE once it is closed. In
 * an import FORBIDDEN for a live one, OUT_OF_ORDER before it was called. */
enum err meeting_begin(struct call *c, struct meeting *ret);

/* The units that are invited, at most MEETING_UNITS_MAX. */
enum err meeting_units(struct call *c, int64_t id, register_id *ret,
                       int *ret_n);
/* Invites one more. LIMIT. */
enum err meeting_invite(struct call *c, int64_t id, register_id unit, int n);

/* What brings a ticket before a meeting: "returns", "rounds", "overdue" and
 * combinations with a comma, "" for none of them. */
struct stuck {
    int64_t regulation;
    int64_t returns;
    int64_t round;
    bool overdue;
};
const char *meeting_why(const struct call *c, const struct stuck *s,
                        char out[WHY_SIZE]);

#endif
