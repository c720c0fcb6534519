/* Contents in a second folder, for a backup: see files.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/store/files_io.h"

static enum err write_fully(int fd, const char *bytes, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, bytes + done, len - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return files_errno() == ERR_DISK_FULL ? ERR_DISK_FULL : ERR_IO;
        }
        done += (size_t)n;
    }
    return OK;
}

static enum err copy_bytes(const char *folder, const char *sha256, int fd)
{
    char piece[FILES_PIECE];
    size_t len = 0;
    int64_t offset = 0;
    enum err err = OK;
    do {
        err = files_read(folder, sha256, offset, piece, sizeof piece, &len);
        if (err == OK) {
            err = write_fully(fd, piece, len);
        }
        offset += (int64_t)len;
    } while (err == OK && len == sizeof piece);
    return err == OK && fsync(fd) != 0 ? files_errno() : err;
}

static enum err copy_to(const char *folder, const char *sha256,
                        const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (fd < 0) {
        return files_errno();
    }
    enum err err = copy_bytes(folder, sha256, fd);
    if (close(fd) != 0 && err == OK) {
        err = files_errno();
    }
    if (err != OK) {
        unlink(name);
    }
    return err;
}

enum err files_copy(const char *folder, const char *to, const char *sha256,
                    bool *ret_linked)
{
    char from[FILES_PATH_SIZE];
    char name[FILES_PATH_SIZE];
    char part[FILES_PATH_SIZE];
    *ret_linked = false;
    if (files_name(folder, sha256, from) != OK ||
        files_name(to, sha256, name) != OK) {
        return ERR_LIMIT;
    }
    snprintf(part, sizeof part, "%s/%.2s", to, sha256);
    enum err err = files_make_folder(part);
    if (err != OK) {
        return err;
    }
    *ret_linked = link(from, name) == 0;
    if (*ret_linked) {
        return OK;
    }
    err = files_errno();
    return err == ERR_NOT_FOUND || err == ERR_EXISTS
               ? err
               : copy_to(folder, sha256, name);
}

enum err files_flush(const char *folder)
{
    char part[FILES_PATH_SIZE];
    enum err err = OK;
    for (int i = 0; err == OK && i < FILES_PARTS; i++) {
        err = files_part(folder, i, part);
        if (err == OK && access(part, F_OK) == 0) {
            err = files_sync(part);
        }
    }
    return err == OK ? files_sync(folder) : err;
}

static enum err remove_one(void *user, const char *sha256)
{
    (void)files_remove(user, sha256);
    return OK;
}

void files_remove_all(const char *folder)
{
    char part[FILES_PATH_SIZE];
    char copy[FILES_PATH_SIZE];
    snprintf(copy, sizeof copy, "%s", folder);
    for (int i = 0; i < FILES_PARTS; i++) {
        (void)files_list(copy, i, remove_one, copy);
        if (files_part(copy, i, part) == OK) {
            (void)rmdir(part);
        }
    }
    (void)rmdir(copy);
}
