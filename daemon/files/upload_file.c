/* The bytes of one upload: see upload_file.h. */
#include "daemon/files/upload_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"

static enum err name_of(const char *folder, const char *id,
                        char ret[FILES_PATH_SIZE])
{
    int len = snprintf(ret, FILES_PATH_SIZE, "%s/%s", folder, id);
    return len > 0 && len < FILES_PATH_SIZE ? OK : ERR_LIMIT;
}

static enum err write_fully(int fd, int64_t offset, const char *bytes,
                            size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = pwrite(fd, bytes + done, len - done,
                           (off_t)(offset + (int64_t)done));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
            return n == 0 || full ? ERR_DISK_FULL : ERR_IO;
        }
        done += (size_t)n;
    }
    return OK;
}

enum err upload_file_write(const char *folder, const char *id, int64_t offset,
                           const void *bytes, size_t len)
{
    char name[FILES_PATH_SIZE];
    enum err err = name_of(folder, id, name);
    if (err != OK) {
        return err;
    }
    if (files_free(folder) - (int64_t)len < FILES_FLOOR_BYTES) {
        return ERR_DISK_FULL;
    }
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_IO;
    }
    err = write_fully(fd, offset, bytes, len);
    return close(fd) != 0 && err == OK ? ERR_IO : err;
}

void upload_file_remove(const char *folder, const char *id)
{
    char name[FILES_PATH_SIZE];
    if (name_of(folder, id, name) == OK) {
        (void)unlink(name);
    }
}

/* -- the last piece has come -------------------------------------------------
 */

static enum err read_all(const char *name, char *bytes, size_t size)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < size) {
        ssize_t n = read(fd, bytes + done, size - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            break;
        }
        done += (size_t)n;
    }
    if (fd >= 0) {
        close(fd);
    }
    return done == size ? OK : ERR_IO;
}

static enum err look_at(const char *bytes, struct upload *upload,
                        struct problem *p)
{
    char sha256[SHA256_SIZE];
    size_t size = (size_t)upload->size;
    files_sha256(bytes, size, sha256);
    if (strcmp(sha256, upload->sha256) != 0) {
        return problem_set(p, ERR_BAD_PARAM, "sha256",
                           "the digest of the bytes that were sent", sha256);
    }
    upload->type = file_type_of(bytes, size);
    return upload->type < FILE_TYPE_COUNT
               ? OK
               : problem_set(p, ERR_BAD_PARAM, "bytes", FILE_TYPES_TAKEN,
                             "the content is of none of these types, or is "
                             "damaged, encrypted or has macros");
}

enum err upload_file_finish(const char *folder, const char *files,
                            struct upload *upload, struct problem *p)
{
    char name[FILES_PATH_SIZE];
    enum err err = name_of(folder, upload->id, name);
    char *bytes = malloc((size_t)upload->size);
    if (err != OK || bytes == NULL) {
        free(bytes);
        return problem_set(p, err == OK ? ERR_NO_MEMORY : err, "", "", "");
    }
    err = read_all(name, bytes, (size_t)upload->size);
    if (err == OK) {
        err = look_at(bytes, upload, p);
    }
    free(bytes);
    if (err == OK) {
        err = files_place(files, name, upload->sha256);
    }
    if (err == OK) {
        upload->whole = true;
    }
    return err == OK || p->err == err
               ? err
               : problem_set(p, err, "", "", "the file could not be kept");
}

/* -- start -------------------------------------------------------------------
 */

enum err upload_files_clear(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return ERR_IO;
    }
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] != '.') {
            upload_file_remove(folder, e->d_name);
        }
    }
    closedir(dir);
    return OK;
}
