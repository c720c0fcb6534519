/* One command, from its words to what it printed: what the program is called
 * with, and each line of the shell. */
#ifndef BIHUAN_CLIENT_CLI_RUN_H
#define BIHUAN_CLIENT_CLI_RUN_H

#include "client/cli/arguments/options.h"
#include "client/cli/server/server.h"

/* `session` is the shell's, NULL outside of it. What is wrong is told on
 * standard error. */
enum exit_status run_words(const struct options *o, struct session *session);

#endif
