/* The proof of the audit record: its rows are gone through in order; chain,
 * form, the columns beside each record, and what the anchors name must agree.
 * What was taken away for its age is named by a record of the chain. */
#ifndef BIHUAN_STORE_AUDIT_WALK_H
#define BIHUAN_STORE_AUDIT_WALK_H

#include "core/err.h"
#include "daemon/store/anchor.h"
#include "daemon/store/audit.h"
#include "daemon/store/store.h"

/* Where meta keeps what the last cut says: see AUDIT_CUT. */
#define AUDIT_BASE "audit_base"

struct audit_report {
    int64_t records;  /* gone through */
    int64_t base;     /* so many before them were taken away for their age */
    int64_t head;     /* number of the last one */
    int64_t anchors;  /* that agree */
    int64_t anchored; /* the highest record that one names */
    int64_t older;    /* anchors of records that were taken away */
    int64_t bad;      /* the first that is not right, 0: none */
    char reason[PROBLEM_TEXT_SIZE];
    uint8_t hash[ANCHOR_HASH_SIZE]; /* of the last record */
};

/* A row as it lies there; NULL: nothing is in that column. */
struct audit_row {
    int64_t n;
    instant at;
    const char *account;
    const char *what;
    const char *outcome;
    const char *record;
    size_t len;
    const void *hash;
    int hash_len;
};

struct audit_walk {
    struct audit_report *report;
    struct anchors_held held; /* of this chain */
    int64_t next;             /* number of the row that comes next */
    int64_t cut;    /* what the latest cut of the chain names, 0: none */
    int64_t cut_by; /* the record that says so */
    instant cut_at;
    char base[AUDIT_OBJECT_SIZE]; /* as meta has it, "" for none */
    char cut_base[AUDIT_OBJECT_SIZE];
};

/* `base`: what meta keeps, "" for nothing. Then each row; then the end. CORRUPT
 * with the report filled at the first that is not right. */
enum err audit_walk_begin(struct audit_walk *w, const char *base);
enum err audit_walk_row(struct audit_walk *w, const struct audit_row *row);
enum err audit_walk_end(struct audit_walk *w);

/* All of it, on a reader's snapshot. `anchors` are those of this chain. */
enum err audit_verify(struct store *s, const struct anchors *anchors,
                      struct audit_report *report);

#endif
