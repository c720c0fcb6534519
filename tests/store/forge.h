/* Forging: one thing after another is changed in a journal or in the tables
 * that it makes, and each must be found, at the record where it is. What is
 * expected is worked out from the records by another reader (jansson) than the
 * one under test.
 *
 * So that a hundred thousand are done in minutes, the fold of the records
 * before the change is kept and gone on from; the product never does so. */
#ifndef BIHUAN_TESTS_STORE_FORGE_H
#define BIHUAN_TESTS_STORE_FORGE_H

#include "daemon/store/fold.h"
#include "store/maker.h"

enum forgery {
    /* in the journal */
    FORGE_BYTE,    /* a byte of a record */
    FORGE_HASH,    /* a byte of a hash */
    FORGE_LINK,    /* the link to the ticket's record before */
    FORGE_DELETE,  /* a record is taken out */
    FORGE_TAIL,    /* all after a record are cut off */
    FORGE_SWAP,    /* two records trade places */
    FORGE_RECHAIN, /* a head is changed, all from there on hashed anew */
    FORGE_EFFECT,  /* the same with a digit of an effect */
    /* in the tables, each in turn */
    FORGE_CHANGE, /* a column of a row */
    FORGE_REMOVE, /* a row */
    FORGE_ADD,    /* a row too many */
    FORGE_TEXT,   /* a body or a salt */
    FORGERIES
};
extern const char *const forgery_names[FORGERIES];

struct kept_row {
    struct journal_row row;
    char *record;
    uint8_t hash[HASH_SIZE];
};

/* Who put what last, by table and key. */
struct owner {
    enum table table;
    int64_t key[KEYS_MAX];
    int64_t any;                  /* the last record that put the row */
    int64_t columns[COLUMNS_MAX]; /* that column; 0: none has named it */
};

struct forge {
    struct world *world;
    uint64_t chance;
    int64_t serial; /* of keys and texts that are to be unique */
    int n;          /* records */
    struct kept_row *rows;
    struct journal_row *forged; /* room for a journal that is changed */
    uint8_t (*hashes)[HASH_SIZE];
    struct anchors anchors; /* of records here and there, and the head */
    int n_owners;
    int owner_places;
    struct owner *owners; /* a hash table */
    struct fold fold;
    struct verdict_report report;
    int64_t done[FORGERIES];
};

uint64_t forge_chance(struct forge *f, uint64_t below);

/* Makes a store of at least so many records that fills every FOLD table, and
 * reads it for what is expected. */
void forge_open(struct forge *f, struct world *w, int records, uint64_t seed);
void forge_close(struct forge *f);
/* NULL: no record put such a row. */
struct owner *forge_owner(struct forge *f, enum table table,
                          const int64_t key[KEYS_MAX]);

/* So many of each kind in the journal; then, the fold being whole, one in a
 * table. Each fails the test if it is not found where it is. */
void forge_journal(struct forge *f, int of_each);
void forge_table(struct forge *f, enum forgery kind, enum table table);

/* -- the audit record, a chain of its own ------------------------------------
 */

enum audit_forgery {
    FORGE_AUDIT_BYTE,
    FORGE_AUDIT_HASH,
    FORGE_AUDIT_COLUMN,
    FORGE_AUDIT_DELETE,
    FORGE_AUDIT_TAIL,
    FORGE_AUDIT_SWAP,
    FORGE_AUDIT_RECHAIN, /* changed, and hashed anew up to the next anchor */
    FORGE_AUDIT_BEGIN,   /* more of it cut than its records say */
    AUDIT_FORGERIES
};
/* Makes so many records in the world's store, and so many forgeries of each
 * kind; returns how many were found, which is all or the test has failed. */
int64_t forge_audit(struct forge *f, int records, int of_each);

#endif
