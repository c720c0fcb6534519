/* ticket.show: the facts of a ticket, its timeline, every dispatch, every clock
 * with its verdict, and the time that each unit held it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "daemon/commands/access.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket_access.h"
#include "daemon/commands/timeline.h"
#include "daemon/commands/words.h"

enum {
    HOLDERS_MAX = 64
};

/* Design section 4, bounce: the time between sent and asked counts for the
 * unit, between asked and decided for the dispatcher; after a granted return
 * the unit's time follows the fault. */
struct holder {
    register_id unit;
    char name[NAME_SIZE];
    int64_t held_s;
    int64_t working_s;
};

struct show {
    struct call *c;
    struct work w;
    json_t *result;
    int n_holders;
    struct holder holders[HOLDERS_MAX];
    instant first_response;
    instant resolved;
};

static void set_text(json_t *result, const char *name, const char *text)
{
    json_object_set_new(result, name, result_text(text));
}

/* -- facts -------------------------------------------------------------------
 */

/* Design section 8: the unit that handles never sees who gave which score. */
static bool sees_scores(const struct call *c)
{
    uint32_t units = ROLE_BIT(ROLE_HEAD) | ROLE_BIT(ROLE_HANDLER);
    return (c->actor.roles & units) == 0;
}

static void set_code(struct show *s, const char *name, const char *code)
{
    set_text(s->result, name, code);
    words_add(s->c, s->w.rules.regulation, name, code);
}

static void write_facts(struct show *s, const struct rows *r)
{
    static const char *const names[] = {"title",      "text",
                                        "enterprise", "enterprise_code",
                                        "chain",      "dispatcher"};
    const struct ticket *t = &s->w.row.ticket;
    json_t *o = s->result;
    json_object_set_new(o, "number", result_number(t->id));
    set_text(o, "ref", s->w.row.ref);
    for (int i = 0; i < 6; i++) {
        set_text(o, names[i], rows_text(r, i));
    }
    set_code(s, "category", s->w.row.category);
    set_code(s, "urgency", s->w.row.urgency);
    set_code(s, "channel", s->w.row.channel);
    set_text(o, "state", ticket_state_name(t->state));
    set_text(o, "light", light_name(ticket_light(t, s->c->at)));
    json_object_set_new(o, "round", json_integer(t->round));
    json_object_set_new(o, "returns", json_integer(t->returns));
    json_object_set_new(o, "score",
                        t->score == 0 || !sees_scores(s->c)
                            ? json_null()
                            : json_integer(t->score));
    json_object_set_new(o, "filed", result_instant(t->filed));
    json_object_set_new(o, "imported",
                        json_boolean((t->flags & TICKET_IMPORTED) != 0));
    json_object_set_new(o, "regulation", json_integer(s->w.row.regulation));
    json_object_set_new(o, "seq", json_integer(s->w.row.seq));
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
    return rows_end(&rows);
}

/* -- dispatches --------------------------------------------------------------
 */

static void write_dispatch(json_t *table, const struct rows *r)
{
    json_t *row = table_row(table);
    row_int(row, rows_int(r, 0));
    row_text(row, rows_text(r, 1));
    row_text(row, rows_int(r, 2) == DISPATCH_LEAD ? "lead" : "co");
    row_text(row, dispatch_state_name((enum dispatch_state)rows_int(r, 3)));
    for (int i = 4; i <= 8; i++) {
        row_instant(row, rows_int_or(r, i, INSTANT_NONE));
    }
    row_text(row, rows_text(r, 9));
}

