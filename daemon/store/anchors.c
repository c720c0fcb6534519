/* Anchors that people give or that lie beside the data, read for a proof. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/anchor.h"
#include "daemon/store/internal.h"

enum {
    LINE_MAX_SIZE = 1000,
    ANCHORS_MAX = 1000000
};
static const char expected[] =
    "bihuan-anchor 1 NUMBER HASH INSTANT, or bihuan-audit 1 ...";

static enum err add(struct anchors *a, const struct anchor *anchor,
                    const char *source)
{
    if (a->n == ANCHORS_MAX) {
        return ERR_LIMIT;
    }
    if (a->n == a->size) {
        int size = a->size == 0 ? 64 : 2 * a->size;
        struct anchor_given *of = realloc(a->of, (size_t)size * sizeof *of);
        if (of == NULL) {
            return ERR_NO_MEMORY;
        }
        a->of = of;
        a->size = size;
    }
    struct anchor_given *given = &a->of[a->n++];
    given->anchor = *anchor;
    snprintf(given->source, sizeof given->source, "%.60s", source);
    return OK;
}

static enum err add_line(struct anchors *a, const char *line, size_t len,
                         const char *source, struct problem *p)
{
    struct anchor anchor;
    enum err err = anchor_parse(line, len, &anchor);
    if (err == OK) {
        err = add(a, &anchor, source);
    }
    return err == OK ? OK : problem_set(p, err, "anchor", expected, source);
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Every line that is not empty; a file without any is none. */
static enum err add_lines(struct anchors *a, FILE *file, const char *path,
                          struct problem *p)
{
    char line[LINE_MAX_SIZE];
    int before = a->n;
    enum err err = OK;
    while (err == OK && fgets(line, sizeof line, file) != NULL) {
        if (line[strspn(line, " \t\r\n")] != '\0') {
            err = add_line(a, line, strlen(line), last_name(path), p);
        }
    }
    if (err == OK && ferror(file) != 0) {
        err = problem_set(p, ERR_IO, "anchor", "", path);
    }
    return err == OK && a->n == before
               ? problem_set(p, ERR_BAD_PARAM, "anchor", expected, path)
               : err;
}

static enum err add_file(struct anchors *a, const char *path, struct problem *p)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        enum err err = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
        return problem_set(p, err, "anchor", "a line, or a file of them",
                           strerror(errno));
    }
    enum err err = add_lines(a, file, path, p);
    fclose(file);
    return err;
}

enum err anchors_add(struct anchors *a, const char *line_or_file,
                     struct problem *p)
{
    static const char anchor[] = "bihuan-anchor ";
    static const char audit[] = "bihuan-audit ";
    bool line = strncmp(line_or_file, anchor, sizeof anchor - 1) == 0 ||
                strncmp(line_or_file, audit, sizeof audit - 1) == 0;
    return line ? add_line(a, line_or_file, strlen(line_or_file), "given", p)
                : add_file(a, line_or_file, p);
}

static bool is_anchor(const char *name)
{
    static const char end[] = ".anchor";
    size_t len = strlen(name);
    return name[0] != '.' && len >= sizeof end &&
           strcmp(name + len - (sizeof end - 1), end) == 0;
}

enum err anchors_add_kept(struct anchors *a, const char *data,
                          struct problem *p)
{
    char path[2 * PATH_SIZE];
    int len = snprintf(path, sizeof path, "%s/anchors", data);
    if (len < 0 || len >= PATH_SIZE) {
        return problem_set(p, ERR_IO, "data", "a shorter path", "");
    }
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return errno == ENOENT
                   ? OK
                   : problem_set(p, ERR_IO, "data", "", strerror(errno));
    }
    enum err err = OK;
    const struct dirent *entry;
    errno = 0;
    while (err == OK && (entry = readdir(folder)) != NULL) {
        if (is_anchor(entry->d_name)) {
            snprintf(path + len, sizeof path - (size_t)len, "/%s",
                     entry->d_name);
            err = add_file(a, path, p);
        }
        errno = 0;
    }
    if (err == OK && errno != 0) { /* it could not be read to its end */
        err = problem_set(p, ERR_IO, "data", "", strerror(errno));
    }
    closedir(folder);
    return err;
}

static int by_number(const void *x, const void *y)
{
    const struct anchor_given *a = x;
    const struct anchor_given *b = y;
    if (a->anchor.chain != b->anchor.chain) {
        return a->anchor.chain > b->anchor.chain ? 1 : -1;
    }
    return (a->anchor.seq > b->anchor.seq) - (a->anchor.seq < b->anchor.seq);
}

void anchors_sort(struct anchors *a)
{
    if (a->n > 0) {
        qsort(a->of, (size_t)a->n, sizeof a->of[0], by_number);
    }
}

struct anchors anchors_of(const struct anchors *a, enum anchor_chain chain)
{
    struct anchors part = {.of = a->of, .now = a->now};
    for (int i = 0; i < a->n; i++) {
        enum anchor_chain of = a->of[i].anchor.chain;
        part.of += of < chain;
        part.n += of == chain;
    }
    part.size = part.n;
    return part;
}

void anchors_done(struct anchors *a)
{
    free(a->of);
    *a = (struct anchors){0};
}

enum err anchors_hold(struct anchors_held *h, int64_t seq,
                      const uint8_t hash[ANCHOR_HASH_SIZE],
                      char what[PROBLEM_TEXT_SIZE])
{
    const struct anchors *a = h->all;
    while (a != NULL && h->next < a->n && a->of[h->next].anchor.seq == seq) {
        const struct anchor_given *given = &a->of[h->next++];
        if (memcmp(given->anchor.hash, hash, ANCHOR_HASH_SIZE) != 0) {
            snprintf(what, PROBLEM_TEXT_SIZE,
                     "record %" PRId64 " differs from the anchor ('%s'); the "
                     "last that an anchor agrees with is %" PRId64,
                     seq, given->source, h->last);
            return ERR_CORRUPT;
        }
        h->agree++;
        h->last = seq;
    }
    return OK;
}
