/* The full disk. In WAL mode a full disk wedges everything: even copying the
 * log back needs room for the main file to grow. So some room is kept in a
 * ballast file, given back when a write meets the end of the disk, and writes
 * are refused before the last bytes are gone. Reading goes on all the time.
 * And the disk that is gone: what is written into a file that was removed is
 * kept by nobody. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/store/internal.h"

enum {
    BALLAST_BYTES = 32 << 20,
    FLOOR_BYTES = 16 << 20, /* more than one batch writes */
};

static int64_t bytes_free(const struct store *s)
{
    struct statvfs fs;
    if (statvfs(s->path, &fs) != 0) {
        return INT64_MAX; /* not known: let the writes find out */
    }
    return (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
}

static bool ballast_there(const struct store *s, const char *name)
{
    struct stat file;
    return stat(name, &file) == 0 && file.st_size == s->space.ballast;
}

static bool ballast_make(const struct store *s)
{
    char name[PATH_SIZE];
    if (path_name(s->path, ".ballast", name) != OK) {
        return false;
    }
    if (s->space.ballast == 0 || ballast_there(s, name)) {
        return true;
    }
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    bool made = posix_fallocate(fd, 0, (off_t)s->space.ballast) == 0;
    close(fd);
    if (!made) {
        unlink(name);
    }
    return made;
}

void space_init(struct store *s)
{
    struct stat file;
    s->space = (struct space){.floor = FLOOR_BYTES, .ballast = BALLAST_BYTES};
    if (!s->memory && stat(s->path, &file) == 0) {
        s->space.device = file.st_dev;
        s->space.number = file.st_ino;
    }
    if (!s->memory && bytes_free(s) > s->space.floor + s->space.ballast) {
        (void)ballast_make(s); /* without it all still works, till it is full */
    }
}

bool space_enough(const struct store *s)
{
    return s->memory || bytes_free(s) >= s->space.floor;
}

bool store_gone(const struct store *s)
{
    struct stat file;
    return s->space.number != 0 &&
           (stat(s->path, &file) != 0 || file.st_ino != s->space.number ||
            file.st_dev != s->space.device);
}

void space_full(struct store *s)
{
    char name[PATH_SIZE];
    s->space.full = true;
    if (!s->memory && path_name(s->path, ".ballast", name) == OK) {
        (void)unlink(name);
    }
}

bool store_space_ok(struct store *s)
{
    if (s->memory) {
        s->space.full = false;
        return true;
    }
    char name[PATH_SIZE];
    int64_t want = s->space.floor;
    if (path_name(s->path, ".ballast", name) == OK && !ballast_there(s, name)) {
        want += s->space.ballast; /* it will be taken again */
    }
    if (bytes_free(s) >= want && ballast_make(s)) {
        s->space.full = false;
    }
    return !s->space.full;
}

void store_set_space(struct store *s, int64_t floor, int64_t ballast)
{
    if (floor == s->space.floor && ballast == s->space.ballast) {
        return;
    }
    s->space.floor = floor;
    s->space.ballast = ballast;
    s->space.full = false;
    space_full(s); /* drops the old ballast */
    s->space.full = false;
    (void)ballast_make(s);
}
