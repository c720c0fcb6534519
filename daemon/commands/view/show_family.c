/* Parts of a split, and the ticket that goes on: see show_family.h. */
#include "daemon/commands/view/show_family.h"

#include <stdlib.h>

#include "daemon/commands/access.h"
#include "daemon/commands/result.h"
#include "daemon/commands/view/moment.h"

enum {
    PARTS_SHOWN = 100,
    MERGERS_MAX = 100,              /* one into the next */
    ANSWERS_TEXT_BYTES = 128 * 1024 /* of one reply; an older is left out */
};

/* -- parts -------------------------------------------------------------------
 */

static enum err write_part(struct show *s, json_t *table, const struct rows *r,
                           struct ticket_row *part)
{
    bool sees = false;
    ticket_id id = rows_int(r, 0);
    enum err err = access_sees(s->c, id, &sees);
    if (err == OK && sees) {
        err = ticket_load(s->c->store, id, part);
    }
    if (err == OK && sees && !ticket_ok(&part->ticket)) {
        err = ERR_CORRUPT;
    }
    if (err != OK || !sees) {
        return err;
    }
    json_t *row = table_row(table);
    row_number(row, id);
    row_text(row, rows_text(r, 1));
    row_text(row, ticket_state_name(part->ticket.state));
    row_text(row, light_name(ticket_light(&part->ticket, s->c->at)));
    return OK;
}

static enum err parts(struct show *s)
{
    json_t *table = table_new("number title state light");
    json_object_set_new(s->result, "parts", table);
    if ((s->w.row.ticket.flags & TICKET_PARENT) == 0) {
        return OK;
    }
    struct ticket_row *part = malloc(sizeof *part);
    if (part == NULL) {
        return ERR_NO_MEMORY;
    }
    struct cell binds[] = {cell_int("", s->w.row.ticket.id),
                           cell_int("", PARTS_SHOWN)};
    struct rows rows;
    enum err err = rows_begin(s->c->store, STMT_SHOW_PARTS, binds, 2, &rows);
    if (err == OK) {
        while (err == OK && rows_next(&rows)) {
            err = write_part(s, table, &rows, part);
        }
        enum err end = rows_end(&rows);
        err = err == OK ? end : err;
    }
    free(part);
    return err;
}

/* -- the ticket that goes on -------------------------------------------------
 */

/* What was merged may have been merged on. *ret_seq is its latest record. */
static enum err goes_on(struct call *c, ticket_id id, int64_t *ret_seq)
{
    enum err err = OK;
    for (int i = 0; err == OK && id != 0 && i < MERGERS_MAX; i++) {
        struct cell bind = cell_int("", id);
        struct rows rows;
        err = rows_begin(c->store, STMT_MERGED_ON, &bind, 1, &rows);
        if (err != OK) {
            break;
        }
        id = 0;
        if (rows_next(&rows)) {
            id = rows_int(&rows, 0);
            *ret_seq = rows_int(&rows, 1);
        }
        err = rows_end(&rows);
    }
    return err;
}

struct answers {
    struct call *c;
    json_t *rows;
    size_t budget;
};

static enum err add_answer(struct answers *a, const struct moment *m,
                           int64_t text)
{
    json_t *body = NULL;
    enum err err = moment_body(a->c, text, &body);
    size_t len = body == NULL ? 0 : json_string_length(body);
    if (err != OK || body == NULL || len > a->budget) {
        json_decref(body);
        return err;
    }
    a->budget -= len;
    json_t *row = json_array();
    json_array_insert_new(a->rows, 0, row);
    row_instant(row, m->at);
    json_array_append_new(row, body);
    return OK;
}

/* The latest comes first; each is put before those that came later. */
static enum err take_answers(const struct moment *m, void *user)
{
    enum err err = OK;
    for (int i = 0; err == OK && i < m->n_texts; i++) {
        if (m->texts[i].purpose == TEXT_PUBLIC) {
            err = add_answer(user, m, m->texts[i].id);
        }
    }
    return err;
}

enum err family_merged(struct call *c, const struct ticket *t, json_t *result)
{
    struct reading into = {.sees = false};
    struct reading own = {.party = false};
    int64_t seq = 0;
    enum err err =
        t->merged_into == 0 ? OK : access_reading(c, t->merged_into, &into);
    if (err == OK && t->merged_into != 0) {
        err = access_reading(c, t->id, &own);
    }
    json_object_set_new(result, "merged_into",
                        into.sees ? result_number(t->merged_into)
                                  : json_null());
    if (err != OK || (!into.sees && !own.party)) {
        return err;
    }
    json_t *table = table_new("at text");
    json_object_set_new(result, "answers", table);
    struct answers a = {c, table_rows(table), ANSWERS_TEXT_BYTES};
    err = goes_on(c, t->merged_into, &seq);
    return err == OK && seq != 0 ? moments(c, seq, take_answers, &a) : err;
}

enum err show_family(struct show *s)
{
    enum err err = parts(s);
    return err == OK ? family_merged(s->c, &s->w.row.ticket, s->result) : err;
}
