/* Memory that may hold a secret: it is overwritten before others get it. What
 * else wipes (gnutls_memset) is not to be had in this room. */
#ifndef BIHUAN_PROTO_WIPE_H
#define BIHUAN_PROTO_WIPE_H

#include <stddef.h>

/* Overwrites; not left out because nobody reads it again. */
void wipe(void *bytes, size_t len);
/* And gives it back (free()); NULL is fine. */
void wipe_free(void *bytes, size_t len);
/* Moves the first `len` bytes to a larger place of `room` and wipes the old
 * one. NULL: no memory, nothing has changed. */
void *wipe_grow(void *bytes, size_t len, size_t room);

/* Overwrites what functions that have returned left on this thread's stack. */
void wipe_stack(void);

#endif
