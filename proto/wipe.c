#include "proto/wipe.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* jansson's parser has 1 KiB of the text on its stack, below some frames */
    STACK_BYTES = 8192
};

/* Called in a way that the compiler cannot look into. */
static void *(*const volatile set)(void *, int, size_t) = memset;

void wipe(void *bytes, size_t len)
{
    if (len > 0) {
        set(bytes, 0, len);
    }
}

void wipe_free(void *bytes, size_t len)
{
    if (bytes != NULL) {
        wipe(bytes, len);
    }
    free(bytes);
}

void *wipe_grow(void *bytes, size_t len, size_t room)
{
    void *fresh = malloc(room);
    if (fresh != NULL && bytes != NULL) {
        memcpy(fresh, bytes, len);
        wipe_free(bytes, len);
    }
    return fresh;
}

__attribute__((noinline)) void wipe_stack(void)
{
    char below[STACK_BYTES];
    wipe(below, sizeof below);
}
