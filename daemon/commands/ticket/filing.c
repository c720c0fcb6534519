/* Filing a ticket: see filing.h. */
#include "daemon/commands/ticket/filing.h"
#include "daemon/commands/rules/rulebook.h"

#include <stdio.h>

enum err filing_regulation(struct call *c, const struct regulation **ret)
{
    *ret = rulebook_in_force(c->book, c->at);
    if (*ret == NULL && c->imported) {
        *ret = rulebook_regulation(c->book, 1);
    }
    return *ret != NULL ? OK
                        : refuse(c, ERR_BLOCKED, "",
                                 "a regulation that is in force", "");
}

enum err filing_ref(struct call *c, const char *param, struct ticket_row *row)
{
    const char *ref = arg_text(c, param);
    if (ref == NULL) {
        return OK;
    }
    ticket_id other = 0;
    enum err err = ticket_find_ref(c->store, ref, &other);
    if (err == OK) {
        return refuse(c, ERR_EXISTS, param, "a reference not used before", ref);
    }
    snprintf(row->ref, sizeof row->ref, "%s", ref);
    return err == ERR_NOT_FOUND ? OK : err;
}

static void filed_row(const struct call *c, struct work *w)
{
    const struct regulation *reg = w->rules.regulation;
    struct ticket_row *row = &w->after;
    row->ticket = w->outcome.after;
    snprintf(row->category, sizeof row->category, "%s",
             reg->categories[w->event.category].code);
    snprintf(row->urgency, sizeof row->urgency, "%s",
             reg->urgencies[w->event.urgency].code);
    snprintf(row->channel, sizeof row->channel, "%s",
             reg->channels[w->event.channel].code);
    row->regulation = reg->version;
    row->filed_by = c->actor.person;
    row->from_seq = c->seq;
    row->seq = c->seq;
    row->held = c->imported;
    if (row->held) {
        work_hold(&row->ticket);
        w->outcome.after = row->ticket;
    }
}

enum err filing_save(struct call *c, struct work *w, const char *body)
{
    enum err err = ticket_next_id(c->store, c->at, &w->event.id);
    if (err == OK) {
        err = ticket_step(&w->rules, &w->row.ticket, &w->event, &w->outcome);
    }
    if (err != OK) {
        return err;
    }
    store_record_ticket(c->store, w->event.id);
    err = work_text(c, "title", TEXT_TITLE, &w->after.title_text);
    if (err == OK && body != NULL) {
        err = work_text(c, body, TEXT_BODY, &w->after.body_text);
    }
    if (err == OK) {
        filed_row(c, w);
        err = ticket_save(c->store, NULL, &w->after, c->at);
    }
    if (err != OK || c->imported) {
        return err;
    }
    err = notify_outcome(w, c->seq);
    return err == OK && c->actor.person != 0
               ? acted_note(c->store, c->actor.person, w->event.id, c->at)
               : err;
}
