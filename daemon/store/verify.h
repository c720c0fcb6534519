/* Verification: proves the journal's chain and that the FOLD tables are what
 * its effects add up to. Later code is never re-run on old commands: only the
 * stored effects are applied, to an empty copy of the tables. */
#ifndef BIHUAN_STORE_VERIFY_H
#define BIHUAN_STORE_VERIFY_H

#include "core/err.h"
#include "daemon/store/audit_walk.h"
#include "daemon/store/store.h"

enum {
    REDACTIONS_MAX = 100
};

struct verdict_report {
    int64_t records;  /* journal rows read */
    int64_t rows;     /* rows compared */
    int64_t redacted; /* texts found redacted, the first of them: */
    struct {
        int64_t text;
        int64_t seq; /* by which record */
    } redactions[REDACTIONS_MAX];
    int64_t anchors;                /* that agree */
    int64_t anchored;               /* the highest record that one names */
    int64_t bad_seq;                /* first record that differs, 0: none */
    char reason[PROBLEM_TEXT_SIZE]; /* which table, row, column, or the chain */
    uint8_t head[32];               /* hash of the last record */
    struct audit_report audit;      /* the other chain, proved whatever the
                                       journal is */
};

/* Opens `path` read-only. OK: all true. CORRUPT: report->bad_seq and reason,
 * or those of report->audit, say what is not. `progress` (may be NULL) is
 * called now and then with the number of records done and the total. */
enum err store_verify(const char *path, struct verdict_report *report,
                      void (*progress)(void *, int64_t, int64_t), void *user,
                      struct problem *p);

/* The same, and the records that the anchors name have their hashes: a chain
 * that was cut, or hashed anew, is found. `anchors` is sorted, of both. */
struct anchors; /* daemon/store/anchor.h */
enum err store_verify_anchored(const char *path, const struct anchors *anchors,
                               struct verdict_report *report,
                               void (*progress)(void *, int64_t, int64_t),
                               void *user, struct problem *p);

/* -- the contents of attachments --------------------------------------------
 */

enum {
    FILE_FAULTS_MAX = 1000
};
struct file_fault {
    ticket_id ticket;
    int32_t n;    /* of the ticket's attachment */
    enum err err; /* NOT_FOUND, CORRUPT: another size or content, IO */
};
struct files_report {
    int64_t attachments;
    int64_t files; /* read: one content may be attached several times */
    int64_t bad;   /* attachments; the first so many of them: */
    struct file_fault faults[FILE_FAULTS_MAX];
};

/* Reads every file that a database's attachments name. CORRUPT when one is not
 * there or is not what it was. `progress` may be NULL. */
enum err store_verify_files(const char *path, struct files_report *report,
                            void (*progress)(void *, int64_t), void *user,
                            struct problem *p);

#endif
