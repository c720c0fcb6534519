/* The audit record: who did or tried what, when, from where, with what outcome
 * (GB/T 22239-2019 8.1.4.3 b: date and time, user, kind of event, success). A
 * chain of its own beside the journal; see schema.sql.
 *
 *   {"n":7,"at":…,"account":"ada","source":"10.1.2.3","what":"person.role",
 *    "outcome":"ok","object":"bob jxj head","seq":812,"times":3}
 *
 * account, source, object, seq and times stand only where there is something to
 * say. A record has one form: read and written again it is the same bytes. */
#ifndef BIHUAN_STORE_AUDIT_H
#define BIHUAN_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/limits.h"
#include "daemon/store/store.h"

enum {
    AUDIT_WORD_SIZE = 64,
    AUDIT_OBJECT_SIZE = 96,
    AUDIT_DAYS_MIN = 184 /* six months (Cybersecurity Law): none goes sooner */
};

/* What takes the beginning away; its object is "NUMBER HASH" of the last record
 * that went. */
#define AUDIT_CUT "audit.cut"

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
/* Number and hash of the latest; 0 and 32 zero bytes if there is none. A
 * reader's is that of its snapshot. */
enum err audit_head(struct store *s, int64_t *ret_n, uint8_t ret_hash[32]);
/* When the first that is left was made; INSTANT_MAX if there is none. */
enum err audit_oldest(struct store *s, instant *ret);
/* Takes away what is older than `before`, at most `max` from the beginning, up
 * to the first that is not, and records that. *ret_n: how many went. */
enum err audit_expire(struct store *s, instant now, instant before, int max,
                      int *ret_n);

/* A record as it lies there: false if it is not of the one form. */
bool audit_read(const char *record, size_t len, int64_t *ret_n,
                struct audit_event *ret);

#endif
