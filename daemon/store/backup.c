/* A copy of a consistent state, while others write.
 *
 * The source's snapshot is held for the whole copy, so that pages are copied
 * once however much is written meanwhile (a copy without one starts again at
 * each write, and under load never ends). What is copied gets its name only
 * when it has been checked and flushed: a crash leaves a .part file. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/internal.h"
#include "daemon/store/sqlite_err.h"

enum {
    COPY_PAGES = 4096
};

struct copy {
    struct store *s;
    const char *path;
    char part[PATH_SIZE];
    sqlite3 *db;
    struct problem *p;
};

static enum err fail(struct copy *c, enum err err, const char *detail)
{
    return problem_set(c->p, err, "file", "", detail);
}

static enum err copy_pages(struct copy *c)
{
    sqlite3_backup *backup =
        sqlite3_backup_init(c->db, "main", c->s->db, "main");
    if (backup == NULL) {
        return fail(c, sqlite_err(sqlite3_errcode(c->db)),
                    sqlite3_errmsg(c->db));
    }
    int rc;
    do {
        rc = sqlite3_backup_step(backup, COPY_PAGES);
    } while (rc == SQLITE_OK);
    sqlite3_backup_finish(backup);
    return rc == SQLITE_DONE ? OK : fail(c, sqlite_err(rc), sqlite3_errstr(rc));
}

static enum err open_part(struct copy *c, int flags)
{
    int rc =
        sqlite3_open_v2(c->part, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    return rc == SQLITE_OK
               ? OK
               : problem_set(c->p, sqlite_err(rc), "file",
                             "a file in a folder that is there and that "
                             "bihuand may write to",
                             sqlite3_errstr(rc));
}

/* The copy carries the mark of WAL mode, but is to stand alone as one file:
 * until a writer opens it. Nothing else has it open, so this is safe. */
static enum err stand_alone(struct copy *c)
{
    int rc = sqlite3_exec(c->db,
                          "PRAGMA synchronous = FULL;"
                          "PRAGMA journal_mode = DELETE",
                          NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK
                           : fail(c, sqlite_err(rc), sqlite3_errmsg(c->db));
}

static enum err check_integrity(struct copy *c)
{
    sqlite3_stmt *stmt = NULL;
    int rc =
        sqlite3_prepare_v2(c->db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    enum err err = sqlite_err(rc);
    const char *text =
        rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    if (err != OK || text == NULL || strcmp(text, "ok") != 0) {
        err = fail(c, err == OK ? ERR_CORRUPT : err,
                   text == NULL ? sqlite3_errmsg(c->db) : text);
    }
    sqlite3_finalize(stmt);
    return err;
}

/* The last record's hash is that of its bytes and of the hash before it. */
static enum err check_head(struct copy *c, int64_t *ret_head)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(
        c->db,
        "SELECT a.seq, a.record, a.hash, b.hash FROM journal a"
        " LEFT JOIN journal b ON b.seq = a.seq - 1 ORDER BY a.seq DESC LIMIT 1",
        -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    enum err err = sqlite_err(rc);
    int64_t head = 0;
    if (rc == SQLITE_ROW) {
        static const uint8_t zero[HASH_SIZE];
        uint8_t hash[HASH_SIZE];
        const uint8_t *before = sqlite3_column_blob(stmt, 3);
        const void *record = sqlite3_column_blob(stmt, 1);
        const void *kept = sqlite3_column_blob(stmt, 2);
        head = sqlite3_column_int64(stmt, 0);
        journal_hash(before == NULL ? zero : before, record,
                     (size_t)sqlite3_column_bytes(stmt, 1), hash);
        if (kept == NULL || sqlite3_column_bytes(stmt, 2) != HASH_SIZE ||
            memcmp(kept, hash, HASH_SIZE) != 0) {
            err = fail(c, ERR_CORRUPT, "the copy's last record is damaged");
        }
    }
    sqlite3_finalize(stmt);
    if (err == OK) {
        *ret_head = head;
    }
    return err;
}

static enum err flush(struct copy *c)
{
    int fd = open(c->part, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        enum err err = fail(c, ERR_IO, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    close(fd);
    return OK;
}

/* link() refuses a name that is taken, which rename() would replace. A file
 * system without links gets a check and a rename. */
static enum err give_name(struct copy *c)
{
    if (link(c->part, c->path) == 0) {
        unlink(c->part);
    } else if (errno == EEXIST || access(c->path, F_OK) == 0) {
        return fail(c, ERR_EXISTS, "there is a file of that name");
    } else if (rename(c->part, c->path) != 0) {
        return fail(c, ERR_IO, strerror(errno));
    }
    return path_sync_folder(c->path);
}

static enum err make_part(struct copy *c, int64_t *ret_head)
{
    enum err err = open_part(c, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (err == OK) {
        err = copy_pages(c);
    }
    if (err == OK) {
        err = stand_alone(c);
    }
    if (err == OK) {
        err = check_integrity(c);
    }
    if (err == OK) {
        err = check_head(c, ret_head);
    }
    sqlite3_close(c->db);
    return err == OK ? flush(c) : err;
}

enum err store_backup(struct store *s, const char *path, int64_t *ret_head,
                      struct problem *p)
{
    struct copy c = {.s = s, .path = path, .p = p};
    int64_t head = 0;
    if (path_name(path, ".part", c.part) != OK) {
        return fail(&c, ERR_LIMIT, "the path is too long");
    }
    if (access(path, F_OK) == 0) {
        return fail(&c, ERR_EXISTS, "there is a file of that name");
    }
    unlink(c.part); /* of a backup that was cut off */
    bool own = !s->in_transaction;
    enum err err = own ? store_snapshot(s) : OK;
    if (err == OK) {
        err = make_part(&c, &head);
    }
    if (own && s->in_transaction) {
        store_release(s);
    }
    if (err == OK) {
        err = give_name(&c);
    }
    if (err != OK) {
        unlink(c.part);
        return err;
    }
    *ret_head = head;
    return OK;
}
