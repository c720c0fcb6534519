/* A ticket's history, read back from the journal along its own chain of
 * records. */
#ifndef BIHUAN_DAEMON_COMMANDS_VIEW_TIMELINE_H
#define BIHUAN_DAEMON_COMMANDS_VIEW_TIMELINE_H

#include "daemon/commands/ticket/ticket_access.h"

enum {
    TIMELINE_TEXT_BYTES = 131072
};

/* The table {at, who, unit, event, kind, to, score, text, internal, seq},
 * oldest first: `unit` is the one that the person acted for, `kind` (lead or
 * co) and `to` tell the dispatch that it was about, or the person it was
 * assigned to. What `view` does not reach is null; who is shown to an
 * enterprise, daemon/commands/names.h says. At most the MOMENTS_MAX
 * latest records; texts past TIMELINE_TEXT_BYTES in all are left out, so that
 * the answer fits a line. *ret_plan is the text of the latest individual plan,
 * NULL if there is none or it is not for the reader. New references. */
enum err timeline_read(struct call *c, int64_t seq, const struct view *view,
                       json_t **ret, json_t **ret_plan);

#endif
