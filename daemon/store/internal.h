/* What the files of the store share. Nobody outside daemon/store includes it,
 * but for the tests of the store. */
#ifndef BIHUAN_STORE_INTERNAL_H
#define BIHUAN_STORE_INTERNAL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/store/buffer.h"
#include "daemon/store/put.h"
#include "daemon/store/store.h"

enum {
    HASH_SIZE = 32,
    METHOD_SIZE = 64,
    PATH_SIZE = 1024,
    STRIDE_BYTES = 2 << 20,
    READER_WAIT_MS = 2000,  /* of a reader, for a recovery to end */
    MEMORY_WAIT_MS = 10000, /* in memory readers and writer take turns */
};

/* What the writer knows without asking, kept in step with the transaction: a
 * copy is taken at begin and at mark, and put back when they are undone. */
struct knowledge {
    int64_t head;
    instant recorded;
    uint8_t hash[HASH_SIZE];
    int64_t next[TABLE_COUNT]; /* next free id, 0: not asked yet */
    bool audit_known;          /* what follows was asked for */
    int64_t audit_n;           /* head of the audit record */
    uint8_t audit_hash[HASH_SIZE];
};

struct open_record {
    bool open;
    struct record facts; /* by and method point into the copies below */
    char by[CODE_SIZE];
    char method[METHOD_SIZE];
    int64_t seq;
    int64_t before; /* its ticket's record before it */
    bool chained;   /* before is known and ticket.seq is set */
    int n_puts;
    struct buffer puts;
};

struct space {
    bool full;     /* a write met a full disk: refuse until there is room */
    int64_t floor; /* bytes that must stay free, 0: not asked for */
    int64_t ballast;
    dev_t device; /* of the file that is open, */
    ino_t number; /* and which it is there; 0: not known */
};

struct store {
    sqlite3 *db;
    enum store_mode mode;
    bool memory;
    char path[PATH_SIZE]; /* of the file */
    int lock;             /* descriptor of the lock file, -1: none */
    sqlite3_stmt *stmts[STMT_COUNT];
    bool busy[STMT_COUNT]; /* a cursor is on it */
    struct putter putter;
    void (*fill)(void *, size_t);
    bool in_transaction;
    bool marked;
    enum err lost;     /* the transaction is beyond repair, for this reason */
    bool flush_failed; /* a flush failed since begin */
    struct knowledge now;
    struct knowledge at_begin;
    struct knowledge at_mark;
    struct open_record record;
    struct buffer line;
    struct space space;
    int64_t wal_pages; /* in the log, after the latest commit */
    int64_t wal_tried; /* wal_pages at the latest checkpoint */
    int64_t stride;    /* bytes of log between two checkpoints */
    int page_size;
    ticket_id aside[ASIDE_MAX]; /* see deadline_set_aside() */
    int n_aside;
    bool misread; /* rows_enum() met what it may not have */
    bool wipe; /* something was redacted: the log must go, not only be copied */
};

/* -- sqlite.c ---------------------------------------------------------------
 */
/* The prepared statement, ready for binds. */
enum err store_statement(struct store *s, enum statement id,
                         sqlite3_stmt **ret);
/* Binds, runs to the end, resets: for statements that give no rows. */
enum err store_run(struct store *s, enum statement id, const struct cell *binds,
                   int n);
/* Notes what an SQLite result means for the running transaction, and returns
 * it as ours. Every result of a statement goes through here. */
enum err store_result(struct store *s, int rc);
/* The same for what is one of ours already. */
enum err store_failed(struct store *s, enum err err);
/* Runs SQL of the program's own that gives no rows that matter. */
enum err store_exec(struct store *s, const char *sql);

/* -- transaction.c, rows.c: rows that are the effect of no record
 */
/* Writes one as it is, in the transaction that is open. */
enum err store_write(struct store *s, enum statement statement,
                     const struct cell *binds, int n);
/* The one row that a statement gives, read by `read`; NOT_FOUND. */
enum err rows_one(struct store *s, enum statement statement,
                  const struct cell *binds, int n,
                  void (*read)(const struct rows *r, void *ret), void *ret);

/* -- lock.c -----------------------------------------------------------------
 */
enum err lock_take(const char *path, int *ret, struct problem *p);
void lock_drop(int lock);

/* -- space.c ----------------------------------------------------------------
 */
void space_init(struct store *s);
/* Room for another batch? Cheap; called at every begin. */
bool space_enough(const struct store *s);
/* A write met a full disk: gives the ballast back to the file system, so that
 * what is in the log can still be copied and read. */
void space_full(struct store *s);

/* -- journal.c --------------------------------------------------------------
 */
void record_drop(struct store *s);
/* What the journal's last record says; all zero if there is none. */
enum err store_read_head(struct store *s, struct knowledge *ret);
/* The same into s->now, when the writer opens. */
enum err store_know_head(struct store *s);
/* store_put() for any table, that of the texts too. */
enum err record_put(struct store *s, enum table table, const struct cell *cells,
                    int n);
/* The open record's ticket has its earlier record `before`, and its row has
 * been given the record's number. */
void record_chained(struct store *s, int64_t before);
void journal_hash(const uint8_t before[HASH_SIZE], const void *record,
                  size_t len, uint8_t ret[HASH_SIZE]);

/* -- path.c -----------------------------------------------------------------
 */
/* ":memory:" or ":memory:NAME" */
bool path_is_memory(const char *path);
/* What sqlite3_open_v2() takes, with SQLITE_OPEN_URI for memory only. */
enum err path_name(const char *path, const char *suffix, char out[PATH_SIZE]);
/* Makes the entry of a new file in its folder durable. */
enum err path_sync_folder(const char *path);

#endif
