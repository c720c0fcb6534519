/* Counting through strides: see tally.h. The count is no part of the record: a
 * meta row, "METHOD FROM TO N N N N", empty between works. */
#include "daemon/commands/rules/tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TALLY_SIZE = 200
};

static const char tally_name[] = "tally";

static int work_of(const struct call *c, const struct tally *t,
                   char out[TALLY_SIZE])
{
    return snprintf(out, TALLY_SIZE, "%s %" PRId64 " %" PRId64,
                    c->command->name, t->from, t->to);
}

static enum err add_kept(struct call *c, struct tally *t)
{
    char work[TALLY_SIZE];
    char kept[TALLY_SIZE] = "";
    size_t len = (size_t)work_of(c, t, work);
    enum err err = meta_get(c->store, tally_name, kept, sizeof kept);
    if (err != OK && err != ERR_NOT_FOUND) {
        return err;
    }
    if (strncmp(kept, work, len) != 0 || kept[len] != ' ') {
        return OK;
    }
    char *rest = kept + len;
    for (int i = 0; i < TALLY_MAX; i++) {
        t->n[i] += strtoll(rest, &rest, 10);
    }
    return OK;
}

enum err tally_whole(struct call *c, struct tally *t, bool done)
{
    char text[TALLY_SIZE] = "";
    enum err err = add_kept(c, t);
    if (err != OK) {
        return err;
    }
    if (!done) {
        int len = work_of(c, t, text);
        snprintf(text + len, sizeof text - (size_t)len,
                 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, t->n[0],
                 t->n[1], t->n[2], t->n[3]);
    }
    return meta_set(c->store, tally_name, text);
}
