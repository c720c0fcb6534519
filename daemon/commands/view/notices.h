/* Who finds a notice in their list: the rule of notice.list, for whoever else
 * has to know it (to whose phone a short message about it goes). */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_NOTICES_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_NOTICES_H

#include "daemon/commands/call.h"

struct told {
    int64_t notice;
    register_id target; /* the unit or person that it was told to */
};

/* Would that account's notice.list show it, at `now`? Who is not registered
 * finds nothing. */
enum err notice_found_by(struct store *s, const char *account, instant now,
                         const struct told *told, bool *ret);

#endif
