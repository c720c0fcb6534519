/* Moves that follow from another's: see follow.h. */
#include "daemon/commands/ticket/follow.h"

#include <stdlib.h>

#include "daemon/commands/ticket/deadlines.h"

/* -- a record of one's own ---------------------------------------------------
 */

static enum err move_recorded(struct work *w, const struct record *like,
                              const char *by, const char *method,
                              int64_t *ret_seq)
{
    struct record record = *like;
    record.by = by;
    record.method = method;
    record.ticket = w->row.ticket.id;
    record.at = w->event.at;
    int64_t seq = 0;
    enum err err = store_record_open(w->store, &record, &seq);
    if (err == OK) {
        err = work_fire(w, seq);
    }
    return err == OK ? store_record_close(w->store, ret_seq) : err;
}

/* Loaded; in an import its clocks due by then have fired at their own times. */
static enum err load(struct work *w, const struct rulebook *book, ticket_id id,
                     const struct record *like, int64_t *ret_seq)
{
    struct fire f = {.now = like->recorded,
                     .until = like->at,
                     .held = true,
                     .importer = like->importer};
    int fired = 0;
    enum err err = work_load(w->store, book, id, w);
    return err == OK && like->imported && w->row.held
               ? deadlines_ticket(w, &f, &fired, ret_seq)
               : err;
}

/* History may know something later of the other ticket already. */
static void set_event(struct work *w, const struct record *like,
                      enum event_type type)
{
    instant last = w->row.ticket.last;
    w->event = (struct event){.type = type,
                              .at = like->at > last ? like->at : last,
                              .imported = like->imported};
}

/* -- the whole ---------------------------------------------------------------
 */

/* Have all parts ended, and was one of them resolved in this round of the
 * whole? Parts that were all withdrawn or declined solve nothing. */
static enum err parts_done(struct work *w, bool *ret)
{
    const struct ticket *t = &w->row.ticket;
    const struct clock *rework = ticket_clock(t, CLOCK_REWORK, 0);
    struct cell binds[] = {cell_int("", t->id),
                           cell_int("", rework == NULL ? 0 : rework->start)};
    struct rows rows;
    *ret = false;
    enum err err = rows_begin(w->store, STMT_PARTS_STATE, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    if (rows_next(&rows)) {
        *ret = rows_int(&rows, 0) == 0 && rows_int(&rows, 1) > 0;
    }
    return rows_end(&rows);
}

static enum err follow_whole(struct work *w, const struct rulebook *book,
                             ticket_id id, const struct record *like,
                             int64_t *ret_seq)
{
    bool done = false;
    enum err err = load(w, book, id, like, ret_seq);
    if (err != OK || w->row.ticket.state != TICKET_HANDLING) {
        return err;
    }
    err = parts_done(w, &done);
    if (err != OK || !done) {
        return err;
    }
    set_event(w, like, EV_RESOLVE);
    return move_recorded(w, like, "clock", "clock.resolve", ret_seq);
}

/* -- the score ---------------------------------------------------------------
 */

static enum err next_unscored(struct store *s, ticket_id whole, ticket_id after,
                              ticket_id *ret)
{
    struct cell binds[] = {cell_int("", whole), cell_int("", after)};
    return rows_number(s, STMT_PART_UNSCORED, binds, 2, 0, ret);
}

static enum err follow_score(struct work *w, const struct rulebook *book,
                             const struct follow *follow,
                             const struct record *like, int64_t *ret_seq)
{
    ticket_id id = 0;
    enum err err = next_unscored(w->store, follow->scored, 0, &id);
    while (err == OK && id != 0) {
        err = load(w, book, id, like, ret_seq);
        if (err == OK && w->row.ticket.state == TICKET_RESOLVED) {
            set_event(w, like, EV_EVALUATE);
            w->event.score = follow->score;
            w->event.solved = follow->solved;
            err = move_recorded(w, like, like->by, "ticket.evaluate", ret_seq);
        }
        if (err == OK) {
            err = next_unscored(w->store, follow->scored, id, &id);
        }
    }
    return err;
}

enum err follow_moves(struct store *s, const struct rulebook *book,
                      const struct follow *follow, const struct record *like,
                      int64_t *ret_seq)
{
    if (follow->whole == 0 && follow->scored == 0) {
        return OK;
    }
    struct work *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return ERR_NO_MEMORY;
    }
    w->store = s;
    enum err err = OK;
    if (follow->whole != 0) {
        err = follow_whole(w, book, follow->whole, like, ret_seq);
    }
    if (err == OK && follow->scored != 0) {
        err = follow_score(w, book, follow, like, ret_seq);
    }
    free(w);
    return err;
}
