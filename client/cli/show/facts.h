/* An object of a few facts on one line:
 *
 *     办理时长：3 天，2 个工作日
 *     Corrections: Corrected 2, Overdue in all, corrected 17 */
#ifndef BIHUAN_CLIENT_CLI_SHOW_FACTS_H
#define BIHUAN_CLIENT_CLI_SHOW_FACTS_H

#include <jansson.h>
#include <stdbool.h>

#include "client/cli/show/screen.h"

/* An object without a structure inside, with something in it. */
bool facts_are(json_t *value);

/* `title` is the member's wire name. */
void facts_print(const char *title, json_t *value, const struct screen *screen);

#endif
