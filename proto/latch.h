/* The allocator under jansson. jansson 2.14 drops a character, or crashes, when
 * an allocation fails while it reads a text (its issue 362), so while it reads
 * it never sees a failure: it gets memory of a reserve, the failure is latched,
 * and json_parse() throws away what was read. At all other times a failure is
 * an ordinary NULL, and latched too, so that a half-built answer is known. */
#ifndef BIHUAN_PROTO_LATCH_H
#define BIHUAN_PROTO_LATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

/* Makes the two functions below jansson's; once, before any thread. What is
 * given back is wiped: a password or a token may have been in it. */
void latch_setup(void);
void *latch_malloc(size_t size);
void latch_free(void *block);

/* From here to latch_leave() this thread gets memory of a reserve when there is
 * no other. NO_MEMORY if every reserve is in use by another thread. */
enum err latch_enter(void);
/* True once an allocation has failed since latch_enter(). */
bool latch_tripped(void);
/* Ends it; what came from the reserve must have been freed. Returns whether an
 * allocation failed. */
bool latch_leave(void);

/* Whether an allocation has failed on this thread since the last latch_take(),
 * outside enter..leave: who builds an answer asks when it is done, because
 * jansson's setters leave a member out silently. Clears it. */
bool latch_take(void);

/* Whether a reserve was ever too small on this thread, so that jansson did see
 * a failure: never for what is within LINE_BYTES_MAX. */
bool latch_exhausted(void);

/* For tests, on this thread: the n-th allocation from now fails (n >= 1), and,
 * if `forever`, all after it; 0 ends that. Returns how many allocations there
 * were since the last call. */
long latch_fail(long n, bool forever);

#endif
