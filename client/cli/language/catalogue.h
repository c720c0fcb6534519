/* A gettext message catalogue (.mo), read by ourselves: glibc's gettext() gives
 * no translation in the C locale, and in C.UTF-8, the only other locale of a
 * bare Debian, only some of its versions do. The file's form is the GNU gettext
 * manual's, "The Format of GNU MO Files", in this machine's byte order. */
#ifndef BIHUAN_CLIENT_CLI_LANGUAGE_CATALOGUE_H
#define BIHUAN_CLIENT_CLI_LANGUAGE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalogue {
    char *bytes; /* heap; NULL: empty, finds nothing */
    size_t len;
    uint32_t n;
    uint32_t originals;    /* offset of the table of originals */
    uint32_t translations; /* offset of the table of translations */
};

/* Takes over `bytes` (malloc) if it is a whole, sound catalogue: every text
 * lies inside it and ends in NUL. False otherwise, and `bytes` stays the
 * caller's. */
bool catalogue_take(struct catalogue *c, char *bytes, size_t len);
void catalogue_done(struct catalogue *c);

/* The translation of `original`, NULL if there is none; borrowed. */
const char *catalogue_find(const struct catalogue *c, const char *original);

#endif
