/* Calling a meeting, inviting to it, putting tickets on it, closing it. What it
 * decides is in cmd_meeting_decide.c. */
#include <stdlib.h>

#include "daemon/commands/access.h"
#include "daemon/commands/meeting/meeting.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/move.h"

/* -- calling -----------------------------------------------------------------
 */

/* The one unit for which the actor dispatches. */
static enum err own_office(struct call *c, register_id *ret)
{
    const struct actor *a = &c->actor;
    *ret = 0;
    for (int i = 0; i < a->n_posts; i++) {
        register_id unit = a->posts[i].unit;
        if (a->posts[i].role != ROLE_DISPATCHER || unit == *ret) {
            continue;
        }
        if (*ret != 0) {
            return refuse(c, ERR_BAD_PARAM, "office",
                          "the code of the unit that calls it", "missing");
        }
        *ret = unit;
    }
    return *ret != 0
               ? OK
               : refuse(c, ERR_FORBIDDEN, "",
                        "a dispatcher of the unit that calls the meeting", "");
}

static enum err calling_office(struct call *c, register_id *ret)
{
    struct entry entry;
    if (!arg(c, "office")->given) {
        return own_office(c, ret);
    }
    enum err err = named_unit(c, "office", &entry);
    if (err != OK) {
        return err;
    }
    *ret = entry.id;
    return access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), entry.id)
               ? OK
               : refuse(c, ERR_FORBIDDEN, "",
                        "a dispatcher of the unit that calls the meeting", "");
}

static enum err put_meeting(struct call *c, int64_t id, register_id office)
{
    int64_t title = 0;
    int64_t place = 0;
    enum err err = work_text(c, "title", TEXT_MEETING, &title);
    if (err == OK) {
        err = work_text(c, "place", TEXT_MEETING, &place);
    }
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {
        cell_int("id", id),
        cell_int("dispatcher", office),
        cell_int("at", arg(c, "at")->at),
        cell_int("title_text", title),
        cell_int_or_null("place_text", place, 0),
        cell_int("from_at", c->at),
        cell_int("from_seq", c->seq),
        cell_text("ref", arg_text(c, "ref")),
    };
    return store_put(c->store, TABLE_MEETING, cells,
                     arg(c, "ref")->given ? 8 : 7);
}

static enum err free_ref(struct call *c)
{
    struct cell bind = cell_text("", arg_text(c, "ref"));
    struct rows rows;
    if (!arg(c, "ref")->given) {
        return OK;
    }
    enum err err = rows_begin(c->store, STMT_MEETING_BY_REF, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    bool there = rows_next(&rows);
    err = rows_end(&rows);
    return err == OK && there
               ? refuse(c, ERR_EXISTS, "ref", "a reference not used before",
                        arg_text(c, "ref"))
               : err;
}

enum err cmd_meeting_call(struct call *c)
{
    register_id office = 0;
    enum err err = calling_office(c, &office);
    if (err == OK) {
        err = free_ref(c);
    }
    int64_t id = err == OK ? store_next_id(c->store, TABLE_MEETING) : 0;
    if (err == OK) {
        err = put_meeting(c, id, office);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "meeting", json_integer(id));
        json_object_set_new(c->result, "title",
                            result_text(arg_text(c, "title")));
        json_object_set_new(c->result, "at", result_instant(arg(c, "at")->at));
    }
    return err;
}

/* -- inviting ----------------------------------------------------------------
 */

static bool among(register_id unit, const register_id *units, int n)
{
    for (int i = 0; i < n; i++) {
        if (units[i] == unit) {
            return true;
        }
    }
    return false;
}

/* Of what is on the meeting already, each on its own number; nothing of what
 * is against the unit. */
static enum err tell_items(struct call *c, const struct meeting *m,
                           register_id unit)
{
    struct work *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return ERR_NO_MEMORY;
    }
    w->store = c->store;
    w->event = (struct event){.type = EV_MEET, .at = c->at};
    struct cell binds[] = {cell_int("", m->id), cell_int("", unit)};
    struct rows rows;
    enum err err = rows_begin(c->store, STMT_MEETING_TOLD, binds, 2, &rows);
    while (err == OK && rows_next(&rows)) {
        err = notify_one(w, rows_int(&rows, 0), unit, c->seq);
    }
    enum err end = rows_end(&rows);
    free(w);
    return err == OK ? end : err;
}

static enum err invite(struct call *c, const struct meeting *m,
                       register_id unit)
{
    register_id units[MEETING_UNITS_MAX];
    int n = 0;
    enum err err = meeting_units(c, m->id, units, &n);
    if (err != OK) {
        return err;
    }
    if (unit == m->office || among(unit, units, n)) {
        return refuse(c, ERR_EXISTS, "unit", "a unit that is not invited yet",
                      arg_text(c, "unit"));
    }
    err = meeting_invite(c, m->id, unit, n);
    return err == OK && !c->imported ? tell_items(c, m, unit) : err;
}

enum err cmd_meeting_invite(struct call *c)
{
    struct meeting m;
    struct event ev = {.type = EV_MEET};
    enum err err = meeting_begin(c, &m);
    if (err == OK) {
        err = dispatching_unit(c, &ev);
    }
    if (err == OK) {
        err = invite(c, &m, ev.unit);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "meeting", json_integer(m.id));
        json_object_set_new(c->result, "unit",
                            json_string(arg_text(c, "unit")));
    }
    return err;
}

