/* The attachments' part of `bihuan verify`. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_OFFLINE_VERIFY_FILES_H
#define BIHUAN_CLIENT_CLI_COMMANDS_OFFLINE_VERIFY_FILES_H

#include <jansson.h>
#include <stdbool.h>

#include "core/err.h"

/* Reads the file of every attachment of the database `path`; adds how many
 * there are to the result, and which are lost or changed. CORRUPT if any is. */
enum err verify_files(const char *path, bool terminal, json_t *result,
                      struct problem *p);

#endif
