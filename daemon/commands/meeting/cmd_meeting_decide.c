/* meeting.decide: what a joint meeting decides on one ticket. It dispatches,
 * splits off a first part, extends, or proposes a resolution that still goes to
 * evaluation. */
#include <stdlib.h>
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/meeting/meeting.h"
#include "daemon/commands/result.h"
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/split.h"

/* In the order of the choices of `decision`. `needs` has none missing, `may` is
 * all else that may be said; both begin and end with a blank. */
struct decision {
    enum event_type type;
    const char *needs;
    const char *may;
};
static const struct decision decisions[] = {
    {EV_MEET_DISPATCH, " unit measure ", " limit due plan "},
    {EV_MEET_SPLIT, " title ", " category unit measure limit due part_ref "},
    {EV_MEET_EXTEND, "", " limit due "},
    {EV_MEET_RESOLVE, " public ", " internal "},
};

struct deciding {
    struct meeting meeting;
    const struct decision *decision;
    int64_t from_seq; /* of the item */
    struct work work;
    struct part part; /* of a split */
};

/* -- what is said ------------------------------------------------------------
 */

static bool names(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = list; (p = strstr(p, name)) != NULL; p += len) {
        if (p[-1] == ' ' && p[len] == ' ') {
            return true;
        }
    }
    return false;
}

/* What belongs to another decision is not silently dropped. */
static enum err check_params(struct call *c, const struct decision *d)
{
    for (int i = 0; i < c->command->n_args; i++) {
        const char *name = c->command->args[i].name;
        bool common = names(" meeting ticket decision text ", name);
        bool needed = names(d->needs, name);
        if (needed && !c->values[i].given) {
            return refuse(c, ERR_BAD_PARAM, name, "given for this decision",
                          "missing");
        }
        if (c->values[i].given && !common && !needed && !names(d->may, name)) {
            return refuse(c, ERR_BAD_PARAM, name, "not with this decision",
                          arg_text(c, "decision"));
        }
    }
    bool until = arg(c, "limit")->given || arg(c, "due")->given;
    return d->type != EV_MEET_EXTEND || until
               ? OK
               : refuse(c, ERR_BAD_PARAM, "limit", "by how much, like 5wd",
                        "missing");
}

static enum err read_event(struct call *c, struct deciding *d)
{
    struct event *ev = &d->work.event;
    ev->type = d->decision->type;
    ev->kind = DISPATCH_LEAD;
    switch (ev->type) {
    case EV_MEET_DISPATCH:
        return dispatching_facts(c, ev);
    case EV_MEET_EXTEND:
        return dispatching_limit(c, ev);
    case EV_MEET_SPLIT:
        return split_read(c, &d->work, NULL, &d->part);
    default:
        return OK;
    }
}

/* -- the item ----------------------------------------------------------------
 */

/* Whose office decides, not who dispatches the ticket by now: an enterprise may
 * have moved to another chain since. */
static enum err find_item(struct call *c, struct deciding *d)
{
    ticket_id id = d->work.row.ticket.id;
    struct cell binds[] = {cell_int("", d->meeting.id), cell_int("", id)};
    struct rows rows;
    bool sees = false;
    enum err err =
        rows_begin(c->store, STMT_MEETING_ITEM_OPEN, binds, 2, &rows);
    if (err != OK) {
        return err;
    }
    d->from_seq = rows_next(&rows) ? rows_int(&rows, 0) : 0;
    err = rows_end(&rows);
    if (err != OK || d->from_seq != 0) {
        return err;
    }
    err = access_sees(c, id, &sees);
    if (err != OK) {
        return err;
    }
    return sees ? refuse(c, ERR_BAD_STATE, "ticket",
                         "a ticket on this meeting, not decided yet", "")
                : refuse(c, ERR_NOT_FOUND, "ticket", "", "");
}

static enum err put_decided(struct call *c, const struct deciding *d)
{
    struct cell cells[] = {
        cell_int("meeting", d->meeting.id),
        cell_int("ticket", d->work.row.ticket.id),
        cell_int("from_seq", d->from_seq),
        cell_int("decided_at", c->at),
        cell_int("decision", d->decision->type),
        cell_int("decided_seq", c->seq),
    };
    return store_put(c->store, TABLE_MEETING_ITEM, cells, 6);
}

/* -- deciding ----------------------------------------------------------------
 */

static enum err carry_out(struct call *c, struct deciding *d)
{
    static const struct said said[] = {{"text", TEXT_MEETING},
                                       {"public", TEXT_PUBLIC},
                                       {"internal", TEXT_INTERNAL}};
    enum err err = move_finish(c, &d->work, said, 3);
    if (err == OK && d->decision->type == EV_MEET_DISPATCH) {
        err = dispatching_measure(c, &d->work);
    }
    if (err == OK) {
        err = put_decided(c, d);
    }
    if (err == OK && d->decision->type == EV_MEET_SPLIT) {
        err = split_make(c, &d->part);
    }
    return err;
}

static void answer(struct call *c, const struct deciding *d)
{
    json_object_set_new(c->result, "meeting", json_integer(d->meeting.id));
    json_object_set_new(c->result, "decision",
                        json_string(event_name(d->decision->type)));
    if (d->decision->type == EV_MEET_SPLIT) {
        const struct ticket *part = &d->part.work.outcome.after;
        json_object_set_new(c->result, "new_ticket", result_number(part->id));
    }
}

static enum err decide(struct call *c, struct deciding *d)
{
    enum err err = meeting_begin(c, &d->meeting);
    if (err == OK) {
        err = work_begin(c, &d->work);
    }
    if (err == OK) {
        err = find_item(c, d);
    }
    if (err == OK) {
        err = check_params(c, d->decision);
    }
    if (err == OK) {
        err = read_event(c, d);
    }
    if (err == OK) {
        err = carry_out(c, d);
    }
    if (err == OK) {
        answer(c, d);
    }
    return err;
}

enum err cmd_meeting_decide(struct call *c)
{
    struct deciding *d = calloc(1, sizeof *d);
    if (d == NULL) {
        return ERR_NO_MEMORY;
    }
    d->decision = &decisions[arg(c, "decision")->number];
    enum err err = decide(c, d);
    free(d);
    return err;
}
