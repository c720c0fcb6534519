/* Opening and closing the database. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/internal.h"
#include "daemon/store/migrate.h"
#include "daemon/store/sqlite_err.h"

static void fill_random(void *bytes, size_t len)
{
    /* up to 256 bytes come whole or not at all (getrandom(2)) */
    assert(len <= 256);
    while (getrandom(bytes, len, 0) != (ssize_t)len) {
        assert(errno == EINTR);
    }
}

static int on_commit(void *user, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct store *)user)->wal_pages = pages;
    return SQLITE_OK;
}

static enum err connect(struct store *s)
{
    char name[PATH_SIZE];
    enum err err = path_name(s->path, "", name);
    if (err != OK) {
        return err;
    }
    int flags = SQLITE_OPEN_NOMUTEX | (s->memory ? SQLITE_OPEN_URI : 0);
    if (s->mode == STORE_READ && !s->memory) {
        flags |= SQLITE_OPEN_READONLY;
    } else {
        flags |= SQLITE_OPEN_READWRITE;
        flags |= s->mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0;
    }
    int rc = sqlite3_open_v2(name, &s->db, flags, NULL);
    if (rc != SQLITE_OK) {
        return sqlite_err(rc);
    }
    sqlite3_extended_result_codes(s->db, 1);
    return OK;
}

/* Every connection: no trust in what a schema could smuggle in, and no reader
 * ever copies the log back, not even as the last one out. */
static enum err harden(struct store *s)
{
    bool reader = s->mode == STORE_READ;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, reader, NULL);
    sqlite3_busy_timeout(s->db, s->memory ? MEMORY_WAIT_MS
                                : reader  ? READER_WAIT_MS
                                          : 0);
    enum err err = store_exec(s, "PRAGMA cell_size_check = ON;"
                                 "PRAGMA temp_store = MEMORY");
    if (err == OK && reader) {
        err = store_exec(s, "PRAGMA query_only = ON;"
                            "PRAGMA cache_size = -16384");
    }
    return err;
}

