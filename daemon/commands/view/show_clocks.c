/* ticket.show: clocks with their verdicts, the time that each unit held the
 * ticket, first response and lead time (M12). */
#include <stdio.h>

#include "core/clock.h"
#include "daemon/commands/result.h"
#include "daemon/commands/view/show.h"
#include "daemon/commands/words.h"

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
        .kind = (enum clock_kind)rows_enum(r, 1, CLOCK_KIND_COUNT),
        .dispatch = (int32_t)rows_int(r, 2),
        .unit = rows_int(r, 3),
        .start = rows_instant(r, 5),
        .limit = rows_limit(r, 6),
        .due = {.at = rows_instant(r, 9),
                .by_day = rows_int(r, 10) != 0,
                .provisional = rows_int(r, 11) != 0},
        .yellow = rows_instant(r, 12),
        .run = (enum clock_run)rows_enum(r, 13, CLOCK_STOPPED + 1),
        .paused = rows_instant(r, 14),
        .stop = rows_instant(r, 15),
        .verdict = (enum verdict)rows_enum(r, 16, VERDICT_VOID + 1),
        .turn = (int32_t)rows_int(r, 20),
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
    default:
        break;
    }
}

/* Of a confidential ticket the enterprise's own clocks name nobody. */
static const char *promiser(const struct show *s, const struct rows *r,
                            const struct clock *c)
{
    bool asks = c->unit == s->w.row.ticket.enterprise;
    return asks && !s->view.party ? NULL : rows_text(r, 4);
}

static void write_clock(struct show *s, json_t *table, const struct rows *r,
                        const struct clock *c)
{
    char limit[LIMIT_TEXT_SIZE];
    json_t *row = table_row(table);
    row_text(row, clock_kind_name(c->kind));
    row_text(row, promiser(s, r, c));
    row_instant(row, c->start);
    row_text(row, limit_format(c->limit, limit));
    row_instant(row, c->due.at);
    row_instant(row, c->stop);
    row_text(row, word_verdict(c->verdict));
    row_text(row, light_name(clock_light(c, s->c->at)));
    json_array_append_new(row, json_boolean(c->due.provisional));
    row_int(row, c->n);
    row_int(row, c->dispatch);
    row_int(row, c->turn);
    int64_t corrected = rows_int(r, 21);
    row_text(row, corrected == VERDICT_OPEN ? NULL : word_verdict(corrected));
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
}

enum err show_clocks(struct show *s)
{
    json_t *table = table_new("clock unit start limit due stop verdict light "
                              "provisional n dispatch turn corrected");
    json_object_set_new(s->result, "clocks", table);
    struct cell bind = cell_int("", s->w.row.ticket.id);
    struct rows rows;
    enum err err = rows_begin(s->c->store, STMT_SHOW_CLOCKS, &bind, 1, &rows);
    while (err == OK && rows_next(&rows)) {
        struct clock c = read_clock(&rows);
        write_clock(s, table, &rows, &c);
        credit(s, &rows, &c);
    }
    units(s);
    return err == OK ? rows_end(&rows) : err;
}

/* -- M12 ---------------------------------------------------------------------
 */

struct span span_of(const struct rules *rules, instant from, instant to)
{
    int64_t working_s = calendar_work_seconds(
        rules->calendar, &rules->regulation->worktime, from, to);
    return (struct span){
        .days = instant_day(to) - instant_day(from),
        .working_days = calendar_workdays_after(
            rules->calendar, instant_day(from), instant_day(to)),
        .minutes = (to - from) / 60,
        .working_minutes = working_s / 60,
    };
}

instant span_end(const struct ticket *t, instant now)
{
    switch (t->state) {
    case TICKET_RESOLVED:
    case TICKET_ARCHIVED:
        return t->resolved;
    case TICKET_DECLINED:
    case TICKET_WITHDRAWN:
    case TICKET_MERGED:
        return INSTANT_NONE;
    default:
        return now;
    }
}

static void set_minutes(json_t *o, const struct span *span)
{
    json_object_set_new(o, "minutes", json_integer(span->minutes));
    json_object_set_new(o, "working_minutes",
                        json_integer(span->working_minutes));
}

static json_t *first_response(const struct show *s)
{
    const struct ticket *t = &s->w.row.ticket;
    if (t->responded == INSTANT_NONE) {
        return json_null();
    }
    struct span span = span_of(&s->w.rules, t->filed, t->responded);
    json_t *o = json_object();
    json_object_set_new(o, "at", result_instant(t->responded));
    set_minutes(o, &span);
    return o;
}

static json_t *lead_time(const struct show *s)
{
    const struct ticket *t = &s->w.row.ticket;
    instant end = span_end(t, s->c->at);
    if (end == INSTANT_NONE) {
        return json_null();
    }
    struct span span = span_of(&s->w.rules, t->filed, end);
    json_t *o = json_object();
    json_object_set_new(o, "days", json_integer(span.days));
    json_object_set_new(o, "working_days", json_integer(span.working_days));
    set_minutes(o, &span);
    return o;
}

enum err show_spans(struct show *s)
{
    json_object_set_new(s->result, "resolved",
                        result_instant(s->w.row.ticket.resolved));
    json_object_set_new(s->result, "first_response", first_response(s));
    json_object_set_new(s->result, "lead_time", lead_time(s));
    return OK;
}
