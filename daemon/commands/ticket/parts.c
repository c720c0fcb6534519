/* The parts of a split ticket and their whole: see parts.h. */
#include "daemon/commands/ticket/parts.h"

/* -- what a move asks for ----------------------------------------------------
 */

/* A part that has ended is no work of anybody's any more. */
static bool ended(enum ticket_state state)
{
    return state == TICKET_RESOLVED || state == TICKET_ARCHIVED ||
           state == TICKET_DECLINED || state == TICKET_WITHDRAWN ||
           state == TICKET_MERGED;
}

/* A whole that was suspended while its last part ended. From a meeting it comes
 * back with one part more only: a whole has no lead to dispatch, extend or
 * resolve for. */
static bool taken_up(const struct ticket *was, const struct ticket *is)
{
    return was->state == TICKET_SUSPENDED && is->state == TICKET_HANDLING;
}

void parts_note(const struct work *w, struct follow *ret)
{
    const struct ticket *was = &w->row.ticket;
    const struct ticket *is = &w->after.ticket;
    bool whole = (is->flags & TICKET_PARENT) != 0;
    if (is->parent != 0 && !ended(was->state) && ended(is->state)) {
        ret->whole = is->parent;
    } else if (whole && taken_up(was, is)) {
        ret->whole = is->id;
    }
    if (whole && w->event.type == EV_EVALUATE) {
        ret->scored = is->id;
        ret->score = w->event.score;
        ret->solved = w->event.solved;
    }
}

/* -- what was merged ---------------------------------------------------------
 */

enum err parts_tell_merged(const struct work *w, int64_t seq)
{
    bool now = w->after.ticket.state == TICKET_RESOLVED &&
               w->row.ticket.state != TICKET_RESOLVED;
    if (!now) {
        return OK;
    }
    struct cell bind = cell_int("", w->after.ticket.id);
    struct rows rows;
    enum err err = rows_begin(w->store, STMT_MERGED_HERE, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = notify_one(w, rows_int(&rows, 0), rows_int(&rows, 1), seq);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}
