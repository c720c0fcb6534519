/* The lock file: one writer in the whole system, for as long as it lives. The
 * kernel drops the lock when the process dies, however it dies. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "daemon/store/internal.h"

/* flock() and not fcntl(): it belongs to this open file, so that a second
 * opening in the same process is refused too. */
enum err lock_take(const char *path, int *ret, struct problem *p)
{
    char name[PATH_SIZE];
    enum err err = path_name(path, ".lock", name);
    if (err != OK) {
        return problem_set(p, err, path, "a shorter path", NULL);
    }
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return problem_set(p, ERR_STORE, name, "a lock file that can be made",
                           strerror(errno));
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return problem_set(p, ERR_BUSY, path, "a database that is not in use",
                           "another process has it open for writing");
    }
    *ret = fd;
    return OK;
}

void lock_drop(int lock)
{
    if (lock >= 0) {
        close(lock); /* the file stays: removing it would race with a taker */
    }
}
