/* The store: one database behind a narrow, synchronous interface in the words
 * of tickets and journals. No SQL type leaves daemon/store. A handle belongs to
 * one thread at a time. In the whole system exactly one handle is open for
 * writing, and only it checkpoints (SQLite before 3.51.3 can corrupt a WAL when
 * two do): the mode enforces it, and a lock file held for life keeps a second
 * process out.
 *
 * A write command inside a batch:
 *
 *   store_begin
 *     store_mark                     savepoint of one command
 *       store_record_open            the journal number is known from here on
 *         store_put ...              rows: each is written and noted as effect
 *       store_record_close           appends the journal row with its hash
 *     store_keep | store_undo
 *   store_commit                     durable: WAL, synchronous=FULL
 */
#ifndef BIHUAN_STORE_STORE_H
#define BIHUAN_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/instant.h"
#include "core/ticket.h"
#include "proto/command.h"

struct store;

enum store_mode {
    STORE_CREATE, /* make a new file; EXISTS if there is one; then as WRITE */
    STORE_WRITE,  /* the one writer; migrates an older file; refuses a newer */
    STORE_READ,   /* read-only, never checkpoints */
};

/* `path` is the database file or ":memory:". Where the file lies decides the
 * names of its companions: -wal, -shm, .lock, .ballast. */
enum err store_open(const char *path, enum store_mode mode, struct store **ret,
                    struct problem *p);
void store_close(struct store *s);

/* Randomness port: fills with random bytes. Default: getrandom(2). */
void store_set_random(struct store *s, void (*fill)(void *, size_t));

/* -- transactions ---------------------------------------------------------- */
enum err store_begin(struct store *s);
/* Fails with nothing of the transaction there, unless *ret_fatal is set: after
 * a damaged file, a failed flush, or when COMMIT itself found no memory, what
 * is durable is unknown and the process must stop. */
enum err store_commit(struct store *s, bool *ret_fatal);
void store_rollback(struct store *s);
enum err store_mark(struct store *s);
enum err store_keep(struct store *s);
void store_undo(struct store *s);
/* Why the transaction is beyond repair, OK if it is not: what a mark undid has
 * left no trace then, whatever the error was. */
enum err store_lost(const struct store *s);
/* A reader's snapshot. */
enum err store_snapshot(struct store *s);
void store_release(struct store *s);

/* Called between transactions by the writer: copies WAL frames back in bounded
 * strides so that the WAL stays under WAL_BYTES_MAX; after a redaction all of
 * it, and cuts the WAL to nothing. */
enum err store_checkpoint(struct store *s);
/* Free space is above the floor and the ballast is in place again; tried by the
 * engine once a second while the store refuses with DISK_FULL. */
bool store_space_ok(struct store *s);
/* The file that is open lies in its place no more: it was removed, or another
 * put there. store_begin() is refused with STORE as long as that is so, for
 * what would be written then is kept by nobody. */
bool store_gone(const struct store *s);
/* How many bytes must stay free, and how large the ballast is. */
void store_set_space(struct store *s, int64_t floor, int64_t ballast);

/* -- journal --------------------------------------------------------------- */
int64_t store_head(struct store *s); /* last journal number, 0 if none */
instant store_last_recorded(struct store *s); /* `recorded` of the head */

struct record {
    instant at;       /* when it happened */
    instant recorded; /* when it was known */
    const char *by;   /* account, "clock" or "operator" */
    const char *method;
    ticket_id ticket; /* 0: none */
    bool imported;
    const char *importer; /* who, if imported; borrowed until the close */
};
/* Opens the next record and returns its number. */
enum err store_record_open(struct store *s, const struct record *record,
                           int64_t *ret_seq);
/* For a record whose ticket is known only later (ticket.file). */
void store_record_ticket(struct store *s, ticket_id ticket);
/* Appends it; without any put since open, nothing is appended and *ret_seq is
 * 0. */
enum err store_record_close(struct store *s, int64_t *ret_seq);

/* -- rows ------------------------------------------------------------------ */
enum table {
    TABLE_TEXT,
    TABLE_REGISTER,
    TABLE_RELATION,
    TABLE_CALENDAR_DAY,
    TABLE_CALENDAR_YEAR,
    TABLE_REGULATION,
    TABLE_TICKET,
    TABLE_DISPATCH,
    TABLE_CLOCK,
    TABLE_ESCALATION,
    TABLE_NOTICE,
    TABLE_TICKET_PERSON,
    TABLE_MEETING,
    TABLE_MEETING_UNIT,
    TABLE_MEETING_ITEM,
    TABLE_DIGEST,
    TABLE_HOOK,
    TABLE_ATTACHMENT,
    TABLE_COUNT
};

