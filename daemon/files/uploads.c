/* Files on their way in: see uploads.h. */
#include "daemon/files/uploads.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uv.h>

#include "core/limits.h"
#include "daemon/files/upload_file.h"
#include "proto/hex.h"

struct slot {
    struct upload upload; /* id "": free */
    bool busy;            /* a piece is being written */
    bool used;            /* a record names it */
};

struct uploads {
    uv_mutex_t lock; /* of the slots; held for no longer than an unlink */
    bool broken;     /* a flush failed: what is durable is not known */
    char files[FILES_PATH_SIZE];
    char folder[FILES_PATH_SIZE];
    struct slot slots[UPLOADS_MAX];
};

/* -- slots: all under the lock -----------------------------------------------
 */

static bool taken(const struct slot *s)
{
    return s->upload.id[0] != '\0';
}

static bool over(const struct slot *s, instant now)
{
    return !s->busy && (now - s->upload.last > UPLOAD_IDLE_S ||
                        now - s->upload.begun > UPLOAD_LIFE_S);
}

/* A whole one has its bytes elsewhere by now. */
static void drop(struct uploads *u, struct slot *s)
{
    if (!s->upload.whole) {
        upload_file_remove(u->folder, s->upload.id);
    }
    *s = (struct slot){.busy = false};
}

static void drop_old(struct uploads *u, instant now)
{
    for (int i = 0; i < UPLOADS_MAX; i++) {
        if (taken(&u->slots[i]) && over(&u->slots[i], now)) {
            drop(u, &u->slots[i]);
        }
    }
}

/* Where the next one goes: a free slot, else that of the oldest in use. */
static struct slot *room_for_one(struct uploads *u)
{
    struct slot *oldest = NULL;
    for (int i = 0; i < UPLOADS_MAX; i++) {
        struct slot *s = &u->slots[i];
        if (!taken(s)) {
            return s;
        }
        if (s->used && !s->busy &&
            (oldest == NULL || s->upload.last < oldest->upload.last)) {
            oldest = s;
        }
    }
    return oldest;
}

static int count_of(const struct uploads *u, register_id owner)
{
    int n = 0;
    for (int i = 0; i < UPLOADS_MAX; i++) {
        const struct slot *s = &u->slots[i];
        n += taken(s) && !s->used && s->upload.owner == owner;
    }
    return n;
}

/* What those under way have still to write. */
static int64_t promised(const struct uploads *u)
{
    int64_t bytes = 0;
    for (int i = 0; i < UPLOADS_MAX; i++) {
        const struct slot *s = &u->slots[i];
        bytes += taken(s) ? s->upload.size - s->upload.received : 0;
    }
    return bytes;
}

static struct slot *find(struct uploads *u, register_id owner, const char *id,
                         instant now)
{
    for (int i = 0; i < UPLOADS_MAX; i++) {
        struct slot *s = &u->slots[i];
        if (taken(s) && s->upload.owner == owner &&
            strcmp(s->upload.id, id) == 0) {
            return over(s, now) ? NULL : s;
        }
    }
    return NULL;
}

/* -- begin -------------------------------------------------------------------
 */

static enum err new_id(char ret[UPLOAD_ID_SIZE])
{
    uint8_t bytes[(UPLOAD_ID_SIZE - 1) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return ERR_IO;
    }
    hex_encode(bytes, sizeof bytes, ret);
    return OK;
}

static enum err may_begin(struct uploads *u, const struct upload *declared,
                          struct problem *p)
{
    if (u->broken) {
        return problem_set(p, ERR_IO, "", "a restart of the server",
                           "the disk failed while a file was kept");
    }
    if (count_of(u, declared->owner) >= UPLOADS_EACH_MAX) {
        return problem_set(p, ERR_LIMIT, "",
                           "fewer uploads at once; finish one first", "");
    }
    if (files_free(u->files) - promised(u) - declared->size <
        FILES_FLOOR_BYTES) {
        return problem_set(p, ERR_DISK_FULL, "", "",
                           "there is no room for another file");
    }
    return OK;
}

enum err uploads_begin(struct uploads *u, const struct upload *declared,
                       struct upload *ret, struct problem *p)
{
    *ret = *declared;
    ret->received = 0;
    ret->whole = false;
    ret->last = ret->begun;
    ret->type = FILE_TYPE_COUNT;
    if (new_id(ret->id) != OK) {
        return problem_set(p, ERR_IO, "", "", "no randomness");
    }
    uv_mutex_lock(&u->lock);
    drop_old(u, declared->begun);
    enum err err = may_begin(u, declared, p);
    struct slot *slot = err == OK ? room_for_one(u) : NULL;
    if (err == OK && slot == NULL) {
        err =
            problem_set(p, ERR_BUSY, "", "", "too many uploads are under way");
    } else if (err == OK) {
        *slot = (struct slot){.upload = *ret};
    }
    uv_mutex_unlock(&u->lock);
    return err;
}

/* -- pieces ------------------------------------------------------------------
 */

static enum err fits(const struct upload *upload, const struct piece *piece,
                     struct problem *p)
{
    if (piece->offset > upload->received) {
        char expected[PROBLEM_TEXT_SIZE];
        snprintf(expected, sizeof expected, "at most %lld",
                 (long long)upload->received);
        return problem_set(p, ERR_BAD_PARAM, "offset", expected,
                           "bytes before it have not come");
    }
    if ((int64_t)piece->len > upload->size - piece->offset) {
        return problem_set(p, ERR_BAD_PARAM, "bytes",
                           "no more bytes than the size that was declared", "");
    }
    return OK;
}

