/* The proof of the audit record: see audit_walk.h. */
#include "daemon/store/audit_walk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/internal.h"
#include "proto/hex.h"

static_assert((int)ANCHOR_HASH_SIZE == (int)HASH_SIZE, "one hash");

static enum err unsound(struct audit_walk *w, int64_t n, const char *reason)
{
    w->report->bad = n;
    snprintf(w->report->reason, sizeof w->report->reason, "%s", reason);
    return ERR_CORRUPT;
}

/* -- what was taken away -----------------------------------------------------
 */

/* "NUMBER HASH" as a cut says it. */
static bool read_cut(const char *text, int64_t *ret_n, uint8_t ret[HASH_SIZE])
{
    char *end = NULL;
    int64_t n = strtoll(text, &end, 10);
    if (end == text || n <= 0 || *end != ' ' ||
        strlen(end + 1) != 2 * (size_t)HASH_SIZE ||
        !hex_decode(end + 1, 2 * (size_t)HASH_SIZE, ret)) {
        return false;
    }
    *ret_n = n;
    return true;
}

/* -- one row -----------------------------------------------------------------
 */

static enum err check_hash(struct audit_walk *w, const struct audit_row *row)
{
    uint8_t hash[HASH_SIZE];
    journal_hash(w->report->hash, row->record, row->len, hash);
    if (row->hash == NULL || row->hash_len != HASH_SIZE ||
        memcmp(hash, row->hash, HASH_SIZE) != 0) {
        return unsound(w, row->n, "the chain breaks: hash and record disagree");
    }
    memcpy(w->report->hash, hash, HASH_SIZE);
    return OK;
}

static bool same(const char *column, const char *said)
{
    return column != NULL && strcmp(column, said) == 0;
}

static enum err check_columns(struct audit_walk *w, const struct audit_row *row,
                              struct audit_event *e)
{
    int64_t n = 0;
    if (!audit_read(row->record, row->len, &n, e) || n != row->n) {
        return unsound(w, row->n, "the record is not of the known form");
    }
    return e->at == row->at && same(row->account, e->account) &&
                   same(row->what, e->what) && same(row->outcome, e->outcome)
               ? OK
               : unsound(w, row->n, "a column and the record disagree");
}

static enum err check_anchors(struct audit_walk *w, int64_t n)
{
    struct audit_report *r = w->report;
    char what[PROBLEM_TEXT_SIZE];
    enum err err = anchors_hold(&w->held, n, r->hash, what);
    r->anchors = w->held.agree;
    r->anchored = w->held.last;
    return err == OK ? OK : unsound(w, n, what);
}

/* What the anchors before the beginning say is looked at in the end. */
enum err audit_walk_begin(struct audit_walk *w, const char *base)
{
    struct audit_report *r = w->report;
    const struct anchors *a = w->held.all;
    snprintf(w->base, sizeof w->base, "%s", base);
    if (base[0] != '\0' && !read_cut(base, &r->base, r->hash)) {
        return unsound(w, 1,
                       "what says up to where it was cut is not readable");
    }
    r->head = r->base;
    w->next = r->base + 1;
    while (a != NULL && w->held.next < a->n &&
           a->of[w->held.next].anchor.seq < r->base) {
        w->held.next++;
    }
    return check_anchors(w, r->base);
}

static enum err note_cut(struct audit_walk *w, int64_t n,
                         const struct audit_event *e)
{
    uint8_t hash[HASH_SIZE];
    if (strcmp(e->what, AUDIT_CUT) != 0) {
        return OK;
    }
    if (!read_cut(e->object, &w->cut, hash)) {
        return unsound(w, n, "the cut does not say up to where");
    }
    snprintf(w->cut_base, sizeof w->cut_base, "%s", e->object);
    w->cut_by = n;
    w->cut_at = e->at;
    return OK;
}

