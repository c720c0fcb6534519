/* Commands that have their row and not yet their handler: each is refused. Who
 * writes the handler deletes the line; the file goes with the last one. */
#include "daemon/commands/call.h"

#define STUB(id)                                                               \
    enum err cmd_##id(struct call *c)                                          \
    {                                                                          \
        return refuse(c, ERR_UNSUPPORTED, "", "", "");                         \
    }

/* clang-format off */
STUB(person_delegate)
STUB(person_handover)
STUB(department_merge)
STUB(ticket_transfer)
STUB(ticket_assign)
STUB(ticket_require)
STUB(ticket_supplement)
STUB(ticket_extend)
STUB(ticket_decide_extension)
STUB(ticket_suspend)
STUB(ticket_resume)
STUB(ticket_recall)
STUB(ticket_urge)
STUB(ticket_supervise)
STUB(ticket_reply)
STUB(ticket_appeal)
STUB(ticket_decide_appeal)
STUB(ticket_appeal_score)
STUB(ticket_decide_score)
STUB(ticket_comment)
STUB(ticket_correct)
STUB(ticket_progress)
STUB(mine)
STUB(meeting_agenda)
STUB(meeting_call)
STUB(meeting_invite)
STUB(meeting_add)
STUB(meeting_decide)
STUB(meeting_close)
STUB(meeting_list)
STUB(meeting_show)
STUB(hook_add)
STUB(hook_end)
STUB(hook_list)
STUB(outbox_list)
STUB(outbox_retry)
STUB(report_times)
STUB(deadline_what_if)
STUB(regulation_migrate)
/* clang-format on */
