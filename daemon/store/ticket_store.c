/* Loading a ticket: its row, what is open of its dispatches and clocks. */
#include <stdio.h>
#include <string.h>

#include "daemon/store/internal.h"

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

static void read_facts(const struct rows *r, struct ticket_row *row)
{
    struct ticket *t = &row->ticket;
    t->state = (enum ticket_state)rows_int(r, 0);
    t->before = (enum ticket_state)rows_int(r, 1);
    t->round = (int32_t)rows_int(r, 2);
    t->flags = (uint32_t)rows_int(r, 3);
    t->enterprise = rows_int(r, 4);
    t->dispatcher = rows_int(r, 5);
    t->category = t->urgency = t->channel = -1;
    copy_text(row->category, sizeof row->category, rows_text(r, 6));
    copy_text(row->urgency, sizeof row->urgency, rows_text(r, 7));
    copy_text(row->channel, sizeof row->channel, rows_text(r, 8));
    row->regulation = rows_int(r, 9);
    t->score = (int32_t)rows_int(r, 10);
    t->solved = rows_int(r, 11) != 0;
    t->returns = (int32_t)rows_int(r, 12);
    t->filed = rows_instant(r, 13);
    row->filed_by = rows_int(r, 14);
    t->last = rows_instant(r, 15);
    t->dispatch_last = (int32_t)rows_int(r, 16);
    t->clock_last = (int32_t)rows_int(r, 17);
    row->title_text = rows_int(r, 18);
    row->body_text = rows_int(r, 19);
    copy_text(row->ref, sizeof row->ref, rows_text(r, 20));
    row->from_seq = rows_int(r, 21);
    row->seq = rows_int(r, 22);
    t->against = rows_int(r, 23);
    t->parent = rows_int(r, 24);
    t->merged_into = rows_int(r, 25);
    t->responded = rows_instant(r, 26);
    t->resolved = rows_instant(r, 27);
    t->urged = rows_instant(r, 28);
}

static enum err load_facts(struct store *s, ticket_id id,
                           struct ticket_row *row)
{
    struct cell bind = cell_int("id", id);
    struct rows r;
    enum err err = rows_begin(s, STMT_TICKET_ROW, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&r);
    if (there) {
        row->ticket.id = id;
        read_facts(&r, row);
    }
    err = rows_end(&r);
    return err == OK && !there ? ERR_NOT_FOUND : err;
}

static void read_dispatch(const struct rows *r, struct dispatch *d)
{
    *d = (struct dispatch){
        .n = (int32_t)rows_int(r, 0),
        .unit = rows_int(r, 1),
        .kind = (enum dispatch_kind)rows_int(r, 2),
        .state = (enum dispatch_state)rows_int(r, 3),
        .before_ask = (enum dispatch_state)rows_int(r, 4),
        .round = (int32_t)rows_int(r, 5),
        .sent = rows_instant(r, 6),
        .accepted = rows_instant(r, 7),
        .asked = rows_instant(r, 8),
        .decided = rows_instant(r, 9),
        .done = rows_instant(r, 10),
        .fault = (enum fault)rows_int(r, 11),
        .refused = (int32_t)rows_int(r, 12),
        .handler = rows_int(r, 13),
        .acted = rows_int(r, 14) != 0,
        .extensions = (int32_t)rows_int(r, 15),
        .extension = {.n = (int32_t)rows_int(r, 16),
                      .unit = (enum limit_unit)rows_int_or(r, 17, LIMIT_NONE),
                      .until = rows_int(r, 18)},
    };
}

static enum err load_dispatches(struct store *s, struct ticket *t)
{
    struct cell binds[] = {cell_int("ticket", t->id),
                           cell_int("round", t->round)};
    struct rows r;
    enum err err = rows_begin(s, STMT_TICKET_DISPATCHES, binds, 2, &r);
    if (err != OK) {
        return err;
    }
    bool fits = true;
    while (fits && rows_next(&r)) {
        fits = t->n_dispatches < DISPATCHES_MAX;
        if (fits) {
            read_dispatch(&r, &t->dispatches[t->n_dispatches++]);
        }
    }
    err = rows_end(&r);
    return err == OK && !fits ? ERR_CORRUPT : err;
}

