/* SQLite's allocations, of which one fails when a test says so. */
#ifndef BIHUAN_TESTS_SQLITE_MEMORY_H
#define BIHUAN_TESTS_SQLITE_MEMORY_H

#include <stdbool.h>

/* Before SQLite is first used. */
void memory_install(void);

/* The k-th allocation of this thread from here on fails (1: the next one),
 * alone or with all that follow. */
void memory_fail(long k, bool on_and_on);
/* None fails any more, on whatever thread; whether one has. */
bool memory_again(void);

#endif
