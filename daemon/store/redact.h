/* Redaction: a text and its salt are taken out of the database for good; its
 * digest stays, so that the chain and the fold prove as before. In the place of
 * the text stands TEXT_REDACTED, which every list then shows by itself.
 *
 * The bytes are gone from the file too: SQLite zeroes what is deleted, and the
 * log is copied back and cut to nothing at the next store_checkpoint() after
 * the commit. What lies in older backups is not in our hands.
 *
 * All inside an open record, which they note as the one that did it. *ret_n
 * grows by the texts redacted; what was redacted before is left alone. */
#ifndef BIHUAN_STORE_REDACT_H
#define BIHUAN_STORE_REDACT_H

#include "daemon/store/store.h"

enum {
    RECORD_TEXTS_MAX = 64 /* that one record may have said */
};

enum err store_redact_text(struct store *s, int64_t id, int64_t *ret_n);

/* What a record said, but for names and phones of people. NOT_FOUND if there is
 * no such record. */
enum err store_redact_record(struct store *s, int64_t seq, int64_t *ret_n);

/* What all records of a ticket said, but for the reasons of redactions. */
enum err store_redact_ticket(struct store *s, ticket_id ticket, int64_t *ret_n);

/* The ticket that a record is about, 0 if none. NOT_FOUND. */
enum err store_record_about(struct store *s, int64_t seq, ticket_id *ret);

#endif
