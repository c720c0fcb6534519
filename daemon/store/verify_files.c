/* That every attachment has its file, with its content: see verify.h. */
#include <stdio.h>
#include <string.h>

#include "daemon/store/files.h"
#include "daemon/store/internal.h"
#include "daemon/store/verify.h"

struct looking {
    char folder[FILES_PATH_SIZE];
    char last[SHA256_SIZE]; /* the content looked at last, */
    enum err found;         /* and how it was */
    struct files_report *report;
};

/* One content may be attached several times: it is read once. */
static void look(struct looking *l, const struct rows *r)
{
    const char *sha256 = rows_text(r, 0);
    struct files_report *report = l->report;
    if (strcmp(sha256, l->last) != 0) {
        snprintf(l->last, sizeof l->last, "%s", sha256);
        l->found = files_sha256_ok(sha256)
                       ? files_check(l->folder, sha256, rows_int(r, 1))
                       : ERR_CORRUPT;
        report->files++;
    }
    report->attachments++;
    if (l->found == OK) {
        return;
    }
    if (report->bad < FILE_FAULTS_MAX) {
        report->faults[report->bad] = (struct file_fault){
            rows_int(r, 2), (int32_t)rows_int(r, 3), l->found};
    }
    report->bad++;
}

static enum err look_at_all(struct store *s, struct looking *l,
                            void (*progress)(void *, int64_t), void *user)
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_ATTACHMENTS_ALL, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    while (rows_next(&rows)) {
        look(l, &rows);
        if (progress != NULL) {
            progress(user, l->report->attachments);
        }
    }
    return rows_end(&rows);
}

enum err store_verify_files(const char *path, struct files_report *report,
                            void (*progress)(void *, int64_t), void *user,
                            struct problem *p)
{
    struct store *s = NULL;
    struct looking l = {.report = report};
    *report = (struct files_report){.files = 0};
    enum err err = files_beside(path, l.folder);
    if (err == OK) {
        err = store_open(path, STORE_READ, &s, p);
    }
    if (err != OK) {
        return err;
    }
    err = store_snapshot(s);
    if (err == OK) {
        err = look_at_all(s, &l, progress, user);
        store_release(s);
    }
    store_close(s);
    if (err == OK && report->bad > 0) {
        err = ERR_CORRUPT;
    }
    return err == OK ? OK
                     : problem_set(p, err, "data",
                                   "a file with its content for every "
                                   "attachment",
                                   "");
}
