/* Verification: see verify.h. */
#include "daemon/store/verify.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/store/fold.h"

static enum err prove_journal(struct fold *f)
{
    enum err err = fold_open(f);
    if (err == OK) {
        err = fold_journal(f);
    }
    if (err == OK) {
        err = fold_compare(f);
    }
    if (err == OK && f->n > 0) {
        err = fold_name(f);
    }
    return err;
}

/* Both chains, whatever the first of them is. */
static enum err run(struct fold *f, const struct anchors *audit,
                    struct problem *p)
{
    struct verdict_report *report = f->report;
    enum err err = prove_journal(f);
    if (err != OK) {
        problem_set(p, err, "data", "a journal and tables that agree",
                    report->reason);
    }
    if (err == OK || err == ERR_CORRUPT) {
        enum err other = audit_verify(f->live, audit, &report->audit);
        if (err == OK && other != OK) {
            err = problem_set(p, other, "data", "an audit record that is whole",
                              report->audit.reason);
        }
    }
    return err;
}

enum err store_verify(const char *path, struct verdict_report *report,
                      void (*progress)(void *, int64_t, int64_t), void *user,
                      struct problem *p)
{
    return store_verify_anchored(path, NULL, report, progress, user, p);
}

enum err store_verify_anchored(const char *path, const struct anchors *anchors,
                               struct verdict_report *report,
                               void (*progress)(void *, int64_t, int64_t),
                               void *user, struct problem *p)
{
    *report = (struct verdict_report){0};
    struct fold *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return problem_set(p, ERR_NO_MEMORY, NULL, NULL, NULL);
    }
    f->report = report;
    struct anchors none = {.n = 0};
    struct anchors all = anchors == NULL ? none : *anchors;
    struct anchors journal = anchors_of(&all, ANCHOR_JOURNAL);
    struct anchors audit = anchors_of(&all, ANCHOR_AUDIT);
    f->held.all = &journal;
    f->progress = progress;
    f->user = user;
    enum err err = store_open(path, STORE_READ, &f->live, p);
    if (err == OK) {
        err = store_snapshot(f->live);
        if (err == OK) {
            err = run(f, &audit, p);
            store_release(f->live);
        } else {
            problem_set(p, err, "data", "", "");
        }
    }
    fold_close(f);
    store_close(f->live);
    free(f);
    return err;
}
