/* Files that no record names: what a crash, or an upload that was never
 * attached, left among the contents. Finding them and removing them are two
 * steps: a reader looks, a part of the folder at a time; the writer, who alone
 * knows of every record, looks again and removes. A file that a record names,
 * or an upload under way has, stays in any case. */
#ifndef BIHUAN_DAEMON_FILES_SWEEP_H
#define BIHUAN_DAEMON_FILES_SWEEP_H

#include "daemon/files/uploads.h"
#include "daemon/store/store.h"

enum {
    SWEEP_MAX = 64
};

struct sweep {
    struct uploads *uploads;
    int part; /* of the contents, looked at next; FILES_PARTS: all were */
    int n;    /* found, to be removed */
    char found[SWEEP_MAX][SHA256_SIZE];
    int removed;
};

/* Looks from `part` on, till something is found or all has been looked at. A
 * part with more than fits is looked at again. On a reader's snapshot. */
enum err sweep_find(struct store *s, struct sweep *sweep);

/* Removes what was found and is still named by nobody; counts it. In the
 * writer's transaction. */
enum err sweep_remove(struct store *s, struct sweep *sweep);

#endif
