/* ticket.progress: how far a ticket is, a line a step. It is the enterprise's
 * view and holds nothing that is not public; the sentence is made in the
 * client. Steps that nobody outside cares for (notes, assignments, what offices
 * ask of each other, the clock's warnings) are left out. */
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/apply.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/commands/view/moment.h"
#include "daemon/commands/view/show_family.h"

/* A step and what its line says beside it. */
struct plain {
    enum event_type event;
    enum clock_kind due;    /* what falls due next; CLOCK_KIND_COUNT: nothing */
    bool unit;              /* which unit it is about */
    enum text_purpose text; /* TEXT_PURPOSE_COUNT: nothing */
};

#define NO_DUE CLOCK_KIND_COUNT
#define NO_TEXT TEXT_PURPOSE_COUNT

/* clang-format off */
static const struct plain steps[] = {
    {EV_FILE,            NO_DUE,           false, NO_TEXT},
    {EV_SUPPLEMENT_ASK,  CLOCK_SUPPLEMENT, false, TEXT_REASON},
    {EV_SUPPLEMENT_GIVE, NO_DUE,           false, NO_TEXT},
    {EV_DECLINE,         NO_DUE,           false, TEXT_REASON},
    {EV_APPEAL,          NO_DUE,           false, NO_TEXT},
    {EV_APPEAL_GRANT,    NO_DUE,           false, TEXT_REASON},
    {EV_APPEAL_REFUSE,   NO_DUE,           false, TEXT_REASON},
    {EV_DISPATCH,        CLOCK_FINISH,     true,  TEXT_MEASURE},
    {EV_TRANSFER,        CLOCK_FINISH,     true,  NO_TEXT},
    {EV_ACCEPT,          NO_DUE,           true,  NO_TEXT},
    {EV_RETURN_GRANT,    NO_DUE,           true,  NO_TEXT},
    {EV_RECALL,          NO_DUE,           true,  NO_TEXT},
    {EV_CONTACT,         NO_DUE,           true,  NO_TEXT},
    {EV_ANSWER,          NO_DUE,           true,  TEXT_PUBLIC},
    {EV_EXTEND_GRANT,    CLOCK_FINISH,     true,  NO_TEXT},
    {EV_SUSPEND,         CLOCK_SUSPENSION, false, TEXT_REASON},
    {EV_RESUME,          CLOCK_FINISH,     false, TEXT_REASON},
    {EV_URGE,            NO_DUE,           false, TEXT_REASON},
    {EV_MEET,            NO_DUE,           false, NO_TEXT},
    {EV_MEET_DISPATCH,   CLOCK_FINISH,     true,  TEXT_MEASURE},
    {EV_MEET_EXTEND,     CLOCK_FINISH,     false, NO_TEXT},
    {EV_MEET_SPLIT,      NO_DUE,           false, NO_TEXT},
    {EV_MEET_RESOLVE,    CLOCK_EVALUATE,   true,  TEXT_PUBLIC},
    {EV_SPLIT,           NO_DUE,           false, NO_TEXT},
    {EV_RESOLVE,         CLOCK_EVALUATE,   true,  TEXT_PUBLIC},
    {EV_REVIEW_PASS,     CLOCK_EVALUATE,   false, NO_TEXT},
    {EV_EVALUATE,        CLOCK_REWORK,     false, NO_TEXT},
    {EV_SILENCE,         NO_DUE,           false, NO_TEXT},
    {EV_REWORK,          CLOCK_REWORK,     false, TEXT_REASON},
    {EV_WITHDRAW,        NO_DUE,           false, NO_TEXT},
    {EV_MERGE,           NO_DUE,           false, NO_TEXT},
    {EV_ARCHIVE,         NO_DUE,           false, NO_TEXT},
};
/* clang-format on */

struct progress {
    struct call *c;
    json_t *table;
    json_t *passed; /* the line of a review passed that waits for the answer it
                       was about; borrowed */
};

enum {
    COLUMN_UNIT = 2,
    COLUMN_TEXT = 4
};

static const struct plain *plain_of(const struct moment *m)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (moment_is(m, steps[i].event)) {
            return &steps[i];
        }
    }
    return NULL;
}

/* What goes back to the office, or is finished, is told of the lead: then the
 * ticket's state changes. An urging is told if it came from outside. */
static enum err told(struct progress *p, const struct moment *m,
                     const struct plain *step, bool *ret)
{
    struct acting acting;
    enum err err = OK;
    *ret = true;
    switch (step->event) {
    case EV_RETURN_GRANT:
    case EV_RECALL:
        *ret = m->ticket_state == TICKET_FILED;
        break;
    case EV_RESOLVE:
        *ret = m->ticket_state == TICKET_RESOLVED;
        break;
    case EV_URGE:
        err = moment_acting(p->c, m, &acting);
        *ret = acting.role == ROLE_ENTERPRISE || acting.role == ROLE_GUIDE;
        break;
    default:
        break;
    }
    return err;
}

