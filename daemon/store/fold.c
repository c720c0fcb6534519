/* The journal's effects added up: see fold.h. */
#include "daemon/store/fold.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/migrate.h"
#include "daemon/store/sqlite_err.h"

enum {
    PROGRESS_EVERY = 8192
};

static const char journal_sql[] =
    "SELECT seq, before, record, hash FROM journal ORDER BY seq";

enum err fold_bad(struct fold *f, int64_t seq, const char *reason)
{
    f->report->bad_seq = seq;
    snprintf(f->report->reason, sizeof f->report->reason, "%s", reason);
    return ERR_CORRUPT;
}

/* -- the empty copy -----------------------------------------------------------
 */

/* Indexes make no difference to what the tables hold, only to the time. */
static enum err drop_indexes(sqlite3 *db)
{
    struct buffer sql = {0};
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT name FROM sqlite_schema WHERE type = "
                                "'index' AND sql IS NOT NULL",
                                -1, &stmt, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        buffer_text(&sql, "DROP INDEX ");
        buffer_text(&sql, (const char *)sqlite3_column_text(stmt, 0));
        buffer_text(&sql, ";");
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    buffer_add(&sql, "", 1);
    enum err err = rc == SQLITE_DONE ? sql.err : sqlite_err(rc);
    if (err == OK) {
        err = sqlite_err(sqlite3_exec(db, sql.bytes, NULL, NULL, NULL));
    }
    buffer_done(&sql);
    return err;
}

enum err fold_open(struct fold *f)
{
    int n;
    const struct migration *steps = migrations(&n);
    int rc = sqlite3_open_v2(
        "", &f->copy,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(f->copy,
                          "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                          "PRAGMA cache_size = -131072",
                          NULL, NULL, NULL);
    }
    enum err err = sqlite_err(rc);
    if (err == OK) {
        err = migrate_run(f->copy, steps, n, NULL);
    }
    if (err == OK) {
        err = drop_indexes(f->copy);
    }
    if (err == OK) {
        err = putter_init(&f->putter, f->copy);
    }
    if (err == OK) {
        rc = sqlite3_prepare_v2(f->copy, "SELECT seq FROM ticket WHERE id = ?1",
                                -1, &f->ticket_seq, NULL);
        err = sqlite_err(rc);
    }
    return err;
}

void fold_close(struct fold *f)
{
    putter_done(&f->putter);
    effects_done(&f->effects);
    sqlite3_finalize(f->ticket_seq);
    sqlite3_close(f->copy);
}

/* -- one record ------------------------------------------------------------ */

static enum err check_hash(struct fold *f, int64_t seq, const void *record,
                           size_t len, const void *kept, int kept_len)
{
    uint8_t hash[HASH_SIZE];
    journal_hash(f->report->head, record, len, hash);
    if (kept_len != HASH_SIZE || memcmp(hash, kept, HASH_SIZE) != 0) {
        return fold_bad(f, seq, "the chain breaks: hash and record disagree");
    }
    memcpy(f->report->head, hash, HASH_SIZE);
    return OK;
}

/* `before` is not under the hash; it must be what the fold knows as the latest
 * record of that ticket. */
static enum err check_before(struct fold *f, int64_t seq, int64_t before)
{
    int64_t known = 0;
    if (f->effects.ticket != 0) {
        sqlite3_bind_int64(f->ticket_seq, 1, f->effects.ticket);
        int rc = sqlite3_step(f->ticket_seq);
        if (rc == SQLITE_ROW) {
            known = sqlite3_column_int64(f->ticket_seq, 0);
        }
        sqlite3_reset(f->ticket_seq);
        if (sqlite_err(rc) != OK) {
            return sqlite_err(rc);
        }
    }
    return known == before
               ? OK
               : fold_bad(f, seq,
                          "its link to the ticket's record before it "
                          "is wrong");
}

static enum err apply(struct fold *f, int64_t seq)
{
    struct put_effect effect;
    bool there = true;
    enum err err = OK;
    while (err == OK && there) {
        err = effects_next(&f->effects, &effect, &there);
        if (err == OK && there) {
            err = putter_put(&f->putter, effect.table, effect.cells, effect.n);
        }
    }
    if (err == ERR_CORRUPT || err == ERR_EXISTS) {
        return fold_bad(f, seq, "its effects cannot be read or applied");
    }
    return err;
}

static enum err check_anchors(struct fold *f, int64_t seq)
{
    struct verdict_report *r = f->report;
    char what[PROBLEM_TEXT_SIZE];
    enum err err = anchors_hold(&f->held, seq, r->head, what);
    r->anchors = f->held.agree;
    r->anchored = f->held.last;
    return err == OK ? OK : fold_bad(f, seq, what);
}

enum err fold_end(struct fold *f)
{
    const struct anchors *a = f->held.all;
    char what[PROBLEM_TEXT_SIZE];
    if (a == NULL || f->held.next >= a->n) {
        return OK;
    }
    const struct anchor_given *given = &a->of[a->n - 1];
    snprintf(what, sizeof what,
             "the journal ends at %" PRId64 ", the anchor names %" PRId64
             " ('%s')",
             f->report->records, given->anchor.seq, given->source);
    return fold_bad(f, f->report->records + 1, what);
}

static enum err check_form(struct fold *f, const struct journal_row *row)
{
    enum err err =
        effects_begin(&f->effects, f->putter.tables, row->record, row->len);
    return err == ERR_CORRUPT || (err == OK && f->effects.seq != row->seq)
               ? fold_bad(f, row->seq, "the record is not of the known form")
               : err;
}

