/* A ticket's history, read back from the journal along its own chain of
 * records. */
#ifndef BIHUAN_DAEMON_COMMANDS_TIMELINE_H
#define BIHUAN_DAEMON_COMMANDS_TIMELINE_H

#include "daemon/commands/call.h"

enum {
    TIMELINE_MAX = 1000,
    TIMELINE_TEXT_BYTES = 131072
};

struct timeline {
    int64_t seq;   /* the ticket's latest record */
    bool internal; /* may read what is for officials only */
    bool raters; /* may see who gave which score (not the units that handle) */
};

/* The table {at, who, unit, event, kind, to, score, text, internal, seq},
 * oldest first: `unit` is the one that the person acted for, `kind` (lead or
 * co) and `to` tell the dispatch that it was about. At most the TIMELINE_MAX
 * latest records; texts past TIMELINE_TEXT_BYTES in all are left out, so that
 * the answer fits a line. */
enum err timeline_read(struct call *c, const struct timeline *of, json_t **ret);

#endif
