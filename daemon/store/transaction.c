/* Transactions of the writer, and snapshots of readers. */
#include <assert.h>

#include "daemon/store/internal.h"
#include "daemon/store/sqlite_err.h"

static void forget(struct store *s)
{
    record_drop(s);
    s->in_transaction = false;
    s->marked = false;
    s->lost = OK;
    s->now = s->at_begin;
}

enum err store_begin(struct store *s)
{
    assert(s->mode != STORE_READ && !s->in_transaction);
    if (!space_enough(s)) {
        s->space.full = true;
    }
    if (s->space.full) {
        return ERR_DISK_FULL;
    }
    enum err err = store_run(s, STMT_BEGIN, NULL, 0);
    if (err == OK) {
        s->in_transaction = true;
        s->lost = OK;
        s->flush_failed = false;
        s->at_begin = s->now;
    }
    return err;
}

void store_rollback(struct store *s)
{
    assert(s->in_transaction);
    if (sqlite3_get_autocommit(s->db) == 0) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
    forget(s);
}

/* A COMMIT that failed for want of room has written no complete transaction
 * into the log, nor has one that was refused for a lock or for memory. After
 * any other failure the log may or may not hold it: only a restart, which reads
 * the log anew, can tell. */
static bool unclear(const struct store *s, enum err err)
{
    return s->flush_failed || err == ERR_STORE || err == ERR_CORRUPT;
}

enum err store_commit(struct store *s, bool *ret_fatal)
{
    assert(s->in_transaction && !s->marked && !s->record.open);
    enum err err = s->lost;
    *ret_fatal = err == ERR_CORRUPT || s->flush_failed;
    if (err == OK) {
        err = store_run(s, STMT_COMMIT, NULL, 0);
        *ret_fatal = err != OK && unclear(s, err);
    }
    if (err != OK) {
        store_rollback(s);
        return err;
    }
    s->in_transaction = false;
    return OK;
}

enum err store_mark(struct store *s)
{
    assert(s->in_transaction && !s->marked);
    if (s->lost != OK) {
        return s->lost;
    }
    enum err err = store_run(s, STMT_MARK, NULL, 0);
    if (err == OK) {
        s->marked = true;
        s->at_mark = s->now;
    }
    return err;
}

enum err store_keep(struct store *s)
{
    assert(s->marked && !s->record.open);
    s->marked = false;
    if (s->lost != OK) {
        return s->lost;
    }
    return store_run(s, STMT_KEEP, NULL, 0);
}

void store_undo(struct store *s)
{
    assert(s->marked);
    record_drop(s);
    s->marked = false;
    s->now = s->at_mark;
    if (s->lost == OK && store_run(s, STMT_UNDO, NULL, 0) == OK) {
        store_run(s, STMT_KEEP, NULL, 0);
    }
}

enum err store_lost(const struct store *s)
{
    return s->lost;
}

enum err store_snapshot(struct store *s)
{
    assert(s->mode == STORE_READ && !s->in_transaction);
    enum err err = store_run(s, STMT_SNAPSHOT, NULL, 0);
    if (err == OK) {
        s->in_transaction = true;
    }
    return err;
}

void store_release(struct store *s)
{
    assert(s->mode == STORE_READ && s->in_transaction);
    s->in_transaction = false;
    if (sqlite3_get_autocommit(s->db) == 0) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

enum err store_write(struct store *s, enum statement statement,
                     const struct cell *binds, int n)
{
    return s->lost != OK ? s->lost : store_run(s, statement, binds, n);
}
