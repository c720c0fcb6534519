/* A file's bytes in memory, growing as they are written. Test code: dies where
 * memory ends. */
#ifndef BIHUAN_TESTS_IMAGE_H
#define BIHUAN_TESTS_IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct image {
    unsigned char *bytes;
    int64_t len;
};

void *image_need(void *block); /* aborts on NULL */
void image_resize(struct image *i, int64_t len);
void image_write(struct image *i, int64_t at, const void *bytes, size_t len);
void image_copy(struct image *to, const struct image *from);

#endif
