/* deadline.what_if: what a year's notice, another regulation or a suspension
 * would change, worked out by the same code that then does it, and not written.
 *
 * A notice and a regulation go over the open tickets that the caller sees, by
 * number; a page ends after so many tickets, however few of them change. */
#include <stdlib.h>

#include "daemon/commands/access.h"
#include "daemon/commands/page.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/recompute.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/ticket/refusals.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/store/registry.h"
#include "proto/calendar_json.h"
#include "proto/regulation_json.h"

static const char columns[] =
    "number clock unit old_due new_due old_light new_light";

/* The page is marked by the ticket and its clock that stand in the last row. */
enum {
    MARK_TICKET,
    MARK_CLOCK,
    MARK_SIZE
};
enum {
    PAGE_TICKETS = 1000 /* looked at in one call */
};

struct what_if {
    struct call *c;
    const struct rulebook *book;         /* with the notice in it */
    const struct regulation *regulation; /* NULL: each ticket its own */
    struct reckoning reckoning;
    struct reckoned tally;
    struct page page;
    int64_t rows;
    int64_t looked_at; /* tickets */
    int64_t changed;   /* tickets with a clock that changes */
    int64_t alone;     /* that would be left alone */
    json_t *table;
    json_t *left_alone;
};

/* -- a row -------------------------------------------------------------------
 */

