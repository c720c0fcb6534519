/* From a ticket's moments to who did what and said what: see timeline.h. */
#include "daemon/commands/view/timeline.h"

#include <stdio.h>
#include <string.h>

#include "daemon/commands/names.h"
#include "daemon/commands/result.h"
#include "daemon/commands/view/moment.h"
#include "daemon/store/registry.h"

struct timeline {
    struct call *c;
    const struct view *view;
    json_t *table;
    json_t *plan;
    json_t *unsaid; /* rows whose score an older record says */
    size_t budget;  /* bytes of text that still fit */
};

enum {
    COLUMN_SCORE = 6
};
static const char columns[] =
    "at who unit event kind to score text internal seq for";

/* -- texts -------------------------------------------------------------------
 */

struct words {
    json_t *public;
    json_t *internal;
};

/* Where the reader finds a text, NULL: nowhere. */
static json_t **place(const struct timeline *t, const struct moment *m,
                      enum text_purpose purpose, struct words *words)
{
    switch (moment_audience(m, purpose)) {
    case AUDIENCE_ALL:
        return &words->public;
    case AUDIENCE_RATERS:
        return t->view->ratings ? &words->public : NULL;
    case AUDIENCE_PARTY:
        return t->view->party ? &words->public : NULL;
    case AUDIENCE_OFFICIALS:
        return t->view->internal ? &words->internal : NULL;
    case AUDIENCE_NONE:
        break;
    }
    return NULL;
}

static enum err read_words(struct timeline *t, const struct moment *m,
                           struct words *words)
{
    enum err err = OK;
    for (int i = 0; err == OK && i < m->n_texts; i++) {
        json_t **at = place(t, m, m->texts[i].purpose, words);
        if (at != NULL && *at == NULL) {
            err = moment_body(t->c, m->texts[i].id, at);
        }
        bool planned = at != NULL && m->texts[i].purpose == TEXT_PLAN;
        if (planned && t->plan == NULL) {
            t->plan = json_incref(*at);
        }
    }
    return err;
}

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

/* -- who ---------------------------------------------------------------------
 */

/* Nobody's business: who rated, to the units that were rated; and of a
 * confidential ticket who spoke for the enterprise. */
static bool hidden(const struct timeline *t, const struct moment *m,
                   const struct acting *acting)
{
    bool rates = moment_is(m, EV_EVALUATE) || moment_is(m, EV_COMMENT);
    bool party = acting->role == ROLE_ENTERPRISE ||
                 acting->role == ROLE_GUIDE || moment_is(m, EV_FILE);
    return (rates && !t->view->ratings) || (party && !t->view->party);
}

static enum err add_name(struct timeline *t, const struct moment *m,
                         json_t *row)
{
    struct cell bind = cell_text("", m->by);
    struct rows rows;
    char name[NAME_SIZE] = "";
    enum err err = rows_begin(t->c->store, STMT_PERSON_NAME, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows)) {
        snprintf(name, sizeof name, "%s", rows_text(&rows, 0));
        err = name_shown(t->c, m->ticket, t->view->internal, rows_int(&rows, 1),
                         name);
    }
    row_text(row, name[0] == '\0' ? NULL : name);
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* Who acted, and who is away whose post was used. */
static enum err add_person(struct timeline *t, const struct moment *m,
                           struct acting *acting, json_t *row)
{
    bool all = t->view->internal || acting->role == ROLE_ENTERPRISE ||
               acting->role == ROLE_GUIDE;
    enum err err = name_shown(t->c, m->ticket, all, 0, acting->away);
    return err == OK ? add_name(t, m, row) : err;
}

