/* The morning digest: what waits for each person, told once a working day (of
 * the calendar of their office) when it begins by the regulation in force; by
 * the clock, in records "clock.digest". After downtime it is told late on the
 * same day; a day that is over is not told any more. Who has nothing to do is
 * not told. The numbers are those of `mine` (todo, soon, overdue), as far as it
 * counts.
 *
 * How far it has come is kept beside the fold (meta "digest"), in the same
 * transaction as what was told. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_DIGEST_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_DIGEST_H

#include "daemon/commands/call.h"

enum {
    DIGEST_PEOPLE_MAX = 200, /* of one stride, */
    DIGEST_LOOKED_MAX = 1000 /* and tickets looked at, so that it stays short */
};

/* When there is something to do next; not later than `now` if it is now. */
enum err digest_next(struct store *s, const struct rulebook *book, instant now,
                     instant *ret);

/* One stride, if one is due, in a savepoint of its own. *ret_ran: there was
 * one.
 */
enum err digest_fire(struct store *s, struct rulebook *book, instant now,
                     bool *ret_ran);

#endif
