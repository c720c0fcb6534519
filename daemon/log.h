/* The only place that prints while the daemon runs: one line an event on
 * stderr. Any thread.
 *
 *   text  <4>outbox: given up: delivery=17: error=connection refused
 *   json  {"time":"...","level":"warning","what":"outbox","text":"given
 * up",...}
 *
 * The number in front is the priority as systemd's journal reads it; JSON has
 * it only where the journal reads us, so that other readers get plain JSON.
 *
 * A line cannot be forged: control characters, line ends, bytes that are no
 * UTF-8 and characters that nobody sees or that turn the text around are
 * written as escapes, and so is the backslash itself. Of a text that is too
 * long the beginning stands there, with "..." behind it. */
#ifndef BIHUAN_DAEMON_LOG_H
#define BIHUAN_DAEMON_LOG_H

#include "core/err.h"

enum log_priority {
    LOG_PRIORITY_ERROR = 3,
    LOG_PRIORITY_WARNING = 4,
    LOG_PRIORITY_INFO = 6,
};

enum log_format {
    LOG_FORMAT_TEXT,
    LOG_FORMAT_JSON
};

/* Once, before there are threads: till then text, everything. */
void log_set_format(enum log_format format);
/* What is less grave is not written. At any time. */
void log_set_level(enum log_priority priority);

struct log_field {
    const char *name; /* a word of ours */
    const char *text; /* anybody's */
};
/* Fields without a name stand in the text for themselves and are "text" in
 * JSON; empty ones are left out. */
void log_fields(enum log_priority priority, const char *what,
                const struct log_field *fields, int n);

/* One field without a name; text may be NULL. */
void log_text(enum log_priority priority, const char *what, const char *text);

/* Error, parameter, what was expected, detail. */
void log_problem(enum log_priority priority, const char *what,
                 const struct problem *p);

#endif
