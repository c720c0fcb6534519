/* One box of mine, read: see mine_box.h. */
#include "daemon/commands/view/mine_box.h"

#include "core/due.h"
#include "daemon/commands/access.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/view/mine.h"
#include "daemon/store/scope.h"

enum {
    LOOKED_AT_MAX = 5000, /* a page ends, however short, after so many */
    YELLOW_SPARE = 10     /* working days more than any yellow light needs */
};

const char box_columns[] = "number title what role due light since";

/* -- one row -----------------------------------------------------------------
 */

static enum err row_title(struct call *c, ticket_id id, json_t *row)
{
    struct cell bind = cell_int("", id);
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_MINE_TITLE, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    row_number(row, id);
    row_text(row, rows_next(&rows) ? rows_text(&rows, 0) : NULL);
    return rows_end(&rows);
}

static enum err write_clock(struct box_reader *r, const struct mine_row *m)
{
    json_t *row = table_row(r->table);
    enum err err = row_title(r->c, m->spot.ticket, row);
    row_text(row, clock_kind_name(m->kind));
    row_text(row, m->role);
    row_instant(row, m->spot.due == INT64_MAX ? INSTANT_NONE : m->spot.due);
    row_text(row, light_name(m->light));
    row_instant(row, m->since);
    return err;
}

/* A row of what was done or told. */
static enum err write_plain(struct box_reader *r, ticket_id id,
                            const char *what, instant since)
{
    json_t *row = table_row(r->table);
    enum err err = row_title(r->c, id, row);
    row_text(row, what);
    row_text(row, NULL);
    row_text(row, NULL);
    row_text(row, NULL);
    row_instant(row, since);
    return err;
}

/* Room for one more? */
static bool takes(struct box_reader *r)
{
    r->more = r->n == r->limit;
    return !r->more;
}

/* -- todo, soon, overdue -----------------------------------------------------
 */

static bool in_box(enum box box, enum light light)
{
    return box == BOX_TODO || (box == BOX_SOON && light == LIGHT_YELLOW) ||
           (box == BOX_OVERDUE && light == LIGHT_RED);
}

/* Past this due nothing can be yellow yet, whatever regulation it is under. */
static instant yellow_end(const struct call *c)
{
    int32_t days = 0;
    const struct regulation *reg = NULL;
    for (int64_t v = 1; (reg = rulebook_regulation(c->book, v)) != NULL; v++) {
        days = reg->lights.yellow_wd > days ? reg->lights.yellow_wd : days;
    }
    reg = rulebook_in_force(c->book, c->at);
    struct limit limit = {.n = days + YELLOW_SPARE, .unit = LIMIT_WD};
    struct due due;
    enum err err = reg == NULL
                       ? ERR_NOT_FOUND
                       : calendar_due(rulebook_calendar(c->book, 0),
                                      &reg->worktime, c->at, limit, &due);
    return err == OK ? due.at : INT64_MAX;
}

static instant box_end(const struct call *c, enum box box)
{
    return box == BOX_OVERDUE ? c->at
           : box == BOX_SOON  ? yellow_end(c)
                              : INT64_MAX;
}

/* A ticket stands under its first clock only; what the clock that was found is
 * not the first of stands elsewhere. */
static enum err look_at(struct box_reader *r, struct spot spot)
{
    struct mine_row m;
    bool found = false;
    enum err err = mine_judge(r->c, spot.ticket, &m, &found);
    r->looked++;
    bool here =
        err == OK && found && m.spot.due == spot.due && in_box(r->box, m.light);
    if (!here || !takes(r)) {
        return err;
    }
    r->n++;
    r->yellow += m.light == LIGHT_YELLOW ? 1 : 0;
    r->red += m.light == LIGHT_RED ? 1 : 0;
    return r->table == NULL ? OK : write_clock(r, &m);
}

static enum err read_clocks(struct box_reader *r, struct merge *merge)
{
    instant end = box_end(r->c, r->box);
    enum err err = OK;
    struct stream *first;
    for (int looked = 0; err == OK && (first = merge_first(merge)) != NULL;) {
        struct spot spot = first->head;
        if (spot.due > end) {
            break;
        }
        bool again = looked > 0 && spot.due == r->last.due &&
                     spot.ticket == r->last.ticket;
        if (!again && looked++ == LOOKED_AT_MAX) {
            r->more = true;
        } else if (!again) {
            err = look_at(r, spot);
        }
        if (r->more) {
            break;
        }
        r->last = spot;
        if (err == OK) {
            err = merge_next(merge, first);
        }
    }
    return err;
}

