/* ticket.split: one part at a time becomes a ticket of its own. What follows
 * when the parts end is in parts.c. */
#include <stdlib.h>

#include "daemon/commands/result.h"
#include "daemon/commands/rules/rulebook.h"
#include "daemon/commands/ticket/dispatching.h"
#include "daemon/commands/ticket/filing.h"
#include "daemon/commands/ticket/move.h"
#include "daemon/commands/ticket/split.h"
#include "daemon/commands/words.h"

/* -- what the part is --------------------------------------------------------
 */

/* The category may be the part's own; the whole's may be gone from today's
 * regulation. */
static enum err part_category(struct call *c, const struct work *whole,
                              const struct regulation *reg, struct event *ev)
{
    const char *own = arg_text(c, "category");
    const char *code = own != NULL ? own : whole->row.category;
    char expected[PROBLEM_TEXT_SIZE];
    ev->category = regulation_category(reg, code);
    if (ev->category >= 0) {
        return OK;
    }
    words_expected(reg, "category", expected);
    return refuse(c, ERR_BAD_PARAM, "category", expected, code);
}

static int32_t or_first(int32_t index)
{
    return index >= 0 ? index : 0;
}

static enum err part_facts(struct call *c, const struct work *whole,
                           struct work *w)
{
    const struct ticket *t = &whole->row.ticket;
    const struct regulation *reg = NULL;
    enum err err = filing_regulation(c, &reg);
    if (err != OK) {
        return err;
    }
    w->store = c->store;
    w->rules.regulation = reg;
    w->rules.calendar = rulebook_calendar(c->book, t->dispatcher);
    w->event = (struct event){
        .type = EV_FILE,
        .at = c->at,
        .imported = c->imported,
        .enterprise = t->enterprise,
        .dispatcher = t->dispatcher,
        .urgency = or_first(regulation_urgency(reg, whole->row.urgency)),
        .channel = or_first(regulation_channel(reg, whole->row.channel)),
        .confidential = (t->flags & TICKET_CONFIDENTIAL) != 0,
        .against = t->against,
        .parent = t->id,
    };
    return part_category(c, whole, reg, &w->event);
}

/* Without a unit nothing is sent, and then nothing may be said of it. */
static enum err nothing_to_send(struct call *c)
{
    static const char *const names[] = {"measure", "limit", "due"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (arg(c, names[i])->given) {
            return refuse(c, ERR_BAD_PARAM, "unit", "the unit that it is for",
                          "missing");
        }
    }
    return OK;
}

static enum err room_for_part(struct call *c, const struct work *whole)
{
    char expected[PROBLEM_TEXT_SIZE];
    struct cell bind = cell_int("", whole->row.ticket.id);
    int64_t n = 0;
    enum err err = rows_number(c->store, STMT_PARTS_COUNT, &bind, 1, 0, &n);
    if (err != OK || n < PARTS_MAX) {
        return err;
    }
    snprintf(expected, sizeof expected, "at most %d parts of one ticket",
             PARTS_MAX);
    return refuse(c, ERR_LIMIT, "ticket", expected, "");
}

enum err split_read(struct call *c, const struct work *whole, const char *body,
                    struct part *ret)
{
    *ret = (struct part){.body = body, .sent = arg(c, "unit")->given};
    if (!arg(c, "title")->given) { /* a meeting's may be absent */
        return refuse(c, ERR_BAD_PARAM, "title", "the title of the part",
                      "missing");
    }
    enum err err = room_for_part(c, whole);
    if (err == OK) {
        err = part_facts(c, whole, &ret->work);
    }
    if (err == OK) {
        err = filing_ref(c, "part_ref", &ret->work.after);
    }
    if (err != OK) {
        return err;
    }
    ret->dispatch = (struct event){.type = EV_DISPATCH,
                                   .at = c->at,
                                   .imported = c->imported,
                                   .kind = DISPATCH_LEAD};
    return ret->sent ? dispatching_facts(c, &ret->dispatch)
                     : nothing_to_send(c);
}

/* -- making it ---------------------------------------------------------------
 */

static enum err send(struct call *c, struct part *part)
{
    struct work *w = &part->work;
    ticket_id id = w->event.id;
    enum err err = call_next_record(c, "ticket.dispatch");
    if (err == OK) {
        store_record_ticket(c->store, id);
        err = work_load(c->store, c->book, id, w);
    }
    if (err == OK) {
        w->event = part->dispatch;
        err = work_step(c, w);
    }
    return err == OK ? dispatching_measure(c, w) : err;
}

enum err split_make(struct call *c, struct part *part)
{
    enum err err = call_next_record(c, "ticket.file");
    if (err == OK) {
        err = filing_save(c, &part->work, part->body);
    }
    return err == OK && part->sent ? send(c, part) : err;
}

/* {the part's number, state, light, due; parent, parent_state} */
static void answer(struct call *c, const struct work *whole,
                   const struct part *part)
{
    const struct ticket *t = &whole->outcome.after;
    c->result = work_result(c, &part->work);
    json_object_set_new(c->result, "parent", result_number(t->id));
    json_object_set_new(c->result, "parent_state",
                        json_string(ticket_state_name(t->state)));
}

static enum err split(struct call *c, struct work *whole, struct part *part)
{
    enum err err = move_dispatcher(c, whole, EV_SPLIT, false);
    if (err == OK) {
        err = split_read(c, whole, "text", part);
    }
    if (err == OK) {
        err = work_step(c, whole);
    }
    if (err == OK) {
        err = split_make(c, part);
    }
    if (err == OK) {
        answer(c, whole, part);
    }
    return err;
}

enum err cmd_ticket_split(struct call *c)
{
    struct work *whole = calloc(1, sizeof *whole);
    struct part *part = calloc(1, sizeof *part);
    enum err err =
        whole == NULL || part == NULL ? ERR_NO_MEMORY : split(c, whole, part);
    free(whole);
    free(part);
    return err;
}