/* Takes the slot for one piece. */
static enum err take(struct uploads *u, struct slot **ret, register_id owner,
                     const char *id, instant now, const struct piece *piece,
                     struct problem *p)
{
    struct slot *s = find(u, owner, id, now);
    if (s == NULL) {
        return problem_set(p, ERR_NOT_FOUND, "upload", "", "");
    }
    if (s->busy) {
        return problem_set(p, ERR_BUSY, "upload", "",
                           "another piece of it is under way");
    }
    enum err err = fits(&s->upload, piece, p);
    if (err == OK) {
        s->busy = true;
        s->upload.last = now;
        *ret = s;
    }
    return err;
}

/* Writes the piece, and with the last one keeps the file; without the lock: the
 * slot is ours while it is busy. */
static enum err put(struct uploads *u, struct upload *upload,
                    const struct piece *piece, struct problem *p)
{
    if (upload->whole) {
        return OK;
    }
    enum err err = upload_file_write(u->folder, upload->id, piece->offset,
                                     piece->bytes, piece->len);
    if (err != OK) {
        return problem_set(p, err, "", "",
                           err == ERR_DISK_FULL
                               ? "there is no room for another file"
                               : "the piece could not be written");
    }
    int64_t end = piece->offset + (int64_t)piece->len;
    upload->received = end > upload->received ? end : upload->received;
    return upload->received == upload->size
               ? upload_file_finish(u->folder, u->files, upload, p)
               : OK;
}

/* What can be made good by sending the piece again. */
static bool goes_on(enum err err)
{
    return err == OK || err == ERR_DISK_FULL || err == ERR_NO_MEMORY;
}

enum err uploads_put(struct uploads *u, register_id owner, const char *id,
                     instant now, const struct piece *piece, struct upload *ret,
                     struct problem *p)
{
    struct slot *s = NULL;
    uv_mutex_lock(&u->lock);
    enum err err = take(u, &s, owner, id, now, piece, p);
    if (err == OK) {
        assert(s != NULL);
        *ret = s->upload;
    }
    uv_mutex_unlock(&u->lock);
    if (err != OK) {
        return err;
    }
    err = put(u, ret, piece, p);
    uv_mutex_lock(&u->lock);
    u->broken = u->broken || err == ERR_IO;
    if (goes_on(err)) {
        s->upload = *ret;
        s->busy = false;
    } else {
        drop(u, s);
    }
    uv_mutex_unlock(&u->lock);
    return err;
}

/* -- the rest ----------------------------------------------------------------
 */

enum err uploads_find(struct uploads *u, register_id owner, const char *id,
                      instant now, struct upload *ret)
{
    uv_mutex_lock(&u->lock);
    const struct slot *s = find(u, owner, id, now);
    if (s != NULL) {
        *ret = s->upload;
    }
    uv_mutex_unlock(&u->lock);
    return s == NULL ? ERR_NOT_FOUND : OK;
}

void uploads_use(struct uploads *u, const char *id)
{
    uv_mutex_lock(&u->lock);
    for (int i = 0; i < UPLOADS_MAX; i++) {
        if (strcmp(u->slots[i].upload.id, id) == 0) {
            u->slots[i].used = true;
        }
    }
    uv_mutex_unlock(&u->lock);
}

void uploads_expire(struct uploads *u, instant now)
{
    uv_mutex_lock(&u->lock);
    drop_old(u, now);
    uv_mutex_unlock(&u->lock);
}

static bool is_wanted(const struct uploads *u, const char *sha256)
{
    for (int i = 0; i < UPLOADS_MAX; i++) {
        const struct slot *s = &u->slots[i];
        if (taken(s) && strcmp(s->upload.sha256, sha256) == 0) {
            return true;
        }
    }
    return false;
}

/* Under the lock, so that no upload of the same content begins, and becomes
 * whole, between the question and the removal. */
enum err uploads_sweep(struct uploads *u, const char *sha256,
                       enum err (*named)(void *user, const char *sha256,
                                         bool *ret),
                       void *user)
{
    bool stays = true;
    uv_mutex_lock(&u->lock);
    enum err err = is_wanted(u, sha256) ? OK : named(user, sha256, &stays);
    if (err == OK && !stays) {
        err = files_remove(u->files, sha256);
    }
    uv_mutex_unlock(&u->lock);
    return err == OK && stays ? ERR_EXISTS : err;
}

const char *uploads_files(const struct uploads *u)
{
    return u->files;
}

/* -- start and end -----------------------------------------------------------
 */

static enum err make_folders(struct uploads *u, const char *data)
{
    int files = snprintf(u->files, sizeof u->files, "%s/files", data);
    int folder = snprintf(u->folder, sizeof u->folder, "%s/uploads", data);
    if (files < 0 || folder < 0 || files >= FILES_PATH_SIZE - SHA256_SIZE ||
        folder >= FILES_PATH_SIZE - SHA256_SIZE) {
        return ERR_LIMIT;
    }
    enum err err = files_make_folder(u->files);
    if (err == OK) {
        err = files_make_folder(u->folder);
    }
    return err == OK ? upload_files_clear(u->folder) : err;
}

enum err uploads_open(const char *data, struct uploads **ret, struct problem *p)
{
    struct uploads *u = calloc(1, sizeof *u);
    enum err err = u == NULL ? ERR_NO_MEMORY : make_folders(u, data);
    if (err == OK && uv_mutex_init(&u->lock) != 0) {
        err = ERR_NO_MEMORY;
    }
    if (err != OK) {
        free(u);
        return problem_set(p, err, "data", "a folder that files can be kept in",
                           data);
    }
    *ret = u;
    return OK;
}

void uploads_close(struct uploads *u)
{
    if (u != NULL) {
        uv_mutex_destroy(&u->lock);
        free(u);
    }
}
