/* From journal records to who did what and said what: see timeline.h. */
#include "daemon/commands/timeline.h"

#include <stdio.h>
#include <string.h>

#include "daemon/commands/result.h"

/* One record being read. */
struct moment {
    struct call *c;
    const struct timeline *of;
    const char *method;
    json_t *record;
    int64_t dispatch;     /* that was made or moved, 0: none */
    bool several;         /* more dispatches than that one */
    int64_t state;        /* of that dispatch afterwards, -1: unchanged */
    int64_t ticket_state; /* -1: unchanged */
    int64_t score;        /* 0: none given */
    json_t *public;       /* what was said: text or NULL */
    json_t *internal;
};

static int64_t member(json_t *row, const char *name, int64_t none)
{
    json_t *value = json_object_get(row, name);
    return json_is_integer(value) ? json_integer_value(value) : none;
}

/* -- texts -------------------------------------------------------------------
 */

/* What is said between offices is not for the enterprise: notes, internal
 * texts, why a unit returned the dispatch and what was decided on it. */
static bool for_officials(const struct moment *m, int64_t purpose)
{
    bool bounce = strcmp(m->method, "ticket.return") == 0 ||
                  strcmp(m->method, "ticket.decide") == 0;
    return purpose == TEXT_INTERNAL || purpose == TEXT_NOTE ||
           (purpose == TEXT_REASON && bounce);
}

static enum err read_text(struct moment *m, int64_t id, json_t **ret)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(m->c->store, STMT_TEXT_BODY, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows) && !rows_null(&rows, 0)) {
        *ret = json_string(rows_text(&rows, 0));
    }
    return rows_end(&rows);
}

static enum err take_text(struct moment *m, json_t *row)
{
    int64_t purpose = member(row, "purpose", TEXT_TITLE);
    bool internal = for_officials(m, purpose);
    if (purpose == TEXT_TITLE || (internal && !m->of->internal)) {
        return OK;
    }
    json_t **place = internal ? &m->internal : &m->public;
    return *place == NULL ? read_text(m, member(row, "id", 0), place) : OK;
}

/* -- effects -----------------------------------------------------------------
 */

static enum err take_effect(struct moment *m, json_t *effect)
{
    const char *table = json_string_value(json_array_get(effect, 0));
    json_t *row = json_array_get(effect, 1);
    if (table == NULL) {
        return ERR_CORRUPT;
    }
    if (strcmp(table, "text") == 0) {
        return take_text(m, row);
    }
    if (strcmp(table, "dispatch") == 0) {
        int64_t n = member(row, "n", 0);
        m->several = m->several || (m->dispatch != 0 && m->dispatch != n);
        m->dispatch = n;
        m->state = member(row, "state", m->state);
    } else if (strcmp(table, "ticket") == 0) {
        m->ticket_state = member(row, "state", m->ticket_state);
        m->score = member(row, "score", 0);
    }
    return OK;
}

static enum err take_effects(struct moment *m)
{
    size_t i;
    json_t *effect;
    enum err err = OK;
    json_array_foreach(json_object_get(m->record, "put"), i, effect)
    {
        if (err == OK) {
            err = take_effect(m, effect);
        }
    }
    return err;
}

/* -- words -------------------------------------------------------------------
 */

/* The event behind a method: its own word, but for the two whose outcome is in
 * their effects. */
static const char *event_word(const struct moment *m)
{
    if (strcmp(m->method, "ticket.decide") == 0) {
        return m->state == DISPATCH_RETURNED ? event_name(EV_RETURN_GRANT)
                                             : event_name(EV_RETURN_REFUSE);
    }
    if (strcmp(m->method, "ticket.review") == 0) {
        return m->ticket_state == TICKET_RESOLVED ? event_name(EV_REVIEW_PASS)
                                                  : event_name(EV_REVIEW_FAIL);
    }
    if (strcmp(m->method, "ticket.return") == 0) {
        return event_name(EV_RETURN_ASK);
    }
    const char *dot = strchr(m->method, '.');
    return dot != NULL && (strncmp(m->method, "ticket.", 7) == 0 ||
                           strncmp(m->method, "clock.", 6) == 0)
               ? dot + 1
               : m->method;
}

static enum err add_name(struct call *c, enum statement statement,
                         const struct cell *binds, int n, json_t *row)
{
    struct rows rows;
    enum err err = rows_begin(c->store, statement, binds, n, &rows);
    if (err != OK) {
        return err;
    }
    row_text(row, rows_next(&rows) ? rows_text(&rows, 0) : NULL);
    return rows_end(&rows);
}

/* NULL where that is nobody's business. */
static const char *account_of(const struct moment *m)
{
    bool rated = strcmp(m->method, "ticket.evaluate") == 0;
    return rated && !m->of->raters
               ? NULL
               : json_string_value(json_object_get(m->record, "by"));
}

