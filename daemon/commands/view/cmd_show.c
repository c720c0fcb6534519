/* ticket.show: the facts of a ticket, its timeline, every dispatch and what was
 * fired; the rest of its parts are in show_*.c. */
#include <stdlib.h>

#include "daemon/commands/access.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/attachments.h"
#include "daemon/commands/view/show.h"
#include "daemon/commands/view/timeline.h"
#include "daemon/commands/words.h"
#include "daemon/store/registry.h"

static void set_text(json_t *result, const char *name, const char *text)
{
    json_object_set_new(result, name, result_text(text));
}

/* -- facts -------------------------------------------------------------------
 */

static void set_code(struct show *s, const char *name, const char *code)
{
    set_text(s->result, name, code);
    words_add(s->c, s->w.rules.regulation, name, code);
}

static void set_flag(struct show *s, const char *name, uint32_t flag)
{
    bool set = (s->w.row.ticket.flags & flag) != 0;
    json_object_set_new(s->result, name, json_boolean(set));
}

/* Title, text and who is concerned: columns of STMT_SHOW_FACTS. */
static void write_parties(struct show *s, const struct rows *r)
{
    static const struct {
        const char *name;
        bool party; /* tells which enterprise asks */
    } members[] = {{"title", false},     {"text", false},
                   {"enterprise", true}, {"enterprise_code", true},
                   {"chain", true},      {"dispatcher", false}};
    for (int i = 0; i < 6; i++) {
        bool told = s->view.party || !members[i].party;
        set_text(s->result, members[i].name, told ? rows_text(r, i) : NULL);
    }
}

static void write_facts(struct show *s, const struct rows *r)
{
    const struct ticket *t = &s->w.row.ticket;
    json_t *o = s->result;
    json_object_set_new(o, "number", result_number(t->id));
    set_text(o, "ref", s->w.row.ref);
    write_parties(s, r);
    set_code(s, "category", s->w.row.category);
    set_code(s, "urgency", s->w.row.urgency);
    set_code(s, "channel", s->w.row.channel);
    set_text(o, "state", ticket_state_name(t->state));
    set_text(o, "light", light_name(ticket_light(t, s->c->at)));
    json_object_set_new(o, "round", json_integer(t->round));
    json_object_set_new(o, "returns", json_integer(t->returns));
    json_object_set_new(o, "score",
                        t->score == 0 || !s->view.ratings
                            ? json_null()
                            : json_integer(t->score));
    json_object_set_new(o, "filed", result_instant(t->filed));
    set_flag(s, "imported", TICKET_IMPORTED);
    set_flag(s, "special", TICKET_SPECIAL);
    set_flag(s, "confidential", TICKET_CONFIDENTIAL);
    json_object_set_new(o, "regulation", json_integer(s->w.row.regulation));
    json_object_set_new(o, "seq", json_integer(s->w.row.seq));
}

/* The unit complained of is no other unit's business. */
static enum err against(struct show *s)
{
    register_id unit = s->w.row.ticket.against;
    struct entry entry = {.id = 0};
    enum err err = OK;
    if (unit != 0 && s->view.ratings) {
        err = registry_by_id(s->c->store, unit, &entry);
    }
    set_text(s->result, "against", entry.id == 0 ? NULL : entry.name);
    return err;
}

static enum err parent(struct show *s)
{
    ticket_id id = s->w.row.ticket.parent;
    bool sees = false;
    enum err err = id == 0 ? OK : access_sees(s->c, id, &sees);
    json_object_set_new(s->result, "parent",
                        sees ? result_number(id) : json_null());
    return err;
}

static enum err facts(struct show *s)
{
    struct cell bind = cell_int("", s->w.row.ticket.id);
    struct rows rows;
    enum err err = rows_begin(s->c->store, STMT_SHOW_FACTS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows)) {
        write_facts(s, &rows);
    }
    err = rows_end(&rows);
    if (err == OK) {
        err = against(s);
    }
    return err == OK ? parent(s) : err;
}

