/* Names, numbers and texts of the failures, all from the map in err.h. */
#include "core/err.h"

#include <string.h>

struct row {
    const char *name;
    const char *text;
    int code;
};

/* clang-format off */
static const struct row rows[ERR_COUNT] = {
    [OK] = {"ok", "done", 0},
#define X(id, wire, number, words)                                             \
    [ERR_##id] = {.name = wire, .text = words, .code = number},
    ERR_MAP(X)
#undef X
};
/* clang-format on */

static const struct row *row_of(enum err err)
{
    return (unsigned)err < ERR_COUNT ? &rows[err] : &rows[ERR_INTERNAL];
}

const char *err_name(enum err err)
{
    return row_of(err)->name;
}

int err_code(enum err err)
{
    return row_of(err)->code;
}

const char *err_text(enum err err)
{
    return row_of(err)->text;
}

enum err err_from_name(const char *name)
{
    for (unsigned i = 0; i < ERR_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return (enum err)i;
        }
    }
    return ERR_INTERNAL;
}

/* Copies as much of `from` as fits, never half a UTF-8 character. */
static void copy_text(char *to, size_t size, const char *from)
{
    size_t len = from == NULL ? 0 : strlen(from);
    if (len >= size) {
        len = size - 1;
        while (len > 0 && ((unsigned char)from[len] & 0xC0U) == 0x80U) {
            len--;
        }
    }
    if (len > 0) {
        memcpy(to, from, len);
    }
    to[len] = '\0';
}

enum err problem_set(struct problem *p, enum err err, const char *param,
                     const char *expected, const char *detail)
{
    if (p != NULL) {
        p->err = err;
        copy_text(p->param, sizeof p->param, param);
        copy_text(p->expected, sizeof p->expected, expected);
        copy_text(p->detail, sizeof p->detail, detail);
    }
    return err;
}