static enum err dispatches(struct show *s)
{
    json_t *table = table_new("n unit kind state sent accepted return_asked "
                              "return_decided done measure");
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

/* -- clocks and who held it --------------------------------------------------
 */

static void hold(struct show *s, register_id unit, const char *name,
                 const struct clock *c)
{
    instant end = c->stop != INSTANT_NONE     ? c->stop
                  : c->paused != INSTANT_NONE ? c->paused
                                              : s->c->at;
    int i = 0;
    while (i < s->n_holders && s->holders[i].unit != unit) {
        i++;
    }
    if (i == HOLDERS_MAX || end < c->start) {
        return;
    }
    struct holder *h = &s->holders[i];
    if (i == s->n_holders) {
        s->n_holders++;
        *h = (struct holder){.unit = unit};
        snprintf(h->name, sizeof h->name, "%s", name);
    }
    h->held_s += end - c->start;
    h->working_s += calendar_work_seconds(
        s->w.rules.calendar, &s->w.rules.regulation->worktime, c->start, end);
}

/* Columns of STMT_SHOW_CLOCKS. */
static struct clock read_clock(const struct rows *r)
{
    return (struct clock){
        .n = (int32_t)rows_int(r, 0),
        .kind = (enum clock_kind)rows_int(r, 1),
        .dispatch = (int32_t)rows_int(r, 2),
        .unit = rows_int(r, 3),
        .start = rows_int(r, 5),
        .limit = {.n = (int32_t)rows_int(r, 6),
                  .unit = (enum limit_unit)rows_int(r, 7),
                  .until = rows_int(r, 8)},
        .due = {.at = rows_int_or(r, 9, INSTANT_NONE),
                .by_day = rows_int(r, 10) != 0,
                .provisional = rows_int(r, 11) != 0},
        .yellow = rows_int_or(r, 12, INSTANT_NONE),
        .run = (enum clock_run)rows_int(r, 13),
        .paused = rows_int_or(r, 14, INSTANT_NONE),
        .stop = rows_int_or(r, 15, INSTANT_NONE),
        .verdict = (enum verdict)rows_int(r, 16),
    };
}

static void credit(struct show *s, const struct rows *r, const struct clock *c)
{
    bool returned = rows_int_or(r, 17, -1) == DISPATCH_RETURNED;
    bool dispatchers = returned && rows_int(r, 18) == FAULT_DISPATCHER;
    switch (c->kind) {
    case CLOCK_FINISH:
        hold(s, dispatchers ? s->w.row.ticket.dispatcher : c->unit,
             dispatchers ? rows_text(r, 19) : rows_text(r, 4), c);
        break;
    case CLOCK_RETURN:
        if (returned) {
            hold(s, c->unit, rows_text(r, 4), c);
        }
        break;
    case CLOCK_REWORK:
    case CLOCK_TRIAGE:
    case CLOCK_REVIEW:
        hold(s, c->unit, rows_text(r, 4), c);
        break;
    case CLOCK_CONTACT:
        s->first_response = c->verdict == VERDICT_VOID ? INSTANT_NONE : c->stop;
        break;
    case CLOCK_OVERALL:
        s->resolved = c->verdict == VERDICT_VOID ? INSTANT_NONE : c->stop;
        break;
    default:
        break;
    }
}

static void write_clock(struct show *s, json_t *table, const struct rows *r,
                        const struct clock *c)
{
    char limit[LIMIT_TEXT_SIZE];
    json_t *row = table_row(table);
    row_text(row, clock_kind_name(c->kind));
    row_text(row, rows_text(r, 4));
    row_instant(row, c->start);
    row_text(row, limit_format(c->limit, limit));
    row_instant(row, c->due.at);
    row_instant(row, c->stop);
    row_text(row, word_verdict(c->verdict));
    row_text(row, light_name(clock_light(c, s->c->at)));
    json_array_append_new(row, json_boolean(c->due.provisional));
}

static enum err clocks(struct show *s)
{
    json_t *table = table_new("clock unit start limit due stop verdict light "
                              "provisional");
    json_object_set_new(s->result, "clocks", table);
    struct cell bind = cell_int("", s->w.row.ticket.id);
    struct rows rows;
    enum err err = rows_begin(s->c->store, STMT_SHOW_CLOCKS, &bind, 1, &rows);
    while (err == OK && rows_next(&rows)) {
        struct clock c = read_clock(&rows);
        write_clock(s, table, &rows, &c);
        credit(s, &rows, &c);
    }
    return err == OK ? rows_end(&rows) : err;
}

/* M12: minutes and working days to the first response, and to the end. */
static void set_span(struct show *s, const char *name, const char *working,
                     instant end)
{
    instant from = s->w.row.ticket.filed;
    if (end == INSTANT_NONE) {
        return;
    }
    json_object_set_new(s->result, name, json_integer(end - from));
    json_object_set_new(
        s->result, working,
        json_integer(calendar_work_seconds(
            s->w.rules.calendar, &s->w.rules.regulation->worktime, from, end)));
}

static void units(struct show *s)
{
    json_t *table = table_new("unit held_s working_s");
    json_object_set_new(s->result, "units", table);
    for (int i = 0; i < s->n_holders; i++) {
        json_t *row = table_row(table);
        row_text(row, s->holders[i].name);
        row_int(row, s->holders[i].held_s);
        row_int(row, s->holders[i].working_s);
    }
    set_span(s, "first_response_s", "first_response_working_s",
             s->first_response);
    set_span(s, "lead_s", "lead_working_s", s->resolved);
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
        row_text(row, clock_kind_name((enum clock_kind)rows_int(&r, 1)));
        row_text(row, word_does(rows_int(&r, 2)));
        row_int(row, rows_int(&r, 3));
        row_int(row, rows_int(&r, 4));
    }
    return err == OK ? rows_end(&r) : err;
}

static enum err history(struct show *s)
{
    const struct actor *a = &s->c->actor;
    uint32_t officials = ~ROLE_BIT(ROLE_ENTERPRISE);
    struct timeline of = {.seq = s->w.row.seq,
                          .internal = (a->roles & officials) != 0,
                          .raters = sees_scores(s->c)};
    json_t *table = NULL;
    enum err err = timeline_read(s->c, &of, &table);
    if (err == OK) {
        json_object_set_new(s->result, "timeline", table);
    }
    return err;
}

enum err cmd_ticket_show(struct call *c)
{
    static enum err (*const parts[])(struct show *) = {
        facts, history, dispatches, clocks, escalations};
    struct show *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return ERR_NO_MEMORY;
    }
    s->c = c;
    s->first_response = INSTANT_NONE;
    s->resolved = INSTANT_NONE;
    enum err err = work_begin(c, &s->w);
    if (err == OK) {
        err = ticket_seen(c, &s->w);
    }
    c->result = json_object();
    s->result = c->result;
    for (size_t i = 0; err == OK && i < sizeof parts / sizeof parts[0]; i++) {
        err = parts[i](s);
    }
    if (err == OK) {
        units(s);
    }
    free(s);
    return err;
}
