/* Results that people read as a paper of its own kind and not as tables: how
 * far a ticket is, the minutes of a meeting, what waits for me. JSON and CSV
 * know nothing of this. */
#ifndef BIHUAN_CLIENT_CLI_PAPER_PAPER_H
#define BIHUAN_CLIENT_CLI_PAPER_PAPER_H

#include <jansson.h>

#include "client/cli/show/screen.h"
#include "proto/command.h"

/* False, and nothing is printed, if this command's results are ordinary. */
bool paper_print(const struct command *command, json_t *result,
                 const struct screen *screen);

#endif