/* The unit of the dispatch that was moved; of a step that moved none (a second
 * answer) the one that made it. New reference. */
static enum err unit_of(struct progress *p, const struct moment *m,
                        json_t **ret)
{
    struct cell binds[] = {cell_int("", m->ticket), cell_int("", m->dispatch)};
    struct acting acting = {.role = ROLE_COUNT};
    struct rows r;
    enum err err = m->dispatch != 0 ? OK : moment_acting(p->c, m, &acting);
    if (err == OK) {
        err = rows_begin(p->c->store, STMT_DISPATCH_UNIT, binds, 2, &r);
    }
    if (err != OK) {
        return err;
    }
    bool worker = acting.role == ROLE_HEAD || acting.role == ROLE_HANDLER;
    *ret = result_text(rows_next(&r) ? rows_text(&r, 0)
                       : worker      ? acting.unit
                                     : NULL);
    return rows_end(&r);
}

/* The public text of that purpose, or null. New reference. */
static enum err public_text(struct progress *p, const struct moment *m,
                            enum text_purpose purpose, json_t **ret)
{
    enum err err = OK;
    *ret = NULL;
    for (int i = 0; err == OK && *ret == NULL && i < m->n_texts; i++) {
        enum text_purpose is = m->texts[i].purpose;
        if (is == purpose && moment_audience(m, is) == AUDIENCE_ALL) {
            err = moment_body(p->c, m->texts[i].id, ret);
        }
    }
    if (*ret == NULL) {
        *ret = json_null();
    }
    return err;
}

/* In a later round the limit of an extension is that of the rework. */
static instant due_of(const struct moment *m, const struct plain *step)
{
    if (step->due == NO_DUE) {
        return INSTANT_NONE;
    }
    instant due = m->dues[step->due];
    return due == INSTANT_NONE && step->due == CLOCK_FINISH
               ? m->dues[CLOCK_REWORK]
               : due;
}

static enum err write_step(struct progress *p, const struct moment *m,
                           const struct plain *step)
{
    json_t *row = json_array();
    json_t *text = NULL;
    bool passed = step->event == EV_REVIEW_PASS;
    json_array_insert_new(table_rows(p->table), 0, row);
    row_instant(row, m->at);
    row_text(row, event_name(passed ? EV_RESOLVE : step->event));
    json_t *unit = NULL;
    enum err err = step->unit ? unit_of(p, m, &unit) : OK;
    json_array_append_new(row, unit == NULL ? json_null() : unit);
    row_instant(row, due_of(m, step));
    if (err == OK) {
        err = public_text(p, m, step->text, &text);
    }
    json_array_append_new(row, text);
    if (passed) {
        p->passed = row;
    }
    return err;
}

/* Whose answer it was that a review was about, older than the review. */
static enum err reviewed(struct progress *p, const struct moment *m)
{
    json_t *unit = NULL;
    json_t *text = NULL;
    if (p->passed == NULL || m->ticket_state != TICKET_REVIEW) {
        return OK;
    }
    enum err err = unit_of(p, m, &unit);
    if (err == OK) {
        err = public_text(p, m, TEXT_PUBLIC, &text);
    }
    if (err == OK) {
        json_array_set_new(p->passed, COLUMN_UNIT, unit);
        json_array_set_new(p->passed, COLUMN_TEXT, text);
    } else {
        json_decref(unit);
        json_decref(text);
    }
    p->passed = NULL;
    return err;
}

static enum err add_moment(const struct moment *m, void *user)
{
    struct progress *p = user;
    const struct plain *step = plain_of(m);
    bool tell = false;
    enum err err = reviewed(p, m);
    if (err == OK && step != NULL) {
        err = told(p, m, step, &tell);
    }
    return err == OK && tell ? write_step(p, m, step) : err;
}

/* Title and state, so that the lines need no other command. */
static enum err head(struct call *c, const struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    json_t *title = NULL;
    enum err err = moment_body(c, w->row.title_text, &title);
    json_object_set_new(c->result, "number", result_number(t->id));
    json_object_set_new(c->result, "title",
                        title == NULL ? json_null() : title);
    json_object_set_new(c->result, "state",
                        json_string(ticket_state_name(t->state)));
    return err;
}

enum err cmd_ticket_progress(struct call *c)
{
    struct progress p = {.c = c};
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_seen(c, &w);
    }
    c->result = json_object();
    if (err == OK) {
        err = head(c, &w);
    }
    if (err == OK) {
        err = family_merged(c, &w.row.ticket, c->result);
    }
    p.table = table_new("at step unit due text");
    json_object_set_new(c->result, "steps", p.table);
    return err == OK ? moments(c, w.row.seq, add_moment, &p) : err;
}