static enum err row_unit(struct call *c, json_t *row, register_id unit)
{
    struct entry entry = {.name = ""};
    enum err err = unit == 0 ? OK : registry_by_id(c->store, unit, &entry);
    json_array_append_new(row, result_text(entry.name));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err put_row(struct call *c, json_t *table, ticket_id id,
                        const struct clock *before, instant at_before,
                        const struct clock *after, instant at_after)
{
    json_t *row = table_row(table);
    row_number(row, id);
    row_text(row, clock_kind_name(before->kind));
    enum err err = row_unit(c, row, before->unit);
    row_instant(row, before->due.at);
    row_instant(row, after->due.at);
    row_text(row, light_name(clock_light(before, at_before)));
    row_text(row, light_name(clock_light(after, at_after)));
    return err;
}

/* -- open tickets under other rules ---------------------------------------- */

static bool changes(const struct what_if *f, const struct work *w, int32_t i)
{
    enum light before = clock_light(&w->row.ticket.clocks[i], f->c->at);
    enum light after = clock_light(&w->after.ticket.clocks[i], f->c->at);
    return (f->reckoning.changed >> i & 1U) != 0 || before != after;
}

/* Adds the rows of a ticket that come after the mark. *ret_full: the page is,
 * and the ticket goes on on the next one. */
static enum err add_rows(struct what_if *f, const struct work *w,
                         bool *ret_full)
{
    const struct ticket *t = &w->row.ticket;
    instant at = f->c->at;
    enum err err = OK;
    for (int32_t i = 0; err == OK && i < t->n_clocks; i++) {
        const struct clock *c = &t->clocks[i];
        bool before = t->id == f->page.mark[MARK_TICKET] &&
                      c->n <= f->page.mark[MARK_CLOCK];
        if (before || !changes(f, w, i)) {
            continue;
        }
        if (f->rows == f->page.limit) {
            *ret_full = true;
            return OK;
        }
        err = put_row(f->c, f->table, t->id, c, at, &w->after.ticket.clocks[i],
                      at);
        f->rows++;
        f->page.mark[MARK_TICKET] = t->id;
        f->page.mark[MARK_CLOCK] = c->n;
    }
    return err;
}

static void leave_alone(struct what_if *f, ticket_id id, const char *missing)
{
    if (f->alone++ < LIGHTS_LISTED_MAX) {
        json_t *row = table_row(f->left_alone);
        row_number(row, id);
        row_text(row, missing);
    }
}

static enum err look_at(struct what_if *f, ticket_id id, bool *ret_full)
{
    struct work w;
    enum err err = work_load(f->c->store, f->c->book, id, &w);
    if (err != OK) {
        return err;
    }
    const struct regulation *reg =
        f->regulation == NULL ? w.rules.regulation : f->regulation;
    const char *missing = reckon_missing(&w, reg);
    f->reckoning.old = w.rules;
    f->reckoning.new = (struct rules){
        reg, rulebook_calendar(f->book, w.row.ticket.dispatcher)};
    if (missing != NULL) {
        leave_alone(f, id, missing);
    } else {
        bool any = false;
        err = reckon(&f->reckoning, &w, &any);
        if (err == OK) {
            err = add_rows(f, &w, ret_full);
        }
    }
    if (err == OK && !*ret_full) {
        f->looked_at++;
        f->page.mark[MARK_TICKET] = id;
        f->page.mark[MARK_CLOCK] = INT32_MAX;
        if (missing == NULL) {
            f->changed += f->reckoning.changed != 0;
            reckon_tally(&f->reckoning, &w, &f->tally);
        }
    }
    return err;
}

static enum err next_tickets(struct what_if *f, ticket_id *ids, int *ret_n)
{
    struct cell binds[] = {
        access_bind(f->c), cell_int("", f->page.mark[MARK_TICKET]),
        cell_int("", f->page.mark[MARK_CLOCK]), cell_int("", PAGE_TICKETS)};
    struct rows rows;
    int n = 0;
    enum err err = rows_begin(f->c->store, STMT_TICKETS_OPEN, binds, 4, &rows);
    if (err != OK) {
        return err;
    }
    while (n < PAGE_TICKETS && rows_next(&rows)) {
        ids[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

static void set_number(json_t *result, const char *name, int64_t number)
{
    json_object_set_new(result, name, json_integer(number));
}

static enum err go_over(struct what_if *f)
{
    ticket_id ids[PAGE_TICKETS];
    int n = 0;
    bool full = false;
    struct call *c = f->c;
    enum err err = page_begin(c, MARK_SIZE, 0, &f->page);
    if (err == OK) {
        err = next_tickets(f, ids, &n);
    }
    f->reckoning.at = c->at;
    f->table = table_new(columns);
    f->left_alone = table_new("number missing");
    for (int i = 0; err == OK && !full && i < n; i++) {
        err = look_at(f, ids[i], &full);
    }
    reckoning_done(&f->reckoning);
    c->result = json_object();
    set_number(c->result, "tickets", f->looked_at);
    set_number(c->result, "changed", f->changed);
    set_number(c->result, "clocks", f->tally.clocks);
    set_number(c->result, "kept_as_moved", f->tally.kept);
    set_number(c->result, "lights_changed", f->tally.changed);
    set_number(c->result, "left_alone", f->alone);
    json_object_set_new(c->result, "changes", f->table);
    json_object_set_new(c->result, "alone", f->left_alone);
    if (full || n == PAGE_TICKETS) {
        page_next(c->result, f->page.mark, MARK_SIZE);
    }
    return err;
}

static enum err of_calendar(struct call *c)
{
    struct what_if f = {.c = c};
    struct rulebook *book = NULL;
    struct notice *notice = malloc(sizeof *notice);
    if (notice == NULL) {
        return ERR_NO_MEMORY;
    }
    enum err err =
        calendar_decode(arg(c, "calendar")->json, notice, &c->problem);
    if (err == OK) {
        err = rulebook_load_with(c->store, notice, &book, &c->problem);
    }
    free(notice);
    f.book = book;
    if (err == OK) {
        err = go_over(&f);
    }
    rulebook_free(book);
    return err;
}

static enum err of_regulation(struct call *c)
{
    struct what_if f = {.c = c, .book = c->book};
    struct regulation *reg = malloc(sizeof *reg);
    struct regulation_errors *errors = malloc(sizeof *errors);
    enum err err = ERR_NO_MEMORY;
    if (reg != NULL && errors != NULL) {
        err = regulation_decode(arg(c, "regulation")->json, reg, errors);
    }
    if (err == ERR_BAD_REGULATION) {
        c->problem = errors->list[0];
        c->problem.err = err;
    }
    free(errors);
    f.regulation = reg;
    if (err == OK) {
        err = go_over(&f);
    }
    free(reg);
    return err;
}

/* -- a suspension -----------------------------------------------------------
 */

/* The ticket as it is when it has been suspended now and goes on at `until`. */
static enum err suspend(struct call *c, struct work *w, instant until)
{
    struct ticket *at_work = malloc(sizeof *at_work);
    if (at_work == NULL) {
        return ERR_NO_MEMORY;
    }
    w->event.type = EV_SUSPEND;
    w->event.has_limit = true;
    w->event.limit = (struct limit){.unit = LIMIT_UNTIL, .until = until};
    enum err err =
        ticket_step(&w->rules, &w->row.ticket, &w->event, &w->outcome);
    if (err != OK) {
        err = work_refuse(c, w, err);
    } else {
        *at_work = w->outcome.after;
        w->event = (struct event){.type = EV_RESUME, .at = until};
        err = ticket_step(&w->rules, at_work, &w->event, &w->outcome);
    }
    free(at_work);
    return err;
}

static const struct clock *clock_numbered(const struct ticket *t, int32_t n)
{
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (t->clocks[i].n == n) {
            return &t->clocks[i];
        }
    }
    return NULL;
}

/* Both lights are those at the instant when it goes on: as it would have been
 * by then, and as it will be. */
static enum err of_suspension(struct call *c)
{
    const struct value *until = arg(c, "until");
    if (!until->given || until->at <= c->at) {
        return refuse(c, ERR_BAD_PARAM, "until",
                      "when the ticket would be taken up again", "");
    }
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_seen(c, &w);
    }
    if (err == OK) {
        err = suspend(c, &w, until->at);
    }
    if (err != OK) {
        return err;
    }
    int64_t changed = 0;
    json_t *table = table_new(columns);
    c->result = json_object();
    json_object_set_new(c->result, "changes", table);
    for (int32_t i = 0; err == OK && i < w.row.ticket.n_clocks; i++) {
        const struct clock *before = &w.row.ticket.clocks[i];
        const struct clock *after = clock_numbered(&w.outcome.after, before->n);
        if (after != NULL && after->run != CLOCK_STOPPED) {
            changed += after->due.at != before->due.at;
            err = put_row(c, table, w.row.ticket.id, before, until->at, after,
                          until->at);
        }
    }
    set_number(c->result, "clocks", changed);
    return err;
}

enum err cmd_deadline_what_if(struct call *c)
{
    bool calendar = arg(c, "calendar")->given;
    bool regulation = arg(c, "regulation")->given;
    bool ticket = arg(c, "ticket")->given;
    if (calendar + regulation + ticket != 1) {
        return refuse(c, ERR_BAD_PARAM, "calendar",
                      "one of calendar, regulation and ticket", "");
    }
    if (ticket) {
        return of_suspension(c);
    }
    return calendar ? of_calendar(c) : of_regulation(c);
}
