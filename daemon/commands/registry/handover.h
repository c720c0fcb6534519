/* What a person has in the register, as person.handover gives it to another. */
#ifndef BIHUAN_DAEMON_COMMANDS_REGISTRY_HANDOVER_H
#define BIHUAN_DAEMON_COMMANDS_REGISTRY_HANDOVER_H

#include "daemon/commands/registry/registry_put.h"

enum {
    HANDOVER_MAX = 500 /* rows and tickets a stride */
};

struct handover {
    struct entry from;
    struct entry to;
    bool posts; /* the posts too */
    int left;   /* of the stride */
    int posts_moved;
    int enterprises;
    int names;
    int dispatches;
};

/* Posts (if asked), enterprises as steward or specialist, and who acts for
 * whom: nobody acts any more for who leaves; for whom they acted, the other
 * does. BLOCKED when the other would be an enterprise's contact and its guide,
 * LIMIT when they would have too many posts. */
enum err handover_register(struct call *c, struct handover *h);

#endif
