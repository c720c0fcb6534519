/* See typed.h. */
#include "client/cli/arguments/typed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PATH_SIZE = 4096
};

/* The ASCII character of the three bytes at `p`, 0 if they are none in full
 * width. EF BC 81..BF and EF BD 80..9E are ! to ~, E3 80 80 is the blank. */
static char ascii_of(const unsigned char *p)
{
    if (p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x81 && p[2] <= 0xBF) {
        return (char)(p[2] - 0x81 + '!');
    }
    if (p[0] == 0xEF && p[1] == 0xBD && p[2] >= 0x80 && p[2] <= 0x9E) {
        return (char)(p[2] - 0x80 + '`');
    }
    return p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80 ? ' ' : '\0';
}

char *typed_plain(const char *text)
{
    size_t size = strlen(text) + 1;
    char *out = malloc(size);
    size_t n = 0;
    for (size_t i = 0; out != NULL && i < size; i++) {
        /* short-circuit keeps it inside: a NUL never matches */
        char c = ascii_of((const unsigned char *)text + i);
        out[n++] = c != '\0' ? c : text[i];
        i += c != '\0' ? 2 : 0;
    }
    return out;
}

char *typed_path(const char *path)
{
    char folder[PATH_SIZE];
    if (path[0] == '/') {
        return strdup(path);
    }
    if (path[0] == '\0' || getcwd(folder, sizeof folder) == NULL) {
        return NULL;
    }
    size_t size = strlen(folder) + strlen(path) + 2;
    char *out = malloc(size);
    if (out != NULL) {
        (void)snprintf(out, size, "%s/%s", folder, path);
    }
    return out;
}