enum cell_type {
    CELL_NULL,
    CELL_INT,
    CELL_TEXT,
    CELL_BLOB
};
struct cell {
    const char *column;
    enum cell_type type;
    int64_t number;
    const void *bytes; /* TEXT, BLOB: borrowed */
    size_t len;
};
struct cell cell_int(const char *column, int64_t number);
struct cell cell_int_or_null(const char *column, int64_t number, int64_t null);
struct cell cell_text(const char *column, const char *text); /* NULL: null */
struct cell cell_blob(const char *column, const void *bytes, size_t len);
struct cell cell_null(const char *column);

/* Puts a row: the table's key columns first, in their order. A key that is
 * there is updated in the given columns, otherwise a row is inserted (then all
 * columns without a default must be given). The only way by which a FOLD table
 * changes; the same code applies the effects in verify. */
enum err store_put(struct store *s, enum table table, const struct cell *cells,
                   int n);

/* What a text is, so that a timeline can label it and a reader see only what
 * is meant for them (INTERNAL and NOTE are for officials). Stored: append only.
 */
enum text_purpose {
    TEXT_TITLE,
    TEXT_BODY,
    TEXT_MEASURE,
    TEXT_REASON,
    TEXT_PUBLIC,
    TEXT_INTERNAL,
    TEXT_NOTE,
    TEXT_COMMENT,
    TEXT_NAME,
    TEXT_PHONE,
    TEXT_PLAN,    /* individual plan (一事一议) */
    TEXT_MEETING, /* title, place and minutes of a joint meeting */
    TEXT_FILE,    /* name of an attachment */
    TEXT_PURPOSE_COUNT
};

/* What stands in the place of a redacted text. Stored: never to be changed. */
#define TEXT_REDACTED "[redacted]"

/* Whose name a ticket carries (M6). Stored: append only. */
enum duty {
    DUTY_SPONSOR,     /* 领衔 */
    DUTY_LEADER,      /* 领办 */
    DUTY_RESPONSIBLE, /* 领责 */
    DUTY_COUNT
};

/* A text row: digest and salt are made here. */
enum err store_text_add(struct store *s, enum text_purpose purpose,
                        const char *body, size_t len, int64_t *ret_id);

/* The next free id of REGISTER, RELATION, NOTICE, TEXT, CALENDAR_YEAR,
 * REGULATION, MEETING, HOOK within the writer's transaction. */
int64_t store_next_id(struct store *s, enum table table);

/* -- queries --------------------------------------------------------------- */
/* Every fixed statement stands in daemon/store/statements.def. */
enum statement {
#define STATEMENT(id, sql) STMT_##id,
#include "daemon/store/statements.def"
#undef STATEMENT
    STMT_COUNT
};

/* A cursor. begin, then next until false, then end: always, but after a begin
 * that failed, where next finds nothing and end may be left out. Texts borrow
 * until the next next/end. An error inside next ends the rows; rows_end tells
 * it, as it tells that of a failed begin. */
struct rows {
    struct store *store;
    void *handle;
    enum err err;
    enum statement statement; /* STMT_COUNT: one of its own */
};
enum err rows_begin(struct store *s, enum statement statement,
                    const struct cell *binds, int n, struct rows *ret);
/* A statement put together from fixed fragments (filters); values only ever
 * bound. Binds are ?1, ?2, ... in order. */
enum err rows_begin_text(struct store *s, const char *sql,
                         const struct cell *binds, int n, struct rows *ret);
bool rows_next(struct rows *r);
enum err rows_end(struct rows *r);
bool rows_null(const struct rows *r, int column);
int64_t rows_int(const struct rows *r, int column);
int64_t rows_int_or(const struct rows *r, int column, int64_t null);
const char *rows_text(const struct rows *r, int column); /* "" for NULL */
/* A number from 0 to count - 1, as an enumeration's is. What is none is damage:
 * it is taken for 0, and the next rows_end() of this store says CORRUPT. */
int rows_enum(const struct rows *r, int column, int count);
int rows_enum_or(const struct rows *r, int column, int count, int null);
/* Likewise of an instant, which is then INSTANT_MIN; NULL is INSTANT_NONE. */
instant rows_instant(const struct rows *r, int column);
/* Likewise of a limit in three columns from that one: how many, of what, until
 * when; LIMIT_NONE if it is none or the unit is NULL. */
struct limit rows_limit(const struct rows *r, int column);
/* The integer in the first row's first column; `none` for NULL or no row. */
enum err rows_number(struct store *s, enum statement statement,
                     const struct cell *binds, int n, int64_t none,
                     int64_t *ret);

