/* Forgeries of the audit record, each on a copy of its rows in memory, gone on
 * from the walk of what stands before it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/forge.h"

#include "daemon/store/audit_walk.h"
#include "proto/hex.h"

static const char *const names[AUDIT_FORGERIES] = {
    "a byte of an audit record",   "a byte of its hash",
    "a column beside it",          "an audit record taken out",
    "the audit record's tail off", "two of its records swapped",
    "a record of it hashed anew",  "its beginning taken away",
};

struct kept_audit {
    struct audit_row row;
    char *record;
    char account[CODE_SIZE];
    char what[AUDIT_WORD_SIZE];
    char outcome[AUDIT_WORD_SIZE];
    uint8_t hash[HASH_SIZE];
};

struct audit_forge {
    struct forge *f;
    int n;
    int64_t base; /* records that went before the first */
    char said[AUDIT_OBJECT_SIZE];
    struct kept_audit *rows;
    struct audit_row *forged;
    uint8_t (*hashes)[HASH_SIZE];
    struct anchors anchors;
    struct audit_walk walk;
    struct audit_report report;
    int64_t done[AUDIT_FORGERIES];
};

/* -- a record of a year and a half, cut twice --------------------------------
 */

static void add_event(struct forge *f, instant at)
{
    static const char *const whats[] = {"ticket.show", "login", "person.role",
                                        "attachment.read", "account.reset"};
    static const char *const outcomes[] = {"ok", "ok", "forbidden", "not_found",
                                           "login_failed"};
    struct audit_event e = {.at = at, .times = 1};
    size_t kind = forge_chance(f, 5);
    snprintf(e.account, sizeof e.account, "p%d", (int)forge_chance(f, 50));
    snprintf(e.source, sizeof e.source, "10.0.%d.%d", (int)forge_chance(f, 256),
             (int)forge_chance(f, 256));
    snprintf(e.what, sizeof e.what, "%s", whats[kind]);
    snprintf(e.outcome, sizeof e.outcome, "%s", outcomes[forge_chance(f, 5)]);
    if (forge_chance(f, 3) > 0) {
        snprintf(e.object, sizeof e.object, "对象\"\\%d",
                 (int)forge_chance(f, 1000));
    }
    e.seq = forge_chance(f, 2) == 0 ? 0 : 1 + (int64_t)forge_chance(f, 9999);
    e.times = 1 + (int64_t)forge_chance(f, 3);
    assert_int_equal(audit_append(f->world->s, &e), OK);
}

static void fill(struct forge *f, int records)
{
    struct world *w = f->world;
    instant at = w->now;
    instant step = (instant)540 * 86400 / records;
    int went = 0;
    begin(w);
    for (int i = 0; i < records; i++) {
        add_event(f, at);
        at += step;
        if (i == records * 3 / 5 || i == records * 4 / 5) {
            instant before = at - (instant)300 * 86400;
            assert_int_equal(audit_expire(w->s, at, before, records, &went),
                             OK);
            assert_true(went > 0);
        }
    }
    commit(w);
}

static void read_row(struct kept_audit *k, const struct rows *rows)
{
    snprintf(k->account, sizeof k->account, "%s", rows_text(rows, 2));
    snprintf(k->what, sizeof k->what, "%s", rows_text(rows, 3));
    snprintf(k->outcome, sizeof k->outcome, "%s", rows_text(rows, 4));
    k->record = strdup(rows_text(rows, 5));
    assert_non_null(k->record);
    memcpy(k->hash, sqlite3_column_blob(rows->handle, 6), HASH_SIZE);
    k->row = (struct audit_row){.n = rows_int(rows, 0),
                                .at = rows_int(rows, 1),
                                .account = k->account,
                                .what = k->what,
                                .outcome = k->outcome,
                                .record = k->record,
                                .len = strlen(k->record),
                                .hash = k->hash,
                                .hash_len = HASH_SIZE};
}

static void read_all(struct audit_forge *a)
{
    struct store *s = a->f->world->s;
    struct rows rows;
    a->n = (int)count(s, "SELECT count(*) FROM audit");
    a->rows = calloc((size_t)a->n, sizeof *a->rows);
    a->forged = calloc((size_t)a->n, sizeof *a->forged);
    a->hashes = calloc((size_t)a->n, sizeof *a->hashes);
    assert_true(a->rows != NULL && a->forged != NULL && a->hashes != NULL);
    assert_int_equal(rows_begin(s, STMT_AUDIT_ALL, NULL, 0, &rows), OK);
    for (int i = 0; i < a->n; i++) {
        assert_true(rows_next(&rows));
        read_row(&a->rows[i], &rows);
    }
    assert_int_equal(rows_end(&rows), OK);
    a->base = a->rows[0].row.n - 1;
    assert_int_equal(meta_get(s, AUDIT_BASE, a->said, sizeof a->said), OK);
}

