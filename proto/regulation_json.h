/* The regulation's JSON form, documented field by field in docs/regulation.md,
 * decoded into core's struct. All errors are reported at once. */
#ifndef BIHUAN_PROTO_REGULATION_JSON_H
#define BIHUAN_PROTO_REGULATION_JSON_H

#include <jansson.h>

#include "core/err.h"
#include "core/limits.h"
#include "core/regulation.h"

struct regulation_errors {
    int n; /* all of them; only the first REGULATION_ERRORS_MAX are kept */
    struct problem list[REGULATION_ERRORS_MAX]; /* param = path, e.g.
                                 limits.finish.financing.urgent */
};

/* OK, or BAD_REGULATION with *errors filled; *ret is written on success. */
enum err regulation_decode(json_t *body, struct regulation *ret,
                           struct regulation_errors *errors);

/* The built-in default, sensible for a county, as JSON text (a file of the
 * source tree, client and daemon share it) and decoded. NO_MEMORY. */
extern const char regulation_default_json[];
enum err regulation_default(struct regulation *ret);

#endif
