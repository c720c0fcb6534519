/* Copying the log back into the database, in bounded strides between batches.
 *
 * The log grows by what each batch writes and starts over only when all of it
 * has been copied and no reader still stands in it. Copying at every COMMIT
 * would cost a flush of the main file each time and halve the throughput;
 * never copying lets the log grow without end. So:
 *
 *   under `stride` new pages   nothing
 *   every `stride`           PASSIVE: copies what no reader needs, waits for
 *                            nobody
 *   over 3/4 of the bound    RESTART: waits for readers (their transactions are
 *                            short) so that the next batch begins the log anew
 *   over the bound           RESTART with a longer wait: the writer stands
 *                            still rather than let the log grow
 *
 *   after a redaction        TRUNCATE: the log still has the text
 *
 * journal_size_limit cuts the file down again after a restart. */
#include <assert.h>

#include "core/limits.h"
#include "daemon/store/internal.h"

enum {
    CKPT_WAIT_MS = 1500, /* a reader's transaction lasts at most a second */
    CKPT_WAIT_OVER_MS = 5000, /* a backup may hold its snapshot longer */
};

static int64_t wal_bytes(const struct store *s)
{
    return s->wal_pages *
           (s->page_size + 24); /* a frame has 24 bytes of head */
}

static enum err copy_back(struct store *s, int mode, int wait_ms)
{
    int pages = 0;
    int copied = 0;
    sqlite3_busy_timeout(s->db, wait_ms);
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, mode, &pages, &copied);
    sqlite3_busy_timeout(s->db, 0);
    s->wal_tried = s->wal_pages;
    if (rc == SQLITE_BUSY) {
        return OK; /* a reader stood in the way: again at the next stride */
    }
    return store_result(s, rc);
}

/* What was redacted still stands in frames of the log. A reader that stands in
 * the way is waited for, and if it stays, again after the next batch. */
static enum err wipe(struct store *s)
{
    sqlite3_busy_timeout(s->db, CKPT_WAIT_OVER_MS);
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                       NULL, NULL);
    sqlite3_busy_timeout(s->db, 0);
    if (rc == SQLITE_BUSY) {
        return OK;
    }
    if (rc == SQLITE_OK) {
        s->wipe = false;
        s->wal_pages = 0;
        s->wal_tried = 0;
    }
    return store_result(s, rc);
}

enum err store_checkpoint(struct store *s)
{
    assert(s->mode != STORE_READ && !s->in_transaction);
    if (s->wipe && !s->memory) {
        return wipe(s);
    }
    if (s->memory || s->wal_pages == 0) {
        return OK;
    }
    if (s->wal_pages < s->wal_tried) {
        s->wal_tried = 0; /* the log has begun anew */
    }
    int64_t bytes = wal_bytes(s);
    if (bytes > WAL_BYTES_MAX) {
        return copy_back(s, SQLITE_CHECKPOINT_RESTART, CKPT_WAIT_OVER_MS);
    }
    int64_t stride = s->stride / (s->page_size + 24);
    if (s->wal_pages - s->wal_tried < stride) {
        return OK;
    }
    if (bytes > (int64_t)WAL_BYTES_MAX / 4 * 3) {
        return copy_back(s, SQLITE_CHECKPOINT_RESTART, CKPT_WAIT_MS);
    }
    return copy_back(s, SQLITE_CHECKPOINT_PASSIVE, 0);
}