static void anchor(struct audit_forge *a, int i)
{
    struct anchor given = {.chain = ANCHOR_AUDIT,
                           .seq = a->rows[i].row.n,
                           .at = a->rows[i].row.at};
    char line[ANCHOR_LINE_SIZE];
    memcpy(given.hash, a->rows[i].hash, sizeof given.hash);
    anchor_format(&given, line);
    assert_int_equal(anchors_add(&a->anchors, line, NULL), OK);
}

/* -- one forgery -------------------------------------------------------------
 */

static int64_t anchored(const struct audit_forge *a, int64_t n)
{
    int i = 0;
    while (a->anchors.of[i].anchor.seq < n) {
        i++;
    }
    return a->anchors.of[i].anchor.seq;
}

static void rechain(struct audit_forge *a, int i)
{
    const uint8_t *before = a->walk.report->hash;
    for (int64_t last = anchored(a, a->base + i + 1) - a->base; i < last; i++) {
        journal_hash(before, a->forged[i].record, a->forged[i].len,
                     a->hashes[i]);
        a->forged[i].hash = a->hashes[i];
        before = a->hashes[i];
    }
}

static char *own_copy(struct audit_forge *a, int i)
{
    char *copy = strdup(a->rows[i].record);
    assert_non_null(copy);
    a->forged[i].record = copy;
    return copy;
}

static void change_column(struct audit_forge *a, int i)
{
    struct audit_row *row = &a->forged[i];
    switch (forge_chance(a->f, 4)) {
    case 0:
        row->at += 1 + (instant)forge_chance(a->f, 1000);
        break;
    case 1:
        row->account = row->account[0] == '\0' ? "x" : row->account + 1;
        break;
    case 2:
        row->what = row->what + 1;
        break;
    default:
        row->outcome = forge_chance(a->f, 2) == 0 ? NULL : "okay";
    }
}

/* A digit of the time in the record and beside it: the form stays. */
static void change_time(struct audit_forge *a, int i, char *record)
{
    char *at = strstr(record, "\"at\":") + 5;
    *at = (char)('1' + (*at - '1' + 1 + (int)forge_chance(a->f, 8)) % 9);
    a->forged[i].at = strtoll(at, NULL, 10);
}

/* Returns the number that is to be named; *ret_n: how many rows are left. */
static int64_t make(struct audit_forge *a, enum audit_forgery kind, int i,
                    int other, char **ret_copy, int *ret_n)
{
    struct audit_row *rows = a->forged;
    struct audit_row row = rows[i];
    switch (kind) {
    case FORGE_AUDIT_BYTE:
        *ret_copy = own_copy(a, i);
        (*ret_copy)[forge_chance(a->f, rows[i].len)] ^=
            (char)(1 + forge_chance(a->f, 255));
        break;
    case FORGE_AUDIT_HASH:
        memcpy(a->hashes[i], a->rows[i].hash, HASH_SIZE);
        a->hashes[i][forge_chance(a->f, HASH_SIZE)] ^=
            (uint8_t)(1 + forge_chance(a->f, 255));
        rows[i].hash = a->hashes[i];
        break;
    case FORGE_AUDIT_COLUMN:
        change_column(a, i);
        break;
    case FORGE_AUDIT_DELETE:
        memmove(&rows[i], &rows[i + 1], (size_t)(a->n - i - 1) * sizeof row);
        --*ret_n;
        break;
    case FORGE_AUDIT_TAIL:
        *ret_n = i;
        break;
    case FORGE_AUDIT_SWAP:
        rows[i] = rows[other];
        rows[other] = row;
        rows[other].n = rows[i].n;
        rows[i].n = row.n;
        break;
    default: /* FORGE_AUDIT_RECHAIN */
        *ret_copy = own_copy(a, i);
        change_time(a, i, *ret_copy);
        rechain(a, i);
        return anchored(a, row.n);
    }
    return row.n;
}

