/* Sizes are not asked from the file system: pipes and standard input have
 * none, and a file may grow while it is read. */
#include "client/cli/files/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must_realloc(void *old, size_t size)
{
    void *new = realloc(old, size == 0 ? 1 : size);
    if (new == NULL) {
        (void)fputs("bihuan: out of memory\n", stderr);
        exit(1);
    }
    return new;
}

void *must_alloc(size_t size)
{
    return must_realloc(NULL, size);
}

char *must_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *ret = must_alloc(size);
    memcpy(ret, text, size);
    return ret;
}

static enum err failed(struct problem *p, const char *path)
{
    char detail[PROBLEM_TEXT_SIZE];
    (void)snprintf(detail, sizeof detail, "%s: %s", path, strerror(errno));
    return problem_set(p, ERR_IO, "", "a file that can be read", detail);
}

/* Reads up to one byte more than allowed, to tell too long from just fitting.
 */
static size_t read_all(FILE *file, size_t max, char **ret)
{
    size_t room = 4096;
    size_t len = 0;
    char *bytes = must_alloc(room);
    while (len <= max) {
        size_t n = fread(bytes + len, 1, room - len - 1, file);
        if (n == 0) {
            break;
        }
        len += n;
        if (len + 1 == room) {
            room *= 2;
            bytes = must_realloc(bytes, room);
        }
    }
    bytes[len] = '\0';
    *ret = bytes;
    return len;
}

enum err file_read(const char *path, size_t max, char **ret, size_t *ret_len,
                   struct problem *p)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (file == NULL) {
        return failed(p, path);
    }
    char *bytes = NULL;
    size_t len = read_all(file, max, &bytes);
    enum err err = OK;
    if (ferror(file) != 0) {
        err = failed(p, path);
    } else if (len > max) {
        char expected[PROBLEM_TEXT_SIZE];
        (void)snprintf(expected, sizeof expected, "at most %zu bytes", max);
        err = problem_set(p, ERR_TOO_LONG, "", expected, path);
    }
    if (!standard) {
        (void)fclose(file);
    }
    if (err != OK) {
        free(bytes);
        return err;
    }
    *ret = bytes;
    *ret_len = len;
    return OK;
}
