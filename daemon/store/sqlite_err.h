/* SQLite's result codes become ours here and nowhere else. */
#ifndef BIHUAN_STORE_SQLITE_ERR_H
#define BIHUAN_STORE_SQLITE_ERR_H

#include <stdbool.h>

#include "core/err.h"

/* OK for SQLITE_OK, ROW and DONE. Takes plain and extended codes. */
enum err sqlite_err(int rc);

/* A flush that failed: what is durable is unknown, and a retry may lie (the
 * kernel can drop the pages it failed to write). The process must stop. */
bool sqlite_flush_failed(int extended);

#endif
