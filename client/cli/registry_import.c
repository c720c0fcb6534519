/* `bihuan registry import`: rows of a table into the register. */
#include "client/cli/local.h"

enum exit_status local_registry_import(const struct run_context *context)
{
    (void)context;
    struct problem p;
    (void)problem_set(&p, ERR_UNSUPPORTED, "", "", "");
    complain(stderr, &p);
    return EXIT_REFUSED;
}
