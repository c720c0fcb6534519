/* The journal: one record a command, holding what it changed, chained by SM3.
 *
 * A record is written as text while the rows are put, not through a JSON
 * library: its bytes are what the hash covers, so they are made in one place
 * and never again. */
#include <assert.h>
#include <inttypes.h>
#include <nettle/sm3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/internal.h"

void journal_hash(const uint8_t before[HASH_SIZE], const void *record,
                  size_t len, uint8_t ret[HASH_SIZE])
{
    struct sm3_ctx sm3;
    sm3_init(&sm3);
    sm3_update(&sm3, HASH_SIZE, before);
    sm3_update(&sm3, len, record);
    sm3_digest(&sm3, HASH_SIZE, ret);
}

/* -- what is known of the head ----------------------------------------------
 */

static instant recorded_of(const char *record)
{
    static const char name[] = "\"recorded\":";
    const char *at = strstr(record, name);
    return at == NULL ? 0 : strtoll(at + sizeof name - 1, NULL, 10);
}

enum err store_read_head(struct store *s, struct knowledge *ret)
{
    struct rows rows;
    enum err err = rows_begin(s, STMT_JOURNAL_HEAD, NULL, 0, &rows);
    if (err != OK) {
        return err;
    }
    *ret = (struct knowledge){0};
    if (rows_next(&rows)) {
        ret->head = rows_int(&rows, 0);
        ret->recorded = recorded_of(rows_text(&rows, 1));
        const void *hash = sqlite3_column_blob(rows.handle, 2);
        if (hash != NULL && sqlite3_column_bytes(rows.handle, 2) == HASH_SIZE) {
            memcpy(ret->hash, hash, HASH_SIZE);
        }
    }
    return rows_end(&rows);
}

enum err store_know_head(struct store *s)
{
    return store_read_head(s, &s->now);
}

int64_t store_head(struct store *s)
{
    if (s->mode != STORE_READ) {
        return s->now.head;
    }
    struct knowledge k;
    return store_read_head(s, &k) == OK ? k.head : 0;
}

instant store_last_recorded(struct store *s)
{
    if (s->mode != STORE_READ) {
        return s->now.recorded;
    }
    struct knowledge k;
    return store_read_head(s, &k) == OK ? k.recorded : 0;
}

/* -- a record ---------------------------------------------------------------
 */

void record_drop(struct store *s)
{
    s->record.open = false;
}

enum err store_record_open(struct store *s, const struct record *record,
                           int64_t *ret_seq)
{
    struct open_record *r = &s->record;
    assert(s->in_transaction && s->mode != STORE_READ && !r->open);
    assert(strlen(record->by) < CODE_SIZE);
    assert(strlen(record->method) < METHOD_SIZE);
    if (s->lost != OK) {
        return s->lost;
    }
    snprintf(r->by, sizeof r->by, "%s", record->by);
    snprintf(r->method, sizeof r->method, "%s", record->method);
    r->open = true;
    r->facts = *record;
    r->seq = s->now.head + 1;
    r->before = 0;
    r->chained = false;
    r->n_puts = 0;
    buffer_clear(&r->puts);
    *ret_seq = r->seq;
    return OK;
}

void store_record_ticket(struct store *s, ticket_id ticket)
{
    struct open_record *r = &s->record;
    assert(r->open && (r->facts.ticket == 0 || r->facts.ticket == ticket));
    r->facts.ticket = ticket;
}

void record_chained(struct store *s, int64_t before)
{
    struct open_record *r = &s->record;
    if (!r->chained) {
        r->chained = true;
        r->before = before;
    }
}

static void note_cell(struct buffer *b, const struct cell *cell)
{
    buffer_json(b, cell->column, strlen(cell->column));
    buffer_add(b, ":", 1);
    switch (cell->type) {
    case CELL_NULL:
        buffer_text(b, "null");
        break;
    case CELL_INT:
        buffer_int(b, cell->number);
        break;
    case CELL_TEXT:
        buffer_json(b, cell->bytes, cell->len);
        break;
    case CELL_BLOB:
        buffer_hex(b, cell->bytes, cell->len);
        break;
    }
}

static enum err note_put(struct store *s, enum table table,
                         const struct cell *cells, int n)
{
    struct buffer *b = &s->record.puts;
    buffer_text(b, s->record.n_puts++ == 0 ? "[\"" : ",[\"");
    buffer_text(b, table_name(table));
    buffer_text(b, "\",{");
    for (int i = 0; i < n; i++) {
        if (i > 0) {
            buffer_add(b, ",", 1);
        }
        note_cell(b, &cells[i]);
    }
    buffer_text(b, "}]");
    if (b->err != OK && s->lost == OK) {
        s->lost = b->err;
    }
    return b->err;
}

enum err store_put(struct store *s, enum table table, const struct cell *cells,
                   int n)
{
    assert(table != TABLE_TEXT);
    return record_put(s, table, cells, n);
}

enum err record_put(struct store *s, enum table table, const struct cell *cells,
                    int n)
{
    assert(s->record.open);
    if (s->lost != OK) {
        return s->lost;
    }
    enum err err = putter_put(&s->putter, table, cells, n);
    if (err == ERR_EXISTS) {
        return err; /* another row has that unique value; nothing was put */
    }
    assert(err != ERR_CORRUPT ||
           sqlite3_errcode(s->db) == SQLITE_CORRUPT); /* cells: our bug */
    if (err != OK) {
        return store_failed(s, err);
    }
    return note_put(s, table, cells, n);
}

