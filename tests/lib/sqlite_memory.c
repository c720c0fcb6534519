/* Allocations that fail: see sqlite_memory.h. */
#include "lib/sqlite_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

static sqlite3_mem_methods real;
static _Thread_local long fail_in; /* 0: none of this thread fails */
static _Thread_local bool all_that_follow;
static _Atomic bool failing;
static _Atomic bool reached;

static bool fails(void)
{
    if (!failing || fail_in == 0 || --fail_in > 0) {
        return false;
    }
    reached = true;
    fail_in = all_that_follow ? 1 : 0;
    return true;
}

static void *fault_malloc(int size)
{
    return fails() ? NULL : real.xMalloc(size);
}

static void *fault_realloc(void *block, int size)
{
    return fails() ? NULL : real.xRealloc(block, size);
}

void memory_install(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    sqlite3_mem_methods faulty = real;
    faulty.xMalloc = fault_malloc;
    faulty.xRealloc = fault_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty), SQLITE_OK);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

void memory_fail(long k, bool on_and_on)
{
    fail_in = k;
    all_that_follow = on_and_on;
    reached = false;
    failing = true;
}

bool memory_again(void)
{
    failing = false;
    return reached;
}
