/* Moving a ticket: see apply.h. */
#include "daemon/commands/ticket/apply.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/lifecycle.h"
#include "daemon/commands/access.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/ticket/parts.h"
#include "daemon/commands/ticket/refusals.h"
#include "daemon/commands/ticket/ticket_access.h"

/* -- loading -----------------------------------------------------------------
 */

static enum err resolve_codes(struct ticket_row *row,
                              const struct regulation *reg)
{
    struct ticket *t = &row->ticket;
    t->category = regulation_category(reg, row->category);
    t->urgency = regulation_urgency(reg, row->urgency);
    t->channel = regulation_channel(reg, row->channel);
    bool known = t->category >= 0 && t->urgency >= 0 && t->channel >= 0;
    return known ? OK : ERR_CORRUPT;
}

enum err work_load(struct store *s, const struct rulebook *book, ticket_id id,
                   struct work *ret)
{
    enum err err = ticket_load(s, id, &ret->row);
    if (err != OK) {
        return err;
    }
    ret->store = s;
    ret->n_also = 0;
    ret->event = (struct event){.type = EV_NOTE};
    ret->rules.regulation = rulebook_regulation(book, ret->row.regulation);
    if (ret->rules.regulation == NULL) {
        return ERR_CORRUPT;
    }
    ret->rules.calendar = rulebook_calendar(book, ret->row.ticket.dispatcher);
    err = resolve_codes(&ret->row, ret->rules.regulation);
    /* a file may hold anything: one bad ticket is no end of the others */
    return err == OK && !ticket_ok(&ret->row.ticket) ? ERR_CORRUPT : err;
}

/* An unknown reference is that of ticket 0, which there is not: what follows is
 * the same as for one that may not be seen. */
