/* A disk that can lose power: see power_vfs.h. */
#include "lib/power_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "lib/image.h"

enum {
    FILES = 16,
    REGIONS = 64,
    SECTOR = 512,
    NAME_MAX_BYTES = 600
};

/* One write or truncation that has not been flushed. */
struct pending {
    bool truncation;
    int64_t at; /* a truncation's new size */
    size_t len;
    unsigned char *bytes;
};

struct file {
    char name[NAME_MAX_BYTES]; /* "" : free */
    struct image now;          /* as the program sees it */
    struct image flushed;      /* as the platter has it */
    struct pending *pending;
    int n_pending;
    void *regions[REGIONS]; /* shared memory of the WAL index */
};

struct handle {
    sqlite3_file base;
    struct file *file;
};

static struct file files[FILES];
static struct file remembered[FILES];
static int64_t operations;
static int64_t die_at;
static int64_t flushes;
static int64_t fail_flush;
static int64_t quota;
static bool off;
static uint64_t seed_state = 1;

static uint32_t dice(uint32_t sides)
{
    seed_state ^= seed_state << 13;
    seed_state ^= seed_state >> 7;
    seed_state ^= seed_state << 17;
    return (uint32_t)(seed_state >> 32) % sides;
}

/* -- files ----------------------------------------------------------------- */

static struct file *find(const char *name)
{
    for (int i = 0; i < FILES; i++) {
        if (strcmp(files[i].name, name) == 0) {
            return &files[i];
        }
    }
    return NULL;
}

static void drop_pending(struct file *f)
{
    for (int i = 0; i < f->n_pending; i++) {
        free(f->pending[i].bytes);
    }
    free(f->pending);
    f->pending = NULL;
    f->n_pending = 0;
}

static void drop_regions(struct file *f)
{
    for (int i = 0; i < REGIONS; i++) {
        free(f->regions[i]);
        f->regions[i] = NULL;
    }
}

static void drop(struct file *f)
{
    drop_pending(f);
    drop_regions(f);
    free(f->now.bytes);
    free(f->flushed.bytes);
    *f = (struct file){0};
}

static void note(struct file *f, struct pending p)
{
    f->pending = image_need(
        realloc(f->pending, ((size_t)f->n_pending + 1) * sizeof *f->pending));
    f->pending[f->n_pending++] = p;
}

/* False: the power is gone. */
static bool operation(void)
{
    if (!off && ++operations == die_at) {
        off = true;
    }
    return !off;
}

/* -- methods of a file ----------------------------------------------------- */

static struct file *of(sqlite3_file *handle)
{
    return ((struct handle *)handle)->file;
}

static int on_close(sqlite3_file *handle)
{
    (void)handle;
    return SQLITE_OK;
}