/* -- dispatches --------------------------------------------------------------
 */

/* Asked for and undecided. */
static void row_extension(json_t *row, const struct rows *r)
{
    char text[LIMIT_TEXT_SIZE];
    struct limit asked = rows_limit(r, 12);
    row_text(row, asked.unit == LIMIT_NONE ? NULL : limit_format(asked, text));
}

static void write_dispatch(json_t *table, const struct rows *r)
{
    json_t *row = table_row(table);
    row_int(row, rows_int(r, 0));
    row_text(row, rows_text(r, 1));
    row_text(row, rows_int(r, 2) == DISPATCH_LEAD ? "lead" : "co");
    row_text(row, dispatch_state_name((enum dispatch_state)rows_enum(
                      r, 3, DISPATCH_STATE_COUNT)));
    for (int i = 4; i <= 8; i++) {
        row_instant(row, rows_int_or(r, i, INSTANT_NONE));
    }
    row_text(row, rows_text(r, 9));
    row_text(row, rows_text(r, 10));
    row_int(row, rows_int(r, 11));
    row_extension(row, r);
}

static enum err dispatches(struct show *s)
{
    json_t *table =
        table_new("n unit kind state sent accepted return_asked "
                  "return_decided done measure handler extensions extension");
    json_object_set_new(s->result, "dispatches", table);
    struct cell bind = cell_int("", s->w.row.ticket.id);
    struct rows rows;
    enum err err =
        rows_begin(s->c->store, STMT_SHOW_DISPATCHES, &bind, 1, &rows);
    while (err == OK && rows_next(&rows)) {
        write_dispatch(table, &rows);
    }
    return err == OK ? rows_end(&rows) : err;
}

static enum err escalations(struct show *s)
{
    json_t *table = table_new("at clock does late_s seq");
    json_object_set_new(s->result, "escalations", table);
    struct cell bind = cell_int("", s->w.row.ticket.id);
    struct rows r;
    enum err err = rows_begin(s->c->store, STMT_SHOW_ESCALATIONS, &bind, 1, &r);
    while (err == OK && rows_next(&r)) {
        json_t *row = table_row(table);
        row_instant(row, rows_int(&r, 0));
        row_text(row, clock_kind_name(
                          (enum clock_kind)rows_enum(&r, 1, CLOCK_KIND_COUNT)));
        row_text(row, word_does(rows_int(&r, 2)));
        row_int(row, rows_int(&r, 3));
        row_int(row, rows_int(&r, 4));
    }
    return err == OK ? rows_end(&r) : err;
}

static enum err attached(struct show *s)
{
    json_t *table = NULL;
    enum err err =
        attachments_table(s->c, s->w.row.ticket.id, &s->view, &table);
    json_object_set_new(s->result, "attachments",
                        table == NULL ? json_null() : table);
    return err;
}

static enum err history(struct show *s)
{
    json_t *table = NULL;
    json_t *plan = NULL;
    enum err err = timeline_read(s->c, s->w.row.seq, &s->view, &table, &plan);
    if (err == OK) {
        json_object_set_new(s->result, "timeline", table);
        json_object_set_new(s->result, "plan",
                            plan == NULL ? json_null() : plan);
    }
    return err;
}

static enum err show(struct show *s)
{
    static enum err (*const parts[])(struct show *) = {
        facts,    show_spans, show_people, history,
        attached, dispatches, show_clocks, escalations};
    enum err err = work_begin(s->c, &s->w);
    if (err == OK) {
        err = ticket_seen(s->c, &s->w);
    }
    if (err == OK) {
        err = ticket_view(s->c, &s->w.row.ticket, &s->view);
    }
    for (size_t i = 0; err == OK && i < sizeof parts / sizeof parts[0]; i++) {
        err = parts[i](s);
    }
    return err;
}

enum err cmd_ticket_show(struct call *c)
{
    struct show *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return ERR_NO_MEMORY;
    }
    s->c = c;
    c->result = json_object();
    s->result = c->result;
    enum err err = show(s);
    free(s);
    return err;
}
