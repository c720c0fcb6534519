/* Files that no record names: see sweep.h. */
#include "daemon/files/sweep.h"

#include <string.h>

static enum err is_named(void *user, const char *sha256, bool *ret)
{
    struct store *s = user;
    struct cell bind = cell_text("", sha256);
    struct rows rows;
    enum err err = rows_begin(s, STMT_ATTACHMENT_NAMED, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows);
    return rows_end(&rows);
}

struct finding {
    struct store *store;
    struct sweep *sweep;
};

static enum err look(void *user, const char *sha256)
{
    struct finding *f = user;
    struct sweep *sweep = f->sweep;
    bool named = true;
    enum err err =
        sweep->n < SWEEP_MAX ? is_named(f->store, sha256, &named) : OK;
    if (err == OK && !named) {
        memcpy(sweep->found[sweep->n++], sha256, SHA256_SIZE);
    }
    return err;
}

enum err sweep_find(struct store *s, struct sweep *sweep)
{
    struct finding f = {s, sweep};
    enum err err = OK;
    sweep->n = 0;
    while (err == OK && sweep->n == 0 && sweep->part < FILES_PARTS) {
        err = files_list(uploads_files(sweep->uploads), sweep->part, look, &f);
        sweep->part += sweep->n < SWEEP_MAX;
    }
    return err;
}

enum err sweep_remove(struct store *s, struct sweep *sweep)
{
    int removed = 0;
    enum err err = OK;
    for (int i = 0; err == OK && i < sweep->n; i++) {
        err = uploads_sweep(sweep->uploads, sweep->found[i], is_named, s);
        removed += err == OK;
        if (err == ERR_EXISTS || err == ERR_NOT_FOUND) {
            err = OK;
        }
    }
    sweep->removed += removed;
    sweep->part += sweep->n == SWEEP_MAX && removed == 0;
    return err;
}