/* Person and unit that they spoke for, not the one spoken to. */
static enum err add_who(struct timeline *t, const struct moment *m,
                        struct acting *acting, json_t *row)
{
    enum err err = moment_acting(t->c, m, acting);
    bool person = strcmp(m->by, "clock") != 0 && strcmp(m->by, "operator") != 0;
    if (err != OK) {
        return err;
    }
    if (hidden(t, m, acting)) {
        acting->unit[0] = '\0';
        acting->away[0] = '\0';
        row_text(row, NULL);
    } else if (person) {
        err = add_person(t, m, acting, row);
    } else {
        row_text(row, m->by);
    }
    row_text(row, acting->unit);
    return err;
}

/* Which dispatch it was about: lead or co, and to whom, unless that is the unit
 * that acts itself; of an assignment, to which person. */
static enum err add_dispatch(struct timeline *t, const struct moment *m,
                             const struct acting *acting, json_t *row)
{
    struct cell binds[] = {cell_int("", m->ticket), cell_int("", m->dispatch)};
    struct entry person = {.id = 0};
    struct rows r;
    enum err err = OK;
    if (m->handler != 0) {
        err = registry_by_id(t->c->store, m->handler, &person);
    }
    if (err == OK && person.id != 0) {
        err = name_shown(t->c, m->ticket, t->view->internal, person.id,
                         person.name);
    }
    if (err == OK) {
        err = rows_begin(t->c->store, STMT_DISPATCH_UNIT, binds, 2, &r);
    }
    if (err != OK) {
        return err;
    }
    bool found = rows_next(&r);
    const char *name = found ? rows_text(&r, 0) : NULL;
    bool own = name != NULL && strcmp(acting->unit, name) == 0;
    row_text(row, !found                             ? NULL
                  : rows_int(&r, 1) == DISPATCH_LEAD ? "lead"
                                                     : "co");
    row_text(row, person.id != 0 ? person.name : own ? NULL : name);
    return rows_end(&r);
}

static void say_score(struct timeline *t, int64_t score)
{
    size_t i;
    json_t *row;
    json_array_foreach(t->unsaid, i, row)
    {
        json_array_set_new(row, COLUMN_SCORE, json_integer(score));
    }
    json_array_clear(t->unsaid);
}

/* A record says what changed: a score equal to that of the round before stands
 * in the older one. */
static void add_score(struct timeline *t, const struct moment *m, json_t *row)
{
    bool rated = moment_is(m, EV_EVALUATE) && t->view->ratings;
    json_array_append_new(row, rated && m->score > 0 ? json_integer(m->score)
                                                     : json_null());
    if (m->score > 0) {
        say_score(t, m->score);
    } else if (rated) {
        json_array_append(t->unsaid, row);
    }
}

/* -- the table ---------------------------------------------------------------
 */

static enum err add_moment(const struct moment *m, void *user)
{
    struct timeline *t = user;
    struct words words = {NULL, NULL};
    struct acting acting;
    json_t *row = json_array();
    json_array_insert_new(table_rows(t->table), 0, row);
    row_instant(row, m->at);
    enum err err = add_who(t, m, &acting, row);
    row_text(row, moment_word(m));
    if (err == OK) {
        err = add_dispatch(t, m, &acting, row);
    }
    add_score(t, m, row);
    if (err == OK) {
        err = read_words(t, m, &words);
    }
    json_array_append_new(row, taken(words.public, &t->budget));
    json_array_append_new(row, taken(words.internal, &t->budget));
    row_int(row, m->seq);
    /* whose post they used, who is away */
    row_text(row, acting.away[0] == '\0' ? NULL : acting.away);
    return err;
}

enum err timeline_read(struct call *c, int64_t seq, const struct view *view,
                       json_t **ret, json_t **ret_plan)
{
    struct timeline t = {
        .c = c,
        .view = view,
        .table = table_new(columns),
        .unsaid = json_array(),
        .budget = TIMELINE_TEXT_BYTES,
    };
    enum err err = moments(c, seq, add_moment, &t);
    json_decref(t.unsaid);
    if (err != OK) {
        json_decref(t.table);
        json_decref(t.plan);
        return err;
    }
    *ret = t.table;
    *ret_plan = t.plan;
    return OK;
}