static enum err pragma_number(struct store *s, const char *sql, int *ret)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    if (rc == SQLITE_ROW) {
        *ret = sqlite3_column_int(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return store_result(s, rc);
}

/* Only the writer. The page size counts for a new file alone. Small pages: a
 * transition of a ticket changes a few rows here and there, and each page it
 * touches goes through the log and back whole. At 50 commands a commit over
 * 200,000 tickets, 1 KiB pages gave 12,900 transitions a second and 4 KiB pages
 * 8,700; filing and scanning were alike. */
static enum err settle_writer(struct store *s)
{
    enum err err = store_exec(s, "PRAGMA page_size = 1024;"
                                 "PRAGMA secure_delete = ON;"
                                 "PRAGMA cache_size = -65536");
    if (err == OK && !s->memory) {
        err = store_exec(s, "PRAGMA journal_mode = WAL;"
                            "PRAGMA synchronous = FULL;"
                            "PRAGMA wal_autocheckpoint = 0;"
                            "PRAGMA journal_size_limit = 33554432");
        /* takes the place of the checkpoint inside COMMIT */
        sqlite3_wal_hook(s->db, on_commit, s);
    }
    if (err == OK) {
        err = pragma_number(s, "PRAGMA page_size", &s->page_size);
    }
    return err;
}

/* A log that was left behind may have a text that its last writer had redacted
 * and no time to wipe. */
static bool log_left(const struct store *s)
{
    char name[PATH_SIZE];
    struct stat info;
    return !s->memory && path_name(s->path, "-wal", name) == OK &&
           stat(name, &info) == 0 && info.st_size > 0;
}

static enum err check_new(struct store *s, struct problem *p)
{
    int version = 0;
    enum err err = migrate_version(s->db, &version);
    if (err != OK) {
        return problem_set(p, err, s->path, "", sqlite3_errmsg(s->db));
    }
    if (s->mode == STORE_CREATE && version != 0) {
        return problem_set(p, ERR_EXISTS, s->path, "a new place",
                           "there is a database already");
    }
    if (s->mode != STORE_CREATE && version == 0) {
        return problem_set(p, ERR_NOT_FOUND, s->path, "a database",
                           "the file is empty");
    }
    return OK;
}

static enum err prepare_writer(struct store *s, struct problem *p)
{
    int n;
    const struct migration *steps = migrations(&n);
    s->wipe = log_left(s);
    enum err err = check_new(s, p);
    if (err == OK) {
        err = settle_writer(s);
    }
    if (err != OK) {
        return problem_set(p, err, s->path, "", sqlite3_errmsg(s->db));
    }
    err = migrate_run(s->db, steps, n, p);
    if (err == OK && s->mode == STORE_CREATE && !s->memory) {
        err = path_sync_folder(s->path);
    }
    return err;
}

/* A reader does not migrate: the writer has done that, or nobody has. */
static enum err prepare_reader(struct store *s, struct problem *p)
{
    int n;
    const struct migration *steps = migrations(&n);
    int version = 0;
    enum err err = migrate_version(s->db, &version);
    if (err != OK) {
        return problem_set(p, err, s->path, "a readable database",
                           sqlite3_errmsg(s->db));
    }
    if (version != steps[0].to) {
        return problem_set(p, version < 0 ? ERR_CORRUPT : ERR_UNSUPPORTED,
                           s->path,
                           "a database of this version; an older one is "
                           "changed when bihuand starts",
                           "the file is of another version or program");
    }
    return OK;
}

static enum err open_database(struct store *s, struct problem *p)
{
    enum err err = connect(s);
    if (err != OK) {
        return problem_set(p, err, s->path, "a database that can be opened",
                           s->db == NULL ? "" : sqlite3_errmsg(s->db));
    }
    err = harden(s);
    if (err != OK) {
        return problem_set(p, err, s->path, "", sqlite3_errmsg(s->db));
    }
    err = s->mode == STORE_READ ? prepare_reader(s, p) : prepare_writer(s, p);
    if (err == OK) {
        err = putter_init(&s->putter, s->db);
    }
    if (err == OK && s->mode != STORE_READ) {
        err = store_know_head(s);
        space_init(s);
    }
    return err;
}

/* A file that is there is never written to before its lock is held. */
static enum err check_file(struct store *s, struct problem *p)
{
    bool there = access(s->path, F_OK) == 0;
    if (!there && s->mode != STORE_CREATE) {
        return problem_set(p, ERR_NOT_FOUND, s->path, "a database",
                           strerror(errno));
    }
    return s->mode == STORE_READ ? OK : lock_take(s->path, &s->lock, p);
}

enum err store_open(const char *path, enum store_mode mode, struct store **ret,
                    struct problem *p)
{
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return problem_set(p, ERR_NO_MEMORY, NULL, NULL, NULL);
    }
    s->mode = mode;
    s->lock = -1;
    s->memory = path_is_memory(path);
    s->fill = fill_random;
    s->stride = STRIDE_BYTES;
    int len = snprintf(s->path, sizeof s->path, "%s", path);
    enum err err = OK;
    if (len < 0 || len >= PATH_SIZE) {
        err = problem_set(p, ERR_LIMIT, "path", "a shorter path", path);
    }
    if (err == OK && !s->memory) {
        err = check_file(s, p);
    }
    if (err == OK) {
        err = open_database(s, p);
    }
    if (err != OK) {
        store_close(s);
        return err;
    }
    *ret = s;
    return OK;
}

void store_close(struct store *s)
{
    if (s == NULL) {
        return;
    }
    for (int i = 0; i < STMT_COUNT; i++) {
        sqlite3_finalize(s->stmts[i]);
    }
    putter_done(&s->putter);
    buffer_done(&s->record.puts);
    buffer_done(&s->line);
    int rc = sqlite3_close(s->db);
    assert(rc == SQLITE_OK); /* a cursor was left open: our bug */
    (void)rc;
    lock_drop(s->lock);
    free(s);
}

void store_set_random(struct store *s, void (*fill)(void *, size_t))
{
    s->fill = fill == NULL ? fill_random : fill;
}