static void read_clock(const struct rows *r, struct clock *c)
{
    *c = (struct clock){
        .n = (int32_t)rows_int(r, 0),
        .kind = (enum clock_kind)rows_int(r, 2),
        .dispatch = (int32_t)rows_int(r, 3),
        .unit = rows_int(r, 4),
        .round = (int32_t)rows_int(r, 5),
        .start = rows_instant(r, 6),
        .limit = {.n = (int32_t)rows_int(r, 7),
                  .unit = (enum limit_unit)rows_int(r, 8),
                  .until = rows_int(r, 9)},
        .due = {.at = rows_instant(r, 10),
                .by_day = rows_int(r, 11) != 0,
                .provisional = rows_int(r, 12) != 0},
        .yellow = rows_instant(r, 13),
        .run = (enum clock_run)rows_int(r, 14),
        .paused = rows_instant(r, 15),
        .stop = INSTANT_NONE,
        .verdict = (enum verdict)rows_int(r, 16),
        .next = rows_instant(r, 17),
        .next_step = (int32_t)rows_int(r, 18),
        .fired = (uint32_t)rows_int(r, 19),
        .turn = (int32_t)rows_int(r, 21),
    };
}

static enum err load_clocks(struct store *s, struct ticket_row *row)
{
    struct ticket *t = &row->ticket;
    struct cell bind = cell_int("ticket", t->id);
    struct rows r;
    enum err err = rows_begin(s, STMT_TICKET_CLOCKS, &bind, 1, &r);
    if (err != OK) {
        return err;
    }
    bool fits = true;
    while (fits && rows_next(&r)) {
        fits = t->n_clocks < CLOCKS_MAX;
        if (fits) {
            row->versions[row->n_versions].n = (int32_t)rows_int(&r, 0);
            row->versions[row->n_versions++].v = (int32_t)rows_int(&r, 1);
            row->held = row->held || rows_int(&r, 20) != 0;
            read_clock(&r, &t->clocks[t->n_clocks++]);
        }
    }
    err = rows_end(&r);
    return err == OK && !fits ? ERR_CORRUPT : err;
}

enum err ticket_load(struct store *s, ticket_id id, struct ticket_row *ret)
{
    /* the members that count are zeroed, not the 5 KB of unused places */
    ret->ticket.n_dispatches = ret->ticket.n_clocks = ret->n_versions = 0;
    ret->held = false;
    ret->moved = (struct limit){.unit = LIMIT_NONE};
    enum err err = load_facts(s, id, ret);
    if (err == OK) {
        err = load_dispatches(s, &ret->ticket);
    }
    if (err == OK) {
        err = load_clocks(s, ret);
    }
    return err;
}

enum err ticket_find_ref(struct store *s, const char *ref, ticket_id *ret)
{
    struct cell bind = cell_text("ref", ref);
    ticket_id id;
    enum err err = rows_number(s, STMT_TICKET_REF, &bind, 1, 0, &id);
    if (err == OK && id == 0) {
        err = ERR_NOT_FOUND;
    }
    if (err == OK) {
        *ret = id;
    }
    return err;
}

enum err ticket_next_id(struct store *s, instant at, ticket_id *ret)
{
    ticket_id day = ticket_id_day(at);
    struct cell binds[] = {cell_int("id", day),
                           cell_int("id", day + TICKET_SERIALS)};
    ticket_id last;
    enum err err = rows_number(s, STMT_TICKET_DAY_LAST, binds, 2, day, &last);
    if (err == OK && last + 1 == day + TICKET_SERIALS) {
        err = ERR_LIMIT;
    }
    if (err == OK) {
        *ret = last + 1;
    }
    return err;
}
