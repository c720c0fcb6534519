/* One clock of a ticket: from its start to its verdict, its lights, and the
 * next thing it does by itself. Pure arithmetic on struct clock; which clock
 * starts or stops when is lifecycle.c's business.
 *
 *   RUNNING --pause--> PAUSED --resume--> RUNNING
 *      \_____ stop or void _____/ ----> STOPPED
 *
 * What a clock does by itself: each escalation step of the regulation that
 * names its kind, once, in the order of instant then index; and, of EVALUATE
 * and ARCHIVE, the event at due (STEP_NEXT_DUE). Source: design section 4. */
#ifndef BIHUAN_CORE_CLOCK_H
#define BIHUAN_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/ticket.h"

/* Sets it going: the caller has filled n, kind, dispatch, unit, round, start
 * and limit; all the rest is worked out here. `due` is what the limit comes to
 * from the start, or something else where that is said so: what a transfer
 * hands on, a co-handler's limit cut to its lead's. */
void clock_start(const struct rules *rules, struct clock *c, struct due due);

/* The first second at which the clock is late; INSTANT_NONE: never. */
instant clock_red(const struct clock *c);

bool clock_open(const struct clock *c);

/* Ends an open clock by its own goal at `at`, or, if it is paused, at the
 * instant of the pause: that time does not count. */
void clock_stop(struct clock *c, instant at);

/* Ends an open clock that is not its promiser's to answer for: VOID. */
void clock_void(struct clock *c, instant at);

/* Ends an open clock because what it measured was taken away: VOID, unless it
 * was late already, since lateness, once earned, is never erased. */
void clock_drop(struct clock *c, instant at);

/* Pauses a running clock; while paused it does nothing by itself. */
void clock_pause(struct clock *c, instant at);

/* Lets a paused clock run on, its due moved by the pause. A clock that was late
 * already when it was paused keeps its due: there is nothing left to credit.
 * ERR_OUT_OF_BOUNDS as above. */
enum err clock_resume(const struct rules *rules, struct clock *c, instant at);

/* Moves the due of an open clock, running or paused, at the instant `at`: one
 * more turn. The steps whose new moment lies after `at` may fire again. */
void clock_extend(const struct rules *rules, struct clock *c, struct due due,
                  instant at);

/* Works out `next` of a running clock anew, from its due, its yellow and the
 * steps that have fired: when a held import is let go. */
void clock_schedule(const struct rules *rules, struct clock *c);

/* Reckons a running clock that was never paused anew from its start, under a
 * calendar that has learnt more; what has fired stays so. ERR_OUT_OF_BOUNDS as
 * above; *c is then undefined. */
enum err clock_reckon(const struct rules *rules, struct clock *c);

/* Notes that what stood in `next` has happened, and works out what is next. */
void clock_fired(const struct rules *rules, struct clock *c);

#endif
