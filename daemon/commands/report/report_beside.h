/* What stands above and beside the counts of a report: as of when it is, the
 * share of imported history, individual plans, corrections. */
#ifndef BIHUAN_DAEMON_COMMANDS_REPORT_REPORT_BESIDE_H
#define BIHUAN_DAEMON_COMMANDS_REPORT_REPORT_BESIDE_H

#include "daemon/commands/report/report_scan.h"

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

#endif
