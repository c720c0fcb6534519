/* The only place that prints while the daemon runs: one line an event on
 * stderr, with the priority in front as systemd's journal reads it ("<3>...").
 * Control characters are escaped, so that no text from outside can forge a
 * line. Any thread. */
#ifndef BIHUAN_DAEMON_LOG_H
#define BIHUAN_DAEMON_LOG_H

#include "core/err.h"

enum log_priority {
    LOG_PRIORITY_ERROR = 3,
    LOG_PRIORITY_WARNING = 4,
    LOG_PRIORITY_INFO = 6,
};

/* "<6>what: text"; text may be NULL. */
void log_text(enum log_priority priority, const char *what, const char *text);

/* "<3>what: disk_full: detail". */
void log_problem(enum log_priority priority, const char *what,
                 const struct problem *p);

#endif
