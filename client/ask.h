/* What the caller asks, checked and made a line. Internal to the library. */
#ifndef BIHUAN_CLIENT_ASK_H
#define BIHUAN_CLIENT_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "client/bihuan.h"
#include "core/err.h"

/* The request line with its end, heap-allocated (free()); `token` is what goes
 * with a request that brings none, NULL for none. INVALID: no method,
 * or `params` is no object; BAD_UTF8; TOO_LONG; NO_MEMORY; what json_parse()
 * says of `params`. *ret and *ret_len are written on success only. */
enum err ask_line(const struct bihuan_request *ask, int64_t id,
                  const char *token, char **ret, size_t *ret_len,
                  struct problem *p);

#endif
