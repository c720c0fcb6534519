/* What the two halves of report.overdue share. */
#ifndef BIHUAN_DAEMON_COMMANDS_REPORT_CMD_REPORT_H
#define BIHUAN_DAEMON_COMMANDS_REPORT_CMD_REPORT_H

#include "daemon/commands/call.h"
#include "daemon/commands/report/report_scan.h"

/* As the choices of `by` in commands.def. */
enum report_by {
    REPORT_NONE,
    REPORT_DEPARTMENT,
    REPORT_CHAIN,
    REPORT_GUIDE,
    REPORT_CATEGORY,
};

/* by=none: the late clocks one by one, by number, paged. */
enum err report_list(struct call *c, const struct view *view, bool overall);

#endif
