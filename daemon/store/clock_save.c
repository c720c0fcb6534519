/* The versions of a ticket's clocks: see clock_save.h. */
#include "daemon/store/clock_save.h"

#include <assert.h>

#include "daemon/store/cells.h"

struct clock_save {
    struct store *s;
    ticket_id id;
    instant at; /* of the event */
    bool held;
    bool was_held;
    struct limit moved;
};

static void clock_cells(const struct clock_save *save, const struct clock *c,
                        bool held, int32_t v, struct cells *out)
{
    bool until = c->limit.unit == LIMIT_UNTIL;
    bool stopped = c->run == CLOCK_STOPPED;
    out->n = 0;
    cells_add_int(out, "ticket", save->id);
    cells_add_int(out, "n", c->n);
    cells_add_int(out, "v", v);
    cells_add_int(out, "kind", c->kind);
    cells_add_int(out, "dispatch", c->dispatch);
    cells_add_int(out, "unit", c->unit);
    cells_add_int(out, "round", c->round);
    cells_add_int(out, "start_at", c->start);
    cells_add_int(out, "limit_n", c->limit.n);
    cells_add_int(out, "limit_unit", c->limit.unit);
    cells_add_at(out, "limit_until", until ? c->limit.until : INSTANT_NONE);
    cells_add_at(out, "due_at", c->due.at);
    cells_add_int(out, "by_day", c->due.by_day);
    cells_add_int(out, "provisional", c->due.provisional);
    cells_add_at(out, "yellow_at", c->yellow);
    cells_add_int(out, "run", c->run);
    cells_add_at(out, "paused_at", c->paused);
    cells_add_at(out, "stop_at", stopped ? c->stop : INSTANT_NONE);
    cells_add_int(out, "verdict", c->verdict);
    cells_add_at(out, "next_at", stopped ? INSTANT_NONE : c->next);
    cells_add_int(out, "next_step", c->next_step);
    cells_add_int(out, "fired", c->fired);
    cells_add_int(out, "held", held);
    cells_add_int(out, "turn", c->turn);
}

/* What an extension counted on from the old due. */
static void moved_cells(struct limit moved, struct cells *c)
{
    if (moved.unit != LIMIT_NONE) {
        bool until = moved.unit == LIMIT_UNTIL;
        cells_add_int(c, "moved_n", moved.n);
        cells_add_int(c, "moved_unit", moved.unit);
        cells_add_at(c, "moved_until", until ? moved.until : INSTANT_NONE);
    }
}

/* `was`: the version before, NULL for the first. */
static enum err start_version(struct clock_save *save, const struct clock *was,
                              const struct clock *c, int32_t v)
{
    struct cells cells;
    clock_cells(save, c, save->held, v, &cells);
    if (was != NULL && was->turn != c->turn) {
        moved_cells(save->moved, &cells);
    }
    cells_add_int(&cells, "from_at", save->at);
    cells_add_int(&cells, "from_seq", save->s->record.seq);
    if (c->run == CLOCK_STOPPED) {
        cells_add_int(&cells, "stop_seq", save->s->record.seq);
    }
    return cells_put_new(save->s, TABLE_CLOCK, &cells);
}

/* The old version keeps what it was, but does nothing by itself any more. */
static enum err end_version(struct clock_save *save, int32_t n, int32_t v)
{
    struct cell cells[] = {
        cell_int("ticket", save->id),
        cell_int("n", n),
        cell_int("v", v),
        cell_null("next_at"),
        cell_int("to_at", save->at),
        cell_int("to_seq", save->s->record.seq),
    };
    return store_put(save->s, TABLE_CLOCK, cells, 6);
}

static bool same_promise(const struct clock *a, const struct clock *b)
{
    return a->kind == b->kind && a->dispatch == b->dispatch &&
           a->unit == b->unit && a->round == b->round && a->start == b->start &&
           a->limit.n == b->limit.n && a->limit.unit == b->limit.unit &&
           (a->limit.unit != LIMIT_UNTIL || a->limit.until == b->limit.until) &&
           a->due.at == b->due.at && a->due.by_day == b->due.by_day &&
           a->due.provisional == b->due.provisional && a->yellow == b->yellow &&
           a->turn == b->turn;
}

/* Whether the change can be written into the row: the promise stands, and the
 * clock goes on as it did or stops now. A stop that lies before the event was
 * not known in between, so the row as it was must stay to be seen. */
static bool fits_row(const struct clock_save *save, const struct clock *was,
                     const struct clock *c)
{
    if (!same_promise(was, c)) {
        return false;
    }
    if (was->run == c->run) {
        return was->stop == c->stop && was->verdict == c->verdict &&
               was->paused == c->paused;
    }
    return c->run == CLOCK_STOPPED && was->run == CLOCK_RUNNING &&
           c->stop >= save->at;
}

static enum err change_row(struct clock_save *save, const struct clock *was,
                           const struct clock *c, int32_t v)
{
    struct cells old;
    struct cells new;
    clock_cells(save, was, save->was_held, v, &old);
    clock_cells(save, c, save->held, v, &new);
    if (was->run != c->run) { /* it stops; what was NULL gets a number */
        cells_add(&old, cell_null("stop_seq"));
        cells_add_int(&new, "stop_seq", save->s->record.seq);
    }
    return cells_put_changed(save->s, TABLE_CLOCK, 3, &old, &new);
}

static const struct clock *clock_numbered(const struct ticket *t, int32_t n)
{
    for (int32_t i = 0; t != NULL && i < t->n_clocks; i++) {
        if (t->clocks[i].n == n) {
            return &t->clocks[i];
        }
    }
    return NULL;
}

static int32_t version_of(const struct ticket_row *row, int32_t n)
{
    for (int32_t i = 0; i < row->n_versions; i++) {
        if (row->versions[i].n == n) {
            return row->versions[i].v;
        }
    }
    assert(false && "a clock of the ticket has no stored version");
    return 0;
}

static enum err save_clock(struct clock_save *save,
                           const struct ticket_row *before,
                           const struct clock *c, int32_t *ret_v)
{
    const struct clock *was =
        clock_numbered(before == NULL ? NULL : &before->ticket, c->n);
    if (was == NULL) {
        *ret_v = 1;
        return start_version(save, NULL, c, 1);
    }
    int32_t v = version_of(before, c->n);
    *ret_v = v;
    if (fits_row(save, was, c)) {
        return change_row(save, was, c, v);
    }
    *ret_v = v + 1;
    enum err err = end_version(save, c->n, v);
    return err == OK ? start_version(save, was, c, v + 1) : err;
}

/* The versions are gathered apart and written last: `before` and `after` may be
 * the same row in part. */
enum err clocks_save(struct store *s, const struct ticket_row *before,
                     struct ticket_row *after, instant at)
{
    const struct ticket *t = &after->ticket;
    struct clock_save save = {
        s,           t->id, at, after->held, before != NULL && before->held,
        after->moved};
    int32_t versions[CLOCKS_MAX];
    enum err err = OK;
    for (int32_t i = 0; err == OK && i < t->n_clocks; i++) {
        err = save_clock(&save, before, &t->clocks[i], &versions[i]);
    }
    if (err != OK) {
        return err;
    }
    after->n_versions = t->n_clocks;
    for (int32_t i = 0; i < t->n_clocks; i++) {
        after->versions[i].n = t->clocks[i].n;
        after->versions[i].v = versions[i];
    }
    return OK;
}
