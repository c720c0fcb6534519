/* Reckoning open limits anew: see recompute.h. */
#include "daemon/commands/recompute.h"

#include "core/clock.h"
#include "daemon/commands/result.h"

enum {
    STRIDE_TICKETS = 1000
};

static bool same_due(struct due a, struct due b)
{
    return a.at == b.at && a.by_day == b.by_day;
}

/* One clock; *ret_new says whether it got another due. Whatever stands already
 * as the new calendar has it is done, so that a stride may be repeated. */
static enum err reckon(struct recompute *r, const struct rules *old,
                       const struct rules *new, struct clock *clock,
                       bool *ret_new)
{
    *ret_new = false;
    if (clock->run != CLOCK_RUNNING || clock->due.at == INSTANT_NONE) {
        return OK;
    }
    struct clock before = *clock;
    struct clock after = *clock;
    enum err err = clock_reckon(new, &after);
    if (err != OK || (same_due(after.due, clock->due) &&
                      after.due.provisional == clock->due.provisional)) {
        return err;
    }
    err = clock_reckon(old, &before);
    if (err == OK && !same_due(before.due, clock->due)) {
        r->moved++;
    } else if (err == OK) {
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

static enum err next_tickets(struct call *c, const struct recompute *r,
                             ticket_id *ids, int *ret_n)
{
    struct cell binds[] = {cell_int("", r->from), cell_int("", r->to),
                           cell_int("", r->last), cell_int("", r->organisation),
                           cell_int("", STRIDE_TICKETS)};
    struct rows rows;
    int n = 0;
    enum err err =
        rows_begin(c->store, STMT_TICKETS_TO_RECKON, binds, 5, &rows);
    if (err != OK) {
        return err;
    }
    while (n < STRIDE_TICKETS && rows_next(&rows)) {
        ids[n++] = rows_int(&rows, 0);
    }
    *ret_n = n;
    return rows_end(&rows);
}

enum err recompute_stride(struct call *c, struct recompute *r)
{
    ticket_id ids[STRIDE_TICKETS];
    int n = 0;
    enum err err = next_tickets(c, r, ids, &n);
    for (int i = 0; err == OK && i < n; i++) {
        err = one_ticket(c, r, ids[i]);
        r->last = ids[i];
    }
    r->done = n < STRIDE_TICKETS;
    return err;
}
