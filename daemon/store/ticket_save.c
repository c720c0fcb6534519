/* Saving a ticket: what differs from before, row by row and column by column.
 * Each struct is laid out as cells in the same order before and after; the
 * cells that differ are put. */
#include <assert.h>

#include "daemon/store/cells.h"
#include "daemon/store/clock_save.h"

/* -- the ticket's own row ----------------------------------------------------
 */

static void ticket_cells(const struct ticket_row *row, struct cells *c)
{
    const struct ticket *t = &row->ticket;
    c->n = 0;
    cells_add_int(c, "id", t->id);
    cells_add(c, cell_text("ref", row->ref[0] == '\0' ? NULL : row->ref));
    cells_add_int(c, "state", t->state);
    cells_add_int(c, "state_before", t->before);
    cells_add_int(c, "round", t->round);
    cells_add_int(c, "flags", t->flags);
    cells_add_int(c, "enterprise", t->enterprise);
    cells_add_int(c, "dispatcher", t->dispatcher);
    cells_add(c, cell_text("category", row->category));
    cells_add(c, cell_text("urgency", row->urgency));
    cells_add(c, cell_text("channel", row->channel));
    cells_add_int(c, "regulation", row->regulation);
    cells_add_int(c, "score", t->score);
    cells_add_int(c, "solved", t->solved);
    cells_add_int(c, "returns", t->returns);
    cells_add_int(c, "filed_at", t->filed);
    cells_add_int(c, "filed_by", row->filed_by);
    cells_add_int(c, "last_at", t->last);
    cells_add_int(c, "dispatch_last", t->dispatch_last);
    cells_add_int(c, "clock_last", t->clock_last);
    cells_add_int(c, "title_text", row->title_text);
    cells_add(c, cell_int_or_null("body_text", row->body_text, 0));
    cells_add_int(c, "from_seq", row->from_seq);
    cells_add_int(c, "seq", row->seq);
    cells_add_int(c, "against", t->against);
    cells_add_int(c, "parent", t->parent);
    cells_add_int(c, "merged_into", t->merged_into);
    cells_add_at(c, "responded_at", t->responded);
    cells_add_at(c, "resolved_at", t->resolved);
    cells_add_at(c, "urged_at", t->urged);
}

static enum err save_facts(struct store *s, const struct ticket_row *before,
                           const struct ticket_row *after)
{
    struct cells old;
    struct cells new;
    ticket_cells(after, &new);
    if (before == NULL) {
        return cells_put_new(s, TABLE_TICKET, &new);
    }
    ticket_cells(before, &old);
    return cells_put_changed(s, TABLE_TICKET, 1, &old, &new);
}

/* -- dispatches ---------------------------------------------------------------
 */

/* An extension that is asked for and undecided; LIMIT_NONE is NULL. */
static void extension_cells(struct limit asked, struct cells *c)
{
    bool until = asked.unit == LIMIT_UNTIL;
    cells_add_int(c, "asked_n", asked.n);
    cells_add(c, cell_int_or_null("asked_unit", asked.unit, LIMIT_NONE));
    cells_add_at(c, "asked_until", until ? asked.until : INSTANT_NONE);
}

static void dispatch_cells(ticket_id id, const struct dispatch *d,
                           struct cells *c)
{
    c->n = 0;
    cells_add_int(c, "ticket", id);
    cells_add_int(c, "n", d->n);
    cells_add_int(c, "unit", d->unit);
    cells_add_int(c, "kind", d->kind);
    cells_add_int(c, "state", d->state);
    cells_add_int(c, "before_ask", d->before_ask);
    cells_add_int(c, "round", d->round);
    cells_add_int(c, "sent_at", d->sent);
    cells_add_at(c, "accepted_at", d->accepted);
    cells_add_at(c, "asked_at", d->asked);
    cells_add_at(c, "decided_at", d->decided);
    cells_add_at(c, "done_at", d->done);
    cells_add_int(c, "fault", d->fault);
    cells_add_int(c, "refused", d->refused);
    cells_add_int(c, "handler", d->handler);
    cells_add_int(c, "acted", d->acted);
    cells_add_int(c, "extensions", d->extensions);
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
        cells_add_int(&new, "from_seq", s->record.seq);
        return cells_put_new(s, TABLE_DISPATCH, &new);
    }
    dispatch_cells(id, was, &old);
    return cells_put_changed(s, TABLE_DISPATCH, 2, &old, &new);
}

/* -- all together -----------------------------------------------------------
 */

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
    link_record(s, before, after);
    enum err err = save_facts(s, before, after);
    for (int32_t i = 0; err == OK && i < t->n_dispatches; i++) {
        err = save_dispatch(s, old, t->id, &t->dispatches[i]);
    }
    return err == OK ? clocks_save(s, before, after, at) : err;
}
