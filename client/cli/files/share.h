/* Files that come with the program: catalogues, completion scripts. */
#ifndef BIHUAN_CLIENT_CLI_FILES_SHARE_H
#define BIHUAN_CLIENT_CLI_FILES_SHARE_H

#include <stddef.h>

#include "core/err.h"

/* Reads share/NAME: from ../share beside the program, so that a build tree or
 * an unpacked package works wherever it lies; else from where it was built to
 * be. Heap, with a NUL behind. IO if it is in neither. */
enum err share_read(const char *name, char **ret, size_t *ret_len,
                    struct problem *p);

#endif
