/* meeting.show: the minutes of a joint meeting. What was said stands in the
 * records of the meeting, what was decided in the rows that they wrote; both
 * are read as they were then, whatever has become of the ticket since. */
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/meeting/meeting.h"
#include "daemon/commands/result.h"

enum {
    MINUTES_TEXT_BYTES = 512 * 1024 /* of one reply; a later text is left out */
};

struct minutes {
    struct call *c;
    json_t *result;
    struct cell binds[2]; /* of all: the reader, the meeting */
    size_t budget;
};

static json_t *taken(struct minutes *m, const char *text, size_t len)
{
    if (text == NULL || len == 0 || len > m->budget) {
        return json_null();
    }
    m->budget -= len;
    return json_stringn(text, len);
}

/* -- head --------------------------------------------------------------------
 */

static void write_head(struct minutes *m, const struct rows *r)
{
    json_t *o = m->result;
    json_object_set_new(o, "meeting", json_integer(rows_int(r, 0)));
    json_object_set_new(o, "title", result_text(rows_text(r, 1)));
    json_object_set_new(o, "at", result_instant(rows_int(r, 2)));
    json_object_set_new(o, "place", result_text(rows_text(r, 3)));
    json_object_set_new(o, "office", result_text(rows_text(r, 4)));
    json_object_set_new(o, "closed",
                        result_instant(rows_int_or(r, 5, INSTANT_NONE)));
    json_object_set_new(o, "minutes", result_text(rows_text(r, 6)));
    json_object_set_new(o, "ref", result_text(rows_text(r, 7)));
}

static enum err head(struct minutes *m)
{
    struct rows rows;
    enum err err =
        rows_begin(m->c->store, STMT_MEETING_SHOW, m->binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&rows);
    if (there) {
        write_head(m, &rows);
    }
    err = rows_end(&rows);
    return err != OK || there ? err
                              : refuse(m->c, ERR_NOT_FOUND, "meeting", "", "");
}

static enum err participants(struct minutes *m)
{
    json_t *table = table_new("unit code");
    json_object_set_new(m->result, "participants", table);
    struct rows rows;
    enum err err = rows_begin(m->c->store, STMT_MEETING_PARTICIPANTS,
                              &m->binds[1], 1, &rows);
    while (err == OK && rows_next(&rows)) {
        json_t *row = table_row(table);
        row_text(row, rows_text(&rows, 0));
        row_text(row, rows_text(&rows, 1));
    }
    return err == OK ? rows_end(&rows) : err;
}

/* -- what was said -----------------------------------------------------------
 */

/* The text of that purpose among a record's effects; 0: none. */
static int64_t text_in(json_t *record, enum text_purpose purpose)
{
    size_t i;
    json_t *effect;
    json_array_foreach(json_object_get(record, "put"), i, effect)
    {
        json_t *row = json_array_get(effect, 1);
        json_t *of = json_object_get(row, "purpose");
        if (json_is_integer(of) && json_integer_value(of) == (int)purpose) {
            return json_integer_value(json_object_get(row, "id"));
        }
    }
    return 0;
}

static enum err find_said(struct minutes *m, int64_t seq, int64_t *ret_text)
{
    struct cell bind = cell_int("", seq);
    struct rows rows;
    *ret_text = 0;
    enum err err = rows_begin(m->c->store, STMT_JOURNAL_AT, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows)) {
        json_t *record = json_loads(rows_text(&rows, 1), 0, NULL);
        *ret_text = text_in(record, TEXT_MEETING);
        json_decref(record);
    }
    return rows_end(&rows);
}

