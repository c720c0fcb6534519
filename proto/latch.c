/* The allocator under jansson. */
#include "proto/latch.h"

#include <assert.h>
#include <jansson.h>
#include <malloc.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "proto/wipe.h"

enum {
    /* After a failure the parser is fed no more than one piece of 1024 bytes
     * (json.c), at most 80 bytes of memory a byte; beside that, one token may
     * double to twice LINE_BYTES_MAX and one table of keys to 256 KiB. */
    RESERVE_BYTES = 1024 * 1024,
    /* More threads than this never parse at once: a loop, a writer and the
     * pool. Pages that are never touched cost nothing. */
    RESERVES = 16,
    ALIGNMENT = 16
};

struct reserve {
    alignas(ALIGNMENT) unsigned char bytes[RESERVE_BYTES];
    size_t used;
    atomic_bool taken;
};

struct latch {
    struct reserve *reserve; /* NULL outside latch_enter..latch_leave */
    bool tripped;
    bool outer; /* what `tripped` was before latch_enter() */
    bool exhausted;
    bool forever;
    long fail_at; /* 0: never */
    long count;
};

static struct reserve reserves[RESERVES];
static _Thread_local struct latch latch;

void latch_setup(void)
{
    json_set_alloc_funcs(latch_malloc, latch_free);
}

static bool must_fail(void)
{
    latch.count++;
    return latch.fail_at > 0 && (latch.forever ? latch.count >= latch.fail_at
                                               : latch.count == latch.fail_at);
}

static void *from_reserve(struct reserve *r, size_t size)
{
    size_t need = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (need < size || need > RESERVE_BYTES - r->used) {
        return NULL;
    }
    void *block = r->bytes + r->used;
    r->used += need;
    return block;
}

void *latch_malloc(size_t size)
{
    void *block = must_fail() ? NULL : malloc(size);
    if (block == NULL) {
        latch.tripped = true;
        if (latch.reserve != NULL) {
            block = from_reserve(latch.reserve, size);
            latch.exhausted = latch.exhausted || block == NULL;
        }
    }
    return block;
}

static bool in_reserve(const struct reserve *r, const void *block)
{
    uintptr_t at = (uintptr_t)block;
    uintptr_t from = (uintptr_t)r->bytes;
    return at >= from && at < from + RESERVE_BYTES;
}

void latch_free(void *block)
{
    if (latch.reserve == NULL || !in_reserve(latch.reserve, block)) {
        wipe_free(block, malloc_usable_size(block));
    }
}

enum err latch_enter(void)
{
    assert(latch.reserve == NULL);
    for (int i = 0; i < RESERVES; i++) {
        if (!atomic_exchange(&reserves[i].taken, true)) {
            reserves[i].used = 0;
            latch.reserve = &reserves[i];
            latch.outer = latch.tripped;
            latch.tripped = false;
            return OK;
        }
    }
    return ERR_NO_MEMORY;
}

bool latch_tripped(void)
{
    return latch.tripped;
}

bool latch_leave(void)
{
    bool tripped = latch.tripped;
    assert(latch.reserve != NULL);
    wipe(latch.reserve->bytes, latch.reserve->used);
    atomic_store(&latch.reserve->taken, false);
    latch.reserve = NULL;
    latch.tripped = latch.outer;
    return tripped;
}

bool latch_take(void)
{
    bool tripped = latch.tripped;
    latch.tripped = false;
    return tripped;
}

bool latch_exhausted(void)
{
    return latch.exhausted;
}

long latch_fail(long n, bool forever)
{
    long count = latch.count;
    latch.count = 0;
    latch.fail_at = n;
    latch.forever = forever;
    return count;
}
