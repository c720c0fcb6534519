/* A disk that can lose power: an SQLite VFS that keeps its files in memory and
 * knows which bytes have been flushed.
 *
 * Each write, truncation, flush and deletion is one numbered operation. At
 * operation `die_at` the power goes: that one and every later call fail. Then
 * power_settle() decides the fate of each write that was not flushed: a third
 * of them are lost, a third torn at a sector of 512 bytes, a third kept. What
 * was flushed stays, and so do deletions. Single-threaded; locks are not
 * modelled, so one connection at a time. */
#ifndef BIHUAN_TESTS_LIB_POWER_VFS_H
#define BIHUAN_TESTS_LIB_POWER_VFS_H

#include <stdbool.h>
#include <stdint.h>

/* Makes it the default VFS of the process. */
void power_install(void);
/* No files at all, no faults, counters at 0. */
void power_reset(void);
/* Remembers all files as they are; goes back to what was remembered. */
void power_remember(void);
void power_return(void);

void power_seed(uint64_t seed);
/* Counting from 1; 0: never. */
void power_die_at(int64_t operation);
bool power_is_off(void);
int64_t power_operations(void);
/* The flush with this number (from 1) fails, once. 0: none. */
void power_fail_flush(int64_t number);
/* All files together may not grow over this: then SQLITE_FULL. 0: no end. */
void power_quota(int64_t bytes);
int64_t power_bytes(void);
/* The power comes back. */
void power_settle(void);

#endif
