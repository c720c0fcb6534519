/* The sums of a report stand beside its table, as members of the result. */
#ifndef BIHUAN_CLIENT_CLI_SHOW_TOTALS_H
#define BIHUAN_CLIENT_CLI_SHOW_TOTALS_H

#include <jansson.h>

/* The member that is the sum of a column, NULL if there is none. Borrowed. */
const json_t *totals_find(const json_t *result, const char *column);

#endif