enum err fold_record(struct fold *f, const struct journal_row *row)
{
    int64_t seq = row->seq;
    if (row->record == NULL) {
        return fold_bad(f, seq, "the record is empty");
    }
    if (seq != f->report->records + 1) {
        return fold_bad(f, f->report->records + 1, "the record is missing");
    }
    enum err err =
        check_hash(f, seq, row->record, row->len, row->hash, row->hash_len);
    if (err == OK) {
        err = check_form(f, row);
    }
    if (err == OK) {
        err = check_before(f, seq, row->before);
    }
    if (err == OK) {
        err = apply(f, seq);
    }
    if (err == OK) {
        err = check_anchors(f, seq);
    }
    if (err == OK) {
        f->report->records = seq;
    }
    return err;
}

/* -- the journal ----------------------------------------------------------- */

static enum err fold_row(struct fold *f, sqlite3_stmt *row)
{
    struct journal_row r = {
        .seq = sqlite3_column_int64(row, 0),
        .before = sqlite3_column_int64(row, 1),
        .record = (const char *)sqlite3_column_text(row, 2),
        .len = (size_t)sqlite3_column_bytes(row, 2),
        .hash = sqlite3_column_blob(row, 3),
        .hash_len = sqlite3_column_bytes(row, 3),
    };
    bool empty = sqlite3_column_type(row, 2) == SQLITE_NULL;
    return r.record == NULL && !empty ? ERR_NO_MEMORY : fold_record(f, &r);
}

static enum err each_record(struct fold *f,
                            enum err (*visit)(struct fold *, sqlite3_stmt *))
{
    sqlite3_stmt *row = NULL;
    enum err err = OK;
    int rc = sqlite3_prepare_v2(f->live->db, journal_sql, -1, &row, NULL);
    while (rc == SQLITE_OK && err == OK &&
           (rc = sqlite3_step(row)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        err = visit(f, row);
        if (f->progress != NULL && f->report->records % PROGRESS_EVERY == 0) {
            f->progress(f->user, f->report->records, f->head);
        }
    }
    sqlite3_finalize(row);
    return err == OK ? sqlite_err(rc) : err;
}

enum err fold_journal(struct fold *f)
{
    f->head = store_head(f->live);
    enum err err = sqlite_err(sqlite3_exec(f->copy, "BEGIN", NULL, NULL, NULL));
    if (err == OK) {
        err = each_record(f, fold_row);
    }
    if (err == OK) {
        err = fold_end(f);
    }
    if (err == OK) {
        err = sqlite_err(sqlite3_exec(f->copy, "COMMIT", NULL, NULL, NULL));
    }
    if (err == OK && f->progress != NULL) {
        f->progress(f->user, f->head, f->head);
    }
    return err;
}

/* -- which record it was --------------------------------------------------- */

static bool names(const struct put_effect *effect, const char *column)
{
    for (int i = 0; i < effect->n; i++) {
        if (strcmp(effect->cells[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

/* It makes the row, and so gives the column its default by being silent. */
static bool implies(const struct table_def *def, int column,
                    const struct put_effect *effect)
{
    bool makes = def->columns[column].implied;
    for (int i = 0; makes && i < def->n; i++) {
        makes =
            !def->columns[i].required || names(effect, def->columns[i].name);
    }
    return makes;
}

static bool puts_it(const struct fold *f, const struct difference *d,
                    const struct put_effect *effect)
{
    const struct table_def *def = &f->putter.tables[d->table];
    if (effect->table != d->table) {
        return false;
    }
    for (int i = 0; i < def->keys; i++) {
        if (effect->cells[i].number != d->key[i]) {
            return false;
        }
    }
    return d->column < 0 || names(effect, def->columns[d->column].name) ||
           implies(def, d->column, effect);
}

/* The record has been read once without a fault. */
static enum err note_putters(struct fold *f, sqlite3_stmt *row)
{
    struct put_effect effect;
    bool there = true;
    enum err err = effects_begin(&f->effects, f->putter.tables,
                                 (const char *)sqlite3_column_text(row, 2),
                                 (size_t)sqlite3_column_bytes(row, 2));
    while (err == OK && there) {
        err = effects_next(&f->effects, &effect, &there);
        for (int i = 0; err == OK && there && i < f->n; i++) {
            if (puts_it(f, &f->differences[i], &effect)) {
                f->differences[i].put_seq = f->effects.seq;
            }
        }
    }
    return err;
}

/* A row that no record put is laid to the one it says it is from, and what
 * comes after the end of the journal to the first record that is not there. */
static int64_t named(const struct fold *f, const struct difference *d)
{
    int64_t seq = d->put_seq == 0 ? d->seq : d->put_seq;
    return d->seq > f->head || seq == 0 ? f->head + 1 : seq;
}

enum err fold_name(struct fold *f)
{
    enum err err = each_record(f, note_putters);
    if (err != OK) {
        return err;
    }
    const struct difference *first = NULL;
    int64_t first_seq = 0;
    for (int i = 0; i < f->n; i++) {
        const struct difference *d = &f->differences[i];
        int64_t seq = named(f, d);
        if (first == NULL || seq < first_seq) {
            first = d;
            first_seq = seq;
        }
    }
    return fold_bad(f, first_seq, first->what);
}
