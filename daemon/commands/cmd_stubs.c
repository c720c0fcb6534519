/* Rows of the command table that are not written yet. */
#include "daemon/commands/call.h"

#define STUB(id)                                                     \
    enum err cmd_##id(struct call *c)                                \
    {                                                                \
        return refuse(c, ERR_UNSUPPORTED, "", "", c->command->name); \
    }
