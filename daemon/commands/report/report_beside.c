/* Beside the counts of a report: see report_beside.h. */
#include "daemon/commands/report/report_beside.h"

#include <stdio.h>

#include "daemon/commands/result.h"

json_t *report_header(struct call *c, const struct view *view)
{
    c->result = json_object();
    json_object_set_new(c->result, "at", result_instant(view->at));
    json_object_set_new(c->result, "known", json_integer(view->known));
    return c->result;
}

void report_share(json_t *result, int64_t imported, int64_t all)
{
    char text[16];
    int64_t tenths = all == 0 ? 0 : (1000 * imported + all / 2) / all;
    snprintf(text, sizeof text, "%d.%d%%", (int)(tenths / 10),
             (int)(tenths % 10));
    json_object_set_new(result, "imported_share", json_string(text));
}

void beside_add(struct beside *b, const struct seen *s, bool late,
                bool late_corrected)
{
    b->imported += s->imported ? 1 : 0;
    b->special += s->special ? 1 : 0;
    b->special_late += s->special && late ? 1 : 0;
    b->corrected += s->corrected != VERDICT_OPEN ? 1 : 0;
    b->late_corrected += late_corrected ? 1 : 0;
}

void report_beside(json_t *result, const struct beside *b, int64_t all)
{
    json_t *special = json_object();
    json_t *corrections = json_object();
    report_share(result, b->imported, all);
    json_object_set_new(special, "total", json_integer(b->special));
    json_object_set_new(special, "overdue", json_integer(b->special_late));
    json_object_set_new(result, "special", special);
    json_object_set_new(corrections, "corrected", json_integer(b->corrected));
    json_object_set_new(corrections, "overdue_total_corrected",
                        json_integer(b->late_corrected));
    json_object_set_new(result, "corrections", corrections);
}
