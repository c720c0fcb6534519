/* Reads one journal record: the header and, one by one, what it put. It takes
 * exactly the form that journal.c writes, version 1, and no other JSON: what
 * could be read in two ways is refused. It is verify's reader, which goes
 * through millions of records and must not trust one of them. */
#ifndef BIHUAN_STORE_EFFECTS_H
#define BIHUAN_STORE_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "daemon/store/buffer.h"
#include "daemon/store/tables.h"

struct put_effect {
    enum table table;
    int n;
    struct cell cells[COLUMNS_MAX]; /* names and texts borrow from the reader */
};

struct effects {
    /* the header */
    int64_t seq;
    int64_t at;
    int64_t recorded;
    int64_t ticket; /* 0: none */
    /* the reader's own */
    const struct table_def *tables;
    const char *next;
    const char *end;
    char *room; /* of unescaped names and texts */
    size_t room_size;
    size_t room_used;
};

/* Starts on a record, which must outlive the reading. `room` is kept from one
 * record to the next; all else is set anew. CORRUPT, NO_MEMORY. */
enum err effects_begin(struct effects *e, const struct table_def *tables,
                       const char *record, size_t len);
/* The next put. *ret_there is false, once, after the last one and only if the
 * record ends there. */
enum err effects_next(struct effects *e, struct put_effect *ret,
                      bool *ret_there);
void effects_done(struct effects *e);

#endif
