/* Saving a ticket: what differs from before, row by row and column by column.
 *
 * Each struct is laid out as cells in the same order before and after; the
 * cells that differ are put. A clock's row is one version of it: what is
 * promised (due, budget, lights) and whether it runs or is paused never change
 * in a row, so that every past instant can be looked at again. */
#include <assert.h>
#include <string.h>

#include "daemon/store/internal.h"

struct cells {
    int n;
    struct cell cell[COLUMNS_MAX];
};

static void add(struct cells *c, struct cell cell)
{
    assert(c->n < COLUMNS_MAX);
    c->cell[c->n++] = cell;
}

static void add_int(struct cells *c, const char *column, int64_t number)
{
    add(c, cell_int(column, number));
}

/* INSTANT_NONE is NULL. */
static void add_at(struct cells *c, const char *column, instant at)
{
    add(c, cell_int_or_null(column, at, INSTANT_NONE));
}

static bool same(const struct cell *a, const struct cell *b)
{
    assert(strcmp(a->column, b->column) == 0);
    return a->type == b->type && a->number == b->number && a->len == b->len &&
           (a->len == 0 || memcmp(a->bytes, b->bytes, a->len) == 0);
}

/* Puts the first `keys` cells and those that differ, if any does. */
static enum err put_changed(struct store *s, enum table table, int keys,
                            const struct cells *before,
                            const struct cells *after)
{
    assert(before->n == after->n);
    struct cells changed = {0};
    for (int i = 0; i < after->n; i++) {
        if (i < keys || !same(&before->cell[i], &after->cell[i])) {
            add(&changed, after->cell[i]);
        }
    }
    return changed.n == keys ? OK
                             : store_put(s, table, changed.cell, changed.n);
}

/* Whether a new row has it without being told: what the schema says, or NULL.
 */
static bool unsaid(const struct table_def *def, const struct cell *cell, int i)
{
    if (cell->type != CELL_INT) {
        return cell->type == CELL_NULL;
    }
    int at = table_column(def, cell->column, strlen(cell->column), i);
    return def->columns[at].implied &&
           def->columns[at].standard == cell->number;
}

/* Puts a row that is not there yet. Leaving out what goes without saying makes
 * the records, which are most of the file, a third shorter. */
static enum err put_new(struct store *s, enum table table,
                        const struct cells *row)
{
    struct cells given = {0};
    for (int i = 0; i < row->n; i++) {
        if (!unsaid(&s->putter.tables[table], &row->cell[i], i)) {
            add(&given, row->cell[i]);
        }
    }
    return store_put(s, table, given.cell, given.n);
}

/* -- the ticket's own row ----------------------------------------------------
 */

static void ticket_cells(const struct ticket_row *row, struct cells *c)
{
    const struct ticket *t = &row->ticket;
    c->n = 0;
    add_int(c, "id", t->id);
    add(c, cell_text("ref", row->ref[0] == '\0' ? NULL : row->ref));
    add_int(c, "state", t->state);
    add_int(c, "state_before", t->before);
    add_int(c, "round", t->round);
    add_int(c, "flags", t->flags);
    add_int(c, "enterprise", t->enterprise);
    add_int(c, "dispatcher", t->dispatcher);
    add(c, cell_text("category", row->category));
    add(c, cell_text("urgency", row->urgency));
    add(c, cell_text("channel", row->channel));
    add_int(c, "regulation", row->regulation);
    add_int(c, "score", t->score);
    add_int(c, "solved", t->solved);
    add_int(c, "returns", t->returns);
    add_int(c, "filed_at", t->filed);
    add_int(c, "filed_by", row->filed_by);
    add_int(c, "last_at", t->last);
    add_int(c, "dispatch_last", t->dispatch_last);
    add_int(c, "clock_last", t->clock_last);
    add_int(c, "title_text", row->title_text);
    add(c, cell_int_or_null("body_text", row->body_text, 0));
    add_int(c, "from_seq", row->from_seq);
    add_int(c, "seq", row->seq);
    add_int(c, "against", t->against);
    add_int(c, "parent", t->parent);
    add_int(c, "merged_into", t->merged_into);
    add_at(c, "responded_at", t->responded);
    add_at(c, "resolved_at", t->resolved);
    add_at(c, "urged_at", t->urged);
}

static enum err save_facts(struct store *s, const struct ticket_row *before,
                           const struct ticket_row *after)
{
    struct cells old;
    struct cells new;
    ticket_cells(after, &new);
    if (before == NULL) {
        return put_new(s, TABLE_TICKET, &new);
    }
    ticket_cells(before, &old);
    return put_changed(s, TABLE_TICKET, 1, &old, &new);
}

/* -- dispatches ---------------------------------------------------------------
 */

/* An extension that is asked for and undecided; LIMIT_NONE is NULL. */
static void extension_cells(struct limit asked, struct cells *c)
{
    bool until = asked.unit == LIMIT_UNTIL;
    add_int(c, "asked_n", asked.n);
    add(c, cell_int_or_null("asked_unit", asked.unit, LIMIT_NONE));
    add_at(c, "asked_until", until ? asked.until : INSTANT_NONE);
}

