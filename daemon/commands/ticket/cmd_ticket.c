/* The moves of a ticket that are made by one unit or person: filing, accepting,
 * answering, resolving, evaluating, ... Dispatching and deciding are in
 * cmd_dispatch.c. Each handler: find, may they, texts, step, answer. */
#include <stdio.h>
#include <string.h>

#include "daemon/commands/access.h"
#include "daemon/commands/registry/registry_put.h"
#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/ticket/filing.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/ticket_access.h"
#include "daemon/commands/words.h"

/* -- filing ------------------------------------------------------------------
 */

static enum err code_index(struct call *c, const char *param,
                           int32_t (*find)(const struct regulation *,
                                           const char *),
                           const struct regulation *reg, int32_t *ret)
{
    const char *code = arg_text(c, param);
    char expected[PROBLEM_TEXT_SIZE];
    *ret = code == NULL ? 0 : find(reg, code);
    if (*ret >= 0) {
        return OK;
    }
    words_expected(reg, param, expected);
    return refuse(c, ERR_BAD_PARAM, param, expected, code);
}

/* Whom the request complains of neither gets nor dispatches it. */
static enum err complained_of(struct call *c, struct event *ev)
{
    struct entry entry;
    if (!arg(c, "against")->given) {
        return OK;
    }
    enum err err = named_unit(c, "against", &entry);
    if (err == OK && entry.kind == REGISTER_ENTERPRISE) {
        err = refuse(c, ERR_NOT_FOUND, "against",
                     "the code of a department, office or committee", "");
    }
    if (err == OK) {
        ev->against = entry.id;
        err = filing_unbiased(c, entry.id, &ev->dispatcher);
    }
    return err;
}

static enum err filing_facts(struct call *c, struct work *w)
{
    struct event *ev = &w->event;
    const struct regulation *reg = w->rules.regulation;
    enum err err =
        code_index(c, "category", regulation_category, reg, &ev->category);
    if (err == OK) {
        err = code_index(c, "urgency", regulation_urgency, reg, &ev->urgency);
    }
    if (err == OK) {
        err = code_index(c, "channel", regulation_channel, reg, &ev->channel);
    }
    if (err == OK) {
        err = filing_for(c, &ev->enterprise, &ev->dispatcher);
    }
    ev->confidential = arg(c, "confidential")->number != 0;
    return err == OK ? complained_of(c, ev) : err;
}

/* A reference is unique in the whole county: who may give one learns of those
 * in use. It is the office that takes a request over from elsewhere. */
static enum err may_refer(struct call *c, register_id dispatcher)
{
    bool may = !arg(c, "ref")->given || c->imported || access_all(&c->actor) ||
               access_post(&c->actor, ROLE_BIT(ROLE_DISPATCHER), dispatcher);
    return may ? OK
               : refuse(c, ERR_FORBIDDEN, "ref",
                        "a dispatcher, who takes it over from elsewhere", "");
}

enum err cmd_ticket_file(struct call *c)
{
    struct work w;
    memset(&w, 0, sizeof w);
    w.store = c->store;
    w.event =
        (struct event){.type = EV_FILE, .at = c->at, .imported = c->imported};
    enum err err = filing_regulation(c, &w.rules.regulation);
    if (err == OK) {
        err = filing_facts(c, &w);
    }
    if (err == OK) {
        err = may_refer(c, w.event.dispatcher);
    }
    if (err == OK) {
        err = filing_ref(c, "ref", &w.after);
    }
    if (err == OK) {
        w.rules.calendar = rulebook_calendar(c->book, w.event.dispatcher);
        err = filing_save(c, &w, "text");
    }
    if (err == OK) {
        c->result = work_result(c, &w);
    }
    return err;
}

/* -- the unit's moves --------------------------------------------------------
 */

/* A move of one's own unit's dispatch. */
static enum err unit_move(struct call *c, enum event_type type,
                          const struct said *said, int n)
{
    struct work w;
    enum err err = move_unit(c, &w, type);
    return err == OK ? move_finish(c, &w, said, n) : err;
}

enum err cmd_ticket_accept(struct call *c)
{
    return unit_move(c, EV_ACCEPT, NULL, 0);
}

enum err cmd_ticket_return(struct call *c)
{
    static const struct said said[] = {{"reason", TEXT_REASON}};
    return unit_move(c, EV_RETURN_ASK, said, 1);
}

enum err cmd_ticket_contact(struct call *c)
{
    static const struct said said[] = {{"text", TEXT_NOTE}};
    return unit_move(c, EV_CONTACT, said, 1);
}

enum err cmd_ticket_answer(struct call *c)
{
    static const struct said said[] = {{"public", TEXT_PUBLIC},
                                       {"internal", TEXT_INTERNAL}};
    return unit_move(c, EV_ANSWER, said, 2);
}

/* The enterprise reads what the lead did; a co-handler reports to the lead. */
static enum err answered(struct call *c, const struct work *w)
{
    const struct dispatch *d =
        ticket_dispatch(&w->row.ticket, w->event.dispatch);
    bool lead = d != NULL && d->kind == DISPATCH_LEAD;
    return !lead || c->imported || arg(c, "public")->given
               ? OK
               : refuse(c, ERR_BAD_PARAM, "public",
                        "the answer that the enterprise reads", "missing");
}

enum err cmd_ticket_resolve(struct call *c)
{
    static const struct said said[] = {{"public", TEXT_PUBLIC},
                                       {"internal", TEXT_INTERNAL}};
    struct work w;
    enum err err = move_unit(c, &w, EV_RESOLVE);
    if (err == OK) {
        err = answered(c, &w);
    }
    return err == OK ? move_finish(c, &w, said, 2) : err;
}

/* -- the enterprise's --------------------------------------------------------
 */

enum err cmd_ticket_evaluate(struct call *c)
{
    static const struct said said[] = {{"text", TEXT_COMMENT}};
    struct work w;
    enum err err = move_enterprise(c, &w, EV_EVALUATE, false);
    if (err != OK) {
        return err;
    }
    w.event.score = (int32_t)arg(c, "score")->number;
    w.event.solved = arg(c, "solved")->number != 0;
    return move_finish(c, &w, said, 1);
}

enum err cmd_ticket_withdraw(struct call *c)
{
    static const struct said said[] = {{"reason", TEXT_REASON}};
    struct work w;
    enum err err = move_enterprise(c, &w, EV_WITHDRAW, true);
    return err == OK ? move_finish(c, &w, said, 1) : err;
}

enum err cmd_ticket_note(struct call *c)
{
    static const struct said said[] = {{"text", TEXT_NOTE}};
    struct work w;
    enum err err = work_begin(c, &w);
    if (err == OK) {
        err = ticket_noter(c, &w);
    }
    return err == OK ? move_finish(c, &w, said, 1) : err;
}
