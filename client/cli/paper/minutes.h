/* The minutes of a joint meeting, to be printed and filed. */
#ifndef BIHUAN_CLIENT_CLI_PAPER_MINUTES_H
#define BIHUAN_CLIENT_CLI_PAPER_MINUTES_H

#include <jansson.h>

#include "client/cli/show/screen.h"

void paper_minutes(json_t *result, const struct screen *screen);

#endif
