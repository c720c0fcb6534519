/* A data folder of a test's own, as --init leaves it: a store with the rules of
 * the day and the three administrators. */
#ifndef BIHUAN_TESTS_FOLDER_H
#define BIHUAN_TESTS_FOLDER_H

#include <stddef.h>

#include "core/instant.h"

/* 2026-11-20T10:00:00+08:00, when it is made. */
#define FRIDAY ((instant)1795140000)

/* Writes where it is; `size` is that of `ret`, 64 will do. */
void folder_make(char *ret, size_t size);
/* With all that is in it. */
void folder_clear(const char *folder);

#endif
