/* Reading a whole file, or standard input, into memory. */
#ifndef BIHUAN_CLIENT_CLI_FILES_FILE_H
#define BIHUAN_CLIENT_CLI_FILES_FILE_H

#include <stddef.h>

#include "core/err.h"

/* Memory that must be there: the command line has nothing to go on with when
 * there is none, and says so and ends (status 1). */
void *must_alloc(size_t size);
void *must_realloc(void *old, size_t size);
char *must_copy(const char *text);

/* The bytes of `path` ("-": standard input) with a NUL behind them, heap.
 * IO if it cannot be read, TOO_LONG over `max` bytes. */
enum err file_read(const char *path, size_t max, char **ret, size_t *ret_len,
                   struct problem *p);

#endif
