/* Counting equal lines: the n-th occurrence of a line is a different event
 * from the first, and a second run must count them the same. */
#ifndef BIHUAN_CLIENT_CLI_COMMANDS_IMPORT_OCCURRENCES_H
#define BIHUAN_CLIENT_CLI_COMMANDS_IMPORT_OCCURRENCES_H

#include <stddef.h>
#include <stdint.h>

/* A table of hashes. Zeroed it is empty. */
struct occurrences {
    uint64_t *hashes; /* 0: free */
    uint32_t *counts;
    size_t room; /* a power of two */
    size_t used;
};

/* How many lines equal to this came before it. Two different lines of the same
 * 64-bit hash count as equal: the daemon tells events by content and count, so
 * all that matters is that the same file gives the same counts. */
uint32_t occurrences_count(struct occurrences *o, const char *line, size_t len);
void occurrences_done(struct occurrences *o);

#endif