/* -- putting a ticket on it --------------------------------------------------
 */

/* Who works on the ticket comes without being invited. */
static enum err invite_workers(struct call *c, const struct meeting *m,
                               struct work *w)
{
    const struct ticket *t = &w->row.ticket;
    enum err err = meeting_units(c, m->id, w->also, &w->n_also);
    for (int32_t i = 0; err == OK && i < t->n_dispatches; i++) {
        const struct dispatch *d = &t->dispatches[i];
        if (!dispatch_at_work(d) || d->unit == m->office ||
            among(d->unit, w->also, w->n_also)) {
            continue;
        }
        err = meeting_invite(c, m->id, d->unit, w->n_also);
        if (err == OK) {
            w->also[w->n_also++] = d->unit;
        }
    }
    return err;
}

static void leave_out(struct work *w, register_id unit)
{
    int n = 0;
    for (int i = 0; i < w->n_also; i++) {
        if (w->also[i] != unit) {
            w->also[n++] = w->also[i];
        }
    }
    w->n_also = n;
}

/* The unit that a ticket is against is not told of it, nor who took it over. */
static enum err leave_out_against(struct call *c, struct work *w)
{
    struct entry heir;
    register_id against = w->row.ticket.against;
    if (against == 0) {
        return OK;
    }
    leave_out(w, against);
    enum err err = registry_successor(c->store, against, &heir);
    if (err == OK) {
        leave_out(w, heir.id);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err room_for_item(struct call *c, const struct meeting *m)
{
    struct cell bind = cell_int("", m->id);
    struct rows rows;
    enum err err =
        rows_begin(c->store, STMT_MEETING_ITEM_COUNT, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    int64_t n = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    err = rows_end(&rows);
    return err != OK || n < MEETING_ITEMS_MAX
               ? err
               : refuse(c, ERR_LIMIT, "meeting", "at most 100 tickets on it",
                        "");
}

static enum err put_item(struct call *c, const struct meeting *m, ticket_id id)
{
    struct cell cells[] = {
        cell_int("meeting", m->id),
        cell_int("ticket", id),
        cell_int("from_seq", c->seq),
    };
    return store_put(c->store, TABLE_MEETING_ITEM, cells, 3);
}

static enum err add(struct call *c, const struct meeting *m, struct work *w)
{
    static const struct said said[] = {{"reason", TEXT_MEETING}};
    if (w->row.ticket.dispatcher != m->office) {
        return refuse(c, ERR_FORBIDDEN, "ticket",
                      "a ticket of the unit that calls the meeting", "");
    }
    enum err err = room_for_item(c, m);
    if (err == OK) {
        err = invite_workers(c, m, w);
    }
    if (err == OK) {
        err = leave_out_against(c, w);
    }
    if (err == OK) {
        err = move_finish(c, w, said, 1);
    }
    return err == OK ? put_item(c, m, w->row.ticket.id) : err;
}

enum err cmd_meeting_add(struct call *c)
{
    struct meeting m;
    struct work w;
    enum err err = meeting_begin(c, &m);
    if (err == OK) {
        err = move_dispatcher(c, &w, EV_MEET, false);
    }
    if (err == OK) {
        err = add(c, &m, &w);
    }
    if (err == OK) {
        json_object_set_new(c->result, "meeting", json_integer(m.id));
    }
    return err;
}

/* -- closing -----------------------------------------------------------------
 */

/* A ticket that was withdrawn meanwhile needs no decision any more. */
static enum err all_decided(struct call *c, const struct meeting *m)
{
    char number[TICKET_TEXT_SIZE];
    struct cell bind = cell_int("", m->id);
    struct rows rows;
    enum err err =
        rows_begin(c->store, STMT_MEETING_UNDECIDED, &bind, 1, &rows);
    if (err != OK) {
        return err;
    }
    ticket_id id = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    err = rows_end(&rows);
    return err != OK || id == 0
               ? err
               : refuse(c, ERR_BLOCKED, "meeting",
                        "a decision on every ticket that is on it",
                        ticket_id_format(id, number));
}

static enum err put_closed(struct call *c, const struct meeting *m)
{
    int64_t minutes = 0;
    enum err err = work_text(c, "minutes", TEXT_MEETING, &minutes);
    if (err != OK) {
        return err;
    }
    struct cell cells[] = {
        cell_int("id", m->id),
        cell_int("closed_at", c->at),
        cell_int("closed_seq", c->seq),
        cell_int_or_null("minutes_text", minutes, 0),
    };
    return store_put(c->store, TABLE_MEETING, cells, 4);
}

enum err cmd_meeting_close(struct call *c)
{
    struct meeting m;
    enum err err = meeting_begin(c, &m);
    if (err == OK) {
        err = all_decided(c, &m);
    }
    if (err == OK) {
        err = put_closed(c, &m);
    }
    if (err == OK) {
        c->result = json_object();
        json_object_set_new(c->result, "meeting", json_integer(m.id));
        json_object_set_new(c->result, "closed", result_instant(c->at));
    }
    return err;
}
