/* See server_name.h. */
#include "client/cli/server/server_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *server_name(const struct options *options, char out[SERVER_SIZE])
{
    if (options->server[0] != '\0') {
        return options->server;
    }
    const char *folder = getenv("XDG_RUNTIME_DIR");
    if (folder != NULL && folder[0] == '/') {
        int n = snprintf(out, SERVER_SIZE, "unix:%s/bihuan.sock", folder);
        if (n < SERVER_SIZE && access(out + 5, F_OK) == 0) {
            return out;
        }
    }
    return "unix:/run/bihuan/bihuan.sock";
}