static void dispatch_cells(ticket_id id, const struct dispatch *d,
                           struct cells *c)
{
    c->n = 0;
    add_int(c, "ticket", id);
    add_int(c, "n", d->n);
    add_int(c, "unit", d->unit);
    add_int(c, "kind", d->kind);
    add_int(c, "state", d->state);
    add_int(c, "before_ask", d->before_ask);
    add_int(c, "round", d->round);
    add_int(c, "sent_at", d->sent);
    add_at(c, "accepted_at", d->accepted);
    add_at(c, "asked_at", d->asked);
    add_at(c, "decided_at", d->decided);
    add_at(c, "done_at", d->done);
    add_int(c, "fault", d->fault);
    add_int(c, "refused", d->refused);
    add_int(c, "handler", d->handler);
    add_int(c, "acted", d->acted);
    add_int(c, "extensions", d->extensions);
    extension_cells(d->extension, c);
}

static enum err save_dispatch(struct store *s, const struct ticket *before,
                              ticket_id id, const struct dispatch *d)
{
    const struct dispatch *was =
        before == NULL ? NULL : ticket_dispatch(before, d->n);
    struct cells old;
    struct cells new;
    dispatch_cells(id, d, &new);
    if (was == NULL) {
        add_int(&new, "from_seq", s->record.seq);
        return put_new(s, TABLE_DISPATCH, &new);
    }
    dispatch_cells(id, was, &old);
    return put_changed(s, TABLE_DISPATCH, 2, &old, &new);
}

/* -- clocks ---------------------------------------------------------------- */

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
    add_int(out, "ticket", save->id);
    add_int(out, "n", c->n);
    add_int(out, "v", v);
    add_int(out, "kind", c->kind);
    add_int(out, "dispatch", c->dispatch);
    add_int(out, "unit", c->unit);
    add_int(out, "round", c->round);
    add_int(out, "start_at", c->start);
    add_int(out, "limit_n", c->limit.n);
    add_int(out, "limit_unit", c->limit.unit);
    add_at(out, "limit_until", until ? c->limit.until : INSTANT_NONE);
    add_at(out, "due_at", c->due.at);
    add_int(out, "by_day", c->due.by_day);
    add_int(out, "provisional", c->due.provisional);
    add_at(out, "yellow_at", c->yellow);
    add_int(out, "run", c->run);
    add_at(out, "paused_at", c->paused);
    add_at(out, "stop_at", stopped ? c->stop : INSTANT_NONE);
    add_int(out, "verdict", c->verdict);
    add_at(out, "next_at", stopped ? INSTANT_NONE : c->next);
    add_int(out, "next_step", c->next_step);
    add_int(out, "fired", c->fired);
    add_int(out, "held", held);
    add_int(out, "turn", c->turn);
}

/* What an extension counted on from the old due. */
static void moved_cells(struct limit moved, struct cells *c)
{
    if (moved.unit != LIMIT_NONE) {
        bool until = moved.unit == LIMIT_UNTIL;
        add_int(c, "moved_n", moved.n);
        add_int(c, "moved_unit", moved.unit);
        add_at(c, "moved_until", until ? moved.until : INSTANT_NONE);
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
    add_int(&cells, "from_at", save->at);
    add_int(&cells, "from_seq", save->s->record.seq);
    if (c->run == CLOCK_STOPPED) {
        add_int(&cells, "stop_seq", save->s->record.seq);
    }
    return put_new(save->s, TABLE_CLOCK, &cells);
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
        add(&old, cell_null("stop_seq"));
        add_int(&new, "stop_seq", save->s->record.seq);
    }
    return put_changed(save->s, TABLE_CLOCK, 3, &old, &new);
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

/* `before` and `after` may be the same row in part: the versions are gathered
 * apart and written last. */
static enum err save_clocks(struct clock_save *save,
                            const struct ticket_row *before,
                            struct ticket_row *after)
{
    const struct ticket *t = &after->ticket;
    int32_t versions[CLOCKS_MAX];
    enum err err = OK;
    for (int32_t i = 0; err == OK && i < t->n_clocks; i++) {
        err = save_clock(save, before, &t->clocks[i], &versions[i]);
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

/* Links the ticket into its chain of records. A record that is about another
 * ticket, or about none, leaves the chain alone. */
static void link_record(struct store *s, const struct ticket_row *before,
                        struct ticket_row *after)
{
    struct open_record *r = &s->record;
    if (before == NULL && r->facts.ticket == 0) {
        r->facts.ticket = after->ticket.id;
    }
    after->from_seq = before == NULL ? r->seq : before->from_seq;
    after->seq = before == NULL ? r->seq : before->seq;
    if (r->facts.ticket == after->ticket.id) {
        record_chained(s, before == NULL ? 0 : before->seq);
        after->seq = r->seq;
    }
}

enum err ticket_save(struct store *s, const struct ticket_row *before,
                     struct ticket_row *after, instant at)
{
    assert(s->record.open && before != after);
    assert(before == NULL || before->ticket.id == after->ticket.id);
    const struct ticket *t = &after->ticket;
    const struct ticket *old = before == NULL ? NULL : &before->ticket;
    struct clock_save save = {
        s,           t->id, at, after->held, before != NULL && before->held,
        after->moved};
    link_record(s, before, after);
    enum err err = save_facts(s, before, after);
    for (int32_t i = 0; err == OK && i < t->n_dispatches; i++) {
        err = save_dispatch(s, old, t->id, &t->dispatches[i]);
    }
    return err == OK ? save_clocks(&save, before, after) : err;
}
