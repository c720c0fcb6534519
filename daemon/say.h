/* What is said to people at start, in their language. */
#ifndef BIHUAN_DAEMON_SAY_H
#define BIHUAN_DAEMON_SAY_H

/* The Chinese text, or the English one where the locale is English. */
const char *say(const char *zh, const char *en)
    __attribute__((format_arg(1), format_arg(2)));

#endif