enum err audit_walk_row(struct audit_walk *w, const struct audit_row *row)
{
    struct audit_event e;
    if (row->n != w->next) {
        return unsound(w, w->next, "the record is missing");
    }
    if (row->record == NULL) {
        return unsound(w, row->n, "the record is empty");
    }
    enum err err = check_hash(w, row);
    if (err == OK) {
        err = check_columns(w, row, &e);
    }
    if (err == OK) {
        err = check_anchors(w, row->n);
    }
    if (err == OK) {
        err = note_cut(w, row->n, &e);
    }
    if (err == OK) {
        w->report->records++;
        w->report->head = row->n;
        w->next = row->n + 1;
    }
    return err;
}

/* -- the end -----------------------------------------------------------------
 */

static enum err check_last(struct audit_walk *w)
{
    const struct anchors *a = w->held.all;
    char what[PROBLEM_TEXT_SIZE];
    if (a == NULL || a->n == 0 || a->of[a->n - 1].anchor.seq < w->next) {
        return OK;
    }
    const struct anchor_given *given = &a->of[a->n - 1];
    snprintf(what, sizeof what,
             "the audit record ends at %" PRId64 ", the anchor names %" PRId64
             " ('%s')",
             w->report->head, given->anchor.seq, given->source);
    return unsound(w, w->next, what);
}

/* The beginning is where the chain itself says that it is. */
static enum err check_cut(struct audit_walk *w)
{
    if (strcmp(w->cut_base, w->base) == 0) {
        return OK;
    }
    return w->cut < w->report->base
               ? unsound(w, w->cut + 1,
                         "the record is missing: no cut names it")
               : unsound(w, w->cut_by, "the cut names another beginning");
}

/* Whoever writes the file can have a cut say that it was made years from now.
 */
static instant latest_cut(const struct audit_walk *w)
{
    instant now = w->held.all == NULL ? 0 : w->held.all->now;
    return now != 0 && now < w->cut_at ? now : w->cut_at;
}

/* An anchor of a record that is gone still tells when that was made: nothing
 * goes before its time. */
static enum err check_older(struct audit_walk *w)
{
    const struct anchors *a = w->held.all;
    char what[PROBLEM_TEXT_SIZE];
    const instant least = (instant)AUDIT_DAYS_MIN * SECONDS_PER_DAY;
    for (int i = 0; a != NULL && i < a->n; i++) {
        const struct anchor_given *given = &a->of[i];
        if (given->anchor.seq >= w->report->base) {
            break;
        }
        if (given->anchor.at > latest_cut(w) - least) {
            snprintf(what, sizeof what,
                     "record %" PRId64 " was taken away before its time: the "
                     "anchor (%s) names it",
                     given->anchor.seq, given->source);
            return unsound(w, given->anchor.seq, what);
        }
        w->report->older++;
    }
    return OK;
}

enum err audit_walk_end(struct audit_walk *w)
{
    enum err err = check_last(w);
    if (err == OK) {
        err = check_cut(w);
    }
    return err == OK ? check_older(w) : err;
}

/* -- all of it ---------------------------------------------------------------
 */

static const char *column(const struct rows *rows, int i)
{
    return rows_null(rows, i) ? NULL : rows_text(rows, i);
}

static enum err walk(struct audit_walk *w, struct store *s)
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_AUDIT_ALL, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        struct audit_row row = {
            .n = rows_int(&rows, 0),
            .at = rows_int(&rows, 1),
            .account = column(&rows, 2),
            .what = column(&rows, 3),
            .outcome = column(&rows, 4),
            .record = column(&rows, 5),
            .hash = sqlite3_column_blob(rows.handle, 6),
            .hash_len = sqlite3_column_bytes(rows.handle, 6),
        };
        row.len = (size_t)sqlite3_column_bytes(rows.handle, 5);
        err = audit_walk_row(w, &row);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

enum err audit_verify(struct store *s, const struct anchors *anchors,
                      struct audit_report *report)
{
    char base[AUDIT_OBJECT_SIZE] = "";
    struct audit_walk w = {.report = report, .held.all = anchors};
    *report = (struct audit_report){.records = 0};
    enum err err = meta_get(s, AUDIT_BASE, base, sizeof base);
    if (err == OK || err == ERR_NOT_FOUND) {
        err = audit_walk_begin(&w, base);
    }
    if (err == OK) {
        err = walk(&w, s);
    }
    if (err == OK) {
        err = audit_walk_end(&w);
    }
    return err;
}
