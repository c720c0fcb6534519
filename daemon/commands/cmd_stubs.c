/* Commands that have their row and not yet their handler: each is refused. Who
 * writes the handler deletes the line; the file goes with the last one. */
#include "daemon/commands/call.h"

#define STUB(id)                                                               \
    enum err cmd_##id(struct call *c)                                          \
    {                                                                          \
        return refuse(c, ERR_UNSUPPORTED, "", "", "");                         \
    }

/* clang-format off */
STUB(mine)
/* clang-format on */
