/* The inner half of verify: the journal's effects added up in an empty copy of
 * the FOLD tables, and that copy held against what the database has. */
#ifndef BIHUAN_STORE_FOLD_H
#define BIHUAN_STORE_FOLD_H

#include <sqlite3.h>

#include "daemon/store/anchor.h"
#include "daemon/store/effects.h"
#include "daemon/store/internal.h"
#include "daemon/store/put.h"
#include "daemon/store/verify.h"

enum {
    DIFFERENCES_MAX = 64
};

/* One place where the database is not what the journal makes it. */
struct difference {
    enum table table;
    int64_t key[KEYS_MAX];
    int column;      /* -1: the whole row is missing or too many */
    int64_t put_seq; /* the last record that put it; 0: none did */
    int64_t seq;     /* the latest record that the live row speaks of */
    char what[PROBLEM_TEXT_SIZE];
};

/* A row of the journal as it lies there. */
struct journal_row {
    int64_t seq;
    int64_t before;     /* 0: none */
    const char *record; /* NULL: none */
    size_t len;
    const void *hash;
    int hash_len;
};

struct fold {
    struct store *live; /* a reader with a snapshot */
    sqlite3 *copy;
    struct putter putter;
    sqlite3_stmt *ticket_seq; /* in the copy */
    struct effects effects;
    struct verdict_report *report;
    void (*progress)(void *, int64_t, int64_t);
    void *user;
    struct anchors_held held;
    int64_t head;
    int n;
    struct difference differences[DIFFERENCES_MAX];
};

/* Makes the empty copy: a private file that SQLite keeps in memory as far as it
 * fits and removes by itself. */
enum err fold_open(struct fold *f);
void fold_close(struct fold *f);

/* Goes through the journal: chain, form, order, links, effects, and what the
 * anchors name. CORRUPT with the report filled at the first record that is not
 * right. */
enum err fold_journal(struct fold *f);
/* Its two halves: one record; and that no anchor names one after the last. */
enum err fold_record(struct fold *f, const struct journal_row *row);
enum err fold_end(struct fold *f);

/* Compares all FOLD tables; gathers the differences. */
enum err fold_compare(struct fold *f);

/* Finds for each difference the last record that put it, and names the first
 * of them in the report. */
enum err fold_name(struct fold *f);

/* Fills the report and returns CORRUPT. */
enum err fold_bad(struct fold *f, int64_t seq, const char *reason);

#endif
