/* Contents of attachments: see files.h. */
#include "daemon/store/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "daemon/store/files_io.h"
#include "proto/hex.h"

/* -- names -------------------------------------------------------------------
 */

void files_sha256(const void *bytes, size_t len, char ret[SHA256_SIZE])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    sha256_update(&sha, len, bytes);
    sha256_digest(&sha, sizeof digest, digest);
    hex_encode(digest, sizeof digest, ret);
}

bool files_sha256_ok(const char *text)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    return strlen(text) == SHA256_SIZE - 1 &&
           hex_decode(text, SHA256_SIZE - 1, digest);
}

enum err files_beside(const char *database, char ret[FILES_PATH_SIZE])
{
    const char *slash = strrchr(database, '/');
    int folder = slash == NULL ? 0 : (int)(slash - database) + 1;
    int len = snprintf(ret, FILES_PATH_SIZE, "%.*sfiles", folder, database);
    return len > 0 && len < FILES_PATH_SIZE ? OK : ERR_LIMIT;
}

enum err files_part(const char *folder, int part, char ret[FILES_PATH_SIZE])
{
    int len = snprintf(ret, FILES_PATH_SIZE, "%s/%02x", folder, (unsigned)part);
    return len > 0 && len < FILES_PATH_SIZE ? OK : ERR_LIMIT;
}

enum err files_name(const char *folder, const char *sha256,
                    char ret[FILES_PATH_SIZE])
{
    int len =
        snprintf(ret, FILES_PATH_SIZE, "%s/%.2s/%s", folder, sha256, sha256);
    return len > 0 && len < FILES_PATH_SIZE ? OK : ERR_LIMIT;
}

static int part_of(const char *sha256)
{
    char two[3] = {sha256[0], sha256[1], '\0'};
    return (int)strtol(two, NULL, 16);
}

/* -- flushing ----------------------------------------------------------------
 */

enum err files_errno(void)
{
    switch (errno) {
    case ENOENT:
        return ERR_NOT_FOUND;
    case EEXIST:
        return ERR_EXISTS;
    case ENOSPC:
    case EDQUOT:
        return ERR_DISK_FULL;
    case ENOMEM:
        return ERR_NO_MEMORY;
    default:
        return ERR_IO;
    }
}

enum err files_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ERR_IO;
    }
    enum err err = fsync(fd) == 0 ? OK : files_errno();
    close(fd);
    return err;
}

static enum err sync_parent(const char *path)
{
    char parent[FILES_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    int len = slash == NULL ? 1 : (int)(slash - path);
    snprintf(parent, sizeof parent, "%.*s", len, slash == NULL ? "." : path);
    return files_sync(parent);
}

enum err files_make_folder(const char *folder)
{
    if (mkdir(folder, 0700) == 0) {
        return sync_parent(folder);
    }
    struct stat there;
    enum err err = files_errno();
    bool is_folder = err == ERR_EXISTS && stat(folder, &there) == 0 &&
                     S_ISDIR(there.st_mode);
    return is_folder ? OK : err == ERR_DISK_FULL ? err : ERR_IO;
}

int64_t files_free(const char *folder)
{
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0) {
        return INT64_MAX;
    }
    return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
}

/* -- one file ----------------------------------------------------------------
 */

enum err files_place(const char *folder, const char *from, const char *sha256)
{
    char part[FILES_PATH_SIZE];
    char name[FILES_PATH_SIZE];
    enum err err = files_part(folder, part_of(sha256), part);
    if (err == OK) {
        err = files_name(folder, sha256, name);
    }
    if (err == OK) {
        err = files_make_folder(part);
    }
    if (err == OK && chmod(from, 0400) != 0) {
        err = ERR_IO;
    }
    if (err == OK) {
        err = files_sync(from);
    }
    if (err == OK && rename(from, name) != 0) {
        err = files_errno() == ERR_DISK_FULL ? ERR_DISK_FULL : ERR_IO;
    }
    if (err == OK) {
        err = files_sync(part);
    }
    /* who made the part may not have flushed its entry yet */
    return err == OK ? files_sync(folder) : err;
}

static enum err open_file(const char *folder, const char *sha256, int *ret)
{
    char name[FILES_PATH_SIZE];
    enum err err = files_name(folder, sha256, name);
    if (err == OK) {
        *ret = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        err = *ret < 0 ? files_errno() : OK;
    }
    return err;
}

/* Reads till `max` or the end. */
static enum err read_fully(int fd, int64_t offset, void *bytes, size_t max,
                           size_t *ret_len)
{
    size_t len = 0;
    while (len < max) {
        ssize_t n = pread(fd, (char *)bytes + len, max - len,
                          (off_t)(offset + (int64_t)len));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return ERR_IO;
        }
        if (n == 0) {
            break;
        }
        len += (size_t)n;
    }
    *ret_len = len;
    return OK;
}

enum err files_read(const char *folder, const char *sha256, int64_t offset,
                    void *bytes, size_t max, size_t *ret_len)
{
    int fd = -1;
    enum err err = open_file(folder, sha256, &fd);
    if (err == OK) {
        err = read_fully(fd, offset, bytes, max, ret_len);
        close(fd);
    }
    return err;
}

bool files_there(const char *folder, const char *sha256)
{
    char name[FILES_PATH_SIZE];
    struct stat there;
    return files_name(folder, sha256, name) == OK && lstat(name, &there) == 0 &&
           S_ISREG(there.st_mode);
}

static enum err digest_of(int fd, int64_t *ret_size, char ret[SHA256_SIZE])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    uint8_t piece[FILES_PIECE];
    size_t len = 0;
    enum err err = OK;
    sha256_init(&sha);
    *ret_size = 0;
    do {
        err = read_fully(fd, *ret_size, piece, sizeof piece, &len);
        if (err == OK) {
            sha256_update(&sha, len, piece);
            *ret_size += (int64_t)len;
        }
    } while (err == OK && len == sizeof piece);
    sha256_digest(&sha, sizeof digest, digest);
    hex_encode(digest, sizeof digest, ret);
    return err;
}

enum err files_check(const char *folder, const char *sha256, int64_t size)
{
    int fd = -1;
    int64_t found = 0;
    char digest[SHA256_SIZE];
    enum err err = open_file(folder, sha256, &fd);
    if (err != OK) {
        return err;
    }
    err = digest_of(fd, &found, digest);
    close(fd);
    bool same = found == size && strcmp(digest, sha256) == 0;
    return err == OK && !same ? ERR_CORRUPT : err;
}

enum err files_remove(const char *folder, const char *sha256)
{
    char name[FILES_PATH_SIZE];
    enum err err = files_name(folder, sha256, name);
    return err == OK && unlink(name) != 0 ? files_errno() : err;
}

/* -- many --------------------------------------------------------------------
 */

enum err files_list(const char *folder, int part,
                    enum err (*visit)(void *user, const char *sha256),
                    void *user)
{
    char name[FILES_PATH_SIZE];
    enum err err = files_part(folder, part, name);
    DIR *dir = err == OK ? opendir(name) : NULL;
    if (dir == NULL) {
        return err == OK && files_errno() != ERR_NOT_FOUND ? ERR_IO : err;
    }
    for (const struct dirent *e = readdir(dir); err == OK && e != NULL;
         e = readdir(dir)) {
        if (files_sha256_ok(e->d_name) && part_of(e->d_name) == part) {
            err = visit(user, e->d_name);
        }
    }
    closedir(dir);
    return err;
}