/* -- tickets --------------------------------------------------------------- */
/* A ticket as stored: the open part for core plus what core does not need. */
struct ticket_row {
    struct ticket ticket; /* category, urgency, channel are -1: see below */
    char category[CODE_SIZE];
    char urgency[CODE_SIZE];
    char channel[CODE_SIZE];
    char ref[REF_SIZE];
    int64_t regulation;
    register_id filed_by;
    int64_t title_text;
    int64_t body_text; /* 0: none */
    int64_t from_seq;
    int64_t seq;
    bool held; /* imported, and the import is still open */
    /* saving: what extended the clocks that took another turn, so that it can
     * be counted anew under another calendar; LIMIT_NONE (as loaded): nothing
     */
    struct limit moved;
    /* the store's: which version of each open clock is stored */
    int32_t n_versions;
    struct {
        int32_t n;
        int32_t v;
    } versions[CLOCKS_MAX];
};
/* NOT_FOUND if there is none. The caller resolves the codes to indexes of the
 * pinned regulation. */
enum err ticket_load(struct store *s, ticket_id id, struct ticket_row *ret);
enum err ticket_find_ref(struct store *s, const char *ref, ticket_id *ret);
/* The next number of that local day. */
enum err ticket_next_id(struct store *s, instant at, ticket_id *ret);
/* Puts what differs between before (NULL for a new one) and after, dispatches
 * and clocks included, inside the open record; `at` is the event's time.
 * after->seq is set to the record's number. */
enum err ticket_save(struct store *s, const struct ticket_row *before,
                     struct ticket_row *after, instant at);

/* Notes that a person has acted on a ticket: the latest time stays. A cache, in
 * no record; within the writer's transaction. */
enum err acted_note(struct store *s, register_id person, ticket_id ticket,
                    instant at);

/* -- idempotency, imports, settings ---------------------------------------- */
struct idem {
    int64_t seq;
    char *reply; /* heap, the caller frees */
};
/* NOT_FOUND; KEY_REUSED when the digest differs; OK fills *ret. */
enum err idem_find(struct store *s, const char *account, const char *key,
                   const uint8_t digest[32], struct idem *ret);
enum err idem_keep(struct store *s, const char *account, const char *key,
                   const uint8_t digest[32], const char *reply, int64_t seq,
                   instant at);
enum err idem_expire(struct store *s, instant before);
/* All of an account: its code may become another person's. */
enum err idem_drop(struct store *s, const char *account);
enum err imported_find(struct store *s, const uint8_t digest[32],
                       int64_t occurrence, bool *ret_there);
enum err imported_keep(struct store *s, const uint8_t digest[32],
                       int64_t occurrence, int64_t seq);
enum err meta_get(struct store *s, const char *name, char *out, size_t size);
enum err meta_set(struct store *s, const char *name, const char *value);
/* SM3 of bytes, and of JSON in canonical form (sorted keys, compact). */
void store_digest(const void *bytes, size_t len, uint8_t ret[32]);

/* -- deadlines ------------------------------------------------------------- */
/* Both leave out what was set aside. */
/* The earliest next_at of clocks that are (not) held: INSTANT_NONE if none. */
enum err deadline_next(struct store *s, bool held, instant *ret);
/* Tickets (distinct, ascending by instant) with a clock due by `at`. */
enum err deadline_due_tickets(struct store *s, bool held, instant at,
                              ticket_id *ids, int max, int *ret_n);
/* A ticket that cannot be read: its clocks do not fire till the store is opened
 * anew, so that those of the others do. CORRUPT: too many are. */
enum err deadline_set_aside(struct store *s, ticket_id id);
/* How many there are; *ret points to them, in the order in which they came. */
int deadline_aside(const struct store *s, const ticket_id **ret);

/* -- backup ---------------------------------------------------------------- */
/* Copies a consistent state to a new file (EXISTS if there), checks it and
 * tells its journal head. Works on a STORE_READ handle while others write. */
enum err store_backup(struct store *s, const char *path, int64_t *ret_head,
                      struct problem *p);

/* The contents of attachments that belong to it, in a folder PATH.files (none
 * if there are no attachments). To be done first, in the same snapshot: then
 * who sees PATH has all of it. */
struct backup_files {
    int64_t files;
    int64_t bytes;   /* of them */
    int64_t linked;  /* of them not copied: a second name for the same bytes */
    int64_t missing; /* named by an attachment and not there: see verify */
};
enum err store_backup_files(struct store *s, const char *path,
                            struct backup_files *ret, struct problem *p);
/* Takes PATH.files away again. */
void store_backup_files_drop(const char *path);

#endif
