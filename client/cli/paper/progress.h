/* How far a ticket is: a line a step, in plain words. */
#ifndef BIHUAN_CLIENT_CLI_PAPER_PROGRESS_H
#define BIHUAN_CLIENT_CLI_PAPER_PROGRESS_H

#include <jansson.h>

#include "client/cli/show/screen.h"

/* `year` is this year's number: its instants are told without it. */
void paper_progress(json_t *result, int year, const struct screen *screen);

/* The sentences of the steps by index, with and without a unit; NULL past the
 * last: for the test that proves them translated. */
const char *paper_sentence(size_t i, bool unit);

#endif
