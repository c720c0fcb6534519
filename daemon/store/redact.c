/* Taking texts out for good: see redact.h. */
#include "daemon/store/redact.h"

#include <assert.h>
#include <string.h>

#include "daemon/store/effects.h"
#include "daemon/store/internal.h"

/* What a record has to do with texts. */
struct said {
    int64_t before; /* its ticket's record before it, 0: none */
    ticket_id ticket;
    bool redacts; /* it is a redaction itself */
    int n;
    int64_t texts[RECORD_TEXTS_MAX]; /* that it made */
};

/* NULL if the put does not name it. */
static const struct cell *named(const struct put_effect *put,
                                const char *column)
{
    for (int i = 0; i < put->n; i++) {
        if (strcmp(put->cells[i].column, column) == 0) {
            return &put->cells[i];
        }
    }
    return NULL;
}

/* Who is registered keeps their name; it goes by the person, not by the record
 * that said it. */
static bool of_person(const struct put_effect *put)
{
    const struct cell *purpose = named(put, "purpose");
    return purpose != NULL &&
           (purpose->number == TEXT_NAME || purpose->number == TEXT_PHONE);
}

static enum err read_effects(struct effects *e, struct said *ret)
{
    struct put_effect put;
    bool there = true;
    enum err err = OK;
    while (err == OK && there) {
        err = effects_next(e, &put, &there);
        if (err != OK || !there || put.table != TABLE_TEXT || of_person(&put)) {
            continue;
        }
        if (named(&put, "digest") == NULL) {
            ret->redacts = true;
        } else if (ret->n == RECORD_TEXTS_MAX) {
            err = ERR_LIMIT;
        } else {
            ret->texts[ret->n++] = put.cells[0].number;
        }
    }
    return err;
}

static enum err read_record(struct store *s, int64_t seq, struct said *ret)
{
    struct cell bind = cell_int("", seq);
    struct effects effects = {.room = NULL};
    struct rows rows;
    *ret = (struct said){.n = 0};
    enum err err = rows_begin(s, STMT_JOURNAL_AT, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows)) {
        const char *record = rows_text(&rows, 1);
        ret->before = rows_int(&rows, 0);
        err = effects_begin(&effects, s->putter.tables, record, strlen(record));
        if (err == OK) {
            ret->ticket = effects.ticket;
            err = read_effects(&effects, ret);
        }
    } else {
        err = ERR_NOT_FOUND;
    }
    effects_done(&effects);
    enum err end = rows_end(&rows);
    return end == OK ? err : end;
}

enum err store_record_about(struct store *s, int64_t seq, ticket_id *ret)
{
    struct said said;
    enum err err = read_record(s, seq, &said);
    if (err == OK) {
        *ret = said.ticket;
    }
    return err;
}

/* The row gets no longer by this, so it stays on its page: nothing is copied
 * that secure_delete would not see. */
enum err store_redact_text(struct store *s, int64_t id, int64_t *ret_n)
{
    struct cell cells[] = {cell_int("id", id), cell_text("", TEXT_REDACTED)};
    int64_t there = 0;
    assert(s->record.open);
    enum err err = rows_number(s, STMT_TEXT_STANDS, cells, 1, 0, &there);
    if (err != OK || there == 0) {
        return err;
    }
    err = store_run(s, STMT_TEXT_REDACT, cells, 2);
    if (err == OK) {
        cells[1] = cell_int("redacted_seq", s->record.seq);
        err = record_put(s, TABLE_TEXT, cells, 2);
    }
    if (err == OK) {
        s->wipe = true;
        (*ret_n)++;
    }
    return err;
}

static enum err redact_all(struct store *s, const struct said *said,
                           int64_t *ret_n)
{
    enum err err = OK;
    for (int i = 0; err == OK && i < said->n; i++) {
        err = store_redact_text(s, said->texts[i], ret_n);
    }
    return err;
}

enum err store_redact_record(struct store *s, int64_t seq, int64_t *ret_n)
{
    struct said said;
    enum err err = read_record(s, seq, &said);
    return err == OK ? redact_all(s, &said, ret_n) : err;
}

enum err store_redact_ticket(struct store *s, ticket_id ticket, int64_t *ret_n)
{
    struct cell bind = cell_int("", ticket);
    struct said said;
    int64_t seq = 0;
    enum err err = rows_number(s, STMT_TICKET_SEQ, &bind, 1, 0, &seq);
    while (err == OK && seq != 0) {
        err = read_record(s, seq, &said);
        if (err == OK && !said.redacts) {
            err = redact_all(s, &said, ret_n);
        }
        seq = said.before;
    }
    return err;
}
