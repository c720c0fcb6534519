/* What the clock does: escalations, recorded silence, archiving. Each firing is
 * a record of its own by "clock" and moves its clock on in the same
 * transaction, so that it happens exactly once, also after downtime. */
#include "daemon/commands/ticket/deadlines.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    FIRINGS_MAX = 256
}; /* of one ticket in one call; the rest come next */

static enum err fire_one(struct work *w, const struct fire *f, int64_t *ret_seq)
{
    char method[48];
    snprintf(method, sizeof method, "clock.%s", event_name(w->event.type));
    struct record record = {.at = w->event.at,
                            .recorded = f->now,
                            .by = "clock",
                            .method = method,
                            .ticket = w->row.ticket.id,
                            .imported = f->held,
                            .importer = f->importer};
    int64_t seq = 0;
    enum err err = store_record_open(w->store, &record, &seq);
    if (err == OK) {
        err = work_fire(w, seq);
    }
    return err == OK ? store_record_close(w->store, ret_seq) : err;
}

enum err deadlines_ticket(struct work *w, const struct fire *f, int *ret_fired,
                          int64_t *ret_seq)
{
    int fired = 0;
    enum err err = OK;
    while (err == OK && fired < FIRINGS_MAX) {
        int32_t clock = 0;
        instant next = ticket_next(&w->row.ticket, &clock);
        if (next == INSTANT_NONE || next > f->until) {
            break;
        }
        struct event kept = w->event;
        w->event = ticket_next_event(&w->row.ticket, clock);
        if (!f->held) {
            w->event.at = f->now;
        }
        err = fire_one(w, f, ret_seq);
        w->event = kept;
        w->row = w->after;
        fired++;
    }
    if (err == OK) {
        *ret_fired = fired;
    }
    return err;
}

enum err deadlines_next_record(struct call *c, ticket_id id, struct work *w)
{
    struct fire f = {.now = c->recorded,
                     .until = c->at,
                     .held = true,
                     .importer = c->importer};
    int fired = 0;
    enum err err = store_record_close(c->store, &c->seq);
    if (err == OK) {
        err = work_load(c->store, c->book, id, w);
    }
    if (err == OK && c->imported && w->row.held) {
        err = deadlines_ticket(w, &f, &fired, &c->seq);
    }
    if (err == OK) {
        err = call_open_record(c, c->command->name);
    }
    if (err == OK) {
        w->event.at = c->at;
        w->event.imported = c->imported;
        store_record_ticket(c->store, id);
    }
    return err;
}

static enum err fire_ticket(struct store *s, struct rulebook *book,
                            ticket_id id, const struct fire *f)
{
    struct work w;
    int fired = 0;
    int64_t seq = 0;
    enum err err = work_load(s, book, id, &w);
    return err == OK ? deadlines_ticket(&w, f, &fired, &seq) : err;
}

static enum err fire_marked(struct store *s, struct rulebook *book,
                            ticket_id id, const struct fire *f)
{
    enum err err = store_mark(s);
    if (err != OK) {
        return err;
    }
    err = fire_ticket(s, book, id, f);
    if (err == OK) {
        return store_keep(s);
    }
    store_undo(s);
    /* the ticket is damaged, not the file as SQLite sees it */
    return err == ERR_CORRUPT && store_lost(s) == OK ? deadline_set_aside(s, id)
                                                     : err;
}

/* What ends the batch for all, as against what is one ticket's own trouble. */
static bool is_fatal(enum err err)
{
    return err == ERR_STORE || err == ERR_CORRUPT || err == ERR_DISK_FULL ||
           err == ERR_NO_MEMORY;
}

/* Marked one by one, a ticket whose clock does not fire keeps no other from
 * firing: its error is told at the end, and a damaged one is set aside. Inside
 * a command, all or none. */
static enum err fire_ids(struct store *s, struct rulebook *book,
                         const struct fire *f, const ticket_id *ids, int n)
{
    enum err first = OK;
    for (int i = 0; i < n; i++) {
        enum err err = f->inside ? fire_ticket(s, book, ids[i], f)
                                 : fire_marked(s, book, ids[i], f);
        if (is_fatal(err) || (err != OK && f->inside)) {
            return err;
        }
        first = first == OK ? err : first;
    }
    return first;
}

static enum err fire_due(struct store *s, struct rulebook *book,
                         const struct fire *f, int max, int *ret_fired)
{
    ticket_id *ids = malloc((size_t)max * sizeof *ids);
    if (ids == NULL) {
        return ERR_NO_MEMORY;
    }
    int n = 0;
    enum err err = deadline_due_tickets(s, f->held, f->until, ids, max, &n);
    if (err == OK) {
        err = fire_ids(s, book, f, ids, n);
    }
    free(ids);
    if (err == OK) {
        *ret_fired = n;
    }
    return err;
}

static enum err any_more(struct store *s, const struct fire *f, bool *ret)
{
    instant next = INSTANT_NONE;
    enum err err = deadline_next(s, f->held, &next);
    if (err == OK) {
        *ret = next != INSTANT_NONE && next <= f->until;
    }
    return err;
}

static enum err fire(struct store *s, struct rulebook *book,
                     const struct fire *f, int max, int *ret_fired,
                     bool *ret_more)
{
    enum err err = fire_due(s, book, f, max, ret_fired);
    return err == OK ? any_more(s, f, ret_more) : err;
}

enum err deadlines_sweep(struct store *s, struct rulebook *book,
                         const struct fire *f, int max, int *ret_fired,
                         bool *ret_more)
{
    struct fire inside = *f;
    inside.inside = true;
    return fire(s, book, &inside, max, ret_fired, ret_more);
}

enum err deadlines_fire(struct store *s, struct rulebook *book, instant now,
                        bool held, int max, int *ret_fired, bool *ret_more)
{
    struct fire f = {.now = now, .until = now, .held = held};
    return fire(s, book, &f, max, ret_fired, ret_more);
}
