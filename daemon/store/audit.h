/* The audit record: who did or tried what, when, from where, with what outcome
 * (GB/T 22239-2019 8.1.4.3 b: date and time, user, kind of event, success). A
 * chain of its own beside the journal; see schema.sql. */
#ifndef BIHUAN_STORE_AUDIT_H
#define BIHUAN_STORE_AUDIT_H

#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/limits.h"
#include "daemon/store/store.h"

enum {
    AUDIT_WORD_SIZE = 64,
    AUDIT_OBJECT_SIZE = 96
};

/* One event. Copied whole, so that it may wait in a queue. */
struct audit_event {
    instant at;
    char account[CODE_SIZE];        /* who; "" nobody known */
    char source[SOURCE_SIZE];       /* from where */
    char what[AUDIT_WORD_SIZE];     /* a command's name, daemon.start, ... */
    char outcome[AUDIT_WORD_SIZE];  /* "ok", or the error's name */
    char object[AUDIT_OBJECT_SIZE]; /* of what: a ticket's number, an account, a
                                       unit; "" none. Never free text */
    int64_t seq;   /* the journal record that it made, 0: none */
    int64_t times; /* equal ones that came together: at least 1 */
};

/* Appends it to the chain, within the writer's transaction. */
enum err audit_append(struct store *s, const struct audit_event *e);
/* Number and hash of the latest; 0 and 32 zero bytes if there is none. */
enum err audit_head(struct store *s, int64_t *ret_n, uint8_t ret_hash[32]);
/* Takes away what is older, at most `max` from the beginning, and records
 * that. */
enum err audit_expire(struct store *s, instant now, instant before, int max);

#endif
