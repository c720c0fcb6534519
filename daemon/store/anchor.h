/* Anchors: a chain's head in one line that people print, send or pin up. Who
 * can rewrite the database can hash it anew and it proves itself sound; a line
 * that lies outside their reach does not change with it.
 *
 *   bihuan-anchor 1 NUMBER HASH INSTANT     of the journal
 *   bihuan-audit 1 NUMBER HASH INSTANT      of the audit record
 *
 * the format's version, the record's number, its hash (64 hexadecimal digits,
 * over all before it too), and when it was recorded. */
#ifndef BIHUAN_STORE_ANCHOR_H
#define BIHUAN_STORE_ANCHOR_H

#include "daemon/store/store.h"

enum {
    ANCHOR_LINE_SIZE = 160,  /* fits the line, with its NUL */
    ANCHOR_SOURCE_SIZE = 64, /* of a file's name, cut off */
    ANCHOR_HASH_SIZE = 32
};

enum anchor_chain {
    ANCHOR_JOURNAL,
    ANCHOR_AUDIT,
    ANCHOR_CHAINS
};

struct anchor {
    enum anchor_chain chain;
    int64_t seq;
    uint8_t hash[ANCHOR_HASH_SIZE];
    instant at;
};

/* The head of what this handle sees: a reader's snapshot, what the writer has
 * written. NOT_FOUND of an empty chain. */
enum err anchor_head(struct store *s, enum anchor_chain chain,
                     struct anchor *ret);

/* The line, without its end. */
void anchor_format(const struct anchor *a, char out[ANCHOR_LINE_SIZE]);
/* Exactly one of these forms, blanks around it allowed. BAD_PARAM. */
enum err anchor_parse(const char *line, size_t len, struct anchor *ret);

/* -- those kept beside the data ----------------------------------------------
 */

/* Writes DATA/anchors/YYYY-MM-DD.anchor (of the audit record
 * YYYY-MM-DD.audit.anchor), for its owner only, whole and durable or not at
 * all. EXISTS if the day has one: none is ever overwritten. With `more` it is
 * then YYYY-MM-DD-NUMBER.anchor. IO, DISK_FULL. */
enum err anchor_keep(const char *data, const struct anchor *a, daynum day,
                     bool more);

/* -- those to be held against a journal --------------------------------------
 */

struct anchor_given {
    struct anchor anchor;
    char source[ANCHOR_SOURCE_SIZE]; /* file's name, or "given" */
};
struct anchors {
    int n;
    int size;
    struct anchor_given *of;
    instant now; /* when they are held against a chain: what that says of an
                    instant to come is not believed; 0: not asked */
};

/* Adds a line, or every line of a file of them. BAD_PARAM "anchor", with what
 * is wrong; NOT_FOUND, IO. */
enum err anchors_add(struct anchors *a, const char *line_or_file,
                     struct problem *p);
/* Adds all that lie in DATA/anchors; none if there is no such folder. */
enum err anchors_add_kept(struct anchors *a, const char *data,
                          struct problem *p);
/* By chain and number; what verify expects. */
void anchors_sort(struct anchors *a);
/* Those of one chain: a part of the sorted ones, theirs to free. */
struct anchors anchors_of(const struct anchors *a, enum anchor_chain chain);
void anchors_done(struct anchors *a);

/* Those of one chain, beside a walk through its records. */
struct anchors_held {
    const struct anchors *all; /* sorted; NULL: none */
    int next;                  /* of them */
    int64_t agree;
    int64_t last; /* the latest record that one agrees with */
};
/* What they say of the record of that number and hash: the chain up to here is
 * as sound as it says of itself, they know whether it is the one that was.
 * CORRUPT: one names another hash, and `what` says so. */
enum err anchors_hold(struct anchors_held *h, int64_t seq,
                      const uint8_t hash[ANCHOR_HASH_SIZE],
                      char what[PROBLEM_TEXT_SIZE]);

#endif
