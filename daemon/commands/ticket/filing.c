/* Filing a ticket: see filing.h. */
#include "daemon/commands/ticket/filing.h"

#include <stdio.h>

#include "daemon/commands/access.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/rules/rulebook.h"

/* -- for whom, and who dispatches it ------------------------------------------
 */

/* One's own enterprise, if there is exactly one. */
static enum err own_enterprise(struct call *c, register_id *ret)
{
    const struct actor *a = &c->actor;
    register_id found = 0;
    int n = 0;
    for (int i = 0; i < a->n_posts; i++) {
        if (a->posts[i].role == ROLE_ENTERPRISE) {
            found = a->posts[i].unit;
            n++;
        }
    }
    if (n != 1) {
        return refuse(c, ERR_BAD_PARAM, "enterprise",
                      "the credit code of the enterprise", "missing");
    }
    *ret = found;
    return OK;
}

static enum err enterprise_meant(struct call *c, register_id *ret)
{
    const struct value *value = arg(c, "enterprise");
    if (!value->given) {
        return own_enterprise(c, ret);
    }
    struct entry entry;
    enum err err = registry_unit(c->store, value->code, &entry);
    if (err == OK && entry.kind != REGISTER_ENTERPRISE) {
        err = ERR_NOT_FOUND;
    }
    if (err == OK) {
        *ret = entry.id;
    }
    return err == ERR_NOT_FOUND ? refuse(c, err, "enterprise", "", "") : err;
}

enum err filing_for(struct call *c, register_id *ret_enterprise,
                    register_id *ret_dispatcher)
{
    register_id enterprise = 0;
    register_id dispatcher = 0;
    bool may = false;
    enum err err = enterprise_meant(c, &enterprise);
    if (err == OK) {
        err = access_dispatcher(c->store, enterprise, &dispatcher);
    }
    if (err == OK) {
        err = access_enterprise(c, enterprise, dispatcher, &may);
    }
    if (err != OK) {
        return err;
    }
    if (!may) {
        return refuse(c, ERR_NOT_FOUND, "enterprise", "", "");
    }
    if (dispatcher == 0) {
        return refuse(
            c, ERR_BLOCKED, "",
            "a committee of its chain or a general office, registered",
            "nobody could dispatch the ticket");
    }
    *ret_enterprise = enterprise;
    *ret_dispatcher = dispatcher;
    return OK;
}

enum err filing_unbiased(struct call *c, register_id against,
                         register_id *dispatcher)
{
    if (against != *dispatcher) {
        return OK;
    }
    /* enterprises of no chain are the general office's, and 0 is of none */
    enum err err = access_dispatcher(c->store, 0, dispatcher);
    if (err == OK && (*dispatcher == 0 || *dispatcher == against)) {
        err = refuse(c, ERR_BLOCKED, "against",
                     "another office that could dispatch it",
                     "only the office complained of could: a supervisor has to "
                     "take it");
    }
    return err;
}

/* -- the ticket ---------------------------------------------------------------
 */

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
