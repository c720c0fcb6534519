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

/* Makes c->result with at and known; borrowed. */
json_t *report_header(struct call *c, const struct view *view);
/* imported_share, in per cent with one decimal. */
void report_share(json_t *result, int64_t imported, int64_t all);

/* What stands beside the counts of report.overdue. */
struct beside {
    int64_t imported;
    int64_t special; /* under an individual plan */
    int64_t special_late;
    int64_t corrected;      /* a replacing verdict was known */
    int64_t late_corrected; /* late by that */
};
/* Of one thing counted: the clock as seen, and how it was judged. */
void beside_add(struct beside *b, const struct seen *s, bool late,
                bool late_corrected);
/* imported_share, special and corrections. */
void report_beside(json_t *result, const struct beside *b, int64_t all);

/* by=none: the late clocks one by one, by number, paged. */
enum err report_list(struct call *c, const struct view *view, bool overall);

#endif
