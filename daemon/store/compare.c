/* The folded copy held against the database, table by table: both are read in
 * the order of the key, side by side. */
#include <inttypes.h>
#include <nettle/sm3.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/fold.h"
#include "daemon/store/sqlite_err.h"

struct side {
    sqlite3_stmt *row;
    bool there;
};

struct compare {
    struct fold *f;
    enum table table;
    const struct table_def *def;
    struct side live;
    struct side copy;
};

/* -- differences --------------------------------------------------------------
 */

static bool is_seq(const char *column)
{
    size_t len = strlen(column);
    return len >= 3 && strcmp(column + len - 3, "seq") == 0;
}

/* The latest record that a live row speaks of, 0 if it has no such column. One
 * after the journal's end shows that the end is missing. */
static int64_t latest_seq(const struct compare *c, sqlite3_stmt *row)
{
    int64_t latest = 0;
    for (int i = 0; i < c->def->n; i++) {
        if (is_seq(c->def->columns[i].name)) {
            int64_t seq = sqlite3_column_int64(row, i);
            latest = seq > latest ? seq : latest;
        }
    }
    return latest;
}

static void describe(const struct compare *c, struct difference *d,
                     const char *what)
{
    int len = snprintf(d->what, sizeof d->what, "table %s, row", c->def->name);
    for (int i = 0; i < c->def->keys; i++) {
        len += snprintf(d->what + len, sizeof d->what - (size_t)len,
                        "%c%" PRId64, i == 0 ? ' ' : '/', d->key[i]);
    }
    snprintf(d->what + len, sizeof d->what - (size_t)len, ": %s", what);
}

static void differs(struct compare *c, sqlite3_stmt *row, int column,
                    const char *what)
{
    struct fold *f = c->f;
    if (f->n == DIFFERENCES_MAX) {
        return; /* enough to name one; the rest adds nothing */
    }
    struct difference *d = &f->differences[f->n++];
    *d = (struct difference){.table = c->table, .column = column};
    for (int i = 0; i < c->def->keys; i++) {
        d->key[i] = sqlite3_column_int64(row, i);
    }
    d->seq = row == c->live.row ? latest_seq(c, row) : 0;
    describe(c, d, what);
}

/* -- rows ---------------------------------------------------------------------
 */

static bool same_value(sqlite3_stmt *a, sqlite3_stmt *b, int i)
{
    int type = sqlite3_column_type(a, i);
    if (type != sqlite3_column_type(b, i)) {
        return false;
    }
    if (type == SQLITE_NULL) {
        return true;
    }
    if (type == SQLITE_INTEGER) {
        return sqlite3_column_int64(a, i) == sqlite3_column_int64(b, i);
    }
    const void *bytes_a = sqlite3_column_blob(a, i);
    const void *bytes_b = sqlite3_column_blob(b, i);
    int len = sqlite3_column_bytes(a, i);
    return len == sqlite3_column_bytes(b, i) &&
           (len == 0 || (bytes_a != NULL && bytes_b != NULL &&
                         memcmp(bytes_a, bytes_b, (size_t)len) == 0));
}

static void compare_values(struct compare *c)
{
    for (int i = c->def->keys; i < c->def->n; i++) {
        if (!same_value(c->live.row, c->copy.row, i)) {
            char what[100];
            snprintf(what, sizeof what,
                     "column %s is not what the journal says",
                     c->def->columns[i].name);
            differs(c, c->live.row, i, what);
            return;
        }
    }
}

/* What is redacted has lost its salt and says so in its body. */
static void check_redacted(struct compare *c, int64_t by)
{
    struct verdict_report *report = c->f->report;
    sqlite3_stmt *row = c->live.row;
    int salt = c->def->n;
    const void *body = sqlite3_column_blob(row, salt + 1);
    size_t len = (size_t)sqlite3_column_bytes(row, salt + 1);
    if (report->redacted < REDACTIONS_MAX) {
        report->redactions[report->redacted].text =
            sqlite3_column_int64(row, 0);
        report->redactions[report->redacted].seq = by;
    }
    report->redacted++;
    if (sqlite3_column_type(row, salt) != SQLITE_NULL || body == NULL ||
        len != sizeof TEXT_REDACTED - 1 ||
        memcmp(body, TEXT_REDACTED, len) != 0) {
        differs(c, row, table_column(c->def, "redacted_seq", 12, 0),
                "the text was redacted and yet something is there");
    }
}

/* Salt and body are not in the journal, their digest is; the live statement has
 * them behind the table's columns. */