/* What was said in the record `seq` (0: nothing), as the row's next cell. */
static enum err add_said(struct minutes *m, int64_t seq, json_t *row)
{
    int64_t text = 0;
    enum err err = seq == 0 ? OK : find_said(m, seq, &text);
    if (err != OK || text == 0) {
        json_array_append_new(row, json_null());
        return err;
    }
    struct cell bind = cell_int("", text);
    struct rows rows;
    err = rows_begin(m->c->store, STMT_TEXT_BODY, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    const char *body = rows_next(&rows) ? rows_text(&rows, 0) : "";
    json_array_append_new(row, taken(m, body, strlen(body)));
    return rows_end(&rows);
}

/* -- what was decided --------------------------------------------------------
 */

/* Columns of STMT_MEETING_ITEMS. */
struct item {
    ticket_id ticket;
    int64_t from_seq;
    int64_t decision; /* enum event_type, -1: none */
    int64_t decided_seq;
    enum ticket_state state;
};

/* "withdrawn": it ended before anything was decided. */
static const char *decision_word(const struct item *item)
{
    if (item->decision >= 0) {
        return event_name((enum event_type)item->decision);
    }
    return item->state == TICKET_MEETING ? NULL
                                         : ticket_state_name(item->state);
}

/* The part that a split filed: in the record after that of the decision. */
static enum err find_part(struct minutes *m, const struct item *item,
                          ticket_id *ret)
{
    struct cell binds[] = {cell_int("", item->ticket),
                           cell_int("", item->decided_seq + 1)};
    struct rows rows;
    *ret = 0;
    if (item->decision != EV_MEET_SPLIT) {
        return OK;
    }
    enum err err = rows_begin(m->c->store, STMT_MEETING_PART, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    *ret = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    return rows_end(&rows);
}

/* Adds unit, due and measure: of the dispatch that the decision made (that of a
 * part is sent in the record after its filing), of the clock that it moved. */
static enum err add_promise(struct minutes *m, const struct item *item,
                            ticket_id part, json_t *row)
{
    bool extends = item->decision == EV_MEET_EXTEND;
    struct cell binds[] = {
        cell_int("", part != 0 ? part : item->ticket),
        cell_int("", part != 0 ? item->decided_seq + 2 : item->decided_seq)};
    struct rows rows;
    enum err err = rows_begin(
        m->c->store, extends ? STMT_MEETING_EXTENDED : STMT_MEETING_DISPATCHED,
        binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&rows);
    const char *measure = there ? rows_text(&rows, 2) : "";
    row_text(row, there ? rows_text(&rows, 0) : NULL);
    row_instant(row,
                there ? rows_int_or(&rows, 1, INSTANT_NONE) : INSTANT_NONE);
    json_array_append_new(row, taken(m, measure, strlen(measure)));
    return rows_end(&rows);
}

/* How it came before the meeting: by the rules, else by hand. */
static void add_why(struct minutes *m, const struct rows *r, json_t *row)
{
    char why[WHY_SIZE];
    struct stuck stuck = {.regulation = rows_int(r, 7),
                          .round = rows_int(r, 8),
                          .returns = rows_int(r, 9),
                          .overdue = rows_int(r, 10) != 0};
    meeting_why(m->c, &stuck, why);
    row_text(row, why[0] == '\0' ? "hand" : why);
}

static enum err write_item(struct minutes *m, json_t *table,
                           const struct rows *r)
{
    struct item item = {
        .ticket = rows_int(r, 0),
        .from_seq = rows_int(r, 2),
        .decision = rows_int_or(r, 4, -1),
        .decided_seq = rows_int_or(r, 5, 0),
        .state = (enum ticket_state)rows_enum(r, 6, TICKET_STATE_COUNT)};
    ticket_id part = 0;
    json_t *row = table_row(table);
    row_number(row, item.ticket);
    row_text(row, rows_text(r, 1));
    add_why(m, r, row);
    enum err err = add_said(m, item.from_seq, row);
    row_text(row, decision_word(&item));
    row_instant(row, rows_int_or(r, 3, INSTANT_NONE));
    if (err == OK) {
        err = find_part(m, &item, &part);
    }
    json_array_append_new(row, part == 0 ? json_null() : result_number(part));
    if (err == OK) {
        err = add_promise(m, &item, part, row);
    }
    return err == OK ? add_said(m, item.decided_seq, row) : err;
}

static enum err items(struct minutes *m)
{
    json_t *table =
        table_new("number title why reason decision decided new_ticket "
                  "unit due measure text");
    json_object_set_new(m->result, "items", table);
    struct rows rows;
    enum err err =
        rows_begin(m->c->store, STMT_MEETING_ITEMS, m->binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = write_item(m, table, &rows);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

enum err cmd_meeting_show(struct call *c)
{
    c->result = json_object();
    struct minutes m = {.c = c,
                        .result = c->result,
                        .binds = {access_bind(c), cell_int("", 0)},
                        .budget = MINUTES_TEXT_BYTES};
    enum err err = meeting_number(c, &m.binds[1].number);
    if (err == OK) {
        err = head(&m);
    }
    if (err == OK) {
        err = participants(&m);
    }
    return err == OK ? items(&m) : err;
}
