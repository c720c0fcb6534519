/* The contents of attachments in a backup: FILE.files beside the copy FILE of
 * the database, with what the copied state names. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/files.h"
#include "daemon/store/internal.h"

struct files_copy {
    char from[FILES_PATH_SIZE];
    char to[FILES_PATH_SIZE];
    char part[FILES_PATH_SIZE]; /* the name until it is whole */
    struct backup_files *report;
};

static enum err fail(struct problem *p, enum err err, const char *detail)
{
    return problem_set(p, err, "file", "", detail);
}

static enum err find_folders(struct store *s, const char *path,
                             struct files_copy *c, struct problem *p)
{
    int len = snprintf(c->to, sizeof c->to, "%s.files", path);
    int part = snprintf(c->part, sizeof c->part, "%s.files.part", path);
    if (len < 0 || len >= FILES_PATH_SIZE || part < 0 ||
        part >= FILES_PATH_SIZE || files_beside(s->path, c->from) != OK) {
        return fail(p, ERR_LIMIT, "the path is too long");
    }
    return access(path, F_OK) == 0 || access(c->to, F_OK) == 0
               ? fail(p, ERR_EXISTS, "there is a file of that name")
               : OK;
}

/* What is not there is counted, and no reason to go without a backup. */
static enum err copy_one(struct files_copy *c, const char *sha256, int64_t size)
{
    bool linked = false;
    enum err err = files_copy(c->from, c->part, sha256, &linked);
    if (err == ERR_NOT_FOUND) {
        c->report->missing++;
        return OK;
    }
    c->report->files += err == OK;
    c->report->linked += linked;
    c->report->bytes += err == OK ? size : 0;
    return err;
}

static enum err copy_all(struct store *s, struct files_copy *c)
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_ATTACHMENT_FILES, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        char sha256[SHA256_SIZE];
        snprintf(sha256, sizeof sha256, "%s", rows_text(&rows, 0));
        if (c->report->files + c->report->missing == 0) {
            files_remove_all(c->part); /* of a backup that was cut off */
            err = files_make_folder(c->part);
        }
        if (err == OK) {
            err = files_sha256_ok(sha256)
                      ? copy_one(c, sha256, rows_int(&rows, 1))
                      : ERR_CORRUPT;
        }
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

enum err store_backup_files(struct store *s, const char *path,
                            struct backup_files *ret, struct problem *p)
{
    struct files_copy c = {.report = ret};
    *ret = (struct backup_files){.files = 0};
    enum err err = s->memory ? OK : find_folders(s, path, &c, p);
    if (err != OK || s->memory) {
        return err; /* what is in memory has no files beside it */
    }
    err = copy_all(s, &c);
    bool any = ret->files + ret->missing > 0;
    if (err == OK && any) {
        err = files_flush(c.part);
    }
    if (err == OK && any) {
        err = rename(c.part, c.to) == 0 ? path_sync_folder(c.to) : ERR_IO;
    }
    if (err != OK) {
        files_remove_all(c.part);
        return fail(p, err, "the attachments could not be copied");
    }
    return OK;
}

void store_backup_files_drop(const char *path)
{
    char folder[FILES_PATH_SIZE];
    int len = snprintf(folder, sizeof folder, "%s.files", path);
    if (len > 0 && len < FILES_PATH_SIZE) {
        files_remove_all(folder);
    }
}
