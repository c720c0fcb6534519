/* The calendar and the working day that limits are reckoned by, from the
 * parameters of the deadline commands. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_OFFLINE_RECKONER_H
#define BIHUAN_CLIENT_CLI_COMMANDS_OFFLINE_RECKONER_H

#include "client/cli/server/server.h"
#include "core/calendar.h"

/* Big: keep it on the heap. */
struct reckoner {
    struct calendar calendar;
    struct worktime worktime;
};

/* The built-in calendar with the file `calendar` laid over it, the working day
 * and start rule of the file `regulation`, then the rule `start`, as far as
 * they are given. */
enum err reckoner_make(const struct run_context *context, struct reckoner *ret,
                       struct problem *p);

#endif