static int on_read(sqlite3_file *handle, void *out, int len, sqlite3_int64 at)
{
    const struct image *i = &of(handle)->now;
    if (off) {
        return SQLITE_IOERR_READ;
    }
    int64_t there = i->len > at ? i->len - at : 0;
    size_t n = (size_t)(there < len ? there : len);
    if (n > 0) {
        memcpy(out, i->bytes + at, n);
    }
    memset((char *)out + n, 0, (size_t)len - n);
    return n == (size_t)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/* A write under way when the power goes may have reached the platter too. */
static int on_write(sqlite3_file *handle, const void *bytes, int len,
                    sqlite3_int64 at)
{
    struct file *f = of(handle);
    if (off) {
        return SQLITE_IOERR_WRITE;
    }
    if (quota > 0 && at + len > f->now.len &&
        power_bytes() + at + len - f->now.len > quota) {
        return SQLITE_FULL;
    }
    unsigned char *copy = image_need(malloc((size_t)len));
    memcpy(copy, bytes, (size_t)len);
    note(f, (struct pending){.at = at, .len = (size_t)len, .bytes = copy});
    if (!operation()) {
        return SQLITE_IOERR_WRITE;
    }
    image_write(&f->now, at, bytes, (size_t)len);
    return SQLITE_OK;
}

static int on_truncate(sqlite3_file *handle, sqlite3_int64 size)
{
    struct file *f = of(handle);
    if (!operation()) {
        return SQLITE_IOERR_TRUNCATE;
    }
    note(f, (struct pending){.truncation = true, .at = size});
    image_resize(&f->now, size);
    return SQLITE_OK;
}

static int on_sync(sqlite3_file *handle, int flags)
{
    struct file *f = of(handle);
    (void)flags;
    if (!operation() || ++flushes == fail_flush) {
        return SQLITE_IOERR_FSYNC;
    }
    image_copy(&f->flushed, &f->now);
    drop_pending(f);
    return SQLITE_OK;
}

static int on_size(sqlite3_file *handle, sqlite3_int64 *ret)
{
    *ret = of(handle)->now.len;
    return off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int on_lock(sqlite3_file *handle, int level)
{
    (void)handle;
    (void)level;
    return SQLITE_OK;
}

static int on_reserved(sqlite3_file *handle, int *ret)
{
    (void)handle;
    *ret = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *handle, int op, void *arg)
{
    (void)handle;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int on_sector(sqlite3_file *handle)
{
    (void)handle;
    return SECTOR;
}

static int on_kind(sqlite3_file *handle)
{
    (void)handle;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int on_map(sqlite3_file *handle, int region, int size, int extend,
                  void volatile **ret)
{
    struct file *f = of(handle);
    assert(region < REGIONS);
    if (f->regions[region] == NULL && extend) {
        f->regions[region] = image_need(calloc(1, (size_t)size));
    }
    *ret = f->regions[region];
    return SQLITE_OK;
}

static int on_shm_lock(sqlite3_file *handle, int from, int n, int flags)
{
    (void)handle;
    (void)from;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void on_barrier(sqlite3_file *handle)
{
    (void)handle;
}

/* The last connection has gone: the index is made anew from the log. */
static int on_unmap(sqlite3_file *handle, int delete)
{
    (void)delete;
    drop_regions(of(handle));
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_lock,
    .xCheckReservedLock = on_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_kind,
    .xShmMap = on_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_barrier,
    .xShmUnmap = on_unmap,
};

/* -- the VFS --------------------------------------------------------------- */

/* Files without a name, for sorting and such, lie elsewhere and do not count:
 * nobody expects them to outlive the power. */
static sqlite3_vfs *real;

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *handle,
                   int flags, int *ret_flags)
{
    (void)vfs;
    handle->pMethods = NULL;
    if (name == NULL) {
        return real->xOpen(real, name, handle, flags, ret_flags);
    }
    struct file *f = find(name);
    if (f == NULL && (flags & SQLITE_OPEN_CREATE) != 0 && !off) {
        f = find("");
        assert(f != NULL && strlen(name) < NAME_MAX_BYTES);
        memcpy(f->name, name, strlen(name) + 1);
    }
    if (f == NULL || off) {
        return SQLITE_CANTOPEN;
    }
    ((struct handle *)handle)->file = f;
    handle->pMethods = &methods;
    if (ret_flags != NULL) {
        *ret_flags = flags;
    }
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    (void)sync_folder;
    struct file *f = find(name);
    if (f == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    if (!operation()) {
        return SQLITE_IOERR_DELETE;
    }
    drop(f);
    return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
    (void)vfs;
    (void)flags;
    const struct file *f = find(name);
    *ret = f != NULL;
    return off ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int on_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    size_t len = strlen(name);
    assert(len < (size_t)size);
    memcpy(out, name, len + 1);
    return SQLITE_OK;
}

static int on_random(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    for (int i = 0; i < len; i++) {
        out[i] = (char)dice(256);
    }
    return len;
}

void power_install(void)
{
    static sqlite3_vfs vfs;
    real = sqlite3_vfs_find(NULL);
    vfs = *real;
    vfs.zName = "power";
    vfs.pNext = NULL;
    vfs.mxPathname = NAME_MAX_BYTES - 1;
    if (vfs.szOsFile < (int)sizeof(struct handle)) {
        vfs.szOsFile = sizeof(struct handle);
    }
    vfs.xOpen = on_open;
    vfs.xDelete = on_delete;
    vfs.xAccess = on_access;
    vfs.xFullPathname = on_full_path;
    vfs.xRandomness = on_random;
    int rc = sqlite3_vfs_register(&vfs, 1);
    assert(rc == SQLITE_OK);
    (void)rc;
}

/* -- the laboratory's side ------------------------------------------------- */

static void start_over(void)
{
    operations = die_at = flushes = fail_flush = quota = 0;
    off = false;
}

void power_reset(void)
{
    for (int i = 0; i < FILES; i++) {
        drop(&files[i]);
    }
    start_over();
}

static void copy_all(struct file *to, const struct file *from)
{
    for (int i = 0; i < FILES; i++) {
        drop(&to[i]);
        memcpy(to[i].name, from[i].name, sizeof to[i].name);
        image_copy(&to[i].now, &from[i].now);
        image_copy(&to[i].flushed, &from[i].now);
    }
}

void power_remember(void)
{
    copy_all(remembered, files);
}

void power_return(void)
{
    copy_all(files, remembered);
    start_over();
}

void power_seed(uint64_t seed)
{
    seed_state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
}

void power_die_at(int64_t number)
{
    die_at = number;
}

bool power_is_off(void)
{
    return off;
}

int64_t power_operations(void)
{
    return operations;
}

void power_fail_flush(int64_t number)
{
    fail_flush = number;
}

void power_quota(int64_t bytes)
{
    quota = bytes;
}

int64_t power_bytes(void)
{
    int64_t sum = 0;
    for (int i = 0; i < FILES; i++) {
        sum += files[i].now.len;
    }
    return sum;
}

/* Each sector of a torn write is there or not, by itself. */
static void tear(struct image *i, const struct pending *p)
{
    for (size_t from = 0; from < p->len;) {
        size_t room = SECTOR - (size_t)(p->at + (int64_t)from) % SECTOR;
        size_t n = p->len - from < room ? p->len - from : room;
        if (dice(2) == 0) {
            image_write(i, p->at + (int64_t)from, p->bytes + from, n);
        }
        from += n;
    }
}

static void settle(struct file *f)
{
    for (int i = 0; i < f->n_pending; i++) {
        const struct pending *p = &f->pending[i];
        uint32_t fate = dice(3);
        if (fate == 0) {
            continue;
        }
        if (p->truncation) {
            image_resize(&f->flushed, p->at);
        } else if (fate == 1) {
            tear(&f->flushed, p);
        } else {
            image_write(&f->flushed, p->at, p->bytes, p->len);
        }
    }
    drop_pending(f);
    drop_regions(f);
    image_copy(&f->now, &f->flushed);
}

void power_settle(void)
{
    for (int i = 0; i < FILES; i++) {
        settle(&files[i]);
    }
    start_over();
}
