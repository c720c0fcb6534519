/* Verification: proves the journal's chain and that the FOLD tables are what
 * its effects add up to. Later code is never re-run on old commands: only the
 * stored effects are applied, to an empty copy of the tables. */
#ifndef BIHUAN_STORE_VERIFY_H
#define BIHUAN_STORE_VERIFY_H

#include "core/err.h"
#include "daemon/store/store.h"

struct verdict_report {
    int64_t records;                /* journal rows read */
    int64_t rows;                   /* rows compared */
    int64_t redacted;               /* texts found redacted */
    int64_t bad_seq;                /* first record that differs, 0: none */
    char reason[PROBLEM_TEXT_SIZE]; /* which table, row, column, or the chain */
    uint8_t head[32];               /* hash of the last record */
};

/* Opens `path` read-only. OK: all true. CORRUPT: report->bad_seq and reason
 * say what is not. `progress` (may be NULL) is called now and then with the
 * number of records done and the total. */
enum err store_verify(const char *path, struct verdict_report *report,
                      void (*progress)(void *, int64_t, int64_t), void *user,
                      struct problem *p);

#endif
