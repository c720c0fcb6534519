/* text.redact: what must not stand there goes for good, and the record says who
 * took it out and why. A supervisor's, as corrections are: they have read what
 * they take out, which the administrators have not. */
#include <string.h>

#include "daemon/commands/result.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/store/redact.h"

/* Loads it to see whether the actor sees it; the record is about it. */
static enum err about_ticket(struct call *c, ticket_id id)
{
    struct work w;
    enum err err = work_load(c->store, c->book, id, &w);
    if (err == OK) {
        err = ticket_seen(c, &w);
    }
    if (err == OK) {
        store_record_ticket(c->store, id);
    }
    return err;
}

static enum err redact_record(struct call *c, int64_t *n)
{
    int64_t seq = arg(c, "record")->number;
    ticket_id ticket = 0;
    enum err err = store_record_about(c->store, seq, &ticket);
    if (err == OK && ticket != 0) {
        err = about_ticket(c, ticket);
    }
    if (err == ERR_NOT_FOUND) {
        return refuse(c, err, "record", "", "");
    }
    return err == OK ? store_redact_record(c->store, seq, n) : err;
}

static enum err redact_ticket(struct call *c, int64_t *n)
{
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_seen(c, &w);
    }
    return err == OK ? store_redact_ticket(c->store, w.row.ticket.id, n) : err;
}

enum {
    PERSON_TEXTS_MAX = 64 /* two a version of the entry */
};

/* Every name and phone that was registered under the code. */
static enum err redact_person(struct call *c, int64_t *n)
{
    int64_t texts[PERSON_TEXTS_MAX];
    int count = 0;
    int versions = 0;
    bool living = false;
    struct cell bind = cell_text("", arg_text(c, "person"));
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_PERSON_TEXTS, &bind, 1, &rows);
    while (err == OK && count + 2 <= PERSON_TEXTS_MAX && rows_next(&rows)) {
        texts[count++] = rows_int(&rows, 0);
        texts[count++] = rows_int(&rows, 1);
        living = living || rows_null(&rows, 2);
        versions++;
    }
    enum err end = rows_end(&rows);
    err = err == OK ? end : err;
    if (err == OK && versions == 0) {
        err = refuse(c, ERR_NOT_FOUND, "person", "", "");
    } else if (err == OK && living) {
        err = refuse(c, ERR_BAD_STATE, "person",
                     "a person whose registration has ended",
                     "this one is registered");
    }
    for (int i = 0; err == OK && i < count; i++) {
        err = store_redact_text(c->store, texts[i], n);
    }
    return err;
}

static enum err redact(struct call *c, int64_t *n)
{
    bool record = arg(c, "record")->given;
    bool ticket = arg(c, "ticket")->given;
    bool person = arg(c, "person")->given;
    if (record + ticket + person != 1) {
        return refuse(c, ERR_BAD_PARAM, "record",
                      "exactly one of record, ticket and person", "");
    }
    enum err err = record   ? redact_record(c, n)
                   : ticket ? redact_ticket(c, n)
                            : redact_person(c, n);
    if (err != OK || *n > 0) {
        return err;
    }
    return refuse(c, ERR_NOT_FOUND,
                  record   ? "record"
                  : ticket ? "ticket"
                           : "person",
                  "something that has a text left to redact", "");
}

enum err cmd_text_redact(struct call *c)
{
    int64_t n = 0;
    int64_t reason = 0;
    enum err err = redact(c, &n);
    if (err == OK) {
        err = work_text(c, "reason", TEXT_REASON, &reason);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "redacted", json_integer(n));
    }
    return err;
}