enum err ticket_given(struct call *c, const char *param, ticket_id *ret)
{
    const struct value *value = arg(c, param);
    *ret = value->number;
    enum err err = *ret != 0 ? OK : ticket_find_ref(c->store, value->text, ret);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Before anything is read of it: what one may not see costs what a missing one
 * does, and nothing about it can show in another refusal. History is told by
 * who imports it, and asks the register of its time, in the handler. */
static enum err only_seen(struct call *c, ticket_id id)
{
    bool sees = false;
    enum err err = c->imported ? OK : access_sees(c, id, &sees);
    return err == OK && !sees && !c->imported ? ERR_NOT_FOUND : err;
}

enum err work_begin(struct call *c, struct work *ret)
{
    ticket_id id = 0;
    enum err err = ticket_given(c, "ticket", &id);
    if (err == OK) {
        err = only_seen(c, id);
    }
    if (err == OK) {
        err = work_load(c->store, c->book, id, ret);
    }
    if (err == ERR_NOT_FOUND) {
        return refuse(c, err, "ticket", "", "");
    }
    if (err != OK) {
        return err;
    }
    if (c->imported && (ret->row.ticket.flags & TICKET_IMPORTED) == 0) {
        return refuse(c, ERR_FORBIDDEN, "ticket", "a ticket made by import",
                      "this ticket is a live one");
    }
    ret->event.at = c->at;
    ret->event.imported = c->imported;
    if (c->command->effect == EFFECT_WRITE) {
        store_record_ticket(c->store, id);
    }
    return OK;
}

/* -- stepping ----------------------------------------------------------------
 */

void work_hold(struct ticket *t)
{
    for (int32_t i = 0; i < t->n_clocks; i++) {
        struct clock *c = &t->clocks[i];
        bool acts = c->kind == CLOCK_EVALUATE || c->kind == CLOCK_ARCHIVE;
        if (c->run != CLOCK_RUNNING || c->next == INSTANT_NONE ||
            c->next_step == STEP_NEXT_DUE) {
            continue;
        }
        c->next = acts ? clock_red(c) : INSTANT_NONE;
        c->next_step = c->next == INSTANT_NONE ? 0 : STEP_NEXT_DUE;
    }
}

/* What an extension counted on from the old due: as asked, if the grant does
 * not say. */
static struct limit extended_by(const struct work *w)
{
    const struct event *ev = &w->event;
    const struct dispatch *d =
        ticket_dispatch(&w->row.ticket, w->outcome.dispatch);
    if (ev->type == EV_MEET_EXTEND ||
        (ev->type == EV_EXTEND_GRANT && ev->has_limit)) {
        return ev->limit;
    }
    return ev->type == EV_EXTEND_GRANT && d != NULL
               ? d->extension
               : (struct limit){.unit = LIMIT_NONE};
}

static enum err step_and_save(struct work *w)
{
    enum err err =
        ticket_step(&w->rules, &w->row.ticket, &w->event, &w->outcome);
    if (err != OK) {
        return err;
    }
    w->after = w->row;
    w->after.ticket = w->outcome.after;
    w->after.moved = extended_by(w);
    if (w->row.held) {
        work_hold(&w->after.ticket);
        w->outcome.after = w->after.ticket;
    }
    w->follow = (struct follow){.whole = 0};
    parts_note(w, &w->follow);
    return ticket_save(w->store, &w->row, &w->after, w->event.at);
}

/* Nobody is told about the past. */
static enum err tell(const struct work *w, int64_t seq)
{
    if (w->after.held) {
        return OK;
    }
    enum err err = notify_outcome(w, seq);
    return err == OK ? parts_tell_merged(w, seq) : err;
}

enum err work_step(struct call *c, struct work *w)
{
    enum err err = ticket_not_to_heir(c, w);
    if (err != OK) {
        return err;
    }
    err = step_and_save(w);
    if (err != OK) {
        return work_refuse(c, w, err);
    }
    if (w->follow.whole != 0 || w->follow.scored != 0) {
        c->follow = w->follow;
    }
    if (c->imported) {
        return OK;
    }
    err = tell(w, c->seq);
    return err == OK && c->actor.person != 0
               ? acted_note(c->store, c->actor.person, w->row.ticket.id, c->at)
               : err;
}

static int32_t turn_of(const struct ticket *t, int32_t clock)
{
    for (int32_t i = 0; i < t->n_clocks; i++) {
        if (t->clocks[i].n == clock) {
            return t->clocks[i].turn;
        }
    }
    return 0;
}

static enum err put_escalation(const struct work *w, int64_t seq)
{
    struct cell cells[] = {
        cell_int("ticket", w->row.ticket.id),
        cell_int("clock", w->event.clock),
        cell_int("step", w->event.step),
        cell_int("turn", turn_of(&w->row.ticket, w->event.clock)),
        cell_int("does", w->outcome.does),
        cell_int("at", w->event.at - w->outcome.fired_late),
        cell_int("late_s", w->outcome.fired_late),
        cell_int("seq", seq),
    };
    return store_put(w->store, TABLE_ESCALATION, cells,
                     (int)(sizeof cells / sizeof cells[0]));
}

enum err work_fire(struct work *w, int64_t seq)
{
    enum err err = step_and_save(w);
    if (err == OK && w->event.type == EV_ESCALATE) {
        err = put_escalation(w, seq);
    }
    return err == OK ? tell(w, seq) : err;
}

/* -- texts and answers -------------------------------------------------------
 */

enum err work_text(struct call *c, const char *param, enum text_purpose purpose,
                   int64_t *ret_id)
{
    const struct value *value = arg(c, param);
    *ret_id = 0;
    if (!value->given) {
        return OK;
    }
    return store_text_add(c->store, purpose, value->text, value->len, ret_id);
}

const struct clock *work_main_clock(const struct ticket *t)
{
    static const enum clock_kind waits[] = {
        CLOCK_SUPPLEMENT, CLOCK_TRIAGE,  CLOCK_REVIEW,     CLOCK_REWORK,
        CLOCK_EVALUATE,   CLOCK_ARCHIVE, CLOCK_SUSPENSION, CLOCK_MEETING,
        CLOCK_APPEAL,     CLOCK_OVERALL,
    };
    const struct dispatch *lead = ticket_lead(t);
    const struct clock *found =
        lead == NULL ? NULL : ticket_clock(t, CLOCK_FINISH, lead->n);
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        if (found != NULL && found->run == CLOCK_RUNNING) {
            return found;
        }
        found = ticket_clock(t, waits[i], 0);
    }
    return found != NULL && found->run == CLOCK_RUNNING ? found : NULL;
}

json_t *work_result(const struct call *c, const struct work *w)
{
    const struct ticket *t = &w->outcome.after;
    json_t *result = json_object();
    json_object_set_new(result, "number", result_number(t->id));
    json_object_set_new(result, "state",
                        json_string(ticket_state_name(t->state)));
    json_object_set_new(result, "light",
                        json_string(light_name(ticket_light(t, c->at))));
    const struct clock *clock = NULL;
    if (w->outcome.dispatch != 0) {
        json_object_set_new(result, "dispatch",
                            json_integer(w->outcome.dispatch));
        clock = ticket_clock(t, CLOCK_FINISH, w->outcome.dispatch);
    }
    if (clock == NULL) {
        clock = work_main_clock(t);
    }
    if (clock != NULL) {
        json_object_set_new(result, "clock",
                            json_string(clock_kind_name(clock->kind)));
        json_object_set_new(result, "due", result_instant(clock->due.at));
    }
    return result;
}
