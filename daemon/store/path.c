/* Names of the store's files. */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/internal.h"

static const char memory_prefix[] = ":memory:";

bool path_is_memory(const char *path)
{
    return strncmp(path, memory_prefix, sizeof memory_prefix - 1) == 0;
}

/* A database in memory is shared by name within the process (SQLite's memdb):
 * a writer and readers can have their own connections to it. */
enum err path_name(const char *path, const char *suffix, char out[PATH_SIZE])
{
    int len;
    if (path_is_memory(path)) {
        len = snprintf(out, PATH_SIZE, "file:/bihuan%s?vfs=memdb",
                       path + sizeof memory_prefix - 1);
    } else {
        len = snprintf(out, PATH_SIZE, "%s%s", path, suffix);
    }
    return len > 0 && len < PATH_SIZE ? OK : ERR_LIMIT;
}

enum err path_sync_folder(const char *path)
{
    char copy[PATH_SIZE];
    int len = snprintf(copy, sizeof copy, "%s", path);
    if (len < 0 || len >= PATH_SIZE) {
        return ERR_LIMIT;
    }
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return ERR_IO;
    }
    enum err err = fsync(folder) == 0 ? OK : ERR_IO;
    close(folder);
    return err;
}