static bool is_person(const char *by)
{
    return by != NULL && strcmp(by, "clock") != 0 &&
           strcmp(by, "operator") != 0;
}

static enum err add_who(struct moment *m, json_t *row)
{
    const char *by = account_of(m);
    if (!is_person(by)) {
        row_text(row, by);
        return OK;
    }
    struct cell bind = cell_text("", by);
    return add_name(m->c, STMT_PERSON_NAME, &bind, 1, row);
}

/* The unit that the person spoke for, not the one spoken to. */
static enum err add_unit(struct moment *m, json_t *row)
{
    const char *by = account_of(m);
    const struct command *command = command_find(m->method);
    if (!is_person(by) || command == NULL) {
        row_text(row, NULL);
        return OK;
    }
    struct cell binds[] = {cell_text("", by),
                           cell_int("", member(m->record, "ticket", 0)),
                           cell_int("", command->roles),
                           cell_int("", member(m->record, "seq", 0))};
    return add_name(m->c, STMT_ACTING_UNIT, binds, 4, row);
}

static void add_score(const struct moment *m, json_t *row)
{
    bool rated = strcmp(m->method, "ticket.evaluate") == 0;
    json_array_append_new(row, rated && m->of->raters && m->score > 0
                                   ? json_integer(m->score)
                                   : json_null());
}

/* Which dispatch it was about: lead or co, and to whom unless that is the unit
 * that acts itself. */
static enum err add_dispatch(struct moment *m, json_t *row)
{
    size_t last = json_array_size(row) - 2;
    const char *unit = json_string_value(json_array_get(row, last));
    struct cell binds[] = {cell_int("", member(m->record, "ticket", 0)),
                           cell_int("", m->several ? 0 : m->dispatch)};
    struct rows r;
    enum err err = rows_begin(m->c->store, STMT_DISPATCH_UNIT, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    bool found = rows_next(&r);
    const char *name = found ? rows_text(&r, 0) : NULL;
    bool own = name != NULL && unit != NULL && strcmp(unit, name) == 0;
    row_text(row, !found                             ? NULL
                  : rows_int(&r, 1) == DISPATCH_LEAD ? "lead"
                                                     : "co");
    row_text(row, own ? NULL : name);
    return rows_end(&r);
}

/* -- the chain ---------------------------------------------------------------
 */

static json_t *taken(json_t *text, size_t *budget)
{
    size_t len = text == NULL ? 0 : json_string_length(text);
    if (text == NULL || len > *budget) {
        json_decref(text);
        return json_null();
    }
    *budget -= len;
    return text;
}

static enum err write_moment(struct moment *m, json_t *rows, size_t *budget)
{
    json_t *row = json_array();
    json_array_insert_new(rows, 0, row);
    row_instant(row, member(m->record, "at", INSTANT_NONE));
    enum err err = add_who(m, row);
    if (err == OK) {
        err = add_unit(m, row);
    }
    row_text(row, event_word(m));
    if (err == OK) {
        err = add_dispatch(m, row);
    }
    add_score(m, row);
    json_array_append_new(row, taken(m->public, budget));
    json_array_append_new(row, taken(m->internal, budget));
    row_int(row, member(m->record, "seq", 0));
    m->public = NULL;
    m->internal = NULL;
    return err;
}

static enum err read_moment(struct call *c, const struct timeline *of,
                            const char *text, json_t *rows, size_t *budget)
{
    struct moment m = {.c = c, .of = of, .state = -1, .ticket_state = -1};
    m.record = json_loads(text, 0, NULL);
    m.method = json_string_value(json_object_get(m.record, "method"));
    enum err err = m.method == NULL ? ERR_CORRUPT : take_effects(&m);
    if (err == OK) {
        err = write_moment(&m, rows, budget);
    }
    json_decref(m.public);
    json_decref(m.internal);
    json_decref(m.record);
    return err;
}

enum err timeline_read(struct call *c, const struct timeline *of, json_t **ret)
{
    json_t *table =
        table_new("at who unit event kind to score text internal seq");
    size_t budget = TIMELINE_TEXT_BYTES;
    int64_t seq = of->seq;
    enum err err = OK;
    for (int i = 0; err == OK && seq != 0 && i < TIMELINE_MAX; i++) {
        struct cell bind = cell_int("", seq);
        struct rows rows;
        err = rows_begin(c->store, STMT_JOURNAL_AT, &bind, 1, &rows);
        if (err != OK) {
            break;
        }
        seq = 0;
        if (rows_next(&rows)) {
            seq = rows_int(&rows, 0);
            err = read_moment(c, of, rows_text(&rows, 1), table_rows(table),
                              &budget);
        }
        enum err end = rows_end(&rows);
        err = err == OK ? end : err;
    }
    if (err != OK) {
        json_decref(table);
        return err;
    }
    *ret = table;
    return OK;
}