static enum err waiting(struct box_reader *r, struct spot after)
{
    struct merge merge;
    if (r->box == BOX_SOON && after.due < r->c->at - 1) {
        after = (struct spot){r->c->at - 1, INT64_MAX};
    }
    enum err err = mine_open(r->c, after, &merge);
    if (err == OK) {
        err = read_clocks(r, &merge);
    }
    merge_free(&merge);
    return err;
}

/* -- done --------------------------------------------------------------------
 */

/* Newest first: the keys are counted down from zero. */
static enum err done(struct box_reader *r, struct spot after)
{
    int64_t until = after.due == INT64_MIN ? INT64_MAX : -after.due;
    struct cell binds[] = {access_bind(r->c), cell_int("", r->c->actor.person),
                           cell_int("", until), cell_int("", after.ticket)};
    struct rows rows;
    enum err err = rows_begin(r->c->store, STMT_MINE_DONE, binds, 4, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows) && takes(r)) {
        ticket_id id = rows_int(&rows, 0);
        instant at = rows_int(&rows, 1);
        r->last = (struct spot){-at, id};
        r->n++;
        if (r->table != NULL) {
            enum ticket_state state =
                (enum ticket_state)rows_enum(&rows, 2, TICKET_STATE_COUNT);
            err = write_plain(r, id, ticket_state_name(state), at);
        }
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

/* -- told --------------------------------------------------------------------
 */

/* Told or not, a ticket that one may not see today stays unseen. */
static const char told_sql[] =
    "SELECT -n.id, n.ticket, n.event, n.at, n.seq FROM notice n"
    " INDEXED BY notice_target CROSS JOIN ticket t ON t.id = n.ticket"
    " WHERE n.target = ?2 AND n.id < ?3 AND " SCOPE_WHERE " ORDER BY n.id DESC";

static enum err told_to(const struct call *c, struct merge *merge,
                        register_id target, int64_t mark)
{
    struct cell binds[] = {access_bind(c), cell_int("", target),
                           cell_int("", mark)};
    return merge_add(merge, told_sql, binds, 3);
}

/* Oneself and for whom one acts, and the units for which one works. */
static enum err open_told(struct call *c, int64_t mark, struct merge *merge)
{
    struct cell bind = cell_text("", c->actor.people);
    struct rows rows;
    *merge = (struct merge){.store = c->store};
    if (c->actor.person == 0) {
        return OK;
    }
    enum err err = rows_begin(c->store, STMT_MINE_TARGETS, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    while (err == OK && rows_next(&rows)) {
        err = told_to(c, merge, rows_int(&rows, 0), mark);
    }
    enum err end = rows_end(&rows);
    return err == OK ? end : err;
}

static enum err write_told(struct box_reader *r, const struct rows *rows)
{
    enum event_type event = (enum event_type)rows_enum(rows, 2, EV_COUNT);
    return r->table == NULL ? OK
                            : write_plain(r, rows_int(rows, 1),
                                          event_name(event), rows_int(rows, 3));
}

/* One move is told to a unit and to its handler: once to who is both. */
static enum err read_told(struct box_reader *r, struct merge *merge)
{
    int64_t seq = 0;
    ticket_id ticket = 0;
    enum err err = OK;
    struct stream *first;
    while (err == OK && (first = merge_first(merge)) != NULL) {
        const struct rows *rows = &first->rows;
        bool again = rows_int(rows, 4) == seq && first->head.ticket == ticket;
        if (!again && !takes(r)) {
            break;
        }
        seq = rows_int(rows, 4);
        ticket = first->head.ticket;
        r->last = first->head;
        if (!again) {
            r->n++;
            err = write_told(r, rows);
        }
        if (err == OK) {
            err = merge_next(merge, first);
        }
    }
    return err;
}

static enum err told(struct box_reader *r, struct spot after)
{
    struct merge merge;
    int64_t mark = after.due == INT64_MIN ? INT64_MAX : -after.due;
    enum err err = open_told(r->c, mark, &merge);
    if (err == OK) {
        err = read_told(r, &merge);
    }
    merge_free(&merge);
    return err;
}

/* -- any ----------------------------------------------------------------------
 */

enum err box_read(struct box_reader *r, struct spot after)
{
    switch (r->box) {
    case BOX_DONE:
        return done(r, after);
    case BOX_TOLD:
        return told(r, after);
    default:
        return waiting(r, after);
    }
}
