/* Which server is meant. */
#ifndef BIHUAN_CLIENT_CLI_SERVER_SERVER_NAME_H
#define BIHUAN_CLIENT_CLI_SERVER_SERVER_NAME_H

#include "client/cli/arguments/options.h"

enum {
    SERVER_SIZE = 4096
};
/* The server named by --server or BIHUAN_SERVER, else the socket bihuan.sock
 * in XDG_RUNTIME_DIR if there is one, else unix:/run/bihuan/bihuan.sock. */
const char *server_name(const struct options *options, char out[SERVER_SIZE]);

#endif
