/* What is shown this one time: the one-time password of an account, the token
 * of a program. */
#ifndef BIHUAN_CLIENT_CLI_PAPER_ONCE_H
#define BIHUAN_CLIENT_CLI_PAPER_ONCE_H

#include <jansson.h>

#include "client/cli/show/screen.h"

void paper_password(json_t *result, const struct screen *screen);
void paper_token(json_t *result, const struct screen *screen);

#endif
