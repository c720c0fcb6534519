/* What the command line keeps of its own from one run to the next: the folder
 * bihuan in XDG_STATE_HOME, else in ~/.local/state, for its owner alone. */
#ifndef BIHUAN_CLIENT_CLI_FILES_STATE_H
#define BIHUAN_CLIENT_CLI_FILES_STATE_H

#include <stdbool.h>

enum {
    STATE_PATH_SIZE = 4096
};

/* The path of a file there. False, and "": the environment names no place. */
bool state_path(const char *name, char out[STATE_PATH_SIZE]);

/* Makes each folder of the path that is not there, for its owner alone. What
 * cannot be made is found out when the file is opened. */
void state_folders(const char *path);

#endif