static void check_text(struct compare *c)
{
    sqlite3_stmt *row = c->live.row;
    int salt = c->def->n;
    int body = salt + 1;
    int digest = table_column(c->def, "digest", 6, 0);
    int redacted = table_column(c->def, "redacted_seq", 12, 0);
    if (sqlite3_column_type(row, redacted) != SQLITE_NULL) {
        check_redacted(c, sqlite3_column_int64(row, redacted));
        return;
    }
    if (sqlite3_column_type(row, body) == SQLITE_NULL) {
        differs(c, row, digest, "the text is gone without a redaction");
        return;
    }
    struct sm3_ctx sm3;
    uint8_t hash[HASH_SIZE];
    sm3_init(&sm3);
    const void *bytes = sqlite3_column_blob(row, salt);
    sm3_update(&sm3, (size_t)sqlite3_column_bytes(row, salt), bytes);
    bytes = sqlite3_column_blob(row, body);
    sm3_update(&sm3, (size_t)sqlite3_column_bytes(row, body), bytes);
    sm3_digest(&sm3, sizeof hash, hash);
    if (sqlite3_column_bytes(row, digest) != HASH_SIZE ||
        memcmp(sqlite3_column_blob(row, digest), hash, HASH_SIZE) != 0) {
        differs(c, row, digest, "the text is not the one that was recorded");
    }
}

static int key_order(const struct compare *c)
{
    if (!c->live.there || !c->copy.there) {
        return c->live.there ? -1 : 1;
    }
    for (int i = 0; i < c->def->keys; i++) {
        int64_t a = sqlite3_column_int64(c->live.row, i);
        int64_t b = sqlite3_column_int64(c->copy.row, i);
        if (a != b) {
            return a < b ? -1 : 1;
        }
    }
    return 0;
}

static enum err advance(struct side *side)
{
    int rc = sqlite3_step(side->row);
    side->there = rc == SQLITE_ROW;
    return sqlite_err(rc);
}

static enum err compare_rows(struct compare *c)
{
    enum err err = advance(&c->live);
    if (err == OK) {
        err = advance(&c->copy);
    }
    while (err == OK && (c->live.there || c->copy.there)) {
        int order = key_order(c);
        if (order < 0) {
            differs(c, c->live.row, -1, "no record put this row");
        } else if (order > 0) {
            differs(c, c->copy.row, -1, "the row is missing");
        } else {
            compare_values(c);
            if (c->table == TABLE_TEXT) {
                check_text(c);
            }
            c->f->report->rows++;
        }
        err = order <= 0 ? advance(&c->live) : OK;
        if (err == OK && order >= 0) {
            err = advance(&c->copy);
        }
    }
    return err;
}

/* -- tables ---------------------------------------------------------------- */

static enum err select_all(sqlite3 *db, const struct table_def *def,
                           const char *more, sqlite3_stmt **ret)
{
    struct buffer sql = {0};
    buffer_text(&sql, "SELECT ");
    for (int i = 0; i < def->n; i++) {
        buffer_text(&sql, i == 0 ? "" : ", ");
        buffer_text(&sql, def->columns[i].name);
    }
    buffer_text(&sql, more);
    buffer_text(&sql, " FROM ");
    buffer_text(&sql, def->name);
    buffer_text(&sql, " ORDER BY ");
    for (int i = 0; i < def->keys; i++) {
        buffer_text(&sql, i == 0 ? "" : ", ");
        buffer_text(&sql, def->columns[i].name);
    }
    enum err err = sql.err;
    if (err == OK) {
        err = sqlite_err(
            sqlite3_prepare_v2(db, sql.bytes, (int)sql.len, ret, NULL));
    }
    buffer_done(&sql);
    return err;
}

static enum err compare_table(struct fold *f, enum table table)
{
    struct compare c = {
        .f = f, .table = table, .def = &f->putter.tables[table]};
    const char *more = table == TABLE_TEXT ? ", salt, body" : "";
    enum err err = select_all(f->live->db, c.def, more, &c.live.row);
    if (err == OK) {
        err = select_all(f->copy, c.def, "", &c.copy.row);
    }
    if (err == OK) {
        err = compare_rows(&c);
    }
    sqlite3_finalize(c.live.row);
    sqlite3_finalize(c.copy.row);
    return err;
}

enum err fold_compare(struct fold *f)
{
    enum err err = OK;
    for (int i = 0; err == OK && i < TABLE_COUNT; i++) {
        err = compare_table(f, (enum table)i);
    }
    return err;
}
