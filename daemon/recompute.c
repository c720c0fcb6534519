/* Reckoning open limits anew: see recompute.h. */
#include "daemon/recompute.h"

#include "core/clock.h"
#include "daemon/result.h"

enum {
    STRIDE_TICKETS = 500
};

static bool same_due(struct due a, struct due b)
{
    return a.at == b.at && a.by_day == b.by_day;
}

/* One clock; *ret_new says whether it got another due. */
static enum err reckon(struct recompute *r, const struct rules *old,
                       const struct rules *new, struct clock *clock,
                       bool *ret_new)
{
    *ret_new = false;
    if (clock->run != CLOCK_RUNNING || clock->due.at == INSTANT_NONE) {
        return OK;
    }
    struct clock before = *clock;
    enum err err = clock_reckon(old, &before);
    if (err != OK) {
        return err;
    }
    if (!same_due(before.due, clock->due)) {
        r->moved++;
        return OK;
    }
    struct clock after = *clock;
    err = clock_reckon(new, &after);
    if (err == OK && (!same_due(after.due, clock->due) ||
                      after.due.provisional != clock->due.provisional)) {
        *clock = after;
        *ret_new = true;
        r->clocks++;
    }
    return err;
}

static void note_light(struct recompute *r, const struct ticket *before,
                       const struct ticket *after, instant at)
{
    enum light old = ticket_light(before, at);
    enum light new = ticket_light(after, at);
    if (old == new) {
        return;
    }
    if (r->changed++ < LIGHTS_LISTED_MAX) {
        json_t *row = table_row(r->lights);
        row_number(row, after->id);
        row_text(row, light_name(old));
        row_text(row, light_name(new));
    }
}

static enum err one_ticket(struct call *c, struct recompute *r, ticket_id id)
{
    struct work w;
    enum err err = work_load(c->store, r->new_book, id, &w);
    if (err != OK) {
        return err;
    }
    struct rules old = {
        w.rules.regulation,
        rulebook_calendar(r->old_book, w.row.ticket.dispatcher)};
    bool any = false;
    w.after = w.row;
    for (int32_t i = 0; err == OK && i < w.after.ticket.n_clocks; i++) {
        bool new = false;
        err = reckon(r, &old, &w.rules, &w.after.ticket.clocks[i], &new);
        any = any || new;
    }
    if (err != OK || !any) {
        return err;
    }
    if (w.row.held) {
        work_hold(&w.after.ticket);
    }
    note_light(r, &w.row.ticket, &w.after.ticket, c->at);
    /* what an open import tells next may lie long before now: the new version
       must not begin after it */
    instant at = w.row.held ? w.row.ticket.last : c->at;
    return ticket_save(c->store, &w.row, &w.after, at);
}

enum err recompute_open(struct call *c, struct recompute *r)
{
    ticket_id ids[STRIDE_TICKETS];
    ticket_id last = 0;
    for (int n = STRIDE_TICKETS; n == STRIDE_TICKETS;) {
        struct cell binds[] = {
            cell_int("", r->from), cell_int("", r->to), cell_int("", last),
            cell_int("", r->organisation), cell_int("", STRIDE_TICKETS)};
        struct rows rows;
        enum err err =
            rows_begin(c->store, STMT_TICKETS_TO_RECKON, binds, 5, &rows);
        for (n = 0; err == OK && n < STRIDE_TICKETS && rows_next(&rows); n++) {
            ids[n] = rows_int(&rows, 0);
        }
        err = err == OK ? rows_end(&rows) : err;
        for (int i = 0; err == OK && i < n; i++) {
            err = one_ticket(c, r, ids[i]);
            last = ids[i];
        }
        if (err != OK) {
            return err;
        }
    }
    return OK;
}