static void expect(struct audit_forge *a, enum audit_forgery kind, int i,
                   enum err err, int64_t bad)
{
    if (err != ERR_CORRUPT || a->report.bad != bad ||
        a->report.reason[0] == '\0') {
        fail_msg("%s at %d: %s, named %" PRId64 " (%s), not %" PRId64,
                 names[kind], i, err_name(err), a->report.bad, a->report.reason,
                 bad);
    }
    a->done[kind]++;
}

static void try_one(struct audit_forge *a, enum audit_forgery kind, int i)
{
    struct audit_walk walk = a->walk;
    struct audit_report report = a->report;
    int n = a->n;
    char *copy = NULL;
    int other = i + 1 + (int)forge_chance(a->f, (uint64_t)(a->n - i - 1));
    for (int k = 0; k < a->n; k++) {
        a->forged[k] = a->rows[k].row;
    }
    int64_t bad = make(a, kind, i, other, &copy, &n);
    enum err err = OK;
    for (int k = i; err == OK && k < n; k++) {
        err = audit_walk_row(&a->walk, &a->forged[k]);
    }
    if (err == OK) {
        err = audit_walk_end(&a->walk);
    }
    expect(a, kind, i, err, bad);
    free(copy);
    a->walk = walk;
    a->report = report;
}

/* Some more of the beginning goes, and what is kept of the cut says so; the
 * chain does not. */
static void try_beginning(struct audit_forge *a, int i)
{
    struct audit_report report = {.records = 0};
    struct audit_walk walk = {.report = &report, .held.all = &a->anchors};
    char base[AUDIT_OBJECT_SIZE];
    int len = snprintf(base, sizeof base, "%" PRId64 " ", a->rows[i].row.n);
    hex_encode(a->rows[i].hash, HASH_SIZE, base + len);
    enum err err = audit_walk_begin(&walk, base);
    for (int k = i + 1; err == OK && k < a->n; k++) {
        err = audit_walk_row(&walk, &a->rows[k].row);
    }
    if (err == OK) {
        err = audit_walk_end(&walk);
    }
    struct audit_report kept = a->report;
    a->report = report;
    /* the cut that the chain knows of may itself be among what went */
    bool knows = walk.cut != 0;
    expect(a, FORGE_AUDIT_BEGIN, i, err, knows ? a->base + 1 : 1);
    a->report = kept;
}

/* -- all of them -------------------------------------------------------------
 */

static void begin_walk(struct audit_forge *a)
{
    a->report = (struct audit_report){.records = 0};
    a->walk =
        (struct audit_walk){.report = &a->report, .held.all = &a->anchors};
    assert_int_equal(audit_walk_begin(&a->walk, a->said), OK);
}

static void finish(struct audit_forge *a)
{
    assert_int_equal(audit_walk_end(&a->walk), OK);
    assert_int_equal(a->report.records, a->n);
    assert_int_equal(a->report.anchors, a->anchors.n);
    for (int i = 0; i < a->n; i++) {
        free(a->rows[i].record);
    }
    free(a->rows);
    free(a->forged);
    free(a->hashes);
    anchors_done(&a->anchors);
}

int64_t forge_audit(struct forge *f, int records, int of_each)
{
    static struct audit_forge a;
    int64_t all = 0;
    a = (struct audit_forge){.f = f};
    fill(f, records);
    read_all(&a);
    for (int i = 20; i < a.n - 1; i += 10 + (int)forge_chance(f, 100)) {
        anchor(&a, i);
    }
    anchor(&a, a.n - 1);
    begin_walk(&a);
    for (int i = 0; i < a.n; i++) {
        /* so many at each place, spread evenly; the last has none behind it */
        int64_t here = (int64_t)of_each * (i + 1) / (a.n - 1) -
                       (int64_t)of_each * i / (a.n - 1);
        for (int64_t k = 0; i < a.n - 1 && k < here; k++) {
            for (int kind = 0; kind < FORGE_AUDIT_BEGIN; kind++) {
                try_one(&a, (enum audit_forgery)kind, i);
            }
            try_beginning(&a, i);
        }
        assert_int_equal(audit_walk_row(&a.walk, &a.rows[i].row), OK);
    }
    finish(&a);
    for (int kind = 0; kind < AUDIT_FORGERIES; kind++) {
        print_message("%7lld %s\n", (long long)a.done[kind], names[kind]);
        all += a.done[kind];
    }
    return all;
}
