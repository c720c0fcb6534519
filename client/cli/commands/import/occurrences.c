/* Open addressing, no deletion, never more than half full. */
#include "client/cli/commands/import/occurrences.h"

#include <stdlib.h>
#include <string.h>

#include "client/cli/files/file.h"

enum {
    ROOM_FIRST = 4096
};

/* FNV-1a, 64 bits; 0 stands for a free place. */
static uint64_t hash_of(const char *line, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)line[i]) * UINT64_C(0x100000001b3);
    }
    return hash == 0 ? 1 : hash;
}

static size_t place_of(const struct occurrences *o, uint64_t hash)
{
    size_t at = (size_t)hash & (o->room - 1);
    while (o->hashes[at] != 0 && o->hashes[at] != hash) {
        at = (at + 1) & (o->room - 1);
    }
    return at;
}

static void grow(struct occurrences *o)
{
    struct occurrences old = *o;
    o->room = old.room == 0 ? ROOM_FIRST : old.room * 2;
    o->hashes = must_alloc(o->room * sizeof *o->hashes);
    o->counts = must_alloc(o->room * sizeof *o->counts);
    memset(o->hashes, 0, o->room * sizeof *o->hashes);
    for (size_t i = 0; i < old.room; i++) {
        if (old.hashes[i] != 0) {
            size_t at = place_of(o, old.hashes[i]);
            o->hashes[at] = old.hashes[i];
            o->counts[at] = old.counts[i];
        }
    }
    free(old.hashes);
    free(old.counts);
}

uint32_t occurrences_count(struct occurrences *o, const char *line, size_t len)
{
    uint64_t hash = hash_of(line, len);
    if (o->used * 2 >= o->room) {
        grow(o);
    }
    size_t at = place_of(o, hash);
    if (o->hashes[at] == 0) {
        o->hashes[at] = hash;
        o->counts[at] = 0;
        o->used++;
    }
    return o->counts[at]++;
}

void occurrences_done(struct occurrences *o)
{
    free(o->hashes);
    free(o->counts);
    *o = (struct occurrences){.hashes = NULL};
}
