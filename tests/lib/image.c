/* Bytes of a file that lives in memory: see image.h. */
#include "lib/image.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void *image_need(void *block)
{
    assert(block != NULL);
    return block;
}

void image_resize(struct image *i, int64_t len)
{
    i->bytes = image_need(realloc(i->bytes, (size_t)(len == 0 ? 1 : len)));
    if (len > i->len) {
        memset(i->bytes + i->len, 0, (size_t)(len - i->len));
    }
    i->len = len;
}

void image_write(struct image *i, int64_t at, const void *bytes, size_t len)
{
    if (at + (int64_t)len > i->len) {
        image_resize(i, at + (int64_t)len);
    }
    memcpy(i->bytes + at, bytes, len);
}

void image_copy(struct image *to, const struct image *from)
{
    image_resize(to, from->len);
    if (from->len > 0) {
        memcpy(to->bytes, from->bytes, (size_t)from->len);
    }
}
