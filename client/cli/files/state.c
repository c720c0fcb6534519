/* See state.h. */
#include "client/cli/files/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool state_path(const char *name, char out[STATE_PATH_SIZE])
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int n = STATE_PATH_SIZE;
    if (state != NULL && state[0] == '/') {
        n = snprintf(out, STATE_PATH_SIZE, "%s/bihuan/%s", state, name);
    } else if (home != NULL && home[0] == '/') {
        n = snprintf(out, STATE_PATH_SIZE, "%s/.local/state/bihuan/%s", home,
                     name);
    }
    if (n >= STATE_PATH_SIZE) {
        out[0] = '\0';
    }
    return n < STATE_PATH_SIZE;
}

void state_folders(const char *path)
{
    char part[STATE_PATH_SIZE];
    (void)snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(part, 0700);
        *slash = '/';
    }
}
