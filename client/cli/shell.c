/* `bihuan shell`: commands one after another. */
#include "client/cli/local.h"

enum exit_status local_shell(const struct run_context *context)
{
    (void)context;
    struct problem p;
    (void)problem_set(&p, ERR_UNSUPPORTED, "", "", "");
    complain(stderr, &p);
    return EXIT_REFUSED;
}
