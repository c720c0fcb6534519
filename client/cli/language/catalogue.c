/* Everything is checked once, when the file is taken; finding then trusts it.
 */
#include "client/cli/language/catalogue.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAGIC_AT = 0,
    COUNT_AT = 8,
    ORIGINALS_AT = 12,
    TRANSLATIONS_AT = 16
};
enum {
    HEAD_SIZE = 28,
    ENTRY_SIZE = 8
};
static const uint32_t MAGIC = 0x950412deU;

static uint32_t number_at(const struct catalogue *c, size_t offset)
{
    uint32_t number;
    memcpy(&number, c->bytes + offset, sizeof number);
    return number;
}

/* Entry i of a table: its text; lengths do not count the NUL. */
static const char *text_at(const struct catalogue *c, uint32_t table,
                           uint32_t i)
{
    return c->bytes + number_at(c, table + (size_t)i * ENTRY_SIZE + 4);
}

static bool table_sound(const struct catalogue *c, uint32_t table)
{
    if (table > c->len || (c->len - table) / ENTRY_SIZE < c->n) {
        return false;
    }
    for (uint32_t i = 0; i < c->n; i++) {
        size_t entry = table + (size_t)i * ENTRY_SIZE;
        size_t len = number_at(c, entry);
        size_t at = number_at(c, entry + 4);
        if (at >= c->len || len >= c->len - at || c->bytes[at + len] != '\0') {
            return false;
        }
    }
    return true;
}

bool catalogue_take(struct catalogue *c, char *bytes, size_t len)
{
    struct catalogue new = {.bytes = bytes, .len = len};
    if (len < HEAD_SIZE || number_at(&new, MAGIC_AT) != MAGIC) {
        return false;
    }
    new.n = number_at(&new, COUNT_AT);
    new.originals = number_at(&new, ORIGINALS_AT);
    new.translations = number_at(&new, TRANSLATIONS_AT);
    if (!table_sound(&new, new.originals) ||
        !table_sound(&new, new.translations)) {
        return false;
    }
    *c = new;
    return true;
}

void catalogue_done(struct catalogue *c)
{
    free(c->bytes);
    *c = (struct catalogue){.bytes = NULL};
}

/* msgfmt sorts the originals by their bytes. */
const char *catalogue_find(const struct catalogue *c, const char *original)
{
    uint32_t from = 0;
    uint32_t to = c->n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        int order = strcmp(original, text_at(c, c->originals, middle));
        if (order == 0) {
            return text_at(c, c->translations, middle);
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return NULL;
}