enum err store_text_add(struct store *s, enum text_purpose purpose,
                        const char *body, size_t len, int64_t *ret_id)
{
    assert(s->record.open && purpose < TEXT_PURPOSE_COUNT);
    if (s->lost != OK) {
        return s->lost;
    }
    uint8_t salt[16];
    uint8_t digest[HASH_SIZE];
    s->fill(salt, sizeof salt);
    struct sm3_ctx sm3;
    sm3_init(&sm3);
    sm3_update(&sm3, sizeof salt, salt);
    sm3_update(&sm3, len, (const uint8_t *)body);
    sm3_digest(&sm3, sizeof digest, digest);
    int64_t id = store_next_id(s, TABLE_TEXT);
    if (s->lost != OK) {
        return s->lost;
    }
    struct cell cells[] = {
        cell_int("id", id),
        cell_int("purpose", purpose),
        cell_blob("digest", digest, sizeof digest),
        cell_blob("salt", salt, sizeof salt),
        {.column = "body", .type = CELL_TEXT, .bytes = body, .len = len},
    };
    enum err err = store_run(s, STMT_TEXT_ADD, cells, 5);
    if (err == OK) {
        err = note_put(s, TABLE_TEXT, cells, 3);
    }
    if (err == OK) {
        *ret_id = id;
    }
    return err;
}

int64_t store_next_id(struct store *s, enum table table)
{
    static const enum statement statements[TABLE_COUNT] = {
        [TABLE_TEXT] = STMT_NEXT_TEXT,
        [TABLE_REGISTER] = STMT_NEXT_REGISTER,
        [TABLE_RELATION] = STMT_NEXT_RELATION,
        [TABLE_CALENDAR_YEAR] = STMT_NEXT_CALENDAR_YEAR,
        [TABLE_REGULATION] = STMT_NEXT_REGULATION,
        [TABLE_NOTICE] = STMT_NEXT_NOTICE,
        [TABLE_MEETING] = STMT_NEXT_MEETING,
        [TABLE_HOOK] = STMT_NEXT_HOOK,
    };
    assert(s->in_transaction && s->mode != STORE_READ &&
           statements[table] != 0);
    if (s->now.next[table] == 0) {
        int64_t last = 0;
        if (rows_number(s, statements[table], NULL, 0, 0, &last) != OK) {
            return 0; /* the transaction is lost: nothing can be put anyway */
        }
        s->now.next[table] = last + 1;
    }
    return s->now.next[table]++;
}

/* -- closing ----------------------------------------------------------------
 */

/* The ticket of the record gets its number, unless ticket_save() has done so:
 * a note, say, may touch no row of the ticket. */
static enum err chain_ticket(struct store *s)
{
    struct open_record *r = &s->record;
    int64_t before = 0;
    struct cell id = cell_int("id", r->facts.ticket);
    enum err err = rows_number(s, STMT_TICKET_SEQ, &id, 1, 0, &before);
    if (err == OK && before != 0) {
        struct cell cells[] = {id, cell_int("seq", r->seq)};
        err = store_put(s, TABLE_TICKET, cells, 2);
    }
    record_chained(s, before);
    return err;
}

static void write_record(struct store *s)
{
    const struct open_record *r = &s->record;
    struct buffer *b = &s->line;
    buffer_clear(b);
    buffer_text(b, "{\"v\":1,\"seq\":");
    buffer_int(b, r->seq);
    buffer_text(b, ",\"at\":");
    buffer_int(b, r->facts.at);
    buffer_text(b, ",\"recorded\":");
    buffer_int(b, r->facts.recorded);
    buffer_text(b, ",\"by\":");
    buffer_json(b, r->by, strlen(r->by));
    buffer_text(b, ",\"method\":");
    buffer_json(b, r->method, strlen(r->method));
    if (r->facts.ticket != 0) {
        buffer_text(b, ",\"ticket\":");
        buffer_int(b, r->facts.ticket);
    }
    if (r->facts.imported) {
        const char *importer =
            r->facts.importer == NULL ? "" : r->facts.importer;
        buffer_text(b, ",\"imported\":");
        buffer_json(b, importer, strlen(importer));
    }
    buffer_text(b, ",\"put\":[");
    buffer_add(b, r->puts.bytes, r->puts.len);
    buffer_text(b, "]}");
}

static enum err append(struct store *s)
{
    const struct open_record *r = &s->record;
    uint8_t hash[HASH_SIZE];
    write_record(s);
    if (s->line.err != OK) {
        s->lost = s->line.err;
        return s->lost;
    }
    journal_hash(s->now.hash, s->line.bytes, s->line.len, hash);
    struct cell cells[] = {
        cell_int("seq", r->seq),
        cell_int_or_null("before", r->before, 0),
        {.type = CELL_TEXT, .bytes = s->line.bytes, .len = s->line.len},
        cell_blob("hash", hash, sizeof hash),
    };
    enum err err = store_run(s, STMT_JOURNAL_ADD, cells, 4);
    if (err == OK) {
        s->now.head = r->seq;
        s->now.recorded = r->facts.recorded;
        memcpy(s->now.hash, hash, sizeof hash);
    }
    return err;
}

enum err store_record_close(struct store *s, int64_t *ret_seq)
{
    struct open_record *r = &s->record;
    assert(r->open);
    enum err err = s->lost;
    if (err == OK && r->n_puts == 0) {
        r->open = false;
        *ret_seq = 0;
        return OK;
    }
    if (err == OK && r->facts.ticket != 0 && !r->chained) {
        err = chain_ticket(s);
    }
    if (err == OK) {
        err = append(s);
    }
    r->open = false;
    if (err == OK) {
        *ret_seq = r->seq;
    }
    return err;
}
