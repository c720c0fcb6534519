/* Rows of the command table that are not written yet. */
#include "daemon/commands/call.h"

#define STUB(id)                                                     \
    enum err cmd_##id(struct call *c)                                \
    {                                                                \
        return refuse(c, ERR_UNSUPPORTED, "", "", c->command->name); \
    }
STUB(login)
STUB(logout)
STUB(whoami)
STUB(passwd)
STUB(totp_begin)
STUB(totp_confirm)
STUB(token_add)
STUB(token_list)
STUB(token_end)
STUB(account_add)
STUB(account_reset)
STUB(account_disable)
STUB(account_enable)
STUB(account_list)
STUB(audit_list)
STUB(audit_anchor)
