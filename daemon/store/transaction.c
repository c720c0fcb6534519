/* Transactions of the writer, and snapshots of readers. */
#include <assert.h>

#include "daemon/store/internal.h"
#include "daemon/store/sqlite_err.h"

static void forget(struct store *s)
{
    record_drop(s);
    s->in_transaction = false;
    s->marked = false;
    s->now = s->at_begin;
}

/* SQLite may have ended it by itself. Without memory it can even fail to give
 * up: then nothing runs on this handle before a next try has succeeded. */
static enum err end(struct store *s)
{
    s->lost = OK;
    if (sqlite3_get_autocommit(s->db) == 0) {
        int rc = sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
        if (sqlite3_get_autocommit(s->db) == 0) {
            s->lost = rc == SQLITE_OK ? ERR_STORE : sqlite_err(rc);
        }
    }
    return s->lost;
}

enum err store_begin(struct store *s)
{
    assert(s->mode != STORE_READ && !s->in_transaction);
    if (store_gone(s)) {
        return ERR_STORE;
    }
    if (!space_enough(s)) {
        s->space.full = true;
    }
    if (s->space.full) {
        return ERR_DISK_FULL;
    }
    enum err err = end(s);
    if (err == OK) {
        err = store_run(s, STMT_BEGIN, NULL, 0);
    }
    if (err == OK) {
        s->in_transaction = true;
        s->flush_failed = false;
        s->at_begin = s->now;
    }
    return err;
}

void store_rollback(struct store *s)
{
    assert(s->in_transaction);
    forget(s);
    (void)end(s);
}

/* A COMMIT that failed for want of room has written no complete transaction
 * into the log, nor has one that was refused for a lock. After any other
 * failure the log may or may not hold it: only a restart, which reads the log
 * anew, can tell. Want of memory is among them: SQLite flushes the log and then
 * enters it into its index, which may have to grow. */
static bool unclear(const struct store *s, enum err err)
{
    return s->flush_failed || (err != ERR_DISK_FULL && err != ERR_BUSY);
}

enum err store_commit(struct store *s, bool *ret_fatal)
{
    assert(s->in_transaction && !s->marked && !s->record.open);
    sqlite3_stmt *stmt = NULL;
    /* lost, or not even begun to commit: that is clear */
    enum err err = store_statement(s, STMT_COMMIT, &stmt);
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
    enum err err = end(s);
    if (err == OK) {
        err = store_run(s, STMT_SNAPSHOT, NULL, 0);
    }
    if (err == OK) {
        s->in_transaction = true;
    }
    return err;
}

void store_release(struct store *s)
{
    assert(s->mode == STORE_READ && s->in_transaction);
    s->in_transaction = false;
    (void)end(s);
}

enum err store_write(struct store *s, enum statement statement,
                     const struct cell *binds, int n)
{
    return s->lost != OK ? s->lost : store_run(s, statement, binds, n);
}
