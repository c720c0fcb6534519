/* BIHUAN_LOCALE_DIR is .../share/locale, set by the build. */
#include "client/cli/files/share.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/cli/files/file.h"

#ifndef BIHUAN_LOCALE_DIR
#define BIHUAN_LOCALE_DIR "/usr/share/locale"
#endif

enum {
    SHARE_BYTES_MAX = 1048576,
    PATH_SIZE = 4096
};

static enum err read_in(const char *folder, const char *name, char **ret,
                        size_t *ret_len)
{
    char path[PATH_SIZE];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    return n < 0 || (size_t)n >= sizeof path
               ? ERR_IO
               : file_read(path, SHARE_BYTES_MAX, ret, ret_len, NULL);
}

/* The folder ../share of the running program; "" if that cannot be told. */
static void share_beside(char out[PATH_SIZE])
{
    static const char tail[] = "/../share";
    ssize_t n = readlink("/proc/self/exe", out, PATH_SIZE - sizeof tail);
    char *slash = NULL;
    out[n > 0 ? n : 0] = '\0';
    slash = strrchr(out, '/');
    if (slash != NULL) {
        memcpy(slash, tail, sizeof tail);
    }
}

enum err share_read(const char *name, char **ret, size_t *ret_len,
                    struct problem *p)
{
    char folder[PATH_SIZE];
    share_beside(folder);
    if (read_in(folder, name, ret, ret_len) == OK ||
        read_in(BIHUAN_LOCALE_DIR "/..", name, ret, ret_len) == OK) {
        return OK;
    }
    return problem_set(p, ERR_IO, "", "an installation with its share folder",
                       name);
}
